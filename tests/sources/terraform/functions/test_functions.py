"""Calling functions: the table, arguments, and what is told of unknown ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from terraform_binary import require_terraform

from auditkit.model import Reference, Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.evaluate import evaluate_text
from auditkit.sources.terraform.functions import FUNCTIONS, find_function
from auditkit.sources.terraform.functions.filesystem import compile_glob
from auditkit.sources.terraform.modules import Tree
from auditkit.sources.terraform.values import HclValue, Sensitive, SetValue, make_set, to_json

HERE = Path(__file__).parent
CONTEXT = Tree(HERE, ".", load=lambda directory: None, given={}, workspace="default").context

REFERENCE = Reference("aws_s3_bucket.b", "id")
OTHER = Reference("aws_kms_key.k", "arn")
U = Unknown("known after apply", references=(REFERENCE,))
V = Unknown("`var.v` has no value", references=(OTHER,))
NAMES: Mapping[str, HclValue] = {
    "u": U,
    "v": V,
    "arn": Unknown("known after apply", (REFERENCE,), parts=("arn:aws:s3:::", U, "/*")),
    "present": Unknown("known after apply", (REFERENCE,), present=True),
    "merged": Unknown("known after apply", (REFERENCE,), keys=("k",)),
    "some": make_set(["a", U]),
}


def evaluate(expression: str) -> HclValue:
    result: HclValue = evaluate_text(expression, NAMES, context=CONTEXT)
    return result


def test_every_function_of_the_table_exists() -> None:
    for name in FUNCTIONS:
        function = find_function(name)
        assert function is not None
        assert callable(function.implementation)


@pytest.mark.terraform
def test_table_is_terraforms(tmp_path: Path) -> None:
    terraform = require_terraform()
    output = terraform.run("metadata", "functions", "-json", directory=tmp_path).stdout
    names = {n for n in json.loads(output)["function_signatures"] if not n.startswith("core::")}
    ours = {name for name in FUNCTIONS if not name.startswith("provider::")}
    # The evaluator owns these two, because they take what can't be evaluated.
    assert ours == names - {"can", "try"}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("uper(1)", "did you mean 'upper'"),
        ("upper()", 'missing value for "str"'),
        ("upper(1, 2)", "expects only 1"),
        ("upper(null)", '"str" parameter: argument must not be null'),
        ("upper([1])", "string required"),
        ("element([], 0)", 'call to function "element" failed'),
    ],
)
def test_errors_say_what_terraform_says(expression: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        evaluate(expression)


def test_function_of_another_provider_is_unknown() -> None:
    result = evaluate("provider::random::number(1, u)")
    assert isinstance(result, Unknown)
    assert result.cause == "`provider::random::number()` is computed by a provider"
    assert result.references == (REFERENCE,)


PARSED = '{"account_id":"","partition":"aws","region":"","resource":"b/c:d","service":"s3"}'
ROLE = "arn:aws:iam::444455556666:role"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('arn_parse("arn:aws:s3:::b/c:d")', PARSED),
        ('arn_build("aws", "iam", "", "444455556666", "role/a")', f'"{ROLE}/a"'),
        (f'trim_iam_role_path("{ROLE}/with/path/a")', f'"{ROLE}/a"'),
        (f'trim_iam_role_path("{ROLE}/a")', f'"{ROLE}/a"'),
    ],
)
def test_functions_of_the_aws_provider(expression: str, expected: str) -> None:
    assert to_json(evaluate(f"provider::aws::{expression}")) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('arn_parse("arx:aws:s3:::b")', "invalid prefix"),
        ('arn_parse("arn:aws:s3::b")', "not enough sections"),
        ('trim_iam_role_path("arn:aws:s3:::role/a")', "service must be"),
        ('trim_iam_role_path("arn:aws:iam:eu-west-1::role/a")', "region must be empty"),
        ('trim_iam_role_path("arn:aws:iam:::user/a")', "resource must begin"),
    ],
)
def test_wrong_arns_are_errors(expression: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        evaluate(f"provider::aws::{expression}")


@pytest.mark.parametrize(
    "expression",
    [
        "timestamp()",
        "plantimestamp()",
        "uuid()",
        'bcrypt("x")',
        'rsadecrypt("x", "y")',
        'base64gzip("x")',
        'pathexpand("~/x")',
        'provider::terraform::decode_tfvars("a = 1")',
        'textencodebase64("x", "ibm037")',
        'regex("\\\\p{Greek}", "x")',
    ],
)
def test_what_only_terraform_can_tell_is_unknown(expression: str) -> None:
    assert isinstance(evaluate(expression), Unknown)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("length([u, 1])", "2"),
        ("length({a = u})", "1"),
        ('concat(["a"], [u])[0]', '"a"'),
        ('merge({a = u}, {b = "x"}).b', '"x"'),
        ('keys(merge({b = u}, {a = "x"}))', '["a","b"]'),
        ('lookup({a = u, b = 1}, "b", 2)', "1"),
        ('lookup({a = u}, "x", 2)', "2"),
        ("element([u, 1], 1)", "1"),
        ("slice([u, 1, 2], 1, 3)", "[1,2]"),
        ("reverse([u, 1])[0]", "1"),
        ("values({a = u, b = 1})[1]", "1"),
        ('zipmap(["a", "b"], [u, 1]).b', "1"),
        ("chunklist([1, 2, u], 2)[0]", "[1,2]"),
        ('coalesce("", "x", u)', '"x"'),
        ('coalescelist([], ["x"], u)', '["x"]'),
        ("coalescelist([], [1, u])[0]", "1"),
        ('contains([u, "0.0.0.0/0"], "0.0.0.0/0")', "true"),
        ("contains([arn], 5)", "false"),
        ('contains(some, "a")', "true"),
        ('index(["a", u], "a")', "0"),
        ("alltrue([u, false])", "false"),
        ("anytrue([u, true])", "true"),
        ("setproduct([1], [u, 2])[1]", "[1,2]"),
        ("flatten([[1, arn]])[0]", "1"),
        ("flatten([[1], [{a = u}]])[0]", "1"),
        ('matchkeys([u, 1], ["a", "b"], ["b"])', "[1]"),
        ("tolist([1, arn])[0]", '"1"'),
        ('startswith(arn, "arn:")', "true"),
        ('startswith(arn, "arm")', "false"),
        ('endswith(arn, "*")', "true"),
        ('endswith(arn, "?")', "false"),
        ('strcontains(arn, "aws")', "true"),
        ("substr(arn, 0, 7)", '"arn:aws"'),
        ("jsondecode(jsonencode({a = u, b = 0.5})).b", "0.5"),
        ('formatlist("%s-%s", ["a"], ["b"])', '["a-b"]'),
        ("provider::aws::arn_parse(arn).service", '"s3"'),
        ('length(setunion(["a"], ["b"]))', "2"),
        ("one([[1]])", "[1]"),
    ],
)
def test_known_parts_of_arguments_are_told(expression: str, expected: str) -> None:
    value = evaluate(expression)
    assert not isinstance(value, Unknown), value
    assert to_json(value) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "length(u)",
        "length(some)",
        'concat(["a"], u)',
        "merge({a = 1}, u)",
        'lookup(u, "a", 1)',
        "lookup({a = 1}, u, 1)",
        "element([1], u)",
        'coalesce(u, "x")',
        'coalescelist(u, ["x"])',
        'contains([u], "x")',
        'contains(u, "x")',
        'contains(some, "x")',
        'index([u, "a"], "a")',
        "alltrue([u, true])",
        "anytrue([u, false])",
        "flatten([[1], u])",
        "flatten([some])",
        "distinct([1, u])",
        'sort(["a", u])',
        "tolist(some)",
        "reverse(some)",
        'setproduct(some, ["x"])',
        "setsubtract(some, [1])",
        'compact(["a", u])',
        "sum([1, u])",
        "max(1, u)",
        'startswith(arn, "arn:aws:s3:::logs")',
        'endswith(arn, "logs/*")',
        'strcontains(arn, "logs")',
        'trimprefix(arn, "arn:aws:s3:::l")',
        "substr(arn, 0, 50)",
        'split(":", arn)',
        'regex("a", arn)',
        'replace(arn, "/a/", "")',
        'replace(arn, "::b", "")',
        "tonumber(u)",
        "jsondecode(u)",
        "md5(arn)",
        'fileset(".", u)',
        "templatefile(u, {})",
        "issensitive(u)",
        "one(u)",
        "keys(merged)",
        "length(arn)",
    ],
)
def test_what_depends_on_an_unknown_is_unknown(expression: str) -> None:
    value = evaluate(expression)
    assert isinstance(value, Unknown)
    assert value.parts == ()
    assert value.references == (REFERENCE,)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('join("-", ["a", u, "b"])', ("a-", U, "-b")),
        ('join("", ["a", arn])', ("aarn:aws:s3:::", U, "/*")),
        ('format("%s/%d/%v", "a", u, 1)', ("a/", U, "/1")),
        ('formatlist("%s/x", [u])[0]', (U, "/x")),
        ('formatlist("%s/%s", ["a", "b"], u)[1]', ("b/", U)),
        ("upper(arn)", ("ARN:AWS:S3:::", U, "/*")),
        ("lower(upper(arn))", ("arn:aws:s3:::", U, "/*")),
        ('trimspace("  x ${u} ")', ("x ", U)),
        ('trimprefix(arn, "arn:")', ("aws:s3:::", U, "/*")),
        ('trimprefix(arn, "x")', ("arn:aws:s3:::", U, "/*")),
        ('trimsuffix(arn, "/*")', ("arn:aws:s3:::", U)),
        ('replace(arn, ":", "_")', ("arn_aws_s3___", U, "/*")),
        ('replace(arn, "aws", "aws-cn")', ("arn:aws-cn:s3:::", U, "/*")),
        ("coalesce(arn, 1)", ("arn:aws:s3:::", U, "/*")),
        ("tostring(arn)", ("arn:aws:s3:::", U, "/*")),
        ('provider::aws::arn_build("aws", "s3", "", "", u)', ("arn:aws:s3:::", U)),
        ("provider::aws::arn_parse(arn).resource", (U, "/*")),
    ],
)
def test_strings_keep_their_known_pieces(
    expression: str, expected: tuple[str | Unknown, ...]
) -> None:
    value = evaluate(expression)
    assert isinstance(value, Unknown)
    assert [p if isinstance(p, str) else p.references for p in value.parts] == [
        p if isinstance(p, str) else p.references for p in expected
    ]
    assert value.references == (REFERENCE,)


def test_width_and_precision_hide_an_unknown_piece() -> None:
    value = evaluate('format("%5s|", arn)')
    assert isinstance(value, Unknown)
    assert [part for part in value.parts if isinstance(part, str)] == ["|"]


def test_present_value_is_chosen_by_coalesce_as_it_is() -> None:
    assert evaluate('coalesce(present, "x")') is NAMES["present"]
    result = evaluate("coalesce(u, v)")
    assert isinstance(result, Unknown)
    assert result.references == (REFERENCE, OTHER)


def test_merge_with_an_unknown_map_says_which_keys_it_has() -> None:
    value = evaluate("merge({b = 1}, merged, {a = v})")
    assert isinstance(value, Unknown)
    assert value.keys == ("a", "b", "k")
    assert value.references == (REFERENCE, OTHER)


@pytest.mark.parametrize("function", ["jsonencode", "yamlencode"])
def test_partly_unknown_document_is_kept(function: str) -> None:
    value = evaluate(f'{function}({{a = [u, 0.5], b = "x", c = v}})')
    assert isinstance(value, Unknown)
    assert value.document == {"a": [U, 0.5], "b": "x", "c": V}
    assert value.references == (REFERENCE, OTHER)
    assert evaluate(f"{function}(u)").document is None  # type: ignore[union-attr]


def test_set_with_unknown_elements_keeps_the_known_ones() -> None:
    value = evaluate('setunion(["b"], some)')
    assert isinstance(value, SetValue)
    assert value[:2] == ("a", "b")
    assert isinstance(value[2], Unknown)


def test_marks() -> None:
    value = evaluate('sensitive({a = "x"})')
    assert isinstance(value, Sensitive)
    assert value.value == {"a": "x"}
    assert evaluate('nonsensitive(sensitive("x"))') == "x"
    result = evaluate('upper(sensitive("x"))')
    assert isinstance(result, Sensitive)
    assert result.value == "X"


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*", "a.txt", True),
        ("*", "b/a.txt", False),
        ("**", "b/a.txt", True),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "b/c/a.txt", True),
        ("b/**/a.txt", "b/a.txt", True),
        ("b/**/a.txt", "c/b/a.txt", False),
        ("{a,b}.txt", "b.txt", True),
        ("{a,b*}.txt", "bc.txt", True),
        ("[!a].txt", "!.txt", True),
        ("[!a].txt", "b.txt", False),
        ("[^a].txt", "b.txt", True),
        ("[a-c].txt", "b.txt", True),
        ("./a.txt", "a.txt", True),
        ("a.txt", "axtxt", False),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("?.txt", "/.txt", False),
    ],
)
def test_patterns_of_fileset(pattern: str, path: str, expected: bool) -> None:
    assert compile_glob(pattern)(path) is expected


@pytest.mark.parametrize("pattern", ["[", "{a/b}", "*" * 50])
def test_wrong_pattern_of_fileset_is_an_error(pattern: str) -> None:
    with pytest.raises(EvaluationError):
        compile_glob(pattern)
