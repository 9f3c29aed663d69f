"""Which directories are root modules, and what is read of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditkit.errors import SourceError
from auditkit.model import Unknown
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.sources.terraform.code import CodeOptions, Project, find_project, read_root

OPTIONS = CodeOptions()
CALL = 'module "m" {{\n  source = "{}"\n}}\n'
BUCKET = 'resource "aws_s3_bucket" "b" {}\n'


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def addresses(project: Project) -> dict[str, list[str]]:
    return {
        root: [
            resource.address
            for resource in read_root(project, root, OPTIONS).resources
            if resource.type not in PSEUDO_TYPES
        ]
        for root in project.roots
    }


def test_a_called_directory_is_no_root(tmp_path: Path) -> None:
    files = {
        "live/prod/main.tf": CALL.format("../../modules/a"),
        "live/dev/main.tf": CALL.format("../../modules/a"),
        "modules/a/main.tf": CALL.format("../b"),
        "modules/b/main.tf": BUCKET,
        "alone/main.tf": BUCKET,
    }
    project = find_project([write(tmp_path, files)], OPTIONS)
    nested = ["module.m.module.m.aws_s3_bucket.b"]
    assert addresses(project) == {
        "alone": ["aws_s3_bucket.b"],
        "live/dev": nested,
        "live/prod": nested,
    }
    assert project.scope is None


def test_modules_that_call_each_other_are_read_once(tmp_path: Path) -> None:
    files = {"a/main.tf": CALL.format("../b") + BUCKET, "b/main.tf": CALL.format("../a")}
    assert find_project([write(tmp_path, files)], OPTIONS).roots == ("a",)


def test_module_that_calls_itself_is_a_root(tmp_path: Path) -> None:
    project = find_project([write(tmp_path, {"main.tf": CALL.format("./") + BUCKET})], OPTIONS)
    assert addresses(project) == {".": ["aws_s3_bucket.b"]}


def test_given_files_bring_their_module_and_its_callers(tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        "live/main.tf": CALL.format("../modules/a"),
        "other/main.tf": BUCKET,
        "modules/a/main.tf": BUCKET,
        "modules/a/more.tf": 'resource "aws_s3_bucket" "c" {}\n',
    }
    write(tmp_path, files)
    project = find_project([tmp_path / "modules/a/more.tf"], OPTIONS)
    assert project.root == tmp_path
    assert project.roots == ("live",)
    assert project.scope == {"modules/a/more.tf"}


def test_a_variable_file_brings_all_files_of_its_module(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "main.tf": BUCKET, "v.tf": "", "terraform.tfvars": ""})
    project = find_project([tmp_path / "terraform.tfvars"], OPTIONS)
    assert (project.roots, project.scope) == ((".",), {"main.tf", "v.tf"})


def test_a_subdirectory_of_a_repository_may_call_its_siblings(tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        "live/main.tf": CALL.format("../modules/a"),
        "modules/a/main.tf": BUCKET,
    }
    write(tmp_path, files)
    project = find_project([tmp_path / "live"], OPTIONS)
    assert addresses(project) == {"live": ["module.m.aws_s3_bucket.b"]}


def test_excluded_and_hidden_directories_are_left_out(tmp_path: Path) -> None:
    files = {
        "main.tf": BUCKET,
        ".terraform/modules/x/main.tf": BUCKET,
        ".terragrunt-cache/a/main.tf": BUCKET,
        "node_modules/x/main.tf": BUCKET,
        "legacy/deep/main.tf": BUCKET,
    }
    options = CodeOptions(exclude=("legacy",))
    assert find_project([write(tmp_path, files)], options).roots == (".",)


def test_json_and_tofu_are_read_and_tofu_wins(tmp_path: Path) -> None:
    files = {
        "a.tf.json": '{"resource": {"aws_kms_key": {"k": {"enable_key_rotation": true}}}}',
        "b.tf": BUCKET,
        "b.tofu": 'resource "aws_sqs_queue" "q" {}\n',
    }
    project = find_project([write(tmp_path, files)], OPTIONS)
    assert addresses(project) == {".": ["aws_kms_key.k", "aws_sqs_queue.q"]}


def test_blocks_in_json_are_lists_by_the_schema(tmp_path: Path) -> None:
    text = (
        '{"resource": {"aws_dynamodb_table": {"t": {"point_in_time_recovery": {"enabled": true},'
        ' "tags": {"a": "${1 + 1}"}, "provider": "aws.west"}}}}'
    )
    project = find_project([write(tmp_path, {"t.tf.json": text})], OPTIONS)
    table = read_root(project, ".", OPTIONS).resources[0]
    assert table.attributes["point_in_time_recovery"] == [{"enabled": True}]
    assert table.attributes["tags"] == {"a": "2"}


def test_links_are_not_followed_out_of_the_tree_or_in_circles(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    tree = tmp_path / "tree"
    write(outside, {"secret.tf": 'resource "aws_s3_bucket" "outside" {}\n'})
    write(tree, {".git/HEAD": "", "main.tf": BUCKET})
    (tree / "loop").symlink_to(tree)
    (tree / "away.tf").symlink_to(outside / "secret.tf")
    (tree / "circle.tf").symlink_to(tree / "circle.tf")
    project = find_project([tree], OPTIONS)
    assert addresses(project) == {".": ["aws_s3_bucket.b"]}
    kinds = [(one.kind, one.incomplete) for one in project.problems]
    assert sorted(kinds) == [("link", False), ("unreadable", True), ("unreadable", True)]


def test_files_outside_the_tree_can_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"secret.txt": "hunter2"})
    tree = write(
        tmp_path / "tree",
        {
            ".git/HEAD": "",
            "in.txt": "inside",
            "main.tf": 'resource "aws_test" "t" {\n  a = file("in.txt")\n'
            '  b = file("../secret.txt")\n  c = file("/etc/passwd")\n'
            '  d = file("link.txt")\n  e = fileexists("../secret.txt")\n}\n',
        },
    )
    (tree / "link.txt").symlink_to(tmp_path / "secret.txt")
    project = find_project([tree], OPTIONS)
    attributes = read_root(project, ".", OPTIONS).resources[0].attributes
    assert attributes["a"] == "inside"
    for name in "bcde":
        value = attributes[name]
        assert isinstance(value, Unknown)
        assert "outside the scanned tree" in value.cause


@pytest.mark.parametrize("path", ["nowhere", "nowhere/main.tf"])
def test_path_that_does_not_exist(tmp_path: Path, path: str) -> None:
    with pytest.raises(SourceError, match="no such file or directory"):
        find_project([tmp_path / path], OPTIONS)


@pytest.mark.parametrize("files", [{}, {"readme.md": "no Terraform"}])
def test_nothing_to_scan_has_no_roots(tmp_path: Path, files: dict[str, str]) -> None:
    assert find_project([write(tmp_path, files)], OPTIONS).roots == ()


def test_a_broken_file_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    files = {"a.tf": 'resource "x" {\n', "b.tf": BUCKET}
    project = find_project([write(tmp_path, files)], OPTIONS)
    assert addresses(project) == {".": ["aws_s3_bucket.b"]}
    assert [one.location and one.location.file for one in project.problems] == ["a.tf"]


def test_duplicate_declaration_is_a_problem(tmp_path: Path) -> None:
    project = find_project([write(tmp_path, {"a.tf": BUCKET, "b.tf": BUCKET})], OPTIONS)
    assert [one.kind for one in project.problems] == ["duplicate"]
    assert addresses(project) == {".": ["aws_s3_bucket.b"]}


def test_files_that_were_read_are_told(tmp_path: Path) -> None:
    files = {
        "main.tf": 'locals {\n  a = file("${path.module}/p.json")\n}\n'
        'resource "aws_test" "t" {\n  x = local.a\n}\n',
        "p.json": "{}",
    }
    project = find_project([write(tmp_path, files)], OPTIONS)
    inventory = read_root(project, ".", OPTIONS)
    prefix = os.path.relpath(tmp_path, project.root)
    names = {os.path.relpath(name, prefix) for name in inventory.files}
    assert names == {"main.tf", "p.json"}
