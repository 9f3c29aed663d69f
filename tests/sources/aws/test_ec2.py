"""EC2, its networks and its scaling, where moto lacks what AWS answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import PLACE, Answers, read

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Plan, collect

MOMENT = datetime(2024, 5, 1, 10, tzinfo=timezone.utc)
ACCOUNT, OTHER = "123456789012", "210987654321"
NO_ATTRIBUTES: Mapping[str, Any] = {
    "ec2:DescribeInstanceAttribute": {},
    "ec2:DescribeInstanceCreditSpecifications": {"InstanceCreditSpecifications": []},
    "ec2:DescribeLaunchTemplates": {"LaunchTemplates": []},
    "ec2:DescribeVolumes": {"Volumes": []},
}


def instances(*listed: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": list(listed)}]}}


def one(table: Mapping[str, Any], type: str) -> Resource:
    (resource,) = read(table, type)
    return resource


def observed(resource: Resource) -> Mapping[str, Any]:
    told = resource.attributes["observed"]
    assert isinstance(told, Mapping)
    return told


INSTANCE = {
    "InstanceId": "i-1",
    "InstanceType": "t3.micro",
    "State": {"Name": "stopped"},
    "StateTransitionReason": "User initiated (2024-05-01 10:00:00 GMT)",
    "LaunchTime": MOMENT,
    "Monitoring": {"State": "enabled"},
    "RootDeviceName": "/dev/xvda",
    "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/team/web"},
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1", "DeleteOnTermination": True}},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-2", "DeleteOnTermination": False}},
    ],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-1",
            "Attachment": {"DeviceIndex": 0, "AttachTime": MOMENT},
            "Association": {"PublicIp": "192.0.2.1"},
        }
    ],
    "Tags": [
        {"Key": "aws:autoscaling:groupName", "Value": "web"},
        {"Key": "aws:ec2launchtemplate:id", "Value": "lt-1"},
        {"Key": "Owner", "Value": "team"},
    ],
}
VOLUMES = {
    "Volumes": [
        {
            "VolumeId": volume,
            "Encrypted": is_encrypted,
            "Attachments": [{"InstanceId": "i-1", "VolumeId": volume, "Device": device}],
        }
        for volume, device, is_encrypted in (
            ("vol-1", "/dev/xvda", True),
            ("vol-2", "/dev/sdf", False),
        )
    ]
}


def test_instance() -> None:
    def attribute(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert arguments["InstanceId"] == "i-1"
        return {
            "disableApiStop": {"DisableApiStop": {"Value": True}},
            "disableApiTermination": {"DisableApiTermination": {"Value": True}},
            "instanceInitiatedShutdownBehavior": {
                "InstanceInitiatedShutdownBehavior": {"Value": "stop"}
            },
        }[arguments["Attribute"]]

    table = {
        **instances(INSTANCE, {"InstanceId": "i-2", "State": {"Name": "terminated"}}),
        "ec2:DescribeInstanceAttribute": attribute,
        "ec2:DescribeInstanceCreditSpecifications": {
            "InstanceCreditSpecifications": [{"InstanceId": "i-1", "CpuCredits": "unlimited"}]
        },
        "ec2:DescribeLaunchTemplates": {
            "LaunchTemplates": [{"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web"}]
        },
        "ec2:DescribeVolumes": VOLUMES,
    }
    resource = one(table, "aws_instance")
    told = resource.attributes
    assert told["disable_api_stop"] is True
    assert told["disable_api_termination"] is True
    assert told["instance_initiated_shutdown_behavior"] == "stop"
    assert told["monitoring"] is True
    assert told["iam_instance_profile"] == "web"
    assert told["associate_public_ip_address"] is True
    assert told["credit_specification"] == [{"cpu_credits": "unlimited"}]
    (root,), (data,) = told["root_block_device"], told["ebs_block_device"]
    assert (root["volume_id"], root["encrypted"]) == ("vol-1", True)
    assert (data["volume_id"], data["encrypted"]) == ("vol-2", False)
    assert data["delete_on_termination"] is False
    (template,) = told["launch_template"]
    assert (template["id"], template["name"]) == ("lt-1", "web")
    assert told["tags"] == {"Owner": "team"}
    assert observed(resource)["created"] == "2024-05-01T10:00:00Z"
    assert observed(resource)["stopped_since"] == "2024-05-01T10:00:00Z"
    assert observed(resource)["autoscaling_group"] == "web"


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("running", "", None),
        ("running", "User initiated (2024-05-01 10:00:00 GMT)", None),
    ],
)
def test_an_instance_that_is_not_known_to_be_stopped(
    state: str, reason: str, expected: None
) -> None:
    instance = {**INSTANCE, "State": {"Name": state}, "StateTransitionReason": reason}
    table = {**NO_ATTRIBUTES, **instances(instance)}
    assert observed(one(table, "aws_instance"))["stopped_since"] is expected


@pytest.mark.parametrize("reason", ["Server.SpotInstanceShutdown: Stopped for capacity", ""])
def test_since_when_an_instance_is_stopped_may_not_be_told(reason: str) -> None:
    instance = {**INSTANCE, "State": {"Name": "stopped"}, "StateTransitionReason": reason}
    table = {**NO_ATTRIBUTES, **instances(instance)}
    assert isinstance(observed(one(table, "aws_instance"))["stopped_since"], Unknown)


def test_credits_are_standard_unless_told_and_only_of_burstable_instances() -> None:
    types = ("m5.large", "t1.micro", "t4g.nano", "trn1.2xlarge")
    listed = [{**INSTANCE, "InstanceId": f"i-{type}", "InstanceType": type} for type in types]
    found = read({**NO_ATTRIBUTES, **instances(*listed)}, "aws_instance")
    assert {each.id: each.attributes["credit_specification"] for each in found} == {
        "i-m5.large": [],
        "i-t1.micro": [],
        "i-t4g.nano": [{"cpu_credits": "standard"}],
        "i-trn1.2xlarge": [],
    }


@pytest.mark.parametrize("volumes", ["AccessDenied", {"Volumes": []}])
def test_a_disk_that_is_not_told_is_unknown(volumes: Any) -> None:
    table = {**NO_ATTRIBUTES, **instances(INSTANCE), "ec2:DescribeVolumes": volumes}
    root = one(table, "aws_instance").attributes["root_block_device"]
    assert isinstance(root, Unknown)
    assert "ec2:DescribeVolumes" in root.cause


def test_volumes_are_asked_for_once() -> None:
    table = {**NO_ATTRIBUTES, **instances(INSTANCE), "ec2:DescribeVolumes": VOLUMES}
    reader = Answers(table)
    types = ("aws_ebs_volume", "aws_instance", "aws_volume_attachment")
    plan = Plan({name: live_types()[name] for name in types})
    events = list(collect(PLACE, plan, reader))  # type: ignore[arg-type]
    assert len([each for each in events if isinstance(each, Resource)]) == 5
    assert reader.asked["ec2:DescribeVolumes"] == 1


def test_snapshots_that_everybody_may_restore() -> None:
    def snapshots(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert arguments["OwnerIds"] == ["self"]
        ids = ["snap-1"] if "RestorableByUserIds" in arguments else ["snap-1", "snap-2"]
        return {
            "Snapshots": [
                {
                    "SnapshotId": id,
                    "StartTime": MOMENT,
                    "Tags": [{"Key": "aws:backup:source-resource", "Value": "vol-1"}],
                }
                for id in ids
            ]
        }

    first, second = read({"ec2:DescribeSnapshots": snapshots}, "aws_ebs_snapshot")
    assert observed(first)["is_public"] is True
    assert observed(second)["is_public"] is False
    assert observed(second)["backed_up"] == "vol-1"
    assert second.address == "arn:aws:ec2:us-east-1::snapshot/snap-2"


def test_a_snapshot_that_is_restored_fast() -> None:
    table = {
        "ec2:DescribeSnapshots": {
            "Snapshots": [{"SnapshotId": f"snap-{n}", "StartTime": MOMENT} for n in (1, 2)]
        },
        "ec2:DescribeSnapshotAttribute": {"CreateVolumePermissions": []},
        "ec2:DescribeFastSnapshotRestores": {
            "FastSnapshotRestores": [
                {"SnapshotId": "snap-1", "AvailabilityZone": "eu-west-1a", "State": "enabled"},
                {"SnapshotId": "snap-2", "AvailabilityZone": "eu-west-1a", "State": "disabled"},
            ]
        },
    }
    told = {
        each.id: observed(each)["fast_restore_zones"] for each in read(table, "aws_ebs_snapshot")
    }
    assert told == {"snap-1": ["eu-west-1a"], "snap-2": []}


@pytest.mark.parametrize(
    ("requester", "accepter"),
    [(("vpc-9", OTHER), ("vpc-1", ACCOUNT)), (("vpc-1", ACCOUNT), ("vpc-9", OTHER))],
)
def test_another_account_may_name_groups_of_a_peered_network(
    requester: tuple[str, str], accepter: tuple[str, str]
) -> None:
    def side(vpc: str, owner: str) -> Mapping[str, str]:
        return {"VpcId": vpc, "OwnerId": owner}

    def peering(status: str, *sides: Mapping[str, str]) -> Mapping[str, Any]:
        names = ("RequesterVpcInfo", "AccepterVpcInfo")
        return {"Status": {"Code": status}, **dict(zip(names, sides, strict=True))}

    ours = [f"vpc-{number}" for number in (1, 2, 3)]
    table = {
        "ec2:DescribeSecurityGroups": {
            "SecurityGroups": [
                {"GroupId": f"sg-of-{vpc}", "GroupName": "x", "OwnerId": ACCOUNT, "VpcId": vpc}
                for vpc in ours
            ]
        },
        "ec2:DescribeNetworkInterfaces": {"NetworkInterfaces": []},
        "ec2:DescribeVpcs": {"Vpcs": [side(vpc, ACCOUNT) for vpc in ours]},
        "ec2:DescribeVpcPeeringConnections": {
            "VpcPeeringConnections": [
                peering("active", side(*requester), side(*accepter)),
                peering("active", side("vpc-2", ACCOUNT), side("vpc-3", ACCOUNT)),
                peering("deleted", side("vpc-3", ACCOUNT), side("vpc-8", OTHER)),
            ]
        },
    }
    told = {
        each.id: observed(each)["peer_references"] for each in read(table, "aws_security_group")
    }
    assert isinstance(told.pop("sg-of-vpc-1"), Unknown)
    assert told == {"sg-of-vpc-2": 0, "sg-of-vpc-3": 0}


def test_what_the_default_version_of_a_launch_template_uses() -> None:
    latest = {"ImageId": "ami-2", "SecurityGroupIds": ["sg-9"]}
    default = {
        "ImageId": "ami-1",
        "SecurityGroupIds": ["sg-1"],
        "NetworkInterfaces": [{"Groups": ["sg-2"]}, {}],
        "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-1"}}, {"DeviceName": "/dev/sdf"}],
    }

    def versions(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        data = latest if arguments["Versions"] == ["$Latest"] else default
        told = [{"LaunchTemplateId": id, "LaunchTemplateData": data} for id in ("lt-1", "lt-2")]
        return {"LaunchTemplateVersions": told}

    table = {
        "ec2:DescribeLaunchTemplates": {
            "LaunchTemplates": [
                {"LaunchTemplateId": id, "DefaultVersionNumber": number, "LatestVersionNumber": 2}
                for id, number in (("lt-1", 1), ("lt-2", 2))
            ]
        },
        "ec2:DescribeLaunchTemplateVersions": versions,
    }
    first, second = read(table, "aws_launch_template")
    names = ("default_image_id", "default_security_group_ids", "default_snapshot_ids")
    assert first.attributes["image_id"] == "ami-2"
    assert [observed(first)[name] for name in names] == ["ami-1", ["sg-1", "sg-2"], ["snap-1"]]
    # It is the latest one, of which the attributes tell.
    assert [observed(second)[name] for name in names] == [None, None, None]


def test_images_are_looked_for_in_all_versions_of_launch_templates() -> None:
    def references(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert arguments["ImageIds"] == ["ami-1", "ami-2"]
        (templates,) = arguments["ResourceTypes"]
        (depth,) = templates["ResourceTypeOptions"]
        assert (depth["OptionName"], depth["OptionValues"]) == ("version-depth", ["10000"])
        return {"ImageReferences": [{"ImageId": "ami-2", "Arn": "arn:of-a-template"}]}

    copy = {"ImageId": "ami-2", "SourceImageId": "ami-1", "SourceImageRegion": "eu-west-1"}
    table = {
        "ec2:DescribeImages": {"Images": [{"ImageId": "ami-1"}, copy]},
        "ec2:DescribeImageReferences": references,
    }
    first, second = (observed(each) for each in read(table, "aws_ami"))
    assert (first["references"], first["source"]) == ([], None)
    assert (second["references"], second["source"]) == (["arn:of-a-template"], "ami-1")


def test_a_group_as_the_provider_has_it() -> None:
    permissions = [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [
                {"CidrIp": "10.0.0.0/8", "Description": "Inside"},
                {"CidrIp": "192.0.2.0/24", "Description": "Office"},
            ],
            "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32", "Description": "Office"}],
            "PrefixListIds": [{"PrefixListId": "pl-1"}],
            "UserIdGroupPairs": [
                {"GroupId": "sg-1", "UserId": ACCOUNT},
                {"GroupId": "sg-2", "UserId": ACCOUNT},
                {"GroupId": "sg-3", "UserId": OTHER},
            ],
        },
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    ]
    group = {
        "GroupId": "sg-1",
        "GroupName": "web",
        "OwnerId": ACCOUNT,
        "IpPermissions": permissions,
    }
    table = {
        "ec2:DescribeSecurityGroups": {
            "SecurityGroups": [group, {**group, "GroupId": "sg-9", "OwnerId": OTHER}]
        },
        "ec2:DescribeNetworkInterfaces": {
            "NetworkInterfaces": [
                {"RequesterManaged": True, "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]}
            ]
        },
    }
    resource = one(table, "aws_security_group")
    empty = {
        "cidr_blocks": [],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        "description": "",
    }
    tcp = {**empty, "protocol": "tcp", "from_port": 443, "to_port": 443}
    anything = {**empty, "protocol": "-1", "from_port": 0, "to_port": 0}
    told = resource.attributes["ingress"]
    assert isinstance(told, list)
    assert {(each["protocol"], each["description"]): each for each in told} == {
        ("tcp", "Inside"): {**tcp, "cidr_blocks": ["10.0.0.0/8"], "description": "Inside"},
        ("tcp", "Office"): {
            **tcp,
            "cidr_blocks": ["192.0.2.0/24"],
            "ipv6_cidr_blocks": ["2001:db8::/32"],
            "description": "Office",
        },
        ("tcp", ""): {
            **tcp,
            "prefix_list_ids": ["pl-1"],
            "security_groups": ["sg-2", f"{OTHER}/sg-3"],
            "self": True,
        },
        ("-1", ""): {**anything, "cidr_blocks": ["0.0.0.0/0"]},
    }
    assert len(told) == 4
    assert resource.attributes["egress"] == []
    assert observed(resource)["network_interfaces"] == 1


def test_rules_of_a_group() -> None:
    rules = [
        {"SecurityGroupRuleId": "sgr-1", "IpProtocol": "-1", "FromPort": -1, "ToPort": -1},
        {
            "SecurityGroupRuleId": "sgr-2",
            "IpProtocol": "tcp",
            "FromPort": 0,
            "ToPort": 9,
            "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": OTHER},
        },
        {"SecurityGroupRuleId": "sgr-3", "IsEgress": True},
    ]
    told = {"GroupId": "sg-1", "GroupOwnerId": ACCOUNT, "IsEgress": False}
    table = {
        "ec2:DescribeSecurityGroupRules": {
            "SecurityGroupRules": [{**told, **rule} for rule in rules]
        }
    }
    first, second = read(table, "aws_vpc_security_group_ingress_rule")
    assert (first.attributes["from_port"], first.attributes["to_port"]) == (None, None)
    assert (second.attributes["from_port"], second.attributes["to_port"]) == (0, 9)
    assert second.attributes["referenced_security_group_id"] == f"{OTHER}/sg-2"
    assert [each.id for each in read(table, "aws_vpc_security_group_egress_rule")] == ["sgr-3"]


def test_interfaces_and_addresses_that_services_manage_are_theirs() -> None:
    table = {
        "ec2:DescribeNetworkInterfaces": {
            "NetworkInterfaces": [
                {"NetworkInterfaceId": "eni-1", "RequesterManaged": True},
                {"NetworkInterfaceId": "eni-2", "Operator": {"Managed": True}},
                {
                    "NetworkInterfaceId": "eni-3",
                    "RequesterManaged": False,
                    "Status": "in-use",
                    "Attachment": {"AttachmentId": "a", "DeviceIndex": 1, "InstanceId": "i-1"},
                },
            ]
        },
        "ec2:DescribeAddresses": {
            "Addresses": [
                {"AllocationId": "eipalloc-1", "ServiceManaged": "alb", "AssociationId": "a"},
                {"AllocationId": "eipalloc-2", "AssociationId": "eipassoc-2"},
            ]
        },
        "ec2:DescribeAddressesAttribute": {
            "Addresses": [{"AllocationId": "eipalloc-2", "PtrRecord": "mail.example.com."}]
        },
    }
    (interface,) = read(table, "aws_network_interface")
    assert interface.id == "eni-3"
    assert observed(interface)["status"] == "in-use"
    assert interface.attributes["attachment"] == [
        {"attachment_id": "a", "device_index": 1, "instance": "i-1"}
    ]
    (address,) = read(table, "aws_eip")
    assert address.attributes["ptr_record"] == "mail.example.com."
    assert [each.id for each in read(table, "aws_eip_association")] == ["eipassoc-2"]


@pytest.mark.parametrize(
    ("type", "operation", "answer", "expected"),
    [
        (
            "aws_ebs_default_kms_key",
            "ec2:GetEbsDefaultKmsKeyId",
            {"KmsKeyId": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"},
            {"key_arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"},
        ),
        (
            "aws_ec2_instance_metadata_defaults",
            "ec2:GetInstanceMetadataDefaults",
            {"AccountLevel": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}},
            {
                "http_endpoint": "no-preference",
                "http_put_response_hop_limit": 2,
                "http_tokens": "required",
                "instance_metadata_tags": "no-preference",
            },
        ),
        (
            "aws_ec2_instance_metadata_defaults",
            "ec2:GetInstanceMetadataDefaults",
            {"AccountLevel": {}},
            {"http_tokens": "no-preference", "http_put_response_hop_limit": -1},
        ),
        (
            "aws_ebs_snapshot_block_public_access",
            "ec2:GetSnapshotBlockPublicAccessState",
            {"State": "block-new-sharing", "ManagedBy": "account"},
            {"state": "block-new-sharing"},
        ),
        (
            "aws_ec2_image_block_public_access",
            "ec2:GetImageBlockPublicAccessState",
            {"ImageBlockPublicAccessState": "unblocked"},
            {"state": "unblocked"},
        ),
        (
            "aws_ec2_serial_console_access",
            "ec2:GetSerialConsoleAccessStatus",
            {"SerialConsoleAccessEnabled": True},
            {"enabled": True},
        ),
        (
            "aws_ebs_encryption_by_default",
            "ec2:GetEbsEncryptionByDefault",
            {"EbsEncryptionByDefault": False},
            {"enabled": False},
        ),
    ],
)
def test_settings(type: str, operation: str, answer: Any, expected: Mapping[str, Any]) -> None:
    told = one({operation: answer}, type).attributes
    assert {name: told[name] for name in expected} == expected


def test_the_key_that_aws_made_is_no_setting() -> None:
    table = {"ec2:GetEbsDefaultKmsKeyId": {"KmsKeyId": "alias/aws/ebs"}}
    assert read(table, "aws_ebs_default_kms_key") == []


def test_placement_group() -> None:
    group = {
        "GroupName": "fast",
        "GroupId": "pg-1",
        "GroupArn": f"arn:aws:ec2:us-east-1:{ACCOUNT}:placement-group/fast",
        "Strategy": "partition",
        "PartitionCount": 3,
        "State": "available",
        "Tags": [{"Key": "Owner", "Value": "team"}],
    }
    resource = one(
        {"ec2:DescribePlacementGroups": {"PlacementGroups": [group, {"State": "deleted"}]}},
        "aws_placement_group",
    )
    assert resource.id == "fast"
    assert resource.attributes["placement_group_id"] == "pg-1"
    assert resource.attributes["partition_count"] == 3
    assert resource.attributes["tags"] == {"Owner": "team"}


def test_launch_configuration_of_an_image_that_is_gone() -> None:
    def images(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert arguments["Filters"] == [{"Name": "image-id", "Values": ["ami-1", "ami-2"]}]
        return {"Images": [{"ImageId": "ami-1", "RootDeviceName": "/dev/xvda"}]}

    devices = [
        {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}},
        {"DeviceName": "/dev/sdb", "Ebs": {"Encrypted": False}},
        {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"},
    ]
    configuration = {"ImageId": "ami-1", "UserData": "c2VjcmV0", "BlockDeviceMappings": devices}
    table = {
        "autoscaling:DescribeLaunchConfigurations": {
            "LaunchConfigurations": [
                {**configuration, "LaunchConfigurationName": "a"},
                {**configuration, "LaunchConfigurationName": "b", "ImageId": "ami-2"},
            ]
        },
        "ec2:DescribeImages": images,
    }
    first, second = read(table, "aws_launch_configuration")
    (root,), (data,) = first.attributes["root_block_device"], first.attributes["ebs_block_device"]
    assert root["encrypted"] is True
    assert (data["device_name"], data["encrypted"]) == ("/dev/sdb", False)
    assert isinstance(first.attributes["user_data"], Unknown)
    assert "c2VjcmV0" not in repr(first)
    gap = second.attributes["root_block_device"]
    assert isinstance(gap, Unknown)
    assert "image" in gap.cause
