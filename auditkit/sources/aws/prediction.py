"""How many calls a run will make, before it makes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditkit.sources.aws.collecting import Place, questions
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
        types = question.if_any or (question.each,)
        if types == ("",):
            yield Forecast(place, operation, count=question.times)
            continue
        known = [(objects or {}).get((place.account, place.region, type)) for type in types]
        numbers = [number for number in known if number is not None]
        number: int | None = sum(numbers)
        if len(numbers) < len(known) and not (question.if_any and number):
            number = None
        if number is not None:
            number = min(number, 1) if question.if_any else math.ceil(number / question.size)
        size = question.size if question.each else 1
        yield Forecast(place, operation, question.each, size, number)
