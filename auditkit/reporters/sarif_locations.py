"""Places as SARIF names them: files of the checkout, and regions in them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from auditkit.model import Finding, Location, Report
from auditkit.reporters.encoding import Encoded
from auditkit.reporters.fingerprints import hash_lines
from auditkit.reporters.options import RenderOptions

BASE_ID = "%SRCROOT%"

_USUAL_ANCHOR = ".auditkit.yaml"


@dataclass(frozen=True, slots=True)
class Checkout:
    """The repository that the report's files lie in."""

    prefix: str
    """From the top of the checkout to `Report.root`."""
    anchor: str
    """The file that stands for findings without one."""
    read_source: Callable[[str], str | None]
    _uris: dict[str, str | None] = field(default_factory=dict)
    _hashes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def uri(self, file: str) -> str | None:
        """The file's relative URI from the top of the checkout.

        ``None`` if GitHub could not show it: outside of the checkout, or downloaded into
        ``.terraform``, which nobody commits.
        """
        if file not in self._uris:
            self._uris[file] = self._make_uri(file)
        return self._uris[file]

    def primary(self, finding: Finding) -> Location:
        """Where GitHub shows the finding: always in a file of the checkout.

        For a finding in a downloaded module that is the nearest module call outside of it; for
        one without any file the anchor's first line.
        """
        places = [finding.location, *reversed(finding.calls)]
        return next(
            (place for place in places if place and self.uri(place.file)),
            Location(self.anchor, 1, 1, 1, 1),
        )

    def encode(self, location: Location) -> Encoded:
        """The ``physicalLocation``; columns count code points, as `Location` does."""
        start_line, start_column = max(location.line, 1), max(location.column, 1)
        end_line, end_column = max(location.end_line, start_line), max(location.end_column, 1)
        if end_line == start_line:
            end_column = max(end_column, start_column)
        return {
            "artifactLocation": {
                "uri": self.uri(location.file) or _quote(self.anchor),
                "uriBaseId": BASE_ID,
            },
            "region": {
                "startLine": start_line,
                "startColumn": start_column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        }

    def line_hash(self, location: Location) -> str | None:
        """GitHub's hash of the line, or ``None`` if the file cannot be read."""
        if location.file not in self._hashes:
            text = self.read_source(location.file)
            self._hashes[location.file] = () if text is None else hash_lines(text)
        hashes = self._hashes[location.file]
        return hashes[location.line - 1] if 0 < location.line <= len(hashes) else None

    def _make_uri(self, file: str) -> str | None:
        path = posixpath.normpath(posixpath.join(self.prefix, file))
        if path.startswith(("../", "/")) or ".terraform" in path.split("/"):
            return None
        return _quote(path)


def find_checkout(report: Report, options: RenderOptions) -> Checkout:
    """The checkout of this report."""
    prefix = ""
    if options.repository:
        root, top = (path.replace("\\", "/") for path in (report.root, options.repository))
        prefix = posixpath.relpath(root, top)
    files = (finding.location.file for finding in report.findings if finding.location)
    anchor = options.anchor or next(files, _USUAL_ANCHOR)
    return Checkout(prefix, anchor, options.read_source)


def _quote(path: str) -> str:
    # A colon in the first name would read as the end of a URI scheme, so it is encoded, too.
    return quote(os.fsencode(path), safe="/-._~!$&'()*+,;=@")
