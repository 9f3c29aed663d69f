"""The examples in rule files, run as the tests that they are."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Rule, Verdict
from auditkit.sources.terraform.code import read_text


def run_examples(rule: Rule) -> Iterator[str]:
    """What is wrong with the rule's examples; nothing, if it is as it should be."""
    for verdict in (Verdict.PASS, Verdict.FAIL):
        if not rule.examples.get(verdict.label):
            yield f"there is no example that should {verdict.label}"
    for label, examples in rule.examples.items():
        for number, example in enumerate(examples, start=1):
            expected = None if label == "exempt" else Verdict[label.upper()]
            told = _run(rule, expected, example)
            if told:
                yield f"example {label} {number}: {told}"


def _run(rule: Rule, expected: Verdict | None, example: str | Inventory) -> str:
    """What is wrong with one example, or nothing; without a verdict the rule must not apply."""
    inventory = read_text(example) if isinstance(example, str) else example
    # A module from a registry is never here, and what it holds is not what the example is about.
    problem = next((each for each in inventory.problems if each.incomplete), None)
    if problem is not None:
        line = f"line {problem.location.line}: " if problem.location else ""
        return f"{line}{problem.message}"
    findings = evaluate([rule], link(inventory), keep_passes=True).findings
    # Beside what fails there may be what passes: the rule has to tell the two apart.
    worst = min(findings, key=lambda finding: finding.verdict, default=None)
    if expected is None:
        return f"expected not to be judged, got {worst.verdict.label}" if worst else ""
    if worst is None:
        return f"expected {expected.label}, but the rule applies to nothing in it"
    if worst.verdict is not expected:
        return f"expected {expected.label}, got {worst.verdict.label}: {worst.message}"
    return ""
