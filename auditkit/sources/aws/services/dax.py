"""DynamoDB Accelerator.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Accelerator_(DAX).html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

TYPES = (
    LiveType(
        "aws_dax_cluster",
        listing=Call("dax:DescribeClusters", take="Clusters"),
        id="ClusterName",
        arn="ClusterArn",
        completing=(tagged(),),
        attributes={
            "cluster_address": "ClusterDiscoveryEndpoint.Address",
            "configuration_endpoint": "ClusterDiscoveryEndpoint && text('{}:{}',"
            " ClusterDiscoveryEndpoint.Address, ClusterDiscoveryEndpoint.Port)",
            "maintenance_window": "PreferredMaintenanceWindow",
            "nodes": "Nodes[].{id: NodeId, address: Endpoint.Address, port: Endpoint.Port,"
            " availability_zone: AvailabilityZone}",
            "notification_topic_arn": "NotificationConfiguration.TopicArn",
            "parameter_group_name": "ParameterGroup.ParameterGroupName",
            "port": "ClusterDiscoveryEndpoint.Port",
            "replication_factor": "TotalNodes",
            "security_group_ids": "SecurityGroups[].SecurityGroupIdentifier",
            "server_side_encryption": "[{enabled: SSEDescription.Status == 'ENABLED'"
            " || SSEDescription.Status == 'ENABLING'}]",
            "subnet_group_name": "SubnetGroup",
        },
        tags=TAGS,
        observed={"state": "Status"},
    ),
)
