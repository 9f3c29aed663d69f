"""The JSON report: one document with everything that a run found.

Described for readers in ``docs/report-format.md`` and for programs in ``report.schema.json``.
Keys stand in a fixed order, one finding a line, so that two reports can be compared as text.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator

from auditkit.model import (
    Coverage,
    Finding,
    Fix,
    Location,
    Problem,
    Report,
    Rule,
    Severity,
    Status,
    Step,
    Verdict,
)
from auditkit.redaction import mask_text
from auditkit.reporters.encoding import Encoded, dump, dump_list, encode_value
from auditkit.reporters.hiding import hide_secrets
from auditkit.reporters.options import RenderOptions

SCHEMA_VERSION = "1.1"
"""The first number changes when a key changes its meaning or goes, the second when one comes."""


def render(report: Report, options: RenderOptions) -> Iterator[str]:
    """The report as one JSON document, in pieces."""
    yield "{\n"
    for key, value in encode_header(report, options).items():
        yield f"{dump(key)}: {dump(value)},\n"
    yield f'"summary": {dump(encode_summary(report))},\n'
    yield f'"coverage": {dump(encode_coverage(report.coverage))},\n'
    yield from dump_list("problems", map(encode_problem, report.problems))
    yield ",\n"
    yield from dump_list("rules", encode_rules(report))
    yield ",\n"
    yield from dump_list("findings", encode_findings(report))
    yield "\n}\n"


def encode_header(report: Report, options: RenderOptions) -> Encoded:
    """Who made the report, when, and of what."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": options.tool, "version": options.version},
        "generated_at": options.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "root": _root(report, options),
    }


def encode_summary(report: Report) -> Encoded:
    """The counts, by definition and not by instance."""
    severities = Counter(
        finding.severity
        for finding in report.findings
        if finding.verdict is Verdict.FAIL and finding.status is Status.OPEN
    )
    return {
        "complete": report.complete,
        "counts": {
            key: report.counts.get(key, 0)
            for key in ("pass", "fail", "unknown", "waived", "baseline")
        },
        "severities": {
            severity.label: severities[severity] for severity in sorted(Severity, reverse=True)
        },
    }


def encode_coverage(coverage: Coverage) -> Encoded:
    """What was looked at."""
    return {
        "files": coverage.files,
        "roots": list(coverage.roots),
        "resources": coverage.resources,
        "types": dict(sorted(coverage.types.items())),
        "rules": coverage.rules,
        "judged": coverage.judged,
        "notes": list(coverage.notes),
        "places": list(coverage.places),
    }


def encode_problem(problem: Problem) -> Encoded:
    """A part of the world that could not be read."""
    return {
        "kind": problem.kind,
        "message": mask_text(problem.message),
        **_encode_place(problem.location),
        "incomplete": problem.incomplete,
    }


def encode_rules(report: Report) -> Iterator[Encoded]:
    """The rules that ran, by id: what all findings of a rule have in common."""
    for _, rule in sorted(report.rules.items()):
        yield _encode_rule(rule)


def encode_findings(report: Report) -> Iterator[Encoded]:
    """The findings in the report's order."""
    advice = {name: rule.fix.advice for name, rule in report.rules.items()}
    for finding in report.findings:
        yield encode_finding(hide_secrets(finding), advice.get(finding.rule, ""))


def encode_finding(finding: Finding, advice: str) -> Encoded:
    """One finding, with the `advice` on how to mend it."""
    return {
        "rule": finding.rule,
        "aliases": list(finding.aliases),
        "severity": finding.severity.label,
        "category": finding.category,
        "verdict": finding.verdict.label,
        "status": finding.status.value,
        "address": finding.address,
        "source": finding.source.value,
        **_encode_place(finding.location),
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "instances": list(finding.instances),
        "attribute": finding.attribute,
        "actual": encode_value(finding.actual),
        "expected": finding.expected,
        "chain": [_encode_step(step) for step in finding.chain],
        "calls": [_encode_place(call) for call in finding.calls],
        "confidence": finding.confidence,
        "monthly_cost_usd": finding.monthly_cost_usd,
        "searched": list(finding.searched),
        "fix": advice,
        "waiver": finding.waiver,
    }


def _encode_rule(rule: Rule) -> Encoded:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.label,
        "category": rule.category,
        "confidence": rule.confidence,
        "resources": list(rule.resources),
        "why": rule.why,
        "fix": _encode_fix(rule.fix),
        "links": list(rule.links),
        "aliases": list(rule.aliases),
        "params": encode_value(rule.params),
    }


def _encode_place(location: Location | None) -> Encoded:
    if location is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def _encode_step(step: Step) -> Encoded:
    return {"text": step.text, **_encode_place(step.location)}


def _encode_fix(fix: Fix) -> Encoded:
    return {
        "advice": fix.advice,
        "set": encode_value(fix.set),
        "replaces": fix.replaces,
    }


def _root(report: Report, options: RenderOptions) -> str:
    """The root relative to the working directory: a report must not tell of the machine."""
    if not options.cwd:
        return "."
    return posixpath.relpath(report.root.replace("\\", "/"), options.cwd.replace("\\", "/"))
