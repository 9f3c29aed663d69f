"""The rules on KMS keys that nobody uses, beside the examples in their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown, Value, Verdict
from auditkit.rulepack import load_rules
from auditkit.rules.needs import searched
from auditkit.schema import schema_of
from auditkit.schema.table import Body
from auditkit.sources.aws.calling import Failure
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.expressions import Record
from auditkit.sources.aws.mapping import NOT_COLLECTED, LiveTypeKey, mapped

NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)
RULES = load_rules(now=NOW).rules
NAMES = (
    "kms-key-disabled-long",
    "kms-key-long-unused",
    "kms-key-never-used",
    "kms-key-no-use-recorded",
    "kms-key-unused-outside",
)
KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
KEYS = frozenset({"aws_kms_external_key", "aws_kms_replica_external_key", "aws_kms_replica_key"})
NO_USERS = frozenset(
    {
        # Their volumes, secrets and material are searched, or need no key of KMS.
        "aws_iam_user_ssh_key",
        "aws_instance",
        "aws_kms_alias",
        "aws_kms_custom_key_store",
        # The key itself tells how many it has.
        "aws_kms_grant",
        "aws_kms_key",
        "aws_s3_bucket",
        # Its reports are written weekly at least, which KMS records.
        "aws_s3_bucket_inventory",
        "aws_vpn_connection",
        *KEYS,
    }
)
"""Types with an attribute that sounds like a key, and which are no use of one."""


def verdicts(observed: dict[str, Value], *others: Resource) -> dict[str, Verdict]:
    attributes: dict[str, Value] = {"arn": KEY, "tags": {}, "observed": observed}
    key = Resource("aws_kms_key", KEY, attributes, Source.LIVE, id="k")
    inventory = link(Inventory(Source.LIVE, "111111111111", (key, *others)))
    rules = [RULES[name] for name in NAMES]
    findings = evaluate(rules, inventory, keep_passes=True).findings
    return {finding.rule: finding.verdict for finding in findings}


def enabled(**observed: Value) -> dict[str, Value]:
    return {
        "created": "2026-01-01T00:00:00Z",
        "key_spec": "SYMMETRIC_DEFAULT",
        "key_state": "Enabled",
        "last_used": None,
        "multi_region_keys": None,
        "origin": "AWS_KMS",
        "tracked_since_creation": True,
        "tracking_started": "2026-01-01T00:00:00Z",
        **observed,
    }


DENIED = Unknown("kms:GetKeyLastUsage was denied in eu-west-1")


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        # The truth table of GetKeyLastUsage.
        (enabled(), {"kms-key-never-used": Verdict.FAIL}),
        (
            enabled(created="2020-01-01T00:00:00Z", tracked_since_creation=False),
            {"kms-key-no-use-recorded": Verdict.FAIL},
        ),
        (enabled(last_used="2026-02-01T00:00:00Z"), {"kms-key-long-unused": Verdict.FAIL}),
        # A job may run once a year: half a year of silence is asked for, not ninety days.
        (enabled(last_used="2026-07-15T00:00:00Z"), {"kms-key-long-unused": Verdict.PASS}),
        # A key that others may use outside of KMS is one rule's matter alone.
        (enabled(key_spec="RSA_2048"), {"kms-key-unused-outside": Verdict.FAIL}),
        (enabled(origin="EXTERNAL_KEY_STORE"), {"kms-key-unused-outside": Verdict.FAIL}),
        # So is one that another account may have used for what is not seen here.
        (
            enabled(
                last_used="2026-02-01T00:00:00Z", shared_with=["arn:aws:iam::222222222222:root"]
            ),
            {"kms-key-unused-outside": Verdict.FAIL},
        ),
        (enabled(key_state="Disabled"), {"kms-key-disabled-long": Verdict.FAIL}),
        (enabled(key_state="PendingDeletion"), {}),
        # What KMS does not tell is not taken for "never".
        (
            enabled(last_used=DENIED, tracked_since_creation=DENIED, tracking_started=DENIED),
            dict.fromkeys(
                ("kms-key-long-unused", "kms-key-never-used", "kms-key-no-use-recorded"),
                Verdict.UNKNOWN,
            ),
        ),
    ],
)
def test_key(observed: dict[str, Value], expected: dict[str, Verdict]) -> None:
    got = verdicts(observed)
    judged = {name: verdict for name, verdict in got.items() if verdict is not Verdict.PASS}
    assert judged | {name: got[name] for name in expected} == expected


# In the words of those who say so: a change of them must not make a doubt a certainty.
FAILED = Unknown(Failure("denied", "sns:GetTopicAttributes", "AccessDenied", "eu-west-1").cause)


def malformed() -> Value:
    """What comes of an answer that is not what the service model says."""
    group = mapped(LiveTypeKey(live_types()["aws_autoscaling_group"]))
    subnets = group.attributes(Record({"VPCZoneIdentifier": 7}), ["vpc_zone_identifier"])
    return subnets["vpc_zone_identifier"]


@pytest.mark.parametrize(
    ("type", "attributes", "expected"),
    [
        # A call that failed would have told which key it is.
        ("aws_sns_topic", {"kms_master_key_id": FAILED}, Verdict.UNKNOWN),
        ("aws_sns_topic", {"kms_master_key_id": malformed()}, Verdict.UNKNOWN),
        # The key would have been somewhere inside.
        ("aws_eks_cluster", {"encryption_config": FAILED}, Verdict.UNKNOWN),
        # A name that was not told is the topic's own, and no number names a key.
        ("aws_sns_topic", {"name": FAILED, "signature_version": FAILED}, Verdict.FAIL),
        ("aws_sns_topic", {"tags": FAILED}, Verdict.FAIL),
        # What nobody ever tells would be a doubt for ever.
        ("aws_sns_topic", {"kms_master_key_id": NOT_COLLECTED}, Verdict.FAIL),
        # No rule looks for keys there.
        ("aws_sfn_activity", {"encryption_configuration": FAILED}, Verdict.FAIL),
    ],
)
def test_what_a_failed_call_would_have_told_may_be_a_use(
    type: str, attributes: dict[str, Value], expected: Verdict
) -> None:
    user = Resource(type, "arn:aws:x:eu-west-1:111111111111:x", attributes, Source.LIVE, id="x")
    got = verdicts(enabled(), user)
    assert got["kms-key-never-used"] is expected


def naming_a_key(type: str) -> Iterator[str]:
    schema = schema_of(type)
    assert schema is not None
    bodies = [Body(schema.attributes, schema.blocks)]
    while bodies:
        body = bodies.pop()
        yield from (name for name in body.attributes if re.search(r"kms|key_(id|arn)$", name))
        bodies += [each.body for each in body.blocks.values()]


@pytest.mark.parametrize("name", NAMES)
def test_all_that_may_be_encrypted_with_a_key_is_searched(name: str) -> None:
    users = {
        type for type in live_types() if not type.startswith("live_") and any(naming_a_key(type))
    }
    others = set(searched(RULES[name])) - KEYS - {"aws_kms_key"}
    assert users - NO_USERS <= others
