"""Answers of AWS from a table, for what moto lacks; each is checked against the service model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Union

from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditkit.model import Resource
from auditkit.sources.aws.calling import Failure
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Place, Plan, collect
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.shapes import operation_model

PLACE = Place("123456789012", "us-east-1")
Answer = Union[Mapping[str, Any], str, Callable[[Mapping[str, Any]], Any]]
"""An answer, or what gives one for the arguments; or an error: ``Code``, ``Code: message``."""

_SCALARS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": datetime,
}


@dataclass
class Answers:
    """A reader for `collect`; what is not in the table is denied."""

    table: Mapping[str, Answer]
    asked: Counter[str] = field(default_factory=Counter)

    def pages(self, call: Call, arguments: Mapping[str, Any], region: str) -> Iterator[Any]:
        model = operation_model(call)
        for name in arguments:
            assert model.input_shape is not None, f"{call.operation} takes no arguments"
            assert name in model.input_shape.members, f"{call.operation} takes no {name}"
        self.asked[call.operation] += 1
        answer = self.table.get(call.operation, "AccessDenied")
        if callable(answer):
            answer = answer(arguments)
        if isinstance(answer, str):
            code, _, message = answer.partition(": ")
            kind = "denied" if code.startswith("AccessDenied") else "gone"
            raise Failure(kind, call.operation, code, region, message)
        assert model.output_shape is not None
        check(answer, model.output_shape, call.operation)
        yield answer


def check(value: Any, shape: Shape, where: str) -> None:
    """Asserts that AWS may answer so."""
    if isinstance(shape, StructureShape):
        for name, member in value.items():
            assert name in shape.members, f"{where} has no {name}: {sorted(shape.members)}"
            check(member, shape.members[name], f"{where}.{name}")
    elif isinstance(shape, ListShape):
        assert isinstance(value, list), where
        for item in value:
            check(item, shape.member, f"{where}[]")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            check(item, shape.value, f"{where}.{key}")
    elif shape.type_name in _SCALARS:
        assert isinstance(value, _SCALARS[shape.type_name]), f"{where}: {value!r}"


def read(table: Mapping[str, Answer], *types: str) -> list[Resource]:
    """The resources of these types, in the order of their addresses."""
    plan = Plan({name: live_types()[name] for name in types})
    events = collect(PLACE, plan, Answers(table))  # type: ignore[arg-type]
    found = [event for event in events if isinstance(event, Resource)]
    return sorted(found, key=lambda each: (each.type, each.address))
