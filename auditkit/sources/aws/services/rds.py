"""RDS, Aurora, DocumentDB and Neptune, which all answer to the API of RDS.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, inside, tagged

_INSTANCES = Call("rds:DescribeDBInstances", take="DBInstances")
_CLUSTERS = Call("rds:DescribeDBClusters", take="DBClusters")
_CLUSTER_SNAPSHOTS = Call(
    "rds:DescribeDBClusterSnapshots", {"SnapshotType": "'manual'"}, take="DBClusterSnapshots"
)
_PARAMETER_GROUPS = Call("rds:DescribeDBParameterGroups", take="DBParameterGroups")
_CLUSTER_PARAMETER_GROUPS = Call(
    "rds:DescribeDBClusterParameterGroups", take="DBClusterParameterGroups"
)
_GLOBAL_CLUSTERS = Call("rds:DescribeGlobalClusters", take="GlobalClusters")

_IS_DOCDB, _IS_NEPTUNE = "Engine == 'docdb'", "Engine == 'neptune'"
_IS_RDS = "Engine != 'docdb' && Engine != 'neptune'"

_SECURITY_GROUPS = "VpcSecurityGroups[].VpcSecurityGroupId"
_SECRET = (
    "block(MasterUserSecret)[].{kms_key_id: KmsKeyId, secret_arn: SecretArn,"
    " secret_status: SecretStatus}"
)
# Terraform's arguments for a master password that RDS keeps itself.
_MANAGED_PASSWORD = {
    "manage_master_user_password": "MasterUserSecret && `true` || null",
    "master_user_secret": _SECRET,
}

_CERTIFICATE = {"ca_cert_identifier": "CACertificateIdentifier"}
_INSTANCE = {
    "identifier": "DBInstanceIdentifier",
    "instance_class": "DBInstanceClass",
    "port": "Endpoint.Port || DbInstancePort",
}
_INSTANCE_OBSERVED = {
    "automatic_restart": "AutomaticRestartTime",
    "created": "InstanceCreateTime",
    # The provider has an attribute for it, which differs every five minutes.
    "latest_restorable_time": "LatestRestorableTime",
    "state": "DBInstanceStatus",
}
_MEMBER = {
    **_INSTANCE,
    "cluster_identifier": "DBClusterIdentifier",
    "dbi_resource_id": "DbiResourceId",
}
_CLUSTER = {
    "cluster_identifier": "DBClusterIdentifier",
    "cluster_members": "DBClusterMembers[].DBInstanceIdentifier",
    "cluster_resource_id": "DbClusterResourceId",
    "vpc_security_group_ids": _SECURITY_GROUPS,
}
_ENDPOINT = "Endpoint && text('{}:{}', Endpoint.Address, Endpoint.Port)"
_SUBNET_GROUP = "DBSubnetGroup.DBSubnetGroupName"


def _metrics(namespace: str, **names: tuple[str, str]) -> Mapping[str, Metric]:
    dimensions = {"DBInstanceIdentifier": "DBInstanceIdentifier"}
    return {
        name: Metric(namespace, metric, dimensions, statistic)
        for name, (metric, statistic) in names.items()
    }


_CONNECTIONS, _CPU = ("DatabaseConnections", "Maximum"), ("CPUUtilization", "Average")
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
_RDS_METRICS = _metrics("AWS/RDS", connections=_CONNECTIONS, cpu_percent=_CPU)


def _instance(
    type: str,
    only: str,
    attributes: Mapping[str, str],
    *,
    metrics: Mapping[str, Metric],
    id: str = "DBInstanceIdentifier",
) -> LiveType:
    return LiveType(
        type,
        listing=_INSTANCES,
        id=id,
        arn="DBInstanceArn",
        only=only,
        attributes=attributes,
        uncollected=("latest_restorable_time",),
        tags="TagList",
        observed=_INSTANCE_OBSERVED,
        metrics=metrics,
    )


def _cluster(type: str, only: str, attributes: Mapping[str, str]) -> LiveType:
    return LiveType(
        type,
        listing=_CLUSTERS,
        id="DBClusterIdentifier",
        arn="DBClusterArn",
        only=only,
        attributes={**_CLUSTER, **attributes},
        tags="TagList",
        observed={
            "automatic_restart": "AutomaticRestartTime",
            "created": "ClusterCreateTime",
            "state": "Status",
        },
    )


# The accounts that may restore a snapshot; `all` makes it public.
_SHARED = "(Attributes || `[]`)[?AttributeName == 'restore'].AttributeValues[]"


def _cluster_snapshot(
    type: str, only: str, *, attributes: Mapping[str, str] | None = None
) -> LiveType:
    return LiveType(
        type,
        listing=_CLUSTER_SNAPSHOTS,
        id="DBClusterSnapshotIdentifier",
        arn="DBClusterSnapshotArn",
        only=only,
        completing=(
            Call(
                "rds:DescribeDBClusterSnapshotAttributes",
                {"DBClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier"},
                take="DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes",
                into="Attributes",
            ),
        ),
        attributes=attributes or {},
        tags="TagList",
        observed={
            "created": "SnapshotCreateTime",
            "shared_with": _SHARED,
            "source_resource_id": "DbClusterResourceId",
            # The provider has no tags for those of DocumentDB and Neptune.
            "tags": "tags(TagList)",
        },
    )


def _parameter_group(type: str, operation: str, *, name: str, listing: Call, only: str) -> LiveType:
    return LiveType(
        type,
        listing=listing,
        id=name,
        arn=f"{name.removesuffix('Name')}Arn",
        only=only,
        owned_by_aws=f"starts_with({name}, 'default.')",
        completing=(
            Call(
                f"rds:{operation}",
                # Hundreds have their default value; these were set.
                {name: name, "Source": "'user'"},
                take="Parameters",
                into="Parameters",
            ),
            tagged(),
        ),
        attributes={
            "family": "DBParameterGroupFamily",
            "name": name,
            "parameter": "(Parameters || `[]`)[?ParameterValue].{name: lower(ParameterName),"
            " value: ParameterValue, apply_method: ApplyMethod}",
        },
        tags=TAGS,
    )


def _instance_parameter_group(type: str, only: str) -> LiveType:
    return _parameter_group(
        type,
        "DescribeDBParameters",
        name="DBParameterGroupName",
        listing=_PARAMETER_GROUPS,
        only=only,
    )


def _cluster_parameter_group(type: str, only: str) -> LiveType:
    return _parameter_group(
        type,
        "DescribeDBClusterParameters",
        name="DBClusterParameterGroupName",
        listing=_CLUSTER_PARAMETER_GROUPS,
        only=only,
    )


def _global_cluster(type: str, only: str, **attributes: str) -> LiveType:
    return LiveType(
        type,
        listing=_GLOBAL_CLUSTERS,
        id="GlobalClusterIdentifier",
        arn="GlobalClusterArn",
        only=only,
        attributes={
            **attributes,
            "global_cluster_members": "GlobalClusterMembers[]"
            ".{db_cluster_arn: DBClusterArn, is_writer: IsWriter}",
        },
        tags="TagList",
        observed={"state": "Status"},
    )


_IS_DOCDB_FAMILY = "starts_with(DBParameterGroupFamily, 'docdb')"
_IS_NEPTUNE_FAMILY = "starts_with(DBParameterGroupFamily, 'neptune')"
_IS_RDS_FAMILY = f"!{_IS_DOCDB_FAMILY} && !{_IS_NEPTUNE_FAMILY}"

TYPES = (
    _instance(
        "aws_db_instance",
        "!DBClusterIdentifier",
        {
            **_INSTANCE,
            **_CERTIFICATE,
            **_MANAGED_PASSWORD,
            "address": "Endpoint.Address",
            "backup_window": "PreferredBackupWindow",
            "db_subnet_group_name": _SUBNET_GROUP,
            "domain": "DomainMemberships[0].Domain",
            "domain_auth_secret_arn": "DomainMemberships[0].AuthSecretArn",
            "domain_dns_ips": "DomainMemberships[0].DnsIps",
            "domain_fqdn": "DomainMemberships[0].FQDN",
            "domain_iam_role_name": "DomainMemberships[0].IAMRoleName",
            "domain_ou": "DomainMemberships[0].OU",
            "endpoint": _ENDPOINT,
            "engine_version_actual": "EngineVersion",
            "hosted_zone_id": "Endpoint.HostedZoneId",
            "listener_endpoint": "block(ListenerEndpoint)[].{address: Address,"
            " hosted_zone_id: HostedZoneId, port: Port}",
            "maintenance_window": "PreferredMaintenanceWindow",
            "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
            "option_group_name": "OptionGroupMemberships[0].OptionGroupName",
            "parameter_group_name": "DBParameterGroups[0].DBParameterGroupName",
            "replicas": "ReadReplicaDBInstanceIdentifiers",
            "replicate_source_db": "ReadReplicaSourceDBInstanceIdentifier",
            "resource_id": "DbiResourceId",
            "status": "DBInstanceStatus",
            "username": "MasterUsername",
            "vpc_security_group_ids": _SECURITY_GROUPS,
        },
        id="DbiResourceId",
        metrics=_RDS_METRICS,
    ),
    LiveType(
        "aws_db_instance_role_association",
        each="aws_db_instance",
        listing=inside("AssociatedRoles"),
        id="text('{},{}', _parent.DBInstanceIdentifier, RoleArn)",
        attributes={"db_instance_identifier": "_parent.DBInstanceIdentifier"},
        observed={"state": "Status"},
    ),
    _instance(
        "aws_rds_cluster_instance",
        f"DBClusterIdentifier && {_IS_RDS}",
        {
            **_MEMBER,
            **_CERTIFICATE,
            "db_parameter_group_name": "DBParameterGroups[0].DBParameterGroupName",
            "db_subnet_group_name": _SUBNET_GROUP,
            "endpoint": "Endpoint.Address",
            "engine_version_actual": "EngineVersion",
        },
        metrics=_RDS_METRICS,
    ),
    _instance(
        "aws_docdb_cluster_instance",
        _IS_DOCDB,
        {
            **_MEMBER,
            **_CERTIFICATE,
            "db_subnet_group_name": _SUBNET_GROUP,
            "enable_performance_insights": "PerformanceInsightsEnabled",
            "endpoint": "Endpoint.Address",
        },
        # https://docs.aws.amazon.com/documentdb/latest/developerguide/cloud_watch.html
        metrics=_metrics("AWS/DocDB", connections=_CONNECTIONS, cpu_percent=_CPU),
    ),
    _instance(
        "aws_neptune_cluster_instance",
        _IS_NEPTUNE,
        {
            **_MEMBER,
            "address": "Endpoint.Address",
            "endpoint": _ENDPOINT,
            "kms_key_arn": "KmsKeyId",
            "neptune_parameter_group_name": "DBParameterGroups[0].DBParameterGroupName",
            "neptune_subnet_group_name": _SUBNET_GROUP,
        },
        # https://docs.aws.amazon.com/neptune/latest/userguide/cw-metrics.html
        metrics=_metrics(
            "AWS/Neptune", cpu_percent=_CPU, requests=("TotalRequestsPerSec", "Maximum")
        ),
    ),
    _cluster(
        "aws_rds_cluster",
        _IS_RDS,
        {
            **_MANAGED_PASSWORD,
            "ca_certificate_identifier": "CertificateDetails.CAIdentifier",
            "ca_certificate_valid_till": "CertificateDetails.ValidTill",
            "db_cluster_parameter_group_name": "DBClusterParameterGroup",
            "db_subnet_group_name": "DBSubnetGroup",
            "domain": "DomainMemberships[0].Domain",
            "domain_iam_role_name": "DomainMemberships[0].IAMRoleName",
            "enable_global_write_forwarding": "GlobalWriteForwardingRequested",
            "enable_http_endpoint": "HttpEndpointEnabled",
            "enable_local_write_forwarding": "LocalWriteForwardingStatus == 'enabled'"
            " || LocalWriteForwardingStatus == 'enabling'"
            " || LocalWriteForwardingStatus == 'requested'",
            "engine_version_actual": "EngineVersion",
            "iam_roles": "AssociatedRoles[].RoleArn",
            "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
            "scaling_configuration": "ScalingConfigurationInfo",
        },
    ),
    _cluster(
        "aws_docdb_cluster",
        _IS_DOCDB,
        {
            **_MANAGED_PASSWORD,
            "db_cluster_parameter_group_name": "DBClusterParameterGroup",
            "db_subnet_group_name": "DBSubnetGroup",
        },
    ),
    _cluster(
        "aws_neptune_cluster",
        _IS_NEPTUNE,
        {
            "enable_cloudwatch_logs_exports": "EnabledCloudwatchLogsExports",
            "iam_roles": "AssociatedRoles[].RoleArn",
            "kms_key_arn": "KmsKeyId",
            "neptune_cluster_parameter_group_name": "DBClusterParameterGroup",
            "neptune_subnet_group_name": "DBSubnetGroup",
        },
    ),
    LiveType(
        "aws_db_snapshot",
        listing=Call("rds:DescribeDBSnapshots", {"SnapshotType": "'manual'"}, take="DBSnapshots"),
        id="DBSnapshotIdentifier",
        arn="DBSnapshotArn",
        completing=(
            Call(
                "rds:DescribeDBSnapshotAttributes",
                {"DBSnapshotIdentifier": "DBSnapshotIdentifier"},
                take="DBSnapshotAttributesResult.DBSnapshotAttributes",
                into="Attributes",
            ),
        ),
        attributes={"shared_accounts": _SHARED},
        tags="TagList",
        observed={"created": "SnapshotCreateTime", "source_resource_id": "DbiResourceId"},
    ),
    _cluster_snapshot(
        "aws_db_cluster_snapshot",
        _IS_RDS,
        attributes={"shared_accounts": _SHARED},
    ),
    _cluster_snapshot("aws_docdb_cluster_snapshot", _IS_DOCDB),
    _cluster_snapshot("aws_neptune_cluster_snapshot", _IS_NEPTUNE),
    # DocumentDB's and Neptune's are the same to the API, which does not tell whose they are.
    LiveType(
        "aws_db_subnet_group",
        listing=Call("rds:DescribeDBSubnetGroups", take="DBSubnetGroups"),
        id="DBSubnetGroupName",
        arn="DBSubnetGroupArn",
        completing=(tagged(),),
        attributes={
            "description": "DBSubnetGroupDescription",
            "name": "DBSubnetGroupName",
            "subnet_ids": "Subnets[].SubnetIdentifier",
        },
        tags=TAGS,
        observed={"state": "SubnetGroupStatus"},
    ),
    _instance_parameter_group("aws_db_parameter_group", f"!{_IS_NEPTUNE_FAMILY}"),
    _instance_parameter_group("aws_neptune_parameter_group", _IS_NEPTUNE_FAMILY),
    _cluster_parameter_group("aws_rds_cluster_parameter_group", _IS_RDS_FAMILY),
    _cluster_parameter_group("aws_docdb_cluster_parameter_group", _IS_DOCDB_FAMILY),
    _cluster_parameter_group("aws_neptune_cluster_parameter_group", _IS_NEPTUNE_FAMILY),
    LiveType(
        "aws_db_option_group",
        listing=Call("rds:DescribeOptionGroups", take="OptionGroupsList"),
        id="OptionGroupName",
        arn="OptionGroupArn",
        owned_by_aws="starts_with(OptionGroupName, 'default:')",
        completing=(tagged(),),
        attributes={
            "name": "OptionGroupName",
            "option": "Options[].{option_name: OptionName, port: Port, version: OptionVersion,"
            " db_security_group_memberships: DBSecurityGroupMemberships[].DBSecurityGroupName,"
            " vpc_security_group_memberships: VpcSecurityGroupMemberships[].VpcSecurityGroupId,"
            # AWS answers with all settings of an option.
            " option_settings: OptionSettings[?Value && Value != DefaultValue]"
            ".{name: Name, value: Value}}",
        },
        tags=TAGS,
    ),
    LiveType(
        "aws_db_event_subscription",
        listing=Call("rds:DescribeEventSubscriptions", take="EventSubscriptionsList"),
        id="CustSubscriptionId",
        arn="EventSubscriptionArn",
        completing=(tagged(),),
        attributes={
            "event_categories": "EventCategoriesList",
            "name": "CustSubscriptionId",
            "sns_topic": "SnsTopicArn",
            "source_ids": "SourceIdsList",
        },
        tags=TAGS,
        observed={"created": "SubscriptionCreationTime", "state": "Status"},
    ),
    LiveType(
        "aws_db_proxy",
        listing=Call("rds:DescribeDBProxies", take="DBProxies"),
        id="DBProxyName",
        arn="DBProxyArn",
        completing=(tagged(),),
        attributes={"name": "DBProxyName"},
        tags=TAGS,
        observed={"created": "CreatedDate", "state": "Status"},
    ),
    _global_cluster("aws_rds_global_cluster", _IS_RDS, engine_version_actual="EngineVersion"),
    _global_cluster("aws_docdb_global_cluster", _IS_DOCDB),
    _global_cluster("aws_neptune_global_cluster", _IS_NEPTUNE),
)
