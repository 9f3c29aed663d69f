"""What a rule looks at, by its conditions."""

from __future__ import annotations

import pytest

from auditkit.pseudo_types import WORKLOADS
from auditkit.rules.needs import needs, searched
from rules.test_compile import compile_minimal

OWN = "aws_thing"


def needed(**changes):
    return needs(compile_minimal(**changes))


@pytest.mark.parametrize(
    ("require", "attributes"),
    [
        ({"safe": True}, {"safe"}),
        ({"logging[0].target": "x"}, {"logging"}),
        ({'tags["a.b"]': "x"}, {"tags"}),
        ({"safe": True, "other.inner": {"gte": 1}}, {"safe", "other"}),
        ({"any": [{"a": 1}, {"all": [{"b": 1}, {"c": 1}]}]}, {"a", "b", "c"}),
        ({"not": {"a": {"exists": True}}}, {"a"}),
        ({"none": "rules"}, {"rules"}),
        ({"each": {"of": "rules", "where": {"kind": "x"}, "match": {"open": False}}}, {"rules"}),
        (
            {"some": {"of": "a.b", "match": {"none": {"of": "c", "match": {"d": 1}}}}},
            {"a"},
        ),
        ({"policy": {"policy": {"none": {"of": "statements", "match": {"public": True}}}}}, None),
    ],
)
def test_attributes_of_the_resource(require, attributes):
    expected = {"policy"} if attributes is None else attributes
    assert needed(require=require) == {OWN: frozenset(expected)}


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ({"observed.last_used": {"newer_than": "90d"}}, {OWN: {"observed.last_used"}}),
        ({"observed": {"exists": True}}, {OWN: {"observed"}}),
        ({"none": {"of": "observed.versions", "match": {"a": 1}}}, {OWN: {"observed.versions"}}),
    ],
)
def test_what_is_observed_is_needed_one_by_one(require, expected):
    assert needed(require=require) == expected


def test_the_price_of_what_is_unused_is_needed():
    rule = {"resource": "aws_ebs_volume", "require": {"size": {"gte": 1}}}
    assert needed(**rule)["aws_ebs_volume"] == {"size"}
    assert needed(unused=True, **rule)["aws_ebs_volume"] == {"size", "type"}
    rule = {"resource": "aws_ecr_repository", "require": {"observed.images": {"gte": 1}}}
    assert needed(unused=True, **rule)["aws_ecr_repository"] == {
        "observed.images",
        "observed.stored_bytes",
    }


def test_a_region_needs_what_it_is_summed_up_from():
    found = needed(
        resource="live_region",
        when={"is_in_use": True},
        require={"counts.aws_guardduty_detector": {"gte": 1}},
    )
    assert found["live_region"] == {"is_in_use", "counts"}
    assert found["aws_guardduty_detector"] == frozenset()
    assert found.keys() >= WORKLOADS


def test_when_counts():
    assert needed(when={"kind": "x"}) == {OWN: frozenset({"safe", "kind"})}


def test_every_type_and_glob():
    expected = frozenset({"safe"})
    assert needed(resource=["aws_thing", "aws_other_*"]) == {
        "aws_thing": expected,
        "aws_other_*": expected,
    }


def test_what_it_names():
    require = {"related": {"type": "aws_x", "via": "a.b", "where": {"c": 1}, "match": {"d.e": 1}}}
    assert needed(require=require) == {OWN: {"a"}, "aws_x": {"c", "d"}}


def test_what_an_element_names():
    inner = {"related": {"type": "aws_x", "via": "key", "match": {"d": 1}}}
    assert needed(require={"each": {"of": "disks", "match": inner}}) == {
        OWN: {"disks"},
        "aws_x": {"d"},
    }


def test_what_names_it():
    by_path = {"referenced_by": {"types": ["aws_x"], "via": "a.b", "match": {"c": 1}}}
    assert needed(require=by_path) == {OWN: set(), "aws_x": {"a", "c"}}
    anywhere = {"referenced_by": {"types": ["aws_x", "aws_y*"]}}
    assert needed(require=anywhere) == {OWN: set(), "aws_x": None, "aws_y*": None}


@pytest.mark.parametrize(
    ("type", "stand_ins"),
    [
        ("aws_kms_key", {"aws_kms_alias": {"target_key_id"}}),
        ("aws_iam_role", {"aws_iam_instance_profile": {"role"}}),
        ("aws_lambda_*", {"aws_lambda_alias": {"function_name"}}),
        ("aws_s3_bucket", {}),
    ],
)
def test_what_stands_for_others(type, stand_ins):
    named = needed(require={"related": {"type": type, "via": "key"}})
    assert named == {OWN: {"key"}, type: set(), **stand_ins}
    naming = needed(resource=type, require={"referenced_by": {"types": ["aws_x"], "via": "key"}})
    assert naming == {type: set(), "aws_x": {"key"}, **stand_ins}


def test_a_glob_for_all_needs_every_stand_in():
    found = needed(require={"related": {"type": "*", "via": "key"}})
    assert {"aws_kms_alias", "aws_iam_instance_profile", "aws_lambda_alias"} <= set(found)


def test_a_check_in_python_may_look_at_everything():
    found = needed(
        drop=("require",),
        check="x:y",
        when={"kind": "x"},
        find_check=lambda name: lambda subject, params: True,
    )
    assert found == {OWN: None}


def test_conditions_that_are_not_compiled_yet():
    from auditkit.rules.compile import compile_rule
    from auditkit.rules.grammar import Context
    from rules.subjects import NOW, position
    from rules.test_compile import MINIMAL

    rule = compile_rule(MINIMAL, position, context=Context(NOW), trusted=True)
    assert needs(rule) == {OWN: frozenset({"safe"})}


def test_where_uses_are_searched():
    rule = compile_minimal(
        require={
            "any": [
                {"safe": True},
                {"not": {"referenced_by": {"types": ["aws_b", "aws_c*"]}}},
                {"related": {"type": "aws_a", "via": "key"}},
            ]
        }
    )
    assert searched(rule) == ("aws_a", "aws_b", "aws_c*")
    assert searched(compile_minimal(require={"safe": True})) == ()
