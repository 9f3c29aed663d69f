"""The way that a value came by: through locals, variables, outputs, loops and module calls.

It repeats the evaluation that it needs to find the one element among many that a value was
taken from, because findings are few and resources many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

from auditkit.model import Location, Step
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.evaluate import Scope, evaluate_safely
from auditkit.sources.terraform.modules import Module, ModuleValue, instances
from auditkit.sources.terraform.reader import location_of
from auditkit.sources.terraform.traversals import Traversal, traversals
from auditkit.sources.terraform.values import Sensitive, SetValue

MAX_STEPS = 12
"""Stations of a value's way that a finding tells."""

_Key = Union[str, int, None]
_Keys = tuple["str | int", ...]

_CONVERSIONS = frozenset(["nonsensitive", "sensitive", "tolist", "tomap", "toset"])
"""Functions whose result has the elements of their argument."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What ``each``, ``count``, the name of a dynamic block or of a loop stands for."""

    collection: syntax.Expression
    """What it runs over, or the number of times."""
    key: _Key
    """Of the element at hand; ``None`` where it is unknown."""
    frame: Frame
    """Where the collection is evaluated."""
    attribute: syntax.Attribute | None = None
    """The ``for_each`` or ``count``; ``None`` for a loop, whose names are plain values."""
    file: syntax.SourceFile | None = None
    """Where the attribute stands."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an expression stands: its module, and the names that are in force there."""

    module: Module
    scope: Scope
    bindings: Mapping[str, Binding] = field(default_factory=dict)

    def inside(
        self, name: str, attribute: syntax.Attribute, file: syntax.SourceFile, *, scope: Scope
    ) -> Frame:
        """The frame inside of what `attribute` of a block in `file` repeats.

        The scope there knows already what the name stands for.
        """
        entry = scope.names.get(name)
        key = entry.get("key", entry.get("index")) if isinstance(entry, dict) else None
        binding = Binding(
            attribute.expression,
            key if isinstance(key, (str, int)) else None,
            self,
            attribute,
            attribute.file or file,
        )
        return Frame(self.module, scope, {**self.bindings, name: binding})


def frame_of(module: Module, block: syntax.Block | None, scope: Scope) -> Frame:
    """The frame of the expressions in a resource block or a module call of `module`."""
    frame = Frame(module, scope)
    if block is None:
        return frame
    for name, argument in (("each", "for_each"), ("count", "count")):
        attribute = block.body.attributes.get(argument)
        if attribute is not None and name in scope.names:
            frame = frame.inside(name, attribute, block.file, scope=scope)
    return frame


def trace(expression: syntax.Expression, frame: Frame) -> tuple[Step, ...]:
    """The stations behind everything that `expression` names, inmost first."""
    trail = _Trail()
    trail.follow(expression, (), frame)
    return tuple(trail.steps[:MAX_STEPS])


class _Trail:
    """Collects the stations; none twice, which also ends what refers to itself."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._seen: set[tuple[int, Step]] = set()

    def follow(self, expression: syntax.Expression, path: _Keys, frame: Frame) -> None:
        """Add the stations of what stands at `path` in the value of the expression."""
        expression, path, frame = _reach(expression, path, frame)
        if path and isinstance(expression, syntax.Conditional):
            condition = evaluate_safely(expression.condition, frame.scope)
            self.follow(expression.condition, (), frame)
            if condition is not False:
                self.follow(expression.then, path, frame)
            if condition is not True:
                self.follow(expression.otherwise, path, frame)
            return
        for traversal in traversals(expression):
            if len(self.steps) >= MAX_STEPS:
                return
            keys = _known_keys(traversal, frame)
            if traversal.node is expression and len(keys) == len(traversal.keys):
                keys += path
            self._follow_name(traversal.root, keys, frame)
            for key in traversal.keys:
                if not isinstance(key, str):
                    self.follow(key, (), frame)

    def _follow_name(self, root: str, keys: _Keys, frame: Frame) -> None:
        binding = frame.bindings.get(root)
        if binding is not None:
            self._follow_binding(root, binding, keys)
        elif root == "var" and keys:
            self._follow_variable(str(keys[0]), keys[1:], frame.module)
        elif root == "local" and keys:
            self._follow_local(str(keys[0]), keys[1:], frame.module)
        elif root == "module" and keys:
            self._follow_output(str(keys[0]), keys[1:], frame.module)

    def _follow_binding(self, name: str, binding: Binding, keys: _Keys) -> None:
        path: _Keys = () if binding.key is None else (binding.key,)
        if binding.attribute is None or binding.file is None:
            self.follow(binding.collection, (*path, *keys) if path else (), binding.frame)
            return
        member = str(keys[0]) if keys else ""
        inner = (*path, *keys[1:]) if path and member == "value" else path
        if name == "count":
            inner = ()
        place = _place(binding.file, binding.attribute, inner)
        label = f"{name}.{member}" if member else name
        text = f"`{label}` comes from this `{binding.attribute.name}`"
        if self._add(text, place, binding.frame.module):
            self.follow(binding.collection, inner, binding.frame)

    def _follow_local(self, name: str, path: _Keys, module: Module) -> None:
        found = module.configuration.locals.get(name)
        if found is None:
            return
        attribute, file = found
        if self._add(f"`local.{name}`", _place(file, attribute, path), module):
            self.follow(attribute.expression, path, Frame(module, module.scope))

    def _follow_variable(self, name: str, path: _Keys, module: Module) -> None:
        block = module.configuration.variables.get(name)
        if block is None:
            return
        header = location_of(block.file, block.start, block.header_end)
        given = module.inputs.get(name)
        if given is None:
            default = block.body.attributes.get("default")
            place = header if default is None else _place(block.file, default, path)
            text = "has no value" if default is None else "has this default"
            self._add(f"`var.{name}` {text}", place, module)
            return
        place = header
        if given.attribute is not None and given.file is not None:
            place = _place(given.file, given.attribute, path)
        added = self._add(f"`var.{name}` is set by {given.origin}", place, module)
        if added and module.parent is not None and given.scope is not None:
            frame = frame_of(module.parent, module.call, given.scope)
            self.follow(given.expression, path, frame)

    def _follow_output(self, called: str, keys: _Keys, module: Module) -> None:
        value = module.called(called)
        if isinstance(value, (list, dict)) and keys:
            value, keys = _element(value, keys[0]), keys[1:]
        child = next((one for one in instances(value) if isinstance(one, ModuleValue)), None)
        if child is None or not keys:
            return
        name = str(keys[0])
        block = child.module.configuration.outputs.get(name)
        attribute = block.body.attributes.get("value") if block is not None else None
        if block is None or attribute is None:
            return
        place = _place(block.file, attribute, keys[1:])
        if self._add(f"output `{name}` of `module.{called}`", place, child.module):
            frame = Frame(child.module, child.module.scope)
            self.follow(attribute.expression, keys[1:], frame)

    def _add(self, text: str, place: Location, module: Module) -> bool:
        """Whether the station is a new one, and there is room for it."""
        step = Step(text, place)
        if (id(module), step) in self._seen or len(self.steps) >= MAX_STEPS:
            return False
        self._seen.add((id(module), step))
        if step not in self.steps:
            self.steps.append(step)
        return True


def narrow(expression: syntax.Expression, path: Sequence[str | int]) -> syntax.Expression:
    """The part of a literal list or object that the path names, as far as it is literal."""
    for key in path:
        while isinstance(expression, syntax.Call) and _is_conversion(expression):
            expression = expression.arguments[0]
        inner = _literal_element(expression, key)
        if inner is None:
            break
        expression = inner
    return expression


def first_line(file: syntax.SourceFile, start: int, end: int) -> Location:
    """The range, cut at the end of its first line: what a reader needs to find the place."""
    newline = file.data.find(b"\n", start, end)
    if newline >= 0:
        end = start + len(file.data[start:newline].rstrip())
    return location_of(file, start, end)


def _place(file: syntax.SourceFile, attribute: syntax.Attribute, path: _Keys) -> Location:
    """Where the element at `path` of an attribute stands, or the attribute itself."""
    inner = narrow(attribute.expression, path)
    node = attribute if inner is attribute.expression else inner
    return first_line(attribute.file or file, node.start, node.end)


def _literal_element(expression: syntax.Expression, key: str | int) -> syntax.Expression | None:
    if isinstance(expression, syntax.Tuple):
        if isinstance(key, str) and not key.isdigit():
            # An element of a set is its own key.
            members = (one for one in expression.elements if isinstance(one, syntax.Literal))
            return next((one for one in members if one.value == key), None)
        index = int(key)
        return expression.elements[index] if index < len(expression.elements) else None
    if isinstance(expression, syntax.Object):
        for name, value in expression.items:
            if isinstance(name, syntax.Literal) and str(name.value) == str(key):
                return value
    return None


def _reach(
    expression: syntax.Expression, path: _Keys, frame: Frame
) -> tuple[syntax.Expression, _Keys, Frame]:
    """The inmost expression that `path` leads to, what is left of the path, and its frame."""
    while True:
        step = _enter(expression, path, frame)
        if step is None:
            return expression, path, frame
        expression, path, frame = step


def _enter(
    expression: syntax.Expression, path: _Keys, frame: Frame
) -> tuple[syntax.Expression, _Keys, Frame] | None:
    """One step of `_reach`; ``None`` where there is none to take."""
    if isinstance(expression, syntax.Template) and len(expression.parts) == 1:
        part = expression.parts[0]
        if isinstance(part, syntax.Expression):
            return part, path, frame
    if not path:
        return None
    if isinstance(expression, syntax.Call):
        if _is_conversion(expression):
            return expression.arguments[0], path, frame
        if expression.name == "merge" and not expression.expand:
            for argument in reversed(expression.arguments):
                value = _plain(evaluate_safely(argument, frame.scope))
                if not isinstance(value, dict) or path[0] in value:
                    return (argument, path, frame) if isinstance(value, dict) else None
        return None
    if isinstance(expression, syntax.For):
        return _enter_loop(expression, path, frame)
    inner = _literal_element(expression, path[0])
    return None if inner is None else (inner, path[1:], frame)


def _enter_loop(
    node: syntax.For, path: _Keys, frame: Frame
) -> tuple[syntax.Expression, _Keys, Frame] | None:
    """The result of the round that makes the element ``path[0]``."""
    if node.group:
        return None
    inner = frame.scope.inner()
    number = 0
    for key, value in _rounds(_plain(evaluate_safely(node.collection, frame.scope))):
        if node.key is not None:
            inner.names[node.key] = key
        inner.names[node.value] = value
        if node.condition is not None and evaluate_safely(node.condition, inner) is not True:
            continue
        made: Any = number
        if node.result_key is not None:
            made = _plain(evaluate_safely(node.result_key, inner))
        elif isinstance(path[0], str):
            # The loop's list became a set.
            made = _plain(evaluate_safely(node.result, inner))
        number += 1
        if made == path[0]:
            rest = path[1:]
            names = [node.value] if node.key is None else [node.value, node.key]
            position = key if isinstance(key, (str, int)) else None
            loop = Binding(node.collection, position, frame)
            bindings = {**frame.bindings, **dict.fromkeys(names, loop)}
            return node.result, rest, Frame(frame.module, inner, bindings)
    return None


def _rounds(collection: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(collection, dict):
        yield from collection.items()
    elif isinstance(collection, list):
        yield from enumerate(collection)
    elif isinstance(collection, SetValue):
        for element in collection:
            yield element, element


def _known_keys(traversal: Traversal, frame: Frame) -> _Keys:
    """The names and indexes of a traversal, up to the first that can't be told."""
    known: list[str | int] = []
    for key in traversal.keys:
        value = key if isinstance(key, str) else _plain(evaluate_safely(key, frame.scope))
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            break
        known.append(value)
    return tuple(known)


def _element(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(key))
    return value[key] if isinstance(key, int) and 0 <= key < len(value) else None


def _is_conversion(call: syntax.Call) -> bool:
    return call.name in _CONVERSIONS and len(call.arguments) == 1 and not call.expand


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Sensitive) else value
