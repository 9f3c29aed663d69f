"""Values as HCL writes them, for people to read and to copy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from auditkit.model import Unknown, Value

_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*")
_STEP = re.compile(r"\[\d+\]")


def format_value(value: Value) -> str:
    """`value` in one line: ``["a", "b"]``, ``{ a = 1 }``, ``(unknown: `var.x` has no value)``."""
    if isinstance(value, Unknown):
        return f"(unknown: {value.cause})"
    if isinstance(value, str) or value is None or isinstance(value, bool | int | float):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        items = (f"{_format_key(key)} = {format_value(item)}" for key, item in value.items())
        return f"{{ {', '.join(items)} }}" if value else "{}"
    return f"[{', '.join(map(format_value, value))}]"


def format_resource(resource_type: str, attributes: Mapping[str, Value]) -> str:
    """A ``resource`` block with these attributes, formatted as ``terraform fmt`` would.

    The keys are paths: ``versioning.status`` becomes a block ``versioning``.
    """
    lines = [f'resource "{resource_type}" "example" {{', *_body(_nest(attributes), "  "), "}"]
    return "\n".join(lines)


def _nest(attributes: Mapping[str, Value]) -> Mapping[str, Value]:
    """The attributes by name, with those below a block as a list of one mapping."""
    nested: dict[str, Value] = {}
    below: dict[str, dict[str, Value]] = {}
    for path, value in attributes.items():
        name, _, rest = _STEP.sub("", path).partition(".")
        if rest:
            below.setdefault(name, {})[rest] = value
            nested[name] = None
        else:
            nested[name] = value
    for name, inner in below.items():
        nested[name] = [_nest(inner)] if name not in ("tags", "tags_all") else inner
    return nested


def _body(attributes: Mapping[str, Value], indent: str) -> Iterator[str]:
    plain = {key: item for key, item in attributes.items() if not _is_blocks(item)}
    width = max(map(len, plain), default=0)
    for name, item in plain.items():
        yield f"{indent}{name:<{width}} = {format_value(item)}"
    for name, blocks in attributes.items():
        if not _is_blocks(blocks):
            continue
        for block in blocks:
            if plain:
                yield ""
            yield f"{indent}{name} {{"
            yield from _body(block, indent + "  ")
            yield f"{indent}}}"


def _is_blocks(value: Value) -> TypeGuard[Sequence[Mapping[str, Value]]]:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
    )


def _format_key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)
