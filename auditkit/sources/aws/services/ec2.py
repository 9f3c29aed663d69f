"""EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import Call, LiveType, Metric, settled
from auditkit.sources.aws.services.vpc import OURS, PAGE, arn, made

_VOLUMES = Call("ec2:DescribeVolumes", PAGE, take="Volumes")
_SNAPSHOTS = Call("ec2:DescribeSnapshots", {"OwnerIds": "['self']", **PAGE}, take="Snapshots")
_INTERFACES = Call("ec2:DescribeNetworkInterfaces", PAGE, take="NetworkInterfaces")
_GROUPS = Call("ec2:DescribeSecurityGroups", PAGE, take="SecurityGroups")
_ADDRESSES = Call("ec2:DescribeAddresses", take="Addresses")


def _tag(key: str) -> str:
    """The expression for a tag that AWS itself sets, and that is not among the tags."""
    return f"Tags[?Key=='{key}'].Value | [0]"


def _around(*members: str) -> str:
    """The expression for what is listed in the first member, each with the others around it."""
    return f"inside({made({name: name for name in members})}, '{members[0]}')"


def _devices(comparison: str, more: Mapping[str, str]) -> str:
    """The volumes of an instance, without or with its root."""
    volume = (
        "known(where(_parent.DescribeVolumes, 'VolumeId', Ebs.VolumeId)[0],"
        " 'ec2:DescribeVolumes did not tell of it')._parent"
    )
    members = {
        "encrypted": "Encrypted",
        "iops": "Iops",
        "kms_key_id": "KmsKeyId",
        "tags": "Tags",
        "tags_all": "Tags",
        "throughput": "Throughput",
        "volume_size": "Size",
        "volume_type": "VolumeType",
        **more,
    }
    told = {
        name: f"tags({volume}.{member})" if member == "Tags" else f"{volume}.{member}"
        for name, member in members.items()
    }
    device = {
        "delete_on_termination": "Ebs.DeleteOnTermination",
        "device_name": "DeviceName",
        "volume_id": "Ebs.VolumeId",
        **told,
    }
    devices = _around("BlockDeviceMappings", "DescribeVolumes", "RootDeviceName")
    return f"{devices}[?DeviceName {comparison} _parent.RootDeviceName].{made(device)}"


_PRIMARY = "(NetworkInterfaces[?Attachment.DeviceIndex==`0`] | [0])"


def _instance_attribute(name: str) -> Call:
    member = name[0].upper() + name[1:]
    return Call(
        "ec2:DescribeInstanceAttribute",
        {"InstanceId": "InstanceId", "Attribute": f"'{name}'"},
        take=f"{member}.Value",
        into=member,
    )


_BY_ID = {"InstanceId": "InstanceId"}
_BY_TYPE = {"ImageId": "ImageId", "InstanceType": "InstanceType"}

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
        # Only burstable instances have credits: T, but not the first, nor Trainium.
        "credit_specification": "[{type: InstanceType, told: DescribeInstanceCreditSpecifications}]"
        "[?starts_with(type, 't') && !starts_with(type, 't1.') && !starts_with(type, 'trn')]"
        ".{cpu_credits: told[0].CpuCredits || 'standard'}",
        "ebs_block_device": _devices("!=", {"snapshot_id": "SnapshotId"}),
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
        "root_block_device": _devices("==", {}),
        "secondary_private_ips": f"{_PRIMARY}.PrivateIpAddresses[?!Primary].PrivateIpAddress",
        "tenancy": "Placement.Tenancy",
        "vpc_security_group_ids": "SecurityGroups[].GroupId",
    },
    # The provider tells interfaces if the configuration has them, and groups' names in the
    # default VPC alone.
    uncollected=("network_interface", "security_groups"),
    tags="Tags",
    observed={
        "autoscaling_group": _tag("aws:autoscaling:groupName"),
        # It is started anew at each start; its first interface stays.
        "created": f"{_PRIMARY}.Attachment.AttachTime",
        "launched": "LaunchTime",
        "operator": "Operator.Principal",
        "platform": "PlatformDetails",
        "state": "State.Name",
        # "User initiated (2024-05-01 10:00:00 GMT)"; of what AWS stopped, there is no date.
        "stopped_since": "State.Name == 'stopped' && (replace(replace("
        "part(part(StateTransitionReason, '(', `1`), ')', `0`), ' GMT', 'Z'), ' ', 'T')"
        " || untold('AWS does not tell since when it is stopped')) || `null`",
        "vpc_id": "VpcId",
    },
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
    metrics={
        "cpu_percent": Metric("AWS/EC2", "CPUUtilization", _BY_ID, "Average"),
        "cpu_percent_highest": Metric("AWS/EC2", "CPUUtilization", _BY_ID, "Maximum"),
        "network_in_bytes": Metric("AWS/EC2", "NetworkIn", _BY_ID, "Sum"),
        "network_out_bytes": Metric("AWS/EC2", "NetworkOut", _BY_ID, "Sum"),
        # Only CloudWatch's agent tells memory, by the dimensions that it is configured for: the
        # instance alone, or what its wizard appends, without and with an Auto Scaling group.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html
        **{
            name: Metric("CWAgent", "mem_used_percent", {**_BY_ID, **more}, "Average")
            for name, more in {
                "memory_percent": {},
                "memory_percent_by_type": _BY_TYPE,
                "memory_percent_by_group": {
                    **_BY_TYPE,
                    "AutoScalingGroupName": _tag("aws:autoscaling:groupName"),
                },
            }.items()
        },
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
        Call(
            "ec2:DescribeSnapshotAttribute",
            {"SnapshotId": "SnapshotId", "Attribute": "'createVolumePermission'"},
            take="CreateVolumePermissions[].UserId",
            into="SharedWith",
        ),
        Call(
            "ec2:DescribeFastSnapshotRestores",
            take="FastSnapshotRestores[?State != 'disabling' && State != 'disabled']",
            key="SnapshotId",
            by="SnapshotId",
            when=settled("StartTime"),
        ),
    ),
    tags="Tags",
    observed={
        "backed_up": _tag("aws:backup:source-resource"),
        "created": "StartTime",
        "fast_restore_zones": "DescribeFastSnapshotRestores[].AvailabilityZone",
        "full_size_bytes": "FullSnapshotSizeInBytes",
        "is_public": "length(Public) > `0`",
        "lifecycle_policy": _tag("aws:dlm:lifecycle-policy-id"),
        "restore_expires": "RestoreExpiryTime",
        "shared_with": "SharedWith",
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
    completing=(
        # Launch templates in all versions, SSM parameters, Image Builder: more than we collect.
        Call(
            "ec2:DescribeImageReferences",
            {
                "ImageIds": "_batch",
                "IncludeAllResourceTypes": "`true`",
                # It looks at ten versions of a template unless it is told otherwise.
                "ResourceTypes": "[{ResourceType: 'ec2:LaunchTemplate', ResourceTypeOptions:"
                " [{OptionName: 'version-depth', OptionValues: ['10000']}]}]",
            },
            take="ImageReferences",
            key="ImageId",
            by="ImageId",
            size=10,
        ),
    ),
    attributes={
        "ebs_block_device": f"BlockDeviceMappings[?Ebs].{made(_IMAGE_DEVICE)}",
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
        "references": "DescribeImageReferences[].Arn",
        # Of a copy, also of one in another region.
        "source": "SourceImageId",
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
        "attachment": "block(Attachment)[].{attachment_id: AttachmentId,"
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
_RANGES = {
    "cidr_blocks": ("IpRanges", "CidrIp"),
    "ipv6_cidr_blocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefix_list_ids": ("PrefixListIds", "PrefixListId"),
}


def _rules(member: str) -> str:
    """The rules as the provider has them: one for all ranges of the same ports and description."""
    permissions = _around(member, "GroupId", "OwnerId")
    lists = dict.fromkeys((*_RANGES, "security_groups", "self"), "`[]`")
    pairs = f"inside({permissions}, 'UserIdGroupPairs')"
    # What names a group of another account has the account before it.
    group = (
        "(UserId && UserId != _parent._parent.OwnerId && text('{}/{}', UserId, GroupId)) || GroupId"
    )
    parts = [
        f"inside({permissions}, '{of}')[].{made({**_RULE, **lists, name: f'[{text}]'})}"
        for name, (of, text) in _RANGES.items()
    ]
    for comparison, more in (
        ("==", {"self": "[`true`]"}),
        ("!=", {"security_groups": f"[{group}]"}),
    ):
        rule = made({**_RULE, **lists, **more})
        parts.append(f"{pairs}[?GroupId {comparison} _parent._parent.GroupId].{rule}")
    told = {name: name for name in (*_RULE, *lists)}
    return f"joined([{', '.join(parts)}][])[].{made({**told, 'self': 'length(self) > `0`'})}"


def _group(type: str, only: str) -> LiveType:
    return LiveType(
        type,
        listing=_GROUPS,
        id="GroupId",
        arn=arn("security-group", "GroupId", owner="OwnerId"),
        only=f"{OURS} && {only}",
        completing=(
            # Interfaces of AWS services are not listed as ours, but they are what uses a group.
            Call(
                "ec2:DescribeNetworkInterfaces",
                PAGE,
                take="inside(NetworkInterfaces, 'Groups')",
                key="GroupId",
                by="GroupId",
            ),
            Call("ec2:DescribeVpcs", take="Vpcs", key="VpcId", by="VpcId"),
            Call(
                "ec2:DescribeVpcPeeringConnections",
                take="VpcPeeringConnections[?Status.Code == 'active'].["
                "{VpcId: RequesterVpcInfo.VpcId, Peer: AccepterVpcInfo.OwnerId},"
                " {VpcId: AccepterVpcInfo.VpcId, Peer: RequesterVpcInfo.OwnerId}][]",
                key="VpcId",
                by="VpcId",
            ),
        ),
        attributes={
            "egress": _rules("IpPermissionsEgress"),
            "ingress": _rules("IpPermissions"),
            "name": "GroupName",
        },
        tags="Tags",
        # Who takes part in a VPC of another account does not see all of its interfaces.
        observed={
            "network_interfaces": "(length(DescribeNetworkInterfaces) > `0`"
            " || DescribeVpcs[0].OwnerId == _account) && length(DescribeNetworkInterfaces)"
            " || untold('its VPC is shared from another account, which does not show who uses it')",
            "peer_references": "where_not(DescribeVpcPeeringConnections, 'Peer', _account)"
            " && untold('rules in a peered network of another account may name it') || `0`",
        },
    )


def _group_rule(direction: str, only: str) -> LiveType:
    return LiveType(
        f"aws_vpc_security_group_{direction}_rule",
        listing=Call("ec2:DescribeSecurityGroupRules", PAGE, take="SecurityGroupRules"),
        id="SecurityGroupRuleId",
        arn=arn("security-group-rule", "SecurityGroupRuleId", owner="(GroupOwnerId || _account)"),
        only=f"(!GroupOwnerId || GroupOwnerId == _account) && {only}",
        attributes={
            "cidr_ipv4": "CidrIpv4",
            "cidr_ipv6": "CidrIpv6",
            "from_port": "(IpProtocol != '-1' && FromPort) || `null`",
            "referenced_security_group_id": "(ReferencedGroupInfo.UserId"
            " && ReferencedGroupInfo.UserId != _account && text('{}/{}',"
            " ReferencedGroupInfo.UserId, ReferencedGroupInfo.GroupId))"
            " || ReferencedGroupInfo.GroupId",
            "security_group_id": "GroupId",
            "to_port": "(IpProtocol != '-1' && ToPort) || `null`",
        },
        tags="Tags",
    )


_TEMPLATE = LiveType(
    "aws_launch_template",
    listing=Call("ec2:DescribeLaunchTemplates", {"MaxResults": "`200`"}, take="LaunchTemplates"),
    id="LaunchTemplateId",
    arn=arn("launch-template", "LaunchTemplateId"),
    completing=(
        Call(
            "ec2:DescribeLaunchTemplateVersions",
            {"Versions": "['$Latest']", "MaxResults": "`200`"},
            take="inside(LaunchTemplateVersions, 'LaunchTemplateData')",
            into=".",
            key="_parent.LaunchTemplateId",
            by="LaunchTemplateId",
        ),
        # What launches without naming a version gets the default one.
        Call(
            "ec2:DescribeLaunchTemplateVersions",
            {"Versions": "['$Default']", "MaxResults": "`200`"},
            take="LaunchTemplateVersions",
            into="Default",
            key="LaunchTemplateId",
            by="LaunchTemplateId",
            when="DefaultVersionNumber != LatestVersionNumber",
        ),
    ),
    attributes={
        "default_version": "DefaultVersionNumber",
        "description": "_parent.VersionDescription",
        "elastic_inference_accelerator": "ElasticInferenceAccelerators",
        "latest_version": "LatestVersionNumber",
        "license_specification": "LicenseSpecifications",
        "name": "LaunchTemplateName",
        "network_interfaces.ipv4_address_count": "SecondaryPrivateIpAddressCount",
        "network_interfaces.ipv4_addresses": "PrivateIpAddresses[].PrivateIpAddress",
        "network_interfaces.ipv4_prefixes": "Ipv4Prefixes[].Ipv4Prefix",
        "network_interfaces.ipv6_addresses": "Ipv6Addresses[].Ipv6Address",
        "network_interfaces.ipv6_prefixes": "Ipv6Prefixes[].Ipv6Prefix",
        "network_interfaces.security_groups": "Groups",
        "security_group_names": "SecurityGroups",
        "tag_specifications.tags": "tags(Tags)",
        "vpc_security_group_ids": "SecurityGroupIds",
    },
    # It may hold secrets.
    uncollected=("user_data",),
    tags="Tags",
    observed={
        "created": "CreateTime",
        # Null if the default version is the latest one.
        "default_image_id": "Default[0].LaunchTemplateData.ImageId",
        "default_security_group_ids": "Default && [Default[].LaunchTemplateData.SecurityGroupIds[],"
        " Default[].LaunchTemplateData.NetworkInterfaces[].Groups[]][] || `null`",
        "default_snapshot_ids": "Default[].LaunchTemplateData.BlockDeviceMappings[].Ebs.SnapshotId",
        "operator": "Operator.Principal",
    },
)


def _setting(
    type: str,
    operation: str,
    attributes: Mapping[str, str],
    *,
    take: str = "@",
    id: str = "_region",
    only: str = "",
) -> LiveType:
    """A setting of the account in a region."""
    return LiveType(
        type,
        listing=Call(operation, take=take),
        id=id,
        only=only,
        is_single=True,
        attributes=attributes,
    )


TYPES = (
    _INSTANCE,
    _VOLUME,
    _ATTACHMENT,
    _SNAPSHOT,
    _IMAGE,
    _LAUNCH_PERMISSION,
    _ADDRESS,
    _ADDRESS_ASSOCIATION,
    _INTERFACE,
    _group("aws_security_group", "GroupName != 'default'"),
    _group("aws_default_security_group", "GroupName == 'default'"),
    _group_rule("ingress", "!IsEgress"),
    _group_rule("egress", "IsEgress"),
    _TEMPLATE,
    LiveType(
        "aws_key_pair",
        listing=Call("ec2:DescribeKeyPairs", take="KeyPairs"),
        id="KeyName",
        arn=arn("key-pair", "KeyName"),
        attributes={"fingerprint": "KeyFingerprint"},
        uncollected=("public_key",),
        tags="Tags",
        observed={"created": "CreateTime"},
    ),
    LiveType(
        "aws_placement_group",
        listing=Call("ec2:DescribePlacementGroups", take="PlacementGroups"),
        id="GroupName",
        arn="GroupArn",
        only="State != 'deleted' && State != 'deleting'",
        attributes={"name": "GroupName", "placement_group_id": "GroupId"},
        tags="Tags",
        observed={"operator": "Operator.Principal", "state": "State"},
    ),
    _setting(
        "aws_ebs_encryption_by_default",
        "ec2:GetEbsEncryptionByDefault",
        {"enabled": "EbsEncryptionByDefault"},
    ),
    _setting(
        "aws_ebs_default_kms_key",
        "ec2:GetEbsDefaultKmsKeyId",
        {"key_arn": "KmsKeyId"},
        id="KmsKeyId",
        # Until somebody sets one, it is that of AWS.
        only="KmsKeyId != 'alias/aws/ebs'",
    ),
    _setting(
        "aws_ec2_instance_metadata_defaults",
        "ec2:GetInstanceMetadataDefaults",
        {
            "http_endpoint": "HttpEndpoint || 'no-preference'",
            "http_put_response_hop_limit": "HttpPutResponseHopLimit || `-1`",
            "http_tokens": "HttpTokens || 'no-preference'",
            "instance_metadata_tags": "InstanceMetadataTags || 'no-preference'",
        },
        take="AccountLevel",
    ),
    _setting(
        "aws_ebs_snapshot_block_public_access",
        "ec2:GetSnapshotBlockPublicAccessState",
        {},
    ),
    _setting(
        "aws_ec2_image_block_public_access",
        "ec2:GetImageBlockPublicAccessState",
        {"state": "ImageBlockPublicAccessState"},
    ),
    _setting(
        "aws_ec2_serial_console_access",
        "ec2:GetSerialConsoleAccessStatus",
        {"enabled": "SerialConsoleAccessEnabled"},
    ),
)
