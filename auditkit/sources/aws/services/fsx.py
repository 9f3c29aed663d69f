"""FSx: https://docs.aws.amazon.com/fsx/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import Call, LiveType

# Settings that have the same name in the structures of all kinds.
_COMMON = {
    "automatic_backup_retention_days": "AutomaticBackupRetentionDays",
    "daily_automatic_backup_start_time": "DailyAutomaticBackupStartTime",
    "deployment_type": "DeploymentType",
    "throughput_capacity": "ThroughputCapacity",
    "weekly_maintenance_start_time": "WeeklyMaintenanceStartTime",
}


def _file_system(kind: str, structure: str, members: Mapping[str, str]) -> LiveType:
    """A type whose own settings are in a structure of theirs."""
    return LiveType(
        f"aws_fsx_{kind}_file_system",
        listing=Call("fsx:DescribeFileSystems", take="FileSystems"),
        id="FileSystemId",
        arn="ResourceARN",
        only=f"FileSystemType == '{kind.upper()}'",
        attributes={
            name: member if "." in name else f"{structure}.{member}"
            for name, member in {**_COMMON, **members}.items()
        },
        tags="Tags",
        observed={"created": "CreationTime", "state": "Lifecycle"},
    )


TYPES = (
    _file_system(
        "lustre",
        "LustreConfiguration",
        {
            "auto_import_policy": "DataRepositoryConfiguration.AutoImportPolicy",
            "copy_tags_to_backups": "CopyTagsToBackups",
            "data_compression_type": "DataCompressionType",
            "data_read_cache_configuration": "DataReadCacheConfiguration",
            "data_read_cache_configuration.size": "SizeGiB",
            "drive_cache_type": "DriveCacheType",
            "efa_enabled": "EfaEnabled",
            "export_path": "DataRepositoryConfiguration.ExportPath",
            "import_path": "DataRepositoryConfiguration.ImportPath",
            "imported_file_chunk_size": "DataRepositoryConfiguration.ImportedFileChunkSize",
            "log_configuration": "LogConfiguration",
            "metadata_configuration": "MetadataConfiguration",
            "mount_name": "MountName",
            "per_unit_storage_throughput": "PerUnitStorageThroughput",
            "root_squash_configuration": "RootSquashConfiguration",
        },
    ),
    _file_system(
        "ontap",
        "OntapConfiguration",
        {
            "disk_iops_configuration": "DiskIopsConfiguration",
            "endpoint_ip_address_range": "EndpointIpAddressRange",
            "ha_pairs": "HAPairs",
            "preferred_subnet_id": "PreferredSubnetId",
            "route_table_ids": "RouteTableIds",
            "throughput_capacity_per_ha_pair": "ThroughputCapacityPerHAPair",
        },
    ),
    _file_system(
        "openzfs",
        "OpenZFSConfiguration",
        {
            "copy_tags_to_backups": "CopyTagsToBackups",
            "copy_tags_to_volumes": "CopyTagsToVolumes",
            "disk_iops_configuration": "DiskIopsConfiguration",
            "endpoint_ip_address": "EndpointIpAddress",
            "endpoint_ip_address_range": "EndpointIpAddressRange",
            "preferred_subnet_id": "PreferredSubnetId",
            "root_volume_id": "RootVolumeId",
            "route_table_ids": "RouteTableIds",
        },
    ),
    _file_system(
        "windows",
        "WindowsConfiguration",
        {
            "active_directory_id": "ActiveDirectoryId",
            "aliases": "Aliases[].Name",
            "audit_log_configuration": "AuditLogConfiguration",
            "copy_tags_to_backups": "CopyTagsToBackups",
            "disk_iops_configuration": "DiskIopsConfiguration",
            "preferred_file_server_ip": "PreferredFileServerIp",
            "preferred_subnet_id": "PreferredSubnetId",
            "remote_administration_endpoint": "RemoteAdministrationEndpoint",
            "self_managed_active_directory": "SelfManagedActiveDirectoryConfiguration",
        },
    ),
)
