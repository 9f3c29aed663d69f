"""formatdate, plantimestamp, timeadd, timecmp, timestamp.

https://developer.hashicorp.com/terraform/language/functions/formatdate and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, text

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)


def parse_timestamp(value: str) -> datetime:
    """The moment that an RFC 3339 timestamp names, in its own time zone."""
    found = _TIMESTAMP.fullmatch(value)
    if found is None:
        raise EvaluationError("not a valid RFC3339 timestamp")
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
    microsecond = int((found[7] or "0")[:6].ljust(6, "0"))
    try:
        zone = timezone(-offset if found[8] == "-" else offset)
        return datetime(year, month, day, hour, minute, second, microsecond, zone)
    except ValueError as error:
        raise EvaluationError(f"not a valid RFC3339 timestamp: {error}") from None


_UNITS = {
    "ns": Decimal("0.001"),
    "us": Decimal(1),
    "µs": Decimal(1),
    "μs": Decimal(1),
    "ms": Decimal(1000),
    "s": Decimal(1_000_000),
    "m": Decimal(60_000_000),
    "h": Decimal(3_600_000_000),
}
_AMOUNT = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]+)")
# Go counts nanoseconds in 64 bits.
_LONGEST_MICROSECONDS = 2**63 // 1000


def parse_duration(value: str) -> timedelta:
    """The duration that Go's notation names, e.g. ``-1h30m`` or ``1.5h``."""
    unsigned = value[1:] if value[:1] in ("-", "+") else value
    if unsigned == "0":
        return timedelta()
    microseconds = Decimal(0)
    position = 0
    while position < len(unsigned):
        found = _AMOUNT.match(unsigned, position)
        if found is None or len(found[1]) > 20:
            raise EvaluationError(f'time: invalid duration "{value}"')
        if found[2] not in _UNITS:
            raise EvaluationError(f'time: unknown unit "{found[2]}" in duration "{value}"')
        microseconds += Decimal(found[1]) * _UNITS[found[2]]
        position = found.end()
    if not unsigned or microseconds > _LONGEST_MICROSECONDS:
        raise EvaluationError(f'time: invalid duration "{value}"')
    duration = timedelta(microseconds=int(microseconds))
    return -duration if value.startswith("-") else duration


def add_time(timestamp: str, duration: str) -> str:
    """The timestamp that much later, to the second."""
    try:
        moment = parse_timestamp(timestamp) + parse_duration(duration)
    except OverflowError:
        raise EvaluationError("the year is out of range") from None
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + _offset(moment, ":", utc="Z")


def compare_times(left: str, right: str) -> int:
    """-1, 0 or 1: whether `left` is earlier, the same or later."""
    first, second = parse_timestamp(left), parse_timestamp(right)
    return (first > second) - (first < second)


def format_date(layout: str, timestamp: str) -> str:
    """The timestamp laid out by Terraform's letters."""
    moment = parse_timestamp(timestamp)
    return "".join(_pieces(layout, moment))


def _pieces(layout: str, moment: datetime) -> Iterator[str]:
    position = 0
    while position < len(layout):
        found = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+").match(layout, position)
        if found is None:
            raise EvaluationError("unterminated literal '")
        position = found.end()
        if found[1] is not None:
            yield found[1].replace("''", "'")
        elif found[2] is not None:
            yield _letters(found[0], moment)
        else:
            yield found[0]


def _letters(verb: str, moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    match verb:
        case "YYYY":
            return f"{moment.year:04}"
        case "YY":
            return f"{moment.year % 100:02}"
        case "MMMM":
            return _MONTHS[moment.month - 1]
        case "MMM":
            return _MONTHS[moment.month - 1][:3]
        case "MM" | "DD" | "hh" | "mm" | "ss":
            return f"{_FIELDS[verb[0]](moment):02}"
        case "M" | "D" | "h" | "m" | "s":
            return str(_FIELDS[verb](moment))
        case "EEEE":
            return _DAYS[moment.weekday()]
        case "EEE":
            return _DAYS[moment.weekday()][:3]
        case "HH":
            return f"{hour:02}"
        case "H":
            return str(hour)
        case "AA":
            return half
        case "aa":
            return half.lower()
        case "ZZZZZ":
            return _offset(moment, ":")
        case "ZZZZ":
            return _offset(moment, "")
        case "ZZZ":
            return _offset(moment, "", utc="UTC")
        case "Z":
            return _offset(moment, ":", utc="Z")
    raise EvaluationError(f'invalid date format verb "{verb}"')


_FIELDS = {
    "M": lambda moment: moment.month,
    "D": lambda moment: moment.day,
    "h": lambda moment: moment.hour,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
}


def _offset(moment: datetime, separator: str, *, utc: str = "") -> str:
    offset = moment.utcoffset()
    assert offset is not None
    if utc and not offset:
        return utc
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{separator}{rest:02}"


def now() -> Unknown:
    """Not told: it is the time at which Terraform runs."""
    return Unknown("`timestamp()` is known only when Terraform runs")


def plan_time() -> Unknown:
    """Not told: it is the time at which Terraform plans."""
    return Unknown("`plantimestamp()` is known only when Terraform runs")


FUNCTIONS: Mapping[str, Function] = {
    "formatdate": Function(format_date, (text("format"), text("time"))),
    "plantimestamp": Function(plan_time),
    "timeadd": Function(add_time, (text("timestamp"), text("duration"))),
    "timecmp": Function(compare_times, (text("timestamp_a"), text("timestamp_b"))),
    "timestamp": Function(now),
}
