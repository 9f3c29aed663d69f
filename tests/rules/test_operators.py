from __future__ import annotations

import pytest

from auditkit.errors import RuleError
from auditkit.model import Unknown
from rules.subjects import ARN, FAIL, NO_VALUE, PASS, UNKNOWN, explain, judge, template

WRONG_TYPES = (True, 3, "plain", ["a"], {"a": "b"})

NULL_AND_UNKNOWN = [
    # operator, operand, on null, on an unknown value, on a certainly present one
    ("equals", "a", FAIL, UNKNOWN, UNKNOWN),
    ("equals", None, PASS, UNKNOWN, FAIL),
    ("equals", "", FAIL, UNKNOWN, FAIL),
    ("equals", "*", FAIL, UNKNOWN, FAIL),
    ("equals", False, FAIL, UNKNOWN, UNKNOWN),
    ("equals", [], FAIL, UNKNOWN, UNKNOWN),
    ("in", ["a", "b"], FAIL, UNKNOWN, UNKNOWN),
    ("in", ["a", None], PASS, UNKNOWN, UNKNOWN),
    ("in", [None, ""], PASS, UNKNOWN, FAIL),
    ("exists", True, FAIL, UNKNOWN, PASS),
    ("exists", False, PASS, UNKNOWN, FAIL),
    ("empty", True, PASS, UNKNOWN, FAIL),
    ("empty", False, FAIL, UNKNOWN, PASS),
    ("gte", 1, FAIL, UNKNOWN, UNKNOWN),
    ("gt", 1, FAIL, UNKNOWN, UNKNOWN),
    ("lte", 1, FAIL, UNKNOWN, UNKNOWN),
    ("lt", 1, FAIL, UNKNOWN, UNKNOWN),
    ("matches", ".", FAIL, UNKNOWN, UNKNOWN),
    ("starts_with", "a", FAIL, UNKNOWN, UNKNOWN),
    ("ends_with", "a", FAIL, UNKNOWN, UNKNOWN),
    ("contains", "a", FAIL, UNKNOWN, UNKNOWN),
    ("contains_all", ["a"], FAIL, UNKNOWN, UNKNOWN),
    ("contains_any", ["a"], FAIL, UNKNOWN, UNKNOWN),
    ("has_keys", ["a"], FAIL, UNKNOWN, UNKNOWN),
    ("within_cidr", "10.0.0.0/8", FAIL, UNKNOWN, UNKNOWN),
    ("overlaps_cidr", "10.0.0.0/8", FAIL, UNKNOWN, UNKNOWN),
    ("is_public_cidr", True, FAIL, UNKNOWN, UNKNOWN),
    ("is_public_cidr", False, PASS, UNKNOWN, UNKNOWN),
    ("older_than", "1d", FAIL, UNKNOWN, UNKNOWN),
    ("newer_than", "1d", FAIL, UNKNOWN, UNKNOWN),
    ("version_gte", "1.2", FAIL, UNKNOWN, UNKNOWN),
    ("covers", "s3:GetObject", FAIL, UNKNOWN, UNKNOWN),
    ("length", {"lte": 0}, PASS, UNKNOWN, UNKNOWN),
    ("length", {"gte": 1}, FAIL, UNKNOWN, UNKNOWN),
    ("not", {"equals": "a"}, PASS, UNKNOWN, UNKNOWN),
    ("not", {"gte": 1}, PASS, UNKNOWN, UNKNOWN),
    ("any", [{"gte": 1}, {"exists": False}], PASS, UNKNOWN, UNKNOWN),
    ("json", {"a": 1}, FAIL, UNKNOWN, UNKNOWN),
    ("json", {"a": {"exists": False}}, PASS, UNKNOWN, UNKNOWN),
    ("policy", {"some": "statements"}, FAIL, UNKNOWN, UNKNOWN),
    ("policy", {"none": "statements"}, PASS, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("operator", "operand", "null", "unknown", "present"), NULL_AND_UNKNOWN)
def test_null_and_unknown_values(operator, operand, null, unknown, present):
    require = {"x": {operator: operand}}
    assert judge(require) is null
    assert judge(require, x=None) is null
    assert judge(require, x=NO_VALUE) is unknown
    assert judge(require, x=Unknown("withheld", sensitive=True)) is unknown
    assert judge(require, x=ARN) is present


KNOWN = [
    # operator, operand, values that pass, values that fail
    ("equals", True, [True, "true"], [False, "false", 1, "True", "", [], {}, [True]]),
    ("equals", False, [False, "false"], [True, 0, "", []]),
    ("equals", 7, [7, 7.0, "7", "7.0"], [8, "8", True, "", [7]]),
    ("equals", 1, [1, "1"], [True, "true"]),
    ("equals", "7", [7, "7"], [8]),
    ("equals", "true", [True, "true"], [False, "TRUE"]),
    ("equals", "a", ["a"], ["A", "ab", ["a"], {"a": "a"}, 0]),
    ("equals", "", [""], ["a", [], {}]),
    ("equals", ["a", "b"], [["a", "b"], ["b", "a"]], [["a"], ["a", "b", "b"], ["a", "c"], "a", {}]),
    ("equals", ["a", "a", "b"], [["a", "b", "a"]], [["a", "b", "b"]]),
    ("equals", [], [[]], [["a"], "", {}]),
    ("equals", [1, True], [[True, "1"]], [[1, 1]]),
    ("equals", {"a": 1}, [{"a": 1}, {"a": "1"}], [{}, {"a": 2}, {"a": 1, "b": 1}, [], "a"]),
    ("in", ["a", 2], ["a", 2, "2"], ["b", "", 3, ["a"], {}, True]),
    ("exists", True, ["", [], {}, 0, False, "a"], []),
    ("exists", False, [], ["", [], {}, 0, False, "a"]),
    ("empty", True, ["", [], {}], [0, False, "a", [None], [""], {"a": None}]),
    ("empty", False, [0, False, "a", [None]], ["", [], {}]),
    ("gte", 7, [7, 8, "7", "8.5", 7.0], [6, "6", "six", "", [7], {}, True, "1_0", "0x10", "nan"]),
    ("gt", 7, [8, "8"], [7, "7", "x", True]),
    ("lte", 7, [7, -1, "7", " 7 "], [8, "8", "", [], False]),
    ("lt", 0, [-1, "-0.5", "-1e3"], [0, "0", False]),
    ("matches", "^a.c$", ["abc"], ["xabc", "ABC", "", ["abc"], {"abc": 1}]),
    ("matches", "^[0-9]+$", ["12", 12], ["a", True, None]),
    ("matches", "^true$", [True], [False]),
    ("starts_with", "ab", ["ab", "abc"], ["a", "Abc", "", ["ab"], {}, 3]),
    ("starts_with", ["a", "b"], ["ax", "bx"], ["cx"]),
    ("ends_with", "bc", ["bc", "abc"], ["c", "", ["bc"]]),
    ("ends_with", [".rds", ".s3"], ["x.rds", "x.s3"], ["x.ec2"]),
    ("contains", "a", [["a"], ["b", "a"], "bab", {"a": "x"}], [[], ["b"], "b", {}, {"b": "a"}, 3]),
    ("contains", "a", [], [{"a": None}, [["a"]], True]),
    ("contains", 22, [[22], ["22"], "x22"], [[23], 22]),
    (
        "contains_all",
        ["a", "b"],
        [["b", "a", "c"], "xaybz", {"a": 1, "b": 2}],
        [["a"], "a", {"a": 1}],
    ),
    ("contains_any", ["a", "b"], [["b"], "xb", {"a": 1}], [["c"], [], "c", {}]),
    (
        "has_keys",
        ["a", "b"],
        [{"a": "1", "b": 0}],
        [{"a": "1", "b": ""}, {"a": "1"}, {}, ["a", "b"]],
    ),
    ("has_keys", "a", [{"a": "1"}], [{"a": None}, {"A": "1"}, "a"]),
    (
        "within_cidr",
        "10.0.0.0/8",
        ["10.1.0.0/16", "10.0.0.1", ["10.0.0.0/8", "10.9.9.9/32"], []],
        ["11.0.0.0/8", "10.0.0.0/7", "::/0", ["10.0.0.0/9", "0.0.0.0/0"], "x", 10, "", {}],
    ),
    ("within_cidr", ["10.0.0.0/8", "fd00::/8"], ["fd12::/16", "10.0.0.0/24"], ["fc00::/7"]),
    (
        "overlaps_cidr",
        "10.0.0.0/8",
        ["10.1.0.0/16", "0.0.0.0/0", "8.0.0.0/5", ["1.1.1.1", "10.0.0.9"]],
        ["11.0.0.0/8", "::/0", [], "x", 10],
    ),
    (
        "is_public_cidr",
        True,
        [
            "0.0.0.0/0",
            "::/0",
            "0.0.0.0/1",
            "128.0.0.0/1",
            "2000::/3",
            "10.0.0.0/7",
            "2600::/12",
            ["10.0.0.0/8", "::/0"],
            "192.0.0.0/2",
        ],
        [
            "10.0.0.0/8",
            "192.168.0.0/16",
            "fc00::/7",
            "3.0.0.0/8",
            "8.8.8.8/32",
            "8.8.8.8",
            "2600:1f00::/32",
            "240.0.0.0/4",
            "224.0.0.0/4",
            "ff00::/8",
            "100.64.0.0/10",
            [],
            "",
            "pl-123",
            0,
            {},
        ],
    ),
    (
        "is_public_cidr",
        False,
        ["10.0.0.0/8", [], ["8.8.8.8/32"]],
        ["0.0.0.0/0", ["1.1.1.1/32", "::/0"]],
    ),
    (
        "older_than",
        "90d",
        ["2026-01-01T00:00:00Z", "2026-03-03T11:59:59Z", "2026-03-03", "2020-01-01 10:00:00"],
        [
            "2026-03-03T12:00:01Z",
            "2026-05-01T00:00:00+02:00",
            "2027-01-01T00:00:00Z",
            "",
            "soon",
            3,
            ["2020-01-01"],
            "2026-02-31T00:00:00Z",
        ],
    ),
    (
        "newer_than",
        "90d",
        ["2026-03-03T12:00:00Z", "2026-05-01T00:00:00.123456789+0200", "2027-01-01"],
        ["2026-01-01T00:00:00Z", "", "no_information", 3],
    ),
    ("older_than", "2h", ["2026-06-01T11:59:59+02:00"], ["2026-06-01T10:30:00Z"]),
    ("older_than", 7, ["2026-05-01"], ["2026-05-30"]),
    ("newer_than", "1w", ["2026-05-30"], ["2026-05-01"]),
    (
        "version_gte",
        "1.2",
        [
            "1.2",
            "1.2.0",
            "1.10",
            "2",
            "v1.3",
            "TLSv1.2_2021",
            "TLS_1_2",
            "TLSv1.2_2019",
            "tls-1-3",
            "Policy-Min-TLS-1-2-2019-07",
            "ELBSecurityPolicy-TLS-1-2-2017-01",
            1.2,
            2,
        ],
        [
            "1.1",
            "1",
            "TLSv1",
            "TLSv1_2016",
            "TLSv1.1_2016",
            "SSLv3",
            "TLS_1_0",
            "ELBSecurityPolicy-2016-08",
            "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "",
            "none",
            ["1.2"],
            {},
        ],
    ),
    ("version_gte", "1.28", ["1.28", "1.30"], ["1.9", "1.27.5"]),
    ("version_gte", "3.9", ["python3.12"], ["python3.8", "python2.7"]),
    (
        "covers",
        "kms:Decrypt",
        ["kms:*", "*", "KMS:decrypt", "kms:D?crypt", ["s3:*", "kms:De*"]],
        ["kms:Encrypt", "s3:*", "kms", "", [], ["kms:"], {}, 3, "?"],
    ),
    (
        "covers",
        "arn:aws:s3:::b/x",
        ["*", "arn:aws:s3:::b/*", "arn:aws:s3:::*"],
        ["arn:aws:s3:::B/x", "arn:aws:s3:::b"],
    ),
    (
        "length",
        2,
        ["ab", ["a", "b"], {"a": 1, "b": 2}, [NO_VALUE, NO_VALUE]],
        ["", [], [1], 2, True],
    ),
    ("length", {"gte": 1, "lte": 2}, ["a", [1, 2]], [[], "abc", {}]),
    ("not", {"equals": "a"}, ["b", "", 3, []], ["a"]),
    ("not", "a", ["b"], ["a"]),
    ("not", {"gte": 1, "lte": 3}, [0, 4, "x"], [1, 2, "3"]),
    ("any", [{"equals": "a"}, {"gte": 3}, "z"], ["a", 3, "z"], ["b", 2, ""]),
    ("any", ["a", None], ["a"], ["b", ""]),
]


@pytest.mark.parametrize(("operator", "operand", "passing", "failing"), KNOWN)
def test_known_values(operator, operand, passing, failing):
    require = {"x": {operator: operand}}
    for value in passing:
        assert judge(require, x=value) is PASS, value
    for value in failing:
        assert judge(require, x=value) is FAIL, value


PARTLY_KNOWN = [
    # operator, operand, value, verdict
    ("equals", "abc", template("a", NO_VALUE, "c"), UNKNOWN),
    ("equals", "abc", template("a", NO_VALUE), UNKNOWN),
    ("equals", "abc", template("x", NO_VALUE), FAIL),
    ("equals", "abc", template(NO_VALUE, "x"), FAIL),
    ("equals", "abc", template("ab", NO_VALUE, "bc"), FAIL),
    ("equals", "aXbYc", template("a", NO_VALUE, "Y", NO_VALUE, "X", NO_VALUE, "c"), FAIL),
    ("equals", "aYbXc", template("a", NO_VALUE, "Y", NO_VALUE, "X", NO_VALUE, "c"), UNKNOWN),
    ("equals", "abc", template(template("a", NO_VALUE), "c"), UNKNOWN),
    ("equals", None, template("a", NO_VALUE), FAIL),
    ("equals", True, template("a", NO_VALUE), FAIL),
    ("equals", ["a"], template("a", NO_VALUE), FAIL),
    ("equals", ["a", "b"], ["a", NO_VALUE], UNKNOWN),
    ("equals", ["a", "b"], ["c", NO_VALUE], FAIL),
    ("equals", ["a", "b"], [NO_VALUE], FAIL),
    ("equals", {"a": 1}, {"a": NO_VALUE}, UNKNOWN),
    ("equals", {"a": 1, "b": 2}, {"a": NO_VALUE, "b": 3}, FAIL),
    ("in", ["xa", "b"], template("a", NO_VALUE), FAIL),
    ("in", ["xa", "ab"], template("a", NO_VALUE), UNKNOWN),
    ("exists", True, template("a", NO_VALUE), PASS),
    ("exists", True, template(NO_VALUE, NO_VALUE), PASS),
    ("exists", True, Unknown("x", document={"Statement": []}), PASS),
    ("empty", True, template("a", NO_VALUE), FAIL),
    ("empty", True, template(NO_VALUE, NO_VALUE), UNKNOWN),
    ("empty", True, template(NO_VALUE, ARN), FAIL),
    ("empty", True, [NO_VALUE], FAIL),
    ("matches", "b", template("abc", NO_VALUE), PASS),
    ("matches", "^ab", template("abc", NO_VALUE), PASS),
    ("matches", "^bc", template("abc", NO_VALUE), FAIL),
    ("matches", "^ab|^x", template("zzz", NO_VALUE), UNKNOWN),
    ("matches", "^b?zz", template("zzz", NO_VALUE), PASS),
    ("matches", "^abcd", template("abc", NO_VALUE), UNKNOWN),
    ("matches", "^bc", template(NO_VALUE, "bc"), UNKNOWN),
    ("matches", "bc$", template(NO_VALUE, "abc"), PASS),
    ("matches", "bc$", template("abc", NO_VALUE), UNKNOWN),
    ("matches", "^a.*c$", template("a", NO_VALUE, "c"), UNKNOWN),
    ("matches", r"c\b", template("abc", NO_VALUE), UNKNOWN),
    ("matches", "c(?!d)", template("abc", NO_VALUE), UNKNOWN),
    ("matches", "[^a]c", template("abc", NO_VALUE), PASS),
    ("matches", "z", template("abc", NO_VALUE), UNKNOWN),
    ("starts_with", "ab", template("abc", NO_VALUE), PASS),
    ("starts_with", "abcd", template("abc", NO_VALUE), UNKNOWN),
    ("starts_with", "x", template("abc", NO_VALUE), FAIL),
    ("starts_with", "x", template(NO_VALUE, "abc"), UNKNOWN),
    ("ends_with", "bc", template(NO_VALUE, "abc"), PASS),
    ("ends_with", "xabc", template(NO_VALUE, "abc"), UNKNOWN),
    ("ends_with", "x", template(NO_VALUE, "abc"), FAIL),
    ("contains", "b", template("abc", NO_VALUE), PASS),
    ("contains", "z", template("abc", NO_VALUE), UNKNOWN),
    ("contains", None, template("abc", NO_VALUE), UNKNOWN),
    ("contains", "a", Unknown("merge", keys=("a",)), PASS),
    ("contains", "a", ["a", NO_VALUE], PASS),
    ("contains", "a", ["b", NO_VALUE], UNKNOWN),
    ("contains", "a", ["b", template("x", NO_VALUE)], FAIL),
    ("contains", "*", ["b", ARN], FAIL),
    ("contains", "a", {"a": NO_VALUE}, UNKNOWN),
    ("contains", "a", {"a": ARN}, PASS),
    ("contains", "b", {"a": NO_VALUE}, FAIL),
    ("contains_all", ["a", "b"], ["a", NO_VALUE], UNKNOWN),
    ("contains_any", ["a", "b"], ["a", NO_VALUE], PASS),
    ("contains_any", ["a", "b"], [NO_VALUE], UNKNOWN),
    ("has_keys", ["a", "b"], {"a": NO_VALUE, "b": "x"}, UNKNOWN),
    ("has_keys", ["a", "b"], {"a": ARN, "b": "x"}, PASS),
    ("has_keys", ["a", "b"], {"a": NO_VALUE}, FAIL),
    ("has_keys", ["a", "b"], Unknown("merge", keys=("a", "b")), PASS),
    ("has_keys", ["a", "b"], Unknown("merge", keys=("a",)), UNKNOWN),
    ("within_cidr", "10.0.0.0/8", ["10.0.0.0/9", NO_VALUE], UNKNOWN),
    ("within_cidr", "10.0.0.0/8", ["0.0.0.0/0", NO_VALUE], FAIL),
    ("overlaps_cidr", "10.0.0.0/8", ["10.0.0.0/9", NO_VALUE], PASS),
    ("overlaps_cidr", "10.0.0.0/8", ["1.0.0.0/9", NO_VALUE], UNKNOWN),
    ("is_public_cidr", True, ["0.0.0.0/0", NO_VALUE], PASS),
    ("is_public_cidr", True, ["10.0.0.0/8", NO_VALUE], UNKNOWN),
    ("is_public_cidr", True, template(NO_VALUE, "/32"), FAIL),
    ("is_public_cidr", True, template(NO_VALUE, "/16"), UNKNOWN),
    ("covers", "kms:Decrypt", ["kms:*", NO_VALUE], PASS),
    ("covers", "kms:Decrypt", ["s3:*", NO_VALUE], UNKNOWN),
    ("covers", "kms:Decrypt", template("s3:", NO_VALUE), FAIL),
    ("covers", "kms:Decrypt", template("kms:", NO_VALUE), UNKNOWN),
    ("length", {"gte": 2}, [NO_VALUE, ARN], PASS),
    ("length", {"gte": 2}, template("abc", NO_VALUE), UNKNOWN),
]


@pytest.mark.parametrize(("operator", "operand", "value", "verdict"), PARTLY_KNOWN)
def test_partly_known_values(operator, operand, value, verdict):
    assert judge({"x": {operator: operand}}, x=value) is verdict
    opposite = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}[verdict]
    assert judge({"x": {"not": {operator: operand}}}, x=value) is opposite


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(x+x+)+y"])
def test_a_pattern_meets_short_texts_quickly(pattern):
    assert judge({"x": {"matches": pattern}}, x="b") is FAIL


def test_wildcards_cannot_make_covers_explode():
    assert judge({"x": {"covers": "s3:" + "a" * 60}}, x="*a" * 40 + "b") is FAIL


def test_pieces_cannot_make_equals_explode():
    value = template(*["a", NO_VALUE] * 40, "b")
    assert judge({"x": "a" * 200}, x=value) is FAIL


WRONG_OPERANDS = [
    ("gte", "many", "gte: takes a number"),
    ("gte", True, "gte: takes a number"),
    ("in", "a", "in: takes a list"),
    ("in", [], "in: takes a list"),
    ("matches", "(", "matches: not a regular expression"),
    ("matches", ["a"], "matches: takes a text"),
    ("starts_with", 7, "starts_with: takes a text"),
    ("starts_with", [], "the list is empty"),
    ("contains", ["a"], "for several use contains_all or contains_any"),
    ("contains_all", "a", "contains_all: takes a list"),
    ("exists", "yes", "exists: takes true or false"),
    ("empty", None, "empty: takes true or false"),
    ("within_cidr", "10.0.0.0/99", "not an address range"),
    ("is_public_cidr", "0.0.0.0/0", "is_public_cidr: takes true or false"),
    ("older_than", "90", "not an age"),
    ("older_than", "3 months", "write 12h, 90d or 4w"),
    ("older_than", True, "takes a text"),
    ("version_gte", "new", "not a version"),
    ("version_gte", 1.2, "takes a text"),
    ("covers", "", "covers: takes a text"),
    ("any", {"gte": 1}, "any: takes a list"),
    ("any", [], "any: takes a list"),
    ("not", {}, "expected a value or operators"),
    ("equal", 1, "unknown operator 'equal' (did you mean 'equals'?)"),
    ("status", 1, "unknown operator 'status'; for an attribute write 'x.status'"),
]


@pytest.mark.parametrize(("operator", "operand", "message"), WRONG_OPERANDS)
def test_wrong_operands_are_mistakes(operator, operand, message):
    with pytest.raises(RuleError) as error:
        judge({"x": {operator: operand}})
    assert message in str(error.value)
    assert len(error.value.mistakes) == 1


EVIDENCE = [
    # require, value, path below x, verdict, expected, actual
    (True, None, (), FAIL, "true", None),
    ({"gte": 7}, 3, (), FAIL, "at least 7", 3),
    ({"not": {"gte": 7}}, 8, (), FAIL, "below 7", 8),
    ({"exists": True}, None, (), FAIL, "a value", None),
    ({"equals": None}, "a", (), FAIL, "no value", "a"),
    ({"in": ["a", "b"]}, "c", (), FAIL, 'one of ["a", "b"]', "c"),
    ({"contains": "a"}, ["b"], (), FAIL, '"a" in it', ["b"]),
    ({"not": {"contains": "a"}}, ["b", "a"], (1,), FAIL, 'anything but "a"', "a"),
    ({"not": {"contains": "a"}}, "bab", (), FAIL, 'no "a" in it', "bab"),
    (
        {"is_public_cidr": False},
        ["10.0.0.0/8", "::/0"],
        (1,),
        FAIL,
        "not open to the Internet",
        "::/0",
    ),
    (
        {"within_cidr": "10.0.0.0/8"},
        ["::/0", "10.0.0.0/9"],
        (0,),
        FAIL,
        "within 10.0.0.0/8",
        "::/0",
    ),
    (
        {"not": {"covers": "s3:Get"}},
        ["a", "s3:*"],
        (1,),
        FAIL,
        'no pattern that covers "s3:Get"',
        "s3:*",
    ),
    (
        {"has_keys": ["a", "b", "c"]},
        {"a": "1", "b": ""},
        (),
        FAIL,
        'the keys "b" and "c"',
        {"a": "1", "b": ""},
    ),
    ({"has_keys": ["a", "b"]}, {"a": "1"}, (), FAIL, 'the key "b"', {"a": "1"}),
    ({"length": {"gte": 1}}, [], (), FAIL, "a length that is at least 1", []),
    ({"any": [{"gte": 3}, {"equals": 0}]}, 2, (), FAIL, "at least 3", 2),
    ({"gte": 3, "lte": 5}, 2, (), FAIL, "at least 3", 2),
    ({"gte": 3, "lte": 5}, 9, (), FAIL, "at most 5", 9),
]


@pytest.mark.parametrize(
    ("expectation", "value", "path", "verdict", "expected", "actual"), EVIDENCE
)
def test_evidence_names_what_is_at_fault(expectation, value, path, verdict, expected, actual):
    first = explain({"x": expectation}, x=value)[0]
    assert first == (("x", *path), verdict, expected, actual)


def test_evidence_of_one_of_several_unwanted_elements_points_at_it():
    evidence = explain({"x": {"not": {"contains_any": ["a", "b"]}}}, x=["c", "b"])
    assert evidence == [(("x", 1), FAIL, 'none of ["a", "b"]', "b")]


def test_evidence_of_an_unknown_element_points_at_it():
    evidence = explain({"x": {"is_public_cidr": False}}, x=["10.0.0.0/8", NO_VALUE])
    assert evidence == [(("x", 1), UNKNOWN, "not open to the Internet", NO_VALUE)]


def test_a_certain_fail_leaves_unknown_elements_out():
    evidence = explain({"x": {"is_public_cidr": False}}, x=["::/0", NO_VALUE])
    assert [(path, verdict) for path, verdict, _, _ in evidence] == [(("x", 0), FAIL)]
