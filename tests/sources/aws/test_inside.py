"""What stands inside listed items: the expressions for it, and one question for several types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from auditkit.model import Problem, Resource, Unknown
from auditkit.sources.aws.calling import Failure
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect
from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.expressions import Untold, compile_expression
from auditkit.sources.aws.shapes import ShapeError, answer_of, resolve

PLACE = Place("123456789012", "eu-west-1")
GROUP = {
    "Id": "sg-1",
    "Permissions": [
        {"Port": 443, "Ranges": [{"Cidr": "10.0.0.0/8"}, {"Cidr": "172.16.0.0/12"}]},
        {"Port": 22, "Ranges": []},
    ],
    "Names": ["a", "b"],
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("inside(@, 'Nothing')", []),
        ("inside(Nothing, 'Ranges')", []),
        ("inside(@, 'Names')[].[Item, _parent.Id]", [["a", "sg-1"], ["b", "sg-1"]]),
        (
            "inside(Permissions, 'Ranges')[].[Cidr, _parent.Port]",
            [["10.0.0.0/8", 443], ["172.16.0.0/12", 443]],
        ),
        ("inside(inside(@, 'Permissions'), 'Ranges')[]._parent._parent.Id", ["sg-1", "sg-1"]),
        (
            "joined(inside(Permissions, 'Ranges')[].{port: _parent.Port, cidrs: [Cidr]})",
            [{"port": 443, "cidrs": ["10.0.0.0/8", "172.16.0.0/12"]}],
        ),
        ("joined(Nothing)", []),
        ("where(Permissions, 'Port', `22`)[].Port", [22]),
        ("where_not(Permissions, 'Port', `22`)[].Port", [443]),
        ("where(Nothing, 'Port', `22`)", []),
        ("crc32('0.0.0.0/0')", 1080289494),
        ("crc32(Nothing)", None),
        ("split('a,b', ',')", ["a", "b"]),
        ("split('', ',')", []),
        ("split(Nothing, ',')", None),
        ("known(Id, 'why')", "sg-1"),
    ],
)
def test_expressions_on_nested_lists(expression: str, expected: Any) -> None:
    assert compile_expression(expression)(GROUP) == expected


def test_known_gives_the_reason_why_not() -> None:
    with pytest.raises(Untold, match="the image is gone"):
        compile_expression("known(Nothing, 'the image is gone')")(GROUP)


def test_inside_leads_to_members_and_back() -> None:
    take = "inside(RouteTables, 'Routes')"
    assert resolve(f"{take}[].GatewayId", answer_of("ec2:DescribeRouteTables", "@")) is not None
    assert resolve(f"{take}[]._parent.VpcId", answer_of("ec2:DescribeRouteTables", "@")) is not None
    with pytest.raises(ShapeError, match="GateId"):
        resolve(f"{take}[].GateId", answer_of("ec2:DescribeRouteTables", "@"))


@dataclass
class Answers:
    """A reader that has one answer per operation, and counts the questions."""

    answers: Mapping[str, Any]
    asked: Counter[str] = field(default_factory=Counter)

    def pages(self, call: Call, arguments: Mapping[str, Any], region: str) -> Iterator[Any]:
        self.asked[call.operation] += 1
        answer = self.answers[call.operation]
        if isinstance(answer, str):
            raise Failure(answer, call.operation, "Code", region)
        yield answer


VOLUMES = LiveType(
    "aws_ebs_volume", listing=Call("ec2:DescribeVolumes", take="Volumes"), id="VolumeId"
)
ATTACHMENTS = LiveType(
    "aws_volume_attachment",
    listing=Call("ec2:DescribeVolumes", take="inside(Volumes, 'Attachments')"),
    id="text('{}:{}', _parent.VolumeId, InstanceId)",
    attributes={"device_name": "Device"},
    observed={"size": "_parent.Size"},
)
INSTANCES = LiveType(
    "aws_instance",
    listing=Call("ec2:DescribeInstances", take="Reservations[].Instances[]"),
    id="InstanceId",
    completing=(
        Call(
            "ec2:DescribeVolumes",
            take="inside(Volumes, 'Attachments')",
            key="InstanceId",
            by="InstanceId",
        ),
    ),
    attributes={
        "root_block_device": "where(DescribeVolumes, 'Device', RootDeviceName)"
        "[].{volume_size: _parent.Size}",
    },
)
TYPES = (VOLUMES, ATTACHMENTS, INSTANCES)
ANSWERS = {
    "ec2:DescribeVolumes": {
        "Volumes": [
            {
                "VolumeId": "vol-1",
                "Size": 8,
                "Attachments": [
                    {"VolumeId": "vol-1", "InstanceId": "i-1", "Device": "/dev/xvda"},
                ],
            },
            {"VolumeId": "vol-2", "Size": 9, "Attachments": []},
        ]
    },
    "ec2:DescribeInstances": {
        "Reservations": [{"Instances": [{"InstanceId": "i-1", "RootDeviceName": "/dev/xvda"}]}]
    },
}


def read(reader: Answers, *types: LiveType) -> dict[str, Resource | Listed | Problem]:
    plan = Plan({live.type: live for live in types})
    return {
        event.address if isinstance(event, Resource) else str(event): event
        for event in collect(PLACE, plan, reader)  # type: ignore[arg-type]
    }


def resources(reader: Answers, *types: LiveType) -> dict[str, Resource]:
    found = read(reader, *types).values()
    return {str(each.id): each for each in found if isinstance(each, Resource)}


def test_one_question_for_a_listing_its_inner_items_and_another_types_call() -> None:
    reader = Answers(ANSWERS)
    found = resources(reader, *TYPES)
    assert sorted(found) == ["i-1", "vol-1", "vol-1:i-1", "vol-2"]
    assert found["i-1"].attributes["root_block_device"] == [{"volume_size": 8}]
    assert found["vol-1:i-1"].attributes["device_name"] == "/dev/xvda"
    assert found["vol-1:i-1"].attributes["observed"] == {"size": 8}
    assert reader.asked == {"ec2:DescribeVolumes": 1, "ec2:DescribeInstances": 1}


def test_a_call_for_all_records_is_made_without_the_listing() -> None:
    reader = Answers(ANSWERS)
    found = resources(reader, INSTANCES)
    assert found["i-1"].attributes["root_block_device"] == [{"volume_size": 8}]
    assert reader.asked["ec2:DescribeVolumes"] == 1


def test_one_denied_question_leaves_every_type_in_doubt() -> None:
    reader = Answers({**ANSWERS, "ec2:DescribeVolumes": "denied"})
    events = read(reader, *TYPES).values()
    doubts = {each.type: each.doubt is not None for each in events if isinstance(each, Listed)}
    assert doubts == {"aws_ebs_volume": True, "aws_volume_attachment": True, "aws_instance": False}
    instance = next(e for e in events if isinstance(e, Resource) and e.id == "i-1")
    assert isinstance(instance.attributes["root_block_device"], Unknown)
    assert reader.asked["ec2:DescribeVolumes"] == 1


def test_arguments_of_a_call_for_all_records_are_constants() -> None:
    seen: list[Mapping[str, Any]] = []

    class Noting(Answers):
        def pages(self, call: Call, arguments: Mapping[str, Any], region: str) -> Iterator[Any]:
            if call.key:
                seen.append(dict(arguments))
            return super().pages(call, arguments, region)

    live = LiveType(
        "aws_ebs_snapshot",
        listing=Call("ec2:DescribeSnapshots", {"OwnerIds": "['self']"}, take="Snapshots"),
        id="SnapshotId",
        completing=(
            Call(
                "ec2:DescribeSnapshots",
                {"OwnerIds": "['self']", "RestorableByUserIds": "['all']"},
                take="Snapshots",
                into="Public",
                key="SnapshotId",
                by="SnapshotId",
            ),
        ),
        observed={"is_public": "length(Public) > `0`"},
    )
    reader = Noting({"ec2:DescribeSnapshots": {"Snapshots": [{"SnapshotId": "snap-1"}]}})
    found = resources(reader, live)
    assert found["snap-1"].attributes["observed"] == {"is_public": True}
    assert seen == [{"OwnerIds": ["self"], "RestorableByUserIds": ["all"]}]
    assert reader.asked["ec2:DescribeSnapshots"] == 2


def test_a_key_that_is_no_text_leaves_a_gap() -> None:
    answers = {
        **ANSWERS,
        "ec2:DescribeVolumes": {"Volumes": [{"Attachments": [{"InstanceId": {}}]}]},
    }
    found = resources(Answers(answers), INSTANCES)
    gap = found["i-1"].attributes["root_block_device"]
    assert isinstance(gap, Unknown)
    assert "ec2:DescribeVolumes" in gap.cause


def test_what_a_merged_call_does_not_tell_is_a_gap() -> None:
    template = LiveType(
        "aws_launch_template",
        listing=Call("ec2:DescribeLaunchTemplates", take="LaunchTemplates"),
        id="LaunchTemplateId",
        completing=(
            Call(
                "ec2:DescribeLaunchTemplateVersions",
                take="inside(LaunchTemplateVersions, 'LaunchTemplateData')",
                into=".",
                key="_parent.LaunchTemplateId",
                by="LaunchTemplateId",
            ),
        ),
    )
    version = {"LaunchTemplateId": "lt-1", "LaunchTemplateData": {"ImageId": "ami-1"}}
    reader = Answers(
        {
            "ec2:DescribeLaunchTemplates": {
                "LaunchTemplates": [{"LaunchTemplateId": "lt-1"}, {"LaunchTemplateId": "lt-2"}]
            },
            "ec2:DescribeLaunchTemplateVersions": {"LaunchTemplateVersions": [version]},
        }
    )
    found = resources(reader, template)
    assert found["lt-1"].attributes["image_id"] == "ami-1"
    assert found["lt-1"].attributes["key_name"] is None
    gap = found["lt-2"].attributes["image_id"]
    assert isinstance(gap, Unknown)
    assert "ec2:DescribeLaunchTemplateVersions" in gap.cause
