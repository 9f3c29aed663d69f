"""The examples in rule files, run as tests of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditkit.model import Rule, Verdict

EvaluateExample = Callable[[Rule, str], Sequence[Verdict]]
"""The verdicts of a rule on the resources in a Terraform text to which it applies."""


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that does not come out as its rule says."""

    rule: Rule
    example: str
    """Which one: ``pass``, or ``fail[1]`` of a list."""
    message: str
    """What was expected, and what came out."""

    def __str__(self) -> str:
        return f"{self.rule.path}: {self.rule.id}: example {self.example}: {self.message}"


def test_rules(
    rules: Iterable[Rule], evaluate_example: EvaluateExample
) -> tuple[ExampleFailure, ...]:
    """The examples that do not come out as the rules say, and the ones that are missing.

    Of a ``pass`` example all verdicts are pass, and there is at least one.  A ``fail`` example
    has a fail among its verdicts; an ``unknown`` one an unknown, and no fail.  A rule needs one
    of the first two each.
    """
    return tuple(failure for rule in rules for failure in _test_rule(rule, evaluate_example))


def _test_rule(rule: Rule, evaluate_example: EvaluateExample) -> Iterator[ExampleFailure]:
    for kind in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN):
        texts = rule.examples.get(kind.label, ())
        if not texts and kind is not Verdict.UNKNOWN:
            yield ExampleFailure(rule, kind.label, "there is none")
        for index, text in enumerate(texts):
            verdicts = evaluate_example(rule, text)
            if not _is_as_expected(kind, verdicts):
                name = f"{kind.label}[{index}]" if len(texts) > 1 else kind.label
                found = ", ".join(verdict.label for verdict in verdicts)
                message = f"expected {kind.label}, got {found or 'no resource that is judged'}"
                yield ExampleFailure(rule, name, message)


def _is_as_expected(kind: Verdict, verdicts: Sequence[Verdict]) -> bool:
    if kind is Verdict.PASS:
        return set(verdicts) == {Verdict.PASS}
    if kind is Verdict.FAIL:
        return Verdict.FAIL in verdicts
    return Verdict.UNKNOWN in verdicts and Verdict.FAIL not in verdicts
