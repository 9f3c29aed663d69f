"""An inventory of ours beside a plan of Terraform's, value by value."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judging import UNKNOWN, with_unknown

from auditkit.model import Inventory, Unknown
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.schema import AttributeSchema, BlockSchema, Body, schema_of

Schema = Body | BlockSchema | AttributeSchema | None


@dataclass(slots=True)
class Comparison:
    """Where both know a value they must agree; everything else is only counted."""

    equal: int = 0
    rewritten: list[str] = field(default_factory=list)
    """Equal but for what the provider makes of it: the layout of JSON, a hash, a default."""
    later: list[str] = field(default_factory=list)
    """Known to nobody before apply."""
    ahead: list[str] = field(default_factory=list)
    """Known to us, and known after apply to Terraform."""
    withheld: list[str] = field(default_factory=list)
    """Sensitive, so that we keep it to ourselves."""
    unknown: list[tuple[str, str]] = field(default_factory=list)
    """Known to Terraform alone, with our cause."""
    different: list[tuple[str, object, object]] = field(default_factory=list)

    def summary(self) -> str:
        """The counts in a line."""
        return (
            f"{self.equal} equal, {len(self.rewritten)} equal but rewritten by the provider, "
            f"{len(self.different)} different, {len(self.unknown)} unknown to us, "
            f"{len(self.withheld)} withheld, {len(self.later)} known to nobody before apply, "
            f"{len(self.ahead)} known to us alone"
        )

    def add(self, other: Comparison) -> None:
        """Takes over what `other` found."""
        self.equal += other.equal
        self.rewritten += other.rewritten
        self.later += other.later
        self.ahead += other.ahead
        self.withheld += other.withheld
        self.unknown += other.unknown
        self.different += other.different


def planned(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Outputs and managed resources of ``terraform show -json``, by address.

    What is known after apply is `UNKNOWN`, and what is null is left out.
    """
    result: dict[str, dict[str, Any]] = {}
    for name, change in document.get("output_changes", {}).items():
        value = with_unknown(change.get("after"), change["after_unknown"])
        result[f"output.{name}"] = {"value": value}
    for resource in document.get("resource_changes", []):
        if resource["mode"] == "managed":
            change = resource["change"]
            values = with_unknown(change["after"], change["after_unknown"])
            result[resource["address"]] = {
                name: value for name, value in values.items() if value is not None
            }
    return dict(sorted(result.items()))


def compare_inventory(inventory: Inventory, answer: Mapping[str, Mapping[str, Any]]) -> Comparison:
    """Every attribute of every resource and output that the plan has."""
    ours = {
        resource.address: resource
        for resource in inventory.resources
        if resource.type not in PSEUDO_TYPES or resource.address in answer
    }
    assert answer.keys() == ours.keys(), sorted(answer.keys() ^ ours.keys())
    result = Comparison()
    for address, values in answer.items():
        resource = ours[address]
        schema = schema_of(resource.type)
        body = schema.body if schema is not None else None
        for name, value in resource.attributes.items():
            if name not in _OUR_OWN and (resource.type != "output" or name == "value"):
                path = f"{address}.{name}"
                result.add(_compare(path, value, values.get(name), _inner(body, name)))
    return result


_OUR_OWN = frozenset(["lifecycle", "timeouts"])
"""Blocks that every type takes; a plan has them in another shape, or not at all."""


def _inner(schema: Schema, name: str) -> Schema:
    if isinstance(schema, BlockSchema):
        schema = schema.body
    if isinstance(schema, Body):
        return schema.attributes.get(name) or schema.blocks.get(name)
    if isinstance(schema, AttributeSchema):
        return schema.fields.get(name)
    return None


def _is_set(schema: Schema) -> bool:
    if isinstance(schema, BlockSchema):
        return schema.nesting == "set"
    return isinstance(schema, AttributeSchema) and schema.kind.startswith("set(")


def _compare(path: str, ours: object, theirs: object, schema: Schema) -> Comparison:
    if isinstance(ours, Unknown):
        return _compare_unknown(path, ours, theirs)
    if ours is None:
        # Absent here: the provider's default, if any, is for the rules to know.
        return Comparison()
    if theirs == UNKNOWN:
        return Comparison(ahead=[path])
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        result = Comparison()
        for name, value in ours.items():
            result.add(_compare(f"{path}.{name}", value, theirs.get(name), _inner(schema, name)))
        if not ours and not theirs:
            result.equal += 1
        return result
    if isinstance(ours, Sequence) and isinstance(theirs, list) and not isinstance(ours, str):
        return _compare_lists(path, ours, theirs, schema)
    if _same_scalar(ours, theirs):
        return Comparison(equal=1)
    if _is_rewritten(path, ours, theirs):
        return Comparison(rewritten=[path])
    return Comparison(different=[(path, ours, theirs)])


def _compare_unknown(path: str, ours: Unknown, theirs: object) -> Comparison:
    if theirs == UNKNOWN or theirs is None:
        return Comparison(later=[path])
    if ours.sensitive:
        return Comparison(withheld=[path])
    if isinstance(theirs, (list, dict)) and UNKNOWN in _leaves(theirs):
        # Unknown as a whole with us, and in part with Terraform.
        return Comparison(later=[path])
    return Comparison(unknown=[(path, ours.cause)])


def _compare_lists(
    path: str, ours: Sequence[object], theirs: list[object], schema: Schema
) -> Comparison:
    if path.endswith(".subject_alternative_names"):
        # The provider adds the certificate's own name.
        assert {*ours} < {*theirs}
        return Comparison(rewritten=[path])
    if len(ours) != len(theirs):
        if any(isinstance(one, Unknown) for one in ours):
            return Comparison(unknown=[(path, "the number of elements is unknown")])
        return Comparison(different=[(path, ours, theirs)])
    if not ours:
        return Comparison(equal=1)
    inner = schema if isinstance(schema, (BlockSchema, AttributeSchema)) else None
    element = inner.body if isinstance(inner, BlockSchema) else inner
    result = Comparison()
    rest = list(theirs)
    for index, one in enumerate(ours):
        place = f"{path}[{index}]"
        tried = [_compare(place, one, other, element) for other in rest] if _is_set(schema) else []
        chosen = next((i for i, found in enumerate(tried) if not found.different), 0)
        result.add(tried[chosen] if tried else _compare(place, one, rest[0], element))
        del rest[chosen]
    return result


def _same_scalar(ours: object, theirs: object) -> bool:
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-15)
    return type(ours) is type(theirs) and ours == theirs


def _is_rewritten(path: str, ours: object, theirs: object) -> bool:
    if ours == {} and theirs is None:
        # An empty map of tags is none.
        return True
    if not isinstance(ours, str) or not isinstance(theirs, str):
        return False
    if path.endswith(".user_data"):
        return hashlib.sha1(ours.encode()).hexdigest() == theirs
    try:
        documents = json.loads(ours), json.loads(theirs)
    except ValueError:
        return False
    return documents[0] == documents[1]


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for element in value:
            yield from _leaves(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from _leaves(element)
    else:
        yield value


def as_stored(answer: object) -> str:
    """An answer as the text of its file."""
    return json.dumps(answer, indent=1, ensure_ascii=False, sort_keys=True, default=_number) + "\n"


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
