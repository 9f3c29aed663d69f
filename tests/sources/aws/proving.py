"""The judge of the live mapping: the real provider applies a stack, and we read it live.

Each directory in ``stacks/`` is applied on moto by Terraform.  What the provider keeps in its state
is what the attributes are; see `prove`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from auditkit.model import Resource, Unknown
from auditkit.schema import schema_of
from auditkit.schema.table import Body
from auditkit.sources.aws.calling import Reader
from auditkit.sources.aws.catalogue import live_types, operations
from auditkit.sources.aws.collecting import Place, Plan, collect

if TYPE_CHECKING:
    from moto_server import MotoServer
    from terraform_binary import Terraform

HERE = Path(__file__).resolve().parent
STACKS = HERE / "stacks"
ACCOUNT, REGION = "123456789012", "us-east-1"
_PROVIDER = """
provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  max_retries                 = 2
}
"""


@dataclass
class Proof:
    """What a stack says of the types in it."""

    equal: dict[str, set[str]] = field(default_factory=dict)
    """Type to the attributes that were equal, in all of its resources."""
    filled: dict[str, set[str]] = field(default_factory=dict)
    """Those of them that are not empty, in some of its resources."""
    uncollected: dict[str, set[str]] = field(default_factory=dict)
    different: list[str] = field(default_factory=list)
    """``aws_x.name.attribute: state … live …``."""
    missing: list[str] = field(default_factory=list)
    """Resources in the state that were not found live."""
    undeclared: Counter[str] = field(default_factory=Counter)
    """Types in the state that the catalogue lacks."""


def stacks() -> list[str]:
    """The names of all stacks."""
    return sorted(path.name for path in STACKS.iterdir() if path.is_dir())


def apply(
    name: str, terraform: Terraform, moto: MotoServer, directory: Path
) -> list[dict[str, Any]]:
    """The resources of the state after an apply: ``address``, ``mode``, ``type``, ``values``."""
    moto.reset()
    for path in (STACKS / name).iterdir():
        (directory / path.name).write_bytes(path.read_bytes())
    (directory / "provider.tf").write_text(_PROVIDER, encoding="utf-8")
    terraform = replace(terraform, environment={**terraform.environment, **moto.environment})
    terraform.run("init", "-input=false", "-no-color", directory=directory)
    terraform.run("apply", "-auto-approve", "-input=false", "-no-color", directory=directory)
    # What a later resource changed of an earlier one, the state knows only after a refresh.
    terraform.run(
        "apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color", directory=directory
    )
    # `terraform show` would tell the same, and start the provider once more for it.
    state = json.loads((directory / "terraform.tfstate").read_text(encoding="utf-8"))
    return [
        {
            "address": f"{each['type']}.{each['name']}" + _index_of(instance),
            "mode": each["mode"],
            "type": each["type"],
            "values": instance["attributes"],
        }
        for each in state["resources"]
        for instance in each["instances"]
    ]


def _index_of(instance: Mapping[str, Any]) -> str:
    return f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""


def collect_live(moto: MotoServer, types: Sequence[str]) -> list[Resource]:
    """What we read of these types, in the region of the stacks."""
    session = boto3.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
    )
    known = live_types()
    before = os.environ.get("AWS_ENDPOINT_URL")
    os.environ["AWS_ENDPOINT_URL"] = moto.endpoint
    try:
        reader = Reader(session, allowed=operations())
        plan = Plan({name: known[name] for name in types})
        events = list(collect(Place(ACCOUNT, REGION), plan, reader))
    finally:
        if before is None:
            del os.environ["AWS_ENDPOINT_URL"]
        else:
            os.environ["AWS_ENDPOINT_URL"] = before
    return [event for event in events if isinstance(event, Resource)]


def prove(name: str, terraform: Terraform, moto: MotoServer, directory: Path) -> Proof:
    """Applies the stack, reads it live, and compares attribute by attribute."""
    resources = [
        each
        for each in apply(name, terraform, moto, directory)
        if each["mode"] == "managed" and each["type"].startswith("aws_")
    ]
    proof = Proof()
    types = sorted({each["type"] for each in resources} & set(live_types()))
    proof.undeclared = Counter(each["type"] for each in resources if each["type"] not in types)
    live: dict[tuple[str, str], list[Resource]] = {}
    doubts = []
    for resource in collect_live(moto, types):
        id = _id_of(resource.type, resource.attributes, resource.id)
        live.setdefault((resource.type, id), []).append(resource)
        if resource.doubt is not None:
            doubts.append(f"{resource.address}: {resource.doubt.cause}")
    for each in resources:
        if each["type"] not in types:
            continue
        id = _id_of(each["type"], each["values"], each["values"]["id"])
        found = live.get((each["type"], id), [])
        if len(found) != 1:
            ids = sorted(id for type, id in live if type == each["type"])
            proof.missing.append(
                f"{each['address']}: {len(found)} live with id {id!r}; there are {ids} {doubts}"
            )
            continue
        _compare(each, found[0], proof)
    return proof


def _id_of(type: str, attributes: Mapping[str, Any], id: object) -> str:
    """The id, or what else says which one it is if the provider makes the id up."""
    live = live_types()[type]
    if live.is_single:
        return ""
    return str([attributes[name] for name in live.identity] if live.identity else id)


def _compare(each: Any, live: Resource, proof: Proof) -> None:
    type, values = each["type"], each["values"]
    schema = schema_of(type)
    assert schema is not None
    unknown = {name for name, value in live.attributes.items() if isinstance(value, Unknown)}
    if live_types()[type].is_single:
        unknown.add("id")
    for name, expected in values.items():
        actual = live.attributes.get(name)
        # What companions fill is theirs to tell.
        if name in unknown or name not in live.attributes:
            proof.uncollected.setdefault(type, set()).add(name)
        elif _same(expected, actual, schema.body, name):
            proof.equal.setdefault(type, set()).add(name)
            if not _is_blank(expected):
                proof.filled.setdefault(type, set()).add(name)
        else:
            proof.different.append(f"{each['address']}.{name}: state {expected!r}, live {actual!r}")


def _same(expected: Any, actual: Any, body: Body, name: str) -> bool:
    """Whether they are the same to the provider; what is `Unknown` inside may be anything."""
    if _is_blank(expected) and _is_blank(actual):
        return True
    if isinstance(actual, Unknown):
        return True
    block = body.blocks.get(name)
    if block is not None:
        return _same_blocks(expected or [], actual or [], block.body, block.nesting == "set")
    attribute = body.attributes.get(name)
    kind = "" if attribute is None else attribute.kind
    if kind.startswith("set(") and isinstance(expected, list) and isinstance(actual, list):
        return _same_set(expected, actual, _equal)
    return _equal(expected, actual)


def _same_blocks(expected: list[Any], actual: Any, body: Body, is_set: bool) -> bool:
    if not isinstance(actual, list) or len(expected) != len(actual):
        return False

    def same(one: Any, other: Any) -> bool:
        names = set(one) | set(other)
        return all(_same(one.get(name), other.get(name), body, name) for name in names)

    if is_set:
        return _same_set(expected, actual, same)
    return all(same(one, other) for one, other in zip(expected, actual, strict=True))


def _same_set(expected: list[Any], actual: list[Any], same: Any) -> bool:
    left = list(actual)
    for one in expected:
        match = next((other for other in left if same(one, other)), left)
        if match is left:
            return False
        left.remove(match)
    return not left


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(actual, Unknown) or (_is_blank(expected) and _is_blank(actual)):
        return True
    if isinstance(expected, dict) and isinstance(actual, Mapping):
        names = set(expected) | set(actual)
        return all(_equal(expected.get(name), actual.get(name)) for name in names)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_equal, expected, actual))
    if isinstance(expected, str) and isinstance(actual, str):
        return expected == actual or _same_document(expected, actual)
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


def _same_document(expected: str, actual: str) -> bool:
    if not expected.startswith(("{", "[")):
        return False
    try:
        return bool(json.loads(expected) == json.loads(actual))
    except ValueError:
        return False


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_blank(item) for item in value) and not any(
            isinstance(item, str) for item in value
        )
    return value in (None, "", 0, {}) or value is False


def summary(proof: Proof) -> str:
    """What is kept of a proof, for docs/live-types.md: JSON, with the types on lines of their own.

    An attribute that is equal in one resource is collected, even if another leaves it out.
    """
    lines = []
    for type in sorted({*proof.equal, *proof.uncollected}):
        equal, filled = proof.equal.get(type, set()), proof.filled.get(type, set())
        kept = {
            "equal": sorted(filled),
            "empty": sorted(equal - filled),
            "not_collected": sorted(proof.uncollected.get(type, set()) - equal),
        }
        lines.append(f"{json.dumps(type)}: {json.dumps(kept)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
