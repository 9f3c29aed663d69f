"""What a reporter may be told besides the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditkit import __version__


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to render a report; each reporter reads what concerns it."""

    now: datetime
    """When the report is made; aware, UTC."""
    read_source: Callable[[str], str | None]
    """The text of a file named by `Location.file`, newlines untouched; ``None`` without one.

    Reporters read no files themselves; the caller sees to it that nothing outside of
    `Report.root` is read.
    """
    version: str = __version__
    tool: str = "auditkit"
    cwd: str = ""
    """Absolute directory that text paths are shown relative to; empty for `Report.root`."""
    repository: str = ""
    """Absolute top of the checkout, which SARIF paths start from; empty for `Report.root`."""
    anchor: str = ""
    """The file, as `Location.file`, that SARIF gives to findings that have none.

    Empty for the first that any finding has.
    """
    sarif_category: str = "auditkit/terraform/"
    """SARIF's ``automationDetails.id``; up to its last slash it is GitHub's category."""
    colour: bool = False
    width: int = 100
    """Columns of the terminal."""
    show_all: bool = False
    """Whether to list also what passed, is unknown, waived or in the baseline."""
    include_waived: bool = False
    """Whether to list waived findings; SARIF marks them as suppressed."""
