"""A planned resource's values, with `Unknown` for what is known after apply only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from auditkit.legacy import companions_filling
from auditkit.model import Reference, Resource, Unknown, Value
from auditkit.schema import Body, TypeSchema, schema_of
from auditkit.sources.terraform.documents import mapping_of
from auditkit.sources.terraform.placement import align
from auditkit.sources.terraform.plan_configuration import Configuration, find_expression
from auditkit.sources.terraform.sensitivity import Marks

Path = tuple[Union[str, int], ...]

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Origin:
    """What tells more of a value that the plan does not know."""

    type: str
    module: str
    """The address of the module instance that the resource belongs to."""
    configuration: Configuration
    expressions: Mapping[str, Value] | None
    """What the plan says of the resource's block; ``None`` if nothing."""
    written: Resource | None
    """The same instance in the code, if that is at hand."""

    def is_written(self, name: str) -> bool:
        """Whether the resource's block says something of the attribute."""
        if self.written is not None:
            return name in self.written.attributes
        return self.expressions is None or name in self.expressions


def merge(values: Mapping[str, Value], unknown: Marks, origin: Origin) -> dict[str, Value]:
    """The planned values; what `unknown` marks is `Unknown`, or absent if nobody wrote it.

    What nobody wrote and AWS decides on is absent from code, too: rules judge what is asked
    for.  Where code is at hand it says more than the plan: what an unknown value refers to, and
    the known parts of it.
    """
    code = _ABSENT if origin.written is None else origin.written.attributes
    return _merge_members(values, unknown if isinstance(unknown, Mapping) else {}, (), code, origin)


def _merge(value: Value, unknown: Marks, path: Path, code: object, origin: Origin) -> Value:
    if unknown is True:
        return _unknown(path, code, origin)
    if not isinstance(unknown, Mapping) or not unknown:
        return value
    if isinstance(value, list):
        return _merge_elements(value, unknown, path, code, origin)
    if value is None or isinstance(value, Mapping):
        if isinstance(code, list) and len(code) == 1:
            # A block of which there is one is a list in code.
            code = code[0]
        return _merge_members(mapping_of(value), unknown, path, code, origin) or value
    return value


def _merge_members(
    values: Mapping[str, Value],
    unknown: Mapping[str | int, Marks],
    path: Path,
    code: object,
    origin: Origin,
) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name in dict.fromkeys((*values, *(str(key) for key in unknown))):
        inner = code.get(name) if isinstance(code, Mapping) else _beside(code)
        value = _merge(values.get(name), unknown.get(name, False), (*path, name), inner, origin)
        if value is not None:
            merged[name] = value
    return merged


def _merge_elements(
    values: Sequence[Value],
    unknown: Mapping[str | int, Marks],
    path: Path,
    code: object,
    origin: Origin,
) -> Value:
    theirs = code if isinstance(code, list) else []
    order = align([_shade(item, unknown.get(i, False)) for i, item in enumerate(values)], theirs)
    items: list[Value] = []
    for index, item in enumerate(values):
        mark = unknown.get(index, False)
        place = order[index]
        inner = _beside(code) if place is None else theirs[place]
        found = _merge(item, mark, (*path, index), inner, origin)
        if found is None and mark is True:
            found = Unknown(f"an element of `{path[0]}` is known after apply")
        items.append(found)
    return items


def _shade(value: Value, unknown: Marks) -> Value:
    """The value with something that may be anything in place of what is unknown."""
    if unknown is True:
        return _ANYTHING
    if isinstance(value, Mapping) and isinstance(unknown, Mapping):
        return {**value, **{str(key): _shade(value.get(str(key)), unknown[key]) for key in unknown}}
    if isinstance(value, list) and isinstance(unknown, Mapping):
        return [_shade(item, unknown.get(index, False)) for index, item in enumerate(value)]
    return value


_ANYTHING = Unknown("")


def _beside(code: object) -> object:
    """What code says of a member of something that it does not spell out."""
    return code if isinstance(code, Unknown) else _ABSENT


def _unknown(path: Path, code: object, origin: Origin) -> Value:
    """What stands for a value that is known after apply; ``None`` if nobody wrote it."""
    schema = schema_of(origin.type)
    if code is _ABSENT:
        return _from_configuration(path, schema, origin)
    if code is None:
        is_decided = len(path) == 1 and _is_aws_own(str(path[0]), schema)
        return _after_apply(path) if is_decided or schema is None else None
    return code  # type: ignore[return-value]


def _from_configuration(path: Path, schema: TypeSchema | None, origin: Origin) -> Value:
    names = [step for step in path if isinstance(step, str)]
    if origin.expressions is None:
        return _after_apply(path)
    expression = find_expression(origin.expressions, names)
    if expression is not None:
        references = origin.configuration.references(expression, origin.module)
        return _after_apply(path, references)
    if schema is None or (len(path) > 1 and names[0] not in origin.expressions):
        # The block is there, so a ``dynamic`` one made it, of which a plan does not tell.
        return _after_apply(path)
    if _is_block(names, schema) or (len(path) == 1 and _is_aws_own(names[0], schema)):
        return _after_apply(path)
    return None


def _is_aws_own(name: str, schema: TypeSchema | None) -> bool:
    """Whether AWS or the provider decides on the attribute, whatever is written."""
    return name in ("id", "tags_all") or (schema is not None and name in schema.computed_only)


def _is_block(names: Sequence[str], schema: TypeSchema) -> bool:
    """Whether a ``dynamic`` block may be what makes it."""
    if len(names) == 1:
        rows = companions_filling(schema.name, names[0])
        if rows:
            # It repeats what companions say; but where lists are joined, it may say more.
            return any(row.gather for row in rows)
        attribute = schema.attributes.get(names[0])
        if attribute is not None:
            return attribute.kind in ("list(object)", "set(object)") and attribute.optional
    body: Body = schema.body
    for name in names[:-1]:
        if name not in body.blocks:
            return False
        body = body.blocks[name].body
    return names[-1] in body.blocks or names[-1] not in body.attributes


def _after_apply(path: Path, references: tuple[Reference, ...] = ()) -> Unknown:
    name = ".".join(step for step in path if isinstance(step, str))
    return Unknown(f"`{name}` is known after apply", references)
