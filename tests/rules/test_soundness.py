"""What is certain stays so: no value of what is unknown turns a pass into a fail, or back."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.model import Unknown
from auditkit.rules.values import pieces
from rules.subjects import NO_VALUE, UNKNOWN, Thing, compile_condition

TEXTS = st.sampled_from(
    [
        "",
        "a",
        "ab",
        "abc",
        "b",
        "7",
        "true",
        "*",
        "s3:*",
        "s3:GetObject",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "10.1.0.0/16",
        "2026-01-01",
        "2026-05-30T00:00:00Z",
        "1.2",
        "TLSv1.2_2021",
        '{"a": 1}',
        "[1, 2]",
    ]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-1, 8), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abx"), inner, max_size=3)
    ),
    max_leaves=6,
)
OPERATORS = [
    "a",
    7,
    True,
    None,
    ["a", "b"],
    {"in": ["a", "ab", 7]},
    {"exists": True},
    {"empty": True},
    {"gte": 3},
    {"lt": 3},
    {"matches": "^a"},
    {"matches": "b$"},
    {"matches": "^abx"},
    {"matches": "b"},
    {"matches": "^[^a]"},
    {"matches": "a?b"},
    {"matches": "(?i)AB"},
    {"matches": r"\bab\b"},
    {"starts_with": "ab"},
    {"ends_with": ["bc", "8"]},
    {"contains": "a"},
    {"contains": "*"},
    {"contains_all": ["a", "b"]},
    {"contains_any": ["a", "7"]},
    {"has_keys": ["a", "b"]},
    {"within_cidr": "10.0.0.0/8"},
    {"overlaps_cidr": "10.0.0.0/8"},
    {"is_public_cidr": True},
    {"older_than": "90d"},
    {"newer_than": "90d"},
    {"version_gte": "1.2"},
    {"covers": "s3:GetObject"},
    {"length": {"gte": 2}},
    {"json": {"a": 1}},
    {"json": {"length": 2}},
    {"gte": 0, "lte": 7},
    {"any": [{"gte": 3}, "a"]},
]
CONDITIONS = [
    *({"x": operator} for operator in OPERATORS),
    *({"x.a": operator} for operator in OPERATORS[:8]),
    {"x.a.b": {"exists": True}}, {"x[1]": "a"}, {"some": "x"}, {"none": "x.a"},
    *(
        {quantity: {"of": "x", "where": {".a": {"exists": True}}, "match": {".b": "a"}}}
        for quantity in ("each", "some", "none")
    ),
    *({quantity: {"of": "x", "match": {"equals": "a"}}} for quantity in ("each", "some", "none")),
    {"each": {"of": "x.a", "match": {"some": {"of": ".", "match": {"starts_with": "a"}}}}},
    {"any": [{"x": "a"}, {"y": {"gte": 2}}], "not": {"x": 7, "y": 7}},
]  # fmt: skip
COMPILED = [
    (json.dumps(each), compile_condition(each))
    for each in (*CONDITIONS, *({"not": each} for each in CONDITIONS))
]


@st.composite
def hidden(draw, value):
    """`value` with some of it unknown."""
    if draw(st.integers(0, 5)) == 0:
        return NO_VALUE
    if isinstance(value, str) and draw(st.booleans()):
        return draw(with_holes(value))
    if isinstance(value, list):
        return [draw(hidden(item)) for item in value]
    if isinstance(value, dict):
        if value and draw(st.integers(0, 5)) == 0:
            return Unknown("merge", keys=tuple(key for key, each in value.items() if each))
        return {key: draw(hidden(item)) for key, item in value.items()}
    return value


@st.composite
def with_holes(draw, text):
    """`text` with some of its pieces unknown."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return Unknown("template", parts=(text[:start], NO_VALUE, text[end:]))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_certain_of_values_stays_so(data):
    values = {"x": data.draw(VALUES), "y": data.draw(SCALARS)}
    known_in_part = {name: data.draw(hidden(value)) for name, value in values.items()}
    for text, condition in COMPILED:
        verdict = condition.judge(Thing(known_in_part))
        if verdict is not UNKNOWN:
            assert condition.judge(Thing(values)) is verdict, text


NAMES = st.sampled_from(["*", "s3:*", "s3:GetObject", "iam:PassRole", "arn:aws:s3:::b/*"])
PRINCIPALS = st.sampled_from(["*", "123456789012", "arn:aws:iam::123456789012:root"])


def one_or_more(items):
    return st.one_of(items, st.lists(items, max_size=2))


CONDITION_VALUES = st.sampled_from(
    ["*", "o-a1b2c3", "123456789012", "arn:aws:sns:*:123456789012:*", "arn:aws:s3:::b", "0.0.0.0/0",
     "203.0.113.0/24", "true", "${aws:username}"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["aws:PrincipalOrgID", "aws:SourceArn", "aws:SourceIp", "aws:PrincipalOrgPaths", "s3:prefix"]
)
TESTS = st.sampled_from(
    ["StringEquals", "StringNotEquals", "ForAllValues:StringLike", "ArnLike", "IpAddress", "Null"]
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Action": one_or_more(NAMES),
        "NotAction": one_or_more(NAMES),
        "Resource": one_or_more(NAMES),
        "Principal": st.one_of(
            st.just("*"),
            st.dictionaries(
                st.sampled_from(["AWS", "Service"]), one_or_more(PRINCIPALS), max_size=2
            ),
        ),
        "NotPrincipal": st.dictionaries(st.just("AWS"), one_or_more(PRINCIPALS), max_size=1),
        "Condition": st.dictionaries(
            TESTS, st.dictionaries(KEYS, one_or_more(CONDITION_VALUES), max_size=2), max_size=2
        ),
    },
)
POLICIES = st.fixed_dictionaries({"Statement": one_or_more(STATEMENTS)})
POLICY_MATCHES = [
    {"public": True},
    {"effect": "Allow", "actions": {"covers": "s3:GetObject"}},
    {"actions": {"contains": "*"}, "resources": {"contains": "*"}},
    {"not_actions": {"empty": False}},
    {"each": {"of": "resources", "match": {"ends_with": "*"}}},
    {"principals": {"contains": "*"}},
    {"some": {"of": "principals", "match": {"starts_with": "AWS:"}}},
    {
        "some": {
            "of": "conditions",
            "match": {"key": {"matches": "^aws:"}, "values": {"contains": "*"}},
        }
    },
    {"none": {"of": "conditions", "match": {"operator": "StringEquals"}}},
]
POLICY_CONDITIONS = [
    (
        json.dumps(match),
        compile_condition({"p": {"policy": {quantity: {"of": "statements", "match": match}}}}),
    )
    for match in POLICY_MATCHES
    for quantity in ("some", "none", "each")
]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_certain_of_policies_stays_so(data):
    policy = data.draw(POLICIES)
    known_in_part = data.draw(hidden(policy))
    check_policy(known_in_part, policy)
    check_policy(Unknown("document", document=known_in_part), policy)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_certain_of_policy_texts_stays_so(data):
    """Holes stand in texts or for whole values, as interpolations in a heredoc do."""
    policy = data.draw(POLICIES)
    text = json.dumps(mark(data.draw(hidden(policy))))
    split = re.split('("@value@"|@piece@)', text)
    parts = tuple(NO_VALUE if number % 2 else piece for number, piece in enumerate(split))
    check_policy(Unknown("template", parts=parts), policy)


def mark(value):
    """A value in which holes are marked, to be cut out of its text."""
    if value is NO_VALUE:
        return "@value@"
    if isinstance(value, Unknown):
        return "".join("@piece@" if isinstance(each, Unknown) else each for each in pieces(value))
    if isinstance(value, list):
        return [mark(item) for item in value]
    if isinstance(value, dict):
        return {key: mark(item) for key, item in value.items()}
    return value


def check_policy(known_in_part, policy):
    for text, condition in POLICY_CONDITIONS:
        verdict = condition.judge(Thing({"p": known_in_part}))
        if verdict is not UNKNOWN:
            assert condition.judge(Thing({"p": policy})) is verdict, text
