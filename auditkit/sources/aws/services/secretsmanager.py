"""Secrets Manager; what secrets hold is never asked for.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

# Secrets that wait for their deletion are gone to Terraform, and not listed.
_SECRETS = Call("secretsmanager:ListSecrets", take="SecretList")

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
            "managed_by": "OwningService",
            "next_rotation": "NextRotationDate",
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
