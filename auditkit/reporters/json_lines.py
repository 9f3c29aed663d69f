"""The report as JSON Lines: one object a line, told apart by its ``type``.

The objects are those of the JSON report; ``docs/report-format.md`` describes both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditkit.model import Report
from auditkit.reporters import document
from auditkit.reporters.encoding import Encoded, dump
from auditkit.reporters.options import RenderOptions


def render(report: Report, options: RenderOptions) -> Iterator[str]:
    """A ``report`` line, then rules, findings and problems, and at the end the ``summary``."""
    yield from _lines("report", [document.encode_header(report, options)])
    yield from _lines("rule", document.encode_rules(report))
    yield from _lines("finding", document.encode_findings(report))
    yield from _lines("problem", map(document.encode_problem, report.problems))
    yield from _lines("coverage", [document.encode_coverage(report.coverage)])
    yield from _lines("summary", [document.encode_summary(report)])


def _lines(kind: str, items: Iterable[Encoded]) -> Iterator[str]:
    for item in items:
        yield dump({"type": kind, **item}) + "\n"
