"""What can be asked of one value: an explicit table of operators.

Each operator is a function from its operand to an `Expectation`; it raises `ValueError`, in
words for the author of the rule, when the operand is not what it takes.  Its docstring is its
reference in ``docs/rule-language.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Judge, Opposite, Simple, of_elements
from auditkit.rules.members import contains, contains_all, contains_any, has_keys
from auditkit.rules.operands import take_bool, take_list, take_number, take_text
from auditkit.rules.patterns import judge_pattern
from auditkit.rules.ranges import is_public_cidr, overlaps_cidr, within_cidr
from auditkit.rules.texts import ends_with, matches, starts_with
from auditkit.rules.times import newer_than, older_than
from auditkit.rules.values import (
    FAIL,
    PASS,
    UNKNOWN,
    format_value,
    is_certain_to_exist,
    judge_empty,
    same,
    to_number,
    to_text,
)
from auditkit.rules.versions import version_gte


def equals(operand: Value) -> Expectation:
    """Is the given value; the same as writing the value without an operator.

    Scalars are compared as Terraform converts them: the text `"7"` is the number 7, `"true"` is
    true. Lists are equal when they hold the same elements in any order. An absent attribute
    equals `null` and nothing else. A text with unknown pieces fails when the known ones rule
    the given value out.
    """

    def judge(value: Value) -> Verdict:
        return same(value, operand)

    if operand is None:
        return Simple(judge, "no value", "a value", verb="has")
    words = format_value(operand)
    return Simple(_equality(operand) or judge, words, f"anything but {words}")


def _equality(operand: Value) -> Judge | None:
    """A quicker way to compare with a bool or a text, which nearly all rules do."""
    if isinstance(operand, str) and to_number(operand) is None and operand not in _BOOL_TEXTS:

        def judge_text(value: Value) -> Verdict:
            if isinstance(value, Unknown):
                return same(value, operand)
            return PASS if value == operand else FAIL

        return judge_text
    if isinstance(operand, bool):
        text = to_text(operand)

        def judge_bool(value: Value) -> Verdict:
            if isinstance(value, Unknown):
                return same(value, operand)
            return PASS if value is operand or value == text else FAIL

        return judge_bool
    return None


_BOOL_TEXTS = ("true", "false")


def is_in(operand: Value) -> Expectation:
    """Is one of the given values, compared as by `equals`.

    Null fails, unless `null` is one of them. An unknown value is unknown, unless its known
    pieces rule all of them out.
    """
    choices = take_list(operand)

    def judge(value: Value) -> Verdict:
        return max(same(value, choice) for choice in choices)

    words = format_value(choices)
    return Simple(judge, f"one of {words}", f"none of {words}")


def exists(operand: Value) -> Expectation:
    """Is not null (`true`), or is null or absent (`false`).

    An empty text, list or map exists. An unknown value exists when that is certain: when it is
    another resource's own attribute, such as its `arn`, or when a piece of it is known.
    """
    test = Simple(_judge_existence, "a value", "no value", verb="has")
    return test if take_bool(operand) else Opposite(test)


def _judge_existence(value: Value) -> Verdict:
    if isinstance(value, Unknown):
        return PASS if is_certain_to_exist(value) else UNKNOWN
    return FAIL if value is None else PASS


def empty(operand: Value) -> Expectation:
    """Is null, an empty text, an empty list or an empty map (`true`), or is not (`false`).

    Zero and false are not empty, and neither is a list of unknown elements. An unknown value is
    not empty when that is certain.
    """
    test = Simple(judge_empty, "no value", "a value", verb="has")
    return test if take_bool(operand) else Opposite(test)


def gte(operand: Value) -> Expectation:
    """Is a number that is at least the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number >= limit),
        f"at least {operand}",
        f"below {operand}",
    )


def gt(operand: Value) -> Expectation:
    """Is a number above the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number > limit),
        f"above {operand}",
        f"at most {operand}",
    )


def lte(operand: Value) -> Expectation:
    """Is a number that is at most the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number <= limit),
        f"at most {operand}",
        f"above {operand}",
    )


def lt(operand: Value) -> Expectation:
    """Is a number below the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number < limit),
        f"below {operand}",
        f"at least {operand}",
    )


def _compare(value: Value, holds: Callable[[float], bool]) -> Verdict:
    if isinstance(value, Unknown):
        return UNKNOWN
    number = to_number(value)
    return PASS if number is not None and holds(number) else FAIL


def covers(operand: Value) -> Expectation:
    """Is an IAM pattern, or a list with one, that covers the given action or ARN.

    `*` and `?` in the value are wildcards. Actions are compared without regard to case, ARNs
    with it. Null, an empty list and everything else fails. A pattern with unknown pieces fails
    when no filling could cover the name.
    """
    name = take_text(operand)

    def one(value: Value) -> Verdict:
        return judge_pattern(value, name)

    words = format_value(name)
    return Simple(
        of_elements(one),
        f"a pattern that covers {words}",
        f"no pattern that covers {words}",
        verb="has",
        one=one,
    )


OPERATORS: Mapping[str, Callable[[Value], Expectation]] = {
    "equals": equals,
    "in": is_in,
    "exists": exists,
    "empty": empty,
    "gte": gte,
    "gt": gt,
    "lte": lte,
    "lt": lt,
    "matches": matches,
    "starts_with": starts_with,
    "ends_with": ends_with,
    "contains": contains,
    "contains_all": contains_all,
    "contains_any": contains_any,
    "has_keys": has_keys,
    "within_cidr": within_cidr,
    "overlaps_cidr": overlaps_cidr,
    "is_public_cidr": is_public_cidr,
    "version_gte": version_gte,
    "covers": covers,
}
"""Operators by the name that rules use."""


TIME_OPERATORS: Mapping[str, Callable[[Value, datetime], Expectation]] = {
    "older_than": older_than,
    "newer_than": newer_than,
}
"""Operators that also need to know the time."""
