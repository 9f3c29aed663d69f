"""``auditkit scan``: what it prints where, and its exit code, for good input and bad."""

from __future__ import annotations

import io
import json
import os
import sys

import pytest

GOOD = """\
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  encrypted         = true
}
"""
BAD = GOOD.replace("true", "false")
UNKNOWN = 'variable "encrypted" {}\n' + GOOD.replace("true", "var.encrypted")
BROKEN = 'resource "aws_ebs_volume" "broken" {\n  encrypted = = true\n}\n'
ONE_RULE = ("--select", "ebs-volume-encrypted")


def scan(auditkit, *arguments):
    return auditkit("scan", *ONE_RULE, *arguments)


def findings(result):
    return [
        (found["rule"], found["file"], found["line"], found["verdict"])
        for found in json.loads(result.out)["findings"]
    ]


def test_clean_code(auditkit, project):
    (project / "main.tf").write_text(GOOD)
    result = scan(auditkit)
    assert (result.code, result.err) == (0, "")
    assert "1 pass, 0 fail" in result.out


def test_a_finding(auditkit, project):
    (project / "main.tf").write_text(BAD)
    result = scan(auditkit)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("main.tf:3:3  aws_ebs_volume.data\n")
    assert "\x1b" not in result.out


def test_results_and_notes_do_not_mix(auditkit, project):
    (project / "main.tf").write_text(BAD)
    result = scan(auditkit, "-f", "json", "-f", "sarif=out/report.sarif", "-f", "jsonl=out/l")
    assert result.code == 1
    assert findings(result) == [("ebs-volume-encrypted", "main.tf", 3, "fail")]
    assert result.err == "note: wrote sarif to out/report.sarif\nnote: wrote jsonl to out/l\n"
    assert json.loads((project / "out" / "report.sarif").read_text())["version"] == "2.1.0"
    assert scan(auditkit, "-q", "-f", "sarif", "-o", "x").err == ""


@pytest.mark.parametrize(
    ("severity", "arguments", "code"),
    [
        ("high", (), 1),
        ("low", (), 1),
        ("info", (), 0),
        ("info", ("--fail-on", "info"), 1),
        ("medium", ("--fail-on", "medium"), 1),
        ("medium", ("--fail-on", "high"), 0),
        ("critical", ("--fail-on", "never"), 0),
        ("critical", ("--exit-zero",), 0),
        ("low", ("--severity", "low"), 1),
    ],
)
def test_what_fails_a_run(auditkit, project, severity, arguments, code):
    (project / "main.tf").write_text(BAD)
    write_rule(project, severity=severity)
    result = auditkit("scan", "--rules", "own", "--no-builtin-rules", *arguments)
    assert result.code == code
    assert "own-rule" in result.out


def write_rule(project, severity="high", **changes):
    lines = {
        "id": "own-rule",
        "title": "Volume is encrypted",
        "severity": severity,
        "category": "encryption",
        "resource": "aws_ebs_volume",
        "require": "{encrypted: true}",
        "why": "Because.",
        "fix": "{advice: Set encrypted.}",
        "examples": "{pass: '', fail: ''}",
        **changes,
    }
    (project / "own").mkdir(exist_ok=True)
    text = "".join(f"{key}: {value}\n" for key, value in lines.items())
    (project / "own" / f"{lines['id']}.yaml").write_text(text)


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--strict",), 3)])
def test_an_unknown_verdict_fails_only_a_strict_run(auditkit, project, arguments, code):
    (project / "main.tf").write_text(UNKNOWN)
    result = scan(auditkit, *arguments)
    assert result.code == code
    assert "0 fail, 1 unknown" in result.out


@pytest.mark.parametrize(
    ("others", "arguments", "code"),
    [
        ("", (), 3),
        (GOOD, (), 3),
        (GOOD, ("--exit-zero",), 3),
        (GOOD, ("--fail-on", "never"), 3),
        (BAD, (), 1),
        (BAD, ("--strict",), 3),
        (BAD, ("--exit-zero",), 3),
    ],
)
def test_a_broken_file_is_never_told_as_clean(auditkit, project, others, arguments, code):
    (project / "broken.tf").write_text(BROKEN)
    (project / "main.tf").write_text(others)
    result = scan(auditkit, *arguments)
    assert result.code == code
    assert "broken.tf:2:15" in result.out
    assert "the scan is incomplete (1 problem): findings may be missing" in result.err


def test_a_broken_file_is_told_beside_a_report_for_programs(auditkit, project):
    (project / "broken.tf").write_text(BROKEN)
    result = scan(auditkit, "-f", "json")
    assert result.code == 3
    assert "warning: broken.tf:2:15: " in result.err
    assert json.loads(result.out)["summary"]["complete"] is False


def test_other_files_are_scanned_beside_a_broken_one(auditkit, project):
    (project / "a.tf").write_text(BROKEN)
    (project / "b.tf").write_text(BAD)
    assert findings(scan(auditkit, "-f", "json")) == [
        ("ebs-volume-encrypted", "a.tf", 1, "unknown"),
        ("ebs-volume-encrypted", "b.tf", 3, "fail"),
    ]


def test_an_unreadable_file(auditkit, project):
    # Not a matter of permissions, which root does not feel.
    (project / "main.tf").write_text(GOOD)
    (project / "gone.tf").symlink_to("nowhere")
    result = scan(auditkit)
    assert result.code == 3
    assert "gone.tf" in result.out


def test_a_file_that_is_not_text(auditkit, project):
    (project / "main.tf").write_bytes(b"\xff\xfe\x00r\x00e")
    result = scan(auditkit)
    assert result.code == 3
    assert "main.tf" in result.out


@pytest.mark.parametrize("name", ["README.md", "empty.d/x", "module.tf.bak", ".terraform/x.tf"])
def test_a_directory_without_terraform(auditkit, project, name):
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text(GOOD)
    result = scan(auditkit)
    assert (result.code, result.out) == (3, "")
    assert result.err == "error: nothing to scan: no Terraform files in .\n"


def test_an_empty_directory(auditkit, project):
    (project / "empty").mkdir()
    result = scan(auditkit, "empty")
    assert result == (3, "", "error: nothing to scan: no Terraform files in empty\n")


def test_a_loop_of_links(auditkit, project):
    (project / "stack").mkdir()
    (project / "stack" / "main.tf").write_text(BAD)
    (project / "stack" / "loop").symlink_to(project / "stack")
    (project / "stack" / "self").symlink_to("self")
    result = scan(auditkit, "-f", "json")
    assert findings(result) == [("ebs-volume-encrypted", "stack/main.tf", 3, "fail")]
    assert result.code == 1


def test_a_file_that_is_a_loop_of_links(auditkit, project):
    (project / "loop.tf").symlink_to("loop.tf")
    result = scan(auditkit)
    assert result.code == 3
    assert "loop.tf" in result.out + result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing",), "'missing' does not exist"),
        (("-f", "xml"), "error: unknown format 'xml'; there are text, json, jsonl, sarif"),
        (("-f", "jsno"), "error: unknown format 'jsno' (did you mean 'json'?)"),
        (("-f", "json="), "'json=' is not FORMAT or FORMAT=FILE"),
        (("-f", "json", "-f", "sarif"), "only one format can go to standard output"),
        (("-f", "json=x", "-o", "y"), "--output has no format left"),
        (("--fail-on", "worst"), "'worst' is not one of"),
        (("--select", "ebs-volume-encrypt"), "(did you mean 'ebs-volume-encrypted'?)"),
        (("--ignore", "no-such-rule"), "no rule matches 'no-such-rule'"),
        (("--select", "ebs-volume-encrypted", "--ignore", "encryption"), "no rule is left to run"),
        (("--var", "x"), "'x' is not NAME=VALUE"),
        (("--var-file", "missing.tfvars"), "'missing.tfvars' does not exist"),
        (("--param", "x=1"), "expected RULE.NAME=VALUE"),
        (("--param", "tags-requird.required_keys=[a]"), "(did you mean 'tags-required'?)"),
        (("--param", "tags-required.keys=[a]"), "tags-required has no parameter 'keys'"),
        (("--param", "tags-required.required_keys=7"), "takes a list"),
        (("--rules", "missing"), "'missing' does not exist"),
        (("--config", "missing.yaml"), "missing.yaml: No such file"),
        (("--config", "x", "--no-config"), "contradict each other"),
        (("--no-such-option",), "No such option"),
        (("-f", "json=file/x"), "error: file/x: can't write"),
    ],
)
def test_a_wrong_call_is_told_and_exits_with_2(auditkit, project, arguments, message):
    (project / "main.tf").write_text(BAD)
    (project / "file").write_text("")
    result = auditkit("scan", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"require": "{encrypted: {equal: true}}"},
         "own/own-rule.yaml:6:23: unknown operator 'equal' (did you mean 'equals'?)"),
        ({"sevrity": "high"}, "unknown key 'sevrity' (did you mean 'severity'?)"),
        ({"require": "{encrypte: true}"}, "(did you mean 'encrypted'?)"),
        ({"resource": "aws_ebs_volum"}, "(did you mean 'aws_ebs_volume'?)"),
        ({"require": "[unclosed"}, "own/own-rule.yaml:7:"),
    ],
)  # fmt: skip
def test_a_rule_with_a_typo(auditkit, project, changes, message):
    (project / "main.tf").write_text(BAD)
    write_rule(project, **changes)
    result = auditkit("scan", "--rules", "own")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: own/own-rule.yaml:")
    assert message in result.err


def test_a_configuration_with_a_typo(auditkit, project):
    (project / "main.tf").write_text(BAD)
    (project / ".auditkit.yaml").write_text("fail-on: high\n")
    result = scan(auditkit)
    assert result == (
        2,
        "",
        "error: .auditkit.yaml:1:1: unknown key 'fail-on' (did you mean 'fail_on'?)\n",
    )
    assert scan(auditkit, "--no-config").code == 1


def test_two_configurations(auditkit, project):
    (project / "main.tf").write_text(BAD)
    (project / ".auditkit.yaml").write_text("")
    (project / "auditkit.yaml").write_text("")
    result = scan(auditkit)
    assert result.code == 2
    assert "both here" in result.err


def test_what_goes_before_what(auditkit, project, monkeypatch, tmp_path):
    (project / "main.tf").write_text(BAD)
    user = tmp_path / "xdg" / "auditkit" / "config.yaml"
    user.parent.mkdir(parents=True)
    assert scan(auditkit).code == 1
    user.write_text("fail_on: never\n")
    assert scan(auditkit).code == 0
    (project / ".auditkit.yaml").write_text("fail_on: low\n")
    assert scan(auditkit).code == 1
    monkeypatch.setenv("AUDITKIT_FAIL_ON", "never")
    assert scan(auditkit).code == 0
    assert scan(auditkit, "--fail-on", "low").code == 1


def test_the_environment_and_files_choose_rules(auditkit, project, monkeypatch):
    (project / "main.tf").write_text(BAD)
    (project / ".auditkit.yaml").write_text("select: ebs-volume-encrypted\n")
    assert "against 1 rule." in auditkit("scan").out
    monkeypatch.setenv("AUDITKIT_SELECT", "ebs-volume-encrypted,CKV_AWS_18 kms-key-rotation")
    assert "against 3 rules." in auditkit("scan").out
    monkeypatch.setenv("AUDITKIT_SELECT", "")
    assert "against 1 rule." in auditkit("scan").out


def test_a_wrong_value_in_the_environment(auditkit, project, monkeypatch):
    (project / "main.tf").write_text(BAD)
    monkeypatch.setenv("AUDITKIT_FAIL_ON", "worst")
    result = scan(auditkit)
    assert result.code == 2
    assert "'worst' is not one of" in result.err


def test_parameters_are_merged_name_by_name(auditkit, project):
    (project / "main.tf").write_text(GOOD.replace("{\n", '{\n  tags = { A = "x", B = "y" }\n', 1))

    def code(*arguments):
        return auditkit("scan", "--select", "tags-required", *arguments).code

    assert code() == 1
    (project / ".auditkit.yaml").write_text("params: {tags-required: {required_keys: [A]}}\n")
    assert code() == 0
    (project / "params.yaml").write_text("tags-required: {required_keys: [A, C]}\n")
    assert code("--params", "params.yaml") == 1
    arguments = ("--params", "params.yaml", "--param", "tags-required.required_keys=[A, B]")
    assert code(*arguments) == 0


def test_variables(auditkit, project):
    (project / "main.tf").write_text(UNKNOWN)
    (project / "prod.tfvars").write_text("encrypted = true\n")
    assert scan(auditkit, "--strict").code == 3
    assert scan(auditkit, "--strict", "--var", "encrypted=true").code == 0
    assert scan(auditkit, "--var", "encrypted=false").code == 1
    assert scan(auditkit, "--strict", "--var-file", "prod.tfvars").code == 0
    (project / ".auditkit.yaml").write_text("variables: {encrypted: false}\n")
    assert scan(auditkit).code == 1
    assert scan(auditkit, "--var", "encrypted=true").code == 0


def test_a_variable_that_no_root_module_declares(auditkit, project):
    (project / "main.tf").write_text(UNKNOWN)
    (project / "terraform.tfvars").write_text("more = 1\n")
    (project / ".auditkit.yaml").write_text("variables: {others: true}\n")
    assert scan(auditkit).code == 0
    result = scan(auditkit, "--var", "encrpted=true")
    assert result.code == 2
    assert "--var encrpted: no root module declares" in result.err
    assert "did you mean 'encrypted'?" in result.err


def test_variables_of_the_environment(auditkit, project, monkeypatch):
    (project / "main.tf").write_text(UNKNOWN)
    monkeypatch.setenv("TF_VAR_encrypted", "false")
    monkeypatch.setenv("TF_VAR_elsewhere", "x")
    assert scan(auditkit).code == 1
    (project / "terraform.tfvars").write_text("encrypted = true\n")
    assert scan(auditkit, "--strict").code == 0
    assert scan(auditkit, "--var", "encrypted=false").code == 1


def test_a_workspace(auditkit, project, monkeypatch):
    (project / "main.tf").write_text(GOOD.replace("true", 'terraform.workspace == "prod"'))
    assert scan(auditkit).code == 1
    assert scan(auditkit, "--workspace", "prod").code == 0
    (project / ".terraform").mkdir()
    (project / ".terraform" / "environment").write_text("prod")
    assert scan(auditkit).code == 0
    monkeypatch.setenv("TF_WORKSPACE", "test")
    assert scan(auditkit).code == 1
    assert scan(auditkit, "--workspace", "prod").code == 0


def test_what_is_excluded_is_not_read(auditkit, project):
    (project / "main.tf").write_text(GOOD)
    (project / "examples").mkdir()
    (project / "examples" / "main.tf").write_text(BROKEN)
    assert scan(auditkit).code == 3
    assert scan(auditkit, "--exclude", "examples").code == 0


def tree(project):
    for name in ("prod", "test"):
        (project / name).mkdir()
        encrypted = "true" if name == "prod" else "false"
        (project / name / "main.tf").write_text(
            f'module "disk" {{\n  source    = "../disk"\n  encrypted = {encrypted}\n}}\n'
        )
        (project / name / "other.tf").write_text(BAD)
    (project / "disk").mkdir()
    (project / "disk" / "main.tf").write_text(UNKNOWN)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["."], ["disk/main.tf", "prod/other.tf", "test/other.tf"]),
        (["prod"], ["prod/other.tf"]),
        (["prod/main.tf"], []),
        (["prod/other.tf"], ["prod/other.tf"]),
        (["test/main.tf"], ["disk/main.tf"]),
        (["disk/main.tf"], ["disk/main.tf"]),
        (["test/other.tf", "disk/main.tf", "prod/other.tf"],
         ["disk/main.tf", "prod/other.tf", "test/other.tf"]),
    ],
)  # fmt: skip
def test_files_are_judged_in_their_modules(auditkit, project, paths, expected):
    tree(project)
    result = scan(auditkit, "-f", "json", *paths)
    assert [file for _, file, _, _ in findings(result)] == expected
    assert result.code == (1 if expected else 0)


def test_a_list_of_files(auditkit, project, monkeypatch):
    tree(project)
    (project / "list").write_text("prod/other.tf\ntest/other.tf\n")
    result = scan(auditkit, "-f", "json", "--files-from", "list")
    assert [file for _, file, _, _ in findings(result)] == ["prod/other.tf", "test/other.tf"]
    stdin = io.TextIOWrapper(io.BytesIO(b"prod/other.tf\0disk/main.tf\0"))
    monkeypatch.setattr(sys, "stdin", stdin)
    result = scan(auditkit, "-f", "json", "--files-from", "-")
    assert [file for _, file, _, _ in findings(result)] == ["disk/main.tf", "prod/other.tf"]


def test_a_listed_file_that_is_not_there(auditkit, project):
    (project / "main.tf").write_text(GOOD)
    (project / "list").write_text("main.tf\ngone.tf\n")
    result = scan(auditkit, "--files-from", "list")
    assert result == (2, "", "error: gone.tf: no such file or directory\n")


def test_an_empty_list_of_files_is_not_the_whole_tree(auditkit, project):
    (project / "main.tf").write_text(BAD)
    (project / "list").write_text("")
    assert scan(auditkit, "--files-from", "list").code == 3
    assert scan(auditkit, "--files-from", "list", "--hook") == (0, "", "")


@pytest.mark.parametrize(
    ("text", "code", "is_quiet"), [(GOOD, 0, True), (UNKNOWN, 0, True), (BAD, 1, False)]
)
def test_a_hook_is_quiet_when_all_is_well(auditkit, project, text, code, is_quiet):
    (project / "main.tf").write_text(text)
    result = scan(auditkit, "--hook", "main.tf")
    assert result.code == code
    assert (result.out == "") is is_quiet
    assert result.err == ""


def test_a_hook_has_nothing_against_a_file_without_terraform(auditkit, project):
    (project / ".auditkit.yaml").write_text("")
    assert scan(auditkit, "--hook", ".auditkit.yaml") == (0, "", "")


def test_a_tree_is_the_same_in_one_process_and_in_several(auditkit, project):
    tree(project)
    one = scan(auditkit, "-f", "json", "--jobs", "1")
    several = scan(auditkit, "-f", "json", "--jobs", "2")
    assert findings(one) == findings(several) != []


def test_more_is_told_on_request(auditkit, project):
    (project / "main.tf").write_text(GOOD)
    (project / ".auditkit.yaml").write_text("")
    lines = scan(auditkit, "-v").err.splitlines()
    assert lines[:2] == ["note: configuration: .auditkit.yaml", "note: root modules: ."]
    assert lines[2].startswith("note: 1 judgement in 0.")


def test_an_ignore_with_a_reason_waives(auditkit, project):
    (project / "main.tf").write_text(
        '# auditkit:ignore ebs-volume-encrypted reason="scratch"\n' + BAD
    )
    result = scan(auditkit)
    assert result.code == 0
    assert "1 waived" in result.out


def test_a_fresh_clone_of_a_stranger_cannot_make_the_run_green(auditkit, project):
    (project / "main.tf").write_text(BAD)
    (project / ".auditkit.yaml").write_text("fail_on: never\n")
    assert scan(auditkit, "--no-config").code == 1


def test_colours(auditkit, project, monkeypatch):
    (project / "main.tf").write_text(BAD)
    assert "\x1b[" in scan(auditkit, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in scan(auditkit).out
    assert "\x1b[" not in scan(auditkit, "--no-color").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in scan(auditkit).out


def test_reports_read_nothing_outside_of_the_root(auditkit, project):
    (project.parent / "secret.txt").write_text("hunter2\n")
    (project / "main.tf").write_text(BAD)
    os.symlink(project.parent / "secret.txt", project / "linked.tf")
    result = scan(auditkit, "-f", "sarif")
    assert "hunter2" not in result.out + result.err
