"""Text for terminals: styles, the width of characters, and escapes for those that could lie."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

STYLES = {
    "critical": "1;37;41",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "unknown": "1;35",
    "pass": "1;32",
    "waived": "2",
    "baseline": "2",
    "error": "1;31",
    "warning": "1;33",
    "path": "1",
    "strong": "1",
    "dim": "2",
    "fix": "32",
}
"""Style to the parameters of the ANSI sequence that switches it on."""

ELLIPSIS = "…"
TAB_WIDTH = 4

# Control characters, and characters without a shape of their own: with them, a name or a source
# line could move the cursor, colour the screen or show text in another order than it is read in
# (https://trojansource.codes).
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Paints text, or leaves it as it is."""

    colour: bool

    def paint(self, style: str, text: str) -> str:
        """`text` in one of the `STYLES`."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour else text


def escape(text: str) -> str:
    r"""`text` with ``\x1b`` or ``\u202e`` in place of every invisible character."""
    return text if text.isprintable() else _INVISIBLE.sub(_escape_match, text)


def display_width(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def shorten(text: str, width: int) -> str:
    """`text`, or as much of its beginning as fits into `width` columns with an ellipsis."""
    if display_width(text) <= width:
        return text
    used = 1
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > width:
            return text[:index].rstrip() + ELLIPSIS
    return text


def _escape_match(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
