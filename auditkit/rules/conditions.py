"""Compiled conditions: what ``require`` and ``when`` become.

Each of them judges a subject, explains its verdict by the attributes that decided, and says in
words what it asks for.  The verdict on nothing, the classic trap, stands with each quantifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from auditkit.model import Evidence, Neighbours, Subject, Unknown, Value, Verdict
from auditkit.rules.expectations import Expectation, Judge, invert
from auditkit.rules.paths import Path, format_path, judge_at, values_at
from auditkit.rules.values import FAIL, PASS, UNKNOWN, list_words


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
