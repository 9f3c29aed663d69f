"""Conditions on the elements of a list: each, some, none."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.model import Evidence, Subject, Unknown, Value, Verdict
from auditkit.rules.conditions import Element, Part
from auditkit.rules.expectations import invert
from auditkit.rules.paths import Path, format_path, values_at
from auditkit.rules.values import FAIL, PASS, UNKNOWN, is_certain_to_be_filled


class Quantity(enum.Enum):
    """How many elements have to match."""

    EACH = "each"
    """All of them; so an empty or absent list passes."""
    SOME = "some"
    """At least one; so an empty or absent list fails."""
    NONE = "none"
    """Not one; so an empty or absent list passes."""


@dataclass(frozen=True, slots=True)
class Quantifier:
    """Holds when each, some or none of the elements of a list match.

    An unknown list is unknown.  An unknown element is one element: it is judged like the others,
    and what is asked of its attributes is unknown.  A value that is no list counts as a list of
    one, as in JSON documents where both may be written.
    """

    quantity: Quantity
    of: Path
    """The path to the list; empty for the subject itself."""
    where: Part | None = None
    """Takes only the elements that satisfy it."""
    match: Part | None = None
    """What is asked of the elements taken; ``None`` only asks whether there are any."""

    def judge(self, subject: Subject) -> Verdict:
        """The verdict over all elements that are taken."""
        hit = self._search(subject)
        return hit if self.quantity is Quantity.SOME else invert(hit)

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The elements that are at fault, as deep as their own conditions tell."""
        hit = self._search(subject)
        if (self.quantity is Quantity.SOME) is negated:
            return self._explain_hits(subject, hit)
        return self._explain_lack(subject, hit, negated=negated)

    def words(self, *, negated: bool = False) -> str:
        """How many elements, of which list, and what is asked of them."""
        return self._words(f"`{format_path(self.of)}` element", negated=negated)

    def _search(self, subject: Subject) -> Verdict:
        """Whether there is a hit: an element that settles the matter, for *each* a failing one."""
        verdict = FAIL
        for path, value in self._lists(subject):
            if isinstance(value, Unknown):
                judged = self._judge_unknown(value)
                if judged is PASS:
                    return PASS
                verdict = UNKNOWN
                continue
            for element in _split(subject, value, path):
                judged = self._judge_element(element)
                if judged is PASS:
                    return PASS
                if judged is UNKNOWN:
                    verdict = UNKNOWN
        return verdict

    def _lists(self, subject: Subject) -> Iterator[tuple[Path, Value]]:
        if isinstance(subject, Element):
            return values_at(subject.value, self.of, subject.path)
        name = str(self.of[0])
        return values_at(subject.attribute(name), self.of[1:], (*subject.path, name))

    def _judge_unknown(self, value: Unknown) -> Verdict:
        """The verdict on a list of which at most is known that it has elements."""
        asks = self.where is not None or self.match is not None
        return UNKNOWN if asks or not is_certain_to_be_filled(value) else PASS

    def _judge_element(self, element: Element) -> Verdict:
        taken = PASS if self.where is None else self.where.judge(element)
        if taken is FAIL or self.match is None:
            return taken
        matched = self.match.judge(element)
        return min(taken, invert(matched) if self.quantity is Quantity.EACH else matched)

    def _explain_hits(self, subject: Subject, hit: Verdict) -> Iterator[Evidence]:
        """Evidence when elements settle the matter that should not."""
        for path, value in self._lists(subject):
            if isinstance(value, Unknown):
                if self._judge_unknown(value) is hit:
                    yield Evidence(path, invert(hit), self._words("element"), value)
                continue
            for element in _split(subject, value, path):
                if self._judge_element(element) is hit:
                    yield from self._explain_element(element, hit)

    def _explain_element(self, element: Element, hit: Verdict) -> Iterator[Evidence]:
        if self.where is not None and hit is UNKNOWN and self.where.judge(element) is UNKNOWN:
            yield from self.where.explain(element)
        elif self.match is not None:
            yield from self.match.explain(element, negated=self.quantity is not Quantity.EACH)
        else:
            yield Evidence(element.path, invert(hit), self._words("element"), element.value)

    def _explain_lack(self, subject: Subject, hit: Verdict, *, negated: bool) -> Iterator[Evidence]:
        """Evidence when no element settles the matter and one should."""
        lists = list(self._lists(subject))
        elements = [
            element
            for path, value in lists
            if not isinstance(value, Unknown)
            for element in _split(subject, value, path)
        ]
        candidates = [element for element in elements if self._judge_element(element) is hit]
        if len(elements) == len(lists) == 1 and candidates and self.match is not None:
            yield from self.match.explain(elements[0], negated=self.quantity is Quantity.EACH)
            return
        path, value = lists[0]
        words = self._words("element", negated=negated)
        if len(lists) > 1:
            path, value = (*subject.path, *self.of), None
        yield Evidence(path, hit, words, value)

    def _words(self, noun: str, *, negated: bool = False) -> str:
        where = [] if self.where is None else [self.where.words()]
        if self.quantity is Quantity.EACH and not negated:
            match = "" if self.match is None else f"{self.match.words()} in "
            return f"{match}every {noun}" + (f" where {where[0]}" if where else "")
        if self.match is not None:
            where.append(self.match.words(negated=self.quantity is Quantity.EACH))
        number = "some" if (self.quantity is Quantity.SOME) is not negated else "no"
        return f"{number} {noun}" + (f" where {' and '.join(where)}" if where else "")


def _split(subject: Subject, value: Value, path: Path) -> Iterator[Element]:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield Element(subject, item, (*path, index))
    elif value is not None:
        yield Element(subject, value, path)
