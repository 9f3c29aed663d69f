"""How many calls a run will make, before it makes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Place, Question, questions
from auditkit.sources.aws.declarations import LiveType
from auditkit.sources.aws.units import Unit


@dataclass(frozen=True, slots=True)
class Forecast:
    """The calls of one operation in one account and region."""

    place: Place
    operation: str
    """The boto3 client and the API's name: ``kms:DescribeKey``."""
    each: str = ""
    """The type for every object of which the call is made; empty if it is made once."""
    size: int = 1
    """For how many objects at once."""
    count: int | None = None
    """How many calls that makes; ``None`` where the number of objects is not known."""

    @property
    def service(self) -> str:
        """The boto3 client."""
        return self.operation.partition(":")[0]


def predict(
    unit: Unit, objects: Mapping[tuple[str, str, str], int] | None = None
) -> Iterator[Forecast]:
    """The calls of a unit; of a listing the first page alone, for later ones depend on objects.

    `objects` are the numbers of them by account, region and type, if they are known.
    """
    place = unit.place
    for question in questions(unit.plan, place):
        operation = question.call.operation
        if not question.each and not question.if_any:
            yield Forecast(place, operation, count=question.times)
            continue
        known = {
            type: (objects or {}).get((place.account, place.region, type))
            for type in question.if_any or (question.each, *question.also)
        }
        number = _any(known) if question.if_any else _all(known, question)
        size = question.size if question.each else 1
        yield Forecast(place, operation, question.each, size, number)


def _any(known: Mapping[str, int | None]) -> int | None:
    """1 if there is any object of these types, 0 if there is none."""
    if any(known.values()):
        return 1
    return None if None in known.values() else 0


def _all(known: Mapping[str, int | None], question: Question) -> int | None:
    """The calls for the objects of these types, which one listing tells."""
    numbers = {type: number for type, number in known.items() if number is not None}
    if len(numbers) < len(known):
        return None
    # Types with a condition divide the items among them; one without has them all.
    all_types = live_types()
    most = max((n for type, n in numbers.items() if not _divides(all_types, type)), default=0)
    number = max(most, sum(n for type, n in numbers.items() if _divides(all_types, type)))
    return math.ceil(number / question.size)


def _divides(known: Mapping[str, LiveType], type: str) -> bool:
    return type in known and bool(known[type].only)
