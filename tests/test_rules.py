"""The rules that come with auditkit, each on the examples in its own file."""

from __future__ import annotations

import pytest

from auditkit import schema
from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Rule
from auditkit.rulepack import builtin_directory, load_rules
from auditkit.sources.terraform.code import read_text

# As if they were a user's: then every resource type and attribute path is checked, too.
RULES = load_rules([builtin_directory()], builtin=False, schema=schema).rules.values()

REQUIRED = {"pass": ("",), "fail": ("",), "unknown": (), "exempt": ()}
"""What stands for missing examples; the empty one gets no verdict at all."""

EXAMPLES = [
    pytest.param(rule, label, text, id=f"{rule.id}-{label}-{number}")
    for rule in RULES
    for label, required in REQUIRED.items()
    for number, text in enumerate(rule.examples.get(label) or required)
]


@pytest.mark.parametrize(("rule", "expected", "example"), EXAMPLES)
def test_example_gets_its_verdict(rule: Rule, expected: str, example: str | Inventory) -> None:
    inventory = read_text(example) if isinstance(example, str) else example
    assert [problem for problem in inventory.problems if problem.incomplete] == []
    findings = evaluate([rule], link(inventory), keep_passes=True).findings
    # Beside what fails there may be what passes: the rule has to tell the two apart.
    worst = min((finding.verdict for finding in findings), default=None)
    got = "exempt" if worst is None else worst.label
    assert got == expected, [finding.message for finding in findings]
