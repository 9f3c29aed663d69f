"""Source lines for reports: without secrets, laid out so that a range can be underlined."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from auditkit.model import Location
from auditkit.redaction import MASK, Span, mask_text, secret_spans
from auditkit.reporters.terminal import ELLIPSIS, TAB_WIDTH, display_width, escape


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The lines of one file, and where secrets stand in them."""

    lines: tuple[str, ...]
    secrets: Mapping[int, tuple[Span, ...]]


@dataclass(slots=True)
class SourceFiles:
    """Reads every file once, however many findings it has."""

    read_source: Callable[[str], str | None]
    _files: dict[str, SourceFile | None] = field(default_factory=dict)

    def open(self, name: str) -> SourceFile | None:
        """The file of that name, or ``None`` if there is no text of it."""
        if name not in self._files:
            text = self.read_source(name)
            self._files[name] = None if text is None else _split(text)
        return self._files[name]


@dataclass(frozen=True, slots=True)
class Snippet:
    """One source line as a terminal shows it; columns count from 0."""

    text: str
    start: int
    """The column at which the range begins."""
    length: int
    """How many columns of the range are shown; at least 1."""


def cut_snippet(source: SourceFile, location: Location, width: int) -> Snippet | None:
    """The first line of `location`, at most `width` columns of it around the range.

    Secrets are masked, tabs expanded and invisible characters escaped.  ``None`` when the file
    has no such line.
    """
    if not 0 < location.line <= len(source.lines):
        return None
    line = source.lines[location.line - 1]
    start = min(location.column - 1, len(line))
    end = location.end_column - 1 if location.end_line == location.line else len(line)
    cells = _lay_out(line, source.secrets.get(location.line, ()))
    # columns[i] is where the line's character i stands on the screen.
    columns = [0, *itertools.accumulate(map(display_width, cells))]
    first, last = columns[start], columns[max(start, min(end, len(line)))]
    if columns[-1] <= width:
        return Snippet("".join(cells), first, max(1, last - first))
    return _cut(cells, columns, (first, last), width)


def snippet_of_line(line: str) -> str:
    """A source line that stands alone, masked and escaped."""
    return escape(mask_text(line.expandtabs(TAB_WIDTH)))


def _split(text: str) -> SourceFile:
    # The reader of HCL counts lines by line feeds alone, and a byte order mark as nothing.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return SourceFile(tuple(text.split("\n")), secret_spans(text))


def _lay_out(line: str, secrets: Sequence[Span]) -> Sequence[str]:
    """What the screen shows for each character of `line`."""
    if line.isascii() and line.isprintable() and not secrets:
        return line
    cells: list[str] = []
    column = 0
    for character in line:
        cell = " " * (TAB_WIDTH - column % TAB_WIDTH) if character == "\t" else escape(character)
        cells.append(cell)
        column += display_width(cell)
    for start, end in secrets:
        cells[start:end] = [MASK, *[""] * (end - start - 1)]
    return cells


def _cut(cells: Sequence[str], columns: Sequence[int], shown: Span, width: int) -> Snippet:
    """`width` columns of the line with the range in them, an ellipsis where text is left out."""
    first, last = shown
    # A third of the width is for what comes before the range, more if the end of the line is near.
    left = 0 if last < width else max(0, min(first - width // 3, columns[-1] - width))
    begin = bisect.bisect_left(columns, left + 1) if left else 0
    before = ELLIPSIS if begin else ""
    room = width - len(before) - len(ELLIPSIS)
    end = max(begin + 1, bisect.bisect_right(columns, columns[begin] + room) - 1)
    after = ELLIPSIS if end < len(cells) else ""
    return Snippet(
        before + "".join(cells[begin:end]) + after,
        first - columns[begin] + len(before),
        max(1, min(last, columns[end]) - first),
    )
