"""Values inside the evaluator: how Terraform compares, converts and prints them.

null is None; a number is an ``int`` when whole and a `Decimal` otherwise; a tuple is a
``list`` and a list is a `ListValue`; a set is a `SetValue`; an object is a ``dict`` and a map
a `MapValue`, with sorted keys, which whoever builds one sees to.  `Unknown` and `Sensitive` may
stand anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Union

from auditkit.model import Reference, Unknown, Value
from auditkit.sources.terraform.arithmetic import Number, parse_number
from auditkit.sources.terraform.arithmetic import format_number as format_number
from auditkit.sources.terraform.errors import EvaluationError

if TYPE_CHECKING:
    from auditkit.sources.terraform.types import Type

HclValue = Union[
    None,
    bool,
    int,
    Decimal,
    str,
    "list[HclValue]",
    "dict[str, HclValue]",
    "SetValue",
    Unknown,
    "Sensitive",
]
"""Any value of an expression."""

MAX_TEXT = 10_000_000
"""Characters of the longest string that an expression may build; its input is hostile."""

MAX_ELEMENTS = 100_000
"""Elements of the largest collection that a function may build out of a small one."""

_MAX_DEPTH = 200


class Sensitive:
    """A value marked sensitive: it may be computed with, but not shown."""

    __slots__ = ("document", "value")

    def __init__(self, value: HclValue, document: Value = None) -> None:
        self.value = value
        self.document = document
        """Of an encoded document with sensitive pieces: what it decodes to, without these."""

    def __bool__(self) -> bool:
        raise TypeError("a sensitive value has no truth value")

    def __repr__(self) -> str:
        return "Sensitive(...)"


class ListValue(list["HclValue"]):
    """A list: unlike those of a tuple, which is a plain ``list``, its elements have one type."""

    __slots__ = ("element",)

    def __init__(self, elements: Iterable[HclValue] = (), element: Type | None = None) -> None:
        super().__init__(elements)
        self.element = element
        """The type of the elements, for when there are none to tell; ``None`` if unknown."""


class MapValue(dict[str, "HclValue"]):
    """A map: unlike those of an object, which is a plain ``dict``, its elements have one type."""

    __slots__ = ("element",)

    def __init__(
        self,
        elements: Mapping[str, HclValue] | Iterable[tuple[str, HclValue]] = (),
        element: Type | None = None,
    ) -> None:
        super().__init__(elements)
        self.element = element
        """As for `ListValue`."""


class SetValue(tuple["HclValue", ...]):
    """A set: distinct elements in Terraform's order, unknown ones last; see `make_set`."""

    element: Type | None = None
    """As for `ListValue`."""

    def __repr__(self) -> str:
        return f"SetValue({super().__repr__()})"


def make_set(elements: Iterable[HclValue], element: Type | None = None) -> SetValue:
    """The set of `elements`, which are all of one type.

    Strings stand in code point order, numbers in numeric order, false before true, and
    everything else in the order of the text that Terraform hashes; null is last but for
    unknown elements, of which none equals another.
    Order: https://github.com/zclconf/go-cty/blob/main/cty/set_internals.go
    """
    result = _make_set(list(elements))
    if element is not None and not result:
        result.element = element
    return result


def _make_set(values: list[HclValue]) -> SetValue:
    kinds = set(map(type, values))
    if kinds == {str} or kinds == {bool} or kinds <= {int, Decimal}:
        return SetValue(sorted(set(values)))  # type: ignore[type-var]
    distinct: dict[str, HclValue] = {}
    unknown: list[HclValue] = []
    for value in values:
        if isinstance(value, Unknown):
            unknown.append(value)
        else:
            distinct.setdefault(set_key(value), value)
    null = [distinct.pop("~")] if "~" in distinct else []
    known = list(distinct.values())
    if set(map(type, known)) <= {str} or set(map(type, known)) <= {int, Decimal}:
        known.sort()
    else:
        known = [distinct[key] for key in sorted(distinct)]
    return SetValue([*known, *null, *unknown])


def set_key(value: HclValue) -> str:
    """A text that distinguishes `value` from others of its type, and orders them."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, (int, Decimal)):
        return _set_key_of_number(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, (list, SetValue)):
        return "[" + "".join(set_key(element) + ";" for element in value) + "]"
    if isinstance(value, dict):
        entries = (f"{encode_basestring(k)}:{set_key(v)};" for k, v in value.items())
        return "{" + "".join(entries) + "}"
    if isinstance(value, Sensitive):
        return set_key(value.value)
    return f"?{id(value)}"


def _set_key_of_number(number: Number) -> str:
    # Go orders compound elements by ten digits of a number.
    if isinstance(number, int) and -(10**10) < number < 10**10:
        return str(number)
    try:
        digits = f"{float(number):.10g}"
    except OverflowError:
        return format_number(number)
    # What these do not tell apart follows where Go has the end of the element.
    return digits if Decimal(digits) == number else f"{digits};{number}"


def equal(left: HclValue, right: HclValue) -> bool | Unknown:
    """Whether ``left == right``: types count, so 1 is not "1"; arguments are unmarked.

    A list never equals a tuple, nor a map an object: ``var.names == []`` is always false.
    Unknown when an unknown part decides.
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    if isinstance(left, Sensitive):
        return equal(left.value, right)
    if isinstance(right, Sensitive):
        return equal(left, right.value)
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        # An int never equals a Decimal, because a whole number is always an int.
        return isinstance(left, Decimal) and left == right
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys() or not left and _differ_when_empty(left, right):
            return False
        return _all_equal(left.values(), [right[key] for key in left])
    if isinstance(left, SetValue) and isinstance(right, SetValue):
        doubtful = [v for v in (*left, *right) if not is_wholly_known(v)]
        if doubtful:
            return combine_unknowns(list(find_unknowns(doubtful)))
        if not left and not right:
            return not _differ_when_empty(left, right)
        return len(left) == len(right) and _all_equal(left, right)
    if isinstance(left, list) and isinstance(right, list):
        if not left and not right:
            return not _differ_when_empty(left, right)
        return len(left) == len(right) and _all_equal(left, right)
    return left == right


def _differ_when_empty(left: HclValue, right: HclValue) -> bool:
    """Whether two empty collections have other element types, which makes them unequal."""
    types = (getattr(left, "element", None), getattr(right, "element", None))
    return None not in types and types[0] != types[1]


def _all_equal(lefts: Iterable[HclValue], rights: Iterable[HclValue]) -> bool | Unknown:
    doubts: list[Unknown] = []
    for left, right in zip(lefts, rights, strict=True):
        same = equal(left, right)
        if isinstance(same, Unknown):
            doubts.append(same)
        elif not same:
            return False
    return combine_unknowns(doubts) if doubts else True


def _equal_unknown(left: HclValue, right: HclValue) -> bool | Unknown:
    unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
    assert isinstance(unknown, Unknown)
    if isinstance(other, Sensitive):
        other = other.value
    if unknown.parts and not isinstance(other, (str, Unknown)):
        return False
    if isinstance(other, str) and unknown.parts and not may_be_text(unknown.parts, other):
        return False
    if unknown.present and (other is None or other == "" or other == [] or other == {}):
        return False
    if unknown.keys and not isinstance(other, (dict, Unknown)):
        return False
    return combine_unknowns(list(find_unknowns([left, right])))


def may_be_text(parts: Sequence[str | Unknown], text: str) -> bool:
    """Whether a string of these known and unknown `parts` can turn out to be `text`."""
    position = 0
    end = len(text)
    if isinstance(parts[0], str) and not text.startswith(parts[0]):
        return False
    if isinstance(parts[-1], str):
        end -= len(parts[-1])
        if not text.endswith(parts[-1]):
            return False
    for part in parts[:-1]:
        if isinstance(part, str):
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
    return position <= end


def is_wholly_known(value: HclValue) -> bool:
    """Whether there is no `Unknown` in `value`, at any depth."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return True
    if isinstance(value, Unknown):
        return False
    if isinstance(value, dict):
        return all(map(is_wholly_known, value.values()))
    if isinstance(value, (list, SetValue)):
        return all(map(is_wholly_known, value))
    return not isinstance(value, Sensitive) or is_wholly_known(value.value)


def combine_unknowns_in(*values: HclValue) -> Unknown:
    """`combine_unknowns` of every `Unknown` in `values`, of which there is at least one."""
    return combine_unknowns(list(find_unknowns(list(values))))


def find_unknowns(value: HclValue) -> Iterator[Unknown]:
    """Every `Unknown` in `value`, in order."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, (list, SetValue)):
        for element in value:
            yield from find_unknowns(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from find_unknowns(element)
    elif isinstance(value, Sensitive):
        yield from find_unknowns(value.value)


def combine_unknowns(unknowns: Sequence[Unknown], cause: str | None = None) -> Unknown:
    """One `Unknown` for a result that depends on all of these, of which nothing is known.

    It has the first cause unless another is given, and all references in order.
    """
    first = unknowns[0]
    if cause is None and len(unknowns) == 1 and type(first) is Unknown and not _tells_more(first):
        return first
    return Unknown(
        first.cause if cause is None else cause,
        references=unite_references(unknowns),
        sensitive=any(unknown.sensitive for unknown in unknowns),
    )


def _tells_more(unknown: Unknown) -> bool:
    return bool(unknown.parts or unknown.keys or unknown.present or unknown.document is not None)


def unite_references(unknowns: Iterable[Unknown]) -> tuple[Reference, ...]:
    """The references of all of these, in order, each once."""
    return tuple(dict.fromkeys(r for unknown in unknowns for r in unknown.references))


def type_name(value: HclValue) -> str:
    """What messages call the type of `value`: ``string``, ``tuple``, ``object`` …"""
    if value is None or isinstance(value, Unknown):
        return "dynamic"
    if isinstance(value, Sensitive):
        return type_name(value.value)
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Decimal)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, SetValue):
        return "set"
    return "tuple" if isinstance(value, list) else "object"


def to_string(value: HclValue) -> str | Unknown | Sensitive | None:
    """`value` converted to a string, as Terraform does on its own; null stays null.

    Raises `EvaluationError` for collections.
    """
    if value is None or isinstance(value, (str, Unknown)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return format_number(value)
    if isinstance(value, Sensitive):
        return Sensitive(to_string(value.value))
    raise EvaluationError("string required")


def to_number(value: HclValue) -> Number | Unknown | Sensitive | None:
    """`value` converted to a number; null stays null.

    Raises `EvaluationError` for a string that is not a decimal number, and for other types.
    """
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, Sensitive):
        return Sensitive(to_number(value.value))
    raise EvaluationError("number required")


def to_bool(value: HclValue) -> bool | Unknown | Sensitive | None:
    """`value` converted to a boolean; null stays null.

    Raises `EvaluationError` for anything but booleans and "true", "false", "1" and "0".
    """
    if value is None or isinstance(value, (bool, Unknown)):
        return value
    if isinstance(value, str):
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        raise EvaluationError("a bool is required")
    if isinstance(value, Sensitive):
        return Sensitive(to_bool(value.value))
    raise EvaluationError("bool required")


def join_template(parts: Sequence[HclValue]) -> str | Unknown | Sensitive:
    """The string that a template of these pieces makes.

    With unknown pieces it is an `Unknown` that keeps the known text around them, unless
    there is none.  One sensitive piece makes all of it sensitive.

    Raises `EvaluationError` for null and for collections, and above `MAX_TEXT`.
    """
    marked = False
    pieces: list[str | Unknown] = []
    for part in parts:
        if isinstance(part, Sensitive):
            part, _ = deep_unmark(part)
            marked = True
        piece = to_string(part)
        if piece is None:
            raise EvaluationError(
                "the expression result is null; cannot include a null value in a string template"
            )
        assert not isinstance(piece, Sensitive)
        pieces.append(piece)
    result = join_pieces(pieces)
    return Sensitive(result) if marked else result


def join_pieces(pieces: Iterable[str | Unknown]) -> str | Unknown:
    """Known and unknown pieces of text as one string; unknown strings are spliced in."""
    flat: list[str | Unknown] = []
    text: list[str] = []
    size = 0
    for piece in pieces:
        inner = piece.parts or (piece,) if isinstance(piece, Unknown) else (piece,)
        for part in inner:
            if isinstance(part, str):
                text.append(part)
                size += len(part)
                continue
            if any(text):
                flat.append(normalize_text("".join(text)))
            text = []
            flat.append(part if type(part) is Unknown else combine_unknowns([part]))
    if size > MAX_TEXT:
        raise EvaluationError("the string is too large to evaluate")
    if not flat:
        return normalize_text("".join(text))
    if any(text):
        flat.append(normalize_text("".join(text)))
    if len(flat) == 1 and isinstance(flat[0], Unknown):
        return flat[0]
    return unknown_text(flat)


def unknown_text(parts: Sequence[str | Unknown]) -> Unknown:
    """A string of these parts, at least one of which is unknown and no two texts adjacent."""
    unknowns = [part for part in parts if isinstance(part, Unknown)]
    if len(unknowns) == len(parts):
        return combine_unknowns(unknowns)
    return Unknown(
        unknowns[0].cause,
        references=unite_references(unknowns),
        parts=tuple(parts),
        sensitive=any(unknown.sensitive for unknown in unknowns),
    )


def to_json(value: HclValue) -> str:
    """`value`, which is wholly known and unmarked, as ``jsonencode`` writes it.

    Raises `EvaluationError` when it holds an unknown value or nests too deeply.
    """
    try:
        text = _JSON.encode(value)
    except TypeError:
        # The C encoder knows no decimals; it is what makes everything else fast.
        text = _write_json(value)
    except RecursionError:
        raise EvaluationError("the value nests too deeply to evaluate") from None
    except ValueError:
        raise EvaluationError("the number is too large to evaluate") from None
    for character, escape in _JSON_ESCAPES:
        if character in text:
            text = text.replace(character, escape)
    return text


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))

# Go escapes these so that JSON may stand in HTML: https://pkg.go.dev/encoding/json#HTMLEscape
_JSON_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def _write_json(value: HclValue) -> str:
    if isinstance(value, (list, SetValue)):
        return "[" + ",".join(map(_write_json, value)) + "]"
    if isinstance(value, dict):
        entries = (f"{encode_basestring(k)}:{_write_json(v)}" for k, v in value.items())
        return "{" + ",".join(entries) + "}"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, (Unknown, Sensitive)):
        raise EvaluationError("only known values can be written as JSON")
    return _JSON.encode(value)


def from_json(text: str) -> HclValue:
    """The value that the JSON `text` stands for; of a repeated key the last one counts.

    Raises `EvaluationError` when it is not JSON or nests too deeply.
    """
    try:
        value: HclValue = json.loads(
            text,
            object_pairs_hook=_sorted_object,
            parse_int=parse_number,
            parse_float=parse_number,
            parse_constant=_reject_constant,
        )
    except RecursionError:
        raise EvaluationError("the JSON document nests too deeply to evaluate") from None
    except ValueError as error:
        raise EvaluationError(f"invalid JSON: {error}") from None
    if text.isascii() and "\\u" not in text:
        check_depth(value)
        return value
    return _normalize_texts(value)


def _sorted_object(pairs: list[tuple[str, HclValue]]) -> dict[str, HclValue]:
    return dict(sorted(dict(pairs).items()))


def _reject_constant(name: str) -> HclValue:
    raise EvaluationError(f"invalid JSON: {name} is not a number")


def check_depth(value: HclValue, allowed: int = _MAX_DEPTH) -> None:
    """Raises `EvaluationError` when `value` nests too deeply for us to walk through it."""
    if not isinstance(value, (list, dict, SetValue)):
        return
    if not allowed:
        raise EvaluationError("the value nests too deeply to evaluate")
    for element in value.values() if isinstance(value, dict) else value:
        check_depth(element, allowed - 1)


def _normalize_texts(value: HclValue, allowed: int = _MAX_DEPTH) -> HclValue:
    if isinstance(value, str):
        return normalize_text(value)
    if not allowed:
        raise EvaluationError("the value nests too deeply to evaluate")
    if isinstance(value, list):
        return [_normalize_texts(element, allowed - 1) for element in value]
    if isinstance(value, dict):
        normal = {normalize_text(k): _normalize_texts(v, allowed - 1) for k, v in value.items()}
        return dict(sorted(normal.items()))
    return value


def normalize_text(text: str) -> str:
    """`text` in Unicode normal form C, as every Terraform string is; half pairs are replaced."""
    if text.isascii():
        return text
    # Costs a millisecond to load, and only text beyond ASCII needs it.
    import unicodedata

    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)


def deep_unmark(value: HclValue) -> tuple[HclValue, bool]:
    """`value` without any `Sensitive` in it, and whether there was one."""
    return (_unmarked(value), True) if _has_mark(value) else (value, False)


def _has_mark(value: HclValue) -> bool:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None or kind is Unknown:
        return False
    if isinstance(value, dict):
        return any(map(_has_mark, value.values()))
    if isinstance(value, (list, SetValue)):
        return any(map(_has_mark, value))
    return isinstance(value, Sensitive)


def _unmarked(value: HclValue) -> HclValue:
    if isinstance(value, Sensitive):
        return _unmarked(value.value)
    if isinstance(value, SetValue):
        return SetValue(map(_unmarked, value))
    if isinstance(value, ListValue):
        return ListValue(map(_unmarked, value))
    if isinstance(value, list):
        return list(map(_unmarked, value))
    if isinstance(value, dict):
        unmarked = {key: _unmarked(element) for key, element in value.items()}
        return MapValue(unmarked) if isinstance(value, MapValue) else unmarked
    return value


def plain(value: HclValue) -> Value:
    """`value` for the inventory: JSON's types, and `Unknown` for what is sensitive."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None or kind is Unknown:
        return value  # type: ignore[return-value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, (list, SetValue)):
        return list(map(plain, value))
    if isinstance(value, Unknown):
        # A subclass can hold on to the whole configuration.
        return combine_unknowns([value])
    document = value.document if isinstance(value, Sensitive) else None
    return Unknown("is marked sensitive", document=document, sensitive=True)


def from_plain(value: Value) -> HclValue:
    """What `plain` made out of a value, as a value again; sets remain lists."""
    if isinstance(value, float):
        return parse_number(repr(value))
    if value is None or isinstance(value, (str, int, Unknown)):
        return value
    if isinstance(value, Mapping):
        return {key: from_plain(value[key]) for key in sorted(value)}
    return [from_plain(element) for element in value]
