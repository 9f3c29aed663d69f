"""format and formatlist.

https://developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import Number, exact, format_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.graphemes import graphemes
from auditkit.sources.terraform.functions.signature import (
    Function,
    Parameter,
    text,
    unknown_arguments,
)
from auditkit.sources.terraform.functions.string import check_size
from auditkit.sources.terraform.values import (
    MAX_ELEMENTS,
    HclValue,
    SetValue,
    combine_unknowns,
    find_unknowns,
    is_wholly_known,
    join_pieces,
    to_bool,
    to_json,
    to_number,
    to_string,
)

_VERB = re.compile(
    r"%(?P<flags>[ +\-0#]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]+))?"
    r"(?:\[(?P<argument>[1-9][0-9]*)\])?(?P<letter>[A-Za-z])|%%"
)
_INTEGER_BASES: Mapping[str, tuple[str, str]] = {
    "b": ("b", "0b"),
    "d": ("d", ""),
    "o": ("o", "0"),
    "x": ("x", "0x"),
    "X": ("X", "0X"),
}


@dataclass(frozen=True, slots=True)
class _Verb:
    """One ``%`` sequence."""

    raw: str
    offset: int
    flags: str
    width: int
    precision: int | None
    letter: str
    argument: int
    """The place of the argument, counted from one."""

    def reject(self, reason: str) -> EvaluationError:
        return EvaluationError(f'unsupported value for "{self.raw}" at {self.offset}: {reason}')


def format_text(template: str, *arguments: HclValue) -> str | Unknown:
    """`template` with its verbs replaced by the arguments; unknown ones stay as pieces."""
    pieces: list[str | Unknown] = []
    used = 0
    for piece in _parse(template):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        used = max(used, piece.argument)
        if piece.argument > len(arguments):
            raise EvaluationError(
                f'not enough arguments for "{piece.raw}" at {piece.offset}: '
                f"need index {piece.argument} but have {len(arguments)} total"
            )
        pieces.append(_format_argument(piece, arguments[piece.argument - 1]))
    if used < len(arguments):
        reason = f"only {used} used by format string" if used else "no verbs in format string"
        raise EvaluationError(f"too many arguments; {reason}")
    return join_pieces(pieces)


@lru_cache(maxsize=512)
def _parse(template: str) -> tuple[str | _Verb, ...]:
    pieces: list[str | _Verb] = []
    position = argument = 0
    for found in _VERB.finditer(template):
        pieces.append(_literal(template, position, found.start()))
        position = found.end()
        if found[0] == "%%":
            pieces.append("%")
            continue
        argument = _bounded(found["argument"]) if found["argument"] else argument + 1
        pieces.append(
            _Verb(
                raw=found[0],
                offset=found.start(),
                flags=found["flags"],
                width=_bounded(found["width"] or "0"),
                precision=None if found["precision"] is None else _bounded(found["precision"]),
                letter=found["letter"],
                argument=argument,
            )
        )
    pieces.append(_literal(template, position, len(template)))
    return tuple(pieces)


def _literal(template: str, start: int, end: int) -> str:
    if template.find("%", start, end) >= 0:
        raise EvaluationError(f"invalid format string starting at offset {start}")
    return template[start:end]


def _bounded(digits: str) -> int:
    check_size(10 ** min(len(digits) - 1, 9))
    size = int(digits)
    check_size(size)
    return size


def _format_argument(verb: _Verb, value: HclValue) -> str | Unknown:
    plain = not verb.flags and not verb.width and verb.precision is None
    if type(value) is str and plain and verb.letter in "sv":
        return value
    if not is_wholly_known(value):
        if isinstance(value, Unknown) and plain and verb.letter in "svdt":
            return value
        return combine_unknowns(list(find_unknowns(value)))
    if verb.letter == "v":
        return _format_any(verb, value)
    if value is None:
        raise verb.reject("null value cannot be formatted")
    try:
        if verb.letter == "t":
            return "true" if to_bool(value) else "false"
        if verb.letter in "sq":
            return _format_string(verb, to_string(value))
        if verb.letter in _INTEGER_BASES:
            return _format_integer(verb, to_number(value))
        if verb.letter in "eEfgG":
            return _format_fraction(verb, to_number(value))
    except EvaluationError as error:
        raise verb.reject(str(error)) from None
    raise EvaluationError(
        f"unsupported format verb '{verb.letter}' in \"{verb.raw}\" at offset {verb.offset}"
    )


def _format_any(verb: _Verb, value: HclValue) -> str:
    if "#" not in verb.flags:
        if isinstance(value, str):
            return _pad(verb, value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return _pad(verb, _general(value, None, "e"))
    return _pad(verb, to_json(value))


def _format_string(verb: _Verb, value: HclValue) -> str:
    assert isinstance(value, str)
    if verb.precision:
        value = "".join(graphemes(value)[: verb.precision])
    return _pad(verb, to_json(value) if verb.letter == "q" else value)


def _pad(verb: _Verb, value: str) -> str:
    missing = verb.width - len(graphemes(value)) if verb.width else 0
    padding = ("0" if "0" in verb.flags else " ") * missing
    return value + padding if "-" in verb.flags else padding + value


def _format_integer(verb: _Verb, value: HclValue) -> str:
    if not isinstance(value, int):
        raise EvaluationError("an integer is required")
    letter, prefix = _INTEGER_BASES[verb.letter]
    # Decimal digits go through the one function that knows how many Python will print.
    digits = format_number(abs(value)) if letter == "d" else format(abs(value), letter)
    if verb.precision is not None:
        digits = digits.rjust(verb.precision, "0")
    return _pad_number(
        verb,
        _sign(verb, value < 0) + (prefix if "#" in verb.flags else ""),
        digits,
        zeros=verb.precision is None,
    )


def _format_fraction(verb: _Verb, value: HclValue) -> str:
    assert isinstance(value, (int, Decimal))
    precision = verb.precision
    magnitude = value.copy_abs() if isinstance(value, Decimal) else abs(value)
    if verb.letter in "gG":
        digits = _general(magnitude, precision, "E" if verb.letter == "G" else "e")
    elif verb.letter == "f":
        digits = format(exact(magnitude), f".{6 if precision is None else precision}f")
    else:
        digits = _scientific(exact(magnitude), 6 if precision is None else precision, verb.letter)
    return _pad_number(verb, _sign(verb, value < 0), digits, zeros=True)


def _sign(verb: _Verb, negative: bool) -> str:
    if negative:
        return "-"
    if "+" in verb.flags:
        return "+"
    return " " if " " in verb.flags else ""


def _pad_number(verb: _Verb, sign: str, digits: str, *, zeros: bool) -> str:
    missing = verb.width - len(sign) - len(digits)
    if "-" in verb.flags:
        return sign + digits + " " * missing
    if "0" in verb.flags and zeros:
        return sign + "0" * missing + digits
    return " " * missing + sign + digits


def _scientific(value: Decimal, places: int, letter: str) -> str:
    """As Go writes it: two digits of exponent at least."""
    if not value:
        # Python gives zero the exponent of its last digit.
        value = Decimal((0, (0,), -places))
    mantissa, exponent = format(value, f".{places}e").split("e")
    return f"{mantissa}{letter}{int(exponent):+03d}"


def _general(value: Number, precision: int | None, letter: str) -> str:
    """Go's ``%g``: an exponent below -4 and from the precision, or from 6 digits, on.

    Algorithm: ``Append`` in https://go.dev/src/math/big/ftoa.go
    """
    if value < 0:
        return "-" + _general(
            -value if isinstance(value, int) else value.copy_negate(), precision, letter
        )
    shortest = Decimal(format_number(value))
    if precision is not None:
        shortest = Decimal(_scientific(exact(value), max(precision - 1, 0), "e"))
    _, digits, _ = shortest.as_tuple()
    significant = len("".join(map(str, digits)).rstrip("0").lstrip("0")) or 1
    before = shortest.adjusted() + 1
    limit = 6
    if precision is not None:
        limit = significant if precision > significant >= before else max(precision, 1)
    if before - 1 < -4 or before - 1 >= limit:
        return _scientific(shortest, significant - 1, letter)
    return format(shortest, f".{max(significant - before, 0)}f")


def format_list(template: str, *arguments: HclValue) -> HclValue:
    """`format_text` once per element of the lists, which are all of one length."""
    lengths = {
        index: len(value)
        for index, value in enumerate(arguments)
        if isinstance(value, (list, SetValue))
    }
    first = min(lengths, default=-1)
    for index, length in lengths.items():
        if length != lengths[first]:
            raise EvaluationError(
                f"argument {index + 1} has length {length}, which is inconsistent with "
                f"argument {first + 1} of length {lengths[first]}"
            )
    unknown = unknown_arguments(*arguments)
    if unknown and not lengths:
        # The unknown argument may be a list.
        return combine_unknowns(unknown)
    count = lengths.get(first, 1)
    if count * (len(template) + 1) > MAX_ELEMENTS * 100:
        raise EvaluationError("the list is too large to evaluate")
    # An unknown argument may be a list as well, of which each result has one element.
    arguments = tuple(
        combine_unknowns([v]) if isinstance(v, Unknown) and not v.parts else v for v in arguments
    )
    result: list[HclValue] = []
    for row in range(count):
        chosen = [
            value[row] if isinstance(value, (list, SetValue)) else value for value in arguments
        ]
        try:
            result.append(format_text(template, *chosen))
        except EvaluationError as error:
            if not lengths:
                raise
            raise EvaluationError(f"error on format iteration {row}: {error}") from None
    return result


_ARGUMENTS = Parameter("args", nullable=True, unknown=True)

FUNCTIONS: Mapping[str, Function] = {
    "format": Function(format_text, (text("format"),), _ARGUMENTS),
    "formatlist": Function(format_list, (text("format"),), _ARGUMENTS),
}
