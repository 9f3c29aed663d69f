"""What tells whether something is still used: metrics, names in texts, deployments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import PLACE, Answers, read

from auditkit.model import Resource
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Plan, collect
from auditkit.sources.aws.declarations import Metric
from auditkit.sources.aws.expressions import Record, compile_expression
from auditkit.sources.aws.metrics import MEMBER, measure

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
NO_TAGS = {"resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []}}
ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"


def observed(resource: Resource) -> Any:
    return resource.attributes["observed"]


class CloudWatch(Answers):
    """A CloudWatch that measured one in every metric, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__({"cloudwatch:GetMetricData": self.answer})
        self.metrics: list[Mapping[str, Any]] = []

    def answer(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        queries = arguments["MetricDataQueries"]
        self.metrics += [query["MetricStat"]["Metric"] for query in queries]
        results = [{"Id": each["Id"], "Timestamps": [NOW], "Values": [1.0]} for each in queries]
        return {"MetricDataResults": results}


def asked(type: str, record: Mapping[str, Any], *names: str) -> list[tuple[str, str, Any]]:
    """Namespace, name and dimensions of what is asked about a record."""
    cloudwatch = CloudWatch()
    metrics: Mapping[str, Metric] = live_types()[type].metrics
    chosen = {name: metrics[name] for name in names or metrics}
    records = [Record(record)]
    assert not list(measure(chosen, records, cloudwatch, "us-east-1", now=NOW))  # type: ignore[arg-type]
    assert set(records[0][MEMBER].values()) <= {1.0}
    return [
        (
            each["Namespace"],
            each["MetricName"],
            {dimension["Name"]: dimension["Value"] for dimension in each["Dimensions"]},
        )
        for each in cloudwatch.metrics
    ]


@pytest.mark.parametrize(
    ("kind", "short", "expected"),
    [
        (
            "application",
            "app",
            {"RequestCount", "HTTP_Redirect_Count", "HTTP_Fixed_Response_Count"},
        ),
        ("network", "net", {"ActiveFlowCount", "ProcessedBytes"}),
        ("gateway", "gwy", {"ProcessedBytes"}),
    ],
)
def test_a_balancer_is_measured_by_its_kind(kind, short, expected):
    arn = f"{ELB}:loadbalancer/{short}/web/50dc6c495c0c9188"
    found = asked("aws_lb", {"Type": kind, "LoadBalancerArn": arn})
    assert {name for _, name, _ in found} == expected
    assert {each["LoadBalancer"] for _, _, each in found} == {f"{short}/web/50dc6c495c0c9188"}


def test_a_target_group_is_measured_behind_its_balancer():
    group = {
        "TargetGroupArn": f"{ELB}:targetgroup/web/73e2d6bc24d8a067",
        "LoadBalancerArns": [f"{ELB}:loadbalancer/net/web/50dc6c495c0c9188"],
    }
    assert asked("aws_lb_target_group", group) == [
        (
            "AWS/NetworkELB",
            "HealthyHostCount",
            {
                "LoadBalancer": "net/web/50dc6c495c0c9188",
                "TargetGroup": "targetgroup/web/73e2d6bc24d8a067",
            },
        )
    ]
    assert asked("aws_lb_target_group", {**group, "LoadBalancerArns": []}) == []


@pytest.mark.parametrize(
    ("endpoint", "is_measured"),
    [
        ({"VpcEndpointType": "Interface"}, True),
        ({"VpcEndpointType": "GatewayLoadBalancer", "ServiceRegion": "us-east-1"}, True),
        ({"VpcEndpointType": "Gateway"}, False),
        ({"VpcEndpointType": "Interface", "ServiceRegion": "eu-west-1"}, False),
    ],
)
def test_an_endpoint_is_measured_where_aws_does(endpoint, is_measured):
    record = {
        **endpoint,
        "ServiceName": "com.amazonaws.us-east-1.sqs",
        "VpcEndpointId": "vpce-1",
        "VpcId": "vpc-1",
        "_region": "us-east-1",
    }
    expected = {
        "Endpoint Type": endpoint["VpcEndpointType"],
        "Service Name": "com.amazonaws.us-east-1.sqs",
        "VPC Endpoint Id": "vpce-1",
        "VPC Id": "vpc-1",
    }
    found = [("AWS/PrivateLinkEndpoints", "BytesProcessed", expected)]
    assert asked("aws_vpc_endpoint", record) == (found if is_measured else [])
    text = live_types()["aws_vpc_endpoint"].observed["is_measured"]
    assert compile_expression(text)(record) is is_measured


def test_memory_is_asked_for_by_the_dimensions_of_the_agent():
    instance = {"InstanceId": "i-1", "ImageId": "ami-1", "InstanceType": "m7g.large", "Tags": []}
    by_type = {"InstanceId": "i-1", "ImageId": "ami-1", "InstanceType": "m7g.large"}
    names = [name for name in live_types()["aws_instance"].metrics if "memory" in name]
    assert [each for _, _, each in asked("aws_instance", instance, *names)] == [
        {"InstanceId": "i-1"},
        by_type,
    ]
    in_group = {**instance, "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "web"}]}
    assert asked("aws_instance", in_group, "memory_percent_by_group") == [
        ("CWAgent", "mem_used_percent", {**by_type, "AutoScalingGroupName": "web"})
    ]


@pytest.mark.parametrize(
    ("name", "kind", "owner"),
    [
        ("/aws/lambda/orders", "function", "orders"),
        ("/aws/lambda/us-east-1.orders", "edge_function", "orders"),
        ("/aws/codebuild/web", "build_project", "web"),
        ("/aws/eks/main/cluster", "eks_cluster", "main"),
        ("/aws/rds/instance/orders/error", "db_instance", "orders"),
        ("/aws/rds/cluster/orders/audit", "db_cluster", "orders"),
        ("/aws/docdb/orders/audit", "db_cluster", "orders"),
        ("API-Gateway-Execution-Logs_a1b2c3/prod", "rest_api", "a1b2c3"),
        ("/team/aws/lambda/orders", None, None),
        ("/aws/eks/main/workloads", None, None),
    ],
)
def test_the_name_of_a_log_group_tells_what_it_was_made_for(name, kind, owner):
    told = {
        each: compile_expression(text)({"logGroupName": name})
        for each, text in live_types()["aws_cloudwatch_log_group"].observed.items()
        if each
        in {
            "function",
            "edge_function",
            "build_project",
            "eks_cluster",
            "db_instance",
            "db_cluster",
            "rest_api",
        }
    }
    assert {each: value for each, value in told.items() if value} == ({kind: owner} if kind else {})


@pytest.mark.parametrize(
    ("rule", "alarms"),
    [
        ('ALARM("cpu")', ["cpu"]),
        ("ALARM(cpu) AND NOT OK( 'disk' )", ["cpu", "disk"]),
        ('(ALARM("cpu (high)") OR INSUFFICIENT_DATA(disk))', ["cpu (high)", "disk"]),
        (
            "ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu)",
            ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"],
        ),
        ("TRUE", []),
    ],
)
def test_a_composite_alarm_tells_its_children(rule, alarms):
    answers = {
        "cloudwatch:DescribeAlarms": {
            "CompositeAlarms": [
                {
                    "AlarmName": "service",
                    "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:service",
                    "AlarmRule": rule,
                }
            ]
        },
        **NO_TAGS,
    }
    (alarm,) = read(answers, "aws_cloudwatch_composite_alarm")
    assert observed(alarm)["alarms"] == alarms


def test_a_deployment_group_names_its_target_groups():
    answers = {
        "codedeploy:ListApplications": {"applications": ["web"]},
        "codedeploy:ListDeploymentGroups": {"applicationName": "web", "deploymentGroups": ["blue"]},
        "codedeploy:BatchGetDeploymentGroups": lambda arguments: {
            "deploymentGroupsInfo": [
                {
                    "applicationName": arguments["applicationName"],
                    "deploymentGroupId": "11111111-2222-3333-4444-555555555555",
                    "deploymentGroupName": name,
                    "serviceRoleArn": "arn:aws:iam::123456789012:role/deploy",
                    "autoScalingGroups": [{"name": "web", "hook": "CodeDeploy"}],
                    "alarmConfiguration": {"enabled": True, "alarms": [{"name": "errors"}]},
                    "loadBalancerInfo": {
                        "targetGroupPairInfoList": [
                            {
                                "targetGroups": [{"name": "blue"}, {"name": "green"}],
                                "prodTrafficRoute": {"listenerArns": [f"{ELB}:listener/app/w/1"]},
                            }
                        ]
                    },
                    "ecsServices": [{"serviceName": "web", "clusterName": "main"}],
                    "ec2TagSet": {
                        "ec2TagSetList": [
                            [{"Key": "Role", "Value": "web", "Type": "KEY_AND_VALUE"}],
                            [{"Key": "Stage", "Value": "prod", "Type": "KEY_AND_VALUE"}],
                        ]
                    },
                }
                for name in arguments["deploymentGroupNames"]
            ]
        },
        **NO_TAGS,
    }
    (group,) = read(answers, "aws_codedeploy_deployment_group")
    assert group.id == "11111111-2222-3333-4444-555555555555"
    assert group.address == "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:web/blue"
    assert group.attributes["app_name"] == "web"
    assert group.attributes["autoscaling_groups"] == ["web"]
    assert group.attributes["ecs_service"] == [{"cluster_name": "main", "service_name": "web"}]
    (balancers,) = group.attributes["load_balancer_info"]  # type: ignore[misc, union-attr]
    (pair,) = balancers["target_group_pair_info"]
    assert pair["target_group"] == [{"name": "blue"}, {"name": "green"}]
    first, second = group.attributes["ec2_tag_set"]  # type: ignore[misc]
    assert first["ec2_tag_filter"][0]["key"] == "Role"
    assert second["ec2_tag_filter"][0]["value"] == "prod"
    (alarms,) = group.attributes["alarm_configuration"]  # type: ignore[misc, union-attr]
    assert alarms["alarms"] == ["errors"]


def test_the_other_group_of_a_blue_green_deployment():
    green = f"{ELB}:targetgroup/green/73e2d6bc24d8a067"
    cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
    service = "arn:aws:ecs:us-east-1:123456789012:service/main/web"
    answers = {
        "ecs:ListClusters": {"clusterArns": [cluster]},
        "ecs:DescribeClusters": {"clusters": [{"clusterArn": cluster, "clusterName": "main"}]},
        "ecs:ListServices": {"serviceArns": [service]},
        "ecs:DescribeServices": {
            "services": [
                {
                    "serviceArn": service,
                    "serviceName": "web",
                    "status": "ACTIVE",
                    "loadBalancers": [
                        {
                            "targetGroupArn": f"{ELB}:targetgroup/blue/73e2d6bc24d8a066",
                            "containerName": "web",
                            "containerPort": 80,
                            "advancedConfiguration": {"alternateTargetGroupArn": green},
                        }
                    ],
                }
            ]
        },
    }
    (found,) = read(answers, "aws_ecs_service")
    assert observed(found)["alternate_target_groups"] == [green]


def test_an_account_counts_the_trails_of_all_regions():
    answers = {
        "sts:GetCallerIdentity": {"Account": "123456789012"},
        "cloudtrail:DescribeTrails": {
            "trailList": [
                {"Name": "all", "IsMultiRegionTrail": True, "HomeRegion": "eu-west-1"},
                {"Name": "one", "IsMultiRegionTrail": False, "HomeRegion": "us-east-1"},
            ]
        },
    }
    (account,) = read(answers, "live_account")
    assert account.attributes["multi_region_trails"] == 1


def test_virtual_interfaces_of_direct_connect():
    interface = {
        "virtualInterfaceId": "dxvif-1",
        "virtualInterfaceType": "private",
        "virtualInterfaceName": "office",
        "virtualInterfaceState": "down",
        "ownerAccount": "123456789012",
        "connectionId": "dxcon-1",
        "vlan": 100,
        "asn": 65000,
        "amazonSideAsn": 64512,
        "authKey": "the secret of the session",
        "customerRouterConfig": "<key>the secret of the session</key>",
        "virtualGatewayId": "vgw-1",
        "directConnectGatewayId": "",
        "bgpPeers": [
            {
                "authKey": "the secret of the session",
                "bgpPeerState": "available",
                "bgpStatus": "down",
            }
        ],
        "tags": [{"key": "Owner", "value": "network"}],
    }
    answers = {
        "directconnect:DescribeVirtualInterfaces": {
            "virtualInterfaces": [
                interface,
                {**interface, "virtualInterfaceId": "dxvif-2", "virtualInterfaceType": "transit"},
                {**interface, "virtualInterfaceId": "dxvif-3", "ownerAccount": "210987654321"},
                {**interface, "virtualInterfaceId": "dxvif-4", "virtualInterfaceState": "deleted"},
            ]
        }
    }
    types = [f"aws_dx_{kind}_virtual_interface" for kind in ("private", "public", "transit")]
    private, transit = read(answers, *types)
    assert (private.id, transit.id) == ("dxvif-1", "dxvif-2")
    assert private.address == "arn:aws:directconnect:us-east-1:123456789012:dxvif/dxvif-1"
    told = private.attributes
    assert (told["name"], told["bgp_asn"], told["vlan"]) == ("office", 65000, 100)
    assert (told["amazon_side_asn"], told["vpn_gateway_id"]) == ("64512", "vgw-1")
    assert told["tags"] == {"Owner": "network"}
    assert observed(private) == {
        "peers": [{"state": "available", "status": "down"}],
        "state": "down",
    }
    assert "secret" not in repr(private)


@pytest.mark.parametrize(
    ("wanted", "is_asked"),
    [
        ({"observed"}, False),
        ({"observed.created"}, False),
        ({"observed", "observed.bytes"}, True),
        ({"observed.bytes"}, True),
    ],
)
def test_cloudwatch_is_asked_only_for_what_a_rule_names(wanted, is_asked):
    endpoint = {
        "VpcEndpointId": "vpce-1",
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.us-east-1.sqs",
        "VpcId": "vpc-1",
        "State": "available",
        "CreationTimestamp": NOW,
    }
    reader = Answers(
        {
            "ec2:DescribeVpcEndpoints": {"VpcEndpoints": [endpoint]},
            "ec2:DescribePrefixLists": {"PrefixLists": []},
            "cloudwatch:GetMetricData": {"MetricDataResults": []},
        }
    )
    type = "aws_vpc_endpoint"
    plan = Plan({type: live_types()[type]}, wanted={type: frozenset(wanted)})
    found = [each for each in collect(PLACE, plan, reader) if isinstance(each, Resource)]  # type: ignore[arg-type]
    assert len(found) == 1
    assert (reader.asked["cloudwatch:GetMetricData"] > 0) is is_asked
