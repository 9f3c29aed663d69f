"""Numbers as Terraform computes and prints them.

Terraform's numbers are binary floats of 512 bits, which it prints as the shortest decimal
that reads back as the same float.  That decimal names the float, so it is what we keep: an
``int`` when it is whole and a `Decimal` otherwise.  Operands become their 512-bit floats,
the operation is exact, and its result is rounded once, as in Go's ``big.Float``.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Union

from auditkit.sources.terraform.errors import EvaluationError

Number = Union[int, Decimal]
"""A whole number is always an ``int``, so that two equal numbers have one form."""

PRECISION = 512
"""Bits of a mantissa: https://github.com/zclconf/go-cty/blob/main/docs/types.md#cty-number."""

# A 512-bit mantissa has at least 153 and at most 156 significant decimal digits.
_SAFE_DIGITS = 153
_MOST_DIGITS = 157
# Larger numbers are never meant, and Python refuses to print an int of 4,300 digits.
_LARGEST_EXPONENT = 4000
_LARGEST_BITS = 13_000

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
# Wide enough to take any literal exactly; rounding is to binary and happens in `_shortest`.
_EXACT = Context(prec=20_000, Emax=1_000_000, Emin=-1_000_000)


def parse_number(text: str) -> Number:
    """The number that `text` writes in decimal, as in a literal, a string or JSON.

    Raises `EvaluationError` when it is not one, or has more than 4,000 digits.
    """
    if text.isascii() and text.isdigit() and len(text) <= _SAFE_DIGITS:
        return int(text)
    if not _DECIMAL.fullmatch(text):
        raise EvaluationError("a number is required")
    if len(text) > _LARGEST_EXPONENT:
        raise EvaluationError("the number is too large to evaluate")
    return normalize(_EXACT.create_decimal(text))


def normalize(number: Decimal) -> Number:
    """`number` in the one form that its value has: rounded to 512 bits, int when whole."""
    if not number:
        return 0
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise EvaluationError("the number is too large to evaluate")
    if len(number.as_tuple().digits) > _SAFE_DIGITS:
        return _shortest(*number.as_integer_ratio())
    if number == number.to_integral_value():
        return _whole(int(number))
    return _EXACT.normalize(number)


class Double(Decimal):
    """A fraction that a function worked out as a double: it is exact, but prints short."""

    __slots__ = ()


def normalize_float(number: float) -> Number:
    """The number that a double is.

    Raises `EvaluationError` for infinities, and for whole numbers that Terraform prints
    otherwise than it computes with them.
    """
    if not number.is_integer():
        return Double(number)
    if int(number) != int(Decimal(repr(number))):
        raise EvaluationError("the number is too large to evaluate exactly")
    return int(number)


def add(left: Number, right: Number) -> Number:
    """``left + right``."""
    if isinstance(left, int) and isinstance(right, int):
        return _whole(left + right)
    (a, b), (c, d) = _binary(left), _binary(right)
    return _shortest(a * d + c * b, b * d)


def subtract(left: Number, right: Number) -> Number:
    """``left - right``."""
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number:
    """``left * right``."""
    if isinstance(left, int) and isinstance(right, int):
        return _whole(left * right)
    (a, b), (c, d) = _binary(left), _binary(right)
    return _shortest(a * c, b * d)


def divide(left: Number, right: Number) -> Number:
    """``left / right``.

    Raises `EvaluationError` for a zero divisor, where Terraform goes on with an infinity.
    """
    if right == 0:
        raise EvaluationError("division by zero")
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return left // right
    (a, b), (c, d) = _binary(left), _binary(right)
    return _shortest(a * d, b * c)


def modulo(left: Number, right: Number) -> Number:
    """``left % right``: the remainder of a division rounded towards zero.

    Terraform's remainder of a division by zero is the dividend.
    """
    if right == 0:
        return left
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    quotient = truncate(divide(left, right))
    return subtract(left, multiply(right, quotient))


def negate(number: Number) -> Number:
    """``-number``."""
    # The operator of `Decimal` would round to the 28 digits of the default context.
    return -number if isinstance(number, int) else number.copy_negate()


def format_number(number: Number) -> str:
    """The number as Terraform prints it: all digits, no exponent."""
    if isinstance(number, int):
        if number.bit_length() > _LARGEST_BITS + PRECISION:
            raise EvaluationError("the number is too large to evaluate")
        return str(number)
    if isinstance(number, Double):
        number = Decimal(repr(float(number)))
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def exact(number: Number) -> Decimal:
    """The 512-bit float that `number` stands for, to its last decimal digit."""
    numerator, denominator = (
        number.as_integer_ratio() if isinstance(number, Double) else _binary(number)
    )
    # The denominator is a power of two, so that a power of five makes it one of ten.
    places = denominator.bit_length() - 1
    return Decimal(numerator * int(5**places)).scaleb(-places, _EXACT)


def truncate(number: Number) -> int:
    """`number` without its fraction."""
    return int(number)


def _whole(number: int) -> Number:
    if number.bit_length() <= PRECISION:
        return number
    return _shortest(number, 1)


def _binary(number: Number) -> tuple[int, int]:
    """Numerator and denominator of the 512-bit float that `number` stands for."""
    mantissa, exponent, sign = _round(*number.as_integer_ratio())
    if exponent >= 0:
        return sign * (mantissa << exponent), 1
    return sign * mantissa, 1 << -exponent


def _round(numerator: int, denominator: int) -> tuple[int, int, int]:
    """Mantissa of 512 bits, exponent of two, and sign of the nearest float, ties to even."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    sign, numerator = (-1, -numerator) if numerator < 0 else (1, numerator)
    if numerator == 0:
        return 0, 0, 1
    if max(numerator.bit_length(), denominator.bit_length()) > 4 * _LARGEST_BITS:
        raise EvaluationError("the number is too large to evaluate")
    shift = PRECISION + denominator.bit_length() - numerator.bit_length()
    if _quotient(numerator, denominator, shift)[0].bit_length() > PRECISION:
        shift -= 1
    mantissa, rest, divisor = _quotient(numerator, denominator, shift)
    if 2 * rest > divisor or (2 * rest == divisor and mantissa & 1):
        mantissa += 1
    return mantissa, -shift, sign


def _quotient(numerator: int, denominator: int, shift: int) -> tuple[int, int, int]:
    if shift >= 0:
        numerator <<= shift
    else:
        denominator <<= -shift
    return (*divmod(numerator, denominator), denominator)


def _shortest(numerator: int, denominator: int) -> Number:
    """The shortest decimal that rounds to the same 512-bit float as the given ratio.

    Algorithm: ``roundShortest`` in https://go.dev/src/math/big/ftoa.go
    """
    mantissa, exponent, sign = _round(numerator, denominator)
    if mantissa == 0:
        return 0
    if abs(exponent) > _LARGEST_BITS:
        raise EvaluationError("the number is too large to evaluate")
    magnitude = _magnitude(mantissa, exponent)
    fewest, most = 1, _MOST_DIGITS
    value = places = 0
    while fewest <= most:
        digits = (fewest + most) // 2
        near = _decimal_near(mantissa, exponent, digits - magnitude)
        if near is None:
            fewest = digits + 1
        else:
            value, places = near, digits - magnitude
            most = digits - 1
    if places <= 0:
        return sign * value * _ten_to(-places)
    return _EXACT.normalize(Decimal(sign * value).scaleb(-places, _EXACT))


def _magnitude(mantissa: int, exponent: int) -> int:
    """The number of decimal digits before the point; zero or less for fractions below 0.1."""
    # The logarithm of two to the base ten, as a ratio that is good for 100,000 bits.
    magnitude = (mantissa.bit_length() + exponent) * 30_103 // 100_000
    while _reaches(mantissa, exponent, magnitude):
        magnitude += 1
    while not _reaches(mantissa, exponent, magnitude - 1):
        magnitude -= 1
    return magnitude


def _reaches(mantissa: int, exponent: int, power: int) -> bool:
    """Whether the float is at least ten to the given power."""
    return (mantissa << max(exponent, 0)) * _ten_to(-power) >= _ten_to(power) << max(-exponent, 0)


def _ten_to(power: int) -> int:
    return int(10 ** max(power, 0))


def _decimal_near(mantissa: int, exponent: int, places: int) -> int | None:
    """How many times ``10**-places`` comes within half a binary unit of the float, if ever."""
    # Counted in halves of the last binary place, so that all bounds are whole.
    up = (1 << max(exponent - 1, 0)) * _ten_to(places)
    down = (1 << max(1 - exponent, 0)) * _ten_to(-places)
    low, middle, high = ((2 * mantissa + half) * up for half in (-1, 0, 1))
    if mantissa & 1:
        low, high = low + 1, high - 1
    floor = middle // down
    candidates = [n for n in (floor, floor + 1) if low <= n * down <= high]
    return min(candidates, key=lambda n: abs(n * down - middle), default=None)
