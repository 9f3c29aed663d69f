"""Report to text, one module a format; a new format is a module and a line of the table.

A reporter is a function of the report and the `RenderOptions`.  It reads no files and writes
none, and gives its text in pieces, because 100,000 findings need not be held as one string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from auditkit.model import Report
from auditkit.reporters.options import RenderOptions

Reporter = Callable[[Report, RenderOptions], Iterable[str]]

REPORTERS: Mapping[str, str] = {
    "text": "auditkit.reporters.text",
    "json": "auditkit.reporters.document",
    "jsonl": "auditkit.reporters.json_lines",
    "sarif": "auditkit.reporters.sarif",
}
"""The formats by the names that ``--format`` takes, and the modules that render them."""


def find_reporter(name: str) -> Reporter:
    """The reporter of a format; its module is imported when it is first asked for."""
    reporter: Reporter = import_module(REPORTERS[name]).render
    return reporter


__all__ = ["REPORTERS", "RenderOptions", "Reporter", "find_reporter"]
