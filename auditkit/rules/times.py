"""Operators on times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Simple
from auditkit.rules.operands import take_text
from auditkit.rules.values import FAIL, PASS, UNKNOWN, format_value


def older_than(operand: Value, now: datetime) -> Expectation:
    """Is a time that lies further back than `12h`, `90d` or `4w`; a plain number is days.

    Times are RFC 3339; without a zone they are UTC. Null and what is no time fails, here and in
    `newer_than` alike.
    """
    words, age = _take_age(operand)
    return Simple(
        lambda value: _judge_time(value, lambda time: time < now - age),
        f"older than {words}",
        f"not older than {words}",
    )


def newer_than(operand: Value, now: datetime) -> Expectation:
    """Is a time that lies less far back than `12h`, `90d` or `4w`; a plain number is days.

    Times are RFC 3339; without a zone they are UTC. Null and what is no time fails, here and in
    `older_than` alike.
    """
    words, age = _take_age(operand)
    return Simple(
        lambda value: _judge_time(value, lambda time: time >= now - age),
        f"newer than {words}",
        f"not newer than {words}",
    )


def _judge_time(value: Value, holds: Callable[[datetime], bool]) -> Verdict:
    if isinstance(value, Unknown):
        return UNKNOWN
    time = _read_time(value) if isinstance(value, str) else None
    return PASS if time is not None and holds(time) else FAIL


_TIME = r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|z|[+-]\d\d:?\d\d)?)?"


def _read_time(text: str) -> datetime | None:
    found = re.fullmatch(_TIME, text.strip())
    if found is None:
        return None
    date, clock, zone = found.groups()
    hours = "+00:00" if zone is None or zone in "Zz" else zone[:3] + ":" + zone[-2:]
    try:
        return datetime.fromisoformat(f"{date}T{clock or '00:00'}{hours}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


_AGE = r"(\d{1,6})\s*([hdw])"


_UNITS = {"h": ("hours", 1), "d": ("days", 24), "w": ("weeks", 24 * 7)}


def _take_age(operand: Value) -> tuple[str, timedelta]:
    number = operand if isinstance(operand, int) and not isinstance(operand, bool) else None
    found = re.fullmatch(_AGE, f"{number}d" if number is not None else take_text(operand))
    if found is None:
        raise ValueError(f"not an age: {format_value(operand)}; write 12h, 90d or 4w")
    unit, hours = _UNITS[found[2]]
    return f"{found[1]} {unit}", timedelta(hours=int(found[1]) * hours)
