"""Answers of AWS that are made up from the service models, for every call of the catalogue.

Each list has two elements that differ.  What the declarations compare with, such as ``'CUSTOMER'``
in ``KeyManager == 'CUSTOMER'``, is what the answers say, so that the types are found and their
completing calls are made.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import jmespath
from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditkit.sources.aws.calling import Failure
from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.permissions import action_of
from auditkit.sources.aws.shapes import operation_model

CREATED = datetime(2024, 5, 1, 10, tzinfo=timezone.utc)
_DEEPEST = 9
_PLACE = {"_account": "123456789012", "_region": "us-east-1", "_partition": "aws"}


@dataclass
class Hints:
    """What the members have to be for the declarations' conditions to hold."""

    equal: dict[str, list[Any]] = field(default_factory=dict)
    unequal: dict[str, list[Any]] = field(default_factory=dict)

    def read(self, expression: str) -> None:
        """Takes in the comparisons of an expression."""
        if expression:
            self._walk(jmespath.compile(expression).parsed)

    def _walk(self, node: Any, is_negated: bool = False) -> None:
        children = node["children"]
        is_negated ^= node["type"] == "not_expression"
        if node["type"] == "comparator" and node["value"] in ("eq", "ne"):
            member = _last_field(children[0])
            known = self.equal if (node["value"] == "eq") is not is_negated else self.unequal
            if children[1]["type"] == "literal":
                _add(known, member, children[1]["value"])
            elif children[1]["type"] == "field" and children[1]["value"] in _PLACE:
                _add(known, member, _PLACE[children[1]["value"]])
        if node["type"] == "function_expression" and len(children) == 2:
            self._take_function(node["value"], *children, is_negated)
        for child in children:
            if isinstance(child, dict):
                self._walk(child, is_negated)

    def _take_function(self, name: str, first: Any, second: Any, is_negated: bool) -> None:
        if is_negated:
            return
        if name == "contains" and first["type"] == "literal":
            for value in first["value"]:
                _add(self.equal, _last_field(second), value)
        elif second["type"] == "literal" and isinstance(second["value"], str):
            text = {"starts_with": "{}a", "ends_with": "a{}", "contains": "{}"}.get(name)
            if text:
                _add(self.equal, _last_field(first), text.format(second["value"]))


def _add(known: dict[str, list[Any]], member: str, value: Any) -> None:
    if member and value not in known.setdefault(member, []):
        known[member].append(value)


def _last_field(node: Any) -> str:
    if node["type"] == "field":
        return str(node["value"])
    children = [child for child in node["children"] if isinstance(child, dict)]
    return _last_field(children[-1]) if children else ""


def hints_of(types: Iterable[LiveType]) -> Hints:
    """What the conditions of these types ask for."""
    hints = Hints()
    for live in types:
        for expression in (live.only, live.listing.take, live.listing.when):
            hints.read(expression)
        for call in live.completing:
            hints.read(call.when)
            hints.read(call.take)
    return hints


def _echo(arguments: Mapping[str, Any], page: Any) -> None:
    """Lets an answer about one object name the object that was asked for."""
    for value in [page, *page.values()]:
        if isinstance(value, dict):
            for name, given in arguments.items():
                if isinstance(given, str) and isinstance(value.get(name), str):
                    value[name] = given


class Inventor:
    """A reader that makes up what it is asked; the operation `denied` is denied."""

    def __init__(self, types: Iterable[LiveType], denied: str = "") -> None:
        self._hints = hints_of(types)
        self._denied = denied
        self._lock = threading.Lock()
        self.asked: Counter[str] = Counter()

    def pages(self, call: Call, arguments: Mapping[str, Any], region: str) -> Iterator[Any]:
        """One page."""
        with self._lock:
            self.asked[call.operation] += 1
        if call.operation == self._denied:
            raise Failure("denied", action_of(call), "AccessDenied", region)
        shape = operation_model(call).output_shape
        page = {} if shape is None else self._make(shape, call.name, 0, 0)
        _echo(arguments, page)
        self._match(call, arguments, page)
        yield page

    def _match(self, call: Call, arguments: Mapping[str, Any], page: Any) -> None:
        """Lets the elements of a batch be those that were asked for."""
        names = next((value for value in arguments.values() if isinstance(value, list)), None)
        if not call.size or not names or not call.key.isidentifier():
            return
        found = jmespath.compile(call.take).search(page) if call.take else page
        if isinstance(found, list) and found and isinstance(found[0], dict):
            first = dict(found[0])
            found[:] = [{**first, call.key: name} for name in names]

    def _make(self, shape: Shape, name: str, variant: int, depth: int) -> Any:
        if isinstance(shape, StructureShape):
            if depth > _DEEPEST:
                return {}
            return {
                member: self._make(inner, member, variant, depth + 1)
                for member, inner in shape.members.items()
                if not member.lower().endswith(("nexttoken", "marker"))
            }
        if isinstance(shape, ListShape):
            if depth > _DEEPEST:
                return []
            return [self._make(shape.member, name, each, depth + 1) for each in (0, 1)]
        if isinstance(shape, MapShape):
            return {f"key{each}": self._make(shape.value, name, each, depth + 1) for each in (0, 1)}
        return self._scalar(shape, name, variant)

    def _scalar(self, shape: Shape, name: str, variant: int) -> Any:
        wanted = self._hints.equal.get(name)
        kind = shape.type_name
        if wanted and (kind == "string") is isinstance(wanted[0], str):
            return wanted[variant % len(wanted)]
        if kind == "boolean":
            return variant == 0
        if kind in ("integer", "long"):
            return 7 + variant
        if kind in ("float", "double"):
            return 7.5 + variant
        if kind == "timestamp":
            return CREATED
        if kind == "blob":
            return b""
        return self._text(shape, name, variant)

    def _text(self, shape: Shape, name: str, variant: int) -> str:
        unwanted = self._hints.unequal.get(name, ())
        choices = [text for text in getattr(shape, "enum", ()) if text not in unwanted]
        if choices:
            return str(choices[0] if variant == 0 else choices[-1])
        lower = name.lower()
        if lower.endswith("arn"):
            return f"arn:aws:made:us-east-1:123456789012:{lower}/{name}-{variant}"
        if lower.endswith(("policy", "document", "definition", "policytext")):
            return "{}"
        if lower.endswith(("url", "urls")):
            return f"https://made.example.com/123456789012/{name}-{variant}"
        if lower.endswith(("time", "date", "timestamp")):
            return "2024-05-01T10:00:00Z"
        return f"{name}-{variant}"
