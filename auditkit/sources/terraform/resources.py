"""Resource instances become `Resource`, and keep the way back to the lines that made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditkit.companions import companions_of
from auditkit.model import Location, Resource, Source, Step, Unknown, Value
from auditkit.schema import TypeSchema, coerce, schema_of
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.bodies import (
    META_ARGUMENTS,
    dynamic_scopes,
    iterator_of,
    raise_blocks,
    raise_value,
)
from auditkit.sources.terraform.evaluate import Scope, TooLargeError
from auditkit.sources.terraform.modules import Module, ResourceValue
from auditkit.sources.terraform.reader import location_of
from auditkit.sources.terraform.traces import Frame, first_line, frame_of, narrow, trace
from auditkit.sources.terraform.values import plain

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
    attributes: dict[str, Value] = dict(computed_values(kind))
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
    own = instance.expansion.doubt
    return doubt_of(instance.module) if own is None else own


def doubt_of(instance: Module) -> Unknown | None:
    """Why the module instance may not exist; ``None`` if it does."""
    module: Module | None = instance
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
            calls=tuple(calls_of(module)),
            doubt=doubt_of(module),
            source_map=CodeMap(module, block, scope),
        )


def calls_of(module: Module) -> Iterator[Location]:
    """The call blocks that lead to `module`, outermost first."""
    if module.parent is not None and module.call is not None:
        yield from calls_of(module.parent)
        yield location_of(module.call.file, module.call.start, module.call.end)


def computed_values(kind: str) -> Mapping[str, Value]:
    """What AWS decides of a resource of the type; the same objects for all of them."""
    known = _computed.get(kind)
    if known is None:
        schema = schema_of(kind)
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

    __slots__ = ("_block", "_scope", "module")

    def __init__(self, module: Module, block: syntax.Block, scope: Scope) -> None:
        self.module = module
        self._block = block
        self._scope = scope

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path; the header of the block that lacks it."""
        file, start, end, _, _ = self._find(path)
        return first_line(file, start, end)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The variables, locals and module calls that the value came through, inmost first."""
        _, _, _, expression, frame = self._find(path)
        return () if expression is None else trace(expression, frame)

    def within(self, module: Module) -> CodeMap:
        """The same of another instance of the block's module."""
        return CodeMap(module, self._block, Scope(module, self._scope.names))

    def expression(self, path: Sequence[str | int]) -> syntax.Expression | None:
        """What is written for the attribute path; ``None`` if nothing is."""
        return self._find(path)[3]

    def _find(
        self, path: Sequence[str | int]
    ) -> tuple[syntax.SourceFile, int, int, syntax.Expression | None, Frame]:
        body, frame = self._block.body, frame_of(self.module, self._block, self._scope)
        file = self._block.file
        header = (self._block.start, self._block.header_end)
        source: tuple[syntax.Expression | None, Frame] = (None, frame)
        position = 0
        while position < len(path):
            name = str(path[position])
            attribute = body.attributes.get(name)
            if attribute is None and name == "tags_all":
                attribute = body.attributes.get("tags")
            if attribute is not None:
                inner = narrow(attribute.expression, path[position + 1 :])
                file = attribute.file or file
                if inner is attribute.expression:
                    return file, attribute.start, attribute.end, inner, frame
                return file, inner.start, inner.end, inner, frame
            index = path[position + 1] if position + 1 < len(path) else 0
            found = _nth_block(body, name, index if isinstance(index, int) else 0, frame)
            if found is None:
                break
            outer = frame
            block, body, frame = found
            # A dynamic block as a whole is what it is made of.
            for_each = block.body.attributes["for_each"] if block.type == "dynamic" else None
            source = (None if for_each is None else for_each.expression, outer)
            file = block.file
            header = (block.start, block.header_end)
            position += 2 if isinstance(index, int) and position + 1 < len(path) else 1
        if position < len(path):
            return file, *header, None, frame
        return file, *header, *source


def _nth_block(
    body: syntax.Body, name: str, index: int, frame: Frame
) -> tuple[syntax.Block, syntax.Body, Frame] | None:
    """The block of that type that is number `index` in the state-shaped list."""
    for block in body.blocks:
        if block.type == name:
            if index == 0:
                return block, block.body, frame
            index -= 1
        elif block.type == "dynamic" and block.labels == [name]:
            content = next((one for one in block.body.blocks if one.type == "content"), None)
            scopes = dynamic_scopes(block, frame.scope)
            if content is None:
                continue
            made = [frame.scope] if isinstance(scopes, Unknown) else scopes
            if index < len(made):
                for_each = block.body.attributes["for_each"]
                name = iterator_of(block)
                inner = frame.inside(name, for_each, block.file, scope=made[index])
                return block, content.body, inner
            index -= len(made)
    return None
