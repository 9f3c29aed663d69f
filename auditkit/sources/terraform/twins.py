"""Module instances that are given the same are evaluated once: the second is a copy.

Two instances of one directory with equal inputs and the same providers differ in nothing but
their addresses and in what nobody knows before Terraform runs: the key of one is not the
other's.  So an unknown value of the first becomes another one in its copy.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from auditkit.model import Location, Reference, Resource, SourceMap, Step, Unknown, Value
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.evaluate import count_elements
from auditkit.sources.terraform.modules import MAX_MODULE_DEPTH, Module, ModuleValue, instances
from auditkit.sources.terraform.resources import CodeMap, calls_of, computed_values, doubt_of
from auditkit.sources.terraform.sensitive_arguments import ArgumentMap
from auditkit.sources.terraform.values import ListValue, MapValue, Sensitive, SetValue

_LARGEST = 1_000
"""Elements of an input up to which it is compared with another; beyond, only with itself."""

_SCALARS = frozenset([str, int, float, bool, type(None)])


@dataclass(frozen=True, slots=True)
class Walked:
    """What a module instance came to, with the modules that it calls."""

    module: Module
    resources: slice
    """Where its resources stand among those of the root module."""
    attached: slice
    """The same of pseudo-resources of which every instance has its own."""
    values: int
    """Elements of their attributes, as `Session.take_value` counts them."""

    @property
    def number(self) -> int:
        """How many resources there are."""
        return int(self.resources.stop - self.resources.start)


def twin_key(module: Module) -> Hashable | None:
    """What is equal for two instances that come to the same; ``None`` for one without equal."""
    parent, call = module.parent, module.call
    if parent is None or call is None or doubt_of(module) is not None:
        return None
    reach = module.tree.reach_of(module.configuration.directory)
    if reach is None or module.depth + reach.height > MAX_MODULE_DEPTH:
        return None
    providers = _providers_of(module)
    if providers is None:
        return None
    inputs = tuple(
        (name, _identity(module.variable(name)))
        for name in module.configuration.variables
        if name in module.inputs
    )
    # Where a module from a registry lies depends on the way that calls lead to it.
    path = "" if reach.is_local or not module.tree.has_downloads() else module.path
    return module.configuration.directory, path, providers, inputs


class Copier:
    """Turns what belongs to one module instance into what belongs to its equal."""

    def __init__(self, old: Module, new: Module) -> None:
        self._old = old
        self._new = new
        self._calls = tuple(calls_of(new))
        self._quoted = f"`{old.address}"
        # By the identity of the first, which is kept so that no other can take it.
        self._copies: dict[int, tuple[Unknown, Unknown]] = {}
        for name in old.configuration.variables:
            if name in old.inputs:
                # What both are given is no copy of one another, but the same.
                value = old.variable(name)
                self._pair(value, value)
        for name in old.configuration.outputs:
            value = old.output(name)
            if any(map(_is_unlike_others, _unknowns(value))):
                # Whoever asks for the output has to get what the resources are made of.
                self._pair(value, new.output(name))

    def _pair(self, old: Any, new: Any) -> None:
        """Take the unknown values in `new` for the copies of those in `old`."""
        pending = [(old, new)]
        while pending:
            one, other = pending.pop()
            if isinstance(one, Unknown) and isinstance(other, Unknown):
                self._copies[id(one)] = (one, other)
                pending += zip(one.parts, other.parts, strict=False)
                pending.append((one.document, other.document))
            elif isinstance(one, Sensitive) and isinstance(other, Sensitive):
                pending.append((one.value, other.value))
            elif isinstance(one, dict) and isinstance(other, dict):
                pending += [(one[key], other[key]) for key in one.keys() & other.keys()]
            elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
                pending += zip(one, other, strict=False)

    def resource(self, resource: Resource) -> Resource:
        """The resource in the new instance."""
        return Resource(
            type=resource.type,
            address=self._address(resource.address),
            attributes=self._attributes(resource),
            source=resource.source,
            location=resource.location,
            block=resource.block,
            calls=(*self._calls, *resource.calls[self._old.depth :]),
            doubt=None if resource.doubt is None else self._unknown(resource.doubt),
            source_map=self._map(resource.source_map),
        )

    def _attributes(self, resource: Resource) -> Mapping[str, Value]:
        computed = computed_values(resource.type)
        changed: dict[str, Value] = {}
        for name, value in resource.attributes.items():
            if type(value) in _SCALARS or value is computed.get(name):
                continue
            copied = self._value(value)
            if copied is not value:
                changed[name] = copied
        if resource.type == "sensitive_argument":
            changed["resource"] = self._address(str(resource.attributes["resource"]))
        return {**resource.attributes, **changed} if changed else resource.attributes

    def _value(self, value: Value) -> Value:
        if isinstance(value, Unknown):
            return self._unknown(value)
        if isinstance(value, Mapping):
            members = {key: self._value(member) for key, member in value.items()}
            same = all(members[key] is member for key, member in value.items())
            return value if same else members
        if isinstance(value, list):
            elements = [self._value(element) for element in value]
            same = all(new is old for new, old in zip(elements, value, strict=True))
            return value if same else elements
        return value

    def _unknown(self, value: Unknown) -> Unknown:
        known = self._copies.get(id(value))
        if known is not None:
            return known[1]
        copied = Unknown(
            self._text(value.cause),
            tuple(Reference(self._address(one.address), one.attribute) for one in value.references),
            tuple(
                self._unknown(part) if isinstance(part, Unknown) else part for part in value.parts
            ),
            self._value(value.document),
            value.keys,
            value.sensitive,
            value.present,
        )
        self._copies[id(value)] = (value, copied)
        return copied

    def _address(self, address: str) -> str:
        head, found, tail = address.partition(self._old.address + ".")
        # In front of some pseudo-resources' addresses stands their type.
        return f"{head}{self._new.address}.{tail}" if found and head in _HEADS else address

    def _text(self, cause: str) -> str:
        if self._quoted not in cause:
            return cause
        for end in (".", "`"):
            cause = cause.replace(f"{self._quoted}{end}", f"`{self._new.address}{end}")
        return cause

    def _map(self, source_map: SourceMap | None) -> SourceMap | None:
        if isinstance(source_map, ArgumentMap):
            return ArgumentMap(self._map(source_map.outer) or source_map.outer, source_map.path)
        if isinstance(source_map, (CodeMap, CopiedMap)):
            return CopiedMap(source_map, self._old, self._new)
        return source_map


def _providers_of(module: Module) -> Hashable | None:
    """What decides which provider blocks are found in the module and below it."""
    parent, call = module.parent, module.call
    if parent is None or call is None or module.configuration.providers:
        return None
    passed: list[tuple[str, Hashable]] = [
        (name, _found(parent.provider_named(given)))
        for name, given in module.passed_providers().items()
    ]
    outer: Module = parent
    while outer.parent is not None and not outer.configuration.providers:
        if outer.passed_providers():
            break
        outer = outer.parent
    return tuple(passed), id(outer)


def _found(provider: tuple[Module, syntax.Block] | Unknown | None) -> Hashable:
    if isinstance(provider, tuple):
        return id(provider[0]), id(provider[1])
    return None if provider is None else provider.cause


def _identity(value: Any) -> Hashable:
    """What is equal for two values exactly if nothing can tell them apart."""
    kind = type(value)
    if kind in _SCALARS or kind is Decimal:
        return kind, value
    if kind is Sensitive:
        return kind, _identity(value.value), value.document is None
    # The module instance keeps the value, so that no other can take its identity.
    if not isinstance(value, (dict, list, tuple)):
        return id(value)
    if count_elements(value, _LARGEST) > _LARGEST:
        return id(value)
    members: list[Hashable] = [_identity(member) for member in _members(value)]
    element = value.element if isinstance(value, (ListValue, MapValue, SetValue)) else None
    return kind, repr(element), tuple(members)


def _members(value: Any) -> Iterable[Any]:
    return chain.from_iterable(value.items()) if isinstance(value, dict) else value


_HEADS = ("", "unread_module.")


def _is_unlike_others(value: Unknown) -> bool:
    """Whether its identity says more of it than what it refers to."""
    return type(value) is Unknown and (bool(value.parts) or not value.references)


def _unknowns(value: Any) -> Iterator[Unknown]:
    """The unknown values in `value`, at any depth."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, Unknown):
            yield one
            pending += [*one.parts, one.document]
        elif isinstance(one, Sensitive):
            pending.append(one.value)
        elif isinstance(one, dict):
            pending.extend(one.values())
        elif isinstance(one, (list, tuple)):
            pending.extend(one)


@dataclass(frozen=True, slots=True)
class CopiedMap:
    """Finds values of a copy where those of the first stand; implements `model.SourceMap`."""

    first: CodeMap | CopiedMap
    old: Module
    new: Module

    @property
    def module(self) -> Module:
        """The module instance that the value belongs to."""
        return _counterpart(self.first.module, self.old, self.new)

    def within(self, module: Module) -> CodeMap:
        """The same of another instance of the block's module."""
        return self.first.within(module)

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path; the header of the block that lacks it."""
        return self.first.locate(path)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The way that the value came by, through the copy's own calls."""
        return self.within(self.module).trace(path)


def _counterpart(module: Module, old: Module, new: Module) -> Module:
    """What is in `new` as `module` is in `old`: the same calls lead to it."""
    if module is old or module.parent is None or module.call is None or module.expansion is None:
        return new
    parent = _counterpart(module.parent, old, new)
    children = (
        one.module
        for one in instances(parent.called(module.call.labels[0]))
        if isinstance(one, ModuleValue)
    )
    suffix = module.expansion.suffix
    return next(
        (one for one in children if one.expansion is not None and one.expansion.suffix == suffix),
        parent,
    )
