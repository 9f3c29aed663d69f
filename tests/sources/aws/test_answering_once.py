"""Listings that are answered by a parent's record, or by another declaration's call."""

from __future__ import annotations

import pytest
from answering import Answers, collect_from

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.collecting import Listed

GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"
TARGETS = [
    {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}},
    {"Target": {"Id": "i-2", "Port": 80}, "TargetHealth": {"State": "unhealthy"}},
]
BALANCING = {
    "elbv2:DescribeTargetGroups": {
        "TargetGroups": [{"TargetGroupArn": GROUP, "TargetGroupName": "web"}]
    },
    "elbv2:DescribeTargetGroupAttributes": {"Attributes": []},
    "elbv2:DescribeTargetHealth": {"TargetHealthDescriptions": TARGETS},
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
}
CACHES = {
    "elasticache:DescribeCacheClusters": {
        "CacheClusters": [
            {
                "CacheClusterId": "sessions-001",
                "ReplicationGroupId": "sessions",
                "Engine": "redis",
                "EngineVersion": "7.1.0",
                "CacheSubnetGroupName": "private",
                "ARN": "arn:aws:elasticache:eu-west-1:123456789012:cluster:sessions-001",
            }
        ]
    },
    "elasticache:DescribeReplicationGroups": {
        "ReplicationGroups": [
            {
                "ReplicationGroupId": "sessions",
                "ARN": "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:sessions",
            }
        ]
    },
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
}


def _resources(events: list[object], type: str) -> list[Resource]:
    return [each for each in events if isinstance(each, Resource) and each.type == type]


@pytest.mark.parametrize("with_parent", [True, False])
def test_what_the_parent_tells_is_not_asked_again(with_parent: bool) -> None:
    session = Answers(BALANCING)
    types = ["aws_lb_target_group_attachment"] + ["aws_lb_target_group"] * with_parent
    events = collect_from(session, *types)
    attached = _resources(events, "aws_lb_target_group_attachment")
    assert sorted(str(each.attributes["target_id"]) for each in attached) == ["i-1", "i-2"]
    assert all(each.attributes["target_group_arn"] == GROUP for each in attached)
    operations = [operation for operation, _ in session.asked]
    assert operations.count("elbv2:DescribeTargetHealth") == 1


def test_a_denied_call_of_the_parent_leaves_the_listing_in_doubt() -> None:
    answers = {**BALANCING, "elbv2:DescribeTargetHealth": "AccessDenied"}
    events = collect_from(Answers(answers), "aws_lb_target_group", "aws_lb_target_group_attachment")
    (attached,) = _resources(events, "aws_lb_target_group_attachment")
    assert attached.doubt is not None
    assert "elasticloadbalancing:DescribeTargetHealth was denied" in attached.doubt.cause
    assert isinstance(attached.attributes["target_id"], Unknown)
    ends = {each.type: each.doubt for each in events if isinstance(each, Listed)}
    assert ends["aws_lb_target_group"] is None
    assert ends["aws_lb_target_group_attachment"] == attached.doubt
    (group,) = _resources(events, "aws_lb_target_group")
    assert group.attributes["name"] == "web"
    observed = group.attributes["observed"]
    assert isinstance(observed, dict)
    assert isinstance(observed["targets"], Unknown)


def test_two_declarations_share_a_call() -> None:
    session = Answers(CACHES)
    events = collect_from(session, "aws_elasticache_cluster", "aws_elasticache_replication_group")
    (group,) = _resources(events, "aws_elasticache_replication_group")
    assert group.attributes["subnet_group_name"] == "private"
    assert group.attributes["engine_version"] == "7.1"
    (cluster,) = _resources(events, "aws_elasticache_cluster")
    assert cluster.attributes["replication_group_id"] == "sessions"
    operations = [operation for operation, _ in session.asked]
    assert sorted(set(operations)) == sorted(operations)


def test_a_denied_call_that_is_shared_is_denied_to_both() -> None:
    answers = {**CACHES, "elasticache:DescribeCacheClusters": "AccessDenied"}
    events = collect_from(
        Answers(answers), "aws_elasticache_cluster", "aws_elasticache_replication_group"
    )
    (group,) = _resources(events, "aws_elasticache_replication_group")
    assert group.doubt is None
    assert isinstance(group.attributes["subnet_group_name"], Unknown)
    (cluster,) = _resources(events, "aws_elasticache_cluster")
    assert cluster.doubt is not None
