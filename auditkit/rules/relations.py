"""Conditions on the resources around one: those that it names, and that name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.model import Evidence, Neighbours, Subject, Value, Verdict
from auditkit.rules.conditions import Element, Part
from auditkit.rules.expectations import invert
from auditkit.rules.paths import Path, format_path, values_at
from auditkit.rules.values import FAIL, PASS, UNKNOWN, list_words


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
