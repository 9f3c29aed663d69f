"""ElastiCache: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_CLUSTERS = Call("elasticache:DescribeCacheClusters", {"ShowCacheNodeInfo": "`true`"})


def _version(of: str) -> str:
    """The version that the provider speaks of: since Redis 6 without its patch level."""
    number = f"part({of}EngineVersion, '.', `0`)"
    return (
        f"({of}Engine != 'memcached' && to_number({number}) >= `6`"
        f" && text('{{}}.{{}}', {number}, part({of}EngineVersion, '.', `1`)))"
        f" || {of}EngineVersion"
    )


_LOGS = (
    "LogDeliveryConfigurations[].{destination_type: DestinationType, log_format: LogFormat,"
    " log_type: LogType, destination: DestinationDetails.CloudWatchLogsDetails.LogGroup"
    " || DestinationDetails.KinesisFirehoseDetails.DeliveryStream}"
)

TYPES = (
    # A member of a replication group is listed, too: `replication_group_id` tells.
    LiveType(
        "aws_elasticache_cluster",
        listing=Call(_CLUSTERS.operation, _CLUSTERS.arguments, take="CacheClusters"),
        id="CacheClusterId",
        arn="ARN",
        completing=(tagged(),),
        attributes={
            "availability_zone": "PreferredAvailabilityZone",
            "az_mode": "PreferredAvailabilityZone == 'Multiple' && 'cross-az' || 'single-az'",
            "cache_nodes": "CacheNodes[].{id: CacheNodeId, address: Endpoint.Address,"
            " port: Endpoint.Port, availability_zone: CustomerAvailabilityZone,"
            " outpost_arn: CustomerOutpostArn}",
            "cluster_address": "ConfigurationEndpoint.Address",
            "cluster_id": "CacheClusterId",
            "configuration_endpoint": "ConfigurationEndpoint && text('{}:{}',"
            " ConfigurationEndpoint.Address, ConfigurationEndpoint.Port)",
            "engine_version": _version(""),
            "engine_version_actual": "EngineVersion",
            "log_delivery_configuration": _LOGS,
            "maintenance_window": "PreferredMaintenanceWindow",
            "node_type": "CacheNodeType",
            "notification_topic_arn": "NotificationConfiguration.TopicArn",
            "parameter_group_name": "CacheParameterGroup.CacheParameterGroupName",
            "port": "ConfigurationEndpoint.Port || CacheNodes[0].Endpoint.Port",
            "security_group_ids": "SecurityGroups[].SecurityGroupId",
            "subnet_group_name": "CacheSubnetGroupName",
        },
        tags=TAGS,
        observed={"created": "CacheClusterCreateTime", "state": "CacheClusterStatus"},
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html
        metrics={
            name: Metric("AWS/ElastiCache", metric, {"CacheClusterId": "CacheClusterId"}, statistic)
            for name, (metric, statistic) in {
                "connections": ("CurrConnections", "Maximum"),
                "cpu_percent": ("CPUUtilization", "Average"),
                "memory_percent": ("DatabaseMemoryUsagePercentage", "Average"),
            }.items()
        }
        | {
            # Memcached has connections of its own, and tells what it is asked.
            # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Memcached.html
            name: Metric(
                "AWS/ElastiCache",
                metric,
                {"CacheClusterId": "Engine == 'memcached' && CacheClusterId || null"},
                "Sum",
            )
            for name, metric in {"gets": "CmdGet", "sets": "CmdSet"}.items()
        },
    ),
    LiveType(
        "aws_elasticache_replication_group",
        listing=Call("elasticache:DescribeReplicationGroups", take="ReplicationGroups"),
        id="ReplicationGroupId",
        arn="ARN",
        completing=(
            # What all members have alike, only they tell.
            Call(
                _CLUSTERS.operation,
                _CLUSTERS.arguments,
                take="CacheClusters",
                into="Clusters",
                key="ReplicationGroupId",
                by="ReplicationGroupId",
            ),
            tagged(),
        ),
        attributes={
            "auth_token": "AuthTokenEnabled && untold('AWS does not tell it') || `null`",
            "automatic_failover_enabled": "AutomaticFailover == 'enabled'"
            " || AutomaticFailover == 'enabling'",
            "configuration_endpoint_address": "ConfigurationEndpoint.Address",
            "data_tiering_enabled": "DataTiering == 'enabled'",
            "engine": "Engine || Clusters[0].Engine",
            "engine_version": _version("Clusters[0]."),
            "engine_version_actual": "Clusters[0].EngineVersion",
            "global_replication_group_id": "GlobalReplicationGroupInfo.GlobalReplicationGroupId",
            "log_delivery_configuration": _LOGS,
            "maintenance_window": "Clusters[0].PreferredMaintenanceWindow",
            "multi_az_enabled": "MultiAZ == 'enabled'",
            "node_type": "CacheNodeType",
            "notification_topic_arn": "Clusters[0].NotificationConfiguration.TopicArn",
            "num_cache_clusters": "length(MemberClusters || `[]`)",
            "num_node_groups": "length(NodeGroups || `[]`)",
            "parameter_group_name": "Clusters[0].CacheParameterGroup.CacheParameterGroupName",
            "port": "ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port",
            # Where there is a configuration endpoint, clients learn of the others from it.
            "primary_endpoint_address": "(!ConfigurationEndpoint"
            " && NodeGroups[0].PrimaryEndpoint.Address) || null",
            "reader_endpoint_address": "(!ConfigurationEndpoint"
            " && NodeGroups[0].ReaderEndpoint.Address) || null",
            "replicas_per_node_group": "sum([length(NodeGroups[0].NodeGroupMembers || `[0]`),"
            " `-1`])",
            "security_group_ids": "Clusters[0].SecurityGroups[].SecurityGroupId",
            "security_group_names": "Clusters[0].CacheSecurityGroups[].CacheSecurityGroupName",
            "subnet_group_name": "Clusters[0].CacheSubnetGroupName",
        },
        tags=TAGS,
        observed={
            "auth_token_enabled": "AuthTokenEnabled",
            "created": "ReplicationGroupCreateTime",
            "state": "Status",
        },
    ),
    LiveType(
        "aws_elasticache_subnet_group",
        listing=Call("elasticache:DescribeCacheSubnetGroups", take="CacheSubnetGroups"),
        id="CacheSubnetGroupName",
        arn="ARN",
        completing=(tagged(),),
        attributes={
            "description": "CacheSubnetGroupDescription",
            "name": "CacheSubnetGroupName",
            "subnet_ids": "Subnets[].SubnetIdentifier",
        },
        tags=TAGS,
    ),
    LiveType(
        "aws_elasticache_parameter_group",
        listing=Call("elasticache:DescribeCacheParameterGroups", take="CacheParameterGroups"),
        id="CacheParameterGroupName",
        arn="ARN",
        owned_by_aws="starts_with(CacheParameterGroupName, 'default.')",
        completing=(
            Call(
                "elasticache:DescribeCacheParameters",
                # Hundreds have their default value; these were set.
                {"CacheParameterGroupName": "CacheParameterGroupName", "Source": "'user'"},
                take="Parameters",
                into="Parameters",
            ),
            tagged(),
        ),
        attributes={
            "family": "CacheParameterGroupFamily",
            "name": "CacheParameterGroupName",
            "parameter": "(Parameters || `[]`)[?ParameterValue]"
            ".{name: ParameterName, value: ParameterValue}",
        },
        tags=TAGS,
    ),
    LiveType(
        "aws_elasticache_user",
        listing=Call("elasticache:DescribeUsers", take="Users"),
        id="UserId",
        arn="ARN",
        # Every account has it from the start.
        owned_by_aws="UserId == 'default'",
        completing=(tagged(),),
        attributes={
            "authentication_mode": "Authentication",
            "no_password_required": "Authentication.Type == 'no-password'",
        },
        uncollected=("authentication_mode.passwords", "passwords"),
        tags=TAGS,
        observed={"state": "Status"},
    ),
    LiveType(
        "aws_elasticache_user_group",
        listing=Call("elasticache:DescribeUserGroups", take="UserGroups"),
        id="UserGroupId",
        arn="ARN",
        completing=(tagged(),),
        tags=TAGS,
        observed={"state": "Status", "used_by": "[ReplicationGroups, ServerlessCaches][] | [?@]"},
    ),
    LiveType(
        "aws_elasticache_serverless_cache",
        listing=Call("elasticache:DescribeServerlessCaches", take="ServerlessCaches"),
        id="ServerlessCacheName",
        arn="ARN",
        completing=(tagged(),),
        attributes={
            "endpoint": "block(Endpoint)[].{address: Address, port: Port}",
            "name": "ServerlessCacheName",
            "reader_endpoint": "block(ReaderEndpoint)[].{address: Address, port: Port}",
        },
        tags=TAGS,
        observed={"created": "CreateTime"},
    ),
)
