"""Whether an attribute path exists, folded companions included."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from auditkit.companions import Companion, companions_of
from auditkit.errors import suggest
from auditkit.legacy import legacy_of
from auditkit.pseudo_types import OPEN_TYPES
from auditkit.schema.table import AttributeSchema, Body, resource_types, schema_of

OBSERVED = Path(__file__).with_name("observed.json")
"""Type to the names in ``observed``; written from the live catalogue by ``make docs``."""


def check_path(type: str, path: tuple[str, ...]) -> str | None:
    """``None`` if resources of the type may have the attribute; else what is wrong.

    `path` holds names only, no indexes: ``("ingress", "cidr_blocks")``.  Names inside an
    attribute that a companion fills are the companion's (`auditkit.companions`).  Types that
    are not the AWS provider's are not checked, and of a pseudo-type that may have any attribute
    only names that are nearly those of known ones are wrong.
    """
    schema = schema_of(type)
    if schema is None:
        if not type.startswith("aws_"):
            return None
        return f"unknown resource type {type!r}{suggest(type, resource_types())}"
    if not path:
        return None
    bodies = list(_bodies(type, schema.body, path[0]))
    mistakes = [_check(body, path[1:], f"{type}.{path[0]}") for body in bodies]
    if mistakes:
        return None if None in mistakes else mistakes[-1]
    if path[0] == "observed":
        return _check_observed(type, path)
    if path[0] in _OF_TERRAFORM:
        return _check(_OF_TERRAFORM[path[0]], path[1:], f"{type}.{path[0]}")
    known = {*schema.attributes, *schema.blocks, *companions_of(type)}
    if type in OPEN_TYPES and not suggest(path[0], known, cutoff=0.85):
        return None
    return f"{type} has no attribute {path[0]!r}{suggest(path[0], known)}"


def _bodies(type: str, body: Body, name: str) -> Iterator[Body | AttributeSchema | None]:
    """Everything that an attribute of the type may hold; ``None`` for a single value."""
    # An old inline block is seen in the new shape only.
    if name not in legacy_of(type):
        if name in body.attributes:
            yield body.attributes[name]
        if name in body.blocks:
            yield body.blocks[name].body
    for row in companions_of(type).get(name, ()):
        yield from _companion_bodies(row)


def _companion_bodies(row: Companion) -> Iterator[Body | AttributeSchema | None]:
    schema = schema_of(row.type)
    if schema is None:
        return
    if row.take:
        yield from _bodies(row.type, schema.body, row.take)
    elif row.fields:
        plain = AttributeSchema("string")
        yield Body(dict.fromkeys(row.fields, plain), {})
    else:
        constants = dict.fromkeys(row.constants, AttributeSchema("string"))
        yield Body({**schema.attributes, **constants}, schema.blocks)


def _check_observed(type: str, path: tuple[str, ...]) -> str | None:
    """What only live AWS tells; what stands below its names is not described."""
    known = observed_names(type)
    if not known:
        return f"nothing is observed of {type}"
    if len(path) > 1 and path[1] not in known:
        return _missing(path[1], f"{type}.observed", dict.fromkeys(known))
    return None


@cache
def _observed() -> Mapping[str, tuple[str, ...]]:
    parsed: Mapping[str, tuple[str, ...]] = json.loads(OBSERVED.read_bytes())
    return parsed


def observed_names(type: str) -> tuple[str, ...]:
    """What live AWS tells of a type that the provider has no word for, as rules name it."""
    return tuple(_observed().get(type, ()))


def _check(inside: Body | AttributeSchema | None, path: tuple[str, ...], so_far: str) -> str | None:
    if not path or inside is None:
        return None
    if isinstance(inside, AttributeSchema):
        return _check_attribute(inside, path, so_far)
    name, rest, deeper = path[0], path[1:], f"{so_far}.{path[0]}"
    if name in inside.attributes:
        return _check(inside.attributes[name], rest, deeper)
    if name in inside.blocks:
        return _check(inside.blocks[name].body, rest, deeper)
    return _missing(name, so_far, {**inside.attributes, **inside.blocks})


def _check_attribute(attribute: AttributeSchema, path: tuple[str, ...], so_far: str) -> str | None:
    if attribute.fields:
        if path[0] not in attribute.fields and not attribute.kind.startswith("map("):
            return _missing(path[0], so_far, attribute.fields)
        inner = attribute.fields.get(path[0])
        return _check(inner, path[1:], f"{so_far}.{path[0]}")
    if attribute.kind.startswith("map(") or attribute.base not in _SCALARS:
        return None
    return f"{so_far} is a {attribute.kind} and has nothing named {path[0]!r}"


def _missing(name: str, so_far: str, known: Mapping[str, object]) -> str:
    return f"{so_far} has no attribute {name!r}{suggest(name, known)}"


_SCALARS = frozenset({"string", "number", "bool"})


def _body(*, bools: str = "", texts: str = "", lists: str = "") -> Body:
    kinds = (("bool", bools), ("string", texts), ("list(string)", lists))
    attributes = {name: AttributeSchema(kind) for kind, names in kinds for name in names.split()}
    return Body(attributes, {})


# Terraform's own, not the provider's: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
# is what code says; docs/plan-and-state.md describes what plans and states do.
_OF_TERRAFORM: Mapping[str, Body] = {
    "lifecycle": _body(bools="prevent_destroy create_before_destroy", lists="ignore_changes"),
    "terraform_plan": _body(
        bools="creates updates replaces destroys forgets imports drifted",
        texts="type reason previous_address deposed",
        lists="actions changes replace_paths drift_paths",
    ),
    "terraform_state": _body(bools="tainted", texts="type deposed"),
}
