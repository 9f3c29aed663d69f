"""Operators on texts."""

from __future__ import annotations

import re

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Simple
from auditkit.rules.operands import take_text, take_texts
from auditkit.rules.values import (
    FAIL,
    PASS,
    UNKNOWN,
    format_value,
    known_end,
    known_start,
    known_texts,
    list_words,
    to_text,
)


def matches(operand: Value) -> Expectation:
    """Has a part that the regular expression matches; `^` and `$` tie it to the ends.

    The syntax is Python's (`re.search`). Numbers and booleans are matched as text. Null and
    everything else fails. A text with unknown pieces passes when a known piece matches whatever
    the others are, and fails when its known start contradicts an expression that begins with
    `^` and literal text.
    """
    pattern = take_text(operand)
    try:
        search = re.compile(pattern).search
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return _match_pieces(value, pattern)
        text = to_text(value)
        return PASS if text is not None and search(text) else FAIL

    return Simple(judge, f"a match of /{pattern}/", f"no match of /{pattern}/")


# Whether these hold depends on the characters around, which may be unknown ones.
_LOOKS_AROUND = r"\\[bBZ]|\(\?[=!<]|\(\?[a-zA-Z]"


_LITERAL_START = r"\^((?:[\w:/@-](?![?*{+]))*)"


def _match_pieces(value: Unknown, pattern: str) -> Verdict:
    start = known_start(value)
    literal = re.match(_LITERAL_START, pattern)
    if literal and "|" not in pattern:
        known = min(len(start), len(literal[1]))
        if start[:known] != literal[1][:known]:
            return FAIL
    if re.search(_LOOKS_AROUND, pattern):
        return UNKNOWN
    bare = pattern.replace("[^", "[")
    candidates = set(known_texts(value))
    if "^" in bare or "\\A" in bare:
        candidates &= {start}
    if "$" in bare:
        candidates &= {known_end(value)}
    is_found = any(re.search(pattern, text) for text in candidates if text)
    return PASS if is_found else UNKNOWN


def starts_with(operand: Value) -> Expectation:
    """Starts with the given text, or with one of several.

    Null and everything else but a text fails. Of a text with unknown pieces the known start
    decides where it can.
    """
    choices = take_texts(operand)

    def judge_unknown(value: Unknown) -> Verdict:
        start = known_start(value)
        if start.startswith(choices):
            return PASS
        return UNKNOWN if any(choice.startswith(start) for choice in choices) else FAIL

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return judge_unknown(value)
        return PASS if isinstance(value, str) and value.startswith(choices) else FAIL

    words = list_words(map(format_value, choices), "or")
    return Simple(judge, f"a text that starts with {words}", f"no text that starts with {words}")


def ends_with(operand: Value) -> Expectation:
    """Ends with the given text, or with one of several.

    Null and everything else but a text fails. Of a text with unknown pieces the known end
    decides where it can.
    """
    choices = take_texts(operand)

    def judge_unknown(value: Unknown) -> Verdict:
        end = known_end(value)
        if end.endswith(choices):
            return PASS
        return UNKNOWN if any(choice.endswith(end) for choice in choices) else FAIL

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return judge_unknown(value)
        return PASS if isinstance(value, str) and value.endswith(choices) else FAIL

    words = list_words(map(format_value, choices), "or")
    return Simple(judge, f"a text that ends with {words}", f"no text that ends with {words}")
