"""What a rule looks at: which attributes of which resource types.

So that live AWS is asked for no more than the rules of a run can use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Union

from auditkit.costs import priced_by
from auditkit.identity import STANDS_FOR
from auditkit.model import Condition, Rule
from auditkit.pseudo_types import LIVE_TYPES, WORKLOADS
from auditkit.rules.compile import Deferred
from auditkit.rules.conditions import All, Any, Attribute, Inner, Not, Part
from auditkit.rules.paths import Path
from auditkit.rules.quantifiers import Quantifier
from auditkit.rules.relations import ReferencedBy, Related

Needs = Mapping[str, Union[frozenset[str], None]]
"""Resource type, or glob, to the attributes that are looked at; ``None`` for all of them.

Of what is observed of live resources each is an attribute of its own: ``observed.last_used``.
"""

_Use = tuple[str, Union[str, None]]
"""A type or glob, and an attribute; an empty one needs no more than that the resource is there."""


def needs(rule: Rule) -> Needs:
    """What the rule looks at in the resources it is about, and in those around them.

    Whatever names a resource (its id, ARN, name …) is needed of each type besides.  A check in
    Python may look at everything in its resources; what it asks of others is not known.
    """
    found: dict[str, set[str] | None] = {type: set() for type in rule.resources}
    for condition in (rule.when, rule.require):
        for type, attribute in _uses(condition, rule.resources):
            if attribute is None:
                found[type] = None
                continue
            known = found.setdefault(type, set())
            if known is not None and attribute:
                known.add(attribute)
    if rule.unused:
        # What it costs is told with the finding.
        for type in rule.resources:
            names = found[type]
            if names is not None:
                names |= {_name(tuple(path.split("."))) for path in priced_by(type)}
    return {
        type: None if attributes is None else frozenset(attributes)
        for type, attributes in found.items()
    }


def searched(rule: Rule) -> tuple[str, ...]:
    """The types and globs among which the rule looks for others that use a resource, sorted."""
    conditions: list[Condition | Part] = [rule.require]
    found: set[str] = set()
    while conditions:
        condition = conditions.pop()
        if isinstance(condition, (ReferencedBy, Related)):
            found.update(condition.types)
        conditions += _parts(condition)
    return tuple(sorted(found))


def _parts(condition: Condition | Part) -> Iterator[Condition | Part]:
    match condition:
        case Deferred():
            yield condition.condition
        case All() | Any():
            yield from condition.conditions
        case Not():
            yield condition.condition
        case Related() | Quantifier():
            yield from (each for each in (condition.where, condition.match) if each is not None)
        case ReferencedBy() if condition.match is not None:
            yield condition.match


def _uses(
    condition: Condition | Part | None, types: Sequence[str], *, inside: bool = False
) -> Iterator[_Use]:
    """What a condition looks at; `inside` an element, paths lead on from what is named already."""
    match condition:
        case None | Inner():
            pass
        case Deferred():
            yield from _uses(condition.condition, types)
        case Attribute():
            yield from ((type, _name(condition.path)) for type in types)
            if "live_region" in types:
                yield from _counted(condition.path)
        case All() | Any():
            for part in condition.conditions:
                yield from _uses(part, types, inside=inside)
        case Not():
            yield from _uses(condition.condition, types, inside=inside)
        case Quantifier():
            if not inside:
                yield from ((type, _name(condition.of)) for type in types)
            for each in (condition.where, condition.match):
                yield from _uses(each, types, inside=True)
        case Related():
            if not inside:
                yield from ((type, _name(condition.via)) for type in types)
            yield from ((type, "") for type in condition.types)
            yield from _stand_ins(condition.types)
            for each in (condition.where, condition.match):
                yield from _uses(each, condition.types)
        case ReferencedBy():
            # Without a path it counts wherever they name the resource.
            via = _name(condition.via) if condition.via else None
            yield from ((type, via) for type in condition.types)
            yield from _stand_ins(types)
            yield from _uses(condition.match, condition.types)
        case _:
            yield from ((type, None) for type in types)


def _name(path: Path) -> str:
    """The attribute; what is observed besides is one by one, for it costs calls of its own."""
    first, *rest = (str(step) for step in path)
    return f"{first}.{rest[0]}" if first == "observed" and rest else first


def _counted(path: Path) -> Iterator[_Use]:
    """What has to be listed so that a region can be summed up."""
    if path[0] == "counts" and len(path) > 1:
        yield str(path[1]), ""
    elif path[0] == "is_in_use":
        yield from ((type, "") for type in WORKLOADS)


def _stand_ins(types: Sequence[str]) -> Iterator[_Use]:
    """What may be named in place of a resource of these types, as an alias is for its key."""
    for name, attribute in STANDS_FOR.items():
        if name in LIVE_TYPES:
            # A version's ARN names its function also where versions are not listed.
            continue
        service = name.split("_")[1]
        if any(fnmatchcase(f"aws_{service}_", f"{type[: len(service) + 5]}*") for type in types):
            yield name, attribute
