"""What was read in the regions of an account becomes one inventory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditkit.model import Inventory, Problem, Resource, Source, Unknown
from auditkit.sources.aws.catalogue import is_listed_once
from auditkit.sources.aws.collecting import Collected, Listed
from auditkit.sources.aws.summary import GLOBAL, sum_up

_LISTED = 6
NOT_READ = Unknown("what was read breaks off before it")
"""Why a listing that should be there is not in doubt for a reason of its own."""


@dataclass(slots=True)
class Gathering:
    """What comes of one account, until all of it is there."""

    account: str
    expected: Mapping[str, Sequence[str]]
    """Region to the types that are listed there."""
    sums_up: bool = True
    """Whether there is to be a resource that tells what was found in each region."""
    resources: list[Resource] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    listed: dict[tuple[str, str], Unknown | None] = field(default_factory=dict)
    """Region and type to why the listing is not complete, if it is not."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Region to how many objects of each type were listed there."""

    def add(self, region: str, event: Collected) -> None:
        """Takes what was read in a region."""
        if isinstance(event, Listed):
            self.listed[region, event.type] = event.doubt
        elif isinstance(event, Problem):
            self.problems.append(event)
        else:
            self.resources.append(event)
            if event.doubt is None:
                self.counts.setdefault(region, Counter())[event.type] += 1

    def inventory(self) -> Inventory:
        """All of it, in an order that does not depend on how it came."""
        gaps: dict[str, Unknown] = {}
        types: set[str] = set()
        # What was refused has a resource that stands for it; what nobody came to ask has none.
        told = {(each.type, each.doubt.cause) for each in self.resources if each.doubt is not None}
        for region, names in sorted(self.expected.items()):
            types.update(names)
            for name in names:
                doubt = self._doubt(region, name)
                if doubt is None:
                    continue
                known = gaps.setdefault(name, doubt)
                if (name, known.cause) in told and (name, doubt.cause) not in told:
                    gaps[name] = doubt
        return Inventory(
            Source.LIVE,
            self.account,
            resources=tuple(_with_own_addresses([*self.resources, *self._sums()])),
            problems=tuple(sorted(self.problems, key=lambda each: (each.kind, each.message))),
            is_fixed=False,
            covered=frozenset(types - gaps.keys()),
            gaps=dict(sorted(gaps.items())),
        )

    def _doubt(self, region: str, type: str) -> Unknown | None:
        return self.listed.get((region, type), NOT_READ)

    def _sums(self) -> Iterator[Resource]:
        if not self.sums_up:
            return
        for region, names in self.expected.items():
            counts = self.counts.get(region, Counter())
            once = [name for name in names if is_listed_once(name)]
            here = [name for name in names if name not in once]
            for name, types in ((region, here), (GLOBAL, once)):
                doubts = {type: self._doubt(region, type) for type in types}
                found = {type: doubt for type, doubt in doubts.items() if doubt is not None}
                if types:
                    yield sum_up(self.account, name, counts, found, types)


def _with_own_addresses(resources: Iterable[Resource]) -> Iterator[Resource]:
    """The resources in order; where objects of two types have one ARN, the type tells them."""
    types: dict[str, set[str]] = {}
    for resource in sorted(resources, key=lambda each: (each.address, each.type)):
        known = types.setdefault(resource.address, set())
        if resource.type in known:
            # A page may repeat what moved while it was read.
            continue
        address = f"{resource.address}#{resource.type}" if known else resource.address
        known.add(resource.type)
        yield replace(resource, address=address)


_PLACE = re.compile(
    r"(?P<account>\d{12}): (?P<before>.*?) in (?P<region>[a-z]{2,}(?:-[a-z]+)+-\d+)(?P<after>: .*)?"
)


def merge_gaps(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, those that differ in account and region alone as one.

    What was denied in one region is denied in all; nobody reads it seventeen times.
    """
    places: dict[tuple[str, str, str, bool], dict[str, dict[str, None]]] = {}
    others: list[Problem] = []
    for problem in problems:
        found = _PLACE.fullmatch(problem.message)
        if found is None:
            others.append(problem)
            continue
        key = (problem.kind, found["before"], found["after"] or "", problem.incomplete)
        regions = places.setdefault(key, {}).setdefault(found["account"], {})
        regions[found["region"]] = None
    merged = [
        Problem(kind, f"{before} in {_where(accounts)}{after}", incomplete=incomplete)
        for (kind, before, after, incomplete), accounts in places.items()
    ]
    return (*others, *merged)


def _where(accounts: Mapping[str, Iterable[str]]) -> str:
    """``eu-west-1 and us-east-1 of 123456789012``."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for account, regions in sorted(accounts.items()):
        grouped.setdefault(tuple(sorted(regions)), []).append(account)
    return "; ".join(
        f"{_some(regions)} of {_some(numbers)}" for regions, numbers in grouped.items()
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
