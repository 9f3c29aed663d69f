"""The published JSON Schema and the grammar, which have to agree."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from auditkit.errors import RuleError
from auditkit.rulepack import builtin_directory
from auditkit.rulepack.document import read_document
from auditkit.rulepack.load import find_rule_files, read_file
from auditkit.rules import compile as rule_files
from auditkit.rules import grammar
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import Context
from rules.subjects import NOW, position
from scripts.rule_language import REFERENCE, SCHEMA, fill, schema_text

PUBLISHED = json.loads(SCHEMA.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(PUBLISHED)


def properties(name):
    return set(PUBLISHED["$defs"][name]["properties"])


def test_the_published_files_are_up_to_date():
    command = "run `python -m scripts.rule_language`"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), command
    text = REFERENCE.read_text(encoding="utf-8")
    assert fill(text) == text, command


def test_it_is_a_schema():
    Draft202012Validator.check_schema(PUBLISHED)


def test_schema_and_grammar_have_the_same_words():
    assert set(PUBLISHED["properties"]) == set(rule_files.KEYS)
    assert PUBLISHED["required"] == list(rule_files.REQUIRED_KEYS)
    assert properties("operators") == set(grammar.OPERATOR_NAMES)
    assert properties("condition") == set(grammar.COMBINATORS)
    assert properties("element_condition") == {*grammar.COMBINATORS, *grammar.OPERATOR_NAMES}
    parts = PUBLISHED["$defs"]["condition"]["properties"]
    assert set(parts["each"]["properties"]) == set(grammar.QUANTIFIER_KEYS)
    assert set(parts["related"]["properties"]) == set(grammar.RELATED_KEYS)
    assert set(parts["referenced_by"]["properties"]) == set(grammar.REFERENCED_BY_KEYS)
    keys = PUBLISHED["properties"]
    assert set(keys["fix"]["properties"]) == set(rule_files.FIX_KEYS)
    assert set(keys["examples"]["properties"]) == set(rule_files.EXAMPLE_KEYS)
    assert set(keys["params"]["additionalProperties"]["properties"]) == set(rule_files.PARAM_KEYS)


def test_everything_is_described_for_editors():
    described = [
        PUBLISHED["properties"],
        *(PUBLISHED["$defs"][name]["properties"] for name in ("operators", "condition")),
    ]
    for each in described:
        assert all(schema.get("description") for schema in each.values())


@pytest.mark.parametrize("file", find_rule_files(builtin_directory()))
def test_built_in_rules_are_valid(file):
    data = read_document(read_file(file), file).data
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


BASE = {
    "id": "a",
    "title": "A",
    "severity": "low",
    "category": "cost",
    "resource": "aws_a",
    "params": {"days": {"default": 7}, "kinds": {"default": ["x"]}},
}
GOOD = [
    {"a": None},
    {"a.b[0].c": [1, "x", True, None]},
    {"a": {"equals": {"b": [1, {"c": 2}]}}},
    {"a": {"gte": "$days", "lt": 3.5}},
    {"a": {"in": ["x", 1]}},
    {"a": {"in": "$kinds"}},
    {"a": {"older_than": 7}},
    {"a": {"older_than": "90d", "newer_than": "$days"}},
    {"a": {"starts_with": ["x", "y"]}},
    {"a": {"length": 3}},
    {"a": {"length": {"gte": 1}}},
    {"a": {"not": {"any": ["x", {"exists": False}]}}},
    {"a": {"json": {"each": {"of": ".", "match": {"b": 1, "length": 3}}}}},
    {
        "a": {
            "policy": {
                "none": {
                    "of": "statements",
                    "where": {"effect": "Allow"},
                    "match": {"public": True},
                }
            }
        }
    },
    {"all": [{"a": 1}, {"any": [{"b": 1}, {"not": {"c": 1}}]}]},
    {"some": "a", "none": "b"},
    {"each": {"of": "a", "match": {"within_cidr": "10.0.0.0/8", "any": [{"b": 1}]}}},
    {"related": {"type": ["aws_b", "aws_c"], "via": "d", "where": {"e": 1}, "match": {"f": 1}}},
    {"referenced_by": {"types": "aws_*", "via": "x", "match": {"y": 1}, "at_least": 2}},
]
BAD = [
    {},
    [],
    {"a": {}},
    {"a": [{"b": 1}]},
    {"a": {"equal": 1}},
    {"a": {"gte": "x"}},
    {"a": {"gte": True}},
    {"a": {"in": "x"}},
    {"a": {"in": []}},
    {"a": {"exists": "yes"}},
    {"a": {"older_than": "90"}},
    {"a": {"older_than": 1.5}},
    {"a": {"contains": ["x"]}},
    {"a": {"starts_with": []}},
    {"a": {"matches": ""}},
    {"a": {"covers": 3}},
    {"a": {"any": {"gte": 1}}},
    {"a": {"json": True}},
    {"all": []},
    {"any": {"a": 1}},
    {"not": []},
    {"each": "a"},
    {"each": {"of": "a"}},
    {"some": {"match": {"b": 1}}},
    {"some": 3},
    {"none": {"of": "a b"}},
    {"none": {"of": "a", "matches": {"b": 1}}},
    {"related": {"type": "aws_a"}},
    {"related": {"type": [], "via": "a"}},
    {"referenced_by": {"types": "aws_a", "at_least": 0}},
    {"referenced_by": {"types": "aws_a", "where": {"b": 1}}},
]


def is_compiled(data):
    try:
        compile_rule(data, position, context=Context(NOW))
    except RuleError:
        return False
    return True


@pytest.mark.parametrize("require", GOOD, ids=json.dumps)
def test_both_accept_good_conditions(require):
    rule = {**BASE, "require": require}
    assert [error.message for error in VALIDATOR.iter_errors(rule)] == []
    assert is_compiled(rule)


@pytest.mark.parametrize("require", BAD, ids=json.dumps)
def test_both_refuse_bad_conditions(require):
    rule = {**BASE, "require": require}
    assert not VALIDATOR.is_valid(rule)
    assert not is_compiled(rule)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "A"},
        {"id": "a_b"},
        {"id": "a-"},
        {"title": ""},
        {"title": "x" * 81},
        {"severity": "hihg"},
        {"category": "x"},
        {"resource": []},
        {"requires": {"a": 1}},
        {"check": "a:b"},
        {"fix": {"advise": "x"}},
        {"fix": {"replaces": "yes"}},
        {"aliases": "x"},
        {"aliases": [1]},
        {"sources": ["cloud"]},
        {"params": {"Days": {"default": 1}}},
        {"params": {"days": 1}},
        {"params": {"days": {"default": None}}},
        {"examples": {"good": "x"}},
        {"examples": {"pass": 1}},
    ],
    ids=json.dumps,
)
def test_both_refuse_bad_rules(changes):
    rule = {**BASE, "require": {"a": 1}, **changes}
    assert not VALIDATOR.is_valid(rule)
    assert not is_compiled(rule)
