"""Resources as rules see them: companions folded in, defaults filled in, references followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from auditkit.companions import COMPANIONS, Companion, companions_of
from auditkit.defaults import DEFAULTS
from auditkit.graph import UNREAD_MODULE, Graph, Path, call_of, doubt_between, leaves
from auditkit.identity import TYPE_ALIASES, definition_of, identities, module_of
from auditkit.legacy import legacy_of
from auditkit.model import (
    Inventory,
    Location,
    Neighbours,
    Resource,
    Source,
    Step,
    Unknown,
    Value,
)
from auditkit.schema import schema_of

__all__ = ["Graph", "LinkedResource", "link"]


def link(inventory: Inventory) -> Graph:
    """The linked view of everything that one source saw.

    Companions (`auditkit.companions`) are joined to the resource that they configure: by
    reference, or by a value that names it.  One that cannot be told makes the attribute of
    every resource that it may configure unknown.  Takes time in proportion to the resources.
    """
    graph = Graph(inventory, [LinkedResource(resource) for resource in inventory.resources])
    graph.removed = tuple(LinkedResource(resource) for resource in inventory.removed)
    for linked in (*graph.subjects(), *graph.removed):
        linked.graph = graph
    for row in COMPANIONS:
        for companion in graph.by_type.get(row.type, ()):
            _join(graph, row, companion.resource)
            _show(row, companion)
        _doubt_what_was_not_read(graph, row)
    for unread in graph.by_type.get(UNREAD_MODULE, ()):
        _doubt_what_it_is_given(graph, unread)
    return graph


class LinkedResource:
    """One resource with everything that is known about it; implements `model.Subject`."""

    __slots__ = ("_doubts", "_pieces", "_values", "graph", "resource", "type")

    path: Path = ()
    """A resource is a subject of its own, so this is empty."""
    graph: Graph

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.type = TYPE_ALIASES.get(resource.type, resource.type)
        """The resource's type; of a type with two names, the one that rules use."""
        self._values: dict[str, Value] = {}
        self._pieces: dict[str, list[_Piece]] = {}
        self._doubts: dict[str, list[Unknown]] = {}

    def __repr__(self) -> str:
        return f"LinkedResource({self.resource.address!r})"

    def attribute(self, name: str) -> Value:
        """One attribute: from its companions, else its own, else the default, else ``None``.

        A companion wins over what the resource says itself, for it is applied later; where
        several may add to a list, they and the resource's own elements make one list.
        """
        try:
            return self._values[name]
        except KeyError:
            value = self._values[name] = self._look_up(name)
            return value

    def names(self) -> Iterable[str]:
        """The attributes that the resource or one of its companions sets."""
        return dict.fromkeys((*self.resource.attributes, *self._pieces, *self._doubts))

    def related(self, types: Sequence[str], via: Path) -> Neighbours:
        """The resources of these types that the attribute `via` names."""
        return self.graph.related(self, types, via)

    def referrers(self, types: Sequence[str], via: Path) -> Neighbours:
        """The resources of these types that name this one, through `via` unless it is empty."""
        return self.graph.referrers(self, types, via)

    def locate(self, path: Path) -> Location | None:
        """The narrowest place for an attribute path, in the block that the value stands in.

        ``None`` when the resource was not read from a file.
        """
        resource, inner = self._origin(path)
        if resource.source_map is None:
            return resource.location
        return resource.source_map.locate(inner)

    def trace(self, path: Path) -> tuple[Step, ...]:
        """The way that the value came by, as `model.SourceMap.trace` tells it."""
        resource, inner = self._origin(path)
        return () if resource.source_map is None else resource.source_map.trace(inner)

    def add_piece(self, row: Companion, companion: Resource) -> None:
        """Fold a companion that configures this resource into it, if both exist."""
        doubt = doubt_between(companion, self.resource)
        if doubt is not None:
            self.add_doubt(row, doubt)
        else:
            self._pieces.setdefault(row.attribute, []).append(_Piece(row, companion))

    def add_doubt(self, row: Companion, doubt: Unknown) -> None:
        """Remember that a companion may configure this resource."""
        self._doubts.setdefault(row.attribute, []).append(doubt)

    def is_assumed(self, path: Path) -> bool:
        """Whether what stands at the path is a default, because nothing says otherwise."""
        value = self._said(str(path[0])) if path else None
        for step in path[1:]:
            if isinstance(value, Mapping):
                value = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                break
        return bool(path) and path[0] in _defaults_of(self.type) and _is_blank(value)

    def _look_up(self, name: str) -> Value:
        return _fill_in(_defaults_of(self.type).get(name), self._said(name))

    def _said(self, name: str) -> Value:
        """The attribute before any default stands in."""
        pieces, doubts = self._pieces.get(name, []), self._doubts.get(name, [])
        value = self._own(name)
        if pieces or doubts:
            has_elements = not isinstance(value, Unknown) and not _is_blank(value)
            if _is_gathered(self.type, name) and (pieces or has_elements):
                value = [element for element, _, _ in self._gather(name)]
            elif pieces:
                value = pieces[0].value
            elif _is_blank(value):
                value = doubts[0]
        return value

    def _own(self, name: str) -> Value:
        """What the resource itself says, an old inline block in the shape of today."""
        attributes = self.resource.attributes
        legacy = legacy_of(self.type).get(name)
        if legacy is None:
            value = attributes.get(name)
            # What AWS computes from the companions is known if these are.
            if isinstance(value, Unknown) and self._is_computed(name):
                return None
            return value
        if legacy.old and not _is_blank(attributes.get(name)):
            return attributes[name]
        return legacy.read(attributes.get(legacy.old or name))

    def _is_computed(self, name: str) -> bool:
        """Whether the attribute only repeats what companions say that we have all seen."""
        schema = schema_of(self.type)
        return (
            schema is not None
            and name in schema.computed_only
            and name in companions_of(self.type)
            and self.resource.source in (Source.CODE, Source.PLAN)
        )

    def _gather(self, name: str) -> Iterator[tuple[Value, _Piece | None, Path]]:
        """The elements of an attribute that several may fill, and where each comes from.

        The path is the element's in its companion, or in this resource where there is none.
        """
        folded = [item for piece in self._pieces.get(name, ()) for item in piece.elements()]
        own = self._own(name)
        for index, element in enumerate(_as_list(own)):
            # In a state, the list of a security group also holds the rules of its companions.
            if not any(element == other for other, _, _ in folded):
                yield element, None, (name, index) if isinstance(own, list) else (name,)
        yield from folded
        for doubt in self._doubts.get(name, ()):
            yield doubt, None, (name,)

    def _origin(self, path: Path) -> tuple[Resource, Path]:
        """The resource that the value at `path` was written in, and its path there."""
        name = str(path[0]) if path else ""
        pieces = self._pieces.get(name)
        if pieces and not _is_gathered(self.type, name):
            row = pieces[0].row
            return pieces[0].companion, row.origin(path[1:] if row.take else path[2:])
        if pieces and len(path) > 1 and isinstance(path[1], int):
            _, piece, start = list(self._gather(name))[path[1]]
            if piece is not None:
                return piece.companion, piece.origin(start, path[2:])
            path = (*start, *path[2:])
        legacy = legacy_of(self.type).get(name)
        return self.resource, path if legacy is None else legacy.origin(path)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One companion's contribution to one attribute."""

    row: Companion
    companion: Resource

    @property
    def value(self) -> Value:
        return self.row.value(self.companion.attributes)

    def elements(self) -> Iterator[tuple[Value, _Piece, Path]]:
        """What it adds to a list, with the path of each element in the companion."""
        take, value = self.row.take, self.value
        if not isinstance(value, list):
            yield value, self, (take,)
            return
        for index, element in enumerate(value):
            yield element, self, (take, index) if take else ()

    def origin(self, start: Path, rest: Path) -> Path:
        """The path in the companion of what stands at `rest` in the element from `start`."""
        return (*start, *rest) if self.row.take else self.row.origin(rest)


def _join(graph: Graph, row: Companion, companion: Resource) -> None:
    """Fold the companion into what it configures, or the doubt into what it may configure."""
    types = graph.types_like(row.targets)
    applies = row.applies(companion.attributes)
    if not types or applies is False:
        return
    why = "" if companion.doubt is None else f": {companion.doubt.cause}"
    doubt = Unknown(f"`{companion.address}` may configure it{why}")
    for value in leaves(companion.attributes.get(row.join)):
        targets, certain = graph.targets(value, types, companion)
        joined, possible = _choose(graph, companion, value, targets, certain=certain)
        if not targets and isinstance(value, Unknown) and (value.parts or not value.references):
            possible = [
                target for type in types for target in graph.by_type[type] if _may_be(value, target)
            ]
        for target in joined:
            if _is_in_scope(row, companion, target):
                if isinstance(applies, Unknown):
                    target.add_doubt(row, applies)
                else:
                    target.add_piece(row, companion)
                    graph.configured.setdefault(companion.address, set()).add(target.type)
        for target in possible:
            if _is_in_scope(row, companion, target):
                target.add_doubt(row, doubt)


def _doubt_what_was_not_read(graph: Graph, row: Companion) -> None:
    """Make unknown what companions may say that nobody came to list, after Ctrl-C for one.

    Of a listing that failed there is a resource that stands for what it did not tell.
    """
    gap = graph.inventory.gaps.get(row.type)
    if gap is None or gap.cause in {
        companion.resource.doubt.cause
        for companion in graph.by_type.get(row.type, ())
        if companion.resource.doubt is not None
    }:
        return
    for type in graph.types_like(row.targets):
        for target in graph.by_type[type]:
            target.add_doubt(row, gap)


def _show(row: Companion, companion: LinkedResource) -> None:
    """Let the companion show what it fills as an attribute of its own, if it has none so named.

    A rule that lists its type beside that of its target then judges it where the target is not
    here; where it is, both findings stand in one place, and merging keeps the target's.  What has
    no place is not judged beside its target: see `engine`.
    """
    attributes = companion.resource.attributes
    applies = row.applies(attributes)
    if row.attribute in attributes or applies is False:
        return
    if isinstance(applies, Unknown):
        companion.add_doubt(row, applies)
    else:
        companion.add_piece(row, companion.resource)


def _doubt_what_it_is_given(graph: Graph, unread: LinkedResource) -> None:
    """Doubt that a resource lacks a companion where a module that was not read is given it.

    Not for lists that several may add to, for what is in them is known all the same.
    """
    doubt = Unknown(f"{call_of(unread.resource)} was not read, and may configure it")
    for name in unread.names():
        for leaf in leaves(unread.attribute(name)):
            if not isinstance(leaf, Unknown) or not leaf.references:
                continue
            every = frozenset(graph.by_type)
            for target in graph.targets(leaf, every, unread.resource)[0]:
                for attribute, rows in companions_of(target.type).items():
                    if not _is_gathered(target.type, attribute):
                        target.add_doubt(rows[0], doubt)


def _choose(
    graph: Graph,
    companion: Resource,
    value: Value,
    targets: Sequence[LinkedResource],
    *,
    certain: bool,
) -> tuple[Sequence[LinkedResource], Sequence[LinkedResource]]:
    """Of the resources that a value may name, those that it does name and those it may."""
    if not isinstance(value, Unknown) or not value.references:
        # The same name may be in use elsewhere, in another account or region.
        module = module_of(companion.address)
        near = [target for target in targets if module_of(target.resource.address) == module]
        return near or targets, ()
    definitions = {definition_of(target.resource.address) for target in targets}
    if len(targets) > 1 and len(definitions) == 1:
        # Instances of one block for instances of another: by key, if both have the same.
        (definition,) = definitions
        own = definition_of(companion.address)
        keys = {target.resource.address.removeprefix(definition): target for target in targets}
        if {one.resource.address.removeprefix(own) for one in graph.instances(own)} == set(keys):
            return [keys[companion.address.removeprefix(own)]], ()
        return (), targets
    return (targets, ()) if certain else ((), targets)


def _is_in_scope(row: Companion, companion: Resource, target: LinkedResource) -> bool:
    """Whether the row's second attribute, if it has one, does not tell the two apart."""
    if not row.scope:
        return True
    ours, theirs = companion.attributes.get(row.scope), target.resource.attributes.get(row.scope)
    if isinstance(ours, Unknown) and isinstance(theirs, Unknown):
        named = {reference.address for reference in ours.references}
        other = {reference.address for reference in theirs.references}
        return not named or not other or not named.isdisjoint(other)
    return isinstance(ours, Unknown) or isinstance(theirs, Unknown) or ours == theirs


def _may_be(value: Unknown, target: LinkedResource) -> bool:
    """Whether a text with unknown pieces may be a name of the target, as far as both are known."""
    names = [name for name in identities(target.resource) if isinstance(name, (str, tuple))]
    if not value.parts or not names:
        return True
    start, end = _known_ends(value.parts)
    for name in names:
        other_start, other_end = _known_ends(name if isinstance(name, tuple) else (name,))
        if (start.startswith(other_start) or other_start.startswith(start)) and (
            end.endswith(other_end) or other_end.endswith(end)
        ):
            return True
    return False


def _known_ends(parts: Sequence[str | Unknown]) -> tuple[str, str]:
    first, last = parts[0], parts[-1]
    return first if isinstance(first, str) else "", last if isinstance(last, str) else ""


@cache
def _is_gathered(type: str, attribute: str) -> bool:
    return any(row.gather for row in companions_of(type).get(attribute, ()))


def _as_list(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_blank(value: Value) -> bool:
    return value is None or value == "" or value == []


@dataclass(slots=True)
class _Default:
    """What stands in for one attribute, and for those inside the blocks it holds."""

    value: Value = None
    inner: dict[str, _Default] = field(default_factory=dict)


@cache
def _defaults_of(type: str) -> Mapping[str, _Default]:
    """The rows of `DEFAULTS` for the type, dotted names taken apart."""
    root = _Default()
    for path, value in DEFAULTS.get(type, {}).items():
        default = root
        for name in path.split("."):
            default = default.inner.setdefault(name, _Default())
        default.value = value
    return root.inner


def _fill_in(default: _Default | None, value: Value) -> Value:
    """The value with the default if it is absent, also inside nested blocks."""
    if default is None:
        return value
    if default.value is not None and _is_blank(value):
        value = default.value
    if not default.inner or not isinstance(value, list):
        return value
    return [
        _fill_in_block(default.inner, element) if isinstance(element, Mapping) else element
        for element in value
    ]


def _fill_in_block(
    defaults: Mapping[str, _Default], block: Mapping[str, Value]
) -> Mapping[str, Value]:
    filled = dict(block)
    for name, default in defaults.items():
        value = _fill_in(default, block.get(name))
        if value is not None:
            filled[name] = value
    return filled
