"""The provider's table of resource types, read once and parsed a type at a time.

Beside them stand the pseudo-types of `auditkit.pseudo_types`, which have the same encoding.

``aws.tsv`` is written by ``scripts/provider_schema.py``, which also describes its format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from auditkit.pseudo_types import PSEUDO_TYPES, Encoded

TABLE = Path(__file__).with_name("aws.tsv")
"""The table."""


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """One attribute of a resource type or block."""

    kind: str
    """``string``, ``number``, ``bool``, ``list(string)``, ``map(string)``, ``set(object)`` …"""
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    fields: Mapping[str, AttributeSchema] = field(default_factory=dict)
    """The members of the objects that it holds."""

    @property
    def base(self) -> str:
        """The kind without its collections: ``string`` of ``list(string)``."""
        return self.kind.rpartition("(")[2].rstrip(")")


@dataclass(frozen=True, slots=True)
class Body:
    """What may stand in a resource or in a nested block."""

    attributes: Mapping[str, AttributeSchema]
    blocks: Mapping[str, BlockSchema]


@dataclass(frozen=True, slots=True)
class BlockSchema:
    """One nested block of a resource type or block."""

    nesting: str
    """``list``, ``set`` or ``single``."""
    min_items: int
    max_items: int
    """0 when there is no limit."""
    body: Body

    @property
    def attributes(self) -> Mapping[str, AttributeSchema]:
        """The block's own attributes."""
        return self.body.attributes

    @property
    def blocks(self) -> Mapping[str, BlockSchema]:
        """The blocks inside it."""
        return self.body.blocks

    @property
    def repeats(self) -> bool:
        """Whether there may be more than one of it."""
        return self.nesting != "single" and self.max_items != 1


@dataclass(frozen=True, slots=True)
class TypeSchema:
    """One resource type."""

    name: str
    body: Body
    computed_only: tuple[str, ...]
    """Attributes that AWS alone decides: computed and not optional, sorted."""
    sensitive: frozenset[str]
    """Names of the sensitive attributes, at any depth."""

    @property
    def attributes(self) -> Mapping[str, AttributeSchema]:
        """The attributes at the top level."""
        return self.body.attributes

    @property
    def blocks(self) -> Mapping[str, BlockSchema]:
        """The nested blocks at the top level."""
        return self.body.blocks

    @property
    def has_tags_all(self) -> bool:
        """Whether the provider's ``default_tags`` reach it."""
        return "tags_all" in self.body.attributes


@cache
def resource_types() -> frozenset[str]:
    """The names of all resource types that the provider has."""
    return frozenset(name.decode() for name in re.findall(rb"^\w+(?=\t)", _table(), re.M))


@cache
def schema_of(type: str) -> TypeSchema | None:
    """The schema of one resource type or pseudo-type; ``None`` when there is no such type."""
    encoded = PSEUDO_TYPES.get(type) or _line(type)
    if encoded is None:
        return None
    body = _parse_body(encoded)
    return TypeSchema(
        name=type,
        body=body,
        computed_only=tuple(
            sorted(
                name
                for name, attribute in body.attributes.items()
                if attribute.computed and not attribute.optional
            )
        ),
        sensitive=frozenset(_sensitive_names(body, set())),
    )


@cache
def _table() -> bytes:
    return TABLE.read_bytes()


def _line(name: str) -> Mapping[str, Encoded] | None:
    """What the table says of `name`; its lines are sorted, so few of them are looked at."""
    table, key = _table(), f"{name}\t".encode("utf-8", "surrogatepass")
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = table.find(b"\n", start)
        if table.startswith(key, start):
            parsed: dict[str, Encoded] = json.loads(table[start + len(key) : end])
            return parsed
        if table[start : start + len(key)] < key:
            low = end + 1
        else:
            high = start
    return None


@cache
def _shared_body(name: str) -> Body:
    encoded = _line(name)
    if encoded is None:
        raise ValueError(f"the provider table has no body {name}")
    return _parse_body(encoded)


def _parse_body(encoded: Mapping[str, Encoded]) -> Body:
    attributes: dict[str, AttributeSchema] = {}
    blocks: dict[str, BlockSchema] = {}
    for name, item in encoded.items():
        if not isinstance(item, (str, Mapping)) and len(item) == 4:
            nesting, min_items, max_items, inner = item
            body = _shared_body(inner) if isinstance(inner, str) else _parse_body(_members(inner))
            blocks[name] = BlockSchema(str(nesting), _count(min_items), _count(max_items), body)
        else:
            attributes[name] = _parse_attribute(item)
    return Body(MappingProxyType(attributes), MappingProxyType(blocks))


def _parse_attribute(item: Encoded | int) -> AttributeSchema:
    if isinstance(item, str):
        return _parse_plain(item)
    spec, members = cast(Sequence[Encoded], item)
    plain = _parse_plain(str(spec))
    fields = {name: _parse_attribute(member) for name, member in _members(members).items()}
    return AttributeSchema(
        plain.kind,
        required=plain.required,
        optional=plain.optional,
        computed=plain.computed,
        sensitive=plain.sensitive,
        fields=MappingProxyType(fields),
    )


@cache
def _parse_plain(spec: str) -> AttributeSchema:
    kind, _, flags = spec.partition(" ")
    return AttributeSchema(
        kind,
        required="r" in flags,
        optional="o" in flags,
        computed="c" in flags,
        sensitive="s" in flags,
    )


def _members(item: Encoded | int) -> Mapping[str, Encoded]:
    return cast("Mapping[str, Encoded]", item)


def _count(item: Encoded | int) -> int:
    return cast(int, item)


def _sensitive_names(body: Body, seen: set[int]) -> set[str]:
    # Shared bodies are visited once: spelled out, some types have a million attributes.
    if id(body) in seen:
        return set()
    seen.add(id(body))
    names = {name for name, attribute in body.attributes.items() if attribute.sensitive}
    for block in body.blocks.values():
        names |= _sensitive_names(block.body, seen)
    return names
