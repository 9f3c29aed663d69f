"""The report for a terminal: findings by file and place, then what they add up to."""

from __future__ import annotations

import functools
import itertools
import os.path
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditkit.model import (
    CONFIDENCES,
    Finding,
    Location,
    Problem,
    Report,
    Severity,
    Source,
    Status,
    Verdict,
)
from auditkit.redaction import mask_text
from auditkit.reporters.hcl import format_value
from auditkit.reporters.hiding import hide_secrets
from auditkit.reporters.options import RenderOptions
from auditkit.reporters.snippets import Snippet, SourceFiles, cut_snippet, snippet_of_line
from auditkit.reporters.terminal import Palette, display_width, escape, shorten

_LABEL_WIDTH = 9
_ROW_WIDTH = 6
_MIN_WIDTH = 60
_MAX_STEPS = 6
_MAX_NAMES = 5
_MAX_VALUE = 200

_COUNT_STYLES = {
    "pass": "pass",
    "fail": "error",
    "unknown": "unknown",
    "waived": "waived",
    "baseline": "baseline",
}

_KEY = re.compile(r"\[[^\[\]]*\]")


def render(report: Report, options: RenderOptions) -> Iterator[str]:
    """The report as text, in pieces of a place each."""
    page = _Page(report, options, Palette(options.colour), SourceFiles(options.read_source))
    yield from page.findings()
    yield from page.problems()
    yield from page.summary()


@dataclass(frozen=True, slots=True)
class _Page:
    """One report on its way to one terminal."""

    report: Report
    options: RenderOptions
    palette: Palette
    sources: SourceFiles
    paths: dict[str, str] = field(default_factory=dict)
    """`Location.file` to the path that is shown."""

    @property
    def width(self) -> int:
        return max(self.options.width, _MIN_WIDTH)

    def findings(self) -> Iterator[str]:
        """A paragraph for every place, and all findings there in it."""
        listed = map(hide_secrets, filter(self._is_listed, self.report.findings))
        for _, findings in itertools.groupby(listed, _place):
            group = sorted(findings, key=lambda finding: _STYLE_ORDER.index(_style(finding)))
            first = group[0]
            worst = _style(first)
            lines = [self._head(first.location, first.address, first.instances)]
            # What passed needs no code, and may be a hundred times as much as what failed.
            if worst != "pass":
                lines += self._snippet(first.location, worst)
                lines += self._origin(first)
            for finding in group:
                lines += self._verdict(finding)
            yield "\n".join(lines) + "\n\n"

    def problems(self) -> Iterator[str]:
        """A paragraph for every problem."""
        for problem in self.report.problems:
            lines = []
            if problem.location:
                lines += [self._head(problem.location, "", ())]
            lines += self._snippet_of(problem)
            label = "error" if problem.incomplete else "warning"
            lines += self._entry(label, label, problem.kind, mask_text(problem.message))
            yield "\n".join(lines) + "\n\n"

    def summary(self) -> Iterator[str]:
        """The counts, what was not covered, and where to read on."""
        paint = self.palette.paint
        report = self.report
        failures = _sum_up(filter(_is_failure, report.findings))
        yield _verdict_line(failures, self.palette) + "\n"
        yield f"{_checked(report)}\n"
        yield f"{_counts(report, self.palette)}\n"
        if report.coverage.notes:
            yield "Not covered:\n"
            yield from (f"  - {escape(note)}\n" for note in report.coverage.notes)
        if not report.complete:
            unread = sum(problem.incomplete for problem in report.problems)
            because = f" because of {_count(unread, 'problem')} above" if unread else ""
            yield paint("error", f"Incomplete: findings may be missing{because}.") + "\n"
        if report.counts.get("unknown") and not self.options.show_all:
            yield paint("dim", "List what is unknown, and why, with --all.") + "\n"
        if failures.worst is not None:
            example = escape(failures.worst.rule)
            yield paint("dim", f"Read on with `auditkit explain {example}`.") + "\n"

    def _is_listed(self, finding: Finding) -> bool:
        if self.options.show_all or _is_failure(finding):
            return True
        return self.options.include_waived and finding.status is Status.WAIVED

    def _head(self, location: Location | None, address: str, instances: Sequence[str]) -> str:
        """``main.tf:3:5  aws_s3_bucket.logs["a"] and 3 more``."""
        place = self.palette.paint("path", self._point(location)) if location else ""
        if not address:
            return place
        others = [name for name in instances if name != address]
        address = escape(address)
        if others:
            used = display_width(self._point(location)) if location else 0
            named = ", ".join(_short_names(address, map(escape, others[:_MAX_NAMES])))
            text = f" and {len(others):,} more: {named}" + ", …" * (len(others) > _MAX_NAMES)
            room = max(20, self.width - used - 2 - display_width(address))
            address += self.palette.paint("dim", shorten(text, room))
        return f"{place}  {address}" if place else address

    def _point(self, location: Location) -> str:
        """``main.tf:3:5``, as terminals and editors recognise it."""
        path = self.paths.get(location.file)
        if path is None:
            path = self.paths[location.file] = escape(self._relative_path(location.file))
        return f"{path}:{location.line}:{location.column}"

    def _relative_path(self, file: str) -> str:
        if not self.options.cwd:
            return file
        path = os.path.join(self.report.root, file)
        try:
            return os.path.relpath(path, self.options.cwd)
        except ValueError:  # On Windows, there is no way from one drive to another.
            return path

    def _snippet(self, location: Location | None, style: str) -> Iterator[str]:
        if location is None:
            return
        source = self.sources.open(location.file)
        snippet = cut_snippet(source, location, self._code_width(location)) if source else None
        if snippet:
            yield from self._lines_of(snippet, location, style)

    def _snippet_of(self, problem: Problem) -> Iterator[str]:
        style = "error" if problem.incomplete else "warning"
        lines = list(self._snippet(problem.location, style))
        if not lines and problem.location and problem.snippet:
            text = shorten(snippet_of_line(problem.snippet), self._code_width(problem.location))
            lines = [f"{self._gutter(str(problem.location.line))} {text}"]
        yield from lines

    def _lines_of(self, snippet: Snippet, location: Location, style: str) -> Iterator[str]:
        yield f"{self._gutter(str(location.line))} {snippet.text}".rstrip()
        # A coloured background is for words.
        style = "high" if style == "critical" else style
        underline = self.palette.paint(style, "^" * snippet.length)
        yield f"{self._gutter('')} {' ' * snippet.start}{underline}"

    def _origin(self, finding: Finding) -> Iterator[str]:
        """Where the value came from, or else the module calls that lead there."""
        stations = [(escape(step.text), step.location) for step in finding.chain[:_MAX_STEPS]]
        if not stations:
            stations = [("module call", call) for call in reversed(finding.calls)]
        for text, location in stations:
            yield f"{self._gutter('')} {text} ← {self._point(location)}"

    def _gutter(self, number: str) -> str:
        return self.palette.paint("dim", f"{number:>6} │")

    def _code_width(self, location: Location) -> int:
        return self.width - max(6, len(str(location.line))) - 3

    def _verdict(self, finding: Finding) -> Iterator[str]:
        """The label, rule and message, then what helps to understand and to mend it."""
        yield from self._entry(_style(finding), _style(finding), finding.rule, finding.message)
        if finding.waiver:
            yield from self._row("why", finding.waiver, "dim")
        if not _is_failure(finding):
            return
        if finding.source in _NOT_IN_CODE:
            yield from self._row("seen", f"in the {finding.source.value}", "dim")
        if finding.expected and finding.expected not in finding.message:
            yield from self._row("found", _found(finding), "dim")
        if finding.searched:
            yield from self._row("uses", f"none among {', '.join(finding.searched)}", "dim")
        if finding.monthly_cost_usd:
            yield from self._row("cost", f"about ${finding.monthly_cost_usd:,.2f} a month", "dim")
        if finding.confidence != CONFIDENCES[0]:
            yield from self._row("sure", f"{finding.confidence} confidence", "dim")
        rule = self.report.rules.get(finding.rule)
        if rule and rule.fix.advice:
            note = " (This replaces the resource.)" if rule.fix.replaces else ""
            yield from self._row("fix", rule.fix.advice + note, "fix")

    def _entry(self, style: str, label: str, name: str, text: str) -> Iterator[str]:
        """``high     rule: message``, wrapped below the rule."""
        plain = f"{escape(name)}: {escape(text)}"
        first, *rest = _wrap(plain, self.width - _LABEL_WIDTH - 2)
        name, _, message = first.partition(": ")
        label = self.palette.paint(style, label) + " " * (_LABEL_WIDTH - len(label))
        yield f"  {label}{self.palette.paint('strong', name)}: {message}"
        yield from (" " * (_LABEL_WIDTH + 2) + line for line in rest)

    def _row(self, label: str, text: str, style: str) -> Iterator[str]:
        indent = " " * (_LABEL_WIDTH + 2)
        first, *rest = _wrap(escape(text), self.width - len(indent) - _ROW_WIDTH) or [""]
        yield f"{indent}{self.palette.paint(style, f'{label:<{_ROW_WIDTH}}')}{first}"
        yield from (f"{indent}{' ' * _ROW_WIDTH}{line}" for line in rest)


_STYLE_ORDER = (
    *(severity.label for severity in sorted(Severity, reverse=True)),
    "unknown",
    "pass",
    "baseline",
    "waived",
)


_NOT_IN_CODE = (Source.PLAN, Source.STATE)
"""Where values may differ from those in the line that is shown."""


def _style(finding: Finding) -> str:
    """The word that stands before a finding, which is also its style."""
    if finding.verdict is not Verdict.FAIL:
        return finding.verdict.label
    if finding.status is not Status.OPEN:
        return str(finding.status.value)
    return finding.severity.label


def _is_failure(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL and finding.status is Status.OPEN


def _place(finding: Finding) -> tuple[object, ...]:
    """What findings share that are shown below one snippet."""
    return finding.location, finding.address, finding.instances, finding.chain


def _short_names(address: str, others: Iterable[str]) -> Iterator[str]:
    """The addresses, of those that differ from `address` in a single key just that key."""
    skeleton, keys = _KEY.sub("[]", address), _KEY.findall(address)
    for name in others:
        differing = [key for key, own in zip(_KEY.findall(name), keys, strict=False) if key != own]
        is_instance = _KEY.sub("[]", name) == skeleton and len(differing) == 1
        yield differing[0] if is_instance else name


def _found(finding: Finding) -> str:
    actual = finding.actual
    found = "nothing" if actual is None else shorten(format_value(actual), _MAX_VALUE)
    return f"{found}, expected {finding.expected}"


@dataclass(slots=True)
class _Failures:
    """What the failures add up to."""

    severities: Counter[Severity] = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    worst: Finding | None = None
    """The first of the worst ones."""


def _sum_up(findings: Iterable[Finding]) -> _Failures:
    failures = _Failures()
    for finding in findings:
        failures.severities[finding.severity] += 1
        if finding.location:
            failures.files.add(finding.location.file)
        if failures.worst is None or finding.severity > failures.worst.severity:
            failures.worst = finding
    return failures


def _verdict_line(failures: _Failures, palette: Palette) -> str:
    if failures.worst is None:
        return palette.paint("pass", "No findings.")
    severities = failures.severities
    parts = (
        palette.paint(severity.label, f"{severities[severity]} {severity.label}")
        for severity in sorted(severities, reverse=True)
    )
    places = f" in {_count(len(failures.files), 'file')}" if failures.files else ""
    number = _count(severities.total(), "finding") + places
    return f"{palette.paint('strong', number)}: {', '.join(parts)}"


def _checked(report: Report) -> str:
    coverage = report.coverage
    where = []
    if coverage.roots or not coverage.places:
        roots = _count(len(coverage.roots), "root module")
        where.append(f"{_count(coverage.files, 'file')} of {roots}")
    if coverage.places:
        accounts = {place.partition("/")[0] for place in coverage.places}
        regions = _count(len({place.partition("/")[2] for place in coverage.places}), "region")
        where.append(f"{regions} of {_count(len(accounts), 'account')}")
    return (
        f"Checked {_count(coverage.resources, 'resource')} in {' and '.join(where)} against "
        f"{_count(coverage.rules, 'rule')}."
    )


def _counts(report: Report, palette: Palette) -> str:
    """``Verdicts: 210 pass, 7 fail, 3 unknown, 2 waived, 1 baseline``."""
    counts = report.counts
    return "Verdicts: " + ", ".join(
        palette.paint(style, f"{counts[key]:,} {key}") if counts.get(key) else f"0 {key}"
        for key, style in _COUNT_STYLES.items()
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@functools.lru_cache(maxsize=1024)
def _wrap(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
