from __future__ import annotations

import re

import pytest

from auditkit.costs import PRICES, monthly_cost, prices
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown
from auditkit.schema import check_path, resource_types


def linked(kind, region, attributes):
    resource = Resource(kind, f"arn:aws:ec2:{region}:1:x/1", attributes, Source.LIVE)
    return link(Inventory(Source.LIVE, "1", (resource,))).resources[resource.address]


@pytest.mark.parametrize(
    ("type", "region", "attributes", "expected"),
    [
        ("aws_ebs_volume", "us-east-1", {"type": "gp3", "size": 100}, 8.0),
        ("aws_ebs_volume", "eu-central-1", {"type": "gp3", "size": 100}, 9.52),
        ("aws_ebs_volume", "mars-north-1", {"type": "gp3", "size": 100}, 8.0),
        ("aws_ebs_volume", "us-east-1", {"type": "new", "size": 100}, None),
        ("aws_ebs_volume", "us-east-1", {"type": "gp3", "size": Unknown("denied")}, None),
        ("aws_ebs_volume", "us-east-1", {"type": "gp3"}, None),
        (
            "aws_cloudwatch_log_group",
            "us-east-1",
            {"observed": {"stored_bytes": 100 * 2**30}},
            3.0,
        ),
        ("aws_kms_key", "eu-west-3", {}, 1.0),
        ("aws_lb", "us-east-1", {"load_balancer_type": "gateway"}, 9.12),
        ("aws_lb", "us-east-1", {"load_balancer_type": "application"}, 16.43),
        (
            "aws_vpc_endpoint",
            "us-east-1",
            {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]},
            14.6,
        ),
        ("aws_vpc_endpoint", "us-east-1", {"vpc_endpoint_type": "Gateway"}, None),
        ("aws_vpc", "us-east-1", {}, None),
        (
            "aws_dynamodb_table",
            "us-east-1",
            {"billing_mode": "PROVISIONED", "read_capacity": 10, "write_capacity": 10},
            5.69,
        ),
        ("aws_dynamodb_table", "us-east-1", {"billing_mode": "PAY_PER_REQUEST"}, None),
        (
            "aws_ami",
            "us-east-1",
            {"ebs_block_device": [{"volume_size": 8}, {"volume_size": 100}]},
            5.4,
        ),
        ("aws_ami", "us-east-1", {"ebs_block_device": []}, None),
        # By what is written on it, and not by the size of the volume.
        (
            "aws_ebs_snapshot",
            "us-east-1",
            {"volume_size": 100, "observed": {"full_size_bytes": 8 * 2**30}},
            0.4,
        ),
        (
            "aws_ebs_snapshot",
            "us-east-1",
            {"storage_tier": "archive", "observed": {"full_size_bytes": 8 * 2**30}},
            0.1,
        ),
        (
            "aws_ebs_snapshot",
            "us-east-1",
            {"volume_size": 100, "observed": {"full_size_bytes": None}},
            None,
        ),
        (
            "aws_kinesis_stream",
            "us-east-1",
            {"stream_mode_details": [{"stream_mode": "PROVISIONED"}], "shard_count": 2},
            21.9,
        ),
        (
            "aws_kinesis_stream",
            "us-east-1",
            {"stream_mode_details": [{"stream_mode": "ON_DEMAND"}], "shard_count": 0},
            29.2,
        ),
    ],
)
def test_the_cost_of_a_month(type, region, attributes, expected):
    assert monthly_cost(linked(type, region, attributes)) == expected


def test_every_price_has_a_source_and_is_about_what_there_is():
    assert re.search(r"^# as of \d{4}-\d\d-\d\d$", PRICES.read_text(encoding="utf-8"), re.M)
    for type, rows in prices().items():
        assert type in resource_types()
        for price in rows:
            assert price.usd > 0
            assert price.source.startswith("https://aws.amazon.com/")
            for name in filter(None, (price.attribute, price.quantity)):
                assert check_path(type, tuple(name.split("."))) is None
