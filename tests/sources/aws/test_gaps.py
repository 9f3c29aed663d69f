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
from losses import lies, mentions

from auditkit.companions import COMPANIONS
from auditkit.engine import evaluate
from auditkit.linking import Graph, LinkedResource, link
from auditkit.model import Inventory, Problem, Resource, Rule, Source, Unknown, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.aws.catalogue import live_types, operations, parents_of
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect
from auditkit.sources.aws.declarations import METRIC_DATA, LiveType
from auditkit.sources.aws.permissions import action_of
from auditkit.sources.aws.policies import needed_calls

PLACE = Place("123456789012", "us-east-1")

NOT_MADE_UP: Mapping[str, str] = {
    "aws_default_vpc_dhcp_options": "the options of it are a list of certain names and values",
}
"""Types that no made-up answer leads to, and why."""


@dataclass(frozen=True)
class Seen:
    """What a run came to."""

    inventory: Inventory
    asked: frozenset[str]
    graph: Graph
    verdicts: Mapping[tuple[str, str], Verdict]
    """The worst verdict of each rule on each resource."""


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
    """The types that the operation tells of, or that are listed by its help."""
    return tuple(
        live
        for live in live_types().values()
        if any(call.operation == operation for call in needed_calls([live]))
    )


def around(types: Iterable[LiveType]) -> frozenset[str]:
    """The types, what they are folded into, and what else is folded into that."""
    names = {live.type for live in types}
    targets = {target for row in COMPANIONS if row.type in names for target in row.targets}
    names |= targets & live_types().keys()
    names |= {row.type for row in COMPANIONS if not names.isdisjoint(row.targets)}
    return frozenset(names & live_types().keys())


@pytest.mark.parametrize("type", sorted(live_types()))
def test_made_up_answers_lead_to_every_type(type: str) -> None:
    found = seen(frozenset([type])).inventory
    is_found = any(each.type == type and each.doubt is None for each in found.resources)
    assert is_found is (type not in NOT_MADE_UP)
    assert not found.problems
    unread = [
        f"{each.type}.{name}: {value.cause}"
        for each in found.resources
        for name, value in each.attributes.items()
        if isinstance(value, Unknown) and "can't be read" in value.cause
    ]
    assert not unread
    addresses = [each.address for each in found.resources]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("operation", sorted(operations()))
def test_a_denied_call_leaves_exactly_a_gap(operation: str) -> None:
    users = users_of(operation)
    types = around(users)
    action = next(
        action_of(call)
        for live in users
        for call in needed_calls([live])
        if call.operation == operation
    )
    whole, less = seen(types), seen(types, operation)
    if operation == METRIC_DATA.operation:
        # It is asked for what was found, and test_metrics.py tells what its absence means.
        return
    assert operation in less.asked, "no answer leads to it"
    assert any(action in problem.message for problem in less.inventory.problems)
    told = whole.inventory.resources, less.inventory.resources
    assert not list(lies(*told, less.inventory.gaps, action))
    for (rule, address), verdict in less.verdicts.items():
        was = whole.verdicts.get((rule, address))
        if was is None and verdict is Verdict.PASS:
            # Whether it applies can't be told, and it is met in any case.
            was = rules()[rule].require.judge(subject(whole.graph, address))
        assert verdict in (Verdict.UNKNOWN, was), f"{rule} on {address}: {was} became {verdict}"
        if was is not None and verdict is not was:
            assert mentions(reasons(less.graph, rule, address), action), f"{rule} on {address}"
    present = {each.address for each in less.inventory.resources}
    for rule, address in whole.verdicts:
        if address in present:
            assert (rule, address) in less.verdicts, f"{rule} no longer judges {address}"
