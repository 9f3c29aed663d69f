"""AWS Backup: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Reference.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

_VAULTS = Call("backup:ListBackupVaults", take="BackupVaultList")
# Others are locked by their nature.
_IS_ORDINARY = "!VaultType || VaultType == 'BACKUP_VAULT'"
# What Backup made for itself, as aws/efs/automatic-backup-vault.
_MADE_BY_AWS = "starts_with({}, 'aws/')"


def _lifecycle(block: str) -> Mapping[str, str]:
    return {
        f"{block}.lifecycle.cold_storage_after": "MoveToColdStorageAfterDays",
        f"{block}.lifecycle.delete_after": "DeleteAfterDays",
    }


def _conditions(member: str) -> str:
    return f"{member}[].{{key: ConditionKey, value: ConditionValue}}"


TYPES = (
    LiveType(
        "aws_backup_vault",
        listing=_VAULTS,
        id="BackupVaultName",
        arn="BackupVaultArn",
        only=_IS_ORDINARY,
        owned_by_aws=_MADE_BY_AWS.format("BackupVaultName"),
        completing=(tagged(),),
        attributes={
            "kms_key_arn": "EncryptionKeyArn",
            "name": "BackupVaultName",
            "recovery_points": "NumberOfRecoveryPoints",
        },
        tags=TAGS,
        observed={"created": "CreationDate"},
    ),
    LiveType(
        "aws_backup_vault_lock_configuration",
        listing=_VAULTS,
        id="BackupVaultName",
        only=f"Locked && ({_IS_ORDINARY})",
        observed={"lock_date": "LockDate"},
    ),
    LiveType(
        "aws_backup_vault_policy",
        each="aws_backup_vault",
        listing=Call(
            "backup:GetBackupVaultAccessPolicy",
            {"BackupVaultName": "BackupVaultName"},
            absent=("ResourceNotFoundException",),
        ),
        id="BackupVaultName",
        only="Policy",
    ),
    LiveType(
        "aws_backup_plan",
        listing=Call("backup:ListBackupPlans", take="BackupPlansList"),
        id="BackupPlanId",
        arn="BackupPlanArn",
        owned_by_aws=_MADE_BY_AWS.format("BackupPlanName"),
        completing=(
            Call(
                "backup:GetBackupPlan",
                {"BackupPlanId": "BackupPlanId"},
                take="BackupPlan",
                into="Plan",
            ),
            tagged(),
        ),
        attributes={
            "advanced_backup_setting": "Plan.AdvancedBackupSettings",
            "name": "BackupPlanName",
            "rule": "Plan.Rules",
            "rule.completion_window": "CompletionWindowMinutes",
            "rule.copy_action": "CopyActions",
            "rule.copy_action.destination_vault_arn": "DestinationBackupVaultArn",
            **_lifecycle("rule.copy_action"),
            **_lifecycle("rule"),
            "rule.schedule": "ScheduleExpression",
            "rule.start_window": "StartWindowMinutes",
            "rule.target_vault_name": "TargetBackupVaultName",
            "version": "VersionId",
        },
        tags=TAGS,
        observed={"created": "CreationDate", "last_used": "LastExecutionDate"},
    ),
    LiveType(
        "aws_backup_selection",
        each="aws_backup_plan",
        listing=Call(
            "backup:ListBackupSelections",
            {"BackupPlanId": "BackupPlanId"},
            take="BackupSelectionsList",
        ),
        id="SelectionId",
        completing=(
            Call(
                "backup:GetBackupSelection",
                {"BackupPlanId": "BackupPlanId", "SelectionId": "SelectionId"},
                take="BackupSelection",
                into="Selection",
            ),
        ),
        attributes={
            "condition": "block(Selection.Conditions)"
            "[?StringEquals || StringLike || StringNotEquals || StringNotLike]"
            f".{{string_equals: {_conditions('StringEquals')},"
            f" string_like: {_conditions('StringLike')},"
            f" string_not_equals: {_conditions('StringNotEquals')},"
            f" string_not_like: {_conditions('StringNotLike')}}}",
            "name": "SelectionName",
            "not_resources": "Selection.NotResources",
            "plan_id": "BackupPlanId",
            "resources": "Selection.Resources",
            "selection_tag": "Selection.ListOfTags[].{type: ConditionType, key: ConditionKey,"
            " value: ConditionValue}",
        },
        observed={"created": "CreationDate"},
    ),
)
