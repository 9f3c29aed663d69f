"""What is asked of an account: the types and attributes that the rules of a run look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from auditkit.companions import Companion, companions_of
from auditkit.identity import DEFAULT, IDENTITY, STANDS_FOR, TYPE_ALIASES
from auditkit.legacy import legacy_of
from auditkit.model import Neighbours, Rule, Unknown, Value, Verdict
from auditkit.rules.needs import Needs, needs
from auditkit.rules.paths import Path
from auditkit.schema import schema_of
from auditkit.sources.aws.catalogue import choose_types, is_listed_once, live_types
from auditkit.sources.aws.collecting import Plan
from auditkit.sources.aws.summary import TYPE as REGION


@dataclass(frozen=True, slots=True)
class Selection:
    """The names of types and attributes; what a `Plan` is made of, small enough to be sent."""

    types: tuple[str, ...]
    """In the catalogue's order."""
    wanted: Mapping[str, frozenset[str]] | None = None
    """Type to the attributes that matter; ``None`` for all."""
    sums_up: bool = True
    """Whether rules look at regions as a whole."""

    def plan(self, now: datetime, *, done: frozenset[str] = frozenset()) -> Plan:
        """What is asked; nothing for the types in `done` alone.

        Regions are summed up when all is there: see `auditkit.sources.aws.gathering`.
        """
        known = live_types()
        types = {name: known[name] for name in self.types}
        return Plan(types, self.wanted, now=now, done=done)

    def regional(self) -> frozenset[str]:
        """The types that are listed in every region."""
        return frozenset(name for name in self.types if not is_listed_once(name))


@dataclass(frozen=True, slots=True)
class _Unread:
    """Any resource of a type: all that the type has is unknown, and what it lacks is absent."""

    type: str
    path: Path = ()

    def attribute(self, name: str) -> Value:
        """Unknown, if resources of the type may have it."""
        schema = schema_of(self.type)
        may_be = (
            schema is None
            or name == "observed"
            or name in schema.attributes
            or name in schema.blocks
            or name in companions_of(self.type)
            or name in legacy_of(self.type)
        )
        return _NOT_READ if may_be else None

    def related(self, types: Sequence[str], via: Path) -> Neighbours:
        """None that are known."""
        return Neighbours(doubt=_NOT_READ)

    def referrers(self, types: Sequence[str], via: Path) -> Neighbours:
        """None that are known."""
        return Neighbours(doubt=_NOT_READ)


_NOT_READ = Unknown("it is not read yet")


def needs_live(rule: Rule) -> Needs:
    """What the rule looks at in live AWS.

    Of the types that a glob of its matches, those are left out which it can't apply to, whatever
    is read of them: a rule on tags has nothing to say of what can't be tagged.
    """
    may_tell = _tells_by_attributes(rule)
    types: list[str] = []
    for pattern in rule.resources:
        if pattern.isidentifier() or not may_tell:
            types.append(pattern)
        else:
            types += [type for type in _matching(pattern, live_types()) if _may_apply(rule, type)]
    return needs(replace(rule, resources=tuple(dict.fromkeys(types))))


def has_subjects(rule: Rule, *, services: Iterable[str] = (), types: Iterable[str] = ()) -> bool:
    """Whether anything that the rule is about is of the services and types named.

    Else it has nothing to judge, and what it compares with need not be read for its sake.
    """
    known = {**choose_types(services=services, types=types), REGION: None}
    return any(next(_matching(pattern, known), "") for pattern in rule.resources)


def _tells_by_attributes(rule: Rule) -> bool:
    """Whether it applies or not by attributes alone, and not by what only a check can tell."""
    if rule.when is None:
        return False
    return None not in needs(replace(rule, require=rule.when, when=None)).values()


def _may_apply(rule: Rule, type: str) -> bool:
    return rule.when is None or rule.when.judge(_Unread(type)) is not Verdict.FAIL


def select(
    needs: Iterable[Needs] | None,
    *,
    services: Iterable[str] = (),
    types: Iterable[str] = (),
) -> Selection:
    """What rules with these needs look at, as far as the services and types named have it.

    Without `needs` that is everything.  Raises `SourceError` for a name that is not in the
    catalogue.
    """
    known = choose_types(services=services, types=types)
    if needs is None:
        return Selection(tuple(known))
    wanted: dict[str, set[str] | None] = {}
    sums_up = False
    for each in needs:
        sums_up = sums_up or "live_region" in each
        for pattern, attributes in each.items():
            for type in _matching(pattern, known):
                _add(wanted, type, attributes)
    for type in list(wanted):
        for row in _filling(type, wanted[type]):
            if row.type in known:
                _add(wanted, row.type, _read_by(row))
    return Selection(
        tuple(type for type in known if type in wanted),
        {
            type: _every(type)
            if names is None
            else frozenset({*names, *_naming(type), *_old(type, names)})
            for type, names in wanted.items()
        },
        sums_up,
    )


def _add(wanted: dict[str, set[str] | None], type: str, attributes: frozenset[str] | None) -> None:
    present = wanted.setdefault(type, set())
    if attributes is None or present is None:
        wanted[type] = None
    else:
        present |= attributes


def _matching(pattern: str, known: Mapping[str, object]) -> Iterator[str]:
    name = TYPE_ALIASES.get(pattern, pattern)
    if name in known:
        yield name
    elif not name.isidentifier():
        yield from (type for type in known if fnmatchcase(type, name))


def _filling(type: str, attributes: set[str] | None) -> Iterator[Companion]:
    """The rows of the companions that fill these attributes."""
    for attribute, rows in companions_of(type).items():
        if attributes is None or attribute in attributes:
            yield from rows


def _read_by(row: Companion) -> frozenset[str] | None:
    """The attributes of the companion that the row reads; ``None`` for all."""
    if not row.take and not row.fields:
        return None
    only = row.only[0] if row.only else ""
    sources = (source.removesuffix("[]") for source in row.fields.values())
    return frozenset({row.join, row.scope, row.take, only, *sources} - {""})


def _every(type: str) -> frozenset[str]:
    schema = schema_of(type)
    assert schema is not None, f"the provider has no {type}"
    return frozenset({*schema.attributes, *schema.blocks, "observed"})


def _naming(type: str) -> Iterator[str]:
    """What names resources of the type."""
    yield from ("id", "arn", *IDENTITY.get(type, DEFAULT))
    if type in STANDS_FOR:
        yield STANDS_FOR[type]


def _old(type: str, attributes: Iterable[str]) -> Iterator[str]:
    """The older names of the attributes."""
    older = legacy_of(type)
    yield from (older[name].old for name in attributes if name in older and older[name].old)
