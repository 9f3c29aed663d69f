"""EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.services.vpc import PAGE, arn

_VOLUMES = Call("ec2:DescribeVolumes", PAGE, take="Volumes")
_SNAPSHOTS = Call("ec2:DescribeSnapshots", {"OwnerIds": "['self']", **PAGE}, take="Snapshots")
_INTERFACES = Call("ec2:DescribeNetworkInterfaces", PAGE, take="NetworkInterfaces")
_GROUPS = Call("ec2:DescribeSecurityGroups", PAGE, take="SecurityGroups")
_ADDRESSES = Call("ec2:DescribeAddresses", take="Addresses")


def _tag(key: str) -> str:
    """The expression for a tag that AWS itself sets, and that is not among the tags."""
    return f"Tags[?Key=='{key}'].Value | [0]"


def _made(members: Mapping[str, str]) -> str:
    """The expression for a mapping with these members."""
    return "{" + ", ".join(f"{name}: {text}" for name, text in members.items()) + "}"


_INSTANCE_VOLUME = {
    "delete_on_termination": "DeleteOnTermination",
    "device_name": "Device",
    "encrypted": "_parent.Encrypted",
    "iops": "_parent.Iops",
    "kms_key_id": "_parent.KmsKeyId",
    "tags": "tags(_parent.Tags)",
    "tags_all": "tags(_parent.Tags)",
    "throughput": "_parent.Throughput",
    "volume_id": "VolumeId",
    "volume_size": "_parent.Size",
    "volume_type": "_parent.VolumeType",
}
_PRIMARY = "(NetworkInterfaces[?Attachment.DeviceIndex==`0`] | [0])"


def _instance_attribute(name: str) -> Call:
    member = name[0].upper() + name[1:]
    return Call(
        "ec2:DescribeInstanceAttribute",
        {"InstanceId": "InstanceId", "Attribute": f"'{name}'"},
        take=f"{member}.Value",
        into=member,
    )


_INSTANCE = LiveType(
    "aws_instance",
    listing=Call("ec2:DescribeInstances", PAGE, take="Reservations[].Instances[]"),
    id="InstanceId",
    arn=arn("instance", "InstanceId"),
    # A terminated instance is listed for about an hour.
    only="State.Name != 'terminated' && State.Name != 'shutting-down'",
    completing=(
        Call(
            "ec2:DescribeVolumes",
            PAGE,
            take="inside(Volumes, 'Attachments')",
            key="InstanceId",
            by="InstanceId",
        ),
        # Without instances it tells of those that are unlimited.
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceCreditSpecifications.html
        Call(
            "ec2:DescribeInstanceCreditSpecifications",
            PAGE,
            take="InstanceCreditSpecifications",
            key="InstanceId",
            by="InstanceId",
        ),
        Call(
            "ec2:DescribeLaunchTemplates",
            {"MaxResults": "`200`"},
            take="LaunchTemplates",
            key="LaunchTemplateId",
            by=_tag("aws:ec2launchtemplate:id"),
        ),
        _instance_attribute("disableApiStop"),
        _instance_attribute("disableApiTermination"),
        _instance_attribute("instanceInitiatedShutdownBehavior"),
    ),
    attributes={
        "ami": "ImageId",
        "associate_public_ip_address": f"{_PRIMARY}.Association != `null`",
        "availability_zone": "Placement.AvailabilityZone",
        "cpu_core_count": "CpuOptions.CoreCount",
        "cpu_threads_per_core": "CpuOptions.ThreadsPerCore",
        # Only burstable instances have credits.
        "credit_specification": "[?starts_with(InstanceType, 't')]"
        ".{cpu_credits: DescribeInstanceCreditSpecifications[0].CpuCredits || 'standard'}",
        "ebs_block_device": "where_not(DescribeVolumes, 'Device', RootDeviceName)"
        f"[].{_made({**_INSTANCE_VOLUME, 'snapshot_id': '_parent.SnapshotId'})}",
        "hibernation": "HibernationOptions.Configured",
        "host_id": "Placement.HostId",
        "host_resource_group_arn": "Placement.HostResourceGroupArn",
        "iam_instance_profile": "part(IamInstanceProfile.Arn, '/', `-1`)",
        "instance_state": "State.Name",
        "ipv6_address_count": f"length({_PRIMARY}.Ipv6Addresses || `[]`)",
        "ipv6_addresses": f"{_PRIMARY}.Ipv6Addresses[].Ipv6Address",
        "launch_template": "DescribeLaunchTemplates[].{id: LaunchTemplateId,"
        " name: LaunchTemplateName}",
        "monitoring": "Monitoring.State == 'enabled' || Monitoring.State == 'pending'",
        "placement_group": "Placement.GroupName",
        "placement_partition_number": "Placement.PartitionNumber",
        "primary_network_interface_id": f"{_PRIMARY}.NetworkInterfaceId",
        "private_dns": "PrivateDnsName",
        "private_ip": "PrivateIpAddress",
        "public_dns": "PublicDnsName",
        "public_ip": "PublicIpAddress",
        "root_block_device": "where(DescribeVolumes, 'Device', RootDeviceName)"
        f"[].{_made(_INSTANCE_VOLUME)}",
        "secondary_private_ips": f"{_PRIMARY}.PrivateIpAddresses[?!Primary].PrivateIpAddress",
        "tenancy": "Placement.Tenancy",
        "vpc_security_group_ids": "SecurityGroups[].GroupId",
    },
    # Names, and for the default VPC alone; interfaces, if the configuration has some.
    uncollected=("security_groups",),
    tags="Tags",
    observed={
        "autoscaling_group": _tag("aws:autoscaling:groupName"),
        # It is started anew at each start; its first interface stays.
        "created": f"{_PRIMARY}.Attachment.AttachTime",
        "launched": "LaunchTime",
        "operator": "Operator.Principal",
        "platform": "PlatformDetails",
        "state": "State.Name",
        # "User initiated (2024-05-01 10:00:00 GMT)"
        "stopped_since": "State.Name == 'stopped' && replace(replace("
        "part(part(StateTransitionReason, '(', `1`), ')', `0`), ' GMT', 'Z'), ' ', 'T') || `null`",
        "vpc_id": "VpcId",
    },
)

_VOLUME = LiveType(
    "aws_ebs_volume",
    listing=_VOLUMES,
    id="VolumeId",
    arn=arn("volume", "VolumeId"),
    attributes={"type": "VolumeType"},
    tags="Tags",
    observed={
        "attachments": "Attachments[].{instance_id: InstanceId, device: Device, state: State,"
        " since: AttachTime, delete_on_termination: DeleteOnTermination}",
        "created": "CreateTime",
        "operator": "Operator.Principal",
        "state": "State",
    },
)

_ATTACHMENT = LiveType(
    "aws_volume_attachment",
    listing=Call("ec2:DescribeVolumes", PAGE, take="inside(Volumes, 'Attachments')"),
    id="text('vai-{}', crc32(text('{}-{}-{}-', Device, InstanceId, VolumeId)))",
    only="InstanceId",
    attributes={"device_name": "Device"},
    observed={"created": "AttachTime", "state": "State"},
)

_SNAPSHOT = LiveType(
    "aws_ebs_snapshot",
    listing=_SNAPSHOTS,
    id="SnapshotId",
    arn="text('arn:{}:ec2:{}::snapshot/{}', _partition, _region, SnapshotId)",
    completing=(
        Call(
            "ec2:DescribeSnapshots",
            {"RestorableByUserIds": "['all']", **_SNAPSHOTS.arguments},
            take="Snapshots[].SnapshotId",
            into="Public",
            key="@",
            by="SnapshotId",
        ),
    ),
    tags="Tags",
    observed={
        "backed_up": _tag("aws:backup:source-resource"),
        "created": "StartTime",
        "full_size_bytes": "FullSnapshotSizeInBytes",
        "is_public": "length(Public) > `0`",
        "lifecycle_policy": _tag("aws:dlm:lifecycle-policy-id"),
        "restore_expires": "RestoreExpiryTime",
        "state": "State",
    },
)

_IMAGE_DEVICE = {
    "delete_on_termination": "Ebs.DeleteOnTermination",
    "device_name": "DeviceName",
    "encrypted": "Ebs.Encrypted",
    "iops": "Ebs.Iops",
    "outpost_arn": "Ebs.OutpostArn",
    "snapshot_id": "Ebs.SnapshotId",
    "throughput": "Ebs.Throughput",
    "volume_size": "Ebs.VolumeSize",
    "volume_type": "Ebs.VolumeType",
}
_IMAGE = LiveType(
    "aws_ami",
    listing=Call(
        "ec2:DescribeImages",
        {"Owners": "['self']", "IncludeDisabled": "`true`", **PAGE},
        take="Images",
    ),
    id="ImageId",
    arn="text('arn:{}:ec2:{}::image/{}', _partition, _region, ImageId)",
    attributes={
        "ebs_block_device": f"BlockDeviceMappings[?Ebs].{_made(_IMAGE_DEVICE)}",
        "ephemeral_block_device": "BlockDeviceMappings[?VirtualName]"
        ".{device_name: DeviceName, virtual_name: VirtualName}",
        "root_snapshot_id": "where(BlockDeviceMappings, 'DeviceName', RootDeviceName)"
        "[0].Ebs.SnapshotId",
    },
    tags="Tags",
    observed={
        "backed_up": _tag("aws:backup:source-resource"),
        "created": "CreationDate",
        "last_used": "LastLaunchedTime",
        "lifecycle_policy": _tag("aws:dlm:lifecycle-policy-id"),
        "state": "State",
    },
)

_LAUNCH_PERMISSION = LiveType(
    "aws_ami_launch_permission",
    each="aws_ami",
    listing=Call(
        "ec2:DescribeImageAttribute",
        {"ImageId": "ImageId", "Attribute": "'launchPermission'"},
        take="LaunchPermissions",
    ),
    id="text('{}-{}', _parent.ImageId, UserId || text('group-{}', Group)"
    " || text('org-{}', OrganizationArn) || text('ou-{}', OrganizationalUnitArn))",
    attributes={
        "account_id": "UserId",
        "image_id": "_parent.ImageId",
    },
)

_ADDRESS = LiveType(
    "aws_eip",
    listing=_ADDRESSES,
    id="AllocationId",
    arn=arn("elastic-ip", "AllocationId"),
    completing=(
        Call(
            "ec2:DescribeAddressesAttribute",
            {"Attribute": "'domain-name'", **PAGE},
            take="Addresses",
            key="AllocationId",
            by="AllocationId",
        ),
    ),
    attributes={
        "instance": "InstanceId",
        "network_interface": "NetworkInterfaceId",
        "private_ip": "PrivateIpAddress",
        "ptr_record": "DescribeAddressesAttribute[0].PtrRecord",
    },
    tags="Tags",
    owned_by_aws="ServiceManaged",
    observed={"association_id": "AssociationId"},
)

_ADDRESS_ASSOCIATION = LiveType(
    "aws_eip_association",
    listing=_ADDRESSES,
    id="AssociationId",
    only="AssociationId && !ServiceManaged",
)

_INTERFACE = LiveType(
    "aws_network_interface",
    listing=_INTERFACES,
    id="NetworkInterfaceId",
    arn=arn("network-interface", "NetworkInterfaceId", owner="OwnerId"),
    attributes={
        "attachment": "[?Attachment].Attachment.{attachment_id: AttachmentId,"
        " device_index: DeviceIndex, instance: InstanceId}",
        "ipv4_prefix_count": "length(Ipv4Prefixes || `[]`)",
        "ipv4_prefixes": "Ipv4Prefixes[].Ipv4Prefix",
        "ipv6_address_count": "length(Ipv6Addresses || `[]`)",
        "ipv6_addresses": "Ipv6Addresses[].Ipv6Address",
        "ipv6_prefix_count": "length(Ipv6Prefixes || `[]`)",
        "ipv6_prefixes": "Ipv6Prefixes[].Ipv6Prefix",
        "private_ip": "PrivateIpAddress",
        "private_ip_list": "PrivateIpAddresses[].PrivateIpAddress",
        "private_ips": "PrivateIpAddresses[].PrivateIpAddress",
        "private_ips_count": "length(PrivateIpAddresses[?!Primary])",
        "security_groups": "Groups[].GroupId",
    },
    tags="TagSet",
    owned_by_aws="RequesterManaged || Operator.Managed",
    observed={
        "attached_to": "Attachment.InstanceId",
        "public_ip": "Association.PublicIp",
        "status": "Status",
    },
)

_RULE = {
    "description": "Description || ''",
    "from_port": "_parent.FromPort || `0`",
    "protocol": "_parent.IpProtocol",
    "to_port": "_parent.ToPort || `0`",
}
_NO_LISTS = {
    "cidr_blocks": "`[]`",
    "ipv6_cidr_blocks": "`[]`",
    "prefix_list_ids": "`[]`",
    "security_groups": "`[]`",
}


def _rules(member: str) -> str:
    """The rules as the provider has them, one for all ranges of the same ports and description."""
    permissions = f"inside(@, '{member}')"

    def ranges(of: str, attribute: str, text: str) -> str:
        rule = _made({**_RULE, "self": "`false`", **_NO_LISTS, attribute: f"[{text}]"})
        return f"inside({permissions}, '{of}')[].{rule}"

    pairs = f"inside({permissions}, 'UserIdGroupPairs')"
    foreign = "UserId && UserId != _parent._parent.OwnerId"
    other = f"({foreign} && text('{{}}/{{}}', UserId, GroupId)) || GroupId"
    is_self = "GroupId == _parent._parent.GroupId"
    own = (
        f"{pairs}[].{{_is_self: {is_self}, rule: "
        + _made({**_RULE, "self": is_self, **_NO_LISTS, "security_groups": f"[{other}]"})
        + "}"
    )
    return (
        f"joined([{ranges('IpRanges', 'cidr_blocks', 'CidrIp')},"
        f" {ranges('Ipv6Ranges', 'ipv6_cidr_blocks', 'CidrIpv6')},"
        f" {ranges('PrefixListIds', 'prefix_list_ids', 'PrefixListId')},"
        f" {own}][])"
    )


