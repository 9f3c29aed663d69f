"""The operator on versions."""

from __future__ import annotations

import re

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Simple
from auditkit.rules.operands import take_text
from auditkit.rules.values import FAIL, PASS, UNKNOWN, format_value, to_text


def version_gte(operand: Value) -> Expectation:
    """Is a version that is at least the given one, compared number by number.

    Takes `1.28`, `v1.2`, `TLS_1_2`, `TLSv1.2_2021` and `Policy-Min-TLS-1-2-2019-07`: the year at
    the end does not count. Every SSL version is older than every TLS version. A text from which
    no version can be read fails, such as the name of a load balancer's policy, and so does null.
    """
    limit = _read_version(take_text(operand))
    if limit is None:
        raise ValueError(f"not a version: {format_value(operand)}")
    least: tuple[int, ...] = limit

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        version = _read_version(to_text(value) or "")
        if version is None:
            return FAIL
        missing = (0,) * (len(least) - len(version))
        return PASS if version + missing >= least else FAIL

    return Simple(judge, f"version {operand} or later", f"a version before {operand}")


_VERSION = r"(?i)(?P<ssl>ssl)?(?P<tls>tls)?[a-z]*[._ -]?(?P<numbers>\d+([._-]\d+)*)"


_FIRST_YEAR = 1990


def _read_version(text: str) -> tuple[int, ...] | None:
    found = re.search(_VERSION, text[:100])
    if found is None:
        return None
    numbers: list[int] = []
    for number in map(int, re.split(r"[._-]", found["numbers"])):
        if number >= _FIRST_YEAR:
            break
        numbers.append(number)
    # "TLS13-1-2" lists versions 1.3 and 1.2; which of them is meant cannot be told.
    if not numbers or (found["tls"] and numbers[0] > 9):
        return None
    return (0, *numbers) if found["ssl"] else tuple(numbers)
