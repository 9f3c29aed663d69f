"""What of secrets and of Systems Manager Terraform can't keep in moto."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from answering import Answers, read

from auditkit.model import Unknown
from auditkit.sources.aws.catalogue import live_types, operations
from auditkit.sources.aws.collecting import Place, Plan, collect

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
SECRETS = {
    "SecretList": [
        {
            "ARN": f"{ARN}rds!db-1-AbCdEf",
            "Name": "rds!db-1",
            "KmsKeyId": "alias/data",
            "RotationEnabled": True,
            "RotationRules": {"AutomaticallyAfterDays": 7},
            "LastAccessedDate": THEN,
            "OwningService": "rds",
            "CreatedDate": THEN,
            "Tags": [{"Key": "aws:rds:primaryDBInstanceArn", "Value": "arn"}],
        },
        {
            "ARN": f"{ARN}scheduled-AbCdEf",
            "Name": "scheduled",
            "RotationEnabled": True,
            "RotationLambdaARN": "arn:aws:lambda:us-east-1:123456789012:function:rotate",
            "RotationRules": {
                "AutomaticallyAfterDays": 10,
                "ScheduleExpression": "rate(10 days)",
                "Duration": "3h",
            },
            "CreatedDate": THEN,
            "Tags": [{"Key": "Owner", "Value": "web"}],
        },
        {"ARN": f"{ARN}still-AbCdEf", "Name": "still", "CreatedDate": THEN, "Tags": []},
    ]
}
TABLE: Mapping[str, Any] = {
    "secretsmanager:ListSecrets": SECRETS,
    "secretsmanager:GetResourcePolicy": {"ARN": f"{ARN}x", "Name": "x"},
}


def test_secrets_tell_their_use_and_their_owner() -> None:
    managed, scheduled, still = read(TABLE, "aws_secretsmanager_secret")
    observed: Any = managed.attributes["observed"]
    assert (observed["last_used"], observed["managed_by"]) == ("2025-03-01T09:30:00Z", "rds")
    assert managed.attributes["kms_key_id"] == "alias/data"
    assert managed.attributes["tags"] == {}
    assert scheduled.attributes["tags"] == {"Owner": "web"}
    never: Any = still.attributes["observed"]
    assert (never["last_used"], never["rotation_enabled"]) == (None, False)
    assert isinstance(still.attributes["recovery_window_in_days"], Unknown)


def test_the_use_by_a_rotation_is_told_from_that_by_others() -> None:
    day = {"LastAccessedDate": THEN, "LastRotatedDate": THEN}
    before = {
        "LastAccessedDate": THEN,
        "LastRotatedDate": datetime(2025, 2, 1, tzinfo=timezone.utc),
    }
    listed = [{"ARN": f"{ARN}{n}", "Name": n, **more} for n, more in (("a", day), ("b", before))]
    rotated, used = read(
        {"secretsmanager:ListSecrets": {"SecretList": listed}}, "aws_secretsmanager_secret"
    )
    by_rotation: Any = rotated.attributes["observed"]
    assert by_rotation["last_used"] == "2025-03-01T09:30:00Z"
    assert isinstance(by_rotation["last_used_by_others"], Unknown)
    by_others: Any = used.attributes["observed"]
    assert by_others["last_used_by_others"] == "2025-03-01T09:30:00Z"


def test_a_replica_names_its_primary() -> None:
    listed = [
        {"ARN": f"{ARN}copy-AbCdEf", "Name": "copy", "PrimaryRegion": "eu-west-1"},
        {"ARN": f"{ARN}own-AbCdEf", "Name": "own", "PrimaryRegion": "us-east-1"},
    ]
    copy, own = read(
        {"secretsmanager:ListSecrets": {"SecretList": listed}}, "aws_secretsmanager_secret"
    )
    replica: Any = copy.attributes["observed"]
    primary = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:copy-AbCdEf"
    assert (replica["is_replica"], replica["primary"]) == (True, primary)
    itself: Any = own.attributes["observed"]
    assert (itself["is_replica"], itself["primary"]) == (False, None)


def test_rotation_comes_with_the_list_of_secrets() -> None:
    types = ("aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation")
    _, _, _, managed, scheduled = read(TABLE, *types)
    assert managed.id == managed.attributes["secret_id"] == f"{ARN}rds!db-1-AbCdEf"
    assert managed.attributes["rotation_rules"] == [
        {"automatically_after_days": 7, "duration": None, "schedule_expression": None}
    ]
    assert scheduled.attributes["rotation_rules"] == [
        {
            "automatically_after_days": None,
            "duration": "3h",
            "schedule_expression": "rate(10 days)",
        }
    ]
    reader = Answers(TABLE)
    plan = Plan({name: live_types()[name] for name in types})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert dict(reader.asked) == {"secretsmanager:ListSecrets": 1}


def test_a_secret_without_policy_has_none() -> None:
    assert read(TABLE, "aws_secretsmanager_secret_policy") == []


def test_no_value_is_ever_asked_for() -> None:
    asked = operations()
    for refused in (
        "secretsmanager:GetSecretValue",
        "secretsmanager:BatchGetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "ssm:GetParameterHistory",
        "ssm:GetDocument",
    ):
        assert refused not in asked


def test_settings_that_nobody_has_changed_are_the_services() -> None:
    def setting(arguments: Mapping[str, Any]) -> Any:
        name = arguments["SettingId"]
        if name == "/ssm/opsinsights/opscenter":
            return "ServiceSettingNotFound"
        is_sharing = name == "/ssm/documents/console/public-sharing-permission"
        told = {
            "SettingId": name,
            "SettingValue": "Disable" if is_sharing else "Default",
            "ARN": f"arn:aws:ssm:us-east-1:123456789012:servicesetting{name}",
            "Status": "Customized" if is_sharing else "Default",
        }
        return {"ServiceSetting": told}

    (sharing,) = read({"ssm:GetServiceSetting": setting}, "aws_ssm_service_setting")
    assert sharing.attributes["setting_value"] == "Disable"
    assert sharing.id == sharing.attributes["setting_id"]
