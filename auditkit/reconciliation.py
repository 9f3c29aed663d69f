"""One verdict where several sources speak of the same block: code, its plan, its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Union

from auditkit.engine import Definition, Evaluation, definition_of
from auditkit.model import Finding, Location, Source, Verdict

_Place = tuple[str, Union[Location, None]]

_ORDER = (Source.PLAN, Source.CODE, Source.STATE, Source.LIVE, Source.PIPELINE)
"""Who speaks for all of them where they agree."""


def reconcile(judged: Sequence[tuple[Source, Evaluation]]) -> tuple[Evaluation, ...]:
    """The evaluations without what another of them says better, in their order.

    It is about findings of one rule on one block of code:

    - A plan knows what code leaves open.  Where a plan tells, code says nothing, and what is
      unknown to both is said once.
    - Where one source fails it is of no use that another cannot tell.
    - Failures of several sources at one place are one finding, that of the plan, else of the
      code, with the instances of all.  A state may fail where the code is mended already, and
      pass where the code is worse than what was applied; either failure stays.

    Without code there are no blocks, and every source speaks for itself.
    """
    if len({source for source, _ in judged}) < 2:
        return tuple(evaluation for _, evaluation in judged)
    verdicts = _verdicts(judged)
    left = [
        [each for each in evaluation.findings if not _is_superseded(each, source, verdicts)]
        for source, evaluation in judged
    ]
    speakers: dict[_Place, Source] = {}
    instances: dict[_Place, set[str]] = {}
    for (source, _), findings in zip(judged, left, strict=True):
        for finding in filter(_is_placed_failure, findings):
            place = finding.rule, finding.location
            instances.setdefault(place, set()).update(finding.instances)
            speakers[place] = min(speakers.get(place, source), source, key=_ORDER.index)
    return tuple(
        replace(evaluation, findings=tuple(_spoken(findings, source, speakers, instances)))
        for (source, evaluation), findings in zip(judged, left, strict=True)
    )


def _spoken(
    findings: Sequence[Finding],
    source: Source,
    speakers: Mapping[_Place, Source],
    instances: Mapping[_Place, set[str]],
) -> list[Finding]:
    """The findings that this source speaks for, with the instances of all."""
    spoken = []
    for finding in findings:
        place = finding.rule, finding.location
        if not _is_placed_failure(finding):
            spoken.append(finding)
        elif speakers[place] is source:
            every = tuple(sorted({*finding.instances, *instances[place]}))
            spoken.append(replace(finding, instances=every))
    return spoken


def _is_placed_failure(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL and finding.block is not None


def _verdicts(
    judged: Sequence[tuple[Source, Evaluation]],
) -> Mapping[tuple[str, Definition], Mapping[Source, set[Verdict]]]:
    """What each source says of each block that rules were about."""
    verdicts: dict[tuple[str, Definition], dict[Source, set[Verdict]]] = {}
    for source, evaluation in judged:
        for finding in evaluation.findings:
            found = verdicts.setdefault((finding.rule, definition_of(finding)), {})
            found.setdefault(source, set()).add(finding.verdict)
        for rule, definitions in evaluation.passed.items():
            for definition in definitions:
                found = verdicts.setdefault((rule, definition), {})
                found.setdefault(source, set()).add(Verdict.PASS)
    return verdicts


def _is_superseded(
    finding: Finding,
    source: Source,
    verdicts: Mapping[tuple[str, Definition], Mapping[Source, set[Verdict]]],
) -> bool:
    """Whether another source says more of the same block."""
    if finding.block is None:
        return False
    said = verdicts[finding.rule, definition_of(finding)]
    if finding.verdict is Verdict.PASS:
        return any(_ORDER.index(other) < _ORDER.index(source) for other in said)
    is_unknown = finding.verdict is Verdict.UNKNOWN
    planned = said.get(Source.PLAN) if source is Source.CODE else None
    if planned is not None and (is_unknown or Verdict.UNKNOWN not in planned):
        return True
    fails_elsewhere = any(
        Verdict.FAIL in found for other, found in said.items() if other is not source
    )
    return is_unknown and fails_elsewhere
