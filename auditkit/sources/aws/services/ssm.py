"""Systems Manager; neither the values of parameters nor the content of documents is asked for.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, each_of, tagged

_SETTINGS = (
    "/ssm/automation/customer-script-log-destination",
    "/ssm/automation/customer-script-log-group-name",
    "/ssm/documents/console/public-sharing-permission",
    "/ssm/managed-instance/activation-tier",
    "/ssm/managed-instance/default-ec2-instance-management-role",
    "/ssm/opsinsights/opscenter",
    "/ssm/parameter-store/default-parameter-tier",
    "/ssm/parameter-store/high-throughput-enabled",
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ssm_parameter",
        listing=Call("ssm:DescribeParameters", take="Parameters"),
        id="Name",
        # Old answers have no ARN.
        arn="ARN || text('arn:{}:ssm:{}:{}:parameter{}{}', _partition, _region, _account,"
        " !starts_with(Name, '/') && '/' || '', Name)",
        completing=(tagged(),),
        tags=TAGS,
        observed={"changed": "LastModifiedDate", "changed_by": "LastModifiedUser"},
    ),
    LiveType(
        "aws_ssm_document",
        listing=Call(
            "ssm:ListDocuments",
            {"Filters": '`[{"Key": "Owner", "Values": ["Self"]}]`'},
            take="DocumentIdentifiers",
        ),
        id="Name",
        arn="text('arn:{}:ssm:{}:{}:{}/{}', _partition, _region, _account,"
        " DocumentType == 'Automation' && 'automation-definition' || 'document', Name)",
        completing=(
            Call("ssm:DescribeDocument", {"Name": "Name"}, take="Document"),
            Call(
                "ssm:DescribeDocumentPermission",
                {"Name": "Name", "PermissionType": "'Share'"},
                take="AccountIds",
            ),
        ),
        attributes={
            "created_date": "time(DescribeDocument.CreatedDate)",
            "default_version": "DescribeDocument.DefaultVersion",
            "description": "DescribeDocument.Description",
            "hash": "DescribeDocument.Hash",
            "hash_type": "DescribeDocument.HashType",
            "latest_version": "DescribeDocument.LatestVersion",
            "parameter": "DescribeDocument.Parameters[].{default_value: DefaultValue,"
            " description: Description, name: Name, type: Type}",
            "permissions": "DescribeDocumentPermission"
            " && {type: 'Share', account_ids: join(',', DescribeDocumentPermission)} || `null`",
            "status": "DescribeDocument.Status",
        },
        tags="Tags",
        observed={"created": "CreatedDate"},
    ),
    LiveType(
        "aws_ssm_maintenance_window",
        listing=Call("ssm:DescribeMaintenanceWindows", take="WindowIdentities"),
        id="WindowId",
        arn="text('arn:{}:ssm:{}:{}:maintenancewindow/{}', _partition, _region, _account,"
        " WindowId)",
        completing=(
            Call("ssm:GetMaintenanceWindow", {"WindowId": "WindowId"}),
            tagged(),
        ),
        attributes={
            "allow_unassociated_targets": "GetMaintenanceWindow.AllowUnassociatedTargets",
        },
        tags=TAGS,
        observed={
            "created": "GetMaintenanceWindow.CreatedDate",
            "next_execution": "NextExecutionTime",
        },
    ),
    LiveType(
        "aws_ssm_service_setting",
        listing=Call(
            "ssm:GetServiceSetting",
            {"SettingId": "_over"},
            over=each_of(_SETTINGS),
            take="ServiceSetting",
            absent=("ServiceSettingNotFound",),
        ),
        id="ARN",
        arn="ARN",
        # The provider names settings by their ARNs.
        attributes={"setting_id": "ARN"},
        # What nobody has changed is AWS's own.
        owned_by_aws="Status == 'Default'",
        observed={"changed": "LastModifiedDate", "changed_by": "LastModifiedUser"},
    ),
)
