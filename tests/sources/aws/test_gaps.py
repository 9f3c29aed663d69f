"""Whatever is denied, nothing vanishes, nothing fails or passes for it, and the action is named.

Each operation of the catalogue is denied in turn, on answers made up from the service models
(`inventing`).  A new declaration is covered by standing in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from inventing import Inventor

from auditkit.companions import COMPANIONS
from auditkit.engine import evaluate
from auditkit.linking import Graph, LinkedResource, link
from auditkit.model import Inventory, Problem, Resource, Rule, Source, Unknown, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.aws.catalogue import calls_of, live_types, operations, parents_of
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect
from auditkit.sources.aws.declarations import METRIC_DATA, LiveType
from auditkit.sources.aws.permissions import action_of

PLACE = Place("123456789012", "us-east-1")

NOT_ASKED: Mapping[str, str] = {
    "iam:GenerateCredentialReport": "the reader itself asks it, before the report",
}
"""Operations that no made-up answer leads to, and why."""


@dataclass(frozen=True)
class Seen:
    """What a run came to."""

    inventory: Inventory
    asked: frozenset[str]
    graph: Graph
    verdicts: Mapping[tuple[str, str], Verdict]
    """The worst verdict of each rule on each resource."""

    @property
    def resources(self) -> Mapping[tuple[str, str], Resource]:
        return {(each.type, each.address): each for each in self.inventory.resources}


@cache
def rules() -> Mapping[str, Rule]:
    return load_rules().rules


@cache
def seen(types: frozenset[str], denied: str = "") -> Seen:
    known = live_types()
    chosen = {name: known[name] for name in sorted(types)}
    every = {live.type: live for each in chosen.values() for live in (each, *parents_of(each))}
    reader = Inventor(every.values(), denied)
    resources, problems, gaps = [], [], {}
    for event in collect(PLACE, Plan(chosen), reader):  # type: ignore[arg-type]
        if isinstance(event, Resource):
            resources.append(event)
        elif isinstance(event, Problem):
            problems.append(event)
        elif isinstance(event, Listed) and event.doubt is not None:
            gaps[event.type] = event.doubt
    inventory = Inventory(
        Source.LIVE,
        str(PLACE),
        tuple(resources),
        tuple(problems),
        covered=types - gaps.keys(),
        gaps=gaps,
    )
    graph = link(inventory)
    verdicts: dict[tuple[str, str], Verdict] = {}
    for finding in evaluate(rules().values(), graph, keep_passes=True).findings:
        key = finding.rule, finding.address
        verdicts[key] = min(verdicts.get(key, finding.verdict), finding.verdict)
    return Seen(inventory, frozenset(reader.asked), graph, verdicts)


def subject(graph: Graph, address: str) -> LinkedResource:
    return next(each for each in graph.subjects() if each.resource.address == address)


def reasons(graph: Graph, rule: str, address: str) -> list[Any]:
    """What an unknown verdict rests on, without the limits of a message."""
    judged, linked = rules()[rule], subject(graph, address)
    if linked.resource.doubt is not None:
        return [linked.resource.doubt]
    conditions = [judged.require, *([judged.when] if judged.when else [])]
    return [each.actual for condition in conditions for each in condition.explain(linked)]


def users_of(operation: str) -> tuple[LiveType, ...]:
    return tuple(
        live
        for live in live_types().values()
        if any(call.operation == operation for call in calls_of(live))
    )


def around(types: Iterable[LiveType]) -> frozenset[str]:
    """The types, what they are folded into, and what else is folded into that."""
    names = {live.type for live in types}
    targets = {target for row in COMPANIONS if row.type in names for target in row.targets}
    names |= targets & live_types().keys()
    names |= {row.type for row in COMPANIONS if not names.isdisjoint(row.targets)}
    return frozenset(names & live_types().keys())


def mentions(value: Any, action: str) -> bool:
    """Whether something Unknown in the value names the action."""
    if isinstance(value, Unknown):
        return action in value.cause
    if isinstance(value, Mapping):
        return any(mentions(member, action) for member in value.values())
    if isinstance(value, (list, tuple)):
        return any(mentions(member, action) for member in value)
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


@pytest.mark.parametrize("type", sorted(live_types()))
def test_made_up_answers_lead_to_every_type(type: str) -> None:
    found = seen(frozenset([type])).inventory
    assert [each for each in found.resources if each.type == type and each.doubt is None]
    assert not found.problems


@pytest.mark.parametrize("operation", sorted(operations()))
def test_a_denied_call_leaves_exactly_a_gap(operation: str) -> None:
    users = users_of(operation)
    types = around(users)
    action = next(
        action_of(call) for live in users for call in calls_of(live) if call.operation == operation
    )
    whole, less = seen(types), seen(types, operation)
    if operation in NOT_ASKED or operation == METRIC_DATA.operation:
        assert operation == METRIC_DATA.operation or operation not in whole.asked
        return
    assert operation in less.asked, "no answer leads to it"
    assert any(action in problem.message for problem in less.inventory.problems)
    gaps = less.inventory.gaps
    stand_ins = {each.type for each in less.inventory.resources if each.doubt is not None}
    assert gaps.keys() <= stand_ins
    assert all(action in gap.cause for gap in gaps.values())
    for key, before in whole.resources.items():
        after = less.resources.get(key)
        if after is None:
            assert key[0] in gaps, f"{key} vanished"
            continue
        assert (after.id or before.id) == before.id
        for name, value in before.attributes.items():
            now = after.attributes[name]
            assert same(value, now) or mentions(now, action), f"{key}.{name}: {value} {now}"
    for (rule, address), verdict in less.verdicts.items():
        was = whole.verdicts.get((rule, address))
        if was is None and verdict is Verdict.PASS:
            # Whether it applies can't be told, and it is met in any case.
            was = rules()[rule].require.judge(subject(whole.graph, address))
        assert verdict in (Verdict.UNKNOWN, was), f"{rule} on {address}: {was} became {verdict}"
        if was is not None and verdict is not was:
            assert mentions(reasons(less.graph, rule, address), action), f"{rule} on {address}"
    present = {address for _, address in less.resources}
    for rule, address in whole.verdicts:
        if address in present:
            assert (rule, address) in less.verdicts, f"{rule} no longer judges {address}"
