"""Secrets Manager; what secrets hold is never asked for.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

# Secrets that wait for their deletion are gone to Terraform, and not listed.
_SECRETS = Call("secretsmanager:ListSecrets", take="SecretList")
_IS_REPLICA = "PrimaryRegion && PrimaryRegion != _region"
_ROTATED_LAST = (
    "LastAccessedDate && LastRotatedDate"
    " && part(time(LastAccessedDate), 'T', `0`) == part(time(LastRotatedDate), 'T', `0`)"
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_secretsmanager_secret",
        listing=_SECRETS,
        id="ARN",
        arn="ARN",
        attributes={"name": "Name"},
        tags="Tags",
        observed={
            "changed": "LastChangedDate",
            "created": "CreatedDate",
            # A day, in UTC; only reading the value counts.
            "last_used": "LastAccessedDate",
            # The function that rotates a secret reads it, too.
            "last_used_by_others": f"{_ROTATED_LAST} && untold('it was rotated on the day of its"
            " last use, which reads it, too') || LastAccessedDate",
            "deletion_date": "DeletedDate",
            "is_replica": f"({_IS_REPLICA}) || `false`",
            "managed_by": "OwningService",
            "next_rotation": "NextRotationDate",
            # A replica has its primary's name in its own region.
            "primary": f"({_IS_REPLICA}) && replace(ARN, _region, PrimaryRegion) || `null`",
            "primary_region": "PrimaryRegion",
            "rotated": "LastRotatedDate",
            "rotation_enabled": "RotationEnabled || `false`",
        },
    ),
    LiveType(
        "aws_secretsmanager_secret_policy",
        each="aws_secretsmanager_secret",
        listing=Call("secretsmanager:GetResourcePolicy", {"SecretId": "ARN"}),
        id="ARN",
        only="ResourcePolicy",
        attributes={"policy": "ResourcePolicy", "secret_arn": "ARN"},
    ),
    LiveType(
        "aws_secretsmanager_secret_rotation",
        listing=_SECRETS,
        id="ARN",
        only="RotationEnabled",
        attributes={
            "rotation_rules": "block(RotationRules)[].{automatically_after_days:"
            # AWS works the days out of a schedule, which the provider leaves out.
            " !ScheduleExpression && AutomaticallyAfterDays || `null`,"
            " duration: Duration, schedule_expression: ScheduleExpression}",
            "secret_id": "ARN",
        },
        observed={"next_rotation": "NextRotationDate", "rotated": "LastRotatedDate"},
    ),
)
