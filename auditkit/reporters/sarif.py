"""SARIF 2.1.0 as GitHub code scanning takes it; ``docs/sarif.md`` says what is in it and why.

GitHub rejects a file as a whole for one result without a usable location, and drops what is
beyond its limits without a word, so both are seen to here.
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.model import Location, Report, Status
from auditkit.redaction import mask_text
from auditkit.reporters.encoding import Encoded, dump, dump_list
from auditkit.reporters.options import RenderOptions
from auditkit.reporters.sarif_locations import BASE_ID, Checkout, find_checkout
from auditkit.reporters.sarif_results import Alert, collect_alerts, encode_alert
from auditkit.reporters.sarif_rules import describe_rule, describe_stranger, truncate
from auditkit.reporters.terminal import escape

SCHEMA_URL = "https://json.schemastore.org/sarif-2.1.0.json"
PROJECT_URL = "https://github.com/auditkit/auditkit"
MAX_RESULTS = 5000
"""GitHub keeps so many of a run, the worst ones, and drops the rest."""

_SEMANTIC_VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class _Note:
    """One of ``toolExecutionNotifications``."""

    kind: str
    level: str
    text: str
    location: Location | None = None


def render(report: Report, options: RenderOptions) -> Iterator[str]:
    """The report as a SARIF log with one run, in pieces."""
    checkout = find_checkout(report, options)
    alerts, omitted = collect_alerts(report, options, checkout, most=MAX_RESULTS)
    rules = _describe_rules(report)
    notes = tuple(_notifications(report, options, omitted=omitted))
    yield f'{{"$schema": {dump(SCHEMA_URL)},\n"version": "2.1.0",\n"runs": [{{\n'
    yield f'"tool": {{"driver": {{{dump(_describe_driver(options))[1:-1]},\n'
    yield from dump_list("rules", rules)
    yield "}},\n"
    for key, value in _describe_run(report, options, notes, checkout).items():
        yield f"{dump(key)}: {dump(value)},\n"
    yield from dump_list("results", _encode_results(report, alerts, rules, checkout))
    yield "}]}\n"


def _describe_rules(report: Report) -> Sequence[Encoded]:
    """The rules that ran, and those that only their findings tell of, each once."""
    described = {name: describe_rule(rule) for name, rule in report.rules.items()}
    for finding in report.findings:
        if finding.rule not in described:
            described[finding.rule] = describe_stranger(
                finding.rule, finding.severity, finding.category
            )
    return [described[name] for name in sorted(described)]


def _encode_results(
    report: Report, alerts: Sequence[Alert], rules: Sequence[Encoded], checkout: Checkout
) -> Iterator[Encoded]:
    positions = {rule["id"]: index for index, rule in enumerate(rules)}
    has_baseline = any(finding.status is Status.BASELINE for finding in report.findings)
    for alert in alerts:
        first = alert.findings[0]
        result = encode_alert(
            alert,
            rule=report.rules.get(first.rule),
            rule_index=positions[first.rule],
            checkout=checkout,
        )
        if has_baseline:
            is_old = first.status is Status.BASELINE
            result["baselineState"] = "unchanged" if is_old else "new"
        yield result


def _describe_driver(options: RenderOptions) -> Encoded:
    """The tool; its version tells GitHub a change of the tool from one of the code."""
    is_semantic = _SEMANTIC_VERSION.fullmatch(options.version)
    return {
        "name": options.tool,
        "informationUri": PROJECT_URL,
        "version": options.version,
        **({"semanticVersion": options.version} if is_semantic else {}),
    }


def _describe_run(
    report: Report, options: RenderOptions, notes: Sequence[_Note], checkout: Checkout
) -> Encoded:
    """What stands beside the tool and the results."""
    category = options.sarif_category
    return {
        # Up to its last slash it is the category: without one there is none.
        "automationDetails": {"id": category if "/" in category else category + "/"},
        "originalUriBaseIds": {BASE_ID: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": report.complete,
                "toolExecutionNotifications": [_notify(note, checkout) for note in notes],
            }
        ],
    }


def _notifications(report: Report, options: RenderOptions, *, omitted: int) -> Iterator[_Note]:
    """What a reader has to know about the results; GitHub itself does not show it."""
    if omitted:
        text = f"{omitted:,} omitted: GitHub keeps the {MAX_RESULTS:,} worst results of a run."
        yield _Note("results-omitted", "warning", text)
    for problem in report.problems:
        level = "error" if problem.incomplete else "warning"
        yield _Note(problem.kind, level, mask_text(problem.message), problem.location)
    for text in report.coverage.notes:
        yield _Note("not-covered", "warning", text)
    unknown = report.counts.get("unknown", 0)
    if unknown and not options.show_all:
        text = f"Unknown verdicts, left out here: {unknown:,}. --all lists them."
        yield _Note("verdicts-unknown", "note", text)


def _notify(note: _Note, checkout: Checkout) -> Encoded:
    notification: Encoded = {
        "descriptor": {"id": note.kind},
        "level": note.level,
        "message": {"text": truncate(escape(note.text))},
    }
    if note.location and checkout.uri(note.location.file):
        notification["locations"] = [{"physicalLocation": checkout.encode(note.location)}]
    return notification
