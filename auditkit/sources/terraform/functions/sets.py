"""setintersection, setproduct, setsubtract, setunion.

https://developer.hashicorp.com/terraform/language/functions/setunion and its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements, has_unknown_elements
from auditkit.sources.terraform.functions.signature import Function, Parameter, typed
from auditkit.sources.terraform.types import ANY, SetType, unify_values
from auditkit.sources.terraform.values import (
    HclValue,
    SetValue,
    combine_unknowns_in,
    make_set,
    set_key,
)


def _of_one_type(sets: Sequence[SetValue]) -> list[SetValue]:
    try:
        return unify_values(sets)  # type: ignore[return-value]
    except EvaluationError:
        raise EvaluationError("given sets must all have compatible element types") from None


def intersection(*sets: SetValue) -> HclValue:
    """The elements that all sets have."""
    first, *others = _of_one_type(sets)
    shared = [set(map(set_key, other)) for other in others]
    return make_set(e for e in first if all(set_key(e) in names for names in shared))


def subtraction(left: SetValue, right: SetValue) -> HclValue:
    """The elements of `left` that `right` has not."""
    left, right = _of_one_type([left, right])
    removed = set(map(set_key, right))
    return make_set(e for e in left if set_key(e) not in removed)


def union(*sets: SetValue) -> HclValue:
    """The elements that some set has."""
    check_elements(sum(map(len, sets)))
    return make_set(element for elements in _of_one_type(sets) for element in elements)


def cartesian(*collections: HclValue) -> HclValue:
    """Every combination of an element of each; a set when all of them are sets."""
    if len(collections) < 2:
        raise EvaluationError("at least two arguments are required")
    if any(map(has_unknown_elements, collections)):
        return combine_unknowns_in(*collections)
    unified: list[list[HclValue]] = []
    for collection in collections:
        if not isinstance(collection, (list, SetValue)):
            raise EvaluationError("a set or a list is required")
        unified.append(unify_values(collection))
    check_elements(math.prod(map(len, unified)) * len(unified))
    combinations: list[HclValue] = [list(combination) for combination in product(*unified)]
    if all(isinstance(collection, SetValue) for collection in collections):
        return make_set(combinations)
    return combinations


def _set(name: str, *, partial: bool = False) -> Parameter:
    return typed(name, SetType(ANY), partial=partial)


FUNCTIONS: Mapping[str, Function] = {
    "setintersection": Function(intersection, (_set("first_set"),), _set("other_sets")),
    "setproduct": Function(cartesian, (), Parameter("sets", partial=True)),
    "setsubtract": Function(subtraction, (_set("a"), _set("b"))),
    "setunion": Function(
        union, (_set("first_set", partial=True),), _set("other_sets", partial=True)
    ),
}
