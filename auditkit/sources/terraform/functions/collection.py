"""concat, contains, distinct, element, flatten, length, range, slice and their neighbours.

https://developer.hashicorp.com/terraform/language/functions/concat and its neighbours.
Lists may have unknown elements: what does not depend on them is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import Number, add
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.graphemes import count_graphemes
from auditkit.sources.terraform.functions.signature import (
    Function,
    Parameter,
    list_of,
    number,
    unknown_arguments,
)
from auditkit.sources.terraform.functions.string import whole
from auditkit.sources.terraform.types import ANY, BOOL, STRING, type_of, unify_values
from auditkit.sources.terraform.values import (
    MAX_ELEMENTS,
    HclValue,
    ListValue,
    SetValue,
    combine_unknowns,
    combine_unknowns_in,
    equal,
    is_wholly_known,
    set_key,
    to_number,
    type_name,
)

_MOST_IN_RANGE = 1024


def check_elements(count: int) -> None:
    """Raises `EvaluationError` when a collection of this length is too large to build."""
    if count > MAX_ELEMENTS:
        raise EvaluationError("the collection is too large to evaluate")


def has_unknown_elements(value: HclValue) -> bool:
    """Whether `value` is a set of which some elements are unknown: so are length and order."""
    return isinstance(value, SetValue) and not is_wholly_known(value)


def all_true(values: list[HclValue]) -> bool | Unknown:
    """Whether every element is true; of an empty list it is."""
    if any(value is None or value is False for value in values):
        return False
    return combine_unknowns_in(values) if unknown_arguments(*values) else True


def any_true(values: list[HclValue]) -> bool | Unknown:
    """Whether some element is true."""
    if any(value is True for value in values):
        return True
    return combine_unknowns_in(values) if unknown_arguments(*values) else False


def chunk_list(values: list[HclValue], size: Number) -> HclValue:
    """The list cut into pieces of `size` elements."""
    step = whole(size)
    if step < 0:
        raise EvaluationError("the size argument must be positive")
    if not values:
        return []
    step = step or len(values)
    return [ListValue(values[start : start + step]) for start in range(0, len(values), step)]


def coalesce(*values: HclValue) -> HclValue:
    """The first value that is neither null nor an empty string."""
    try:
        unified = unify_values(values)
    except EvaluationError:
        if not any(value is None or isinstance(value, Unknown) for value in values):
            raise EvaluationError("all arguments must have the same type") from None
        # A null of no type lets Terraform give up on a common one.
        unified = list(values)
    for index, value in enumerate(unified):
        if isinstance(value, Unknown):
            # Known text in it, or a resource's own attribute, is enough to choose it.
            return value if value.present or value.parts else combine_unknowns_in(*unified[index:])
        if value is not None and value != "":
            return value
    raise EvaluationError("no non-null, non-empty-string arguments")


def coalesce_list(*values: HclValue) -> HclValue:
    """The first list that has elements."""
    if not all(isinstance(value, (list, Unknown)) for value in values):
        raise EvaluationError("coalescelist arguments must be lists or tuples")
    for index, value in enumerate(values):
        if isinstance(value, Unknown):
            return combine_unknowns_in(*values[index:])
        if value:
            return value
    raise EvaluationError(
        "no non-null arguments" if values else "at least one argument is required"
    )


def compact(values: list[HclValue]) -> HclValue:
    """The strings that are neither null nor empty."""
    return [value for value in values if value is not None and value != ""]


def concat(*lists: HclValue) -> HclValue:
    """The elements of all lists, one list after the other."""
    if not lists:
        raise EvaluationError("at least one argument is required")
    unknown = unknown_arguments(*lists)
    if unknown:
        return combine_unknowns_in(*lists)
    result: list[HclValue] = []
    for values in lists:
        if not isinstance(values, list):
            raise EvaluationError(f"all arguments must be lists or tuples; got {type_name(values)}")
        result.extend(values)
    check_elements(len(result))
    # Lists of one type make a list, anything else a tuple.
    if all(isinstance(values, ListValue) for values in lists):
        types = [type_of(values) for values in lists]
        if all(one == types[0] for one in types):
            return ListValue(result)
    return result


def contains(values: HclValue, value: HclValue) -> bool | Unknown:
    """Whether `value` is an element of a list or set."""
    if isinstance(values, Unknown):
        return combine_unknowns_in(values, value)
    if not isinstance(values, (list, SetValue)):
        raise EvaluationError("argument must be list, tuple, or set")
    if isinstance(value, str):
        if value in values:
            return True
        values = [element for element in values if isinstance(element, Unknown)]
    doubts: list[Unknown] = []
    for element in values:
        same = equal(element, value)
        if same is True:
            return True
        if isinstance(same, Unknown):
            doubts.append(same)
    return combine_unknowns(doubts) if doubts else False


def distinct(values: list[HclValue]) -> HclValue:
    """The elements without repetitions, in order of their first occurrence."""
    first: dict[str, HclValue] = {}
    for value in values:
        first.setdefault(set_key(value), value)
    return list(first.values())


def element(values: HclValue, index: Number) -> HclValue:
    """The element at `index`, counted on from the start again past the end."""
    if not isinstance(values, list):
        raise EvaluationError(f"cannot read elements from {type_name(values)}")
    place = whole(index)
    if not values:
        raise EvaluationError("cannot use element function with an empty list")
    if place < 0:
        raise EvaluationError("cannot use element function with a negative index")
    return values[place % len(values)]


def flatten(values: HclValue) -> HclValue:
    """The elements of `values`, and of the lists and sets in it, at any depth."""
    if not isinstance(values, (list, SetValue)):
        raise EvaluationError("can only flatten lists, sets and tuples")
    result: list[HclValue] = []
    for value in _flat(values):
        if isinstance(value, Unknown) and not value.parts and not value.keys:
            # It may be a list, of any length.
            return combine_unknowns_in(values)
        result.append(value)
        check_elements(len(result))
    return result


def _flat(values: HclValue) -> Iterator[HclValue]:
    assert isinstance(values, (list, SetValue))
    if has_unknown_elements(values):
        yield combine_unknowns_in(values)
        return
    for value in values:
        if isinstance(value, (list, SetValue)):
            yield from _flat(value)
        else:
            yield value


def index_of(values: HclValue, value: HclValue) -> int | Unknown:
    """The place of the first element that equals `value`."""
    if isinstance(values, Unknown):
        return combine_unknowns_in(values, value)
    if not isinstance(values, list):
        raise EvaluationError("argument must be a list or tuple")
    if not values:
        raise EvaluationError("cannot search an empty list")
    for place, candidate in enumerate(values):
        same = equal(candidate, value)
        if isinstance(same, Unknown):
            return same
        if same:
            return place
    raise EvaluationError("item not found")


def length(value: HclValue) -> int | Unknown:
    """The number of elements, or of the characters of a string."""
    if isinstance(value, (list, dict)):
        return len(value)
    if isinstance(value, Unknown) or has_unknown_elements(value):
        return combine_unknowns_in(value)
    if isinstance(value, SetValue):
        return len(value)
    if isinstance(value, str):
        return count_graphemes(value)
    raise EvaluationError("argument must be a string, a collection type, or a structural type")


def one(values: HclValue) -> HclValue:
    """The only element; null when there is none."""
    if has_unknown_elements(values) and len(values) > 1:  # type: ignore[arg-type]
        return combine_unknowns_in(values)
    if not isinstance(values, (list, SetValue)) or len(values) > 1:
        raise EvaluationError(
            "must be a list, set, or tuple value with either zero or one elements"
        )
    return values[0] if values else None


def number_range(*bounds: Number) -> HclValue:
    """The numbers from a start to below an end, with a step; the end comes first if alone."""
    if not 1 <= len(bounds) <= 3:
        raise EvaluationError("must have one, two, or three arguments")
    start, end = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
    down = end < start
    step = bounds[2] if len(bounds) == 3 else (-1 if down else 1)
    if down and step > 0:
        raise EvaluationError("start must be less than end when step is positive")
    if not down and step < 0:
        raise EvaluationError("end must be less than start when step is negative")
    result: list[HclValue] = []
    value = start
    while value > end if down else value < end:
        if len(result) >= _MOST_IN_RANGE:
            raise EvaluationError("more than 1024 values were generated")
        result.append(value)
        value = add(value, step)
    return result


def reverse(values: HclValue) -> HclValue:
    """The elements in reverse order."""
    if has_unknown_elements(values):
        return combine_unknowns_in(values)
    if not isinstance(values, (list, SetValue)):
        raise EvaluationError(f"can only reverse list or tuple values, not {type_name(values)}")
    turned = list(reversed(values))
    return turned if type(values) is list else ListValue(turned)


def slice_list(values: HclValue, start: Number, end: Number) -> HclValue:
    """The elements from `start` to before `end`."""
    if not isinstance(values, list):
        raise EvaluationError(f"cannot slice {type_name(values)}")
    low, high = whole(start), whole(end)
    if low < 0:
        raise EvaluationError("start index must not be less than zero")
    if low > len(values):
        raise EvaluationError("start index must not be greater than the length of the list")
    if high > len(values):
        raise EvaluationError("end index must not be greater than the length of the list")
    if high < low:
        raise EvaluationError("start index must not be greater than end index")
    part = values[low:high]
    return ListValue(part, values.element) if isinstance(values, ListValue) else part


def sort(values: list[str | None]) -> HclValue:
    """The strings in code point order."""
    known: list[str] = []
    for index, value in enumerate(values):
        if value is None:
            raise EvaluationError(
                f"given list element {index} is null; a null string cannot be sorted"
            )
        known.append(value)
    known.sort()
    return list(known)


def total(values: HclValue) -> Number:
    """The sum of the elements."""
    if not isinstance(values, (list, SetValue)):
        raise EvaluationError(f"argument must be list, set, or tuple. Received {type_name(values)}")
    if not values:
        raise EvaluationError("cannot sum an empty list")
    result: Number = 0
    for value in values:
        try:
            addend = to_number(value)
        except EvaluationError:
            addend = None
        if addend is None:
            raise EvaluationError("argument must be list, set, or tuple of number values")
        assert not isinstance(addend, Unknown)
        result = add(result, addend)  # type: ignore[arg-type]
    return result


_LIST = list_of("list", ANY)
_ANY_LIST = Parameter("list", unknown=True)
_PARTIAL_LIST = Parameter("list", partial=True)

FUNCTIONS: Mapping[str, Function] = {
    "alltrue": Function(all_true, (list_of("list", BOOL, partial=True),)),
    "anytrue": Function(any_true, (list_of("list", BOOL, partial=True),)),
    "chunklist": Function(chunk_list, (list_of("list", ANY, partial=True), number("size"))),
    "coalesce": Function(coalesce, (), Parameter("vals", nullable=True, unknown=True)),
    "coalescelist": Function(coalesce_list, (), Parameter("vals", nullable=True, unknown=True)),
    "compact": Function(compact, (list_of("list", STRING),)),
    "concat": Function(concat, (), Parameter("seqs", unknown=True)),
    "contains": Function(contains, (_ANY_LIST, Parameter("value", unknown=True))),
    "distinct": Function(distinct, (_LIST,)),
    "element": Function(element, (_PARTIAL_LIST, number("index"))),
    "flatten": Function(flatten, (_PARTIAL_LIST,)),
    "index": Function(index_of, (_ANY_LIST, Parameter("value", unknown=True))),
    "length": Function(length, (Parameter("value", unknown=True),)),
    "one": Function(one, (_PARTIAL_LIST,)),
    "range": Function(number_range, (), number("params")),
    "reverse": Function(reverse, (_PARTIAL_LIST,)),
    "slice": Function(slice_list, (_PARTIAL_LIST, number("start_index"), number("end_index"))),
    "sort": Function(sort, (list_of("list", STRING),)),
    "sum": Function(total, (Parameter("list"),)),
}
