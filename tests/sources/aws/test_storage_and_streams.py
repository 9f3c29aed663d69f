"""What live backups, file systems and Kafka clusters become where moto falls short of AWS."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from answering import read

from auditkit.model import Resource, Unknown

REGION = "us-east-1:123456789012"
KEY = f"arn:aws:kms:{REGION}:key/11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::123456789012:role/backup"
NO_TAGS = {"resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []}}


def _told(resource: Resource, **expected: object) -> None:
    assert {name: resource.attributes[name] for name in expected} == expected


def _vault(name: str, **more: object) -> dict[str, object]:
    arn = f"arn:aws:backup:{REGION}:backup-vault:{name}"
    return {"BackupVaultName": name, "BackupVaultArn": arn, "VaultType": "BACKUP_VAULT", **more}


def test_vaults_and_their_parts() -> None:
    answers = {
        "backup:ListBackupVaults": {
            "BackupVaultList": [
                _vault("aws/efs/automatic-backup-vault", Locked=False),
                _vault("locked", Locked=True, MinRetentionDays=7, EncryptionKeyArn=KEY),
                _vault("open", Locked=False, NumberOfRecoveryPoints=3),
                {**_vault("far", Locked=True), "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"},
            ]
        },
        "backup:GetBackupVaultAccessPolicy": lambda given: (
            {"BackupVaultName": "locked", "Policy": "{}"}
            if given["BackupVaultName"] == "locked"
            else "ResourceNotFoundException"
        ),
        **NO_TAGS,
    }
    found = read(
        answers,
        "aws_backup_vault",
        "aws_backup_vault_lock_configuration",
        "aws_backup_vault_policy",
    )
    assert [(each.type, each.id) for each in found] == [
        ("aws_backup_vault", "locked"),
        ("aws_backup_vault", "open"),
        ("aws_backup_vault_lock_configuration", "locked"),
        ("aws_backup_vault_policy", "locked"),
    ]
    _told(found[0], kms_key_arn=KEY, tags={})
    _told(found[1], recovery_points=3)
    _told(found[2], min_retention_days=7, max_retention_days=None)
    assert isinstance(found[2].attributes["changeable_for_days"], Unknown)
    _told(found[3], policy="{}", backup_vault_name="locked")


def test_what_a_plan_backs_up() -> None:
    answers = {
        "backup:ListBackupPlans": {
            "BackupPlansList": [
                {"BackupPlanId": "1", "BackupPlanName": "aws/efs/automatic-backup-plan"},
                {"BackupPlanId": "2", "BackupPlanName": "daily"},
            ]
        },
        "backup:ListBackupSelections": {
            "BackupSelectionsList": [
                {
                    "SelectionId": "s",
                    "SelectionName": "tagged",
                    "BackupPlanId": "2",
                    "IamRoleArn": ROLE,
                }
            ]
        },
        "backup:GetBackupSelection": {
            "BackupSelection": {
                "SelectionName": "tagged",
                "IamRoleArn": ROLE,
                "Resources": ["*"],
                "NotResources": [],
                "ListOfTags": [
                    {
                        "ConditionType": "STRINGEQUALS",
                        "ConditionKey": "Backup",
                        "ConditionValue": "daily",
                    }
                ],
                "Conditions": {
                    "StringEquals": [],
                    "StringLike": [
                        {"ConditionKey": "aws:ResourceTag/Env", "ConditionValue": "prod*"}
                    ],
                },
            }
        },
    }
    (selection,) = read(answers, "aws_backup_selection")
    assert selection.id == "s"
    _told(
        selection,
        name="tagged",
        plan_id="2",
        iam_role_arn=ROLE,
        resources=["*"],
        selection_tag=[{"type": "STRINGEQUALS", "key": "Backup", "value": "daily"}],
        condition=[
            {
                "string_equals": [],
                "string_like": [{"key": "aws:ResourceTag/Env", "value": "prod*"}],
                "string_not_equals": None,
                "string_not_like": None,
            }
        ],
    )


def _kafka(kind: str, **settings: object) -> dict[str, Any]:
    arn = f"arn:aws:kafka:{REGION}:cluster/{kind}/0ab1-5"
    return {
        "ClusterType": kind.upper(),
        "ClusterArn": arn,
        "ClusterName": kind,
        "State": "ACTIVE",
        "Tags": {"Owner": "tests"},
        **settings,
    }


def test_kafka_clusters() -> None:
    provisioned = {
        "BrokerNodeGroupInfo": {
            "BrokerAZDistribution": "DEFAULT",
            "ClientSubnets": ["subnet-1", "subnet-2"],
            "InstanceType": "kafka.m7g.large",
            "SecurityGroups": ["sg-1"],
            "StorageInfo": {"EbsStorageInfo": {"VolumeSize": 100}},
            "ConnectivityInfo": {
                "PublicAccess": {"Type": "DISABLED"},
                "VpcConnectivity": {
                    "ClientAuthentication": {
                        "Sasl": {"Scram": {"Enabled": False}, "Iam": {"Enabled": True}},
                        "Tls": {"Enabled": False},
                    }
                },
            },
        },
        "CurrentBrokerSoftwareInfo": {"KafkaVersion": "3.8.x"},
        "ClientAuthentication": {
            "Sasl": {"Scram": {"Enabled": False}, "Iam": {"Enabled": True}},
            "Tls": {"CertificateAuthorityArnList": [], "Enabled": False},
            "Unauthenticated": {"Enabled": False},
        },
        "EncryptionInfo": {
            "EncryptionAtRest": {"DataVolumeKMSKeyId": KEY},
            "EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True},
        },
        "EnhancedMonitoring": "PER_BROKER",
        "LoggingInfo": {
            "BrokerLogs": {
                "CloudWatchLogs": {"Enabled": True, "LogGroup": "kafka"},
                "Firehose": {"Enabled": False},
                "S3": {"Enabled": False},
            }
        },
        "NumberOfBrokerNodes": 2,
    }
    serverless = {
        "VpcConfigs": [{"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}],
        "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}},
    }
    answers = {
        "kafka:ListClustersV2": {
            "ClusterInfoList": [
                _kafka("provisioned", Provisioned=provisioned),
                _kafka("serverless", Serverless=serverless),
            ]
        },
        "kafka:GetClusterPolicy": {"CurrentVersion": "K1", "Policy": "{}"},
    }
    cluster, policy, light = read(
        answers, "aws_msk_cluster", "aws_msk_cluster_policy", "aws_msk_serverless_cluster"
    )
    _told(policy, cluster_arn=cluster.address, policy="{}", current_version="K1")
    iam_only = [{"iam": True, "scram": False}]
    _told(
        cluster,
        cluster_name="provisioned",
        cluster_uuid="0ab1-5",
        kafka_version="3.8.x",
        number_of_broker_nodes=2,
        broker_node_group_info=[
            {
                "az_distribution": "DEFAULT",
                "client_subnets": ["subnet-1", "subnet-2"],
                "instance_type": "kafka.m7g.large",
                "security_groups": ["sg-1"],
                "storage_info": [
                    {"ebs_storage_info": [{"volume_size": 100, "provisioned_throughput": []}]}
                ],
                "connectivity_info": [
                    {
                        "public_access": [{"type": "DISABLED"}],
                        "vpc_connectivity": [
                            {"client_authentication": [{"tls": False, "sasl": iam_only}]}
                        ],
                    }
                ],
            }
        ],
        client_authentication=[
            {
                "unauthenticated": False,
                "sasl": iam_only,
                "tls": [{"certificate_authority_arns": []}],
            }
        ],
        configuration_info=[],
        encryption_info=[
            {
                "encryption_at_rest_kms_key_arn": KEY,
                "encryption_in_transit": [{"client_broker": "TLS", "in_cluster": True}],
            }
        ],
        tags={"Owner": "tests"},
    )
    (logging,) = cluster.attributes["logging_info"]  # type: ignore[misc, union-attr]
    assert logging["broker_logs"][0]["cloudwatch_logs"] == [{"enabled": True, "log_group": "kafka"}]
    _told(
        light,
        vpc_config=[{"security_group_ids": ["sg-1"], "subnet_ids": ["subnet-1"]}],
        client_authentication=[{"sasl": [{"iam": [{"enabled": True}]}]}],
    )


@pytest.mark.parametrize(
    ("kind", "settings", "expected"),
    [
        (
            "lustre",
            {
                "LustreConfiguration": {
                    "DeploymentType": "PERSISTENT_2",
                    "AutomaticBackupRetentionDays": 7,
                    "CopyTagsToBackups": True,
                    "DataCompressionType": "LZ4",
                    "LogConfiguration": {"Level": "WARN_ERROR", "Destination": "arn:aws:logs:x"},
                    "MountName": "fsx",
                }
            },
            {
                "automatic_backup_retention_days": 7,
                "copy_tags_to_backups": True,
                "data_compression_type": "LZ4",
                "deployment_type": "PERSISTENT_2",
                "log_configuration": [{"destination": "arn:aws:logs:x", "level": "WARN_ERROR"}],
            },
        ),
        (
            "windows",
            {
                "WindowsConfiguration": {
                    "DeploymentType": "MULTI_AZ_1",
                    "ActiveDirectoryId": "d-0123456789",
                    "AutomaticBackupRetentionDays": 30,
                    "Aliases": [{"Name": "files.example.com", "Lifecycle": "AVAILABLE"}],
                    "AuditLogConfiguration": {
                        "FileAccessAuditLogLevel": "FAILURE_ONLY",
                        "FileShareAccessAuditLogLevel": "DISABLED",
                    },
                }
            },
            {
                "active_directory_id": "d-0123456789",
                "aliases": ["files.example.com"],
                "automatic_backup_retention_days": 30,
                "audit_log_configuration": [
                    {
                        "audit_log_destination": None,
                        "file_access_audit_log_level": "FAILURE_ONLY",
                        "file_share_access_audit_log_level": "DISABLED",
                    }
                ],
            },
        ),
        (
            "ontap",
            {"OntapConfiguration": {"HAPairs": 1, "RouteTableIds": ["rtb-0123456789abcdef0"]}},
            {"ha_pairs": 1, "route_table_ids": ["rtb-0123456789abcdef0"]},
        ),
        (
            "openzfs",
            {
                "OpenZFSConfiguration": {
                    "CopyTagsToVolumes": False,
                    "RootVolumeId": "fsvol-0123456789abcdef0",
                }
            },
            {"copy_tags_to_volumes": False, "root_volume_id": "fsvol-0123456789abcdef0"},
        ),
    ],
)
def test_file_systems(kind: str, settings: dict[str, Any], expected: dict[str, object]) -> None:
    file_system = {
        "FileSystemId": "fs-0123456789abcdef0",
        "FileSystemType": kind.upper(),
        "ResourceARN": f"arn:aws:fsx:{REGION}:file-system/fs-0123456789abcdef0",
        "KmsKeyId": KEY,
        "StorageCapacity": 1200,
        "SubnetIds": ["subnet-0123456789abcdef0"],
        "Tags": [{"Key": "Owner", "Value": "tests"}],
        **settings,
    }
    kinds = ("lustre", "ontap", "openzfs", "windows")
    (found,) = read(
        {"fsx:DescribeFileSystems": {"FileSystems": [file_system]}},
        *(f"aws_fsx_{each}_file_system" for each in kinds),
    )
    assert found.type == f"aws_fsx_{kind}_file_system"
    _told(
        found,
        kms_key_id=KEY,
        subnet_ids=["subnet-0123456789abcdef0"],
        tags={"Owner": "tests"},
        **expected,
    )
    assert isinstance(found.attributes["security_group_ids"], Unknown)


def test_backup_and_replication_of_efs() -> None:
    system = {
        "OwnerId": "123456789012",
        "CreationToken": "files",
        "FileSystemId": "fs-01234567",
        "CreationTime": datetime(2024, 1, 1, tzinfo=timezone.utc),
        "LifeCycleState": "available",
        "NumberOfMountTargets": 0,
        "SizeInBytes": {"Value": 6144},
        "PerformanceMode": "generalPurpose",
        "Tags": [],
    }
    replication = {
        "SourceFileSystemId": "fs-01234567",
        "SourceFileSystemRegion": "us-east-1",
        "SourceFileSystemArn": "arn:source",
        "OriginalSourceFileSystemArn": "arn:source",
        "CreationTime": datetime(2024, 1, 1, tzinfo=timezone.utc),
        "Destinations": [
            {"Status": "ENABLED", "FileSystemId": "fs-76543210", "Region": "eu-central-1"}
        ],
    }
    answers = {
        "efs:DescribeFileSystems": {"FileSystems": [system]},
        "efs:DescribeBackupPolicy": {"BackupPolicy": {"Status": "ENABLED"}},
        "efs:DescribeReplicationConfigurations": {
            "Replications": [replication, {**replication, "SourceFileSystemRegion": "eu-north-1"}]
        },
    }
    backup, copies = read(answers, "aws_efs_backup_policy", "aws_efs_replication_configuration")
    _told(backup, file_system_id="fs-01234567", backup_policy=[{"status": "ENABLED"}])
    assert copies.id == "fs-01234567"
    _told(copies, source_file_system_id="fs-01234567", source_file_system_region="us-east-1")
    (destination,) = copies.attributes["destination"]  # type: ignore[misc, union-attr]
    assert destination["file_system_id"] == "fs-76543210"
    assert destination["status"] == "ENABLED"
    assert destination["region"] == "eu-central-1"
    assert isinstance(destination["kms_key_id"], Unknown)
