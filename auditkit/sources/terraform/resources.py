"""Resource instances become `Resource`, and keep the way back to the lines that made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditkit.companions import companions_of
from auditkit.model import Location, Resource, Source, Step, Unknown, Value
from auditkit.schema import TypeSchema, coerce, schema_of
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.bodies import (
    META_ARGUMENTS,
    dynamic_scopes,
    raise_blocks,
    raise_value,
)
from auditkit.sources.terraform.evaluate import Scope, TooLargeError
from auditkit.sources.terraform.modules import (
    Module,
    ModuleValue,
    ResourceValue,
    instances,
)
from auditkit.sources.terraform.reader import location_of
from auditkit.sources.terraform.values import plain

MAX_STEPS = 12
"""Stations of a value's way that a finding tells."""

_CALL_ARGUMENTS = META_ARGUMENTS | {"source", "version", "providers"}
"""Arguments of a module call that are none of the module's variables."""

_computed: dict[str, dict[str, Value]] = {}


def raise_resource(instance: ResourceValue) -> Resource:
    """The state-shaped resource of one instance.

    Attributes that only AWS decides are Unknown; ``tags_all`` is worked out from the
    provider's ``default_tags``; a block that could not be parsed is Unknown all through.
    """
    block, module = instance.block, instance.module
    kind = block.labels[0]
    schema = schema_of(kind)
    attributes: dict[str, Value] = dict(_computed_only(kind, schema))
    if block.body.broken:
        broken = Unknown(f"`{instance.address}` could not be parsed")
        names = [*schema.attributes, *schema.blocks] if schema is not None else []
        # It may also say itself what a companion would, or the name that one would join it by.
        attributes = dict.fromkeys([*names, *companions_of(kind)], broken)
    else:
        _fill(attributes, instance, schema)
    return Resource(
        type=kind,
        address=instance.address,
        attributes=coerce(kind, attributes),
        source=Source.CODE,
        location=location_of(block.file, block.start, block.header_end),
        block=location_of(block.file, block.start, block.end),
        calls=tuple(calls_of(module)),
        doubt=_doubt(instance),
        source_map=map_of(instance),
    )


def map_of(instance: ResourceValue) -> CodeMap:
    """The way from the instance's attributes back to their lines."""
    return CodeMap(instance.module, instance.block, instance.scope)


def _doubt(instance: ResourceValue) -> Unknown | None:
    """Why the resource may not exist: its own number of instances, or its module's."""
    if instance.expansion.doubt is not None:
        return instance.expansion.doubt
    module: Module | None = instance.module
    while module is not None and module.expansion is not None:
        if module.expansion.doubt is not None:
            return module.expansion.doubt
        module = module.parent
    return None


def raise_unread(module: Module) -> Iterator[Resource]:
    """The calls of modules that could not be read, with what they are given."""
    for block, scope in module.unread_calls():
        yield Resource(
            type="unread_module",
            # The call itself is a resource of type `module`, whose address is the plain one.
            address="unread_module." + module.qualify(f"module.{block.labels[0]}"),
            attributes={
                "name": block.labels[0],
                **{
                    attribute.name: raise_value(attribute.expression, scope)
                    for attribute in block.body.attributes.values()
                    if attribute.name not in _CALL_ARGUMENTS
                },
            },
            location=location_of(block.file, block.start, block.header_end),
            block=location_of(block.file, block.start, block.end),
            source_map=CodeMap(module, block, scope),
        )


def calls_of(module: Module) -> Iterator[Location]:
    """The call blocks that lead to `module`, outermost first."""
    if module.parent is not None and module.call is not None:
        yield from calls_of(module.parent)
        yield location_of(module.call.file, module.call.start, module.call.end)


def _computed_only(kind: str, schema: TypeSchema | None) -> dict[str, Value]:
    known = _computed.get(kind)
    if known is None:
        names = schema.computed_only if schema is not None else ()
        known = {name: Unknown(f"`{name}` is known after apply") for name in names}
        known.pop("tags_all", None)
        if schema is not None:
            known.setdefault("id", Unknown("`id` is known after apply"))
        _computed[kind] = known
    return known


def _fill(attributes: dict[str, Value], instance: ResourceValue, schema: TypeSchema | None) -> None:
    scope = instance.scope
    for attribute in instance.block.body.attributes.values():
        name = attribute.name
        if name in META_ARGUMENTS:
            continue
        value = raise_value(attribute.expression, scope)
        if value is None:
            continue
        if isinstance(value, dict) and schema is not None and name in schema.blocks:
            value = [value]
        attributes[name] = value
    raise_blocks(
        instance.block.body, scope, schema.body if schema is not None else None, attributes
    )
    if schema is not None and schema.has_tags_all:
        tags = instance.module.tags_all(instance)
        try:
            instance.module.session.take_value(tags)
        except TooLargeError as error:
            tags = Unknown(str(error))
        attributes["tags_all"] = plain(tags)


class CodeMap:
    """Finds where a value of one block stands, and where it came from.

    It repeats the evaluation that it needs, because findings are few and resources many.
    """

    __slots__ = ("_block", "_module", "_scope")

    def __init__(self, module: Module, block: syntax.Block, scope: Scope) -> None:
        self._module = module
        self._block = block
        self._scope = scope

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path; the header of the block that lacks it."""
        file, start, end, _, _ = self._find(path)
        return _first_line(file, start, end)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The variables, locals and module calls that the value came through, inmost first."""
        _, _, _, expression, scope = self._find(path)
        steps: list[Step] = []
        if expression is not None:
            _follow(expression, self._module, steps, set())
        return tuple(steps[:MAX_STEPS])

    def expression(self, path: Sequence[str | int]) -> syntax.Expression | None:
        """What is written for the attribute path; ``None`` if nothing is."""
        return self._find(path)[3]

    def _find(
        self, path: Sequence[str | int]
    ) -> tuple[syntax.SourceFile, int, int, syntax.Expression | None, Scope]:
        body, scope = self._block.body, self._scope
        file = self._block.file
        header = (self._block.start, self._block.header_end)
        position = 0
        while position < len(path):
            name = str(path[position])
            attribute = body.attributes.get(name)
            if attribute is None and name == "tags_all":
                attribute = body.attributes.get("tags")
            if attribute is not None:
                inner = _narrow(attribute.expression, path[position + 1 :])
                file = attribute.file or file
                if inner is attribute.expression:
                    return file, attribute.start, attribute.end, inner, scope
                return file, inner.start, inner.end, inner, scope
            index = path[position + 1] if position + 1 < len(path) else 0
            found = _nth_block(body, name, index if isinstance(index, int) else 0, scope)
            if found is None:
                break
            block, body, scope = found
            file = block.file
            header = (block.start, block.header_end)
            position += 2 if isinstance(index, int) and position + 1 < len(path) else 1
        return file, *header, None, scope


def _nth_block(
    body: syntax.Body, name: str, index: int, scope: Scope
) -> tuple[syntax.Block, syntax.Body, Scope] | None:
    """The block of that type that is number `index` in the state-shaped list."""
    for block in body.blocks:
        if block.type == name:
            if index == 0:
                return block, block.body, scope
            index -= 1
        elif block.type == "dynamic" and block.labels == [name]:
            content = next((one for one in block.body.blocks if one.type == "content"), None)
            scopes = dynamic_scopes(block, scope)
            if content is None:
                continue
            if isinstance(scopes, Unknown):
                if index == 0:
                    return block, content.body, scope
                index -= 1
            elif index < len(scopes):
                return block, content.body, scopes[index]
            else:
                index -= len(scopes)
    return None


def _narrow(expression: syntax.Expression, path: Sequence[str | int]) -> syntax.Expression:
    """The part of a literal list or object that the path names, as far as it is literal."""
    for key in path:
        inner: syntax.Expression | None = None
        if isinstance(expression, syntax.Tuple) and isinstance(key, int):
            if key < len(expression.elements):
                inner = expression.elements[key]
        elif isinstance(expression, syntax.Object) and isinstance(key, str):
            for name, value in expression.items:
                if isinstance(name, syntax.Literal) and name.value == key:
                    inner = value
        if inner is None:
            break
        expression = inner
    return expression


def _first_line(file: syntax.SourceFile, start: int, end: int) -> Location:
    """The range, cut at the end of its first line: what a reader needs to find the place."""
    newline = file.data.find(b"\n", start, end)
    if newline >= 0:
        end = start + len(file.data[start:newline].rstrip())
    return location_of(file, start, end)


def _follow(
    expression: syntax.Expression, module: Module, steps: list[Step], seen: set[tuple[int, str]]
) -> None:
    """Add the stations behind every variable, local and output that `expression` names."""
    for source, name in names_in(expression):
        key = (id(module), f"{source}.{name}")
        if key in seen or len(steps) >= MAX_STEPS:
            continue
        seen.add(key)
        if source == "var":
            _follow_variable(name, module, steps, seen)
        elif source == "local":
            found = module.configuration.locals.get(name)
            if found is not None:
                attribute, file = found
                steps.append(
                    Step(f"`local.{name}`", _first_line(file, attribute.start, attribute.end))
                )
                _follow(attribute.expression, module, steps, seen)
        elif source == "module":
            _follow_outputs(name, module, steps, seen)


def _follow_variable(
    name: str, module: Module, steps: list[Step], seen: set[tuple[int, str]]
) -> None:
    block = module.configuration.variables.get(name)
    if block is None:
        return
    given = module.inputs.get(name)
    if given is None:
        default = block.body.attributes.get("default")
        place = (
            location_of(block.file, block.start, block.header_end)
            if default is None
            else _first_line(block.file, default.start, default.end)
        )
        text = "has no value" if default is None else "has this default"
        steps.append(Step(f"`var.{name}` {text}", place))
        return
    if given.attribute is not None and given.file is not None:
        place = _first_line(given.file, given.attribute.start, given.attribute.end)
        steps.append(Step(f"`var.{name}` is set by {given.origin}", place))
    else:
        place = location_of(block.file, block.start, block.header_end)
        steps.append(Step(f"`var.{name}` is set by {given.origin}", place))
    if module.parent is not None and given.scope is not None:
        _follow(given.expression, module.parent, steps, seen)


def _follow_outputs(
    name: str, module: Module, steps: list[Step], seen: set[tuple[int, str]]
) -> None:
    called, _, output = name.partition(".")
    child = next(
        (one for one in instances(module.called(called)) if isinstance(one, ModuleValue)), None
    )
    block = child.module.configuration.outputs.get(output) if child is not None else None
    attribute = block.body.attributes.get("value") if block is not None else None
    if child is None or block is None or attribute is None:
        return
    place = _first_line(block.file, attribute.start, attribute.end)
    steps.append(Step(f"output `{output}` of `module.{called}`", place))
    _follow(attribute.expression, child.module, steps, seen)


def is_left_open(expression: syntax.Expression, module: Module) -> bool:
    """Whether the expression takes a variable that has no value until somebody gives it one."""
    pending = [(expression, module)]
    seen: set[tuple[int, str, str]] = set()
    while pending:
        node, where = pending.pop()
        for source, name in names_in(node):
            key = (id(where), source, name)
            if key in seen:
                continue
            seen.add(key)
            if source == "local" and name in where.configuration.locals:
                pending.append((where.configuration.locals[name][0].expression, where))
            block = where.configuration.variables.get(name) if source == "var" else None
            if block is None:
                continue
            given = where.inputs.get(name)
            if given is None and "default" not in block.body.attributes:
                return True
            if given is not None and where.parent is not None and given.scope is not None:
                pending.append((given.expression, where.parent))
    return False


def names_in(expression: syntax.Expression, *, every: bool = False) -> Iterator[tuple[str, str]]:
    """``("var", "size")`` for every ``var.size`` in the expression; outputs with their module.

    With `every`, names of resources and loop variables come too, as ``("aws_x", "")``.
    """
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.GetAttribute):
            named, keys, start = _traversal(node)
            if named is not None:
                yield named
            else:
                # The chain is done as a whole: one of thousands of names takes no longer.
                pending.extend([*keys, start])
            continue
        if every and isinstance(node, syntax.Variable):
            yield node.name, ""
        if isinstance(node, (list, tuple)):
            pending.extend(reversed(node))
        elif isinstance(node, syntax.Expression):
            pending.extend(getattr(node, name) for name in reversed(node.__dataclass_fields__))


def _traversal(
    node: syntax.GetAttribute,
) -> tuple[tuple[str, str] | None, list[syntax.Expression], syntax.Expression]:
    """What a chain of names and indexes refers to, its indexes, and what it starts from."""
    chain: list[str] = []
    keys: list[syntax.Expression] = []
    current: syntax.Expression = node
    while isinstance(current, (syntax.GetAttribute, syntax.Index)):
        if isinstance(current, syntax.GetAttribute):
            chain.append(current.name)
        else:
            keys.append(current.key)
        current = current.source
    named: tuple[str, str] | None = None
    if isinstance(current, syntax.Variable):
        chain.reverse()
        if current.name in ("var", "local"):
            named = current.name, chain[0]
        elif current.name == "module" and len(chain) > 1:
            named = "module", f"{chain[0]}.{chain[1]}"
    return named, keys, current
