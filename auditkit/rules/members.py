"""Operators on the elements of lists, the keys of maps, and the parts of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.model import Evidence, Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Judge, Simple, invert
from auditkit.rules.operands import take_list, take_texts
from auditkit.rules.paths import Path
from auditkit.rules.values import (
    FAIL,
    PASS,
    UNKNOWN,
    format_value,
    judge_empty,
    known_texts,
    list_words,
    same,
    to_text,
)


def contains(operand: Value) -> Expectation:
    """Has the given element (of a list), text (of a text) or key with a value (of a map).

    Null, an empty list and everything else fails. A list with unknown elements passes when a
    known one is it, and is unknown otherwise; a text with unknown pieces likewise.
    """
    if isinstance(operand, (list, tuple, dict)):
        raise ValueError("contains takes one value; for several use contains_all or contains_any")

    def one(item: Value) -> Verdict:
        return same(item, operand)

    words = format_value(operand)
    return Simple(
        lambda value: _holds(value, operand),
        f"{words} in it",
        f"no {words} in it",
        verb="has",
        one=one,
        one_refused=f"anything but {words}",
    )


def contains_all(operand: Value) -> Expectation:
    """Has all of the given elements, texts or keys, each as by `contains`.

    Null fails, and so does an empty list.
    """
    wanted = take_list(operand)

    def judge(value: Value) -> Verdict:
        return min(_holds(value, item) for item in wanted)

    words = format_value(wanted)
    return Simple(judge, f"all of {words} in it", f"not all of {words} in it", verb="has")


def contains_any(operand: Value) -> Expectation:
    """Has at least one of the given elements, texts or keys, each as by `contains`.

    Null fails, and so does an empty list.
    """
    wanted = take_list(operand)

    def judge(value: Value) -> Verdict:
        return max(_holds(value, item) for item in wanted)

    def one(item: Value) -> Verdict:
        return max(same(item, choice) for choice in wanted)

    words = format_value(wanted)
    return Simple(
        judge,
        f"one of {words} in it",
        f"none of {words} in it",
        verb="has",
        one=one,
        one_refused=f"none of {words}",
    )


def _holds(value: Value, wanted: Value) -> Verdict:
    if isinstance(value, (list, tuple)):
        return max((same(item, wanted) for item in value), default=FAIL)
    text = to_text(wanted)
    if isinstance(value, Unknown):
        if not text:
            return UNKNOWN
        is_known = text in value.keys or any(text in piece for piece in known_texts(value))
        return PASS if is_known else UNKNOWN
    if text is None:
        return FAIL
    if isinstance(value, dict):
        return invert(same(value.get(text), None))
    return PASS if isinstance(value, str) and text in value else FAIL


def has_keys(operand: Value) -> Expectation:
    """Is a map that has all the given keys, none of them with an empty value.

    Null, an empty map and everything else fails. A key whose value is unknown is unknown, unless
    it is certain not to be empty.
    """
    return Keys(take_texts(operand))


@dataclass(frozen=True, slots=True)
class Keys:
    """What `has_keys` expects; its evidence names only the keys that are missing."""

    keys: tuple[str, ...]

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a map."""
        keys = self.keys
        return lambda value: min(_judge_key(value, key) for key in keys)

    def words(self, *, negated: bool) -> str:
        """The keys."""
        return f"has {'not all of ' if negated else ''}{_name_keys(self.keys)}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The map, and which of the keys decided."""
        decided = self.judge(value)
        keys = [key for key in self.keys if _judge_key(value, key) is decided]
        verdict = invert(decided) if negated else decided
        words = f"not all of {_name_keys(keys)}" if negated else _name_keys(keys)
        yield Evidence(path, verdict, words, value)


def _name_keys(keys: Sequence[str]) -> str:
    return f"the key{'s'[: len(keys) - 1]} {list_words(map(format_value, keys), 'and')}"


def _judge_key(value: Value, key: str) -> Verdict:
    if isinstance(value, Unknown):
        return PASS if key in value.keys else UNKNOWN
    return invert(judge_empty(value.get(key))) if isinstance(value, dict) else FAIL
