"""What AWS tells of buckets, file systems, databases and queues, where moto has no say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import Answer, read

from auditkit.model import Unknown

TIME = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
TIME_TEXT = "2025-03-01T09:30:00Z"
ACCOUNT = "123456789012"
PLACE = f"us-east-1:{ACCOUNT}"
KEY = f"arn:aws:kms:{PLACE}:key/11111111-2222-3333-4444-555555555555"
OWNER = {"Owner": "tests"}
TAGS = [{"Key": "Owner", "Value": "tests"}]
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
POINT = f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/reports"
TOPIC = f"arn:aws:sns:{PLACE}:orders"
QUEUE = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/late"
ALLOWED = json.dumps({"redrivePermission": "denyAll"})


def tagged(*arns: str) -> Mapping[str, Answer]:
    mappings = [{"ResourceARN": arn, "Tags": TAGS} for arn in arns]
    return {"resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": mappings}}


def bucket(operation: str, answer: Mapping[str, Any]) -> Mapping[str, Answer]:
    """A bucket, and what one more call tells of it."""
    return {
        "s3:ListBuckets": {
            "Buckets": [{"Name": "logs", "CreationDate": TIME, "BucketRegion": "us-east-1"}]
        },
        f"s3:{operation}": answer,
    }


ACCESS_POINT: Mapping[str, Answer] = {
    "s3control:ListAccessPoints": {
        "AccessPointList": [
            {
                "Name": "reports",
                "NetworkOrigin": "VPC",
                "VpcConfiguration": {"VpcId": "vpc-1"},
                "Bucket": "logs",
                "AccessPointArn": POINT,
                "Alias": "reports-1-s3alias",
                "BucketAccountId": ACCOUNT,
            }
        ]
    },
    "s3control:GetAccessPoint": {
        "Name": "reports",
        "Bucket": "logs",
        "NetworkOrigin": "VPC",
        "VpcConfiguration": {"VpcId": "vpc-1"},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": True,
        },
        "CreationDate": TIME,
        "AccessPointArn": POINT,
        "Endpoints": {"ipv4": "s3-accesspoint.us-east-1.amazonaws.com"},
        "BucketAccountId": ACCOUNT,
    },
    "s3control:GetAccessPointPolicy": {"Policy": POLICY},
}


def file_system(kind: str, structure: str, **settings: Any) -> Mapping[str, Answer]:
    """A file system of each kind; the settings are those of this kind."""
    common = {
        "OwnerId": ACCOUNT,
        "CreationTime": TIME,
        "Lifecycle": "AVAILABLE",
        "StorageCapacity": 1200,
        "StorageType": "SSD",
        "VpcId": "vpc-1",
        "SubnetIds": ["subnet-1"],
        "NetworkInterfaceIds": ["eni-1"],
        "KmsKeyId": KEY,
        "Tags": TAGS,
    }
    backups = {
        "AutomaticBackupRetentionDays": 7,
        "DailyAutomaticBackupStartTime": "03:00",
        "WeeklyMaintenanceStartTime": "7:04:00",
    }
    return {
        "fsx:DescribeFileSystems": {
            "FileSystems": [
                {
                    **common,
                    "FileSystemId": f"fs-{each}",
                    "FileSystemType": each,
                    "DNSName": f"fs-{each}.fsx.us-east-1.amazonaws.com",
                    "ResourceARN": f"arn:aws:fsx:{PLACE}:file-system/fs-{each}",
                    **({structure: {**backups, **settings}} if each == kind else {}),
                }
                for each in ("LUSTRE", "ONTAP", "OPENZFS", "WINDOWS")
            ]
        }
    }


def files(kind: str, **attributes: Any) -> Mapping[str, Any]:
    """What is expected of a file system of this kind."""
    return {
        "arn": f"arn:aws:fsx:{PLACE}:file-system/fs-{kind}",
        "automatic_backup_retention_days": 7,
        "daily_automatic_backup_start_time": "03:00",
        "dns_name": f"fs-{kind}.fsx.us-east-1.amazonaws.com",
        "kms_key_id": KEY,
        "network_interface_ids": ["eni-1"],
        "owner_id": ACCOUNT,
        "storage_capacity": 1200,
        "storage_type": "SSD",
        "subnet_ids": ["subnet-1"],
        "tags": OWNER,
        "vpc_id": "vpc-1",
        "weekly_maintenance_start_time": "7:04:00",
        **attributes,
    }


def snapshots(engine: str) -> Mapping[str, Answer]:
    return {
        "rds:DescribeDBClusterSnapshots": {
            "DBClusterSnapshots": [
                {
                    "AvailabilityZones": ["us-east-1a"],
                    "DBClusterSnapshotIdentifier": f"before-{each}",
                    "DBClusterIdentifier": each,
                    "SnapshotCreateTime": TIME,
                    "Engine": each,
                    "EngineVersion": "5.0.0",
                    "Status": "available",
                    "Port": 27017,
                    "VpcId": "vpc-1",
                    "SnapshotType": "manual",
                    "StorageEncrypted": each == engine,
                    "KmsKeyId": KEY,
                    "DBClusterSnapshotArn": f"arn:aws:rds:{PLACE}:cluster-snapshot:before-{each}",
                }
                for each in ("aurora-mysql", "docdb", "neptune")
            ]
        },
        "rds:DescribeDBClusterSnapshotAttributes": {
            "DBClusterSnapshotAttributesResult": {"DBClusterSnapshotAttributes": []}
        },
    }


def snapshot(engine: str) -> Mapping[str, Any]:
    return {
        "availability_zones": ["us-east-1a"],
        "db_cluster_identifier": engine,
        "db_cluster_snapshot_arn": f"arn:aws:rds:{PLACE}:cluster-snapshot:before-{engine}",
        "db_cluster_snapshot_identifier": f"before-{engine}",
        "engine": engine,
        "engine_version": "5.0.0",
        "kms_key_id": KEY,
        "port": 27017,
        "snapshot_type": "manual",
        "status": "available",
        "storage_encrypted": True,
        "vpc_id": "vpc-1",
    }


def parameters(family: str, name: str, value: str) -> Mapping[str, Answer]:
    return {
        **tagged(f"arn:aws:rds:{PLACE}:cluster-pg:shop"),
        "rds:DescribeDBClusterParameterGroups": {
            "DBClusterParameterGroups": [
                {
                    "DBClusterParameterGroupName": each,
                    "DBParameterGroupFamily": family,
                    "Description": "For the shop",
                    "DBClusterParameterGroupArn": f"arn:aws:rds:{PLACE}:cluster-pg:{each}",
                }
                for each in (f"default.{family}", "shop")
            ]
        },
        "rds:DescribeDBClusterParameters": {
            "Parameters": [
                {
                    "ParameterName": name,
                    "ParameterValue": value,
                    "ApplyMethod": "pending-reboot",
                    "Source": "user",
                }
            ]
        },
    }


def group(family: str, name: str, value: str) -> Mapping[str, Any]:
    return {
        "arn": f"arn:aws:rds:{PLACE}:cluster-pg:shop",
        "description": "For the shop",
        "family": family,
        "name": "shop",
        "parameter": [{"name": name, "value": value, "apply_method": "pending-reboot"}],
        "tags": OWNER,
    }


CASES: list[tuple[str, Mapping[str, Answer], str, Mapping[str, Any]]] = [
    (
        "aws_s3_bucket_request_payment_configuration",
        bucket("GetBucketRequestPayment", {"Payer": "Requester"}),
        "logs",
        {"bucket": "logs", "payer": "Requester"},
    ),
    (
        "aws_s3_bucket_metric",
        bucket(
            "ListBucketMetricsConfigurations",
            {
                "MetricsConfigurationList": [
                    {"Id": "big", "Filter": {"And": {"Prefix": "big/", "Tags": TAGS}}}
                ]
            },
        ),
        "logs:big",
        {
            "bucket": "logs",
            "filter": [{"access_point": None, "prefix": "big/", "tags": OWNER}],
            "name": "big",
        },
    ),
    (
        "aws_s3_bucket_intelligent_tiering_configuration",
        bucket(
            "ListBucketIntelligentTieringConfigurations",
            {
                "IntelligentTieringConfigurationList": [
                    {
                        "Id": "all",
                        "Filter": {"Tag": TAGS[0]},
                        "Status": "Enabled",
                        "Tierings": [{"Days": 125, "AccessTier": "ARCHIVE_ACCESS"}],
                    }
                ]
            },
        ),
        "logs:all",
        {
            "bucket": "logs",
            "filter": [{"prefix": None, "tags": OWNER}],
            "name": "all",
            "status": "Enabled",
            "tiering": [{"access_tier": "ARCHIVE_ACCESS", "days": 125}],
        },
    ),
    (
        "aws_s3_bucket_analytics_configuration",
        bucket(
            "ListBucketAnalyticsConfigurations",
            {
                "AnalyticsConfigurationList": [
                    {
                        "Id": "all",
                        "Filter": {"Prefix": "big/"},
                        "StorageClassAnalysis": {
                            "DataExport": {
                                "OutputSchemaVersion": "V_1",
                                "Destination": {
                                    "S3BucketDestination": {
                                        "Format": "CSV",
                                        "BucketAccountId": ACCOUNT,
                                        "Bucket": "arn:aws:s3:::reports",
                                        "Prefix": "logs/",
                                    }
                                },
                            }
                        },
                    }
                ]
            },
        ),
        "logs:all",
        {
            "bucket": "logs",
            "name": "all",
            "storage_class_analysis": [
                {
                    "data_export": [
                        {
                            "destination": [
                                {
                                    "s3_bucket_destination": [
                                        {
                                            "bucket_account_id": ACCOUNT,
                                            "bucket_arn": "arn:aws:s3:::reports",
                                            "format": "CSV",
                                            "prefix": "logs/",
                                        }
                                    ]
                                }
                            ],
                            "output_schema_version": "V_1",
                        }
                    ]
                }
            ],
        },
    ),
    (
        "aws_s3_account_public_access_block",
        {
            "s3control:GetPublicAccessBlock": {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": False,
                    "RestrictPublicBuckets": True,
                }
            }
        },
        ACCOUNT,
        {
            "account_id": ACCOUNT,
            "block_public_acls": True,
            "block_public_policy": False,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
    ),
    (
        "aws_s3_access_point",
        ACCESS_POINT,
        f"{ACCOUNT}:reports",
        {
            "account_id": ACCOUNT,
            "alias": "reports-1-s3alias",
            "arn": POINT,
            "bucket": "logs",
            "bucket_account_id": ACCOUNT,
            "endpoints": {"ipv4": "s3-accesspoint.us-east-1.amazonaws.com"},
            "name": "reports",
            "network_origin": "VPC",
            "public_access_block_configuration": [
                {
                    "block_public_acls": True,
                    "block_public_policy": False,
                    "ignore_public_acls": True,
                    "restrict_public_buckets": True,
                }
            ],
            "vpc_configuration": [{"vpc_id": "vpc-1"}],
        },
    ),
    (
        "aws_s3control_access_point_policy",
        ACCESS_POINT,
        f"{ACCOUNT}:reports",
        {"access_point_arn": POINT, "policy": POLICY},
    ),
    (
        "aws_fsx_lustre_file_system",
        file_system(
            "LUSTRE",
            "LustreConfiguration",
            DataRepositoryConfiguration={
                "ImportPath": "s3://logs/in",
                "ExportPath": "s3://logs/out",
                "ImportedFileChunkSize": 1024,
                "AutoImportPolicy": "NEW",
            },
            DeploymentType="PERSISTENT_1",
            PerUnitStorageThroughput=50,
            MountName="fsx",
            CopyTagsToBackups=True,
            DataCompressionType="LZ4",
            LogConfiguration={"Level": "WARN_ERROR", "Destination": "arn:aws:logs:1"},
            RootSquashConfiguration={
                "RootSquash": "365534:65534",
                "NoSquashNids": ["10.0.1.6@tcp"],
            },
        ),
        "fs-LUSTRE",
        files(
            "LUSTRE",
            auto_import_policy="NEW",
            copy_tags_to_backups=True,
            data_compression_type="LZ4",
            deployment_type="PERSISTENT_1",
            export_path="s3://logs/out",
            import_path="s3://logs/in",
            imported_file_chunk_size=1024,
            log_configuration=[{"level": "WARN_ERROR", "destination": "arn:aws:logs:1"}],
            mount_name="fsx",
            per_unit_storage_throughput=50,
            root_squash_configuration=[
                {"root_squash": "365534:65534", "no_squash_nids": ["10.0.1.6@tcp"]}
            ],
        ),
    ),
    (
        "aws_fsx_ontap_file_system",
        file_system(
            "ONTAP",
            "OntapConfiguration",
            DeploymentType="MULTI_AZ_1",
            EndpointIpAddressRange="198.19.0.0/24",
            DiskIopsConfiguration={"Mode": "USER_PROVISIONED", "Iops": 3600},
            PreferredSubnetId="subnet-1",
            RouteTableIds=["rtb-1"],
            ThroughputCapacity=512,
            HAPairs=1,
            ThroughputCapacityPerHAPair=512,
        ),
        "fs-ONTAP",
        files(
            "ONTAP",
            deployment_type="MULTI_AZ_1",
            disk_iops_configuration=[{"mode": "USER_PROVISIONED", "iops": 3600}],
            endpoint_ip_address_range="198.19.0.0/24",
            ha_pairs=1,
            preferred_subnet_id="subnet-1",
            route_table_ids=["rtb-1"],
            throughput_capacity=512,
            throughput_capacity_per_ha_pair=512,
        ),
    ),
    (
        "aws_fsx_openzfs_file_system",
        file_system(
            "OPENZFS",
            "OpenZFSConfiguration",
            CopyTagsToBackups=True,
            CopyTagsToVolumes=True,
            DeploymentType="SINGLE_AZ_1",
            ThroughputCapacity=64,
            DiskIopsConfiguration={"Mode": "AUTOMATIC", "Iops": 3600},
            RootVolumeId="fsvol-1",
            EndpointIpAddress="10.0.0.7",
        ),
        "fs-OPENZFS",
        files(
            "OPENZFS",
            copy_tags_to_backups=True,
            copy_tags_to_volumes=True,
            deployment_type="SINGLE_AZ_1",
            disk_iops_configuration=[{"mode": "AUTOMATIC", "iops": 3600}],
            endpoint_ip_address="10.0.0.7",
            root_volume_id="fsvol-1",
            throughput_capacity=64,
        ),
    ),
    (
        "aws_fsx_windows_file_system",
        file_system(
            "WINDOWS",
            "WindowsConfiguration",
            SelfManagedActiveDirectoryConfiguration={
                "DomainName": "corp.example.com",
                "UserName": "joiner",
                "FileSystemAdministratorsGroup": "Domain Admins",
                "DnsIps": ["10.0.0.2"],
            },
            DeploymentType="SINGLE_AZ_2",
            PreferredSubnetId="subnet-1",
            PreferredFileServerIp="10.0.0.8",
            RemoteAdministrationEndpoint="amznfsx1.corp.example.com",
            ThroughputCapacity=32,
            CopyTagsToBackups=True,
            Aliases=[{"Name": "files.corp.example.com", "Lifecycle": "AVAILABLE"}],
            AuditLogConfiguration={
                "FileAccessAuditLogLevel": "SUCCESS_AND_FAILURE",
                "FileShareAccessAuditLogLevel": "FAILURE_ONLY",
                "AuditLogDestination": "arn:aws:logs:1",
            },
        ),
        "fs-WINDOWS",
        files(
            "WINDOWS",
            aliases=["files.corp.example.com"],
            audit_log_configuration=[
                {
                    "audit_log_destination": "arn:aws:logs:1",
                    "file_access_audit_log_level": "SUCCESS_AND_FAILURE",
                    "file_share_access_audit_log_level": "FAILURE_ONLY",
                }
            ],
            copy_tags_to_backups=True,
            deployment_type="SINGLE_AZ_2",
            preferred_file_server_ip="10.0.0.8",
            preferred_subnet_id="subnet-1",
            remote_administration_endpoint="amznfsx1.corp.example.com",
            throughput_capacity=32,
        ),
    ),
    ("aws_docdb_cluster_snapshot", snapshots("docdb"), "before-docdb", snapshot("docdb")),
    ("aws_neptune_cluster_snapshot", snapshots("neptune"), "before-neptune", snapshot("neptune")),
    (
        "aws_docdb_cluster_parameter_group",
        parameters("docdb5.0", "tls", "enabled"),
        "shop",
        group("docdb5.0", "tls", "enabled"),
    ),
    (
        "aws_neptune_cluster_parameter_group",
        parameters("neptune1.3", "neptune_enable_audit_log", "1"),
        "shop",
        group("neptune1.3", "neptune_enable_audit_log", "1"),
    ),
    (
        "aws_elasticache_serverless_cache",
        {
            **tagged(f"arn:aws:elasticache:{PLACE}:serverlesscache:sessions"),
            "elasticache:DescribeServerlessCaches": {
                "ServerlessCaches": [
                    {
                        "ServerlessCacheName": "sessions",
                        "Description": "Sessions",
                        "CreateTime": TIME,
                        "Status": "available",
                        "Engine": "valkey",
                        "MajorEngineVersion": "8",
                        "FullEngineVersion": "8.0",
                        "CacheUsageLimits": {
                            "DataStorage": {"Maximum": 10, "Unit": "GB"},
                            "ECPUPerSecond": {"Maximum": 5000},
                        },
                        "KmsKeyId": KEY,
                        "SecurityGroupIds": ["sg-1"],
                        "Endpoint": {"Address": "sessions.example.com", "Port": 6379},
                        "ARN": f"arn:aws:elasticache:{PLACE}:serverlesscache:sessions",
                        "UserGroupId": "apps",
                        "SubnetIds": ["subnet-1"],
                        "SnapshotRetentionLimit": 3,
                        "DailySnapshotTime": "03:00",
                    }
                ]
            },
        },
        "sessions",
        {
            "cache_usage_limits": [
                {
                    "data_storage": [{"maximum": 10, "minimum": None, "unit": "GB"}],
                    "ecpu_per_second": [{"maximum": 5000, "minimum": None}],
                }
            ],
            "create_time": TIME_TEXT,
            "daily_snapshot_time": "03:00",
            "description": "Sessions",
            "endpoint": [{"address": "sessions.example.com", "port": 6379}],
            "engine": "valkey",
            "full_engine_version": "8.0",
            "kms_key_id": KEY,
            "major_engine_version": "8",
            "name": "sessions",
            "security_group_ids": ["sg-1"],
            "snapshot_retention_limit": 3,
            "status": "available",
            "subnet_ids": ["subnet-1"],
            "tags": OWNER,
            "user_group_id": "apps",
        },
    ),
    (
        "aws_elasticache_user_group",
        {
            **tagged(f"arn:aws:elasticache:{PLACE}:usergroup:apps"),
            "elasticache:DescribeUserGroups": {
                "UserGroups": [
                    {
                        "UserGroupId": "apps",
                        "Status": "active",
                        "Engine": "redis",
                        "UserIds": ["default", "shop"],
                        "ARN": f"arn:aws:elasticache:{PLACE}:usergroup:apps",
                    }
                ]
            },
        },
        "apps",
        {
            "arn": f"arn:aws:elasticache:{PLACE}:usergroup:apps",
            "engine": "redis",
            "tags": OWNER,
            "user_group_id": "apps",
            "user_ids": ["default", "shop"],
        },
    ),
    (
        "aws_sns_topic_data_protection_policy",
        {
            "sns:ListTopics": {"Topics": [{"TopicArn": TOPIC}]},
            "sns:GetDataProtectionPolicy": {"DataProtectionPolicy": POLICY},
        },
        TOPIC,
        {"arn": TOPIC, "policy": POLICY},
    ),
    (
        "aws_sqs_queue_redrive_allow_policy",
        {
            "sqs:ListQueues": {"QueueUrls": [QUEUE]},
            "sqs:GetQueueAttributes": {"Attributes": {"RedriveAllowPolicy": ALLOWED}},
        },
        QUEUE,
        {"queue_url": QUEUE, "redrive_allow_policy": ALLOWED},
    ),
]


@pytest.mark.parametrize(
    ("type", "answers", "id", "expected"), CASES, ids=[row[0] for row in CASES]
)
def test_attributes_from_answers(
    type: str, answers: Mapping[str, Answer], id: str, expected: Mapping[str, Any]
) -> None:
    (resource,) = read(answers, type)
    assert resource.id == id
    assert {name: resource.attributes.get(name) for name in expected} == expected


def test_the_password_of_a_directory_is_not_told() -> None:
    told = {"DomainName": "corp.example.com", "UserName": "joiner", "DnsIps": ["10.0.0.2"]}
    answers = file_system(
        "WINDOWS", "WindowsConfiguration", SelfManagedActiveDirectoryConfiguration=told
    )
    (system,) = read(answers, "aws_fsx_windows_file_system")
    blocks: Any = system.attributes["self_managed_active_directory"]
    (directory,) = blocks
    assert directory["domain_name"] == "corp.example.com"
    assert directory["username"] == "joiner"
    assert directory["dns_ips"] == ["10.0.0.2"]
    assert isinstance(directory["password"], Unknown)
