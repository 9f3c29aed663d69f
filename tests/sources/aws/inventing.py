"""Answers of AWS that are made up from the service models, for every call of the catalogue.

Each list has two elements that differ.  What the declarations compare with, such as ``'CUSTOMER'``
in ``KeyManager == 'CUSTOMER'``, is what the answers say, so that the types are found and their
completing calls are made.
"""

from __future__ import annotations

import threading
import zlib
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
_POLICY = """{"Version": "2012-10-17", "Statement": [{"Sid": "Made", "Effect": "Allow",
 "Principal": {"AWS": "123456789012"}, "Action": "made:Get",
 "Resource": "arn:aws:lambda:us-east-1:123456789012:function:made:%s"}]}"""
_PLACE = {"_account": "123456789012", "_region": "us-east-1", "_partition": "aws"}


class _Absent:
    """A member that is not in the answer."""


ABSENT, PRESENT = _Absent(), _Absent()


@dataclass
class Hints:
    """What the members have to be for the declarations' conditions to hold."""

    wanted: dict[str, list[Any]] = field(default_factory=dict)
    """Several values are given to the elements of a list in turn."""
    unwanted: dict[str, list[Any]] = field(default_factory=dict)

    def read(self, expression: str, *, truth: bool = True) -> None:
        """Takes in what makes an expression true, or false or null."""
        if expression:
            self._want(jmespath.compile(expression).parsed, truth=truth)

    def read_filters(self, expression: str) -> None:
        """Takes in what the filters of an expression let through."""
        self._filter(jmespath.compile(expression).parsed)

    def _filter(self, node: Any) -> None:
        children = [child for child in node["children"] if isinstance(child, dict)]
        if node["type"] == "filter_projection":
            self._want(children[2], truth=True)
        for child in children:
            self._filter(child)

    def _want(self, node: Any, *, truth: bool) -> None:
        kind, children = node["type"], node["children"]
        if kind == "not_expression":
            self._want(children[0], truth=not truth)
        elif kind == ("or_expression" if truth else "and_expression"):
            self._want(children[0], truth=truth)
        elif kind in ("or_expression", "and_expression", "multi_select_list"):
            for child in children:
                self._want(child, truth=truth)
        elif kind == "filter_projection":
            self._want(children[0], truth=truth)
        elif kind == "comparator" and node["value"] in ("eq", "ne"):
            self._compare(*children, is_equal=(node["value"] == "eq") is truth)
        elif kind == "function_expression" and truth and len(children) == 2:
            self._take_function(node["value"], *children)
        elif kind in ("field", "subexpression"):
            _add(self.wanted, _last_field(node), PRESENT if truth else ABSENT)

    def _compare(self, first: Any, second: Any, *, is_equal: bool) -> None:
        known = self.wanted if is_equal else self.unwanted
        if second["type"] == "literal":
            _add(known, _last_field(first), second["value"])
        elif second["type"] == "field" and second["value"] in _PLACE:
            _add(known, _last_field(first), _PLACE[second["value"]])

    def _take_function(self, name: str, first: Any, second: Any) -> None:
        if name == "contains" and first["type"] == "literal":
            for value in first["value"]:
                _add(self.wanted, _last_field(second), value)
        elif second["type"] == "literal" and isinstance(second["value"], str):
            text = {"starts_with": "{}a", "ends_with": "a{}", "contains": "{}"}.get(name)
            if text:
                _add(self.wanted, _last_field(first), text.format(second["value"]))


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
        hints.read(live.only)
        hints.read(live.owned_by_aws, truth=False)
        for call in (live.listing, *live.completing):
            hints.read(call.when)
            hints.read_filters(call.take)
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
        page = {} if shape is None else _Page(self._hints, arguments).make(shape, call.name)
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


class _Page:
    """One answer; what it names is of the object that was asked for alone."""

    def __init__(self, hints: Hints, arguments: Mapping[str, Any]) -> None:
        self._hints = hints
        self._qualifier = arguments.get("Qualifier", "Name-0")
        given = sorted(f"{name}={text}" for name, text in arguments.items() if text is not None)
        self._suffix = f"-{zlib.crc32(repr(given).encode()):x}" if given else ""

    def make(self, shape: Shape, name: str, variant: int = 0, depth: int = 0) -> Any:
        if isinstance(shape, StructureShape):
            if depth > _DEEPEST:
                return {}
            return {
                member: self.make(inner, member, variant, depth + 1)
                for member, inner in shape.members.items()
                if not member.lower().endswith(("nexttoken", "marker"))
                and self._wish(member, variant) is not ABSENT
            }
        if isinstance(shape, ListShape):
            if depth > _DEEPEST:
                return []
            return [self.make(shape.member, name, each, depth + 1) for each in (0, 1)]
        if isinstance(shape, MapShape):
            return {f"key{each}": self.make(shape.value, name, each, depth + 1) for each in (0, 1)}
        return self._scalar(shape, name, variant)

    def _wish(self, name: str, variant: int) -> Any:
        wanted = self._hints.wanted.get(name)
        return wanted[variant % len(wanted)] if wanted else None

    def _scalar(self, shape: Shape, name: str, variant: int) -> Any:
        kind, wish = shape.type_name, self._wish(name, variant)
        if kind == "boolean":
            return variant == 0 if wish is None else wish in (PRESENT, True)
        if wish not in (None, PRESENT) and (kind == "string") is isinstance(wish, str):
            return wish
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
        unwanted = self._hints.unwanted.get(name, ())
        choices = [text for text in getattr(shape, "enum", ()) if text not in unwanted]
        if choices:
            return str(choices[0] if variant == 0 else choices[-1])
        lower = name.lower()
        if lower.endswith("arn"):
            place = f"arn:aws:made:us-east-1:123456789012:{lower}"
            return f"{place}:made/{name}-{variant}{self._suffix}:{variant}"
        if lower.endswith(("policy", "document", "definition", "policytext")):
            return _POLICY % self._qualifier
        if lower.endswith(("url", "urls")):
            return f"https://made.example.com/123456789012/{name}-{variant}{self._suffix}"
        if lower.endswith(("time", "date", "timestamp")):
            return "2024-05-01T10:00:00Z"
        return f"{name}-{variant}{self._suffix}"
