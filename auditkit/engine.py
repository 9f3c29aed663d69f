"""Rules over resources: every rule on every resource that it is about, and what came out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from posixpath import dirname
from typing import Union

from auditkit.costs import monthly_cost
from auditkit.linking import Graph, LinkedResource
from auditkit.model import (
    Condition,
    Evidence,
    Finding,
    Resource,
    Rule,
    Source,
    Unknown,
    Value,
    Verdict,
)
from auditkit.rules.needs import searched
from auditkit.rules.paths import Path, format_path
from auditkit.wording import describe, escape, join_lines, withhold

Definition = Union[tuple[str, int, int], str]
"""The block that declares a resource: file, line and column; without a file, its address."""

_INDEX = re.compile(r"\[\d+\]")
_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')
_MODULE = re.compile(r"^(?:module\.[^.]+\.)+")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules made of one inventory."""

    findings: tuple[Finding, ...] = ()
    """For each wrong place of each instance; not merged, sorted."""
    judged: int = 0
    """Pairs of rule and resource instance to which the rule applied."""
    passed: Mapping[str, frozenset[Definition]] = field(default_factory=dict)
    """By rule, the definitions of which an instance passed."""


def evaluate(rules: Iterable[Rule], graph: Graph, *, keep_passes: bool = False) -> Evaluation:
    """The verdicts of the rules on the graph's resources.

    A rule whose ``when`` is not met does not apply.  Where ``when`` cannot be told, the
    verdict is pass if ``require`` is met all the same, else unknown.  With `keep_passes`
    every pass is a finding, too.

    What is on its way out (`Inventory.removed`) is judged by rules about its source alone: it
    need not be in order, but a rule on plans may not want it to go.
    """
    findings: list[Finding] = []
    passed: dict[str, frozenset[Definition]] = {}
    judged = 0
    for rule in rules:
        if graph.inventory.source not in rule.sources:
            continue
        passing: set[Definition] = set()
        for linked in _subjects(rule, graph):
            judgement = _judge(rule, linked)
            if judgement is None:
                continue
            judged += 1
            verdict, reason = judgement
            if verdict is not Verdict.PASS:
                findings += _findings(rule, linked, verdict, reason)
                continue
            passing.add(definition(linked.resource))
            if keep_passes:
                findings.append(_passing(rule, linked))
        if passing:
            passed[rule.id] = frozenset(passing)
    return Evaluation(tuple(sorted(findings, key=sort_key)), judged, passed)


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of all inventories, those of one wrong line as one, sorted.

    Instances of a block, and a module that several others call, share a line; the finding of
    the first address speaks for all of them.  Those of another verdict or status stay apart, so
    triage comes first.  Fingerprints are unique afterwards.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        # Two states may have the same addresses; their fingerprints differ.
        place = finding.location or finding.fingerprint
        attribute = without_indexes(finding.attribute) if finding.location else finding.attribute
        outcome = (finding.verdict, finding.status, finding.waiver)
        groups.setdefault((finding.rule, outcome, place, attribute), []).append(finding)
    merged = sorted(map(_merge_group, groups.values()), key=sort_key)
    seen: dict[str, int] = {}
    unique = []
    for finding in merged:
        number = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if number > 1:
            finding = replace(finding, fingerprint=_digest(finding.fingerprint, str(number)))
        unique.append(finding)
    return tuple(unique)


def definition(resource: Resource) -> Definition:
    """What tells the block that declares a resource from others, whatever instance it is."""
    place = resource.block or resource.location
    if place is None:
        return _without_keys(resource.address, resource.source)
    return place.file, place.line, place.column


def definition_of(finding: Finding) -> Definition:
    """The definition that a finding is about."""
    place = finding.block or finding.location
    if place is None:
        return _without_keys(finding.address, finding.source)
    return place.file, place.line, place.column


def sort_key(finding: Finding) -> tuple[object, ...]:
    """Sorts findings by file, line, column and rule; those without a place last, by address."""
    place = finding.location
    where = (
        (1, finding.address, 0, 0) if place is None else (0, place.file, place.line, place.column)
    )
    return (*where, finding.rule, finding.address, finding.verdict, finding.attribute)


def _without_keys(address: str, source: Source) -> str:
    """An address without the instance keys of the resource and its modules."""
    # Live objects have no keys, but may have brackets in their names.
    return address if source is Source.LIVE else _KEY.sub("", address)


def without_indexes(attribute: str) -> str:
    """An attribute's path without the positions in lists: ``ingress.cidr_blocks``."""
    return _INDEX.sub("", attribute)


def _subjects(rule: Rule, graph: Graph) -> Iterator[LinkedResource]:
    """The resources that the rule is about."""
    for type in sorted(graph.types_like(rule.resources)):
        if type in rule.resources:
            yield from (each for each in graph.by_type[type] if not _is_judged(rule, graph, each))
        else:
            yield from graph.by_type[type]
    if rule.sources == {graph.inventory.source}:
        for linked in graph.removed:
            if any(fnmatchcase(linked.type, pattern) for pattern in rule.resources):
                yield linked


def _is_judged(rule: Rule, graph: Graph, linked: LinkedResource) -> bool:
    """Whether a resource without a place is judged as a part of what it configures.

    The findings of those that have a place are merged by it.
    """
    if linked.resource.location is not None:
        return False
    return not graph.configured.get(linked.resource.address, set()).isdisjoint(rule.resources)


def _judge(rule: Rule, linked: LinkedResource) -> tuple[Verdict, Condition] | None:
    """The verdict and the condition that explains it; ``None`` where the rule does not apply."""
    applies = Verdict.PASS if rule.when is None else rule.when.judge(linked)
    if applies is Verdict.FAIL:
        return None
    verdict = rule.require.judge(linked)
    if _live_doubt(linked) is not None:
        return Verdict.UNKNOWN, rule.require
    if rule.when is not None and applies is Verdict.UNKNOWN and verdict is not Verdict.PASS:
        return Verdict.UNKNOWN, rule.when
    return verdict, rule.require


def _live_doubt(linked: LinkedResource) -> Unknown | None:
    """Why a live resource may not exist: it stands for all that a failed listing did not tell."""
    return linked.resource.doubt if linked.resource.source is Source.LIVE else None


def _passing(rule: Rule, linked: LinkedResource) -> Finding:
    finding = _finding(rule, linked, Verdict.PASS, ())
    return replace(finding, message=escape(rule.title))


def _findings(
    rule: Rule, linked: LinkedResource, verdict: Verdict, reason: Condition
) -> Iterator[Finding]:
    """A finding for each place that is wrong: element of a repeated block, or line."""
    doubt = _live_doubt(linked)
    if doubt is not None:
        yield _finding(rule, linked, verdict, [Evidence((), verdict, rule.title, doubt)])
        return
    every = [replace(each, actual=_public(linked, each)) for each in reason.explain(linked)]
    evidence = [each for each in every if each.verdict is verdict] or every
    if not evidence:
        yield _finding(rule, linked, verdict, [Evidence((), verdict, rule.title)])
        return
    elements: dict[Path, list[Evidence]] = {}
    for each in evidence:
        elements.setdefault(_element(each.path), []).append(each)
    lines: dict[object, list[Evidence]] = {}
    for element, group in elements.items():
        place = linked.locate(group[0].path)
        line = element if place is None else (place.file, place.line)
        lines.setdefault(line, []).extend(group)
    for group in lines.values():
        yield _finding(rule, linked, verdict, group)


def _finding(
    rule: Rule, linked: LinkedResource, verdict: Verdict, evidence: Sequence[Evidence]
) -> Finding:
    resource = linked.resource
    path = evidence[0].path if evidence else ()
    attribute = format_path(path) if path else ""
    is_wasted = rule.unused and verdict is Verdict.FAIL
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        category=rule.category,
        verdict=verdict,
        source=linked.graph.inventory.source,
        address=resource.address,
        message=join_lines(
            describe(each, assumed=linked.is_assumed(each.path)) for each in evidence
        ),
        aliases=rule.aliases,
        location=linked.locate(path) if path else resource.location,
        block=resource.block,
        calls=resource.calls,
        attribute=attribute,
        actual=evidence[0].actual if evidence else None,
        expected=evidence[0].expected if evidence else "",
        chain=linked.trace(path) if path else (),
        confidence=rule.confidence,
        monthly_cost_usd=monthly_cost(linked) if is_wasted else None,
        searched=_searched(rule, linked.graph) if is_wasted else (),
        instances=(resource.address,),
        fingerprint=_fingerprint(rule, linked, attribute),
    )


def _searched(rule: Rule, graph: Graph) -> tuple[str, ...]:
    """Where uses were looked for, with the number of resources; globs by what they match."""
    types = {*graph.types_like(searched(rule)), *filter(str.isidentifier, searched(rule))}
    return tuple(f"{type} ({len(graph.by_type.get(type, ()))})" for type in sorted(types))


def _public(linked: LinkedResource, evidence: Evidence) -> Value:
    return withhold(linked.type, evidence.path, evidence.actual)


def _element(path: Path) -> Path:
    """The element of the outermost list that the path leads into; empty if into none."""
    for number, step in enumerate(path):
        if isinstance(step, int):
            return path[: number + 1]
    return ()


def _fingerprint(rule: Rule, linked: LinkedResource, attribute: str) -> str:
    """Identity over time: lines, module calls and instances may change, and it does not."""
    resource = linked.resource
    place = resource.block or resource.location
    address = _without_keys(resource.address, resource.source)
    if linked.graph.inventory.source is Source.LIVE:
        where = ""
    elif place is None:
        where = linked.graph.inventory.name
    else:
        where, address = dirname(place.file), _MODULE.sub("", address)
    return _digest(rule.id, where, address, without_indexes(attribute))


def _digest(*parts: str) -> str:
    # JSON may have halves of characters in its texts.
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]


def _is_from_companion(finding: Finding) -> bool:
    """Whether the place lies outside the resource's own block: in a companion's."""
    place, block = finding.location, finding.block
    if place is None or block is None:
        return False
    inside = block.line <= place.line <= block.end_line
    return place.file != block.file or not inside


def _merge_group(group: Sequence[Finding]) -> Finding:
    # Where a resource and a companion folded into it are both judged, the resource is meant.
    group = [finding for finding in group if _is_from_companion(finding)] or group
    if len(group) == 1 and len(group[0].instances) == 1:
        # Thousands of live resources, each with a finding of its own, need no copies.
        return group[0]
    first = min(group, key=lambda finding: finding.address)
    instances = {address for finding in group for address in finding.instances}
    return replace(first, instances=tuple(sorted(instances)))
