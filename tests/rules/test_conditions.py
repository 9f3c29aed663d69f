from __future__ import annotations

import pytest

from auditkit.errors import RuleError
from auditkit.model import Neighbours, Unknown
from auditkit.rules.conditions import Element
from auditkit.rules.grammar import Scope
from rules.subjects import (
    ARN,
    FAIL,
    NO_VALUE,
    PASS,
    UNKNOWN,
    Thing,
    compile_condition,
    explain,
    judge,
)

IS = {PASS: True, FAIL: False, UNKNOWN: NO_VALUE}
VERDICTS = (PASS, UNKNOWN, FAIL)


@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("second", VERDICTS)
def test_conditions_combine_as_kleene_says(first, second):
    values = {"a": IS[first], "b": IS[second]}
    both = [{"a": True}, {"b": True}]
    assert judge({"a": True, "b": True}, **values) is min(first, second)
    assert judge({"all": both}, **values) is min(first, second)
    assert judge({"any": both}, **values) is max(first, second)
    inverse = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}
    assert judge({"not": {"all": both}}, **values) is inverse[min(first, second)]
    assert judge({"not": {"any": both}}, **values) is inverse[max(first, second)]


EACH = {"each": {"of": "x", "match": {"ok": True}}}
SOME = {"some": {"of": "x", "match": {"ok": True}}}
NONE = {"none": {"of": "x", "match": {"ok": True}}}
EACH_OF = {"each": {"of": "x", "where": {"on": True}, "match": {"ok": True}}}
SOME_OF = {"some": {"of": "x", "where": {"on": True}, "match": {"ok": True}}}
NONE_OF = {"none": {"of": "x", "where": {"on": True}, "match": {"ok": True}}}


def element(verdict, taken=None):
    element = {"ok": IS[verdict]}
    return element if taken is None else {**element, "on": IS[taken]}


QUANTIFIED = [
    # elements, each, some, none
    (None, PASS, FAIL, PASS),
    ([], PASS, FAIL, PASS),
    (NO_VALUE, UNKNOWN, UNKNOWN, UNKNOWN),
    (ARN, UNKNOWN, UNKNOWN, UNKNOWN),
    ([element(PASS)], PASS, PASS, FAIL),
    ([element(FAIL)], FAIL, FAIL, PASS),
    ([element(UNKNOWN)], UNKNOWN, UNKNOWN, UNKNOWN),
    ([NO_VALUE], UNKNOWN, UNKNOWN, UNKNOWN),
    ([element(PASS), element(FAIL)], FAIL, PASS, FAIL),
    ([element(PASS), element(UNKNOWN)], UNKNOWN, PASS, FAIL),
    ([element(FAIL), element(UNKNOWN)], FAIL, UNKNOWN, UNKNOWN),
    ([element(PASS), NO_VALUE], UNKNOWN, PASS, FAIL),
    (element(PASS), PASS, PASS, FAIL),
    ({}, FAIL, FAIL, PASS),
    ("text", FAIL, FAIL, PASS),
    ([None], FAIL, FAIL, PASS),
]


@pytest.mark.parametrize(("value", "each", "some", "none"), QUANTIFIED)
def test_quantifiers(value, each, some, none):
    assert judge(EACH, x=value) is each
    assert judge(SOME, x=value) is some
    assert judge(NONE, x=value) is none


TAKEN = [
    # taken, matches, each, some, none
    (PASS, PASS, PASS, PASS, FAIL),
    (PASS, FAIL, FAIL, FAIL, PASS),
    (PASS, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    (FAIL, PASS, PASS, FAIL, PASS),
    (FAIL, FAIL, PASS, FAIL, PASS),
    (FAIL, UNKNOWN, PASS, FAIL, PASS),
    (UNKNOWN, PASS, PASS, UNKNOWN, UNKNOWN),
    (UNKNOWN, FAIL, UNKNOWN, FAIL, PASS),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("taken", "matches", "each", "some", "none"), TAKEN)
def test_quantifiers_over_elements_that_are_taken(taken, matches, each, some, none):
    value = [element(matches, taken)]
    assert judge(EACH_OF, x=value) is each
    assert judge(SOME_OF, x=value) is some
    assert judge(NONE_OF, x=value) is none


@pytest.mark.parametrize(
    ("value", "some"),
    [
        (None, FAIL),
        ([], FAIL),
        ([{}], PASS),
        ([None], PASS),
        ([NO_VALUE], PASS),
        (NO_VALUE, UNKNOWN),
        (ARN, PASS),
        (Unknown("merge", keys=("a",)), PASS),
        ("text", PASS),
    ],
)
def test_quantifiers_that_only_ask_whether_there_is_an_element(value, some):
    inverse = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}
    assert judge({"some": "x"}, x=value) is some
    assert judge({"none": "x"}, x=value) is inverse[some]
    assert judge({"some": {"of": "x"}}, x=value) is some


def test_scalar_elements_are_judged_by_operators():
    require = {"each": {"of": "ranges", "match": {"within_cidr": "10.0.0.0/8"}}}
    assert judge(require, ranges=["10.1.0.0/16"]) is PASS
    assert judge(require, ranges=["10.1.0.0/16", NO_VALUE]) is UNKNOWN
    assert judge(require, ranges=["11.0.0.0/8", NO_VALUE]) is FAIL
    assert (
        judge({"none": {"of": "x", "match": {"any": [{"equals": 1}, {"gte": 5}]}}}, x=[2, 6])
        is FAIL
    )
    assert judge({"none": {"of": "x", "match": {"not": {"gte": 5}}}}, x=[5, 6]) is PASS


def test_an_element_can_have_an_attribute_that_is_named_like_an_operator():
    value = [{"policy": "x", "length": 3}]
    assert judge({"each": {"of": "x", "match": {".policy": "x", ".length": 3}}}, x=value) is PASS
    assert judge({"each": {"of": "x", "match": {"length": 2}}}, x=value) is PASS
    assert judge({"each": {"of": "x", "match": {".": {"length": 2}}}}, x=value) is PASS


def test_quantifiers_go_through_the_lists_on_the_way():
    value = [{"b": [1, 2]}, {"b": []}, {"b": [3]}, {}]
    assert judge({"some": {"of": "a.b", "match": {"equals": 3}}}, a=value) is PASS
    assert judge({"each": {"of": "a.b", "match": {"lte": 2}}}, a=value) is FAIL
    assert judge({"each": {"of": "a[0].b", "match": {"lte": 2}}}, a=value) is PASS
    assert judge({"some": {"of": "a.b", "match": {"equals": 9}}}, a=[*value, NO_VALUE]) is UNKNOWN


def test_quantifiers_nest():
    require = {"each": {"of": "a", "match": {"some": {"of": "b", "match": {"c": 1}}}}}
    assert judge(require, a=[{"b": [{"c": 1}, {"c": 2}]}, {"b": [{"c": 1}]}]) is PASS
    assert judge(require, a=[{"b": [{"c": 1}]}, {"b": []}]) is FAIL
    assert judge(require, a=[{"b": [{"c": 1}]}, {"b": NO_VALUE}]) is UNKNOWN


def subjects(*verdicts):
    return tuple(Thing(element(verdict)) for verdict in verdicts)


RELATED = {"related": {"type": "aws_kms_key", "via": "key", "match": {"ok": True}}}
NEIGHBOURS = [
    # resources found, whether there may be others, verdict
    ((), None, FAIL),
    ((), NO_VALUE, UNKNOWN),
    ((PASS,), None, PASS),
    ((PASS,), NO_VALUE, PASS),
    ((FAIL,), None, FAIL),
    ((FAIL,), NO_VALUE, UNKNOWN),
    ((UNKNOWN,), None, UNKNOWN),
    ((FAIL, PASS), None, PASS),
    ((FAIL, UNKNOWN), None, UNKNOWN),
]


@pytest.mark.parametrize(("found", "doubt", "verdict"), NEIGHBOURS)
def test_related_resources(found, doubt, verdict):
    thing = Thing({"key": "k"}, outgoing={("key",): Neighbours(subjects(*found), doubt)})
    assert judge(RELATED, thing) is verdict


@pytest.mark.parametrize(
    ("taken", "matches", "verdict"),
    [(PASS, PASS, PASS), (FAIL, PASS, FAIL), (UNKNOWN, PASS, UNKNOWN), (UNKNOWN, FAIL, FAIL)],
)
def test_related_resources_that_are_taken(taken, matches, verdict):
    require = {"related": {**RELATED["related"], "where": {"on": True}}}
    found = Neighbours((Thing(element(matches, taken)),))
    assert judge(require, Thing({}, outgoing={("key",): found})) is verdict


def test_related_only_asks_whether_there_is_one():
    require = {"related": {"type": ["aws_kms_key", "aws_kms_alias"], "via": "key"}}
    assert judge(require, Thing({}, outgoing={("key",): Neighbours(subjects(FAIL))})) is PASS
    assert judge(require, Thing({})) is FAIL


def test_an_element_is_related_through_its_own_attribute():
    require = {
        "each": {"of": "a.rule", "match": {"related": {"type": "aws_kms_key", "via": "key[0]"}}}
    }
    thing = Thing(
        {"a": [{"rule": [{"key": ["k"]}, {"key": ["l"]}]}]},
        outgoing={("a", 0, "rule", 1, "key", 0): Neighbours(subjects(PASS))},
    )
    assert judge(require, thing) is FAIL
    thing.outgoing["a", 0, "rule", 0, "key", 0] = Neighbours(subjects(PASS))
    assert judge(require, thing) is PASS


@pytest.mark.parametrize(
    ("found", "doubt", "at_least", "verdict"),
    [
        ((), None, 1, FAIL),
        ((), NO_VALUE, 1, UNKNOWN),
        ((PASS,), None, 1, PASS),
        ((PASS,), None, 2, FAIL),
        ((PASS,), NO_VALUE, 2, UNKNOWN),
        ((PASS, UNKNOWN), None, 2, UNKNOWN),
        ((PASS, UNKNOWN), None, 3, FAIL),
        ((PASS, PASS, FAIL), NO_VALUE, 2, PASS),
    ],
)
def test_incoming_references(found, doubt, at_least, verdict):
    require = {
        "referenced_by": {
            "types": "aws_*",
            "via": "ids",
            "match": {"ok": True},
            "at_least": at_least,
        }
    }
    assert judge(require, Thing({}, incoming=Neighbours(subjects(*found), doubt))) is verdict


def test_json_is_a_subject_of_its_own():
    require = {"x": {"json": {"a.b": {"gte": 2}}}}
    assert judge(require, x='{"a": {"b": 2}}') is PASS
    assert judge(require, x='{"a": [{"b": 2}, {"b": 1}]}') is FAIL
    assert judge(require, x="{}") is FAIL
    assert judge(require, x="") is FAIL
    assert judge(require, x="{") is UNKNOWN
    assert judge(require, x="[" * 100_000) is UNKNOWN
    assert judge(require, x={"a": {"b": 2}}) is PASS
    assert judge(require, x=Unknown("x", document={"a": {"b": 2}})) is PASS
    assert judge(require, x=Unknown("x", parts=('{"a": {"b": 2, "c": ', NO_VALUE, "}}"))) is PASS
    assert judge(require, x=Unknown("x", parts=('{"a": {"b": ', NO_VALUE, "}}"))) is UNKNOWN
    assert judge(require, x=Unknown("x", parts=('{"a": ', NO_VALUE))) is UNKNOWN
    assert judge(require, x=Unknown("x", parts=("{", NO_VALUE, ': {"b": 2}}'))) is UNKNOWN
    assert judge(require, x=Unknown("x", parts=('{"', NO_VALUE, 'a": {"b": 1}}'))) is UNKNOWN


def test_a_json_list_is_addressed_by_a_dot():
    require = {"x": {"json": {"each": {"of": ".", "match": {"name": {"exists": True}}}}}}
    assert judge(require, x='[{"name": "a"}, {"name": "b"}]') is PASS
    assert judge(require, x='[{"name": "a"}, {}]') is FAIL
    assert judge(require, x="[]") is PASS
    assert judge({"x": {"json": {"[0].name": "a"}}}, x='[{"name": "a"}]') is PASS
    assert judge({"x": {"json": {"length": 2}}}, x="[1, 2]") is PASS


def test_what_stands_for_an_element_of_json_may_be_several():
    x = Unknown("template", parts=("[", NO_VALUE, "]"))
    assert judge({"x": {"json": {"length": 1}}}, x=x) is UNKNOWN
    assert judge({"x": {"json": {"length": 2}}}, x=x) is UNKNOWN
    y = Unknown("template", parts=('["', NO_VALUE, '"]'))
    assert judge({"x": {"json": {"length": 1}}}, x=y) is PASS


EVIDENCE = [
    # require, attributes, path, verdict, expected, actual
    ({"a": True, "b": True}, {"a": True, "b": False}, [(("b",), FAIL, "true", False)]),
    ({"a": True, "b": True}, {"a": NO_VALUE, "b": False}, [(("b",), FAIL, "true", False)]),
    ({"a": True, "b": True}, {"a": NO_VALUE, "b": True}, [(("a",), UNKNOWN, "true", NO_VALUE)]),
    ({"any": [{"a": 1}, {"b": 1}]}, {"a": 2}, [(("a",), FAIL, "1", 2)]),
    ({"any": [{"a": 1}, {"b": 1}]}, {"a": 2, "b": NO_VALUE}, [(("b",), UNKNOWN, "1", NO_VALUE)]),
    ({"not": {"a": 1}}, {"a": 1}, [(("a",), FAIL, "anything but 1", 1)]),
    (
        {"not": {"any": [{"a": 1}, {"b": 1}]}},
        {"a": 1, "b": 2},
        [(("a",), FAIL, "anything but 1", 1)],
    ),
    (
        {"not": {"a": 1, "b": 2}},
        {"a": 1, "b": 2},
        [(("a",), FAIL, "anything but 1", 1), (("b",), FAIL, "anything but 2", 2)],
    ),
    ({"a.b": 1}, {"a": [{"b": 1}, {"b": 2}]}, [(("a", 1, "b"), FAIL, "1", 2)]),
    ({"a.b": 1}, {}, [(("a", "b"), FAIL, "1", None)]),
    (EACH, {"x": [{"ok": True}, {"ok": False}]}, [(("x", 1, "ok"), FAIL, "true", False)]),
    (EACH, {"x": NO_VALUE}, [(("x",), UNKNOWN, "`ok` is true in every element", NO_VALUE)]),
    (NONE, {"x": [{"ok": True}, {}]}, [(("x", 0, "ok"), FAIL, "anything but true", True)]),
    (NONE, {"x": NO_VALUE}, [(("x",), UNKNOWN, "no element where `ok` is true", NO_VALUE)]),
    ({"none": "x"}, {"x": [{"a": 1}]}, [(("x", 0), FAIL, "no element", {"a": 1})]),
    ({"some": "x"}, {}, [(("x",), FAIL, "some element", None)]),
    (SOME, {"x": []}, [(("x",), FAIL, "some element where `ok` is true", [])]),
    (SOME, {"x": [{"ok": False}]}, [(("x", 0, "ok"), FAIL, "true", False)]),
    (
        SOME,
        {"x": [{"ok": False}, {}]},
        [(("x",), FAIL, "some element where `ok` is true", [{"ok": False}, {}])],
    ),
    (
        SOME_OF,
        {"x": []},
        [(("x",), FAIL, "some element where `on` is true and `ok` is true", [])],
    ),
    (
        NONE_OF,
        {"x": [{"on": NO_VALUE, "ok": True}]},
        [(("x", 0, "on"), UNKNOWN, "true", NO_VALUE)],
    ),
    (
        {"none": {"of": "x", "match": {"r": {"contains": "a"}}}},
        {"x": [{"r": ["b"]}, {"r": ["b", "a"]}]},
        [(("x", 1, "r", 1), FAIL, 'anything but "a"', "a")],
    ),
    (
        {"each": {"of": "x", "match": {"within_cidr": "10.0.0.0/8"}}},
        {"x": ["10.0.0.0/9", "::/0"]},
        [(("x", 1), FAIL, "within 10.0.0.0/8", "::/0")],
    ),
    ({"not": SOME}, {"x": [{"ok": True}]}, [(("x", 0, "ok"), FAIL, "anything but true", True)]),
    (
        {"not": EACH},
        {"x": [{"ok": True}, {"ok": True}]},
        [(("x",), FAIL, "some element where `ok` is anything but true", [{"ok": True}] * 2)],
    ),
    (
        {"x": {"json": {"a": {"gte": 2}}}},
        {"x": '{"a": 1}'},
        [(("x", "a"), FAIL, "at least 2", 1)],
    ),
]


@pytest.mark.parametrize(("require", "attributes", "evidence"), EVIDENCE)
def test_evidence_is_what_decided(require, attributes, evidence):
    assert explain(require, **attributes) == evidence


def test_evidence_of_missing_relations():
    [(path, verdict, expected, actual)] = explain(RELATED, key="k")
    assert (path, verdict, actual) == (("key",), FAIL, "k")
    assert expected == "a reference to aws_kms_key where `ok` is true"
    doubtful = Thing({"key": NO_VALUE}, outgoing={("key",): Neighbours((), NO_VALUE)})
    assert explain(RELATED, doubtful)[0][1:] == (UNKNOWN, expected, NO_VALUE)
    require = {"referenced_by": {"types": ["aws_a", "aws_b"], "via": "ids"}}
    expected = "at least 1 reference by `ids` from aws_a or aws_b"
    assert explain(require) == [((), FAIL, expected, None)]
    require = {"not": {"referenced_by": {"types": "aws_a"}}}
    found = Thing({}, incoming=Neighbours(subjects(PASS)))
    assert explain(require, found) == [((), FAIL, "fewer than 1 references from aws_a", None)]


def test_unreadable_documents_say_why():
    [(path, verdict, _, actual)] = explain({"x": {"json": {"a": 1}}}, x="{")
    assert (path, verdict) == (("x",), UNKNOWN)
    assert "not JSON" in actual.cause


def words(data, **scope):
    return compile_condition(data, **scope).words()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": True}, "`a` is true"),
        ({"a.b": {"gte": 1, "lte": 3}}, "`a.b` is at least 1 and is at most 3"),
        ({"a": {"has_keys": ["x"]}}, '`a` has the key "x"'),
        ({"not": {"a": {"has_keys": ["x", "y"]}}}, '`a` has not all of the keys "x" and "y"'),
        ({"not": {"a": {"any": [1, {"gt": 7}]}}}, "`a` is anything but 1 and is at most 7"),
        ({"a": {"length": 3}}, "`a` has a length that is 3"),
        ({"a": 1, "any": [{"b": 2}, {"c": 3}]}, "`a` is 1 and (`b` is 2 or `c` is 3)"),
        ({"not": {"a": {"contains": "x"}}}, '`a` has no "x" in it'),
        (
            {"any": [{"a": 1, "b": 2}, {"not": {"any": [{"c": 3}, {"d": 4}]}}]},
            "(`a` is 1 and `b` is 2) or (`c` is anything but 3 and `d` is anything but 4)",
        ),
        (EACH_OF, "`ok` is true in every `x` element where `on` is true"),
        (NONE_OF, "no `x` element where `on` is true and `ok` is true"),
        ({"not": SOME}, "no `x` element where `ok` is true"),
        (
            {"none": {"of": "x", "match": {"is_public_cidr": True}}},
            "no `x` element where it is open to the Internet",
        ),
        (RELATED, "`key` is a reference to aws_kms_key where `ok` is true"),
        (
            {"referenced_by": {"types": "aws_a", "at_least": 2}},
            "it has at least 2 references from aws_a",
        ),
        (
            {"p": {"policy": {"none": {"of": "statements", "match": {"public": True}}}}},
            "`p` is a policy with no `statements` element where `public` is true",
        ),
    ],
)
def test_conditions_say_what_they_ask(data, text):
    assert words(data) == text


def test_an_element_is_a_subject_like_a_resource():
    owner = Thing({}, outgoing={("x", 0, "key"): Neighbours(subjects(PASS))}, incoming=Neighbours())
    element = Element(owner, {"a": 1}, ("x", 0))
    assert (element.attribute("a"), element.attribute("b")) == (1, None)
    assert element.related(["aws_key"], ("key",)).subjects
    assert element.referrers(["aws_key"], ()) is owner.incoming
    assert Element(owner, NO_VALUE, ("x", 1)).attribute("a") is NO_VALUE
    assert Element(owner, "text", ("x", 1)).attribute("a") is None
    inside_document = Element(None, {}, ())
    assert inside_document.related(["aws_key"], ("key",)) == Neighbours()
    assert inside_document.referrers(["aws_key"], ()) == Neighbours()


def test_evidence_of_an_element_without_its_relation():
    require = {"each": {"of": "x", "match": {"related": {"type": "aws_key", "via": "key"}}}}
    [(path, verdict, expected, actual)] = explain(require, x=[{"key": "k"}])
    assert (path, verdict, actual) == (("x", 0, "key"), FAIL, "k")
    assert expected == "a reference to aws_key"


def test_evidence_of_a_lack_in_several_lists():
    require = {"some": {"of": "a.b", "match": {"equals": 1}}}
    expected = "some element where it is 1"
    assert explain(require, a=[{"b": [2]}, {"b": [3]}]) == [(("a", "b"), FAIL, expected, None)]


def test_only_elements_have_a_value_of_their_own():
    inner = compile_condition({"gte": 3}, scope=Scope("element", ("aws_thing",), ("x",)))
    assert inner.judge(Element(None, 4, ("x", 0))) is PASS
    with pytest.raises(TypeError):
        inner.judge(Thing({}))


MISTAKES = [
    ({}, "value require: expected a condition"),
    ([], "value require: expected a condition"),
    ({"all": {}}, "value require/all: expected a list of conditions"),
    ({"any": []}, "value require/any: expected a list of conditions"),
    ({"any": [{}]}, "value require/any/0: expected a condition"),
    ({"not": True}, "value require/not: expected a condition"),
    ({"each": "x"}, "value require/each: expected a mapping with of, where, match"),
    ({"each": {"of": "x"}}, "missing key 'match'"),
    ({"each": {"match": {"a": 1}}}, "missing key 'of'"),
    ({"each": {"of": "x", "matches": {"a": 1}, "match": {"a": 1}}}, "unknown key 'matches' (did"),
    (
        {"eech": {"of": "x", "match": {"a": 1}}},
        "key require/eech: unknown key 'eech' (did you mean 'each'?)",
    ),
    ({"anny": [{"a": 1}]}, "unknown key 'anny' (did you mean 'any'?)"),
    ({"x": [{"a": 1}]}, "not a list of mappings"),
    ({"x": {}}, "expected a value or operators"),
    ({"x y": 1}, "key require/x y: not a path"),
    ({".": 1}, "starts from an element, but here is a resource"),
    ({"[0].a": 1}, "starts from an element"),
    ({"each": {"of": 3, "match": {"a": 1}}}, "value require/each/of: expected a path, not 3"),
    ({"related": {"type": "aws_a"}}, "missing key 'via'"),
    ({"related": {"type": 3, "via": "x"}}, "expected a resource type"),
    ({"related": "x"}, "expected a mapping with type, via, where, match"),
    ({"referenced_by": {"types": "aws_a", "at_least": 0}}, "expected a number from 1, not 0"),
    ({"referenced_by": {"types": []}}, "expected a resource type"),
    ({"referenced_by": "aws_a"}, "expected a mapping with types, via, match, at_least"),
    (
        {"each": {"of": "x", "match": {"referenced_by": {"types": "aws_a"}}}},
        "asked of a resource, not of an element",
    ),
    ({"x": {"json": {"related": {"type": "aws_a", "via": "b"}}}}, "not possible inside a document"),
    (
        {"p": {"policy": {"statement": 1}}},
        "a policy has no 'statement' (did you mean 'statements'?)",
    ),
    (
        {"p": {"policy": {"none": {"of": "statements", "match": {"action": "*"}}}}},
        "a statement has no 'action' (did you mean 'actions'?)",
    ),
    (
        {"p": {"policy": {"some": {"of": "statements.conditions", "match": {"keys": "a"}}}}},
        "a condition has no 'keys' (did you mean 'key'?)",
    ),
    ({"x": "$days"}, "unknown parameter '$days'"),
]


@pytest.mark.parametrize(("data", "message"), MISTAKES)
def test_mistakes(data, message):
    with pytest.raises(RuleError) as error:
        compile_condition(data)
    assert message in str(error.value)


def test_all_mistakes_are_told_together():
    with pytest.raises(RuleError) as error:
        compile_condition({"a": {"equal": 1}, "any": [{"b": {"gte": "x"}}, {"c": "$d"}]})
    assert [line.partition(": ")[0] for line in error.value.mistakes] == [
        "key require/a/equal",
        "value require/any/0/b/gte",
        "value require/any/1/c",
    ]


def test_parameters_stand_for_values():
    params = {"days": 7, "keys": ["a", "b"], "range": "10.0.0.0/8"}

    def verdict(data, **attributes):
        return compile_condition(data, params=params).judge(Thing(attributes))

    assert verdict({"x": {"gte": "$days"}}, x=7) is PASS
    assert verdict({"x": "$days"}, x=8) is FAIL
    assert verdict({"x": {"has_keys": "$keys"}}, x={"a": 1, "b": 2}) is PASS
    assert verdict({"x": {"within_cidr": ["$range", "fd00::/8"]}}, x="10.1.0.0/16") is PASS
    assert verdict({"x": "$$days"}, x="$days") is PASS
    assert verdict({"x": "$5"}, x="$5") is PASS


KNOWN_PATHS = {"aws_thing": {("x",), ("x", "policy"), ("x", "ports"), ("y",)}, "aws_key": {("z",)}}


def check_path(type, path):
    return None if path in KNOWN_PATHS[type] else f"{type} has no {'.'.join(path)}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"y": 1, "x[0].ports": 2}, None),
        ({"w": 1}, "key require/w: aws_thing has no w"),
        ({"each": {"of": "w", "match": {"a": 1}}}, "value require/each/of: aws_thing has no w"),
        ({"each": {"of": "x", "match": {"ports": 1}}}, None),
        ({"each": {"of": "x", "match": {"port": 1}}}, "aws_thing has no x.port"),
        (
            {"each": {"of": "x", "match": {"policy": {"version": 1}}}},
            "is an operator and an attribute here",
        ),
        ({"each": {"of": "x", "match": {".policy": {"policy": {"version": 1}}}}}, None),
        ({"each": {"of": "x", "match": {"matches": "a"}}}, None),
        ({"related": {"type": "aws_key", "via": "y", "match": {"z": 1}}}, None),
        ({"related": {"type": "aws_key", "via": "y", "match": {"y": 1}}}, "aws_key has no y"),
        (
            {"related": {"type": "aws_kee", "via": "y"}},
            "unknown resource type 'aws_kee' (did you mean 'aws_key'?)",
        ),
        ({"referenced_by": {"types": "aws_k*", "via": "anything"}}, None),
        ({"referenced_by": {"types": "gcp_*"}}, "unknown resource type 'gcp_*'"),
        ({"x": {"json": {"anything": 1}}}, None),
    ],
)
def test_types_and_paths_are_checked_on_request(data, message):
    context = {"known_types": lambda: KNOWN_PATHS, "known_path": check_path}
    if message is None:
        compile_condition(data, **context)
        return
    with pytest.raises(RuleError) as error:
        compile_condition(data, **context)
    assert message in str(error.value)


def test_a_path_has_to_be_known_for_one_of_several_types():
    scope = Scope("resource", ("aws_thing", "aws_key", "aws_*"))
    compile_condition({"z": 1, "y": 1}, scope=scope, known_path=check_path)
    with pytest.raises(RuleError):
        compile_condition({"w": 1}, scope=scope, known_path=check_path)
