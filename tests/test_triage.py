from __future__ import annotations

from datetime import date

import pytest

from auditkit.model import (
    Finding,
    Fix,
    Ignore,
    Location,
    Rule,
    Severity,
    Source,
    Status,
    Verdict,
)
from auditkit.triage import names_of, triage

TODAY = date(2026, 11, 21)


def rule(id="s3-bucket-encrypted", *aliases):
    return Rule(
        id=id,
        title="",
        severity=Severity.HIGH,
        category="encryption",
        resources=("aws_s3_bucket",),
        require=None,
        when=None,
        why="",
        fix=Fix(""),
        aliases=aliases,
    )


RULES = {
    "s3-bucket-encrypted": rule(
        "s3-bucket-encrypted", "CKV_AWS_19", "AVD-AWS-0088", "aws-s3-enable-bucket-encryption"
    ),
    "s3-versioning": rule("s3-versioning", "prowler:s3_bucket_object_versioning"),
}


def lines(first, last=None, file="main.tf", column=1):
    return Location(file, first, column, last or first, 80)


BLOCK = lines(10, 20)


def finding(**changes):
    values = {
        "rule": "s3-bucket-encrypted",
        "severity": Severity.HIGH,
        "category": "encryption",
        "verdict": Verdict.FAIL,
        "source": Source.CODE,
        "address": "aws_s3_bucket.b",
        "message": "wrong",
        "location": lines(12, column=3),
        "block": BLOCK,
        **changes,
    }
    return Finding(**values)


def ignore(*rules, target=BLOCK, reason="public site", until=None, dialect="auditkit"):
    return Ignore(
        rules or ("s3-bucket-encrypted",), reason, until, lines(target.line - 1), target, dialect
    )


def run(findings, *ignores, **keywords):
    return triage(findings, ignores, RULES, today=TODAY, **keywords)


def status(*ignores, **changes):
    (only,) = run([finding(**changes)], *ignores).findings
    return only.status


# Which rules


@pytest.mark.parametrize(
    "pattern",
    [
        "s3-bucket-encrypted",
        "S3-Bucket-Encrypted",
        "s3-*",
        "*",
        "CKV_AWS_19",
        "ckv_aws_19",
        "AVD-AWS-0088",
        "AWS-0088",
        "aws-0088",
        "aws-s3-enable-bucket-encryption",
        "aws-s3-*",
    ],
)
@pytest.mark.parametrize("dialect", ["auditkit", "checkov", "trivy", "tfsec"])
def test_a_rule_is_ignored_by_any_of_its_names(pattern, dialect):
    assert status(ignore(pattern, dialect=dialect)) is Status.WAIVED


@pytest.mark.parametrize("pattern", ["s3-bucket", "CKV_AWS_1", "AWS-008", "s3-versioning", "0088"])
def test_a_part_of_a_name_is_not_the_name(pattern):
    assert status(ignore(pattern)) is Status.OPEN


def test_one_of_several_names_is_enough():
    assert status(ignore("s3-versioning", "CKV_AWS_19")) is Status.WAIVED


def test_an_alias_goes_without_the_name_of_its_tool():
    assert names_of(RULES["s3-versioning"]) == {
        "s3-versioning",
        "prowler:s3_bucket_object_versioning",
        "s3_bucket_object_versioning",
    }


# Which place


@pytest.mark.parametrize(
    ("target", "changes", "expected"),
    [
        (lines(12), {}, Status.WAIVED),
        (lines(11, 13), {}, Status.WAIVED),
        (lines(13), {}, Status.OPEN),
        (lines(12, file="other.tf"), {}, Status.OPEN),
        # The attribute before it on the same line.
        (Location("main.tf", 12, 1, 12, 3), {}, Status.OPEN),
        # The whole block, though the value stands in a companion elsewhere.
        (BLOCK, {"location": lines(90)}, Status.WAIVED),
        (BLOCK, {"location": None}, Status.WAIVED),
        # The companion's block.
        (lines(88, 92), {"location": lines(90)}, Status.WAIVED),
        # A module call, in another file than the resource.
        (lines(3, 7, file="root.tf"), {"calls": (lines(3, 7, file="root.tf"),)}, Status.WAIVED),
        (lines(3, 7, file="root.tf"), {"calls": (lines(8, 9, file="root.tf"),)}, Status.OPEN),
        # An attribute of the block does not cover the block.
        (lines(12), {"location": lines(10)}, Status.OPEN),
        # A finding without any place.
        (BLOCK, {"location": None, "block": None}, Status.OPEN),
    ],
)
def test_an_ignore_covers_its_target(target, changes, expected):
    assert status(ignore(target=target), **changes) is expected


# Until when


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, Status.WAIVED),
        (date(2026, 11, 22), Status.WAIVED),
        (date(2026, 11, 21), Status.WAIVED),
        (date(2026, 11, 20), Status.OPEN),
    ],
)
def test_an_ignore_holds_to_its_last_day(until, expected):
    assert status(ignore(until=until)) is expected


def test_an_expired_ignore_is_told_in_the_finding_and_as_a_problem():
    result = run([finding()], ignore(until=date(2026, 1, 31)))
    assert result.findings[0].message == ("wrong (the ignore in main.tf:9 expired on 2026-01-31)")
    (problem,) = result.problems
    assert problem.kind == "ignore"
    assert problem.message.startswith("the ignore expired on 2026-01-31")
    assert (problem.location, problem.incomplete) == (lines(9), False)


def test_another_ignore_may_still_hold():
    expired, valid = ignore(until=date(2026, 1, 31)), ignore("*", dialect="tfsec", reason="")
    result = run([finding()], expired, valid)
    assert result.findings[0].status is Status.WAIVED
    assert len(result.problems) == 1


# What is said


@pytest.mark.parametrize(
    ("given", "waiver"),
    [
        (ignore(), "public site"),
        (ignore(until=date(2027, 1, 31)), "public site (until 2027-01-31)"),
        (ignore(reason="", dialect="checkov"), "checkov ignore without a reason"),
    ],
)
def test_a_waived_finding_says_why(given, waiver):
    (only,) = run([finding()], given).findings
    assert (only.status, only.waiver, only.message) == (Status.WAIVED, waiver, "wrong")


def test_unknown_findings_are_waived_and_passes_are_not():
    assert status(ignore(), verdict=Verdict.UNKNOWN) is Status.WAIVED
    assert status(ignore(), verdict=Verdict.PASS) is Status.OPEN


def test_an_ignore_of_ours_needs_a_reason():
    result = run([finding()], ignore(reason=""))
    assert result.findings[0].status is Status.OPEN
    assert ["without a reason" in problem.message for problem in result.problems] == [True]


def messages(findings, *ignores, **keywords):
    return [problem.message for problem in run(findings, *ignores, **keywords).problems]


def test_an_ignore_that_matches_nothing_is_a_problem():
    assert messages([], ignore()) == [
        "the ignore of 's3-bucket-encrypted' ignores nothing: remove it"
    ]


def test_each_name_of_an_ignore_has_to_match():
    found = messages([finding()], ignore("CKV_AWS_19", "s3-versioning"))
    assert found == ["the ignore of 's3-versioning' ignores nothing: remove it"]


@pytest.mark.parametrize(
    ("given", "keywords"),
    [
        # It is used.
        (ignore("*"), {}),
        # The rule did not run.
        (ignore("rds-encrypted"), {}),
        (ignore("rds-encrypted"), {"known": {"rds-encrypted": rule("rds-encrypted")}}),
        # Not all findings of the file are known.
        (ignore("s3-versioning"), {"evaluated": {"other.tf"}}),
        # It is meant for another tool.
        (ignore("CKV_AWS_999", dialect="checkov"), {"known": {}}),
        (ignore("s3-versioning", dialect="tfsec"), {}),
        (ignore("s3-versioning", dialect="tfsec", until=date(2026, 1, 1)), {}),
    ],
)
def test_nothing_is_said_of_ignores_that_may_be_right(given, keywords):
    assert messages([finding()], given, **keywords) == []


def test_a_name_that_no_rule_has_is_a_typing_mistake():
    assert messages([], ignore("s3-bucket-encypted"), known=RULES) == [
        "the ignore names an unknown rule 's3-bucket-encypted'"
        " (did you mean 's3-bucket-encrypted'?)"
    ]


def test_an_ignore_read_twice_is_told_once():
    # A module that two roots call is in the inventories of both.
    assert len(messages([], ignore(), ignore())) == 1


def test_findings_keep_their_order_and_number():
    findings = [finding(address=f"aws_s3_bucket.b[{n}]") for n in range(3)]
    result = run(findings, ignore())
    assert [f.address for f in result.findings] == [f.address for f in findings]
