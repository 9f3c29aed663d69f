"""The findings of accounts of any size, kept on disk until they are reported."""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from auditkit.cli.partitions import decode_finding, encode_finding
from auditkit.engine import merge, sort_key
from auditkit.errors import AuditkitError
from auditkit.model import Finding

_TABLE = "CREATE TABLE finding (address BLOB, rule BLOB, attribute BLOB, encoded TEXT)"
_INDEX = "CREATE INDEX IF NOT EXISTS sorted ON finding (address, rule, attribute)"
_INSERT = "INSERT INTO finding VALUES (?, ?, ?, ?)"
_SELECT = "SELECT address, rule, encoded FROM finding ORDER BY address, rule, attribute"


class Spool:
    """Open findings without a place in code, merged and sorted whenever they are gone through.

    A few stay in memory; of more, SQLite writes what does not fit in its cache to a temporary
    file that has no name and goes with the process: https://www.sqlite.org/inmemorydb.html
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(_TABLE)

    def add(self, findings: Iterable[Finding]) -> None:
        """Keeps findings; raises `AuditkitError` when the disk is full."""
        rows = (
            (_key(each.address), _key(each.rule), _key(each.attribute), _dump(each))
            for each in findings
        )
        with _writing():
            self._database.execute("BEGIN")
            self._database.executemany(_INSERT, rows)
            self._database.execute("COMMIT")

    def __iter__(self) -> Iterator[Finding]:
        with _writing():
            self._database.execute(_INDEX)
        rows = self._database.execute(_SELECT)
        # The same object may have been read twice; what is merged has one rule and address.
        for _, group in groupby(rows, key=lambda row: row[:2]):
            yield from merge(decode_finding(json.loads(encoded)) for *_, encoded in group)

    def among(self, few: Sequence[Finding]) -> Iterable[Finding]:
        """These and `few`, which are sorted, in order; it may be gone through again and again."""
        return _Among(few, self)


@dataclass(frozen=True, slots=True)
class _Among:
    """Findings that are sorted already, and those of a spool between them."""

    few: Sequence[Finding]
    spool: Spool

    def __iter__(self) -> Iterator[Finding]:
        return heapq.merge(self.few, self.spool, key=sort_key)


def _key(text: str) -> bytes:
    """What SQLite sorts as Python sorts the text."""
    return text.encode("utf-8", "surrogatepass")


def _dump(finding: Finding) -> str:
    return json.dumps(encode_finding(finding), separators=(",", ":"))


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise AuditkitError(
            f"can't keep the findings on disk: {error}; TMPDIR names the directory to use"
        ) from error
