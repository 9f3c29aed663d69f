"""The body of a block becomes state-shaped: attributes, and nested blocks as lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditkit.model import Unknown, Value
from auditkit.schema import BlockSchema
from auditkit.schema import Body as BodySchema
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.evaluate import Scope, TooLargeError, evaluate_safely
from auditkit.sources.terraform.values import Sensitive, SetValue, plain

META_ARGUMENTS = frozenset(["count", "for_each", "depends_on", "provider"])
"""Arguments of a resource block that Terraform keeps for itself."""

_STEPS_PER_BLOCK = 20
"""A block takes that much longer to make than an element of a list."""

META_BLOCKS = frozenset(["provisioner", "connection"])
"""Blocks that act on the machine that runs Terraform, not on the resource."""


def raise_value(expression: syntax.Expression, scope: Scope) -> Value:
    """The value of an attribute, or Unknown where there is too much of it."""
    value = evaluate_safely(expression, scope)
    try:
        scope.environment.session.take_value(value)
    except TooLargeError as error:
        return Unknown(str(error))
    return plain(value)


def raise_body(
    body: syntax.Body, scope: Scope, schema: BodySchema | BlockSchema | None
) -> dict[str, Value]:
    """The values of a nested block's body, or of anything else without meta-arguments.

    `schema` tells JSON's objects that are blocks from those that are values.
    """
    result: dict[str, Value] = {}
    for attribute in body.attributes.values():
        value = raise_value(attribute.expression, scope)
        if value is None:
            continue
        if isinstance(value, dict) and schema is not None and attribute.name in schema.blocks:
            # A single block in JSON syntax.
            result[attribute.name] = [value]
        else:
            result[attribute.name] = value
    if body.blocks:
        raise_blocks(body, scope, schema, result)
    return result


def raise_blocks(
    body: syntax.Body,
    scope: Scope,
    schema: BodySchema | BlockSchema | None,
    result: dict[str, Value],
) -> None:
    """Add the nested blocks of `body` to `result`, dynamic ones expanded in source order."""
    for name, content, inner, unknown in expand_blocks(body, scope):
        if content is None:
            present = result.get(name)
            if isinstance(present, list):
                present.append(unknown)
            else:
                result[name] = unknown
            continue
        block_schema = schema.blocks.get(name) if schema is not None else None
        value: Value
        # A few types have a block of this name themselves: the rules of aws_backup_plan.
        if name == "lifecycle" and block_schema is None:
            value = _raise_lifecycle(content, inner)
        elif content.broken:
            value = Unknown("the block could not be parsed")
        else:
            value = raise_body(content, inner, block_schema)
        if block_schema is not None and block_schema.nesting == "single":
            result[name] = value
            continue
        present = result.get(name)
        if isinstance(present, list):
            present.append(value)
        elif isinstance(present, Unknown):
            result[name] = [present, value]
        else:
            result[name] = [value]


def expand_blocks(
    body: syntax.Body, scope: Scope
) -> Iterator[tuple[str, syntax.Body | None, Scope, Unknown | None]]:
    """Nested blocks in order: name, body, the scope to evaluate it in.

    A dynamic block whose ``for_each`` is unknown comes as its name and the `Unknown`.
    """
    for block in body.blocks:
        if block.type in META_BLOCKS:
            continue
        if block.type != "dynamic" or len(block.labels) != 1:
            yield block.type, block.body, scope, None
            continue
        content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
        if content is None:
            continue
        name = block.labels[0]
        scopes = dynamic_scopes(block, scope)
        if isinstance(scopes, Unknown):
            yield name, None, scope, scopes
            continue
        for inner_scope in scopes:
            yield name, content.body, inner_scope, None


def dynamic_scopes(block: syntax.Block, scope: Scope) -> list[Scope] | Unknown:
    """A scope for each block that a ``dynamic`` block makes.

    https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
    """
    attribute = block.body.attributes.get("for_each")
    if attribute is None:
        return []
    collection: Any = evaluate_safely(attribute.expression, scope)
    if isinstance(collection, Sensitive):
        collection = collection.value
    if isinstance(collection, Unknown):
        return Unknown(collection.cause, collection.references)
    iterator = iterator_of(block)
    entries: Iterator[tuple[Any, Any]]
    if isinstance(collection, dict):
        entries = iter(collection.items())
    elif isinstance(collection, list):
        entries = iter(enumerate(collection))
    elif isinstance(collection, SetValue):
        entries = ((element, element) for element in collection)
    elif collection is None:
        return Unknown(f"the for_each of the dynamic block {iterator!r} is null")
    else:
        return Unknown(f"the for_each of the dynamic block {iterator!r} is no collection")
    try:
        scope.environment.session.step(_STEPS_PER_BLOCK * len(collection))
    except TooLargeError as error:
        return Unknown(str(error))
    scopes = []
    for key, value in entries:
        inner = scope.inner()
        inner.names[iterator] = {"key": key, "value": value}
        scopes.append(inner)
    return scopes


def iterator_of(block: syntax.Block) -> str:
    """The name that stands for the element inside of a ``dynamic`` block."""
    named = block.body.attributes.get("iterator")
    expression = named.expression if named is not None else None
    if isinstance(expression, syntax.Variable):
        return expression.name
    # JSON syntax has no bare names.
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        return expression.value
    return block.labels[0]


def _raise_lifecycle(body: syntax.Body, scope: Scope) -> dict[str, Value]:
    """The ``lifecycle`` block: its flags, and what it ignores as written."""
    result: dict[str, Value] = {}
    for name in ("prevent_destroy", "create_before_destroy"):
        attribute = body.attributes.get(name)
        if attribute is not None:
            result[name] = plain(evaluate_safely(attribute.expression, scope))
    ignored = body.attributes.get("ignore_changes")
    if ignored is not None:
        expression = ignored.expression
        members = expression.elements if isinstance(expression, syntax.Tuple) else [expression]
        result["ignore_changes"] = [_name_of(member) for member in members]
    return result


def _name_of(expression: syntax.Expression) -> str:
    """An attribute name as ``ignore_changes`` takes it: not a value, a path."""
    if isinstance(expression, syntax.Variable):
        return expression.name
    if isinstance(expression, syntax.Literal):
        return str(expression.value)
    if isinstance(expression, syntax.GetAttribute):
        return f"{_name_of(expression.source)}.{expression.name}"
    if isinstance(expression, syntax.Index):
        return f"{_name_of(expression.source)}[{_name_of(expression.key)}]"
    return "?"
