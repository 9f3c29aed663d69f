"""What a denied call would have told never makes a rule fail: held by the examples of all rules.

Each live example that does not fail is judged again for each thing that it tells, with that thing
denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditkit.engine import evaluate
from auditkit.identity import DEFAULT, IDENTITY
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Rule, Source, Unknown, Value, Verdict
from auditkit.rulepack import load_rules

DENIED = Unknown("sns:GetTopicAttributes was denied (AccessDenied) in eu-west-1")
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{label}-{number}")
    for rule in load_rules().rules.values()
    for label, examples in rule.examples.items()
    if label != "fail"
    for number, example in enumerate(examples)
    if isinstance(example, Inventory) and example.source is Source.LIVE
]


def worst(rule: Rule, inventory: Inventory) -> Verdict | None:
    findings = evaluate([rule], link(inventory), keep_passes=True).findings
    return min((finding.verdict for finding in findings), default=None)


def told_less(resource: Resource) -> Iterator[tuple[str, Resource]]:
    """The resource without each of its attributes, and what was denied."""
    # These are told with the resource itself, or nothing is.
    own = {"id", *IDENTITY.get(resource.type, DEFAULT)}
    for name, value in resource.attributes.items():
        denied: dict[str, Value] = {name: DENIED}
        if name == "observed" and isinstance(value, dict):
            # Several calls tell what is in there.
            denied = {f"{name}.{member}": {**value, member: DENIED} for member in value}
        for what, instead in denied.items():
            if name not in own:
                yield what, replace(resource, attributes={**resource.attributes, name: instead})


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_no_denied_attribute_makes_it_fail(rule: Rule, example: Inventory) -> None:
    if worst(rule, example) is Verdict.FAIL:
        pytest.fail("an example that should not fail does")
    for place, resource in enumerate(example.resources):
        before, after = example.resources[:place], example.resources[place + 1 :]
        for what, less in told_less(resource):
            judged = worst(rule, replace(example, resources=(*before, less, *after)))
            assert judged is not Verdict.FAIL, f"{resource.type}: {what}"


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_no_denied_listing_makes_it_fail(rule: Rule, example: Inventory) -> None:
    for type in {resource.type for resource in example.resources}:
        left = tuple(resource for resource in example.resources if resource.type != type)
        gaps = {**example.gaps, type: DENIED}
        judged = worst(rule, replace(example, resources=left, gaps=gaps))
        assert judged is not Verdict.FAIL, type


def test_there_are_such_examples() -> None:
    assert len(EXAMPLES) > 800
