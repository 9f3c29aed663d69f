"""Report to text, one module a format; a new format is a module and a line of the table.

A reporter is a function of the report and the `RenderOptions`.  It reads no files and writes
none, and gives its text in pieces, because 100,000 findings need not be held as one string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from auditkit.model import Report
from auditkit.reporters import document, json_lines, sarif, text
from auditkit.reporters.options import RenderOptions

Reporter = Callable[[Report, RenderOptions], Iterable[str]]

REPORTERS: Mapping[str, Reporter] = {
    "text": text.render,
    "json": document.render,
    "jsonl": json_lines.render,
    "sarif": sarif.render,
}
"""The formats by the names that ``--format`` takes."""

__all__ = ["REPORTERS", "RenderOptions", "Reporter"]
