from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.schema import coerce

UNKNOWN = Unknown("`var.x` has no value")


@pytest.mark.parametrize(
    ("type", "attributes"),
    [
        ("aws_sqs_queue", {"delay_seconds": 5, "fifo_queue": True, "name": "q"}),
        ("aws_sqs_queue", {"delay_seconds": None, "fifo_queue": UNKNOWN, "name": UNKNOWN}),
        ("aws_sqs_queue", {"delay_seconds": "soon", "fifo_queue": "yes", "name": ["q"]}),
        ("aws_sqs_queue", {"delay_seconds": "1_000", "fifo_queue": 1, "tags": "none"}),
        ("aws_sqs_queue", {"no_such_attribute": "5"}),
        ("aws_security_group", {"ingress": [{"from_port": 22, "cidr_blocks": ["::/0", UNKNOWN]}]}),
        ("aws_s3_bucket", {"versioning": [{"enabled": True}, UNKNOWN]}),
        ("no_such_type", {"a": "5"}),
    ],
)
def test_what_needs_no_change_is_the_same_object(type, attributes):
    assert coerce(type, attributes) is attributes


@pytest.mark.parametrize(
    ("type", "name", "value", "expected"),
    [
        ("aws_sqs_queue", "delay_seconds", "7", 7),
        ("aws_sqs_queue", "delay_seconds", "-7", -7),
        ("aws_sqs_queue", "delay_seconds", "7.5", 7.5),
        ("aws_sqs_queue", "delay_seconds", "1e3", 1000.0),
        ("aws_sqs_queue", "fifo_queue", "true", True),
        ("aws_sqs_queue", "fifo_queue", "false", False),
        ("aws_sqs_queue", "fifo_queue", "0", False),
        ("aws_sqs_queue", "name", 5, "5"),
        ("aws_sqs_queue", "name", 1.5, "1.5"),
        ("aws_sqs_queue", "name", 1e21, "1000000000000000000000"),
        ("aws_sqs_queue", "name", 0.0000001, "0.0000001"),
        ("aws_sqs_queue", "name", True, "true"),
        ("aws_sqs_queue", "tags", {"Version": 1, "Own": UNKNOWN}, {"Version": "1", "Own": UNKNOWN}),
        ("aws_lb", "subnets", [1, UNKNOWN, None], ["1", UNKNOWN, None]),
        ("aws_s3_bucket", "versioning", {"enabled": "true"}, [{"enabled": True}]),
        (
            "aws_s3_bucket",
            "lifecycle_rule",
            [{"enabled": "1", "expiration": [{"days": "30"}]}, UNKNOWN],
            [{"enabled": True, "expiration": [{"days": 30}]}, UNKNOWN],
        ),
        (
            "aws_security_group",
            "ingress",
            [{"from_port": "22", "cidr_blocks": [10], "self": "false"}],
            [{"from_port": 22, "cidr_blocks": ["10"], "self": False}],
        ),
    ],
)
def test_values_become_what_the_provider_holds(type, name, value, expected):
    other = {"tags_all": {}}
    coerced = coerce(type, {name: value, **other})
    assert coerced == {name: expected, **other}
    assert [item.__class__ for item in flatten(coerced[name])] == [
        item.__class__ for item in flatten(expected)
    ]


def flatten(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for item in value for leaf in flatten(item)]
    return [value]
