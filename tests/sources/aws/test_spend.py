"""Budgets, Cost Explorer and quotas, which Terraform can't keep in moto."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from answering import read

from auditkit.model import Unknown

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
END = datetime(2087, 6, 15, tzinfo=timezone.utc)


def test_budgets() -> None:
    notification = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 80.0,
        "ThresholdType": "PERCENTAGE",
        "NotificationState": "ALARM",
    }
    monthly, planned = read(
        {
            "budgets:DescribeBudgets": {
                "Budgets": [
                    {
                        "BudgetName": "monthly",
                        "BudgetLimit": {"Amount": "500.0", "Unit": "USD"},
                        "CostFilters": {"Service": ["Amazon EC2", "Amazon RDS"]},
                        "CostTypes": {"IncludeTax": True, "UseBlended": False},
                        "TimeUnit": "MONTHLY",
                        "TimePeriod": {"Start": START, "End": END},
                        "CalculatedSpend": {"ActualSpend": {"Amount": "420.5", "Unit": "USD"}},
                        "BudgetType": "COST",
                    },
                    {
                        "BudgetName": "planned",
                        "PlannedBudgetLimits": {"1735689600": {"Amount": "10", "Unit": "USD"}},
                        "TimeUnit": "MONTHLY",
                        "BudgetType": "COST",
                    },
                ]
            },
            "budgets:DescribeBudgetNotificationsForAccount": {
                "BudgetNotificationsForAccount": [
                    {"BudgetName": "monthly", "Notifications": [notification]}
                ]
            },
            "budgets:ListTagsForResource": {"ResourceTags": [{"Key": "Owner", "Value": "money"}]},
        },
        "aws_budgets_budget",
    )
    assert monthly.id == "123456789012:monthly"
    assert monthly.address == "arn:aws:budgets::123456789012:budget/monthly"
    attributes: Any = monthly.attributes
    assert attributes["limit_amount"] == "500.0"
    assert attributes["time_period_start"] == "2025-01-01_00:00"
    assert attributes["time_period_end"] == "2087-06-15_00:00"
    assert attributes["cost_filter"] == [
        {"name": "Service", "values": ["Amazon EC2", "Amazon RDS"]}
    ]
    (types,) = attributes["cost_types"]
    assert (types["include_tax"], types["use_blended"]) == (True, False)
    (told,) = attributes["notification"]
    assert (told["threshold"], told["threshold_type"]) == (80, "PERCENTAGE")
    assert isinstance(told["subscriber_email_addresses"], Unknown)
    assert attributes["tags"] == {"Owner": "money"}
    assert attributes["observed"]["actual_spend"] == "420.5"
    assert planned.attributes["notification"] == []
    assert planned.attributes["planned_limit"] == [
        {"start_time": "2025-01-01_00:00", "amount": "10", "unit": "USD"}
    ]


def test_anomaly_detection() -> None:
    arn = "arn:aws:ce::123456789012:"
    resources = read(
        {
            "ce:GetAnomalyMonitors": {
                "AnomalyMonitors": [
                    {
                        "MonitorArn": f"{arn}anomalymonitor/1",
                        "MonitorName": "services",
                        "MonitorType": "DIMENSIONAL",
                        "MonitorDimension": "SERVICE",
                        "CreationDate": "2025-03-01T09:30:00Z",
                    }
                ]
            },
            "ce:GetAnomalySubscriptions": {
                "AnomalySubscriptions": [
                    {
                        "SubscriptionArn": f"{arn}anomalysubscription/1",
                        "AccountId": "123456789012",
                        "MonitorArnList": [f"{arn}anomalymonitor/1"],
                        "Subscribers": [{"Address": "a@example.com", "Type": "EMAIL"}],
                        "Frequency": "DAILY",
                        "SubscriptionName": "daily",
                        "ThresholdExpression": {
                            "And": [
                                {
                                    "Dimensions": {
                                        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                                        "Values": ["100"],
                                        "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
                                    }
                                }
                            ]
                        },
                    }
                ]
            },
            "ce:ListTagsForResource": {"ResourceTags": []},
            "ce:ListCostAllocationTags": {
                "CostAllocationTags": [
                    {"TagKey": "Owner", "Type": "UserDefined", "Status": "Active"}
                ]
            },
        },
        "aws_ce_anomaly_monitor",
        "aws_ce_anomaly_subscription",
        "aws_ce_cost_allocation_tag",
    )
    monitor, subscription, tag = resources
    assert (monitor.id, monitor.attributes["monitor_dimension"]) == (
        f"{arn}anomalymonitor/1",
        "SERVICE",
    )
    assert monitor.attributes["name"] == "services"
    assert monitor.attributes["monitor_type"] == "DIMENSIONAL"
    attributes: Any = subscription.attributes
    assert attributes["monitor_arn_list"] == [f"{arn}anomalymonitor/1"]
    assert attributes["subscriber"] == [{"address": "a@example.com", "type": "EMAIL"}]
    (threshold,) = attributes["threshold_expression"]
    (both,) = threshold["and"]
    assert both["dimension"] == [
        {
            "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            "values": ["100"],
            "match_options": ["GREATER_THAN_OR_EQUAL"],
        }
    ]
    assert (tag.id, tag.attributes["status"]) == ("Owner", "Active")


def test_quotas_are_asked_for_by_service() -> None:
    def quotas(arguments: Mapping[str, Any]) -> Any:
        if arguments["ServiceCode"] != "vpc":
            return "NoSuchResourceException"
        arn = "arn:aws:servicequotas:us-east-1:123456789012:vpc/L-F678F1CE"
        quota = {
            "ServiceCode": "vpc",
            "ServiceName": "Amazon Virtual Private Cloud (Amazon VPC)",
            "QuotaArn": arn,
            "QuotaCode": "L-F678F1CE",
            "QuotaName": "VPCs per Region",
            "Value": 5.0,
            "Adjustable": True,
            "GlobalQuota": False,
            "UsageMetric": {
                "MetricNamespace": "AWS/Usage",
                "MetricName": "ResourceCount",
                "MetricDimensions": {
                    "Class": "None",
                    "Resource": "VPC",
                    "Service": "VPC",
                    "Type": "Resource",
                },
                "MetricStatisticRecommendation": "Maximum",
            },
        }
        calls = {**quota["UsageMetric"], "MetricName": "CallCount"}
        other = {**quota, "QuotaCode": "L-0", "QuotaArn": f"{arn}0", "UsageMetric": calls}
        return {"Quotas": [quota, other]}

    def usage(arguments: Mapping[str, Any]) -> Any:
        (query,) = arguments["MetricDataQueries"]
        metric = query["MetricStat"]["Metric"]
        assert (metric["Namespace"], metric["MetricName"]) == ("AWS/Usage", "ResourceCount")
        assert {"Name": "Class", "Value": "None"} in metric["Dimensions"]
        point = {"Timestamps": [arguments["EndTime"]], "Values": [4.0]}
        return {"MetricDataResults": [{"Id": query["Id"], **point}]}

    table = {"service-quotas:ListServiceQuotas": quotas, "cloudwatch:GetMetricData": usage}
    quota, calls = read(table, "aws_servicequotas_service_quota")
    # How often something is called is not measured in resources.
    observed: Any = calls.attributes["observed"]
    assert isinstance(observed["used_percent"], Unknown)
    assert quota.id == "vpc/L-F678F1CE"
    attributes: Any = quota.attributes
    assert attributes["value"] == 5
    assert attributes["observed"]["used_percent"] == 80.0
    assert attributes["usage_metric"][0]["metric_name"] == "ResourceCount"
    assert attributes["usage_metric"][0]["metric_dimensions"][0]["service"] == "VPC"
    assert isinstance(attributes["default_value"], Unknown)
