from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.rules.paths import format_path, judge_at, parse_path, values_at
from rules.subjects import ARN, FAIL, NO_VALUE, PASS, UNKNOWN


@pytest.mark.parametrize(
    ("text", "path", "canonical"),
    [
        ("a", ("a",), "a"),
        ("a.b", ("a", "b"), "a.b"),
        ("a[0].b", ("a", 0, "b"), "a[0].b"),
        ("a[10][2]", ("a", 10, 2), "a[10][2]"),
        ('tags["x.y"]', ("tags", "x.y"), 'tags["x.y"]'),
        ('tags["plain"].z', ("tags", "plain", "z"), "tags.plain.z"),
        ("runs-on", ("runs-on",), "runs-on"),
        (".", (), "."),
        (".policy", ("policy",), "policy"),
        ('.["aws:x"]', ("aws:x",), '["aws:x"]'),
        ("[0].a", (0, "a"), "[0].a"),
    ],
)
def test_paths_are_read_and_written(text, path, canonical):
    assert parse_path(text) == path
    assert format_path(path) == canonical


@pytest.mark.parametrize(
    "text", ["", "a.", "a..b", "a[", "a[x]", "a[-1]", "1a", "a b", "a.[0]", 'a["b]', ".."]
)
def test_other_texts_are_no_paths(text):
    with pytest.raises(ValueError, match="not a path"):
        parse_path(text)


WALKS = [
    # value, path, what is found there
    ({"b": 1}, ("b",), [(("b",), 1)]),
    ({"b": None}, ("b", "c"), [(("b", "c"), None)]),
    ({}, ("b", "c"), [(("b", "c"), None)]),
    ([], ("b",), [(("b",), None)]),
    ([{"b": 1}], ("b",), [((0, "b"), 1)]),
    ([{"b": 1}, {"b": 2}, {}], ("b",), [((0, "b"), 1), ((1, "b"), 2), ((2, "b"), None)]),
    ([{"b": 1}, {"b": 2}], (1, "b"), [((1, "b"), 2)]),
    ([{"b": 1}], (3, "b"), [((3, "b"), None)]),
    ([{"b": [{"c": 1}, {"c": 2}]}], ("b", "c"), [((0, "b", 0, "c"), 1), ((0, "b", 1, "c"), 2)]),
    ([{"b": []}], ("b", "c"), [((0, "b", "c"), None)]),
    ([None, {"b": 1}], ("b",), [((0, "b"), None), ((1, "b"), 1)]),
    ("text", ("b",), [(("b",), None)]),
    ([["x"]], ("b",), [((0, "b"), None)]),
    ({"b": {"0": 1}}, ("b", 0), [(("b", 0), None)]),
]


@pytest.mark.parametrize(("value", "path", "found"), WALKS)
def test_what_stands_at_a_path(value, path, found):
    assert list(values_at(value, path)) == found
    seen = []
    judge_at(value, path, lambda value: seen.append(value) or PASS)
    assert seen == [value for _, value in found]


def test_every_one_of_several_elements_has_to_pass():
    verdicts = {1: PASS, 2: FAIL, 3: UNKNOWN}
    judge = verdicts.__getitem__
    assert judge_at([{"b": 1}, {"b": 3}], ("b",), judge) is UNKNOWN
    assert judge_at([{"b": 3}, {"b": 2}], ("b",), judge) is FAIL


@pytest.mark.parametrize(
    "value", [NO_VALUE, ARN, Unknown("x", parts=("a", NO_VALUE)), Unknown("x", document={"b": 1})]
)
def test_what_is_known_of_a_whole_does_not_hold_for_its_parts(value):
    [(path, part)] = values_at(value, ("b", 0, "c"))
    assert path == ("b", 0, "c")
    assert isinstance(part, Unknown)
    assert part.cause == value.cause
    assert not part.present
    assert not part.parts
    assert part.document is None


def test_a_map_can_be_certain_of_its_keys():
    [(_, part)] = values_at(Unknown("merge", keys=("b",)), ("b",))
    assert part.present
