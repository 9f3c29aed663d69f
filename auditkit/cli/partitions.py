"""What one root module, plan or state came to, and the first as JSON for the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditkit.engine import Definition, Evaluation
from auditkit.model import (
    Finding,
    Ignore,
    Location,
    Problem,
    Severity,
    Source,
    Step,
    Unknown,
    Value,
    Verdict,
)
from auditkit.redaction import mask_text

# What `json.loads` returns; `decode` raises for what is not of our making.
Json = Any


@dataclass(frozen=True, slots=True)
class Partition:
    """What one root module, plan or state came to."""

    evaluation: Evaluation
    problems: tuple[Problem, ...]
    ignores: tuple[Ignore, ...]
    files: tuple[str, ...]
    types: Mapping[str, int]
    is_fixed: bool = True
    """Whether the same files give the same again."""
    source: Source = Source.CODE
    passes: int = 0
    """Definitions that passed, by rule, where `evaluation` does not name them."""


def encode(partition: Partition) -> Json:
    """The partition in JSON's types."""
    evaluation = partition.evaluation
    return {
        "findings": [encode_finding(finding) for finding in evaluation.findings],
        "judged": evaluation.judged,
        "passed": {
            rule: [list(one) if isinstance(one, tuple) else one for one in sorted(found, key=str)]
            for rule, found in evaluation.passed.items()
        },
        "problems": [_encode_problem(problem) for problem in partition.problems],
        "ignores": [_encode_ignore(ignore) for ignore in partition.ignores],
        "files": list(partition.files),
        "types": dict(partition.types),
    }


def decode(document: Json) -> Partition:
    """The partition that `encode` was given.

    Raises `KeyError`, `TypeError`, `ValueError` or `IndexError` for anything else.
    """
    return Partition(
        evaluation=Evaluation(
            findings=tuple(decode_finding(one) for one in document["findings"]),
            judged=int(document["judged"]),
            passed={
                rule: frozenset(_decode_definition(one) for one in found)
                for rule, found in document["passed"].items()
            },
        ),
        problems=tuple(_decode_problem(one) for one in document["problems"]),
        ignores=tuple(_decode_ignore(one) for one in document["ignores"]),
        files=tuple(document["files"]),
        types=dict(document["types"]),
    )


def _decode_definition(one: Json) -> Definition:
    if isinstance(one, str):
        return one
    file, line, column = one
    return file, line, column


def _encode_location(place: Location | None) -> Json:
    if place is None:
        return None
    return [place.file, place.line, place.column, place.end_line, place.end_column]


def _decode_location(one: Json) -> Location | None:
    return None if one is None else Location(*one)


def _place(one: Json) -> Location:
    return Location(*one)


def encode_finding(finding: Finding) -> Json:
    """An open finding in JSON's types."""
    return [
        finding.rule,
        int(finding.severity),
        finding.category,
        int(finding.verdict),
        finding.source.value,
        finding.address,
        finding.message,
        list(finding.aliases),
        _encode_location(finding.location),
        _encode_location(finding.block),
        [_encode_location(call) for call in finding.calls],
        finding.attribute,
        _encode_value(finding.actual),
        finding.expected,
        [[step.text, _encode_location(step.location)] for step in finding.chain],
        list(finding.instances),
        finding.fingerprint,
        finding.confidence,
        finding.monthly_cost_usd,
        list(finding.searched),
    ]


def decode_finding(one: Json) -> Finding:
    """The finding that `encode_finding` was given; raises as `decode` does."""
    return Finding(
        rule=one[0],
        severity=Severity(one[1]),
        category=one[2],
        verdict=Verdict(one[3]),
        source=Source(one[4]),
        address=one[5],
        message=one[6],
        aliases=tuple(one[7]),
        location=_decode_location(one[8]),
        block=_decode_location(one[9]),
        calls=tuple(_place(call) for call in one[10]),
        attribute=one[11],
        actual=_decode_value(one[12]),
        expected=one[13],
        chain=tuple(Step(text, _place(place)) for text, place in one[14]),
        instances=tuple(one[15]),
        fingerprint=one[16],
        confidence=one[17],
        monthly_cost_usd=one[18],
        searched=tuple(one[19]),
    )


def _encode_value(value: Value) -> Json:
    """A value with its unknown parts: mappings are tagged, so that none can look like one."""
    if isinstance(value, Unknown):
        return {"?": value.cause, "sensitive": value.sensitive}
    if isinstance(value, Mapping):
        return {"=": {key: _encode_value(member) for key, member in value.items()}}
    if isinstance(value, (list, tuple)):
        return [_encode_value(member) for member in value]
    return value


def _decode_value(value: Json) -> Value:
    if isinstance(value, dict):
        if "?" in value:
            return Unknown(value["?"], sensitive=value["sensitive"])
        return {key: _decode_value(member) for key, member in value["="].items()}
    if isinstance(value, list):
        return [_decode_value(member) for member in value]
    decoded: Value = value
    return decoded


def _encode_problem(problem: Problem) -> Json:
    return [
        problem.kind,
        mask_text(problem.message),
        _encode_location(problem.location),
        mask_text(problem.snippet),
        problem.incomplete,
    ]


def _decode_problem(one: Json) -> Problem:
    return Problem(one[0], one[1], _decode_location(one[2]), one[3], incomplete=one[4])


def _encode_ignore(ignore: Ignore) -> Json:
    return [
        list(ignore.rules),
        ignore.reason,
        None if ignore.until is None else ignore.until.isoformat(),
        _encode_location(ignore.location),
        _encode_location(ignore.target),
        ignore.dialect,
    ]


def _decode_ignore(one: Json) -> Ignore:
    until = None if one[2] is None else date.fromisoformat(one[2])
    return Ignore(tuple(one[0]), one[1], until, _place(one[3]), _place(one[4]), one[5])
