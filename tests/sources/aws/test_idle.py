"""Rules on what is idle, on what AWS answers: from the calls to the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import PLACE, Answers

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source
from auditkit.rulepack import load_rules
from auditkit.rules.needs import needs
from auditkit.sources.aws.collecting import collect
from auditkit.sources.aws.selection import select

RULES = load_rules().rules
NOW = datetime.now(timezone.utc)
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)
ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"


def measured(**numbers: float) -> Any:
    """What CloudWatch answers: these metrics by name, and of others that it has no data."""

    def answer(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        results = []
        for query in arguments["MetricDataQueries"]:
            name = query["MetricStat"]["Metric"]["MetricName"]
            values = [numbers[name]] if name in numbers else []
            results.append({"Id": query["Id"], "Timestamps": [NOW] * len(values), "Values": values})
        return {"MetricDataResults": results}

    return answer


def verdicts(id: str, answers: Mapping[str, Any]) -> list[str]:
    """The verdicts of a rule of ours on what it has collected."""
    rule = RULES[id]
    chosen = select([needs(rule)])
    found = collect(PLACE, chosen.plan(NOW), Answers(answers))  # type: ignore[arg-type]
    resources = tuple(each for each in found if isinstance(each, Resource))
    inventory = Inventory(Source.LIVE, PLACE.account, resources, covered=frozenset(chosen.types))
    evaluation = evaluate([rule], link(inventory), keep_passes=True)
    return [finding.verdict.label for finding in evaluation.findings]


def balancer(kind: str, short: str) -> Mapping[str, Any]:
    return {
        "elbv2:DescribeLoadBalancers": {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": f"{ELB}:loadbalancer/{short}/web/50dc6c495c0c9188",
                    "LoadBalancerName": "web",
                    "Type": kind,
                    "CreatedTime": LONG_AGO,
                }
            ]
        },
        "elbv2:DescribeLoadBalancerAttributes": {"Attributes": []},
        "ec2:DescribeVpcEndpointServiceConfigurations": {"ServiceConfigurations": []},
        "ec2:DescribeVpcEndpointServicePermissions": {"AllowedPrincipals": []},
        "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
    }


@pytest.mark.parametrize(
    ("kind", "short", "numbers", "expected"),
    [
        ("application", "app", {"RequestCount": 0}, "fail"),
        ("application", "app", {}, "fail"),
        ("application", "app", {"RequestCount": 1}, "pass"),
        ("application", "app", {"HTTP_Redirect_Count": 1}, "pass"),
        ("network", "net", {"ActiveFlowCount": 0, "ProcessedBytes": 0}, "fail"),
        ("network", "net", {"ActiveFlowCount": 1}, "pass"),
        ("gateway", "gwy", {}, "fail"),
        ("gateway", "gwy", {"ProcessedBytes": 1}, "pass"),
    ],
)
def test_idle_balancer(kind, short, numbers, expected):
    answers = {**balancer(kind, short), "cloudwatch:GetMetricData": measured(**numbers)}
    assert verdicts("elb-idle", answers) == [expected]


def test_a_balancer_of_which_cloudwatch_tells_nothing_is_unknown():
    assert verdicts("elb-idle", balancer("application", "app")) == ["unknown"]


@pytest.mark.parametrize("short", ["app", "net", "gwy"])
@pytest.mark.parametrize(("number", "expected"), [(0, "fail"), (1, "pass")])
def test_a_group_of_ill_targets(short, number, expected):
    group = {
        "TargetGroupArn": f"{ELB}:targetgroup/web/73e2d6bc24d8a067",
        "TargetGroupName": "web",
        "TargetType": "instance",
        "HealthCheckEnabled": True,
        "LoadBalancerArns": [f"{ELB}:loadbalancer/{short}/web/50dc6c495c0c9188"],
    }
    ill = {"Target": {"Id": "i-1"}, "TargetHealth": {"State": "unhealthy"}}
    answers = {
        "elbv2:DescribeTargetGroups": {"TargetGroups": [group]},
        "elbv2:DescribeTargetHealth": {"TargetHealthDescriptions": [ill]},
        "elbv2:DescribeTargetGroupAttributes": {"Attributes": []},
        "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
        "cloudwatch:GetMetricData": measured(HealthyHostCount=number),
    }
    assert verdicts("elb-target-group-healthy", answers) == [expected]


def instance(**tags: str) -> Mapping[str, Any]:
    listed = {
        "InstanceId": "i-1",
        "ImageId": "ami-1",
        "InstanceType": "m7g.large",
        "State": {"Name": "running"},
        "LaunchTime": LONG_AGO,
        "Tags": [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()],
    }
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": [listed]}]}}


@pytest.mark.parametrize(
    ("rule", "numbers", "expected"),
    [
        ("ec2-instance-cpu-used", {"CPUUtilization": 12.0}, ["fail"]),
        ("ec2-instance-cpu-used", {"CPUUtilization": 70.0}, ["pass"]),
        ("ec2-instance-cpu-used", {"CPUUtilization": 12.0, "mem_used_percent": 70.0}, ["pass"]),
        ("ec2-instance-cpu-used", {}, []),
        # Without the agent there is nothing to say of memory.
        ("ec2-instance-memory-used", {"CPUUtilization": 12.0}, []),
        ("ec2-instance-memory-used", {"mem_used_percent": 12.0}, ["fail"]),
        ("ec2-instance-memory-used", {"mem_used_percent": 70.0}, ["pass"]),
        ("ec2-instance-idle", {"CPUUtilization": 2.0, "NetworkIn": 1.0}, ["fail"]),
        ("ec2-instance-idle", {"CPUUtilization": 2.0, "NetworkIn": 1e9}, ["pass"]),
    ],
)
def test_size_of_an_instance(rule, numbers, expected):
    answers = {**instance(), "cloudwatch:GetMetricData": measured(**numbers)}
    assert verdicts(rule, answers) == expected


def test_memory_of_an_instance_in_a_group():
    answers = {
        **instance(aws__autoscaling__groupName="web"),
        "cloudwatch:GetMetricData": measured(mem_used_percent=12.0),
    }
    assert verdicts("ec2-instance-memory-used", answers) == ["fail"]


def test_denied_memory_is_unknown():
    assert verdicts("ec2-instance-memory-used", instance()) == ["unknown"]


@pytest.mark.parametrize(
    ("endpoint", "numbers", "expected"),
    [
        ({"VpcEndpointType": "Interface"}, {}, ["fail"]),
        ({"VpcEndpointType": "Interface"}, {"BytesProcessed": 9}, ["pass"]),
        ({"VpcEndpointType": "Gateway"}, {}, []),
        ({"VpcEndpointType": "Interface", "ServiceRegion": "eu-west-1"}, {}, []),
    ],
)
def test_idle_endpoint(endpoint, numbers, expected):
    listed = {
        **endpoint,
        "VpcEndpointId": "vpce-1",
        "ServiceName": "com.amazonaws.us-east-1.sqs",
        "VpcId": "vpc-1",
        "State": "available",
        "CreationTimestamp": LONG_AGO,
    }
    answers = {
        "ec2:DescribeVpcEndpoints": {"VpcEndpoints": [listed]},
        "ec2:DescribePrefixLists": {"PrefixLists": []},
        "cloudwatch:GetMetricData": measured(**numbers),
    }
    assert verdicts("vpc-endpoint-idle", answers) == expected


def test_log_groups_are_asked_for_no_streams():
    groups = [
        {
            "logGroupName": name,
            "arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{name}:*",
            "creationTime": int(LONG_AGO.timestamp() * 1000),
            "storedBytes": 4096,
            "logGroupClass": "STANDARD",
        }
        for name in ("a", "b")
    ]
    answers = {
        "logs:DescribeLogGroups": {"logGroups": groups},
        "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
        # A call that is not in the table is denied, and would leave the verdict open.
        "cloudwatch:GetMetricData": measured(),
    }
    assert verdicts("log-group-stale", answers) == ["fail", "fail"]
