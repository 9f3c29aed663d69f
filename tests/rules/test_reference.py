"""What docs/rule-language.md shows, tried out."""

from __future__ import annotations

import re

import pytest

from auditkit import schema
from auditkit.model import CATEGORIES, Source
from auditkit.rulepack.document import read_document
from auditkit.rulepack.load import with_schema
from auditkit.rules import callers
from auditkit.rules.checks import GROUP
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import COMBINATORS, OPERATOR_NAMES, Context
from rules.subjects import FAIL, NO_VALUE, NOW, PASS, UNKNOWN, Thing
from scripts.rule_language import REFERENCE

TEXT = REFERENCE.read_text(encoding="utf-8")
BLANK = {
    "id": "a",
    "title": "A",
    "severity": "low",
    "category": CATEGORIES[0],
    "require": {"tags": {"exists": True}},
}
TYPES = {
    "storage_encrypted": "aws_db_instance",
    "multi_az": "aws_db_instance",
    "ingress": "aws_security_group",
    "related": "aws_db_instance",
    "container_definitions": "aws_ecs_task_definition",
    "policy": "aws_iam_policy",
    "tags_all": "aws_vpc",
    "terraform_plan": "aws_db_instance",
}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_examples_compile(text):
    document = read_document(text.encode(), "example")
    type_ = next(type_ for word, type_ in TYPES.items() if word in text)
    data = {**BLANK, "resource": type_, **document.data}
    compile_rule(data, document.position, context=with_schema(Context(NOW), schema))


def test_the_check_in_python_works():
    [source] = blocks("python")
    namespace = {}
    exec(compile(source, "example", "exec"), namespace)
    for length, verdict in [(14, PASS), (8, FAIL), (None, FAIL), (NO_VALUE, UNKNOWN)]:
        subject = Thing({"minimum_password_length": length})
        [evidence] = namespace["password_strength"](subject, {})
        assert evidence.verdict is verdict
    assert GROUP in TEXT


def test_everything_is_described():
    headings = set(re.findall(r"(?m)^### `(\w+)`$", TEXT))
    assert headings == set(OPERATOR_NAMES) - {"json", "policy"}
    for word in (*COMBINATORS, "json: CONDITION", "policy: CONDITION"):
        assert f"`{word}" in TEXT
    for source in Source:
        assert f"`{source.value}`" in TEXT


def test_the_conditions_that_limit_a_caller_are_described():
    rows = re.search(r"\| keys \| values that limit \|\n(.*?)\n\n", TEXT, re.DOTALL)[1]
    keys = {key.lower() for key in re.findall(r"`(\w+:\w+)`", rows)}
    assert keys == set(callers.LIMITING_KEYS)
    operators = re.search(r"if its operator is one of (.*?), alone", TEXT, re.DOTALL)[1]
    assert {
        name.lower() for name in re.findall(r"`(\w+)`", operators)
    } == callers.LIMITING_OPERATORS
