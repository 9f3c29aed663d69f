"""The wiring of a scan, where the command line does not show it."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import pytest

from auditkit.cli.packs import RuleOptions
from auditkit.cli.run import Job, count_processes, run_scan
from auditkit.sources.terraform.code import CodeOptions

DISK = """\
variable "encrypted" {}
resource "aws_ebs_volume" "data" {
  count             = 3
  availability_zone = "eu-west-1a"
  encrypted         = var.encrypted
}
resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-1a"
}
"""


def report(*paths, **options):
    job = Job(
        paths=tuple(map(Path, paths)),
        code=CodeOptions(),
        rules=RuleOptions(select=("ebs-volume-encrypted",)),
        today=date(2026, 6, 1),
        **options,
    )
    return run_scan(job)


@pytest.fixture
def tree(project):
    """Two root modules that call the same one."""
    (project / "disk").mkdir()
    (project / "disk" / "main.tf").write_text(DISK)
    for name, encrypted in (("prod", "true"), ("test", "false")):
        (project / name).mkdir()
        (project / name / "main.tf").write_text(
            f'module "disk" {{\n  source    = "../disk"\n  encrypted = {encrypted}\n}}\n'
            'resource "random_id" "x" { byte_length = 4 }\n'
            'resource "aws_vpc_peering_connection_options" "x" {}\n'
        )
    return project


@pytest.mark.parametrize(
    ("roots", "asked", "processes"),
    [(0, 0, 1), (1, 0, 1), (15, 0, 1), (1, 8, 1), (3, 2, 2), (3, 8, 3), (100, 1, 1)],
)
def test_how_many_processes_are_used(roots, asked, processes):
    assert count_processes(roots, asked) == processes


def test_many_roots_use_no_more_processes_than_there_are_processors(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert [count_processes(roots, 0) for roots in (16, 32, 1000)] == [2, 3, 4]


def test_what_was_covered(tree):
    coverage = report(".").coverage
    assert coverage.roots == ("prod", "test")
    assert coverage.files == 3
    assert coverage.resources == 12
    assert coverage.types["aws_ebs_volume"] == 8
    assert (coverage.rules, coverage.judged) == (1, 8)
    assert coverage.notes == (
        "there are no rules for aws_vpc_peering_connection_options (2)",
        "resources of other providers: random_id (2)",
    )


def test_a_rule_for_another_source_is_no_rule_for_what_was_read(tree):
    (tree / "prod" / "groups.tf").write_text('resource "aws_db_subnet_group" "private" {}\n')
    # Only live AWS knows which groups are unused.
    assert "aws_db_subnet_group (1)" in report(".").coverage.notes[0]


def test_counts_are_of_definitions_and_not_of_instances(tree):
    found = report(".")
    # The three instances fail in one root and pass in the other: the definition fails.
    assert found.counts == {"pass": 0, "fail": 2, "unknown": 0, "waived": 0, "baseline": 0}
    assert [finding.location.line for finding in found.findings] == [5, 7]
    assert len(found.findings[0].instances) == 3
    assert report("prod").counts["pass"] == 1


def test_passes_are_kept_on_request(tree):
    verdicts = {finding.verdict.label for finding in report("prod", keep_passes=True).findings}
    assert verdicts == {"pass", "fail"}


def test_a_problem_of_a_shared_module_is_told_once(tree):
    (tree / "disk" / "broken.tf").write_text("resource {{\n")
    found = report(".")
    assert len(found.problems) == 1
    assert not found.complete


def test_an_ignore_in_a_module_is_not_idle_because_of_callers_that_were_not_scanned(tree):
    text = DISK.replace(
        "  encrypted ", '  # auditkit:ignore ebs-volume-encrypted reason="test"\n  encrypted '
    )
    (tree / "disk" / "main.tf").write_text(text)
    assert report("prod").problems == ()
    assert report(".").problems == ()
    (tree / "test" / "main.tf").unlink()
    (problem,) = report(".").problems
    assert "ignores nothing" in problem.message


@pytest.mark.parametrize("processes", [1, 2])
def test_the_garbage_collector_is_left_as_it_was(tree, processes):
    assert gc.isenabled()
    report(".", processes=processes)
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
