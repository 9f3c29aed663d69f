"""Examples in rule files that are no code: what another source sees."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from auditkit import schema
from auditkit.cli.explain import describe
from auditkit.cli.rule_examples import run_examples
from auditkit.errors import RuleError
from auditkit.model import Inventory, Source
from auditkit.rulepack.load import with_schema
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import Context

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
RULE = {
    "id": "plan-keeps-databases",
    "title": "Plan keeps databases",
    "severity": "high",
    "category": "lifecycle",
    "resource": "aws_db_instance",
    "sources": ["plan"],
    "require": {"terraform_plan.destroys": False},
}


def compiled(**examples):
    context = with_schema(Context(NOW), schema)
    return compile_rule({**RULE, "examples": examples}, position, context=context)


def position(place, of_key):
    return ".".join(map(str, place))


def seen(destroys, *, key="resources", **more):
    attributes = {"id": "d", "terraform_plan": [{"destroys": destroys}]}
    resource = {"type": "aws_db_instance", "attributes": attributes, **more}
    return {"source": "plan", key: [resource]}


def test_an_example_is_what_the_source_would_give():
    rule = compiled(**{"pass": seen(False), "fail": [seen(True), seen(True, key="removed")]})
    (kept,) = rule.examples["pass"]
    assert isinstance(kept, Inventory)
    (resource,) = kept.resources
    assert (resource.type, resource.address, resource.id, resource.source) == (
        "aws_db_instance",
        "aws_db_instance.0",
        "d",
        Source.PLAN,
    )
    _, taken = rule.examples["fail"]
    assert (taken.resources, [each.id for each in taken.removed]) == ((), ["d"])
    assert list(run_examples(rule)) == []


def test_an_example_that_does_not_get_its_verdict_is_told():
    rule = compiled(**{"pass": seen(True), "fail": seen(False)})
    assert [told.partition(",")[0] for told in run_examples(rule)] == [
        "example pass 1: expected pass",
        "example fail 1: expected fail",
    ]


def test_an_example_may_have_unknown_values():
    rule = compiled(**{"pass": seen(False), "fail": seen(True), "unknown": seen({"?": "denied"})})
    assert list(run_examples(rule)) == []


def test_an_exempt_example_must_not_be_judged():
    rule = compiled(**{"pass": seen(False), "fail": seen(True), "exempt": seen(True)})
    assert list(run_examples(rule)) == ["example exempt 1: expected not to be judged, got fail"]
    other = {"source": "plan", "resources": [{"type": "aws_sqs_queue"}]}
    rule = compiled(**{"pass": seen(False), "fail": seen(True), "exempt": other})
    assert list(run_examples(rule)) == []


def test_an_example_is_shown_as_it_was_written():
    rule = compiled(**{"pass": 'resource "a" "b" {}', "fail": seen(True)})
    attributes = {"id": "d", "terraform_plan": [{"destroys": True}]}
    assert describe(rule)["examples"] == {
        "pass": ['resource "a" "b" {}'],
        "fail": [
            {
                "source": "plan",
                "resources": [{"type": "aws_db_instance", "attributes": attributes}],
            }
        ],
    }


@pytest.mark.parametrize(
    ("example", "told"),
    [
        (7, "examples.fail: expected a text, not 7"),
        ({}, "examples.fail.source: expected one of code, plan, state, live, pipeline, not null"),
        ({"source": "plans"}, "examples.fail.source: expected one of code, plan, state, live"),
        ({"source": "plan", "resource": []}, "examples.fail.resource: unknown key 'resource'"),
        (
            {"source": "plan", "resources": ["aws_db_instance"]},
            "examples.fail.resources.0: expected a type and, if it has any, attributes",
        ),
        (
            {"source": "plan", "resources": {"type": "aws_db_instanc"}},
            "examples.fail.resources.type: unknown resource type 'aws_db_instanc'",
        ),
        (seen(True, name="x"), "examples.fail.resources.0.name: unknown key 'name'"),
        (seen(True, address=7), "examples.fail.resources.0.address: expected a text, not 7"),
        (
            {
                "source": "plan",
                "resources": [{"type": "aws_db_instance", "attributes": {"terraform_plans": []}}],
            },
            "examples.fail.resources.0.attributes.terraform_plans: aws_db_instance has no",
        ),
    ],
)
def test_mistakes_are_told_with_their_place(example, told):
    with pytest.raises(RuleError) as caught:
        compiled(fail=example)
    assert any(line.startswith(told) for line in caught.value.mistakes), caught.value.mistakes
