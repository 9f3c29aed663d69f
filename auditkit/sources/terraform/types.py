"""Type constraints: reading them, converting values to them, finding a common type.

Rules: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Union

from auditkit.model import Unknown
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.arithmetic import Double
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.values import (
    HclValue,
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    deep_unmark,
    make_set,
    to_bool,
    to_number,
    to_string,
)


@dataclass(frozen=True, slots=True)
class Primitive:
    """``string``, ``number``, ``bool`` or ``any``."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """``list(element)``."""

    element: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """``set(element)``."""

    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    """``map(element)``."""

    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    """``tuple([element, …])``."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """``object({name = type, name = optional(type, default), …})``."""

    attributes: Mapping[str, Type]
    """In sorted order, as all keys are."""
    optional: frozenset[str] = frozenset()
    defaults: Mapping[str, HclValue] = field(default_factory=dict)
    """Already converted to the attribute's type."""


Type = Union[Primitive, ListType, SetType, MapType, TupleType, ObjectType]

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")

_PRIMITIVES: Mapping[str, Primitive] = {p.name: p for p in (STRING, NUMBER, BOOL, ANY)}
_COLLECTIONS: Mapping[str, Callable[[Type], Type]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}

EvaluateDefault = Callable[[syntax.Expression], HclValue]
"""Evaluates the second argument of ``optional``."""


def parse_type(
    expression: syntax.Expression, evaluate_default: EvaluateDefault | None = None
) -> Type:
    """The type that `expression` writes, e.g. ``list(object({a = optional(number, 3)}))``.

    Without `evaluate_default`, attributes with a default are optional and null.  The words
    ``list`` and ``map`` alone, and the quoted words of Terraform 0.11, are understood.

    Raises `EvaluationError` when it is not a type.
    """
    match expression:
        case syntax.Variable(name=name) | syntax.Literal(value=str(name)):
            return _named_type(name)
        case syntax.Call(name=name, arguments=[argument]) if name in _COLLECTIONS:
            return _COLLECTIONS[name](parse_type(argument, evaluate_default))
        case syntax.Call(name="tuple", arguments=[syntax.Tuple(elements=elements)]):
            return TupleType(tuple(parse_type(e, evaluate_default) for e in elements))
        case syntax.Call(name="object", arguments=[syntax.Object(items=items)]):
            return _object_type(items, evaluate_default)
        case syntax.Call(name="optional"):
            raise EvaluationError("optional(...) is valid only for an attribute of an object type")
        case syntax.Call(name=name):
            raise EvaluationError(f"{name}(...) is not a valid type constraint")
    raise EvaluationError("a type constraint is a keyword such as string or a call such as list()")


def _named_type(name: str) -> Type:
    if name in _PRIMITIVES:
        return _PRIMITIVES[name]
    if name in ("list", "map"):
        return _COLLECTIONS[name](ANY)
    raise EvaluationError(f"{name!r} is not a valid type constraint")


def _object_type(
    items: Iterable[tuple[syntax.Expression, syntax.Expression]],
    evaluate_default: EvaluateDefault | None,
) -> ObjectType:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults: dict[str, HclValue] = {}
    for key, expression in items:
        if not isinstance(key, syntax.Literal) or not isinstance(key.value, str):
            raise EvaluationError("an object type's attribute names are identifiers")
        name = key.value
        default: syntax.Expression | None = None
        if isinstance(expression, syntax.Call) and expression.name == "optional":
            if len(expression.arguments) not in (1, 2):
                raise EvaluationError("optional() takes a type and perhaps a default value")
            default = expression.arguments[1] if len(expression.arguments) == 2 else None
            expression = expression.arguments[0]
            optional.add(name)
        attributes[name] = parse_type(expression, evaluate_default)
        if default is not None and evaluate_default is not None:
            defaults[name] = convert(evaluate_default(default), attributes[name])
    return ObjectType(dict(sorted(attributes.items())), frozenset(optional), defaults)


def describe_type(type_: Type) -> str:
    """The type as messages name it: ``list of string``, ``object``."""
    match type_:
        case Primitive(name=name):
            return name
        case ListType(element=element):
            return f"list of {describe_type(element)}"
        case SetType(element=element):
            return f"set of {describe_type(element)}"
        case MapType(element=element):
            return f"map of {describe_type(element)}"
        case TupleType():
            return "tuple"
    return "object"


def convert(value: HclValue, type_: Type) -> HclValue:
    """`value` as a value of the given type; unknown stays unknown, null stays null.

    Attributes that are absent or null take the default of the object type, at any depth.

    Raises `EvaluationError` that names the part that does not fit.
    """
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(type_, Primitive):
        return _convert_primitive(value, type_)
    if isinstance(value, Sensitive):
        return Sensitive(convert(value.value, type_))
    if isinstance(type_, ObjectType):
        return _convert_object(value, type_)
    if isinstance(type_, MapType):
        return _convert_map(value, type_)
    if not isinstance(value, (list, SetValue)):
        raise EvaluationError(f"{describe_type(type_)} required")
    if isinstance(type_, TupleType):
        if len(type_.elements) != len(value) or isinstance(value, SetValue):
            raise EvaluationError(f"tuple with {len(type_.elements)} elements required")
        return [
            _element(i, v, t) for i, (v, t) in enumerate(zip(value, type_.elements, strict=True))
        ]
    elements = _convert_elements(value, type_.element)
    if isinstance(type_, ListType):
        return ListValue(elements, type_.element)
    # A set can't hold marks, because these would tell elements apart: all of it is marked.
    unmarked, marked = deep_unmark(elements)
    assert isinstance(unmarked, list)
    result = make_set(unmarked, type_.element)
    return Sensitive(result) if marked else result


def _convert_primitive(value: HclValue, type_: Primitive) -> HclValue:
    if type_ is STRING or type_ == STRING:
        return value if isinstance(value, str) else to_string(value)
    if type_ == NUMBER:
        return to_number(value)
    if type_ == BOOL:
        return to_bool(value)
    return value


def _convert_elements(values: Sequence[HclValue], type_: Type) -> list[HclValue]:
    if type_ is ANY:
        return unify_values(values)
    if type_ is STRING and set(map(type, values)) <= _STRINGS:
        return list(values)
    elements = [_element(index, value, type_) for index, value in enumerate(values)]
    return unify_values(elements) if _has_any(type_) else elements


def _element(key: int | str, value: HclValue, type_: Type) -> HclValue:
    try:
        return convert(value, type_)
    except EvaluationError as error:
        shown = f'"{key}"' if isinstance(key, str) else key
        raise EvaluationError(f"element {shown}: {error}") from None


def _convert_map(value: HclValue, type_: MapType) -> HclValue:
    if not isinstance(value, dict):
        raise EvaluationError(f"{describe_type(type_)} required")
    elements = [_element(key, element, type_.element) for key, element in value.items()]
    if _has_any(type_.element):
        elements = unify_values(elements)
    return MapValue(zip(value, elements, strict=True), type_.element)


def _convert_object(value: HclValue, type_: ObjectType) -> HclValue:
    if not isinstance(value, dict):
        raise EvaluationError("object required")
    result: dict[str, HclValue] = {}
    for name, attribute in type_.attributes.items():
        given = value.get(name)
        if given is None:
            if name not in value and name not in type_.optional:
                raise EvaluationError(f'attribute "{name}" is required')
            # The default has been converted, so that its own defaults are in place.
            result[name] = type_.defaults.get(name)
            continue
        try:
            result[name] = convert(given, attribute)
        except EvaluationError as error:
            raise EvaluationError(f'attribute "{name}": {error}') from None
    return result


def _has_any(type_: Type) -> bool:
    match type_:
        case Primitive():
            return type_ == ANY
        case ListType(element=element) | SetType(element=element) | MapType(element=element):
            return _has_any(element)
        case TupleType(elements=elements):
            return any(map(_has_any, elements))
        case ObjectType(attributes=attributes):
            return any(map(_has_any, attributes.values()))


def unify_values(values: Sequence[HclValue]) -> list[HclValue]:
    """`values`, converted to one type as list elements and the arms of a conditional are.

    Numbers and booleans become strings beside a string.  Objects with other attributes than
    their fellows become maps, tuples of other lengths lists, which have one element type.
    A value that is null or unknown fits anything.

    Raises `EvaluationError` when there is no common type.
    Algorithm: https://github.com/zclconf/go-cty/blob/main/cty/convert/unify.go
    """
    unified = list(values)
    _unify(unified)
    return unified


def _unify(values: list[HclValue]) -> bool:
    """Converts `values` in place; whether any of them changed."""
    kinds = set(map(type, values)) - _NULL
    if not kinds <= _SCALARS:
        # Unknown has subclasses; one with known text in it is a string.
        if any(isinstance(value, Unknown) and value.parts for value in values):
            kinds.add(str)
        kinds = {kind for kind in kinds if not issubclass(kind, Unknown)}
    if len(kinds) < 2 and kinds <= _SCALARS:
        return False
    if Sensitive in kinds:
        return _unify_marked(values)
    if kinds <= _SCALARS:
        if str in kinds:
            values[:] = map(to_string, values)
            return True
        if bool in kinds:
            raise EvaluationError("all elements must have the same type")
        return False
    places = [i for i, value in enumerate(values) if not isinstance(value, (Unknown, type(None)))]
    if kinds <= {dict, MapValue}:
        return _unify_objects(values, places)
    if kinds <= {list, ListValue, SetValue}:
        return _unify_sequences(values, places)
    raise EvaluationError("all elements must have the same type")


_STRINGS: frozenset[type] = frozenset({str})
_NULL: frozenset[type] = frozenset({type(None)})
_SCALARS: frozenset[type] = frozenset({str, int, Decimal, Double, bool})


def _unify_marked(values: list[HclValue]) -> bool:
    marked = [isinstance(value, Sensitive) for value in values]
    inner = [value.value if isinstance(value, Sensitive) else value for value in values]
    if not _unify(inner):
        return False
    values[:] = [Sensitive(v) if mark else v for v, mark in zip(inner, marked, strict=True)]
    return True


def _unify_objects(values: list[HclValue], places: Sequence[int]) -> bool:
    objects = [value for value in values if isinstance(value, dict)]
    maps = [isinstance(item, MapValue) for item in objects]
    keys = objects[0].keys()
    if any(maps) or any(item.keys() != keys for item in objects):
        flat = [element for item in objects for element in item.values()]
        if not _unify_elements(flat, objects) and all(maps):
            return False
        elements = iter(flat)
        for place, item in zip(places, objects, strict=True):
            values[place] = MapValue({key: next(elements) for key in item}, _first_type(flat))
        return True
    changed = False
    for key in keys:
        column = [item[key] for item in objects]
        if _unify(column):
            objects = [{**item, key: v} for item, v in zip(objects, column, strict=True)]
            changed = True
    if changed:
        for place, item in zip(places, objects, strict=True):
            values[place] = item
    return changed


def _unify_sequences(values: list[HclValue], places: Sequence[int]) -> bool:
    sequences = [value for value in values if isinstance(value, (list, SetValue))]
    kinds = set(map(type, sequences))
    if kinds == {list} and len(set(map(len, sequences))) == 1:
        return _unify_tuples(values, places)
    flat = [element for sequence in sequences for element in sequence]
    if not _unify_elements(flat, sequences) and len(kinds) == 1 and kinds != {list}:
        return False
    position = 0
    for place, sequence in zip(places, sequences, strict=True):
        elements = flat[position : position + len(sequence)]
        # A tuple beside a set becomes a set, and a set beside a list a list.
        if SetValue in kinds and ListValue not in kinds:
            values[place] = make_set(elements, _first_type(flat))
        else:
            values[place] = ListValue(elements, _first_type(flat))
        position += len(sequence)
    return True


def _unify_elements(flat: list[HclValue], collections: Sequence[HclValue]) -> bool:
    """`_unify` of the elements of some collections; empty ones have a say by their type."""
    witnesses = [
        _witness(element)
        for collection in collections
        if (element := getattr(collection, "element", None)) is not None and not collection
    ]
    count = len(flat)
    flat.extend(witnesses)
    return _unify(flat) if witnesses or count else False


def _first_type(values: Sequence[HclValue]) -> Type:
    return next((type_of(v) for v in values if v is not None and not isinstance(v, Unknown)), ANY)


def _witness(type_: Type) -> HclValue:
    """Some value of the type, so that a type can be unified with values."""
    match type_:
        case Primitive(name=name):
            return _WITNESSES[name]
        case ListType(element=element):
            return ListValue((), element)
        case SetType(element=element):
            return make_set((), element)
        case MapType(element=element):
            return MapValue((), element)
        case TupleType(elements=elements):
            return [_witness(element) for element in elements]
        case ObjectType(attributes=attributes):
            return {name: _witness(attribute) for name, attribute in attributes.items()}


_WITNESSES: Mapping[str, HclValue] = {"string": "", "number": 0, "bool": False, "any": None}


def unify_with_type(value: HclValue, type_: Type) -> HclValue:
    """`value` as an arm of a conditional whose other arm is null or unknown, but of that type.

    Raises `EvaluationError` when there is no common type.
    """
    return unify_values([value, _witness(type_)])[0]


def type_of(value: HclValue) -> Type:
    """The type of `value`; ``any`` where it is null or unknown."""
    match value:
        case bool():
            return BOOL
        case int() | Decimal():
            return NUMBER
        case str():
            return STRING
        case Sensitive():
            return type_of(value.value)
        case ListValue():
            return ListType(_first_type(value) if value else value.element or ANY)
        case SetValue():
            return SetType(_first_type(value) if value else value.element or ANY)
        case MapValue():
            return MapType(_first_type(list(value.values())) if value else value.element or ANY)
        case list():
            return TupleType(tuple(map(type_of, value)))
        case dict():
            return ObjectType({name: type_of(one) for name, one in value.items()})
    return ANY


def _unify_tuples(values: list[HclValue], places: Sequence[int]) -> bool:
    tuples = [list(value) for value in values if isinstance(value, list)]
    changed = False
    for index in range(len(tuples[0])):
        column = [item[index] for item in tuples]
        if _unify(column):
            changed = True
            for item, element in zip(tuples, column, strict=True):
                item[index] = element
    if changed:
        for place, item in zip(places, tuples, strict=True):
            values[place] = item
    return changed
