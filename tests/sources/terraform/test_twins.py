"""Module instances that are given the same: evaluated once, and still told apart."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from auditkit.linking import link
from auditkit.model import Inventory, Unknown, Value
from auditkit.sources.terraform.code import read_text
from auditkit.sources.terraform.evaluate import MAX_INSTANCES

MODULE = """
-- m/main.tf --
variable "name" {}
variable "salt" {
  default = ""
}
variable "key" {
  default = null
}
variable "open" {}
locals {
  names = [for number in range(2) : "${var.name}-${number}"]
  odd   = uuid()
}
resource "aws_kms_key" "k" {}
resource "aws_s3_bucket" "b" {
  count  = 2
  bucket = local.names[count.index]
}
resource "aws_s3_bucket" "odd" {
  bucket = local.odd
  tags   = { Open = var.open }
}
resource "aws_db_instance" "d" {
  password   = "correct horse"
  kms_key_id = aws_kms_key.k.arn
}
module "inner" {
  source   = "../inner"
  for_each = toset(["x", "y"])
  key      = coalesce(var.key, aws_kms_key.k.arn)
}
module "elsewhere" {
  source = "some/registry/module"
  key    = aws_kms_key.k.arn
}
output "odd" {
  value = local.odd
}
output "arns" {
  value = [for one in module.inner : one.arn]
}
-- inner/main.tf --
variable "key" {}
data "aws_caller_identity" "me" {}
resource "aws_sns_topic" "t" {
  name              = "t"
  kms_master_key_id = var.key
  policy            = data.aws_caller_identity.me.account_id
}
output "arn" {
  value = aws_sns_topic.t.arn
}
"""
CALL = """
module "{name}" {{
  source = "./m"
  name = "logs"
  open = {open}
  salt = "{salt}"
}}
"""
LOCALS = 'variable "open" {}\nlocals {\n  open = "${var.open}-x"\n}\n'


def calls(first: str, second: str, *, open: str = '"no"') -> str:
    """Two calls of the module; their salt is used nowhere."""
    texts = [
        CALL.format(name=name, open=open, salt=salt) for name, salt in (("a", first), ("b", second))
    ]
    return LOCALS + "".join(texts) + MODULE


def described(value: Value, seen: dict[int, int]) -> object:
    """The value, in which unknown ones are told apart by the order of their appearance."""
    if isinstance(value, Unknown):
        number = seen.setdefault(id(value), len(seen))
        parts = [described(part, seen) for part in value.parts]
        inner = (parts, described(value.document, seen), value.keys, value.sensitive, value.present)
        return number, value.cause, value.references, inner
    if isinstance(value, dict):
        return {key: described(member, seen) for key, member in value.items()}
    return [described(one, seen) for one in value] if isinstance(value, list) else value


def described_inventory(inventory: Inventory) -> list[object]:
    seen: dict[int, int] = {}
    result: list[object] = []
    for one in inventory.resources:
        if one.type in ("module", "variable"):
            continue
        assert one.source_map is not None
        paths = [(name,) for name in one.attributes]
        places = [(one.source_map.locate(path), one.source_map.trace(path)) for path in paths]
        result.append(
            (one.address, described(one.attributes, seen), one.location, one.calls, places)
        )
    return result


def evaluated(read: Callable[[], Inventory]) -> int:
    """How many resources are evaluated while something is read."""
    count = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_name == "raise_resource"

    sys.setprofile(profile)
    try:
        read()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("open", ['"no"', "var.open", "local.open", "uuid()", "[var.open]"])
def test_copy_is_what_its_own_evaluation_would_be(open: str) -> None:
    alike, apart = read_text(calls("", "", open=open)), read_text(calls("", "/", open=open))
    assert described_inventory(alike) == described_inventory(apart)


def test_twenty_calls_are_evaluated_once() -> None:
    one = CALL.format(name="a", open="local.open", salt="")
    twenty = [CALL.format(name=f"m{number}", open="local.open", salt="") for number in range(20)]
    counts = [
        evaluated(lambda: read_text(LOCALS + text + MODULE))  # noqa: B023
        for text in (one, "".join(twenty), one.replace("source", "count = 20\n  source"))
    ]
    # The two inner modules are one as well.
    assert counts == [6, 6, 6]
    assert len(read_text(LOCALS + "".join(twenty) + MODULE).resources) > 20 * 7


@pytest.mark.parametrize("salt", ["", "/"])
def test_equal_modules_of_unlike_depth(salt: str) -> None:
    inner = CALL.format(name="inner", open='"no"', salt=salt).replace('"./m"', '"../m"')
    outer = 'module "outer" {\n  source = "./outer"\n}\n-- outer/main.tf --\n' + inner
    text = CALL.format(name="a", open='"no"', salt="") + outer + MODULE
    inventory = read_text(text)
    calls = {
        one.address: [call.file for call in one.calls]
        for one in inventory.resources
        if one.type == "aws_sns_topic"
    }
    assert calls == {
        'module.a.module.inner["x"].aws_sns_topic.t': ["main.tf", "m/main.tf"],
        'module.a.module.inner["y"].aws_sns_topic.t': ["main.tf", "m/main.tf"],
        'module.outer.module.inner.module.inner["x"].aws_sns_topic.t': [
            *("main.tf", "outer/main.tf", "m/main.tf")
        ],
        'module.outer.module.inner.module.inner["y"].aws_sns_topic.t': [
            *("main.tf", "outer/main.tf", "m/main.tf")
        ],
    }
    # Only the salt keeps them apart.
    assert evaluated(lambda: read_text(text)) == (12 if salt else 6)


@pytest.mark.parametrize(
    "difference",
    [
        'name = "other"',
        "name = uuid()",
        "providers = { aws = aws.west }",
        "count = var.unknown",
        "key = aws_kms_key.own.arn",
    ],
)
def test_what_is_given_something_else_is_evaluated(difference: str) -> None:
    name = difference.partition(" ")[0]
    second = CALL.format(name="b", open='"no"', salt="")
    second = second.replace('name = "logs"\n', "" if name == "name" else 'name = "logs"\n')
    second = second.replace("  salt", f"  {difference}\n  salt")
    text = CALL.format(name="a", open='"no"', salt="") + second + MODULE
    text = (
        'provider "aws" {}\nprovider "aws" {\n alias = "west"\n default_tags {\n'
        '  tags = { A = "b" }\n }\n}\nvariable "unknown" {}\nresource "aws_kms_key" "own" {}\n'
    ) + text
    assert evaluated(lambda: read_text(text)) > 7 + 1


def test_unknown_name_of_one_instance_is_not_the_name_of_another() -> None:
    text = calls("", "") + "".join(
        f'resource "aws_s3_bucket_versioning" "{name}" {{\n  bucket = module.{name}.odd\n'
        f'  versioning_configuration {{\n    status = "{status}"\n  }}\n}}\n'
        for name, status in (("a", "Enabled"), ("b", "Suspended"))
    )
    # The versioning stands in the root module, in front of the files of the others.
    head, _, tail = text.partition("-- m/main.tf --")
    moved = text[text.index('resource "aws_s3_bucket_versioning"') :]
    text = head + moved + "-- m/main.tf --" + tail.removesuffix(moved)
    graph = link(read_text(text))
    found = [
        graph.resources[f"module.{name}.aws_s3_bucket.odd"].attribute("versioning")
        for name in ("a", "b")
    ]
    assert [one[0]["status"] for one in found if isinstance(one, list)] == ["Enabled", "Suspended"]


def test_copies_count_as_instances() -> None:
    text = CALL.format(name="a", open='"no"', salt="").replace("source", "count = 4000\n source")
    inventory = read_text(text + MODULE)
    assert {one.kind for one in inventory.problems} == {"limit", "missing-module"}
    assert sum(one.type.startswith("aws_") for one in inventory.resources) <= MAX_INSTANCES
