"""Values as the provider would hold them: HCL lets ``"7"`` stand for 7 and ``true`` for text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from auditkit.model import Unknown, Value
from auditkit.schema.table import AttributeSchema, BlockSchema, Body, schema_of

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def coerce(type: str, attributes: Mapping[str, Value]) -> Mapping[str, Value]:
    """`attributes` with every scalar converted to the kind that the provider's schema says.

    The conversions are Terraform's: number and bool to string, and strings that spell a
    number or a bool.  A nested block given as a mapping becomes a list of one.  Unknown and
    null stay, and so do values that do not convert and attributes that the schema lacks.
    What needs no change is not copied.

    https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
    """
    schema = schema_of(type)
    return attributes if schema is None else _coerce_body(schema.body, attributes)


def _coerce_body(body: Body, values: Mapping[str, Value]) -> Mapping[str, Value]:
    changed: dict[str, Value] | None = None
    for name, value in values.items():
        if value is None or isinstance(value, Unknown):
            continue
        attribute = body.attributes.get(name)
        if attribute is not None:
            converted = _coerce_attribute(attribute, value)
        elif (block := body.blocks.get(name)) is not None:
            converted = _coerce_block(block, value)
        else:
            continue
        if converted is not value:
            if changed is None:
                changed = dict(values)
            changed[name] = converted
    return values if changed is None else changed


def _coerce_block(block: BlockSchema, value: Value) -> Value:
    if isinstance(value, Mapping):
        return [_coerce_body(block.body, value)]
    if not isinstance(value, list):
        return value
    items: list[Value] = [
        _coerce_body(block.body, item) if isinstance(item, Mapping) else item for item in value
    ]
    return value if all(new is old for new, old in zip(items, value, strict=True)) else items


def _coerce_attribute(attribute: AttributeSchema, value: Value) -> Value:
    scalar = _SCALARS.get(attribute.kind)
    if scalar is not None:
        return scalar(value)
    if isinstance(value, (list, Mapping)):
        return _coerce_collection(attribute, value)
    return value


def _coerce_collection(attribute: AttributeSchema, value: Value) -> Value:
    """A list, set, map or object, through all its levels to the scalars in it."""
    if isinstance(value, list):
        items = [_coerce_collection(attribute, item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if isinstance(value, Mapping):
        members = {
            name: _coerce_attribute(attribute.fields[name], member)
            if name in attribute.fields
            else _coerce_collection(attribute, member)
            for name, member in value.items()
        }
        return value if all(members[name] is value[name] for name in value) else members
    scalar = _SCALARS.get(attribute.base)
    return value if scalar is None else scalar(value)


def _to_string(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return format(Decimal(repr(value)).normalize(), "f")
    return value


def _to_number(value: Value) -> Value:
    if not isinstance(value, str) or _NUMBER.fullmatch(value) is None:
        return value
    return int(value) if value.lstrip("-").isdigit() else float(value)


def _to_bool(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    # Terraform takes "1" and "0" too, but no other spelling.
    return {"true": True, "1": True, "false": False, "0": False}.get(value, value)


_SCALARS: Mapping[str, Callable[[Value], Value]] = {
    "string": _to_string,
    "number": _to_number,
    "bool": _to_bool,
}
