"""``auditkit scan --plan`` and ``--state``: what is judged, where it points, what is told."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from auditkit.reporters import REPORTERS

RECORDED = Path(__file__).resolve().parents[1] / "sources" / "terraform" / "recorded"
SECRET = "hunter2-very-secret"
SSH = "security-group-no-public-ssh"
ONE_RULE = ("--select", SSH)
CODE = (RECORDED / "main.tf").read_text(encoding="utf-8").splitlines()
LINE = next(number for number, line in enumerate(CODE, start=1) if "cidr_blocks" in line)
"""Of the finding of that rule, for each source."""


@pytest.fixture
def stack(project):
    """The recorded stack in the working directory, with a plan and a state of it."""
    shutil.copytree(RECORDED, project, dirs_exist_ok=True)
    return project


def findings(result):
    return sorted(
        (found["rule"], found["source"], found["file"], found["line"], found["verdict"])
        for found in json.loads(result.out)["findings"]
    )


@pytest.mark.parametrize(
    ("arguments", "sources"),
    [
        (("--plan", "create.json"), ["plan"]),
        (("--state", "state.json"), ["state"]),
        (("--plan", "create.json", "--state", "state.json"), ["plan"]),
        ((".", "--plan", "create.json"), ["plan"]),
        ((".", "--state", "state.json"), ["code"]),
        ((".", "--plan", "create.json", "--state", "state.json"), ["plan"]),
    ],
)
def test_what_several_sources_find_is_one_finding(auditkit, stack, arguments, sources):
    result = auditkit("scan", *ONE_RULE, "-f", "json", *arguments)
    (found,) = json.loads(result.out)["findings"]
    assert (found["file"], found["line"]) == ("main.tf", LINE)
    assert [found["source"]] == sources
    assert result.code == 1


def test_without_paths_the_code_is_not_judged(auditkit, stack):
    (stack / "other.tf").write_text('resource "aws_ebs_volume" "v" {\n  encrypted = false\n}\n')
    judged = auditkit("scan", "--plan", "create.json", "-f", "json", "--exit-zero")
    assert "ebs-volume-encrypted" not in judged.out.partition('"findings"')[2]
    both = auditkit("scan", ".", "--plan", "create.json", "-f", "json", "--exit-zero")
    assert ("ebs-volume-encrypted", "code", "other.tf", 2, "fail") in findings(both)


def test_broken_code_does_not_matter_if_it_only_tells_places(auditkit, stack):
    (stack / "broken.tf").write_text("resource {")
    assert auditkit("scan", *ONE_RULE, "--plan", "create.json").code == 1
    assert auditkit("scan", *ONE_RULE, ".", "--plan", "create.json").err.startswith("warning")


def test_what_the_plan_knows_settles_what_code_leaves_open(auditkit, stack):
    text = (stack / "main.tf").read_text()
    (stack / "main.tf").write_text(text.replace("default = [22, 443]", "type = list(number)"))
    code = auditkit("scan", *ONE_RULE, ".", "-f", "json", "--all")
    assert [found[4] for found in findings(code)] == ["unknown"]
    both = auditkit("scan", *ONE_RULE, ".", "--plan", "create.json", "-f", "json", "--all")
    assert findings(both) == [(SSH, "plan", "main.tf", LINE, "fail")]


def test_ignores_in_the_code_hold(auditkit, stack):
    text = (stack / "main.tf").read_text()
    comment = f'# auditkit:ignore {SSH} reason="a test"\nresource "aws_security_group" "g"'
    (stack / "main.tf").write_text(text.replace('resource "aws_security_group" "g"', comment))
    result = auditkit("scan", *ONE_RULE, "--plan", "create.json")
    assert result.code == 0
    assert "1 waived" in result.out


def test_an_ignore_of_what_a_plan_does_not_say_is_not_idle(auditkit, stack):
    (stack / "other.tf").write_text(
        '# auditkit:ignore ebs-volume-encrypted reason="a test"\n'
        'resource "aws_ebs_volume" "v" {\n  encrypted = false\n}\n'
    )
    result = auditkit("scan", "--plan", "create.json", "--exit-zero")
    assert "ignores nothing" not in result.out


def test_code_beside_the_plan_is_found(auditkit, stack, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    result = auditkit("scan", *ONE_RULE, "-f", "json", "--plan", str(stack / "create.json"))
    assert findings(result) == [(SSH, "plan", "main.tf", LINE, "fail")]


def test_without_code_there_are_no_lines(auditkit, project):
    shutil.copy(RECORDED / "create.json", project)
    result = auditkit(
        "scan", *ONE_RULE, "--plan", "create.json", "-f", "json", "-f", "sarif=s.json"
    )
    assert findings(result) == [(SSH, "plan", None, None, "fail")]
    sarif = json.loads((project / "s.json").read_text())
    (found,) = sarif["runs"][0]["results"]
    assert found["locations"]
    text = auditkit("scan", *ONE_RULE, "--plan", "create.json").out
    assert text.startswith("aws_security_group.g\n")
    assert "           seen  in the plan\n" in text
    assert "1 finding: 1 critical" in text


def test_a_plan_on_standard_input(auditkit, stack, monkeypatch):
    data = (stack / "create.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    result = auditkit("scan", *ONE_RULE, "--plan", "-", "-f", "json")
    assert findings(result) == [(SSH, "plan", "main.tf", LINE, "fail")]


def test_plans_and_states_can_be_named_in_the_environment(auditkit, stack, monkeypatch):
    monkeypatch.setenv("AUDITKIT_PLAN", "create.json")
    monkeypatch.setenv("AUDITKIT_STATE", "state.json")
    result = auditkit("scan", *ONE_RULE, "-f", "json")
    assert json.loads(result.out)["coverage"]["roots"] == ["create.json", "state.json"]


def test_several_states(auditkit, stack):
    shutil.copy(stack / "state.json", stack / "other.json")
    result = auditkit(
        "scan", *ONE_RULE, "--state", "state.json", "--state", "other.json", "-f", "json"
    )
    assert findings(result) == [(SSH, "state", "main.tf", LINE, "fail")]
    assert json.loads(result.out)["coverage"]["roots"] == ["state.json", "other.json"]


def test_what_a_plan_takes_away(auditkit, stack):
    result = auditkit("scan", "--select", "plan-*", "--plan", "change.json", "-f", "json")
    assert {found[0] for found in findings(result) if found[4] == "fail"} == {
        "plan-no-forget",
        "plan-no-stateful-destroy",
    }


def test_half_a_plan_is_incomplete(auditkit, stack):
    document = json.loads((stack / "create.json").read_text())
    (stack / "create.json").write_text(json.dumps(document | {"complete": False}))
    result = auditkit("scan", "--select", "s3-versioning", "--plan", "create.json")
    assert result.code == 3
    assert "the plan is not whole" in result.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--plan", "none.json"), "File 'none.json' does not exist."),
        (("--plan", "state.json"), "error: state.json: this is a state; give it with --state\n"),
        (("--state", "create.json"), "error: create.json: this is a plan; give it with --plan\n"),
        (("--state", "none.json"), "error: none.json: No such file or directory\n"),
        (("--state", "s3://b"), "error: s3://b: write s3://BUCKET/KEY\n"),
        (
            ("--plan", "cut.json"),
            "error: cut.json: not JSON: it is truncated, or was never complete\n",
        ),
        (
            ("--state", "cut.json"),
            "error: cut.json: not JSON: it is truncated, or was never complete\n",
        ),
    ],
)
def test_what_cannot_be_read_ends_the_run(auditkit, stack, arguments, told):
    (stack / "cut.json").write_bytes((stack / "state.json").read_bytes()[:1000])
    result = auditkit("scan", *arguments)
    assert result.code == 2
    assert told in result.err
    assert result.out == ""


def test_a_configuration_file_cannot_name_them(auditkit, stack):
    (stack / ".auditkit.yaml").write_text("plan: create.json\n")
    result = auditkit("scan")
    assert result.code == 2
    assert "unknown key 'plan'" in result.err


def test_verbose_tells_what_was_read(auditkit, stack):
    result = auditkit("scan", *ONE_RULE, "--plan", "create.json", "--state", "state.json", "-v")
    assert "root modules: create.json, state.json" in result.err


def test_no_secret_is_in_any_report(auditkit, stack):
    """The secret stands in the code, the plans and the state, marked as sensitive."""
    documents = ("--plan", "create.json", "--plan", "change.json", "--state", "state.json")
    assert all(SECRET in (stack / name).read_text() for name in documents[1::2])
    for format in REPORTERS:
        for paths in ((), (".",)):
            result = auditkit("scan", *paths, *documents, "-f", format, "--all", "-v")
            assert result.code == 1
            assert SECRET not in result.out
            assert SECRET not in result.err
