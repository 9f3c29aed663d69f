"""From what rules look at to what is asked of AWS."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from rules.test_compile import compile_minimal

from auditkit.errors import SourceError
from auditkit.sources.aws.catalogue import is_listed_once, live_types
from auditkit.sources.aws.collecting import Place, listings, questions
from auditkit.sources.aws.selection import Selection, needs_live, select

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
HOME, AWAY = Place("1", "us-east-1"), Place("1", "eu-west-1", is_home=False)


def needed(*needs, **narrowed):
    return select([{type: names} for type, names in needs], **narrowed)


def asked(selection, place=HOME):
    return {question.call.operation for question in questions(selection.plan(NOW), place)}


def test_without_rules_everything_is_asked():
    selection = select(None)
    assert selection.types == tuple(live_types())
    assert selection.wanted is None


def test_what_names_a_resource_comes_with_it():
    selection = needed(("aws_kms_key", frozenset()))
    assert selection.types == ("aws_kms_key",)
    assert selection.wanted == {"aws_kms_key": frozenset({"id", "arn", "key_id"})}


def test_calls_that_tell_nothing_wanted_are_not_made():
    few = asked(needed(("aws_kms_key", frozenset({"enable_key_rotation"}))))
    assert few == {"kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus"}
    tagged = asked(needed(("aws_kms_key", frozenset({"tags"}))))
    assert tagged == {"kms:ListKeys", "kms:DescribeKey", "resourcegroupstaggingapi:GetResources"}


def test_companions_come_with_what_they_fill():
    selection = needed(("aws_s3_bucket", frozenset({"versioning"})))
    assert set(selection.types) == {"aws_s3_bucket", "aws_s3_bucket_versioning"}
    assert selection.wanted is not None
    assert {"bucket", "versioning_configuration"} <= selection.wanted["aws_s3_bucket_versioning"]
    assert set(needed(("aws_s3_bucket", frozenset({"tags"}))).types) == {"aws_s3_bucket"}


def test_everything_of_a_type_is_its_attributes_and_companions():
    selection = needed(("aws_s3_bucket", None))
    assert "aws_s3_bucket_public_access_block" in selection.types
    assert selection.wanted is not None
    assert {"tags", "bucket", "observed"} <= selection.wanted["aws_s3_bucket"]


def test_globs_and_other_names():
    assert needed(("aws_kms_*", frozenset({"policy"}))).types == tuple(
        type for type in live_types() if type.startswith("aws_kms_")
    )
    assert needed(("aws_thing", None), ("output", None)).types == ()


@pytest.mark.parametrize(
    ("narrowed", "types"),
    [
        ({"services": ["kms"]}, {"aws_kms_key"}),
        ({"types": ["aws_s3_bucket"]}, {"aws_s3_bucket"}),
        (
            {"services": ["kms"], "types": ["aws_s3_bucket"]},
            {"aws_kms_key", "aws_s3_bucket"},
        ),
    ],
)
def test_services_and_types_narrow_it(narrowed, types):
    found = needed(
        ("aws_kms_key", frozenset()),
        ("aws_s3_bucket", frozenset({"versioning"})),
        ("aws_ebs_volume", frozenset()),
        **narrowed,
    )
    assert set(found.types) == types


def test_what_is_not_in_the_catalogue_is_told():
    with pytest.raises(SourceError, match="no such service"):
        select(None, services=["kmz"])


def test_global_types_are_listed_at_home():
    assert is_listed_once("aws_iam_user_policy")
    assert not is_listed_once("aws_kms_key")
    assert not is_listed_once("aws_nobody_knows")
    selection = Selection(("aws_iam_group", "aws_kms_key"))
    assert selection.regional() == {"aws_kms_key"}
    assert asked(selection, AWAY) & {"iam:GetAccountAuthorizationDetails", "kms:ListKeys"} == {
        "kms:ListKeys"
    }


def test_what_is_done_is_not_asked_again():
    types = ("aws_s3_bucket", "aws_s3_bucket_versioning", "aws_kms_key")
    plan = Selection(types).plan(NOW, done=frozenset({"aws_s3_bucket", "aws_kms_key"}))
    # What is listed for each bucket is listed with the buckets.
    assert list(listings(plan, HOME)) == [("aws_s3_bucket", "aws_s3_bucket_versioning")]


@pytest.mark.parametrize(
    ("when", "taken", "left_out"),
    [
        ({"tags_all": {"exists": True}}, {"aws_s3_bucket"}, {"aws_s3_bucket_policy"}),
        # Whether a bucket has it nobody knows before it is read.
        ({"tags_all": {"exists": False}}, {"aws_s3_bucket", "aws_s3_bucket_policy"}, set()),
        # A companion tells it.
        ({"versioning": {"exists": True}}, {"aws_s3_bucket"}, {"aws_s3_bucket_policy"}),
        ({"observed.created": {"exists": True}}, {"aws_s3_bucket", "aws_s3_bucket_policy"}, set()),
        ({"related": {"type": "aws_kms_key", "via": "x"}}, {"aws_s3_bucket_policy"}, set()),
        (None, {"aws_s3_bucket", "aws_s3_bucket_policy"}, set()),
    ],
)
def test_a_glob_is_for_the_types_that_its_rule_can_apply_to(when, taken, left_out):
    given = {} if when is None else {"when": when}
    rule = compile_minimal(resource="aws_s3_*", require={"tags_all": {"has_keys": ["A"]}}, **given)
    types = set(select([needs_live(rule)]).types)
    assert types >= taken
    assert not types & left_out


def test_a_type_by_its_name_is_taken_whatever_the_rule_says():
    rule = compile_minimal(resource="aws_s3_bucket_policy", when={"tags_all": {"exists": True}})
    assert set(select([needs_live(rule)]).types) == {"aws_s3_bucket_policy"}
