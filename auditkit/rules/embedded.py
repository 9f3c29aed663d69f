"""Expectations of JSON documents and IAM policies in the text of an attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from auditkit.model import Evidence, Subject, Unknown, Value, Verdict
from auditkit.rules.conditions import Element, Part
from auditkit.rules.documents import decode_plain
from auditkit.rules.expectations import Judge
from auditkit.rules.paths import Path
from auditkit.rules.policy import find_written, read_policy
from auditkit.rules.values import UNKNOWN


@dataclass(frozen=True, slots=True)
class Document:
    """A test of the JSON document or IAM policy that an attribute holds."""

    condition: Part
    is_policy: bool

    @property
    def judge(self) -> Judge:
        """Tells the verdict on the document; unknown when it cannot be read."""
        judge = self.condition.judge
        read = read_policy if self.is_policy else decode_plain
        return lambda value: _judge_document(read(value), judge)

    def words(self, *, negated: bool) -> str:
        """What is asked of the document."""
        return f"is {self._words(negated=negated)}"

    def _words(self, *, negated: bool) -> str:
        kind = "a policy" if self.is_policy else "JSON"
        return f"{kind} with {self.condition.words(negated=negated)}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The parts of the document that decided, by the names that stand in its text."""
        document = read_policy(value) if self.is_policy else decode_plain(value)
        if isinstance(document, Unknown):
            yield Evidence(path, UNKNOWN, self._words(negated=negated), document)
            return
        for evidence in self.condition.explain(Element(None, document, ()), negated=negated):
            if self.is_policy:
                evidence = _point_into_text(evidence, value)
            yield replace(evidence, path=(*path, *evidence.path))


def _point_into_text(evidence: Evidence, policy: Value) -> Evidence:
    """Evidence about a policy in terms of the document as it was written."""
    path, written = find_written(policy, evidence.path)
    if evidence.path[-1:] == ("public",) and evidence.actual is True:
        expected = "named principals, or a condition that limits them"
        return replace(evidence, path=path, expected=expected, actual=written)
    return replace(evidence, path=path)


def _judge_document(document: Value, judge: Callable[[Subject], Verdict]) -> Verdict:
    return UNKNOWN if isinstance(document, Unknown) else judge(Element(None, document, ()))
