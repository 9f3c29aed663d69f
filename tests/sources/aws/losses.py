"""What a run that could not read everything may differ in from one that could."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditkit.model import Resource, Unknown


def mentions(value: Any, text: str) -> bool:
    """Whether something Unknown in the value gives the text for its cause."""
    if isinstance(value, Unknown):
        return text in value.cause
    if isinstance(value, Mapping):
        return any(mentions(member, text) for member in value.values())
    if isinstance(value, (list, tuple)):
        return any(mentions(member, text) for member in value)
    return False


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; what is Unknown for the same cause is."""
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one.cause == other.cause
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return not isinstance(one, Unknown) and not isinstance(other, Unknown) and bool(one == other)


def lies(
    whole: Sequence[Resource], less: Sequence[Resource], gaps: Mapping[str, Unknown], action: str
) -> Iterator[str]:
    """Where the run that lacks what `action` tells says something else than the whole one.

    It may lack a resource of a type with a gap, and have Unknown for a value; both have to name
    the action.
    """
    found = {(each.type, each.address): each for each in less}
    for type, gap in gaps.items():
        if action not in gap.cause:
            yield f"{type} has a gap because {gap.cause}"
        if not any(each.type == type and each.doubt is not None for each in less):
            yield f"nothing stands for the {type} that may be there"
    for before in whole:
        after = found.get((before.type, before.address))
        if after is None:
            if before.type not in gaps:
                yield f"{before.address} vanished"
            continue
        if after.id not in (before.id, None):
            yield f"{before.address}: its id became {after.id}"
        for name, value in before.attributes.items():
            now = after.attributes[name]
            if not same(value, now) and not mentions(now, action):
                yield f"{before.address}.{name}: {value!r} became {now!r}"
