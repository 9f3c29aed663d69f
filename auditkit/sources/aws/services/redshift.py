"""Redshift and Redshift Serverless.

https://docs.aws.amazon.com/redshift/latest/APIReference/Welcome.html
https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, inside, tagged


def _arn(kind: str, name: str) -> str:
    return f"text('arn:{{}}:redshift:{{}}:{{}}:{kind}:{{}}', _partition, _region, _account, {name})"


_DIMENSIONS = {"ClusterIdentifier": "ClusterIdentifier"}

TYPES = (
    LiveType(
        "aws_redshift_cluster",
        listing=Call("redshift:DescribeClusters", take="Clusters"),
        id="ClusterIdentifier",
        arn=_arn("cluster", "ClusterIdentifier"),
        attributes={
            "aqua_configuration_status": "AquaConfiguration.AquaConfigurationStatus",
            "availability_zone_relocation_enabled": "AvailabilityZoneRelocationStatus == 'enabled'"
            " || AvailabilityZoneRelocationStatus == 'pending_enabling'",
            "cluster_nodes": "ClusterNodes[].{node_role: NodeRole,"
            " private_ip_address: PrivateIPAddress, public_ip_address: PublicIPAddress}",
            "cluster_parameter_group_name": "ClusterParameterGroups[0].ParameterGroupName",
            "cluster_type": "NumberOfNodes > `1` && 'multi-node' || 'single-node'",
            "database_name": "DBName",
            "dns_name": "Endpoint.Address",
            "elastic_ip": "ElasticIpStatus.ElasticIp",
            "endpoint": "Endpoint && text('{}:{}', Endpoint.Address, Endpoint.Port)",
            "iam_roles": "IamRoles[].IamRoleArn",
            "manage_master_password": "MasterPasswordSecretArn && `true` || null",
            "multi_az": "lower(MultiAZ) == 'enabled'",
            "port": "Endpoint.Port",
            "vpc_security_group_ids": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        tags="Tags",
        observed={"created": "ClusterCreateTime", "state": "ClusterStatus"},
        # https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html
        metrics={
            "connections": Metric("AWS/Redshift", "DatabaseConnections", _DIMENSIONS, "Maximum"),
            "cpu_percent": Metric("AWS/Redshift", "CPUUtilization", _DIMENSIONS, "Average"),
        },
    ),
    LiveType(
        "aws_redshift_logging",
        each="aws_redshift_cluster",
        listing=Call("redshift:DescribeLoggingStatus", {"ClusterIdentifier": "ClusterIdentifier"}),
        id="_parent.ClusterIdentifier",
        only="LoggingEnabled",
        attributes={"cluster_identifier": "_parent.ClusterIdentifier"},
        observed={"failed": "LastFailureTime", "last_delivered": "LastSuccessfulDeliveryTime"},
    ),
    LiveType(
        "aws_redshift_snapshot_copy",
        each="aws_redshift_cluster",
        listing=inside("ClusterSnapshotCopyStatus"),
        id="_parent.ClusterIdentifier",
        attributes={
            "cluster_identifier": "_parent.ClusterIdentifier",
            "snapshot_copy_grant_name": "SnapshotCopyGrantName",
        },
    ),
    LiveType(
        "aws_redshift_subnet_group",
        listing=Call("redshift:DescribeClusterSubnetGroups", take="ClusterSubnetGroups"),
        id="ClusterSubnetGroupName",
        arn=_arn("subnetgroup", "ClusterSubnetGroupName"),
        attributes={
            "name": "ClusterSubnetGroupName",
            "subnet_ids": "Subnets[].SubnetIdentifier",
        },
        tags="Tags",
    ),
    LiveType(
        "aws_redshift_parameter_group",
        listing=Call("redshift:DescribeClusterParameterGroups", take="ParameterGroups"),
        id="ParameterGroupName",
        arn=_arn("parametergroup", "ParameterGroupName"),
        owned_by_aws="starts_with(ParameterGroupName, 'default.')",
        completing=(
            Call(
                "redshift:DescribeClusterParameters",
                {"ParameterGroupName": "ParameterGroupName", "Source": "'user'"},
                take="Parameters",
                into="Parameters",
            ),
        ),
        attributes={
            "family": "ParameterGroupFamily",
            "name": "ParameterGroupName",
            "parameter": "(Parameters || `[]`)[?ParameterValue]"
            ".{name: ParameterName, value: ParameterValue}",
        },
        tags="Tags",
    ),
    LiveType(
        "aws_redshiftserverless_namespace",
        listing=Call("redshift-serverless:ListNamespaces", take="namespaces"),
        id="namespaceName",
        arn="namespaceArn",
        completing=(tagged(),),
        attributes={
            # AWS writes a role as `IamRole(applyStatus=in-sync, iamRoleArn=arn:…)`.
            "iam_roles": "map(&(part(after(@, 'iamRoleArn='), ')', `0`) || @), iamRoles || `[]`)",
            "manage_admin_password": "adminPasswordSecretArn && `true` || null",
        },
        # The provider takes the name for a secret.
        uncollected=("admin_username",),
        tags=TAGS,
        observed={"created": "creationDate", "state": "status"},
    ),
    LiveType(
        "aws_redshiftserverless_workgroup",
        listing=Call("redshift-serverless:ListWorkgroups", take="workgroups"),
        id="workgroupName",
        arn="workgroupArn",
        completing=(tagged(),),
        attributes={
            "config_parameter": "configParameters",
            "endpoint": "block(endpoint)[].{address: address, port: port, vpc_endpoint:"
            " vpcEndpoints[].{vpc_endpoint_id: vpcEndpointId, vpc_id: vpcId, network_interface:"
            " networkInterfaces[].{availability_zone: availabilityZone, subnet_id: subnetId,"
            " network_interface_id: networkInterfaceId, private_ip_address: privateIpAddress}}}",
            "price_performance_target": "block(pricePerformanceTarget)[]"
            ".{enabled: status == 'ENABLED', level: level}",
        },
        tags=TAGS,
        observed={"created": "creationDate", "state": "status"},
    ),
)
