"""KMS: what it tells of the use of a key, which moto lacks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from answering import read

from auditkit.model import Unknown

MADE = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
ARN = "arn:aws:kms:us-east-1:123456789012:key/k"


def observed(usage: Any, policy: Any = "{}") -> dict[str, Any]:
    metadata = {
        "KeyId": "k",
        "Arn": ARN,
        "CreationDate": MADE,
        "Enabled": True,
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
    }
    table = {
        "kms:ListKeys": {"Keys": [{"KeyId": "k", "KeyArn": ARN}]},
        "kms:DescribeKey": {"KeyMetadata": metadata},
        "kms:GetKeyLastUsage": usage,
        "kms:GetKeyPolicy": policy if policy.endswith("Exception") else {"Policy": policy},
    }
    (key,) = read(table, "aws_kms_key")
    told: Any = key.attributes["observed"]
    return dict(told)


@pytest.mark.parametrize(
    ("started", "since_creation"),
    [
        (MADE, True),
        # Of a day, say, in which the key was made.
        (MADE - timedelta(hours=9), True),
        (MADE + timedelta(days=40), False),
    ],
)
def test_tracking_began_with_the_key_or_later(started: datetime, since_creation: bool) -> None:
    told = observed({"KeyId": "k", "KeyCreationDate": MADE, "TrackingStartDate": started})
    assert told["tracked_since_creation"] is since_creation
    assert told["last_used"] is None
    assert told["key_spec"] == "SYMMETRIC_DEFAULT"


def test_a_use_is_told() -> None:
    usage = {"Operation": "Decrypt", "Timestamp": MADE + timedelta(days=2)}
    told = observed({"KeyId": "k", "KeyLastUsage": usage, "TrackingStartDate": MADE})
    assert (told["last_used"], told["last_used_for"]) == ("2026-03-03T09:30:00Z", "Decrypt")


def test_denied_usage_is_no_lack_of_use() -> None:
    told = observed("AccessDeniedException")
    for name in ("last_used", "tracked_since_creation", "tracking_started"):
        assert isinstance(told[name], Unknown)
        assert "kms:GetKeyLastUsage" in told[name].cause


def statement(**more: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": "kms:*", **more}})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (statement(Principal={"AWS": "arn:aws:iam::123456789012:root"}), []),
        (statement(Principal={"Service": "logs.us-east-1.amazonaws.com"}), []),
        (
            statement(Principal={"AWS": ["123456789012", "arn:aws:iam::222222222222:role/x"]}),
            ["arn:aws:iam::222222222222:role/x"],
        ),
        (
            statement(
                Principal="*", Condition={"StringEquals": {"kms:CallerAccount": "222222222222"}}
            ),
            ["222222222222"],
        ),
        (
            statement(
                Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
            ),
            ["o-a1b2c3d4e5"],
        ),
    ],
)
def test_a_policy_names_who_else_may_have_used_the_key(policy: str, expected: list[str]) -> None:
    assert observed({"TrackingStartDate": MADE}, policy)["shared_with"] == expected


def test_a_denied_policy_may_name_anybody() -> None:
    told = observed({"TrackingStartDate": MADE}, "AccessDeniedException")
    assert "kms:GetKeyPolicy" in told["shared_with"].cause
