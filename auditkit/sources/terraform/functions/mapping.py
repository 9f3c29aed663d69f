"""keys, lookup, matchkeys, merge, transpose, values, zipmap.

https://developer.hashicorp.com/terraform/language/functions/keys and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements
from auditkit.sources.terraform.functions.signature import (
    Function,
    Parameter,
    list_of,
    text,
    typed,
)
from auditkit.sources.terraform.types import (
    ANY,
    STRING,
    ListType,
    MapType,
    convert,
    type_of,
    unify_values,
)
from auditkit.sources.terraform.values import (
    HclValue,
    ListValue,
    MapValue,
    combine_unknowns_in,
    find_unknowns,
    set_key,
    type_name,
    unite_references,
)


def keys(mapping: HclValue) -> HclValue:
    """The keys, sorted."""
    if not isinstance(mapping, dict):
        raise EvaluationError("must have map or object type")
    return ListValue(mapping, STRING) if isinstance(mapping, MapValue) else list(mapping)


def lookup(mapping: HclValue, key: HclValue, *default: HclValue) -> HclValue:
    """The element of that key, or the default."""
    if len(default) > 1:
        raise EvaluationError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    if isinstance(mapping, Unknown) or isinstance(key, Unknown):
        return combine_unknowns_in(mapping, key, *default)
    if not isinstance(mapping, dict):
        raise EvaluationError("lookup() requires a map as the first argument")
    assert isinstance(key, str)
    if key in mapping:
        return mapping[key]
    if default:
        return _as_element(mapping, default[0])
    raise EvaluationError(f'lookup failed to find key "{key}"')


def _as_element(mapping: dict[str, HclValue], default: HclValue) -> HclValue:
    if not isinstance(mapping, MapValue):
        return default
    type_ = type_of(mapping)
    assert isinstance(type_, MapType)
    try:
        return convert(default, type_.element)
    except EvaluationError as error:
        raise EvaluationError(
            f"the default value must have the type of the elements: {error}"
        ) from None


def match_keys(values: list[HclValue], names: list[HclValue], wanted: list[HclValue]) -> HclValue:
    """The values at whose place `names` has one of the wanted keys."""
    if len(values) != len(names):
        raise EvaluationError("length of keys and values should be equal")
    try:
        unified = list(map(set_key, unify_values([*names, *wanted])))
    except EvaluationError:
        raise EvaluationError("keys and searchset must be of the same type") from None
    found = set(unified[len(names) :])
    return [value for value, name in zip(values, unified, strict=False) if name in found]


def merge(*mappings: HclValue) -> HclValue:
    """All entries; of a key in several maps the last one's."""
    result: dict[str, HclValue] = {}
    unknown = False
    for mapping in mappings:
        if isinstance(mapping, dict):
            result.update(mapping)
        elif isinstance(mapping, Unknown):
            unknown = True
            result.update(dict.fromkeys(mapping.keys))
        elif mapping is not None:
            raise EvaluationError(f'arguments must be maps or objects, got "{type_name(mapping)}"')
    if unknown:
        return _merged_unknown(mappings, tuple(sorted(result)))
    check_elements(len(result))
    ordered = dict(sorted(result.items()))
    # Maps of one type make a map, anything else an object.
    if mappings and all(isinstance(mapping, MapValue) for mapping in mappings):
        types = [type_of(mapping) for mapping in mappings]
        if all(one == types[0] for one in types):
            return MapValue(ordered)
    return ordered


def _merged_unknown(mappings: tuple[HclValue, ...], known_keys: tuple[str, ...]) -> Unknown:
    # The map as a whole is unknown because of these, not because of an element elsewhere.
    causes = [mapping for mapping in mappings if isinstance(mapping, Unknown)]
    return Unknown(
        causes[0].cause,
        references=unite_references(find_unknowns(list(mappings))),
        keys=known_keys,
        sensitive=any(cause.sensitive for cause in causes),
    )


def transpose(mapping: dict[str, list[str]]) -> HclValue:
    """From key to lists of values to from value to lists of keys."""
    result: dict[str, list[HclValue]] = {}
    for key, values in mapping.items():
        for value in values:
            names = result.setdefault(value, [])
            # A key that has the value twice comes twice in a row.
            if key not in names[-1:]:
                names.append(key)
    return MapValue({value: ListValue(result[value]) for value in sorted(result)})


def values(mapping: HclValue) -> HclValue:
    """The values, in the order of their keys."""
    if not isinstance(mapping, dict):
        raise EvaluationError("values() requires a map as the first argument")
    if isinstance(mapping, MapValue):
        return ListValue(mapping.values(), mapping.element)
    return list(mapping.values())


def zip_map(names: list[str], elements: HclValue) -> HclValue:
    """The map from each name to the element at its place."""
    if not isinstance(elements, list):
        raise EvaluationError("values argument must be a list or tuple value")
    if len(names) != len(elements):
        raise EvaluationError(
            f"number of keys ({len(names)}) does not match number of values ({len(elements)})"
        )
    entries = dict(sorted(zip(names, elements, strict=True)))
    return MapValue(entries, elements.element) if isinstance(elements, ListValue) else entries


FUNCTIONS: Mapping[str, Function] = {
    "keys": Function(keys, (Parameter("inputMap", partial=True),)),
    "lookup": Function(
        lookup,
        (Parameter("inputMap", unknown=True), text("key", unknown=True)),
        Parameter("default", nullable=True, unknown=True),
    ),
    "matchkeys": Function(
        match_keys,
        (
            list_of("values", ANY, partial=True),
            list_of("keys", ANY),
            list_of("searchset", ANY),
        ),
    ),
    "merge": Function(merge, (), Parameter("maps", nullable=True, unknown=True)),
    "transpose": Function(transpose, (typed("values", MapType(ListType(STRING))),)),
    "values": Function(values, (Parameter("mapping", partial=True),)),
    "zipmap": Function(zip_map, (list_of("keys", STRING), Parameter("values", partial=True))),
}
