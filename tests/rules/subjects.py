"""Subjects and conditions made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone

from auditkit.errors import RuleError
from auditkit.model import Neighbours, Reference, Unknown, Verdict
from auditkit.rules.grammar import Context, Grammar, Mistakes, Scope

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=timezone.utc)

NO_VALUE = Unknown("`var.x` has no value")
ARN = Unknown("known after apply", (Reference("aws_kms_key.k", "arn"),), present=True)
"""What a reference to another resource's own attribute gives."""


def template(*parts):
    """A text with unknown pieces."""
    return Unknown("`var.x` has no value", parts=parts)


@dataclass
class Thing:
    """A resource, with the resources around it."""

    attributes: dict
    path: tuple = ()
    outgoing: dict = field(default_factory=dict)
    """What `related` answers, by `via`."""
    incoming: Neighbours = Neighbours()

    def attribute(self, name):
        return self.attributes.get(name)

    def related(self, types, via):
        return self.outgoing.get(via, Neighbours())

    def referrers(self, types, via):
        return self.incoming


def position(place, of_key):
    return f"{'key' if of_key else 'value'} {'/'.join(map(str, place))}"


def compile_condition(data, *, scope=None, params=None, **context):
    mistakes = Mistakes(position)
    grammar = Grammar(Context(NOW, **context), params or {}, mistakes)
    condition = grammar.condition(data, ("require",), scope or Scope("resource", ("aws_thing",)))
    if mistakes.lines:
        raise RuleError(*mistakes.lines)
    return condition


def judge(data, subject=None, /, **attributes):
    return compile_condition(data).judge(subject or Thing(attributes))


def explain(data, subject=None, /, **attributes):
    """Path, verdict, expected and actual of each piece of evidence."""
    evidence = compile_condition(data).explain(subject or Thing(attributes))
    return [(each.path, each.verdict, each.expected, each.actual) for each in evidence]
