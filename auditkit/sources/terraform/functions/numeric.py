"""abs, ceil, floor, log, max, min, parseint, pow, signum.

https://developer.hashicorp.com/terraform/language/functions/abs and its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import Number, negate, normalize_float, truncate
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, Parameter, number
from auditkit.sources.terraform.values import HclValue, type_name

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_DIGITS = 1000
_LARGEST_EXPONENT = 4000


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
        return normalize_float(_go_logarithm(float(value)) / _go_logarithm(float(base)))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise EvaluationError("the logarithm is not a finite number") from None


def _go_logarithm(value: float) -> float:
    """The natural logarithm with the rounding errors of Go, which C's library has not.

    They decide on which side of a whole number a quotient of logarithms comes to lie.
    Algorithm: https://go.dev/src/math/log.go
    """
    if value <= 0:
        raise ValueError
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction, exponent = fraction * 2, exponent - 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = s2 * (_L[1] + s4 * (_L[3] + s4 * (_L[5] + s4 * _L[7])))
    even = s4 * (_L[2] + s4 * (_L[4] + s4 * _L[6]))
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * _LN2_LOW)) - f)


_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_L = (
    0.0,
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)


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


def power(value: Number, exponent: Number) -> Number | Unknown:
    """`value` to the given power, with the precision of a double, as in Terraform.

    Fractional exponents but for 0.5 are not told: Go's ``exp`` rounds by processor.
    """
    if not isinstance(exponent, int) and absolute(exponent) != Decimal("0.5"):
        return Unknown("`pow()` with a fractional exponent is not evaluated")
    try:
        return normalize_float(_go_power(float(value), float(exponent)))
    except (ValueError, OverflowError, ZeroDivisionError):
        raise EvaluationError("the power is not a finite number") from None


def _go_power(value: float, exponent: float) -> float:
    """``value ** exponent`` with the rounding errors of Go, which C's library has not.

    The exponent is whole, or a half.
    Algorithm: https://go.dev/src/math/pow.go
    """
    if exponent == 0 or value == 1:
        return 1.0
    if abs(exponent) == 0.5:
        return math.sqrt(value) if exponent > 0 else 1 / math.sqrt(value)
    if value == 0 or abs(exponent) > _LARGEST_EXPONENT:
        return math.pow(value, exponent)
    mantissa, shift = 1.0, 0
    square, square_shift = math.frexp(value)
    times = int(abs(exponent))
    while times:
        if times & 1:
            mantissa, shift = mantissa * square, shift + square_shift
        square, square_shift = square * square, square_shift * 2
        if square < 0.5:
            square, square_shift = square * 2, square_shift - 1
        times >>= 1
    if exponent < 0:
        mantissa, shift = 1 / mantissa, -shift
    return math.ldexp(mantissa, shift)


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
