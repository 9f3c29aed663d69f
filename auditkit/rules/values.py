"""Comparing and naming state-shaped values, some of which, or parts of them, are unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from auditkit.model import Unknown, Value, Verdict

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")


def to_text(value: Value) -> str | None:
    """A scalar as Terraform writes it in a string; ``None`` for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return None


def to_number(value: Value) -> int | float | None:
    """A number, or the number that a string spells; ``None`` for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
        return int(number) if number.is_integer() else number
    return None


def same(actual: Value, expected: Value) -> Verdict:
    """Whether the two are equal; `expected` is wholly known.

    Scalars are compared as Terraform converts them, ``"7"`` with 7 and ``"true"`` with true.
    Lists are equal when they hold the same elements in any order, since most lists of the
    provider are sets.
    """
    if isinstance(actual, Unknown):
        return _may_be(actual, expected)
    if isinstance(expected, (list, tuple)):
        return _same_elements(actual, expected) if isinstance(actual, (list, tuple)) else FAIL
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or actual.keys() != expected.keys():
            return FAIL
        return min((same(actual[key], expected[key]) for key in expected), default=PASS)
    return PASS if _same_scalar(actual, expected) else FAIL


def _same_scalar(actual: Value, expected: Value) -> bool:
    if type(actual) is type(expected):
        return actual == expected
    if isinstance(actual, bool) or isinstance(expected, bool):
        return to_text(actual) == to_text(expected)
    number = to_number(actual)
    return number is not None and number == to_number(expected)


def _same_elements(actual: Sequence[Value], expected: Sequence[Value]) -> Verdict:
    if len(actual) != len(expected):
        return FAIL
    remaining = list(expected)
    doubtful: list[Value] = []
    for item in actual:
        verdicts = [same(item, candidate) for candidate in remaining]
        if PASS in verdicts:
            del remaining[verdicts.index(PASS)]
        elif UNKNOWN in verdicts:
            doubtful.append(item)
        else:
            return FAIL
    return UNKNOWN if doubtful else PASS


def _may_be(actual: Unknown, expected: Value) -> Verdict:
    if expected is None:
        return FAIL if is_certain_to_exist(actual) else UNKNOWN
    text = to_text(expected)
    if is_concrete(actual) and text in ("", "*"):
        return FAIL
    if not actual.parts:
        return UNKNOWN
    return UNKNOWN if text is not None and could_be(actual, text) else FAIL


def is_certain_to_exist(value: Unknown) -> bool:
    """Whether it is certainly not null, although it is unknown otherwise."""
    return is_certain_to_be_filled(value) or bool(value.parts)


def is_certain_to_be_filled(value: Unknown) -> bool:
    """Whether it is certainly neither null nor empty, although it is unknown otherwise."""
    if value.present or value.keys or value.document is not None:
        return True
    return any(isinstance(piece, str) or piece.present for piece in pieces(value))


def is_concrete(value: Unknown) -> bool:
    """Whether it is exactly what another resource's attribute is: a name, never a pattern."""
    return value.present and bool(value.references) and not value.parts


def pieces(value: Unknown) -> Iterator[str | Unknown]:
    """The known and unknown pieces of a string in order; itself when nothing is known."""
    if not value.parts:
        yield value
    for part in value.parts:
        if isinstance(part, Unknown):
            yield from pieces(part)
        elif part:
            yield part


def known_start(value: Unknown) -> str:
    """What the string certainly starts with; empty when nothing is known of it."""
    text = ""
    for piece in pieces(value):
        if isinstance(piece, Unknown):
            break
        text += piece
    return text


def known_end(value: Unknown) -> str:
    """What the string certainly ends with; empty when nothing is known of it."""
    text = ""
    for piece in reversed(list(pieces(value))):
        if isinstance(piece, Unknown):
            break
        text = piece + text
    return text


def known_texts(value: Unknown) -> tuple[str, ...]:
    """The pieces that the string certainly contains, in order."""
    texts = [""]
    for piece in pieces(value):
        if isinstance(piece, Unknown):
            texts.append("")
        else:
            texts[-1] += piece
    return tuple(text for text in texts if text)


def could_be(value: Unknown, text: str) -> bool:
    """Whether the unknown pieces could be filled so that `text` comes out."""
    start, end = known_start(value), known_end(value)
    if len(start) + len(end) > len(text):
        return False
    if not (text.startswith(start) and text.endswith(end)):
        return False
    inner = text[len(start) : len(text) - len(end)]
    position = 0
    for piece in known_texts(value)[bool(start) : -1 if end else None]:
        position = inner.find(piece, position) + len(piece)
        if position < len(piece):
            return False
    return True


def format_value(value: Value) -> str:
    """A value in a sentence: ``true``, ``7``, ``"aws:kms"``, ``["a", "b"]``."""
    if isinstance(value, Unknown):
        return "(unknown)"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(format_value, value))}]"
    if isinstance(value, dict):
        members = (f"{key}: {format_value(member)}" for key, member in value.items())
        return f"{{{', '.join(members)}}}"
    return json.dumps(value, ensure_ascii=False)


def list_words(words: Iterable[str], conjunction: str) -> str:
    """``a, b and c``, with any conjunction."""
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def judge_empty(value: Value) -> Verdict:
    """Whether it is null, an empty text, list or map."""
    if isinstance(value, Unknown):
        return FAIL if is_certain_to_be_filled(value) else UNKNOWN
    return PASS if value is None or value in ("", [], (), {}) else FAIL


def as_list(value: Value) -> Sequence[Value]:
    """A list as it is, null as an empty one, and anything else as a list of one."""
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)
