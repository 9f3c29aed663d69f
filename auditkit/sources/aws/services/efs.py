"""EFS: https://docs.aws.amazon.com/efs/latest/ug/api-reference.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric

_SUFFIX = "(_partition == 'aws-cn' && 'amazonaws.com.cn' || 'amazonaws.com')"
_HOST = f"text('{{}}.efs.{{}}.{{}}', FileSystemId, _region, {_SUFFIX})"
_FILE_SYSTEM_ARN = (
    "text('arn:{}:elasticfilesystem:{}:{}:file-system/{}', _partition, _region, _account,"
    " FileSystemId)"
)

TYPES = (
    LiveType(
        "aws_efs_file_system",
        listing=Call("efs:DescribeFileSystems", take="FileSystems"),
        id="FileSystemId",
        arn="FileSystemArn",
        completing=(
            Call(
                "efs:DescribeLifecycleConfiguration",
                {"FileSystemId": "FileSystemId"},
                take="LifecyclePolicies",
            ),
        ),
        attributes={
            "dns_name": _HOST,
            "lifecycle_policy": "DescribeLifecycleConfiguration",
            "protection": "FileSystemProtection",
            "protection.replication_overwrite": "ReplicationOverwriteProtection",
            "size_in_bytes": "block(SizeInBytes)[].{value: Value, value_in_ia: ValueInIA,"
            " value_in_standard: ValueInStandard}",
        },
        tags="Tags",
        observed={
            "created": "CreationTime",
            "size_bytes": "SizeInBytes.Value",
            "state": "LifeCycleState",
        },
        # https://docs.aws.amazon.com/efs/latest/ug/efs-metrics.html
        metrics={
            "connections": Metric(
                "AWS/EFS", "ClientConnections", {"FileSystemId": "FileSystemId"}, "Sum", days=30
            ),
        },
    ),
    LiveType(
        "aws_efs_mount_target",
        each="aws_efs_file_system",
        listing=Call(
            "efs:DescribeMountTargets", {"FileSystemId": "FileSystemId"}, take="MountTargets"
        ),
        id="MountTargetId",
        completing=(
            Call(
                "efs:DescribeMountTargetSecurityGroups",
                {"MountTargetId": "MountTargetId"},
                take="SecurityGroups",
            ),
        ),
        attributes={
            "dns_name": _HOST,
            "file_system_arn": _FILE_SYSTEM_ARN,
            "mount_target_dns_name": "text('{}.{}.efs.{}.{}', AvailabilityZoneName, FileSystemId,"
            f" _region, {_SUFFIX})",
            "security_groups": "DescribeMountTargetSecurityGroups",
        },
        observed={"state": "LifeCycleState"},
    ),
    LiveType(
        "aws_efs_access_point",
        listing=Call("efs:DescribeAccessPoints", take="AccessPoints"),
        id="AccessPointId",
        arn="AccessPointArn",
        attributes={"file_system_arn": _FILE_SYSTEM_ARN},
        tags="Tags",
        observed={"state": "LifeCycleState"},
    ),
    LiveType(
        "aws_efs_file_system_policy",
        each="aws_efs_file_system",
        listing=Call(
            "efs:DescribeFileSystemPolicy",
            {"FileSystemId": "FileSystemId"},
            absent=("PolicyNotFound",),
        ),
        id="FileSystemId",
    ),
    LiveType(
        "aws_efs_backup_policy",
        each="aws_efs_file_system",
        listing=Call(
            "efs:DescribeBackupPolicy",
            {"FileSystemId": "FileSystemId"},
            absent=("PolicyNotFound",),
        ),
        id="_parent.FileSystemId",
        attributes={"file_system_id": "_parent.FileSystemId"},
    ),
    LiveType(
        "aws_efs_replication_configuration",
        listing=Call("efs:DescribeReplicationConfigurations", take="Replications"),
        id="SourceFileSystemId",
        # The destination's region lists it, too.
        only="SourceFileSystemRegion == _region",
        attributes={"destination": "Destinations"},
    ),
)
