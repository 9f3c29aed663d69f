"""What AWS did not tell is never taken for "unused"; beside the examples in the rules' files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

import pytest

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown, Value, Verdict
from auditkit.rulepack import load_rules

NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)
OLD, NEW = "2024-01-01T00:00:00Z", "2026-10-30T00:00:00Z"
REDIRECTED = Unknown("s3:ListBucketVersions is in another region (301) in eu-west-1")
ROTATED = Unknown("it was rotated on the day of its last use, which reads it, too")
DENIED = Unknown("it was denied in eu-west-1")
RULES = load_rules(now=NOW).rules


def judge(rule: str, type: str, attributes: Mapping[str, Value], **params: Value) -> Verdict | None:
    rules = load_rules(params={rule: params}, now=NOW).rules if params else RULES
    resource = Resource(type, f"{type}/111111111111/eu-west-1/x", attributes, Source.LIVE, id="x")
    inventory = link(Inventory(Source.LIVE, "111111111111", (resource,)))
    findings = evaluate([rules[rule]], inventory, keep_passes=True).findings
    return min((finding.verdict for finding in findings), default=None)


def secret(last_used: Value, last_used_by_others: Value) -> dict[str, Value]:
    observed: dict[str, Value] = {
        "created": OLD,
        "is_replica": False,
        "last_used": last_used,
        "last_used_by_others": last_used_by_others,
    }
    return {"tags": {}, "observed": observed}


@pytest.mark.parametrize(
    ("last_used", "by_others", "expected"),
    [
        (NEW, NEW, Verdict.PASS),
        # The function that rotates the secret may be the only one who reads it.
        (NEW, ROTATED, Verdict.UNKNOWN),
        (OLD, ROTATED, Verdict.FAIL),
        (DENIED, DENIED, Verdict.UNKNOWN),
    ],
)
def test_a_rotation_is_no_certain_use_of_a_secret(
    last_used: Value, by_others: Value, expected: Verdict
) -> None:
    attributes = secret(last_used, by_others)
    got = judge("secretsmanager-secret-unused", "aws_secretsmanager_secret", attributes)
    assert got is expected


@pytest.mark.parametrize("is_empty", [REDIRECTED, DENIED])
def test_a_bucket_that_was_not_looked_into_may_hold_something(is_empty: Value) -> None:
    observed: dict[str, Value] = {"created": OLD, "is_empty": is_empty}
    attributes: dict[str, Value] = {"bucket": "x", "tags": {}, "observed": observed}
    assert judge("s3-bucket-empty", "aws_s3_bucket", attributes) is Verdict.UNKNOWN


STALE = Unknown("the credential report is older than the user")
KEYS: dict[str, Value] = {
    f"access_key_{number}_{name}": STALE
    for number in (1, 2)
    for name in ("active", "last_rotated", "last_used")
}


@pytest.mark.parametrize(
    ("rule", "type", "observed"),
    [
        (
            "iam-user-unused",
            "aws_iam_user",
            {
                "created": OLD,
                "password_last_used": STALE,
                "access_key_1_last_used": STALE,
                "access_key_2_last_used": STALE,
                "signing_certificates": STALE,
            },
        ),
        (
            "iam-console-password-unused",
            "aws_iam_user",
            {
                "password_enabled": STALE,
                "password_last_changed": STALE,
                "password_last_used": STALE,
            },
        ),
        ("iam-access-key-never-used", "aws_iam_user", {"created": OLD, **KEYS}),
        ("iam-access-key-unused", "aws_iam_user", KEYS),
        ("iam-access-key-rotated", "aws_iam_user", KEYS),
        ("iam-role-unused", "aws_iam_role", {"created": OLD, "last_used": DENIED}),
        ("iam-role-unused", "aws_iam_role", {"created": DENIED, "last_used": None}),
        (
            "iam-policy-unused",
            "aws_iam_policy",
            {
                "created": OLD,
                "attachment_count": DENIED,
                "permissions_boundary_usage_count": 0,
            },
        ),
        ("acm-certificate-unused", "aws_acm_certificate", {"created": OLD, "in_use": DENIED}),
        (
            "cloudfront-distribution-disabled-long",
            "aws_cloudfront_distribution",
            {"changed": DENIED},
        ),
        ("route53-zone-unused", "aws_route53_zone", {"is_private": False, "records": DENIED}),
    ],
)
def test_what_is_not_told_is_not_unused(rule: str, type: str, observed: dict[str, Value]) -> None:
    attributes: dict[str, Value] = {
        "name": "x",
        "status": "ISSUED" if type == "aws_acm_certificate" else "Active",
        "enabled": False,
        "tags": {},
        "observed": observed,
    }
    assert judge(rule, type, attributes) is Verdict.UNKNOWN


@pytest.mark.parametrize("keeps", ["keep", "break-glass"])
def test_an_unknown_tag_may_be_the_one_that_keeps_it(keeps: str) -> None:
    observed: dict[str, Value] = {"created": OLD, "last_used": None}
    attributes: dict[str, Value] = {"name": "x", "tags": DENIED, "observed": observed}
    assert judge("iam-role-unused", "aws_iam_role", attributes, keep_tag=keeps) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        ([".example.invalid"], Verdict.FAIL),
        # The user has named the balancers of other accounts.
        (["theirs-1.eu-west-1.elb.amazonaws.com"], None),
        ([".other.example", ".elb.amazonaws.com"], None),
    ],
)
def test_a_record_may_lead_to_another_account(elsewhere: Value, expected: Verdict | None) -> None:
    observed: dict[str, Value] = {
        "in_private_zone": False,
        "targets": ["theirs-1.eu-west-1.elb.amazonaws.com"],
    }
    attributes: dict[str, Value] = {"fqdn": "www.example.com", "observed": observed}
    rule = "route53-record-dangling"
    assert judge(rule, "aws_route53_record", attributes, elsewhere=elsewhere) is expected
