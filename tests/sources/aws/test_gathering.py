"""What was read in several regions as one inventory, and gaps as few lines."""

from __future__ import annotations

import pytest

from auditkit.model import Problem, Resource, Source, Unknown
from auditkit.sources.aws.collecting import Listed, Place
from auditkit.sources.aws.gathering import Gathering, merge_gaps

ONE, TWO = Place("1", "eu-west-1"), Place("1", "us-east-1")
DENIED = Unknown("ec2:DescribeVolumes was denied in us-east-1")


def volume(address, type="aws_ebs_volume", doubt=None):
    return Resource(type, address, {}, Source.LIVE, doubt=doubt)


def gathered(*events, types=("aws_ebs_volume",), sums_up=False):
    gathering = Gathering("1", {"eu-west-1": types, "us-east-1": types}, sums_up)
    for region, event in events:
        gathering.add(region, event)
    return gathering.inventory()


@pytest.mark.parametrize(
    ("ends", "covered", "gap"),
    [
        ([Listed("aws_ebs_volume", ONE), Listed("aws_ebs_volume", TWO)], True, None),
        (
            [Listed("aws_ebs_volume", ONE), Listed("aws_ebs_volume", TWO, DENIED)],
            False,
            DENIED.cause,
        ),
        ([Listed("aws_ebs_volume", ONE)], False, "what was read breaks off before it"),
    ],
)
def test_a_type_is_covered_if_it_was_listed_everywhere(ends, covered, gap):
    inventory = gathered(*((end.place.region, end) for end in ends))
    assert inventory.covered == (frozenset({"aws_ebs_volume"}) if covered else frozenset())
    assert {type: doubt.cause for type, doubt in inventory.gaps.items()} == (
        {"aws_ebs_volume": gap} if gap else {}
    )


@pytest.mark.parametrize("regions", [("eu-west-1", "us-east-1"), ("us-east-1", "eu-west-1")])
def test_the_gap_is_rather_what_no_resource_stands_for(regions):
    refused, stopped = regions
    interrupted = Unknown("the run was interrupted")
    found = gathered(
        (refused, volume(f"aws_ebs_volume/1/{refused}", doubt=DENIED)),
        (refused, Listed("aws_ebs_volume", ONE, DENIED)),
        (stopped, Listed("aws_ebs_volume", TWO, interrupted)),
    )
    assert found.gaps == {"aws_ebs_volume": interrupted}


def test_the_order_does_not_depend_on_what_came_first():
    one, two = ("eu-west-1", volume("arn:b")), ("us-east-1", volume("arn:a"))
    assert gathered(one, two) == gathered(two, one)


def test_objects_of_two_types_with_one_arn_are_two():
    found = gathered(("eu-west-1", volume("arn:a", "aws_b")), ("eu-west-1", volume("arn:a")))
    assert [resource.address for resource in found.resources] == ["arn:a", "arn:a#aws_ebs_volume"]


def test_what_a_page_repeats_is_there_once():
    found = gathered(("eu-west-1", volume("arn:a")), ("eu-west-1", volume("arn:a")))
    assert [resource.address for resource in found.resources] == ["arn:a"]


def test_regions_are_summed_up_by_what_was_listed_in_them():
    found = gathered(
        ("eu-west-1", volume("arn:a")),
        ("eu-west-1", volume("aws_ebs_volume/1/eu-west-1", doubt=DENIED)),
        ("eu-west-1", Listed("aws_ebs_volume", ONE)),
        ("us-east-1", Listed("aws_ebs_volume", TWO, DENIED)),
        sums_up=True,
    )
    sums = {
        resource.attributes["name"]: resource.attributes["counts"]["aws_ebs_volume"]
        for resource in found.resources
        if resource.type == "live_region"
    }
    assert sums == {"eu-west-1": 1, "us-east-1": DENIED}


def problem(account, region, what="kms:ListKeys was denied (AccessDenied)", types=": aws_kms_key"):
    return Problem("denied", f"{account}: {what} in {region}{types}")


A, B = "1" * 12, "2" * 12


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        (
            [problem(A, "eu-west-1"), problem(A, "us-east-1"), problem(B, "us-east-1")],
            [
                "kms:ListKeys was denied (AccessDenied) in eu-west-1, us-east-1 of"
                f" {A}; us-east-1 of {B}: aws_kms_key"
            ],
        ),
        (
            [problem(A, "us-gov-west-1"), problem(B, "us-gov-west-1")],
            [f"kms:ListKeys was denied (AccessDenied) in us-gov-west-1 of {A}, {B}: aws_kms_key"],
        ),
        (
            [problem(A, "eu-west-1"), problem(A, "eu-west-1", types="")],
            [
                f"kms:ListKeys was denied (AccessDenied) in eu-west-1 of {A}: aws_kms_key",
                f"kms:ListKeys was denied (AccessDenied) in eu-west-1 of {A}",
            ],
        ),
        ([Problem("syntax", "not HCL")], ["not HCL"]),
        (
            [problem(A, f"eu-west-{number}") for number in range(9)],
            [
                "kms:ListKeys was denied (AccessDenied) in eu-west-0, eu-west-1, eu-west-2,"
                f" eu-west-3, eu-west-4, eu-west-5 and 3 more of {A}: aws_kms_key"
            ],
        ),
    ],
)
def test_gaps_that_differ_in_place_alone_are_one(problems, expected):
    assert [each.message for each in merge_gaps(problems)] == expected


def test_problems_that_leave_nothing_out_stay_so():
    gone = Problem("gone", f"{A}: x:Y found nothing (Z) in eu-west-1", incomplete=False)
    (merged,) = merge_gaps([gone])
    assert not merged.incomplete
