"""The policies that `auditkit iam-policy` prints."""

from __future__ import annotations

import json

import pytest

from auditkit.sources.aws.catalogue import choose_types, live_types
from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.permissions import DATA_READS
from auditkit.sources.aws.policies import (
    MOST_CHARACTERS,
    Needs,
    document_of,
    least_privilege,
    length_of,
)


def live(operation, *completing):
    calls = tuple(Call(each) for each in completing)
    return LiveType("aws_x", Call(operation), id="Name", completing=calls)


def allowed(policies):
    return [
        action
        for policy in policies
        for statement in policy
        if statement.effect == "Allow"
        for action in statement.actions
    ]


def test_it_has_each_action_once_and_sorted():
    types = [live("kms:ListKeys", "kms:DescribeKey"), live("kms:ListKeys", "s3:ListBuckets")]
    policies = least_privilege(types, Needs(finds_regions=False), denies_data=False)
    assert allowed(policies) == ["kms:DescribeKey", "kms:ListKeys", "s3:ListAllMyBuckets"]


def test_a_child_needs_what_lists_its_parents():
    types = choose_types(types=["aws_s3_bucket_versioning"]).values()
    actions = allowed(least_privilege(types, Needs()))
    assert {"s3:GetBucketVersioning", "s3:ListAllMyBuckets"} <= set(actions)
    assert "kms:ListKeys" not in actions


def test_what_the_run_needs_is_in_it_when_asked_for():
    needs = Needs(finds_accounts=True, assumes="audit", partition="aws-cn")
    (policy,) = least_privilege([live("kms:ListKeys")], needs, denies_data=False)
    read, assume = policy
    assert read.actions == ("ec2:DescribeRegions", "kms:ListKeys", "organizations:ListAccounts")
    assert assume.actions == ("sts:AssumeRole",)
    assert assume.resources == ("arn:aws-cn:iam::*:role/audit",)


def test_reads_of_data_are_denied_unless_not_wanted():
    types = [live("kms:ListKeys")]
    (policy,) = least_privilege(types, Needs())
    assert policy[-1].effect == "Deny"
    assert policy[-1].actions == DATA_READS
    (policy,) = least_privilege(types, Needs(), denies_data=False)
    assert {statement.effect for statement in policy} == {"Allow"}


def test_api_gateway_is_read_by_path():
    types = [live("apigateway:GetRestApis", "apigateway:GetStages", "apigatewayv2:GetApis")]
    (policy,) = least_privilege(types, Needs(), denies_data=False)
    assert policy[-1].actions == ("apigateway:GET",)
    assert policy[-1].resources == (
        "arn:aws:apigateway:*::/apis",
        "arn:aws:apigateway:*::/restapis",
        "arn:aws:apigateway:*::/restapis/*/stages",
    )


def test_a_path_below_another_needs_no_line():
    types = [live("apigateway:GetRestApi", "apigateway:GetStages")]
    (policy,) = least_privilege(types, Needs(), denies_data=False)
    assert policy[-1].resources == ("arn:aws:apigateway:*::/restapis/*",)


@pytest.mark.parametrize("denies_data", [True, False])
def test_no_policy_is_longer_than_iam_takes(denies_data):
    many = [live(f"iam:{name}") for name in ("ListUsers", "ListRoles")]
    many += [
        LiveType("aws_x", Call("iam:ListUsers", action=f"iam:{'List' * 10}{number:04}"), id="Name")
        for number in range(400)
    ]
    policies = least_privilege(many, Needs(), denies_data=denies_data)
    assert len(policies) > 3
    assert all(length_of(policy) <= MOST_CHARACTERS for policy in policies)
    actions = allowed(policies)
    assert len(actions) == len(set(actions)) == 403
    for policy in policies:
        sids = [statement.sid for statement in policy]
        assert len(sids) == len(set(sids))


def test_the_policies_of_the_whole_catalogue_fit_on_a_role():
    policies = least_privilege(live_types().values(), Needs(finds_accounts=True, assumes="audit"))
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(policies) <= 10
    for policy in policies:
        document = json.dumps(document_of(policy), separators=(",", ":"))
        assert len(document) == length_of(policy) <= MOST_CHARACTERS
