"""Type constraints, conversion and unification."""

from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.reader import read_expression
from auditkit.sources.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    convert,
    parse_type,
    unify_values,
)
from auditkit.sources.terraform.values import HclValue, Sensitive, SetValue, make_set

U = Unknown("known after apply")
TEXT = Unknown("known after apply", parts=("a-", U))


def evaluate_default(expression: syntax.Expression) -> HclValue:
    match expression:
        case syntax.Literal(value=value):
            return value
        case syntax.Object(items=items):
            return {k.value: evaluate_default(v) for k, v in items}  # type: ignore[attr-defined]
        case syntax.Tuple(elements=elements):
            return [evaluate_default(element) for element in elements]
    raise AssertionError(expression)


def read_type(text: str) -> Type:
    return parse_type(read_expression(text), evaluate_default)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", STRING),
        ("any", ANY),
        ('"string"', STRING),
        ("list", ListType(ANY)),
        ("map", MapType(ANY)),
        ("list(number)", ListType(NUMBER)),
        ("set(list(bool))", SetType(ListType(BOOL))),
        ("map(any)", MapType(ANY)),
        ("tuple([string, number])", TupleType((STRING, NUMBER))),
        ("object({})", ObjectType({})),
        (
            "object({b = optional(number, 3), a = string, c = optional(bool)})",
            ObjectType({"a": STRING, "b": NUMBER, "c": BOOL}, frozenset("bc"), {"b": 3}),
        ),
    ],
)
def test_types_are_read(text: str, expected: Type) -> None:
    assert read_type(text) == expected


@pytest.mark.parametrize(
    "text",
    ["strin", "list()", "list(string, number)", "set", "optional(string)", "tuple(string)", "1",
     "object({a = optional()})", "object({a = optional(string, 1, 2)})", "var.x", "object([])"],
)  # fmt: skip
def test_what_is_no_type_is_an_error(text: str) -> None:
    with pytest.raises(EvaluationError):
        read_type(text)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (1, "string", "1"),
        ("1.50", "number", 1.5),
        ("true", "bool", True),
        (None, "string", None),
        (U, "list(string)", U),
        ([1, U, None], "list(string)", ["1", U, None]),
        ([1, "a"], "list(any)", ["1", "a"]),
        (make_set(["b", "a"]), "list(string)", ["a", "b"]),
        (["b", 1, "1"], "set(string)", make_set(["1", "b"])),
        ({"a": 1, "b": True}, "map(string)", {"a": "1", "b": "true"}),
        ({"a": 1, "b": "x"}, "map(any)", {"a": "1", "b": "x"}),
        ([1, 2], "tuple([string, number])", ["1", 2]),
        ({"a": 1, "extra": 2}, "object({a = string})", {"a": "1"}),
        ({}, "object({a = optional(string)})", {"a": None}),
        ({}, 'object({a = optional(string, "x")})', {"a": "x"}),
        ({"a": None}, 'object({a = optional(string, "x")})', {"a": "x"}),
        ({"a": U}, 'object({a = optional(string, "x")})', {"a": U}),
        ({}, "object({a = optional(string, 5)})", {"a": "5"}),
        (
            {"o": {}},
            "object({o = optional(object({p = optional(number, 1)}))})",
            {"o": {"p": 1}},
        ),
        ({}, "object({o = optional(object({p = optional(number, 1)}))})", {"o": None}),
        ({}, "object({o = optional(object({p = optional(number, 1)}), {})})", {"o": {"p": 1}}),
        (
            [{"a": "x"}, {"a": "y", "b": "z"}],
            'list(object({a = string, b = optional(string, "d")}))',
            [{"a": "x", "b": "d"}, {"a": "y", "b": "z"}],
        ),
        ({"k": {}}, "map(object({a = optional(number, 2)}))", {"k": {"a": 2}}),
        ([{"a": 1}, {"a": "x"}], "list(object({a = any}))", [{"a": "1"}, {"a": "x"}]),
    ],
)
def test_conversion(value: HclValue, type_: str, expected: HclValue) -> None:
    result = convert(value, read_type(type_))
    assert result == expected
    assert isinstance(result, type(expected)) or isinstance(expected, float)


@pytest.mark.parametrize(
    ("value", "type_", "message"),
    [
        ("x", "number", "a number is required"),
        (["a"], "string", "string required"),
        ("a", "list(string)", "list of string required"),
        ([["a"]], "list(number)", "element 0: number required"),
        ({"a": {"b": "x"}}, "map(map(number))", 'element "a": element "b": a number is required'),
        ({}, "object({a = string})", 'attribute "a" is required'),
        ({"a": "x"}, "object({a = bool})", 'attribute "a": a bool is required'),
        ([1], "tuple([string, number])", "tuple with 2 elements required"),
        ([1, True], "list(any)", "same type"),
    ],
)
def test_error_names_the_part_that_does_not_fit(value: HclValue, type_: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        convert(value, read_type(type_))


def test_marks_stay_where_they_are() -> None:
    result = convert([Sensitive(1), 2], ListType(STRING))
    assert isinstance(result, list)
    assert isinstance(result[0], Sensitive)
    assert (result[0].value, result[1]) == ("1", "2")


def test_a_marked_element_marks_the_whole_set() -> None:
    result = convert([Sensitive(1), 2], SetType(STRING))
    assert isinstance(result, Sensitive)
    assert result.value == make_set(["1", "2"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], [1, 2]),
        ([1, "a", True], ["1", "a", "true"]),
        ([None, 1, U], [None, 1, U]),
        ([1, TEXT], ["1", TEXT]),
        ([{"a": 1}, {"a": "x"}], [{"a": "1"}, {"a": "x"}]),
        ([{"a": 1}, {"b": "x"}], [{"a": "1"}, {"b": "x"}]),
        ([{"a": 1}, None, {"a": "x"}, U], [{"a": "1"}, None, {"a": "x"}, U]),
        ([[1, "a"], [2, "b"]], [[1, "a"], [2, "b"]]),
        ([[1, 2], ["a"]], [["1", "2"], ["a"]]),
        ([[], ["a"]], [[], ["a"]]),
        ([make_set([1]), make_set(["a"])], [make_set(["1"]), make_set(["a"])]),
        ([["a"], make_set(["b"])], [make_set(["a"]), make_set(["b"])]),
        ([{"a": [1]}, {"a": ["x", "y"]}], [{"a": ["1"]}, {"a": ["x", "y"]}]),
    ],
)
def test_unification(values: list[HclValue], expected: list[HclValue]) -> None:
    result = unify_values(values)
    assert result == expected
    assert [isinstance(v, SetValue) for v in result] == [isinstance(v, SetValue) for v in expected]


@pytest.mark.parametrize("values", [[1, True], [1, [1]], [{}, []], [{"a": 1}, {"a": True}]])
def test_what_has_no_common_type_is_an_error(values: list[HclValue]) -> None:
    with pytest.raises(EvaluationError):
        unify_values(values)


def test_unification_leaves_its_argument_alone() -> None:
    element: HclValue = {"a": 1}
    values: list[HclValue] = [element, {"a": "x"}]
    unify_values(values)
    assert values[0] is element
    assert element == {"a": 1}


def test_unification_keeps_marks() -> None:
    first, second = unify_values([Sensitive(1), "a"])
    assert isinstance(first, Sensitive)
    assert (first.value, second) == ("1", "a")
