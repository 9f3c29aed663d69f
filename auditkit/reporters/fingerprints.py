"""The line hash by which GitHub code scanning recognises an alert in a changed file."""

from __future__ import annotations

import itertools
import re
import sys
from collections import Counter

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_OLDEST_FACTOR = pow(_BASE, _WINDOW, 1 << 64)
_END_OF_FILE = 0xFFFF
_LINE_FEED = 0x0A
_NEWLINE = re.compile(r"\r\n?")
_UTF_16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def hash_lines(text: str) -> tuple[str, ...]:
    """``primaryLocationLineHash`` of each line of a file, the first line first.

    `text` is the file's content with its newlines untouched.  Equal to what
    ``github/codeql-action/upload-sarif`` computes when a result has no hash, so that it does
    not warn about ours: a polynomial over the 100 UTF-16 units that follow the start of the
    line, without blanks and tabs, in 64 bits; then how often that value occurred so far.
    https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
    """
    kept = _NEWLINE.sub("\n", text).replace(" ", "").replace("\t", "")
    units = [
        *memoryview(kept.encode(_UTF_16, "surrogatepass")).cast("H"),
        _END_OF_FILE,
        *itertools.repeat(0, _WINDOW),
    ]
    # prefixes[i] is the polynomial of the first i units; two of them give that of any window.
    prefixes = [0, *itertools.accumulate(units, _append)]
    starts = [0, *(index for index, unit in enumerate(units, start=1) if unit == _LINE_FEED)]
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = (prefixes[start + _WINDOW] - prefixes[start] * _OLDEST_FACTOR) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return tuple(hashes)


def _append(value: int, unit: int) -> int:
    return (value * _BASE + unit) & _MASK
