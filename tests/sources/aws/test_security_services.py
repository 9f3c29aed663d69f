"""Services that are on or off in a region, most of which moto lacks."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from answering import Answers, read

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
HUB = "arn:aws:securityhub:us-east-1:123456789012:hub/default"


@pytest.mark.parametrize(
    ("type", "operation", "answer"),
    [
        ("aws_guardduty_detector", "guardduty:ListDetectors", {"DetectorIds": []}),
        (
            "aws_securityhub_account",
            "securityhub:DescribeHub",
            "InvalidAccessException: Account 123456789012 is not subscribed to AWS Security Hub",
        ),
        (
            "aws_securityhub_standards_subscription",
            "securityhub:GetEnabledStandards",
            "InvalidAccessException: Account 123456789012 is not subscribed to AWS Security Hub",
        ),
        (
            "aws_macie2_account",
            "macie2:GetMacieSession",
            "AccessDeniedException: Macie is not enabled",
        ),
        ("aws_accessanalyzer_analyzer", "accessanalyzer:ListAnalyzers", {"analyzers": []}),
        (
            "aws_ce_cost_allocation_tag",
            "ce:ListCostAllocationTags",
            "AccessDeniedException: Failed to list Cost Allocation Tags: Linked account doesn't"
            " have access to cost allocation tags.",
        ),
        (
            "aws_inspector2_enabler",
            "inspector2:BatchGetAccountStatus",
            {
                "accounts": [
                    {
                        "accountId": "123456789012",
                        "state": {"status": "DISABLED"},
                        "resourceState": {
                            "ec2": {"status": "DISABLED"},
                            "ecr": {"status": "DISABLED"},
                        },
                    }
                ]
            },
        ),
    ],
)
def test_a_service_that_is_off_is_no_gap(type: str, operation: str, answer: Any) -> None:
    assert read({operation: answer}, type) == []


@pytest.mark.parametrize(
    ("type", "operation"),
    [
        ("aws_securityhub_account", "securityhub:DescribeHub"),
        ("aws_macie2_account", "macie2:GetMacieSession"),
        ("aws_ce_cost_allocation_tag", "ce:ListCostAllocationTags"),
    ],
)
def test_a_denied_service_is_a_gap(type: str, operation: str) -> None:
    message = "AccessDeniedException: User: arn:aws:iam::123456789012:user/a is not authorized"
    reader = Answers({operation: message})
    plan = Plan({type: live_types()[type]})
    events = list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert [each.doubt is not None for each in events if isinstance(each, Listed)] == [True]
    assert [each.doubt is not None for each in events if isinstance(each, Resource)] == [True]


def test_security_hub() -> None:
    standard = "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices"
    subscription = "arn:aws:securityhub:us-east-1:123456789012:subscription/best-practices"
    hub, standards = read(
        {
            "securityhub:DescribeHub": {
                "HubArn": HUB,
                "SubscribedAt": "2025-03-01T09:30:00.000Z",
                "AutoEnableControls": True,
                "ControlFindingGenerator": "SECURITY_CONTROL",
            },
            "securityhub:GetEnabledStandards": {
                "StandardsSubscriptions": [
                    {
                        "StandardsSubscriptionArn": subscription,
                        "StandardsArn": standard,
                        "StandardsInput": {},
                        "StandardsStatus": "READY",
                    }
                ]
            },
        },
        "aws_securityhub_account",
        "aws_securityhub_standards_subscription",
    )
    assert (hub.id, hub.address) == ("123456789012", HUB)
    assert hub.attributes["control_finding_generator"] == "SECURITY_CONTROL"
    assert hub.attributes["auto_enable_controls"] is True
    assert (standards.id, standards.attributes["standards_arn"]) == (subscription, standard)
    assert standards.attributes["observed"]["state"] == "READY"


def test_detectors_features_are_those_that_can_be_switched() -> None:
    table = {
        "guardduty:ListDetectors": {"DetectorIds": ["12abc34d567e8fa901bc2d34e56789f0"]},
        "guardduty:GetDetector": {
            "CreatedAt": "2025-03-01T09:30:00.000Z",
            "FindingPublishingFrequency": "SIX_HOURS",
            "ServiceRole": "arn:aws:iam::123456789012:role/guardduty",
            "Status": "DISABLED",
            "Tags": {"Owner": "security"},
            "DataSources": {"S3Logs": {"Status": "ENABLED"}},
            "Features": [
                {"Name": "CLOUD_TRAIL", "Status": "ENABLED"},
                {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"},
                {
                    "Name": "RUNTIME_MONITORING",
                    "Status": "DISABLED",
                    "AdditionalConfiguration": [
                        {"Name": "EKS_ADDON_MANAGEMENT", "Status": "DISABLED"}
                    ],
                },
            ],
        },
    }
    types = ("aws_guardduty_detector", "aws_guardduty_detector_feature")
    detector, *features = read(table, *types)
    assert detector.attributes["enable"] is False
    assert detector.attributes["tags"] == {"Owner": "security"}
    assert detector.attributes["observed"]["created"] == "2025-03-01T09:30:00.000Z"
    named = {each.attributes["name"]: each for each in features}
    assert sorted(named) == ["RUNTIME_MONITORING", "S3_DATA_EVENTS"]
    runtime = named["RUNTIME_MONITORING"]
    assert runtime.id == "12abc34d567e8fa901bc2d34e56789f0/RUNTIME_MONITORING"
    assert runtime.attributes["additional_configuration"] == [
        {"name": "EKS_ADDON_MANAGEMENT", "status": "DISABLED"}
    ]
    reader = Answers(table)
    plan = Plan({name: live_types()[name] for name in types})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert max(reader.asked.values()) == 1


def test_analyzers_of_services_are_not_ours() -> None:
    arn = "arn:aws:access-analyzer:us-east-1:123456789012:analyzer/"
    (analyzer,) = read(
        {
            "accessanalyzer:ListAnalyzers": {
                "analyzers": [
                    {
                        "arn": f"{arn}unused",
                        "name": "unused",
                        "type": "ACCOUNT_UNUSED_ACCESS",
                        "createdAt": THEN,
                        "status": "ACTIVE",
                        "tags": {"Owner": "security"},
                        "configuration": {
                            "unusedAccess": {
                                "unusedAccessAge": 90,
                                "analysisRule": {
                                    "exclusions": [{"resourceTags": [{"Role": "admin"}]}]
                                },
                            }
                        },
                    },
                    {
                        "arn": f"{arn}other",
                        "name": "other",
                        "type": "ACCOUNT",
                        "createdAt": THEN,
                        "status": "ACTIVE",
                        "managedBy": "securityhub.amazonaws.com",
                    },
                ]
            }
        },
        "aws_accessanalyzer_analyzer",
    )
    assert (analyzer.id, analyzer.address) == ("unused", f"{arn}unused")
    assert analyzer.attributes["analyzer_name"] == "unused"
    assert analyzer.attributes["type"] == "ACCOUNT_UNUSED_ACCESS"
    assert analyzer.attributes["tags"] == {"Owner": "security"}
    assert analyzer.attributes["configuration"] == [
        {
            "unused_access": [
                {
                    "unused_access_age": 90,
                    "analysis_rule": [
                        {"exclusion": [{"account_ids": None, "resource_tags": [{"Role": "admin"}]}]}
                    ],
                }
            ]
        }
    ]
    assert analyzer.attributes["observed"]["state"] == "ACTIVE"


def test_trails_selectors_are_told_where_they_are_custom() -> None:
    arn = "arn:aws:cloudtrail:us-east-1:123456789012:trail/"
    trail = {
        "S3BucketName": "logs",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "LogFileValidationEnabled": True,
        "IsOrganizationTrail": False,
        "HasInsightSelectors": False,
    }
    here = {**trail, "HomeRegion": "us-east-1"}
    resources = read(
        {
            "cloudtrail:DescribeTrails": {
                "trailList": [
                    {**here, "Name": "data", "TrailARN": f"{arn}data"}
                    | {"HasCustomEventSelectors": True, "HasInsightSelectors": True},
                    {**here, "Name": "plain", "TrailARN": f"{arn}plain"}
                    | {"HasCustomEventSelectors": False},
                    {**trail, "HomeRegion": "eu-west-1", "Name": "shadow", "TrailARN": "arn:x"},
                ]
            },
            "cloudtrail:GetTrailStatus": {"IsLogging": True, "StartLoggingTime": THEN},
            "cloudtrail:GetEventSelectors": {
                "AdvancedEventSelectors": [
                    {
                        "Name": "objects",
                        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}],
                    }
                ]
            },
            "cloudtrail:GetInsightSelectors": {
                "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]
            },
            "cloudtrail:ListTags": {
                "ResourceTagList": [
                    {"ResourceId": f"{arn}data", "TagsList": [{"Key": "Owner", "Value": "me"}]}
                ]
            },
        },
        "aws_cloudtrail",
    )
    data, plain = resources
    assert data.attributes["tags"] == {"Owner": "me"}
    assert data.attributes["enable_logging"] is True
    (selector,) = data.attributes["advanced_event_selector"]
    assert selector["name"] == "objects"
    assert selector["field_selector"][0]["equals"] == ["Data"]
    assert data.attributes["insight_selector"] == [{"insight_type": "ApiCallRateInsight"}]
    assert plain.attributes["event_selector"] == plain.attributes["advanced_event_selector"] == []
    assert plain.attributes["tags"] == {}
    assert not isinstance(plain.attributes["insight_selector"], Unknown)


def test_event_data_stores() -> None:
    arn = "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/a1"
    key = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"
    store = {
        "EventDataStoreArn": arn,
        "Name": "events",
        "Status": "PENDING_DELETION",
        "MultiRegionEnabled": True,
        "OrganizationEnabled": False,
        "RetentionPeriod": 2555,
        "TerminationProtectionEnabled": False,
        "KmsKeyId": key,
        "BillingMode": "EXTENDABLE_RETENTION_PRICING",
        "CreatedTimestamp": THEN,
    }
    (found,) = read(
        {
            "cloudtrail:ListEventDataStores": {
                "EventDataStores": [{"EventDataStoreArn": arn, "Name": "events"}]
            },
            "cloudtrail:GetEventDataStore": store,
            "cloudtrail:ListTags": {"ResourceTagList": []},
        },
        "aws_cloudtrail_event_data_store",
    )
    assert (found.id, found.attributes["name"]) == (arn, "events")
    assert found.attributes["kms_key_id"] == key
    assert found.attributes["retention_period"] == 2555
    assert found.attributes["observed"] == {
        "created": "2025-03-01T09:30:00Z",
        "state": "PENDING_DELETION",
    }
