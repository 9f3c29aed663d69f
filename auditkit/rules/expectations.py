"""What a rule expects of one value: a verdict, words for it, and the parts that are at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from auditkit.model import Evidence, Unknown, Value, Verdict
from auditkit.rules.paths import Path
from auditkit.rules.values import FAIL, PASS, UNKNOWN, list_words

Judge = Callable[[Value], Verdict]


class Expectation(Protocol):
    """What is expected of one value."""

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a value: the fast path."""

    def words(self, *, negated: bool) -> str:
        """What passes, or what fails, as it follows a name: ``is true``, ``has no value``."""

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The parts of `value`, which stands at `path`, that decided; more than one if need be.

        With `negated`, a value that passes is at fault.
        """


def invert(verdict: Verdict) -> Verdict:
    """Kleene's *not*."""
    return _INVERSE[verdict]


_INVERSE = (PASS, UNKNOWN, FAIL)


@dataclass(frozen=True, slots=True)
class Simple:
    """A test by one function."""

    judge: Judge
    expected: str
    """What passes, as it follows *expected*: ``true``, ``at least 7``."""
    refused: str
    """What fails, likewise."""
    verb: str = "is"
    """What joins a name to them: ``is`` or ``has``."""
    one: Judge | None = None
    """Judges one element, for tests that ask something of the elements of a list."""
    every: bool = False
    """Whether every element has to pass `one`, or some."""
    one_refused: str = ""
    """What fails in one element, if that is not said like `refused`."""

    def words(self, *, negated: bool) -> str:
        """What passes, or what fails, as it follows a name."""
        return f"{self.verb} {self.refused if negated else self.expected}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The value, or the elements of it that are at fault by themselves."""
        decided = self.judge(value)
        verdict = invert(decided) if negated else decided
        words = self.refused if negated else self.expected
        if self.one is None or self.every is negated or not isinstance(value, (list, tuple)):
            yield Evidence(path, verdict, words, value)
            return
        one_words = self.one_refused if negated and self.one_refused else words
        for index, item in enumerate(value):
            if self.one(item) is decided:
                yield Evidence((*path, index), verdict, one_words, item)


@dataclass(frozen=True, slots=True)
class Opposite:
    """A test that passes where another fails."""

    inner: Expectation

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a value."""
        judge = self.inner.judge
        return lambda value: _INVERSE[judge(value)]

    def words(self, *, negated: bool) -> str:
        """What passes, or what fails, as it follows a name."""
        return self.inner.words(negated=not negated)

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The evidence of the inner test, turned around."""
        return self.inner.explain(value, path, negated=not negated)


@dataclass(frozen=True, slots=True)
class Several:
    """Tests of which all have to pass, or any."""

    tests: tuple[Expectation, ...]
    any: bool = False

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a value."""
        judges = tuple(test.judge for test in self.tests)
        if self.any:
            return lambda value: max(judge(value) for judge in judges)
        return lambda value: min(judge(value) for judge in judges)

    def words(self, *, negated: bool) -> str:
        """What passes, or what fails, as it follows a name."""
        words = [test.words(negated=negated) for test in self.tests]
        return list_words(words, "or" if self.any is not negated else "and")

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The evidence of the tests that decided."""
        decided = self.judge(value)
        for test in self.tests:
            if test.judge(value) is decided:
                yield from test.explain(value, path, negated=negated)


@dataclass(frozen=True, slots=True)
class Length:
    """A test of how many elements, keys or characters a value has."""

    inner: Expectation

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a value."""
        judge = self.inner.judge
        return lambda value: _judge_length(value, judge)

    def words(self, *, negated: bool) -> str:
        """What passes, or what fails, as it follows a name."""
        return f"has a length that {self.inner.words(negated=negated)}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The value as a whole."""
        decided = self.judge(value)
        verdict = invert(decided) if negated else decided
        yield Evidence(path, verdict, f"a length that {self.inner.words(negated=negated)}", value)


def _judge_length(value: Value, judge: Judge) -> Verdict:
    if value is None:
        return judge(0)
    if isinstance(value, Unknown):
        return UNKNOWN
    return judge(len(value)) if isinstance(value, (str, list, tuple, dict)) else FAIL


def of_elements(one: Judge, *, every: bool = False) -> Judge:
    """Judges a list by its elements, and anything else by itself."""

    def judge(value: Value) -> Verdict:
        if not isinstance(value, (list, tuple)):
            return one(value)
        if every:
            return min(map(one, value), default=PASS)
        return max(map(one, value), default=FAIL)

    return judge
