"""Targets that their group tells, and caches that two types ask for."""

from __future__ import annotations

from typing import Any

import pytest
from answering import PLACE, Answers

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Collected, Listed, Plan, collect

GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef"
TARGETS = [
    {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}},
    {"Target": {"Id": "i-2", "Port": 80}, "TargetHealth": {"State": "unhealthy"}},
]
BALANCING: dict[str, Any] = {
    "elbv2:DescribeTargetGroups": {
        "TargetGroups": [{"TargetGroupArn": GROUP, "TargetGroupName": "web"}]
    },
    "elbv2:DescribeTargetGroupAttributes": {"Attributes": []},
    "elbv2:DescribeTargetHealth": {"TargetHealthDescriptions": TARGETS},
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
}
CACHES: dict[str, Any] = {
    "elasticache:DescribeCacheClusters": {
        "CacheClusters": [
            {
                "CacheClusterId": "sessions-001",
                "ReplicationGroupId": "sessions",
                "Engine": "redis",
                "EngineVersion": "7.1.0",
                "CacheSubnetGroupName": "private",
            }
        ]
    },
    "elasticache:DescribeReplicationGroups": {
        "ReplicationGroups": [{"ReplicationGroupId": "sessions"}]
    },
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
}
ATTACHMENT, TARGET_GROUP = "aws_lb_target_group_attachment", "aws_lb_target_group"
CLUSTER, REPLICATION_GROUP = "aws_elasticache_cluster", "aws_elasticache_replication_group"


def _collected(reader: Answers, *types: str) -> list[Collected]:
    plan = Plan({name: live_types()[name] for name in types})
    return list(collect(PLACE, plan, reader))  # type: ignore[arg-type]


def _resources(events: list[Collected], type: str) -> list[Resource]:
    return [each for each in events if isinstance(each, Resource) and each.type == type]


@pytest.mark.parametrize("types", [(ATTACHMENT,), (ATTACHMENT, TARGET_GROUP)])
def test_targets_are_asked_for_once(types: tuple[str, ...]) -> None:
    reader = Answers(BALANCING)
    attached = _resources(_collected(reader, *types), ATTACHMENT)
    assert sorted(str(each.attributes["target_id"]) for each in attached) == ["i-1", "i-2"]
    assert all(each.attributes["target_group_arn"] == GROUP for each in attached)
    assert reader.asked["elbv2:DescribeTargetHealth"] == 1


def test_denied_targets_leave_their_listing_in_doubt() -> None:
    reader = Answers({**BALANCING, "elbv2:DescribeTargetHealth": "AccessDenied"})
    events = _collected(reader, TARGET_GROUP, ATTACHMENT)
    (attached,) = _resources(events, ATTACHMENT)
    assert attached.doubt is not None
    assert isinstance(attached.attributes["target_id"], Unknown)
    ends = {each.type: each.doubt for each in events if isinstance(each, Listed)}
    assert ends == {TARGET_GROUP: None, ATTACHMENT: attached.doubt}
    (group,) = _resources(events, TARGET_GROUP)
    assert group.attributes["name"] == "web"
    observed = group.attributes["observed"]
    assert isinstance(observed, dict)
    assert isinstance(observed["targets"], Unknown)


def test_health_of_a_group_is_counted() -> None:
    (group,) = _resources(_collected(Answers(BALANCING), TARGET_GROUP), TARGET_GROUP)
    observed = group.attributes["observed"]
    assert isinstance(observed, dict)
    counted = {name: observed[name] for name in observed if name.endswith("targets")}
    assert counted == {"healthy_targets": 1, "targets": 2, "unhealthy_targets": 1}


def test_a_replication_group_is_told_by_its_members() -> None:
    reader = Answers(CACHES)
    events = _collected(reader, CLUSTER, REPLICATION_GROUP)
    (group,) = _resources(events, REPLICATION_GROUP)
    assert group.attributes["subnet_group_name"] == "private"
    assert group.attributes["engine_version"] == "7.1"
    (cluster,) = _resources(events, CLUSTER)
    assert cluster.attributes["replication_group_id"] == "sessions"
    assert set(reader.asked.values()) == {1}


def test_denied_members_leave_what_they_tell_unknown() -> None:
    reader = Answers({**CACHES, "elasticache:DescribeCacheClusters": "AccessDenied"})
    events = _collected(reader, CLUSTER, REPLICATION_GROUP)
    (group,) = _resources(events, REPLICATION_GROUP)
    assert group.doubt is None
    assert isinstance(group.attributes["subnet_group_name"], Unknown)
    (cluster,) = _resources(events, CLUSTER)
    assert cluster.doubt is not None
