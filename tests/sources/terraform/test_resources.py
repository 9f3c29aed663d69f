"""State-shaped resources of code, and the way back to their lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from auditkit.model import Location, Resource, Source, Unknown
from auditkit.sources.terraform.code import read_text

TEXT = """\
locals {
  ports = { ssh = 22, web = 443 }
}
resource "aws_security_group" "sg" {
  name = "sg"
  tags = {
    Owner = "me"
    "Name" = "x"
  }
  dynamic "ingress" {
    for_each = local.ports
    iterator = port
    content {
      from_port   = port.value
      cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
    }
  }
  ingress {
    from_port = "80"
    cidr_blocks = [
      "10.0.0.0/8",
      "::/0",
    ]
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["Name"], ingress[0].from_port]
  }
  timeouts {
    create = "10m"
  }
}
"""


@pytest.fixture(scope="module")
def group() -> Resource:
    return read_text(TEXT).resources[0]


def test_blocks_are_lists_in_source_order_and_scalars_have_the_schemas_type(
    group: Resource,
) -> None:
    assert group.attributes["ingress"] == [
        {"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "from_port": 22},
        {"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "from_port": 443},
        {"cidr_blocks": ["10.0.0.0/8", "::/0"], "from_port": 80},
    ]
    assert group.attributes["lifecycle"] == [
        {"ignore_changes": ["tags[Name]", "ingress[0].from_port"], "prevent_destroy": True}
    ]
    assert group.source is Source.CODE


def test_what_only_aws_decides_is_unknown(group: Resource) -> None:
    arn = group.attributes["arn"]
    assert isinstance(arn, Unknown)
    assert arn.cause == "`arn` is known after apply"


def test_header_and_block(group: Resource) -> None:
    assert group.location == Location("main.tf", 4, 1, 4, 35)
    assert group.block == Location("main.tf", 4, 1, 32, 2)


@pytest.mark.parametrize(
    ("path", "line", "column", "text"),
    [
        ((), 4, 1, 'resource "aws_security_group" "sg"'),
        (("name",), 5, 3, 'name = "sg"'),
        (("description",), 4, 1, 'resource "aws_security_group" "sg"'),
        (("tags",), 6, 3, "tags = {"),
        (("tags_all",), 6, 3, "tags = {"),
        (("tags", "Owner"), 7, 13, '"me"'),
        (("tags", "Name"), 8, 14, '"x"'),
        (("tags", "Cost"), 6, 3, "tags = {"),
        (("ingress", 0, "from_port"), 14, 7, "from_port   = port.value"),
        (("ingress", 1, "cidr_blocks", 1), 15, 36, '"0.0.0.0/0"'),
        (("ingress", 2, "cidr_blocks", 1), 22, 7, '"::/0"'),
        (("ingress", 2, "cidr_blocks"), 20, 5, "cidr_blocks = ["),
        (("ingress", 2, "description"), 18, 3, "ingress"),
        (("ingress", 9), 4, 1, 'resource "aws_security_group" "sg"'),
        (("lifecycle", "prevent_destroy"), 26, 5, "prevent_destroy = true"),
    ],
)
def test_locate(
    group: Resource, path: Sequence[str | int], line: int, column: int, text: str
) -> None:
    assert group.source_map is not None
    place = group.source_map.locate(path)
    assert (place.line, place.column) == (line, column)
    source = TEXT.splitlines()[place.line - 1]
    assert source[place.column - 1 : place.end_column - 1] == text
    assert place.end_line == place.line


def test_dynamic_block_with_unknown_collection_is_unknown() -> None:
    text = (
        'variable "v" {}\nresource "aws_security_group" "sg" {\n'
        '  dynamic "ingress" {\n    for_each = var.v\n    content {}\n  }\n}\n'
    )
    group = read_text(text).resources[0]
    ingress = group.attributes["ingress"]
    assert isinstance(ingress, Unknown)
    assert ingress.cause == "`var.v` has no value"
    assert group.source_map is not None
    assert group.source_map.locate(("ingress", 0)).line == 3


def test_static_block_beside_an_unknown_dynamic_one_is_still_seen() -> None:
    text = (
        'variable "v" {}\nresource "aws_security_group" "sg" {\n'
        "  ingress {\n    from_port = 1\n  }\n"
        '  dynamic "ingress" {\n    for_each = var.v\n    content {}\n  }\n}\n'
    )
    ingress = read_text(text).resources[0].attributes["ingress"]
    assert isinstance(ingress, list)
    assert ingress[0] == {"from_port": 1}
    assert isinstance(ingress[1], Unknown)


def test_outputs_of_a_root_are_resources_that_refer() -> None:
    text = 'resource "aws_kms_key" "k" {}\noutput "arn" {\n  value = aws_kms_key.k.arn\n}\n'
    output = read_text(text).resources[1]
    assert (output.type, output.address) == ("output", "output.arn")
    value = output.attributes["value"]
    assert isinstance(value, Unknown)
    assert value.references[0].address == "aws_kms_key.k"


def test_lifecycle_is_a_meta_block_only_where_the_type_has_none_of_its_own() -> None:
    text = """
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "v"
    lifecycle {
      delete_after = 30
    }
  }
  lifecycle {
    prevent_destroy = true
  }
}
"""
    plan = read_text(text).resources[0].attributes
    assert plan["rule"] == [
        {"lifecycle": [{"delete_after": 30}], "rule_name": "r", "target_vault_name": "v"}
    ]
    assert plan["lifecycle"] == [{"prevent_destroy": True}]
