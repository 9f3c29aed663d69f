"""EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ebs_volume",
        listing=Call("ec2:DescribeVolumes", take="Volumes"),
        id="VolumeId",
        arn="text('arn:{}:ec2:{}:{}:volume/{}', _partition, _region, _account, VolumeId)",
        attributes={"type": "VolumeType"},
        tags="Tags",
        observed={"created": "CreateTime", "state": "State"},
    ),
)
