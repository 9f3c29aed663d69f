"""abs, ceil, floor, log, max, min, parseint, pow, signum.

https://developer.hashicorp.com/terraform/language/functions/abs and its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from auditkit.sources.terraform.arithmetic import Number, negate, normalize_float, truncate
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, Parameter, number
from auditkit.sources.terraform.values import HclValue, type_name

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_DIGITS = 1000


def absolute(value: Number) -> Number:
    """`value` without its sign."""
    return negate(value) if value < 0 else value


def ceil(value: Number) -> Number:
    """The least whole number that is not below `value`."""
    whole = truncate(value)
    return whole + 1 if value > whole else whole


def floor(value: Number) -> Number:
    """The greatest whole number that is not above `value`."""
    whole = truncate(value)
    return whole - 1 if value < whole else whole


def log(value: Number, base: Number) -> Number:
    """The logarithm of `value` to `base`, with the precision of a double, as in Terraform."""
    try:
        return normalize_float(math.log(value) / math.log(base))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise EvaluationError("the logarithm is not a finite number") from None


def maximum(*values: Number) -> Number:
    """The greatest of `values`."""
    if not values:
        raise EvaluationError("must pass at least one number")
    return max(values)


def minimum(*values: Number) -> Number:
    """The least of `values`."""
    if not values:
        raise EvaluationError("must pass at least one number")
    return min(values)


def parse_int(value: HclValue, base: Number) -> int:
    """The whole number that `value` writes in the given base, from 2 to 62."""
    if not isinstance(value, str):
        raise EvaluationError(f"first argument must be a string, not {type_name(value)}")
    digits = value
    if not isinstance(base, int) or not 2 <= base <= 62:
        raise EvaluationError("base must be a whole number between 2 and 62 inclusive")
    if base <= 36:
        digits = digits.lower()
    sign = -1 if digits.startswith("-") else 1
    unsigned = digits[1:] if digits[:1] in ("-", "+") else digits
    if len(unsigned) > _MOST_DIGITS:
        raise EvaluationError("the number is too large to evaluate")
    result = 0
    for digit in unsigned:
        place = _DIGITS.find(digit)
        if not 0 <= place < base:
            raise EvaluationError(f'cannot parse "{value}" as a base {base} integer')
        result = result * base + place
    if not unsigned:
        raise EvaluationError(f'cannot parse "{value}" as a base {base} integer')
    return sign * result


def power(value: Number, exponent: Number) -> Number:
    """`value` to the given power, with the precision of a double, as in Terraform."""
    try:
        return normalize_float(math.pow(value, exponent))
    except (ValueError, OverflowError):
        raise EvaluationError("the power is not a finite number") from None


def sign(value: Number) -> int:
    """-1, 0 or 1."""
    if not isinstance(value, int):
        raise EvaluationError("value must be a whole number")
    return (value > 0) - (value < 0)


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(absolute, (number("num"),)),
    "ceil": Function(ceil, (number("num"),)),
    "floor": Function(floor, (number("num"),)),
    "log": Function(log, (number("num"), number("base"))),
    "max": Function(maximum, (), number("numbers")),
    "min": Function(minimum, (), number("numbers")),
    "parseint": Function(parse_int, (Parameter("number"), number("base"))),
    "pow": Function(power, (number("num"), number("power"))),
    "signum": Function(sign, (number("num"),)),
}
