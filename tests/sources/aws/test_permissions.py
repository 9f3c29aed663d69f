"""The IAM actions of the catalogue, held against IAM's own list of actions.

The list is ``iam_actions.tsv``, which ``scripts/iam_actions.py`` writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from auditkit.sources.aws.catalogue import live_types, operations
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.permissions import DATA_READS, action_for, action_of, resource_of
from auditkit.sources.aws.policies import needed_calls

NEWER = {
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
    "kms:GetKeyLastUsage",
}
"""Actions that are younger than the list."""


def known_actions() -> Mapping[str, str]:
    """Action to its level of access."""
    text = (Path(__file__).parent / "iam_actions.tsv").read_text(encoding="utf-8")
    return {
        f"{prefix}:{name}": level
        for prefix, level, names in (line.split("\t") for line in text.splitlines())
        for name in names.split()
    }


KNOWN = known_actions()


@pytest.mark.parametrize(
    "call",
    sorted(
        {call.operation: call for call in needed_calls(live_types().values())}.values(), key=str
    ),
    ids=lambda call: call.operation,
)
def test_every_action_of_the_catalogue_is_a_read_that_iam_knows(call):
    action = action_of(call)
    assert action in NEWER or KNOWN.get(action) in ("List", "Read"), action


def test_the_list_of_newer_actions_has_no_old_ones():
    assert not NEWER & KNOWN.keys()


def test_every_denied_action_exists():
    unknown = [
        pattern
        for pattern in DATA_READS
        if not any(fnmatchcase(action, pattern) for action in KNOWN)
    ]
    assert not unknown


def test_what_is_denied_is_never_needed():
    actions = {action_of(call) for call in needed_calls(live_types().values())}
    actions |= {action_for(operation) for operation in operations()}
    # IAM does not tell case apart.
    overlap = {
        (action, pattern)
        for action in actions
        for pattern in DATA_READS
        if fnmatchcase(action.lower(), pattern.lower())
    }
    assert not overlap


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("s3:ListBuckets", "s3:ListAllMyBuckets"),
        ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
        ("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("apigateway:GetRestApis", "apigateway:GET"),
        ("apigatewayv2:GetApis", "apigateway:GET"),
        ("accessanalyzer:ListAnalyzers", "access-analyzer:ListAnalyzers"),
        ("budgets:DescribeBudgets", "budgets:ViewBudget"),
        ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms"),
        ("docdb:DescribeDBClusters", "rds:DescribeDBClusters"),
        ("efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("elbv2:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        ("opensearch:DescribeDomains", "es:DescribeDomains"),
        ("resourcegroupstaggingapi:GetResources", "tag:GetResources"),
        ("service-quotas:ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        ("sesv2:ListEmailIdentities", "ses:ListEmailIdentities"),
        ("sso-admin:ListInstances", "sso:ListInstances"),
        ("stepfunctions:ListStateMachines", "states:ListStateMachines"),
    ],
)
def test_renamed_actions(operation, action):
    assert action_for(operation) == action
    assert KNOWN[action] in ("List", "Read")


@pytest.mark.parametrize(
    ("operation", "resource"),
    [
        ("kms:ListKeys", "*"),
        ("apigateway:GetRestApis", "arn:aws:apigateway:*::/restapis"),
        ("apigateway:GetStages", "arn:aws:apigateway:*::/restapis/*/stages"),
        ("apigatewayv2:GetStages", "arn:aws:apigateway:*::/apis/*/stages"),
    ],
)
def test_resources_are_narrow_where_the_action_is_wide(operation, resource):
    assert resource_of(Call(operation)) == resource


def test_no_identity_rows():
    source = Path(action_for.__wrapped__.__code__.co_filename).read_text(encoding="utf-8")
    same = re.findall(r'^    "([\w-]+:\w+)": "\1",$', source, re.M)
    assert not same
