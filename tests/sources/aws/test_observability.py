"""What of CloudWatch, its logs and X-Ray moto lacks."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from answering import Answers, read

from auditkit.model import Resource
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Place, Plan, collect

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
MILLISECONDS = 1740821400000
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:"
GROUPS = [
    {
        "logGroupName": "/used",
        "creationTime": MILLISECONDS,
        "arn": f"{ARN}/used:*",
        "logGroupArn": f"{ARN}/used",
        "storedBytes": 4096,
        "metricFilterCount": 0,
        "logGroupClass": "INFREQUENT_ACCESS",
    },
    {
        "logGroupName": "/empty",
        "creationTime": MILLISECONDS,
        "arn": f"{ARN}/empty:*",
        "logGroupArn": f"{ARN}/empty",
        "storedBytes": 0,
        "retentionInDays": 30,
        "logGroupClass": "STANDARD",
    },
]
LOGS: dict[str, Any] = {
    "logs:DescribeLogGroups": {"logGroups": GROUPS},
    "logs:DescribeLogStreams": {
        "logStreams": [
            {
                "logStreamName": "one",
                "lastEventTimestamp": MILLISECONDS - 1000,
                "lastIngestionTime": MILLISECONDS,
            }
        ]
    },
    "logs:DescribeSubscriptionFilters": lambda arguments: {
        "subscriptionFilters": [
            {
                "filterName": "all",
                "logGroupName": arguments["logGroupName"],
                "filterPattern": "",
                "destinationArn": "arn:aws:kinesis:us-east-1:123456789012:stream/logs",
                "roleArn": "arn:aws:iam::123456789012:role/logs",
                "distribution": "ByLogStream",
                "creationTime": MILLISECONDS,
            }
        ]
        if arguments["logGroupName"] == "/used"
        else []
    },
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
}


def observed(resource: Resource) -> Any:
    return resource.attributes["observed"]


def test_streams_are_asked_for_where_something_is_stored() -> None:
    empty, used = read(LOGS, "aws_cloudwatch_log_group")
    assert (used.id, used.address) == ("/used", f"{ARN}/used")
    assert observed(used)["last_used"] == "2025-03-01T09:30:00Z"
    assert observed(used)["last_event"] == "2025-03-01T09:29:59Z"
    assert observed(used)["created"] == "2025-03-01T09:30:00Z"
    assert used.attributes["retention_in_days"] == 0
    assert observed(empty)["last_used"] is None
    assert empty.attributes["retention_in_days"] == 30
    reader = Answers(LOGS)
    plan = Plan({"aws_cloudwatch_log_group": live_types()["aws_cloudwatch_log_group"]})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert reader.asked["logs:DescribeLogStreams"] == 1


def test_streams_are_left_alone_if_no_rule_asks() -> None:
    reader = Answers(LOGS)
    type = "aws_cloudwatch_log_group"
    plan = Plan({type: live_types()[type]}, {type: frozenset({"retention_in_days"})})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert dict(reader.asked) == {"logs:DescribeLogGroups": 1}


def test_subscription_filters() -> None:
    (filter,) = read(LOGS, "aws_cloudwatch_log_subscription_filter")
    # The provider makes this id of the group's name.
    assert filter.id == "cwlsf-97684880"
    assert filter.attributes["log_group_name"] == "/used"
    assert filter.attributes["destination_arn"] == (
        "arn:aws:kinesis:us-east-1:123456789012:stream/logs"
    )


def test_masking_of_data() -> None:
    masked = {**GROUPS[0], "dataProtectionStatus": "ACTIVATED"}
    policy = '{"Name":"mask","Version":"2021-06-01"}'
    (protection,) = read(
        {
            "logs:DescribeLogGroups": {"logGroups": [masked, GROUPS[1]]},
            "logs:GetDataProtectionPolicy": {
                "logGroupIdentifier": "/used",
                "policyDocument": policy,
            },
        },
        "aws_cloudwatch_log_data_protection_policy",
    )
    assert protection.id == protection.attributes["log_group_name"] == "/used"
    assert protection.attributes["policy_document"] == policy


def test_delivery_sources_name_what_they_log() -> None:
    distribution = "arn:aws:cloudfront::123456789012:distribution/E1"
    (source,) = read(
        {
            "logs:DescribeDeliverySources": {
                "deliverySources": [
                    {
                        "name": "edge",
                        "arn": "arn:aws:logs:us-east-1:123456789012:delivery-source:edge",
                        "resourceArns": [distribution],
                        "service": "cloudfront",
                        "logType": "ACCESS_LOGS",
                        "tags": {"Owner": "web"},
                    }
                ]
            }
        },
        "aws_cloudwatch_log_delivery_source",
    )
    assert (source.id, source.attributes["resource_arn"]) == ("edge", distribution)
    assert source.attributes["tags"] == {"Owner": "web"}


def test_both_kinds_of_alarms_come_from_one_call() -> None:
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
    table = {
        "cloudwatch:DescribeAlarms": {
            "MetricAlarms": [
                {
                    "AlarmName": "cpu",
                    "AlarmArn": f"{arn}cpu",
                    "ActionsEnabled": True,
                    "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:alarms"],
                    "StateValue": "INSUFFICIENT_DATA",
                    "StateUpdatedTimestamp": THEN,
                    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
                    "Threshold": 80.0,
                }
            ],
            "CompositeAlarms": [
                {
                    "AlarmName": "any",
                    "AlarmArn": f"{arn}any",
                    "ActionsEnabled": False,
                    "AlarmRule": 'ALARM("cpu")',
                    "StateValue": "OK",
                    "StateUpdatedTimestamp": THEN,
                    "ActionsSuppressor": "night",
                    "ActionsSuppressorWaitPeriod": 60,
                    "ActionsSuppressorExtensionPeriod": 30,
                }
            ],
        },
        "resourcegroupstaggingapi:GetResources": {
            "ResourceTagMappingList": [
                {"ResourceARN": f"{arn}any", "Tags": [{"Key": "Owner", "Value": "ops"}]}
            ]
        },
    }
    types = ("aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm")
    composite, metric = read(table, *types)
    assert composite.attributes["alarm_rule"] == 'ALARM("cpu")'
    assert composite.attributes["actions_suppressor"] == [
        {"alarm": "night", "wait_period": 60, "extension_period": 30}
    ]
    assert composite.attributes["tags"] == {"Owner": "ops"}
    assert metric.attributes["dimensions"] == {"InstanceId": "i-1"}
    assert observed(metric)["state"] == "INSUFFICIENT_DATA"
    assert observed(metric)["state_updated"] == "2025-03-01T09:30:00Z"
    reader = Answers(table)
    plan = Plan({name: live_types()[name] for name in types})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert reader.asked["cloudwatch:DescribeAlarms"] == 1


def test_tracing() -> None:
    arn = "arn:aws:xray:us-east-1:123456789012:"
    key = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"
    rule = {
        "RuleName": "few",
        "RuleARN": f"{arn}sampling-rule/few",
        "ResourceARN": "*",
        "Priority": 100,
        "FixedRate": 0.05,
        "ReservoirSize": 1,
        "ServiceName": "*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "GET",
        "URLPath": "/*",
        "Version": 1,
        "Attributes": {"a": "b"},
    }
    default = {**rule, "RuleName": "Default", "RuleARN": f"{arn}sampling-rule/Default"}
    config, group, sampling = read(
        {
            "xray:GetEncryptionConfig": {
                "EncryptionConfig": {"KeyId": key, "Status": "ACTIVE", "Type": "KMS"}
            },
            "xray:GetGroups": {
                "Groups": [
                    {"GroupName": "Default", "GroupARN": f"{arn}group/Default"},
                    {
                        "GroupName": "slow",
                        "GroupARN": f"{arn}group/slow/ABC",
                        "FilterExpression": "responsetime > 5",
                        "InsightsConfiguration": {"InsightsEnabled": True},
                    },
                ]
            },
            "xray:GetSamplingRules": {
                "SamplingRuleRecords": [
                    {"SamplingRule": default, "CreatedAt": THEN},
                    {"SamplingRule": rule, "CreatedAt": THEN},
                ]
            },
            "xray:ListTagsForResource": {"Tags": [{"Key": "Owner", "Value": "ops"}]},
        },
        "aws_xray_encryption_config",
        "aws_xray_group",
        "aws_xray_sampling_rule",
    )
    assert (config.attributes["type"], config.attributes["key_id"]) == ("KMS", key)
    assert group.id == f"{arn}group/slow/ABC"
    assert group.attributes["group_name"] == "slow"
    assert group.attributes["filter_expression"] == "responsetime > 5"
    (insights,) = group.attributes["insights_configuration"]  # type: ignore[misc]
    assert insights["insights_enabled"] is True
    assert sampling.id == "few"
    assert sampling.attributes["fixed_rate"] == 0.05
    assert sampling.attributes["attributes"] == {"a": "b"}
    assert sampling.attributes["tags"] == {"Owner": "ops"}
