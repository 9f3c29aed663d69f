from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.pseudo_types import WORKLOADS
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.summary import GLOBAL, sum_up

DENIED = Unknown("ec2:DescribeInstances was denied in eu-west-1")


def region(counts, doubts=None, listed=WORKLOADS, name="eu-west-1"):
    return sum_up("1", name, counts, doubts or {}, listed).attributes


@pytest.mark.parametrize(
    ("counts", "doubts", "in_use"),
    [
        ({}, {}, False),
        ({"aws_instance": 1}, {}, True),
        ({"aws_vpc": 1}, {}, False),
        ({}, {"aws_instance": DENIED}, DENIED),
        ({"aws_sqs_queue": 1}, {"aws_instance": DENIED}, True),
    ],
)
def test_a_region_is_in_use_when_something_runs_or_is_kept_there(counts, doubts, in_use):
    assert region(counts, doubts)["is_in_use"] is in_use


def test_a_type_that_was_not_listed_leaves_open_whether_the_region_is_in_use():
    found = region({}, listed=WORKLOADS - {"aws_instance"})["is_in_use"]
    assert isinstance(found, Unknown)
    assert "aws_instance" in found.cause


def test_counts_are_of_every_listed_type_and_unknown_where_a_listing_failed():
    counts = region(
        {"aws_vpc": 2}, {"aws_instance": DENIED}, ["aws_vpc", "aws_eip", "aws_instance"]
    )
    told = counts["counts"]
    assert (told["aws_vpc"], told["aws_eip"], told["aws_instance"]) == (2, 0, DENIED)


def test_counts_of_what_was_not_listed_are_unknown():
    assert isinstance(region({}, listed=["aws_vpc"])["counts"]["aws_eip"], Unknown)
    assert isinstance(region({}, listed=(), name=GLOBAL)["counts"]["aws_iam_user"], Unknown)


def test_what_lives_in_no_region_is_neither_in_use_nor_not():
    assert region({}, name=GLOBAL)["is_in_use"] is None


def test_every_workload_is_in_the_catalogue():
    assert live_types().keys() >= WORKLOADS
