"""How values compare, convert and print, and what is kept of unknown ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from auditkit.model import Reference, Unknown
from auditkit.sources.terraform.arithmetic import add, divide, parse_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.values import (
    HclValue,
    Sensitive,
    SetValue,
    combine_unknowns,
    deep_unmark,
    equal,
    find_unknowns,
    format_number,
    from_json,
    is_wholly_known,
    join_template,
    make_set,
    normalize_text,
    plain,
    to_bool,
    to_json,
    to_number,
    to_string,
)

KEY = Reference("aws_kms_key.k", "arn")
BUCKET = Reference("aws_s3_bucket.b", "id")
U = Unknown("known after apply", references=(KEY,))
V = Unknown("`var.x` has no value", references=(BUCKET, KEY))
ARN = Unknown("known after apply", references=(KEY,), parts=("arn:aws:s3:::", U, "/*"))
PRESENT = Unknown("known after apply", references=(KEY,), present=True)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1, True),
        (1, "1", False),
        (True, 1, False),
        (False, 0, False),
        (True, True, True),
        (Decimal("1.5"), Decimal("1.50"), True),
        (None, None, True),
        (None, "", False),
        ([1, [2]], [1, [2]], True),
        ([1], [True], False),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        (SetValue(["a"]), ["a"], False),
        (make_set(["b", "a"]), make_set(["a", "b"]), True),
        (Sensitive("a"), "a", True),
        # One part that differs decides, whatever the unknown one is.
        ([U, 1], [U, 2], False),
        ({"a": U, "b": 1}, {"a": 1, "b": 2}, False),
        ([U], [], False),
        # Known text decides as far as it can.
        (ARN, "arn:aws:s3:::logs/*", None),
        (ARN, "arn:aws:sqs:::logs/*", False),
        (ARN, "arn:aws:s3:::logs", False),
        (ARN, "arn:aws:s3:::/", False),
        (ARN, 1, False),
        (ARN, None, False),
        (PRESENT, None, False),
        (PRESENT, "", False),
        (PRESENT, "a", None),
        (U, None, None),
        (U, U, None),
        ([U], [1], None),
        (make_set([U]), make_set([1]), None),
    ],
)
def test_equal(left: HclValue, right: HclValue, expected: bool | None) -> None:
    for result in (equal(left, right), equal(right, left)):
        if expected is None:
            assert isinstance(result, Unknown)
            assert result.references == (KEY,)
        else:
            assert result is expected


@pytest.mark.parametrize(
    ("parts", "text", "expected"),
    [
        (("a", U), "abc", True),
        (("a", U), "b", False),
        ((U, "c"), "abc", True),
        ((U, "b", U), "abc", True),
        ((U, "b", U), "ac", False),
        (("ab", U, "bc"), "abc", False),
        (("a", U, "b", U, "b"), "ab", False),
        (("a", U, "b", U, "b"), "abb", True),
    ],
)
def test_known_pieces_decide_equality(
    parts: tuple[str | Unknown, ...], text: str, expected: bool
) -> None:
    result = equal(Unknown("?", parts=parts), text)
    assert isinstance(result, Unknown) if expected else result is False


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (["b", "a", "b"], ["a", "b"]),
        (["é", "z", "Z"], ["Z", "z", "é"]),
        ([10, 9, Decimal("9.5")], [9, Decimal("9.5"), 10]),
        ([True, False, True], [False, True]),
        (["a", None, None], ["a", None]),
        ([{"a": 2}, {"a": 10}, {"a": 2}], [{"a": 10}, {"a": 2}]),
        ([[2], [1, 3]], [[1, 3], [2]]),
        ([], []),
    ],
)
def test_sets_have_terraforms_order(elements: list[HclValue], expected: list[HclValue]) -> None:
    assert list(make_set(elements)) == expected


def test_no_unknown_element_of_a_set_equals_another() -> None:
    assert list(make_set([U, "b", U, "a"])) == ["a", "b", U, U]


def test_sets_keep_numbers_apart_that_print_alike() -> None:
    assert len(make_set([[1 + 10**20], [10**20]])) == 2


def test_combining_keeps_the_first_cause_and_every_reference_once() -> None:
    combined = combine_unknowns([U, V])
    assert combined.cause == "known after apply"
    assert combined.references == (KEY, BUCKET)
    assert combine_unknowns([U, V], "why").cause == "why"
    assert combine_unknowns([U]) is U


@pytest.mark.parametrize(
    "unknown",
    [
        ARN,
        PRESENT,
        Unknown("?", document={"a": U}, references=(KEY,)),
        Unknown("?", keys=("a",), references=(KEY,)),
    ],
)
def test_what_depends_on_an_unknown_is_not_known_in_part(unknown: Unknown) -> None:
    combined = combine_unknowns([unknown])
    assert combined.references == (KEY,)
    assert (combined.parts, combined.document, combined.keys, combined.present) == (
        (),
        None,
        (),
        False,
    )


def test_unknowns_are_found_at_any_depth() -> None:
    value: HclValue = {"a": [1, {"b": U}], "c": Sensitive(SetValue([V]))}
    assert list(find_unknowns(value)) == [U, V]
    assert not is_wholly_known(value)
    assert is_wholly_known({"a": [1, None, Sensitive("x")]})


def test_template_keeps_the_known_pieces_around_unknown_ones() -> None:
    result = join_template(["arn:", 1, True, U, "/", V, ""])
    assert isinstance(result, Unknown)
    assert result.parts == ("arn:1true", U, "/", V)
    assert result.references == (KEY, BUCKET)


def test_template_splices_a_string_that_is_partly_known() -> None:
    result = join_template(["x-", ARN, "-y"])
    assert isinstance(result, Unknown)
    assert result.parts == ("x-arn:aws:s3:::", U, "/*-y")


def test_template_of_unknown_pieces_alone_has_no_parts() -> None:
    result = join_template([U, "", V])
    assert isinstance(result, Unknown)
    assert result.parts == ()
    assert join_template(["", U]) is U


def test_one_sensitive_piece_makes_the_template_sensitive() -> None:
    result = join_template(["a", Sensitive("b")])
    assert isinstance(result, Sensitive)
    assert result.value == "ab"


@pytest.mark.parametrize("piece", [None, [1], {}])
def test_template_takes_no_null_and_no_collection(piece: HclValue) -> None:
    with pytest.raises(EvaluationError):
        join_template(["a", piece])


def test_template_has_a_limit() -> None:
    with pytest.raises(EvaluationError, match="too large"):
        join_template(["x" * 9_000_000, "x" * 9_000_000])


@pytest.mark.parametrize("convert", [to_string, to_number, to_bool])
def test_null_and_unknown_stay_what_they_are(convert: type) -> None:
    assert convert(None) is None
    assert convert(ARN) is ARN


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.50", "1.5"),
        ("-0.0", "0"),
        ("1e3", "1000"),
        ("1e-3", "0.001"),
        (".5", "0.5"),
    ],
)
def test_numbers_print_without_exponent(number: str, expected: str) -> None:
    assert format_number(parse_number(number)) == expected


def test_whole_results_are_ints() -> None:
    assert isinstance(add(Decimal("0.5"), Decimal("1.5")), int)
    assert isinstance(divide(10, 5), int)


@pytest.mark.parametrize(
    "text", ["1e99999", "1e999999999", "1e-99999", "9" * 5000, "1" + "0" * 4500]
)
def test_insane_numbers_are_not_evaluated(text: str) -> None:
    with pytest.raises(EvaluationError):
        parse_number(text)


def test_numbers_that_python_refuses_to_print_are_errors() -> None:
    with pytest.raises(EvaluationError, match="too large"):
        format_number(10**5000)
    with pytest.raises(EvaluationError, match="too large"):
        to_json([10**5000])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, Decimal("0.5"), None, True]}, '{"a":[1,0.5,null,true]}'),
        ("<a&b>\u2028", '"\\u003ca\\u0026b\\u003e\\u2028"'),
        (make_set(["b", "a"]), '["a","b"]'),
    ],
)
def test_json_is_gos(value: HclValue, expected: str) -> None:
    assert to_json(value) == expected


def test_json_of_an_unknown_value_is_an_error() -> None:
    with pytest.raises(EvaluationError):
        to_json(["a", U])


def test_json_objects_are_sorted_and_normalized() -> None:
    value = from_json('{"b": 1.0, "a": "e\\u0301", "\\u0041": 1e2}')
    assert isinstance(value, dict)
    assert list(value.items()) == [("A", 100), ("a", "é"), ("b", 1)]
    assert type(value["b"]) is int


@pytest.mark.parametrize("text", ["", "[", "NaN", "[1,]", "[" * 500 + "]" * 500, "[" * 100_000])
def test_what_is_no_json_is_an_error(text: str) -> None:
    with pytest.raises(EvaluationError):
        from_json(text)


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert normalize_text("\ud800x") == "\ufffdx"


def test_unmark_removes_every_mark() -> None:
    value: HclValue = {"a": [Sensitive({"b": Sensitive(1)})]}
    assert deep_unmark(value) == ({"a": [{"b": 1}]}, True)
    same: HclValue = {"a": [1, U]}
    assert deep_unmark(same) == (same, False)


def test_inventory_gets_json_types_and_no_secret() -> None:
    result = plain({"a": Decimal("0.5"), "s": make_set(["x"]), "p": Sensitive("secret"), "u": U})
    assert isinstance(result, dict)
    assert (result["a"], result["s"], result["u"]) == (0.5, ["x"], U)
    secret = result["p"]
    assert isinstance(secret, Unknown)
    assert secret.sensitive
    assert "secret" not in repr(result["p"].references)


def test_inventory_does_not_hold_on_to_the_configuration() -> None:
    class Lazy(Unknown):
        __slots__ = ()

    lazy = Lazy("known after apply", (KEY,))
    for value in (plain(lazy), plain([lazy])[0], join_template(["a", lazy]).parts[1]):  # type: ignore[index,union-attr]
        assert type(value) is Unknown
        assert value.references == (KEY,)
