"""Compiled conditions: what ``require`` and ``when`` become.

Each of them judges a subject, explains its verdict by the attributes that decided, and says in
words what it asks for.  The verdict on nothing, the classic trap, stands with each quantifier.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from auditkit.model import Evidence, Neighbours, Subject, Unknown, Value, Verdict
from auditkit.rules.documents import decode
from auditkit.rules.expectations import Expectation, Judge, invert
from auditkit.rules.paths import Path, format_path, judge_at, values_at
from auditkit.rules.policy import find_written, read_policy
from auditkit.rules.values import FAIL, PASS, UNKNOWN, is_certain_to_be_filled, list_words


class Part(Protocol):
    """A condition that can be a part of others; satisfies `auditkit.model.Condition`."""

    def judge(self, subject: Subject) -> Verdict:
        """The verdict alone: the fast path."""

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """What decided; with `negated`, what made the condition hold although it should not."""

    def words(self, *, negated: bool = False) -> str:
        """What is asked for, or with `negated` its opposite, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a block, list or document: a subject of its own."""

    owner: Subject | None
    """The subject that it is a part of; ``None`` inside a decoded document."""
    value: Value
    path: Path
    """Where in its resource it stands."""

    def attribute(self, name: str) -> Value:
        """What stands under `name` in it; ``None`` if it is no mapping."""
        if isinstance(self.value, dict):
            return self.value.get(name)
        return self.value if isinstance(self.value, Unknown) else None

    def related(self, types: Sequence[str], via: Path) -> Neighbours:
        """The resources that `via`, relative to this element, names."""
        return Neighbours() if self.owner is None else self.owner.related(types, self._full(via))

    def referrers(self, types: Sequence[str], via: Path) -> Neighbours:
        """The resources that name the resource that this is an element of."""
        return Neighbours() if self.owner is None else self.owner.referrers(types, via)

    def _full(self, via: Path) -> Path:
        assert self.owner is not None
        return (*self.path[len(self.owner.path) :], *via)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Expects something of what stands at a path."""

    path: Path
    expected: Expectation
    judge_value: Judge = field(init=False, repr=False, compare=False)
    name: str = field(init=False, repr=False, compare=False)
    rest: Path = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge_value", self.expected.judge)
        object.__setattr__(self, "name", self.path[0])
        object.__setattr__(self, "rest", self.path[1:])

    def judge(self, subject: Subject) -> Verdict:
        """The verdict on its value; over a list in the path, of all of its elements."""
        value = subject.attribute(self.name)
        return (
            judge_at(value, self.rest, self.judge_value) if self.rest else self.judge_value(value)
        )

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The values that decided."""
        return _explain_values(
            values_at(subject.attribute(self.name), self.rest, (*subject.path, self.name)),
            self.expected,
            negated=negated,
        )

    def words(self, *, negated: bool = False) -> str:
        """The path and what is expected of it."""
        return f"`{format_path(self.path)}` {self.expected.words(negated=negated)}"


@dataclass(frozen=True, slots=True)
class Inner:
    """Expects something of an element itself, or of what stands at a path in it."""

    path: Path
    expected: Expectation
    judge_value: Judge = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge_value", self.expected.judge)

    def judge(self, subject: Subject) -> Verdict:
        """The verdict on its value; over a list in the path, of all of its elements."""
        value = _value_of(subject)
        if isinstance(value, dict) and len(self.path) == 1:
            return self.judge_value(value.get(self.path[0]))
        return judge_at(value, self.path, self.judge_value)

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The values that decided."""
        values = values_at(_value_of(subject), self.path, subject.path)
        return _explain_values(values, self.expected, negated=negated)

    def words(self, *, negated: bool = False) -> str:
        """The path, if any, and what is expected of it."""
        name = f"`{format_path(self.path)}`" if self.path else "it"
        return f"{name} {self.expected.words(negated=negated)}"


def _value_of(subject: Subject) -> Value:
    if not isinstance(subject, Element):
        raise TypeError(f"only an element has a value of its own, not {subject!r}")
    return subject.value


def _explain_values(
    values: Iterator[tuple[Path, Value]], expected: Expectation, *, negated: bool
) -> Iterator[Evidence]:
    found = [(path, value, expected.judge(value)) for path, value in values]
    decided = min(verdict for _, _, verdict in found)
    for path, value, verdict in found:
        if verdict is decided:
            yield from expected.explain(value, path, negated=negated)


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every one of its conditions does."""

    conditions: tuple[Part, ...]

    def judge(self, subject: Subject) -> Verdict:
        """The worst verdict; a certain fail ends the search."""
        verdict = PASS
        for condition in self.conditions:
            judged = condition.judge(subject)
            if judged is FAIL:
                return FAIL
            if judged is UNKNOWN:
                verdict = UNKNOWN
        return verdict

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The evidence of the conditions that decided."""
        return _explain_decisive(self.conditions, self.judge(subject), subject, negated=negated)

    def words(self, *, negated: bool = False) -> str:
        """The conditions with *and* between them."""
        return _join_words(self, negated=negated)


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when at least one of its conditions does.

    The first condition is the one to meet; where all fail, it alone tells what is wrong, for
    a finding is about one mistake in one place.
    """

    conditions: tuple[Part, ...]

    def judge(self, subject: Subject) -> Verdict:
        """The best verdict; a certain pass ends the search."""
        verdict = FAIL
        for condition in self.conditions:
            judged = condition.judge(subject)
            if judged is PASS:
                return PASS
            if judged is UNKNOWN:
                verdict = UNKNOWN
        return verdict

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The evidence of the conditions that decided; of a failure, that of the first."""
        decided = self.judge(subject)
        conditions = self.conditions[:1] if decided is FAIL and not negated else self.conditions
        return _explain_decisive(conditions, decided, subject, negated=negated)

    def words(self, *, negated: bool = False) -> str:
        """The conditions with *or* between them."""
        return _join_words(self, negated=negated)


def _explain_decisive(
    conditions: tuple[Part, ...], decided: Verdict, subject: Subject, *, negated: bool
) -> Iterator[Evidence]:
    for condition in conditions:
        if condition.judge(subject) is decided:
            yield from condition.explain(subject, negated=negated)


def _join_words(whole: All | Any, *, negated: bool) -> str:
    conjunction = _conjunction(whole, negated=negated)
    words = []
    for part in whole.conditions:
        text = part.words(negated=negated)
        is_mixed = _conjunction(part, negated=negated) not in ("", conjunction)
        words.append(f"({text})" if is_mixed else text)
    return list_words(words, conjunction)


def _conjunction(part: Part, *, negated: bool) -> str:
    """What stands between the parts of a condition, if it has several."""
    if isinstance(part, Not):
        return _conjunction(part.condition, negated=not negated)
    if not isinstance(part, (All, Any)) or len(part.conditions) < 2:
        return ""
    return "and" if isinstance(part, All) is not negated else "or"


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its condition fails."""

    condition: Part

    def judge(self, subject: Subject) -> Verdict:
        """The opposite verdict; unknown stays unknown."""
        return invert(self.condition.judge(subject))

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The evidence of the condition, turned around."""
        return self.condition.explain(subject, negated=not negated)

    def words(self, *, negated: bool = False) -> str:
        """The opposite of the condition's words."""
        return self.condition.words(negated=not negated)


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


@dataclass(frozen=True, slots=True)
class Related:
    """Holds when some resource that an attribute names exists and matches."""

    types: tuple[str, ...]
    via: Path
    where: Part | None = None
    match: Part | None = None

    def judge(self, subject: Subject) -> Verdict:
        """The verdict over the resources named; unknown if there may be others."""
        return self._judge(subject.related(self.types, self.via))

    def _judge(self, neighbours: Neighbours) -> Verdict:
        verdict = FAIL if neighbours.doubt is None else UNKNOWN
        for neighbour in neighbours.subjects:
            judged = PASS if self.where is None else self.where.judge(neighbour)
            if judged is not FAIL and self.match is not None:
                judged = min(judged, self.match.judge(neighbour))
            if judged is PASS:
                return PASS
            if judged is UNKNOWN:
                verdict = UNKNOWN
        return verdict

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The attribute that names the resources."""
        neighbours = subject.related(self.types, self.via)
        verdict = self._judge(neighbours)
        path = (*subject.path, *self.via)
        doubt = neighbours.doubt
        actual = _read(subject, self.via) if doubt is None else doubt
        yield Evidence(
            path, invert(verdict) if negated else verdict, self._words(negated=negated), actual
        )

    def words(self, *, negated: bool = False) -> str:
        """The attribute, the types that it should name, and what is asked of them."""
        return f"`{format_path(self.via)}` is {self._words(negated=negated)}"

    def _words(self, *, negated: bool) -> str:
        return _describe_others(f"{'no' if negated else 'a'} reference to", self.types, self)


def _read(subject: Subject, path: Path) -> Value:
    """What stands at the path; the first of several values."""
    if isinstance(subject, Element):
        return next(values_at(subject.value, path))[1]
    return next(values_at(subject.attribute(str(path[0])), path[1:]))[1]


@dataclass(frozen=True, slots=True)
class ReferencedBy:
    """Holds when enough other resources name this one, and match."""

    types: tuple[str, ...]
    via: Path = ()
    """The attribute of the others that has to name this one; empty for any."""
    match: Part | None = None
    at_least: int = 1

    def judge(self, subject: Subject) -> Verdict:
        """The verdict on their number; unknown if it depends on those that cannot be told."""
        neighbours = subject.referrers(self.types, self.via)
        certain = possible = 0
        for neighbour in neighbours.subjects:
            judged = PASS if self.match is None else self.match.judge(neighbour)
            certain += judged is PASS
            possible += judged is not FAIL
        if certain >= self.at_least:
            return PASS
        return FAIL if possible < self.at_least and neighbours.doubt is None else UNKNOWN

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The resource as a whole."""
        verdict = self.judge(subject)
        yield Evidence(
            subject.path,
            invert(verdict) if negated else verdict,
            self._words(negated=negated),
            subject.referrers(self.types, self.via).doubt,
        )

    def words(self, *, negated: bool = False) -> str:
        """How many references of which types, and what is asked of them."""
        return f"it has {self._words(negated=negated)}"

    def _words(self, *, negated: bool) -> str:
        number = f"{'fewer than' if negated else 'at least'} {self.at_least}"
        noun = "reference" if self.at_least == 1 and not negated else "references"
        attribute = f" by `{format_path(self.via)}`" if self.via else ""
        return _describe_others(f"{number} {noun}{attribute} from", self.types, self)


def _describe_others(start: str, types: Sequence[str], condition: Related | ReferencedBy) -> str:
    """Words for resources that are asked for, and what is asked of them."""
    where = condition.where if isinstance(condition, Related) else None
    asked = [part.words() for part in (where, condition.match) if part is not None]
    words = f"{start} {list_words(types, 'or')}"
    return f"{words} where {' and '.join(asked)}" if asked else words


@dataclass(frozen=True, slots=True)
class Document:
    """A test of the JSON document or IAM policy that an attribute holds."""

    condition: Part
    is_policy: bool

    @property
    def judge(self) -> Judge:
        """Tells the verdict on the document; unknown when it cannot be read."""
        judge = self.condition.judge
        read = read_policy if self.is_policy else decode
        return lambda value: _judge_document(read(value), judge)

    def words(self, *, negated: bool) -> str:
        """What is asked of the document."""
        return f"is {self._words(negated=negated)}"

    def _words(self, *, negated: bool) -> str:
        kind = "a policy" if self.is_policy else "JSON"
        return f"{kind} with {self.condition.words(negated=negated)}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The parts of the document that decided, by the names that stand in its text."""
        document = read_policy(value) if self.is_policy else decode(value)
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
