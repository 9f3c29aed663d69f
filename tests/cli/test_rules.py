"""``auditkit rules`` and ``auditkit explain``."""

from __future__ import annotations

import json

import pytest

RULE = """\
id: volume-encrypted
title: Volume is encrypted
severity: high
category: encryption
resource: aws_ebs_volume
require: {encrypted: $wanted}
why: Because.
fix: {advice: Set encrypted.}
links: [https://docs.aws.amazon.com/ebs/]
aliases: [OWN_1]
params: {wanted: {default: true, description: What it must be.}}
examples:
  pass: 'resource "aws_ebs_volume" "v" { encrypted = true }'
  fail: 'resource "aws_ebs_volume" "v" { encrypted = false }'
"""


@pytest.fixture
def own(project):
    path = project / "own" / "volume-encrypted.yaml"
    path.parent.mkdir()
    path.write_text(RULE)
    return path


def test_list_shows_what_would_run(auditkit, project, own):
    result = auditkit("rules", "list", "--rules", "own", "--no-builtin-rules")
    assert result == (
        0,
        "high      volume-encrypted  Volume is encrypted\n",
        "note: 1 rule; read on with: auditkit explain RULE\n",
    )
    (project / ".auditkit.yaml").write_text("rules: own\nselect: own_*\n")
    assert auditkit("rules", "list").out == result.out


def test_list_for_programs(auditkit):
    listed = json.loads(auditkit("rules", "list", "-f", "json", "--select", "kms-*").out)
    assert {rule["category"] for rule in listed} >= {"encryption"}
    assert all(rule["id"].startswith("kms-") for rule in listed)
    assert all(rule["examples"]["fail"] for rule in listed)


def test_show_prints_the_file(auditkit, own):
    result = auditkit("rules", "show", "own_1", "--rules", "own")
    assert result == (0, f"# own/volume-encrypted.yaml\n{RULE}", "")


@pytest.mark.parametrize("name", ["volume-encrypted", "Own_1"])
def test_explain(auditkit, own, name):
    result = auditkit("explain", name, "--rules", "own", "--param", "volume-encrypted.wanted=false")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("# Volume is encrypted\n\n`volume-encrypted`: high, encryption;")
    for text in ("Because.", "Set encrypted.", "`wanted`: `false`", "`OWN_1`", "encrypted = false"):
        assert text in result.out
    assert '# auditkit:ignore volume-encrypted reason="' in result.out


def test_explain_tells_every_rule_of_an_alias(auditkit, own):
    second = RULE.replace("id: volume-encrypted", "id: other").replace("Because", "Also")
    (own.parent / "other.yaml").write_text(second)
    result = auditkit("explain", "OWN_1", "--rules", "own", "-f", "json")
    assert [rule["id"] for rule in json.loads(result.out)] == ["other", "volume-encrypted"]


def test_explain_paints_for_a_terminal(auditkit, own):
    result = auditkit("explain", "OWN_1", "--rules", "own", "--color", "always")
    assert result.code == 0
    assert "\x1b[" in result.out
    assert "# Volume" not in result.out


@pytest.mark.parametrize("command", [("explain",), ("rules", "show")])
def test_an_unknown_rule(auditkit, command):
    result = auditkit(*command, "kms-key-rotatoin")
    assert result.code == 2
    assert result.err == (
        "error: no rule is called 'kms-key-rotatoin' (did you mean 'kms-key-rotation'?)\n"
    )


def test_test_runs_the_examples(auditkit, own):
    result = auditkit("rules", "test", "own")
    assert result == (0, "", "note: 2 examples of 1 rule: all as they should be\n")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  pass: 'resource \"aws_ebs_volume\" \"v\" { encrypted = true }'\n", "",
         "there is no example that should pass"),
        ("encrypted = true", "encrypted = var.x", "example pass 1: expected pass, got unknown:"),
        ("encrypted = false", "encrypted = true", "example fail 1: expected fail, got pass:"),
        ('"aws_ebs_volume" "v" { encrypted = false', '"aws_kms_key" "k" { is_enabled = true',
         "example fail 1: expected fail, but the rule applies to nothing in it"),
        ("encrypted = true }", "encrypted = = 1 }", "example pass 1: line 1: "),
    ],
)  # fmt: skip
def test_test_tells_an_example_that_does_not_hold(auditkit, own, old, new, message):
    assert old in RULE
    own.write_text(RULE.replace(old, new))
    result = auditkit("rules", "test", "own/volume-encrypted.yaml")
    assert result.code == 1
    assert result.out.startswith(f"own/volume-encrypted.yaml: {message}")


@pytest.mark.parametrize("command", ["test", "lint"])
def test_the_rules_of_the_configuration_are_checked(auditkit, project, own, command):
    own.write_text(RULE.replace("title:", "titel:"))
    (project / ".auditkit.yaml").write_text("rules: own\nbuiltin_rules: false\n")
    result = auditkit("rules", command)
    assert result.code in (1, 2)
    assert "unknown key 'titel' (did you mean 'title'?)" in result.out + result.err


def test_lint_is_content_with_a_good_rule(auditkit, own):
    result = auditkit("rules", "lint", "own")
    assert result == (0, "", "note: 0 mistakes, 0 warnings\n")


def test_lint_tells_mistakes_with_their_place(auditkit, own):
    own.write_text(RULE.replace("encrypted: $wanted", "encrypted: {equal: true}"))
    result = auditkit("rules", "lint", "own")
    assert result.code == 1
    assert "own/volume-encrypted.yaml:6:23: unknown operator 'equal'" in result.out


def test_the_rules_of_auditkit_have_no_mistakes(auditkit):
    result = auditkit("rules", "lint")
    assert (result.code, result.err.partition(",")[0]) == (0, "note: 0 mistakes"), result.out


@pytest.mark.parametrize("type", ["aws_s3_bucket", "aws_kms_key", "aws_sns_topic", "aws_vpc"])
def test_a_new_rule_is_good_as_it_is(auditkit, project, type):
    result = auditkit("rules", "new", "own-rule", "--resource", type, "--directory", "own")
    assert result.code == 0
    assert "wrote own/own-rule.yaml" in result.err
    assert auditkit("rules", "test", "own").code == 0
    assert auditkit("rules", "lint", "own").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("own-rule", "--resource", "aws_s3_buckt"), "(did you mean 'aws_s3_bucket'?)"),
        (("Own Rule", "--resource", "aws_s3_bucket"), "'Own Rule' is no id"),
        (("../up", "--resource", "aws_s3_bucket"), "'../up' is no id"),
        (("volume-encrypted", "--resource", "aws_kms_key", "--directory", "own"), "there already"),
        (("own-rule", "--resource", "aws_s3_bucket", "--category", "x"), "'x' is not one of"),
    ],
)
def test_a_new_rule_that_cannot_be(auditkit, project, own, arguments, message):
    result = auditkit("rules", "new", *arguments)
    assert result.code == 2
    assert message in result.err
    assert not (project / "rules").exists()
