"""How a record becomes attributes: by name where names agree, else as the declaration says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditkit.companions import companions_of
from auditkit.model import Unknown, Value
from auditkit.schema import Body, coerce, schema_of
from auditkit.sources.aws.declarations import LiveType
from auditkit.sources.aws.expressions import (
    EXPRESSION_ERRORS,
    Expression,
    Json,
    Record,
    Untold,
    compile_expression,
    plain,
    tags_of,
)
from auditkit.sources.aws.shapes import (
    Known,
    element_of,
    is_path,
    members_of,
    names_in,
    resolve,
)

NOT_COLLECTED = Unknown("AWS does not tell it, or auditkit does not ask")
"""The value of an attribute that no call tells."""

_Convert = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one type's records become attributes."""

    live: LiveType
    members: Mapping[str, Known]
    """What the records have."""
    readers: Mapping[str, Expression]
    """Attribute to what reads it from a record."""
    uses: Mapping[str, frozenset[str]]
    """Attribute to the members of the record that it is made of."""
    missing: Mapping[str, Unknown]
    """The attributes that nothing tells."""

    def attributes(self, record: Record, wanted: Iterable[str] | None = None) -> dict[str, Value]:
        """The attributes that the record tells; others are Unknown, with the cause.

        With `wanted`, only these are read, and the rest is not collected.
        """
        names = self.readers if wanted is None else [n for n in self.readers if n in wanted]
        values: dict[str, Value] = {name: _read(name, self.readers[name], record) for name in names}
        found = dict(coerce(self.live.type, values))
        for name in self.readers:
            found.setdefault(name, NOT_COLLECTED)
        return {**self.missing, **found}

    def observed(self, record: Record, wanted: Collection[str]) -> dict[str, Value]:
        """What the provider has no word for; what is not `wanted` is not collected."""
        return {
            name: _read(name, compile_expression(text), record) if name in wanted else NOT_COLLECTED
            for name, text in self.live.observed.items()
        }


def _read(name: str, reader: Expression, record: Record) -> Value:
    try:
        value: Value = plain(reader(record))
    except Untold as untold:
        return untold.unknown
    except EXPRESSION_ERRORS as error:
        kind = type(error).__name__
        return Unknown(f"AWS answered what can't be read as `{name}` ({kind})")
    return value


@cache
def mapped(live: LiveTypeKey) -> Mapped:
    """The mapping of a type, from the provider's schema and the service models."""
    return _map(live.live, live.parents)


@dataclass(frozen=True, slots=True, eq=False)
class LiveTypeKey:
    """A declaration with those of its parents, outermost last."""

    live: LiveType
    parents: tuple[LiveType, ...] = ()


def _map(live: LiveType, parents: Sequence[LiveType]) -> Mapped:
    schema = schema_of(live.type)
    assert schema is not None or live.is_helper, f"the provider has no {live.type}"
    known: Known = None
    for parent in reversed(parents):
        known = members_of(parent, known)
    members = members_of(live, known)
    body = Body({}, {}) if schema is None else schema.body
    readers: dict[str, Expression] = {}
    uses: dict[str, frozenset[str]] = {}
    inner = _inner(live.attributes)
    unwanted = _inner(dict.fromkeys(live.uncollected, ""))
    by_name = _by_name(members)
    for name in (*body.attributes, *body.blocks):
        given = live.attributes.get(name)
        if given is not None:
            readers[name] = _given(
                given, members, body, name, inner.get(name, {}), unwanted.get(name, {})
            )
            uses[name] = names_in(given)
        elif name in ("id", "arn"):
            continue
        elif name not in live.uncollected:
            member = by_name.get(name.replace("_", ""))
            if member is None:
                continue
            convert = _converter(
                body, name, members[member], inner.get(name, {}), unwanted.get(name, {})
            )
            if convert is not None:
                readers[name] = _then(compile_expression(_quoted(member)), convert)
                uses[name] = frozenset([member])
    _identify(live, body, readers, uses)
    filled = companions_of(live.type)
    missing = {
        name: NOT_COLLECTED
        for name in (*body.attributes, *body.blocks)
        # What companions fill is as they say, and absent without them.
        if name not in readers and name not in filled
    }
    return Mapped(live, members, readers, uses, missing)


def _identify(
    live: LiveType,
    body: Body,
    readers: dict[str, Expression],
    uses: dict[str, frozenset[str]],
) -> None:
    """Id, ARN and tags, which every declaration says in the same way."""
    for name, given, is_told in (("id", "_id", not live.identity), ("arn", "_arn", live.arn)):
        if name in body.attributes and name not in readers and is_told:
            readers[name] = compile_expression(given)
            uses[name] = frozenset([given])
    if live.tags:
        expression = compile_expression(live.tags)
        for name in ("tags", "tags_all"):
            if name in body.attributes:
                readers[name] = _then(expression, lambda value: tags_of(value) or {})
                uses[name] = names_in(live.tags)


def _given(
    text: str,
    members: Known,
    body: Body,
    name: str,
    inner: Mapping[str, str],
    unwanted: Mapping[str, str],
) -> Expression:
    """What reads an attribute by its expression; structures on the way are matched by name."""
    expression = compile_expression(text)
    if name in body.blocks and is_path(text):
        convert = _converter(body, name, resolve(text, members), inner, unwanted)
        if convert is not None:
            return _then(expression, convert)
    return expression


def _then(expression: Expression, convert: _Convert) -> Expression:
    return lambda record: convert(expression(record))


def _quoted(member: str) -> str:
    return member if member.isidentifier() else f'"{member}"'


def _inner(dotted: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """``{"a.b": x}`` as ``{"a": {"b": x}}``."""
    found: dict[str, dict[str, str]] = {}
    for name, value in dotted.items():
        block, dot, rest = name.partition(".")
        if dot:
            found.setdefault(block, {})[rest] = value
    return found


def _by_name(members: Mapping[str, Known]) -> Mapping[str, str]:
    return {name.replace("_", "").lower(): name for name in members if not name.startswith("_")}


def _converter(
    body: Body,
    name: str,
    known: Known,
    inner: Mapping[str, str],
    unwanted: Mapping[str, str],
) -> _Convert | None:
    """What turns a member of that shape into the attribute; ``None`` if they don't fit."""
    block = body.blocks.get(name)
    if block is not None:
        structure = element_of(_unwrapped(known))
        if not isinstance(structure, (StructureShape, Mapping)):
            return None
        return _Blocks(block.body, structure, inner, unwanted)
    attribute = body.attributes[name]
    if attribute.kind.startswith(("list(object", "set(object")):
        structure = element_of(_unwrapped(known))
        return _strings if isinstance(structure, (StructureShape, Mapping)) else None
    unwrapped = _unwrapped(known)
    if attribute.kind.startswith(("list(", "set(")):
        is_fit = isinstance(unwrapped, ListShape) and _is_scalar(unwrapped.member)
        return _strings if is_fit else None
    if attribute.kind.startswith("map("):
        if isinstance(known, MapShape):
            return _same
        return None
    return _same if isinstance(known, Shape) and _is_scalar(known) else None


def _is_scalar(shape: Shape) -> bool:
    return not isinstance(shape, (StructureShape, ListShape, MapShape))


def _unwrapped(known: Known) -> Known:
    """The list in CloudFront's ``{Quantity, Items}``."""
    if isinstance(known, StructureShape) and {"Quantity", "Items"} <= set(known.members):
        items: Shape = known.members["Items"]
        return items
    return known


def _same(value: Json) -> Json:
    return value


def _strings(value: Json) -> Json:
    if isinstance(value, dict) and "Quantity" in value:
        value = value.get("Items")
    return [] if value is None else value


class _Blocks:
    """Turns structures into nested blocks; what it needs for that it finds out at first use."""

    __slots__ = ("_body", "_inner", "_readers", "_structure", "_unwanted")

    def __init__(
        self,
        body: Body,
        structure: StructureShape | Mapping[str, Known],
        inner: Mapping[str, str],
        unwanted: Mapping[str, str],
    ) -> None:
        self._body = body
        self._structure = structure
        self._inner = inner
        self._unwanted = unwanted
        self._readers: Mapping[str, Expression | None] | None = None

    def __call__(self, value: Json) -> Json:
        value = _strings(value)
        items = value if isinstance(value, list) else [value]
        if self._readers is None:
            # Some bodies nest without end; only what AWS sends is followed.
            self._readers = self._find_readers()
        return [
            {
                name: NOT_COLLECTED if reader is None else reader(item)
                for name, reader in self._readers.items()
            }
            for item in items
            if isinstance(item, dict)
        ]

    def _find_readers(self) -> Mapping[str, Expression | None]:
        structure = self._structure
        members = structure.members if isinstance(structure, StructureShape) else structure
        by_name = _by_name(members)
        inner, unwanted = _inner(self._inner), _inner(self._unwanted)
        readers: dict[str, Expression | None] = {}
        for name in (*self._body.attributes, *self._body.blocks):
            given = self._inner.get(name)
            if given is not None:
                readers[name] = _given(
                    given, structure, self._body, name, inner.get(name, {}), unwanted.get(name, {})
                )
                continue
            member = by_name.get(name.replace("_", ""))
            convert = None
            if member is not None and name not in self._unwanted:
                convert = _converter(
                    self._body, name, members[member], inner.get(name, {}), unwanted.get(name, {})
                )
            readers[name] = (
                None
                if convert is None or member is None
                else _then(compile_expression(_quoted(member)), convert)
            )
        return readers
