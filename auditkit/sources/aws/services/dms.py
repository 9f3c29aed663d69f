"""Database Migration Service.

https://docs.aws.amazon.com/dms/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

TYPES = (
    LiveType(
        "aws_dms_replication_instance",
        listing=Call("dms:DescribeReplicationInstances", take="ReplicationInstances"),
        id="ReplicationInstanceIdentifier",
        arn="ReplicationInstanceArn",
        completing=(tagged(),),
        attributes={
            "kms_key_arn": "KmsKeyId",
            "replication_instance_id": "ReplicationInstanceIdentifier",
            "replication_instance_private_ips": "ReplicationInstancePrivateIpAddresses",
            "replication_instance_public_ips": "ReplicationInstancePublicIpAddresses",
            "replication_subnet_group_id": "ReplicationSubnetGroup"
            ".ReplicationSubnetGroupIdentifier",
            "vpc_security_group_ids": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        tags=TAGS,
        observed={"created": "InstanceCreateTime", "state": "ReplicationInstanceStatus"},
    ),
)
