"""KMS: https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

_KEYS = Call("kms:ListKeys", take="Keys")

TYPES = (
    LiveType(
        "aws_kms_key",
        listing=_KEYS,
        id="KeyId",
        arn="KeyArn",
        completing=(
            Call(
                "kms:DescribeKey",
                {"KeyId": "KeyId"},
                take="KeyMetadata",
                into=".",
            ),
            Call(
                "kms:GetKeyRotationStatus",
                {"KeyId": "KeyId"},
                # AWS rotates no other keys.
                # https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
                when="KeyManager == 'CUSTOMER' && KeySpec == 'SYMMETRIC_DEFAULT'"
                " && Origin == 'AWS_KMS' && KeyState == 'Enabled'",
            ),
            Call(
                "kms:GetKeyPolicy",
                {"KeyId": "KeyId", "PolicyName": "'default'"},
                take="Policy",
                when="KeyManager == 'CUSTOMER'",
            ),
            tagged(),
        ),
        attributes={
            "bypass_policy_lockout_safety_check": "`false`",
            "customer_master_key_spec": "KeySpec",
            "enable_key_rotation": "GetKeyRotationStatus.KeyRotationEnabled || `false`",
            "is_enabled": "Enabled",
            "policy": "GetKeyPolicy",
            "rotation_period_in_days": "GetKeyRotationStatus.RotationPeriodInDays",
            "xks_key_id": "XksKeyConfiguration.Id",
        },
        tags=TAGS,
        owned_by_aws="KeyManager == 'AWS'",
        observed={
            "created": "CreationDate",
            "deletion_date": "DeletionDate",
            "key_manager": "KeyManager",
            "key_state": "KeyState",
            "origin": "Origin",
        },
    ),
    LiveType(
        "aws_kms_alias",
        listing=Call("kms:ListAliases", take="Aliases"),
        id="AliasName",
        arn="AliasArn",
        owned_by_aws="starts_with(AliasName, 'alias/aws/')",
        attributes={
            "name": "AliasName",
            "target_key_arn": "text('arn:{}:kms:{}:{}:key/{}', _partition, _region, _account,"
            " TargetKeyId)",
        },
    ),
)
