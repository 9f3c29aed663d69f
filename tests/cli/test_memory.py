"""A scan that remembers says the same as one that does not, whatever has changed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.cli.main import main

BUCKET = 'resource "aws_s3_bucket" "b" {\n  force_destroy = var.force\n}\n'
VARIABLE = 'variable "force" {\n  default = false\n}\n'
CALL = 'module "m" {\n  source = "../modules/m"\n  force  = var.force\n}\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "tree"
    files = {f"root{number}/main.tf": VARIABLE + CALL for number in range(5)}
    files |= {
        ".git/HEAD": "",
        "modules/m/main.tf": VARIABLE + BUCKET,
        "root0/policy.json": "{}",
        "root0/topic.tf": 'resource "aws_sns_topic" "t" {\n  policy = file("policy.json")\n}\n',
    }
    for name, text in files.items():
        write(root, name, text)
    monkeypatch.chdir(root)
    return root


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def scan(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    code = main(["scan", "--format", "json", *options])
    out, err = capsys.readouterr()
    # The time of day is all that may differ.
    return code, re.sub(r'"generated_at": "[^"]*"', '"generated_at": ""', out), err


def cached(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "auditkit").glob("scan-*.json"))


PUBLIC = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}]}
)


def remove(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


def put(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: write(root, name, text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: None, id="nothing"),
        pytest.param(put("root1/main.tf", VARIABLE.replace("false", "true") + CALL), id="root"),
        pytest.param(put("modules/m/main.tf", VARIABLE + BUCKET * 1 + "\n"), id="module"),
        pytest.param(put("modules/m/more.tf", 'resource "aws_sqs_queue" "q" {}\n'), id="new file"),
        pytest.param(put("root2/terraform.tfvars", "force = true\n"), id="variable file"),
        pytest.param(put("root0/policy.json", PUBLIC), id="a file that an expression reads"),
        pytest.param(remove("root0/policy.json"), id="that file gone"),
        pytest.param(remove("root3/main.tf"), id="a root gone"),
        pytest.param(put("root5/main.tf", BUCKET), id="a new root"),
        pytest.param(put("root4/main.tf", 'resource "x" {\n'), id="a broken file"),
        pytest.param(put("root1/main.tf", CALL.replace("modules/m", "root2")), id="new calls"),
        pytest.param(remove("modules/m/main.tf"), id="a module gone"),
    ],
)
def test_the_result_is_that_of_a_scan_without_memory(
    tree: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
) -> None:
    scan(capsys)
    assert len(cached(tmp_path)) == 1
    change(tree)
    remembered = scan(capsys)
    again = scan(capsys)
    fresh = scan(capsys, "--no-cache")
    assert remembered == fresh
    assert again == fresh


def test_what_has_not_changed_is_not_read_again(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = scan(capsys)
    (file,) = cached(tmp_path)
    document = json.loads(file.read_text())
    # What is in the cache is what is told: proof that it was used.
    for record in document["roots"].values():
        record["partition"]["findings"] = []
    file.write_text(json.dumps(document))
    after = scan(capsys)
    assert json.loads(before[1])["findings"]
    assert json.loads(after[1])["findings"] == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"roots": 1}', '{"roots": {"root0": {"digest": 1}}}', "[" * 100_000]
)
def test_a_damaged_cache_is_as_good_as_none(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    fresh = scan(capsys, "--no-cache")
    scan(capsys)
    (file,) = cached(tmp_path)
    file.write_text(text)
    assert scan(capsys) == fresh


def test_other_options_have_a_memory_of_their_own(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan(capsys)
    for options in (["--var", "force=true"], ["--select", "s3-*"], ["--all"]):
        assert scan(capsys, *options) == scan(capsys, *options, "--no-cache")
    assert len(cached(tmp_path)) == 4


def test_no_cache_writes_nothing(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan(capsys, "--no-cache")
    assert cached(tmp_path) == []


def test_a_look_into_a_directory_is_not_remembered(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'resource "aws_s3_bucket" "l" {\n  for_each = fileset(path.module, "*.txt")\n}\n'
    write(tree, "root0/list.tf", text)
    scan(capsys)
    write(tree, "root0/a.txt", "")
    remembered = scan(capsys)
    assert remembered == scan(capsys, "--no-cache")
    assert 'aws_s3_bucket.l[\\"a.txt\\"]' in remembered[1]


def test_only_the_user_can_read_it_and_it_holds_no_secret(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "correct-horse-battery"
    write(tree, "root0/db.tf", f'resource "aws_db_instance" "d" {{\n  password = "{secret}"\n}}\n')
    write(
        tree, "root1/broken.tf", f'resource "aws_db_instance" "d" {{\n  password = = "{secret}"\n'
    )
    scan(capsys)
    (file,) = cached(tmp_path)
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_names_need_not_be_text(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / os.fsdecode(b"tr\xffee")
    try:
        tree.rename(odd)
    except OSError:
        pytest.skip("this file system wants names to be text")
    monkeypatch.chdir(odd)
    (odd / "root1").rename(odd / os.fsdecode(b"root\xfe"))
    (odd / "root2" / os.fsdecode(b"m\xfd.tf")).symlink_to(os.fsdecode(b"/nowhere/\xfc"))
    first = scan(capsys, ".")
    assert first[0] == 1
    assert cached(tmp_path)
    assert scan(capsys, ".") == first
