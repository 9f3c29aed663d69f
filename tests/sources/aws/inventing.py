"""Answers of AWS that are made up from the service models, for every call of the catalogue.

Each list has two elements that differ.  What the declarations compare with, such as ``'CUSTOMER'``
in ``KeyManager == 'CUSTOMER'``, is what the answers say, so that the types are found and their
completing calls are made.
"""

from __future__ import annotations

import re
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
_NAME = re.compile(r"-\d")
"""In what the answers call something, and not in the words that they choose from."""
_NUMBER = re.compile(r"-(?:\d\.)*(\d)(?![.\w])")
"""Which element of its list a name is of."""
_POLICY = """{"Version": "2012-10-17", "Statement": [{"Sid": "Made", "Effect": "Allow",
 "Principal": {"AWS": "123456789012"}, "Action": "made:Get",
 "Resource": "arn:aws:lambda:us-east-1:123456789012:function:made:%s"}]}"""
_PLACE = {"_account": "123456789012", "_region": "us-east-1", "_partition": "aws"}


@dataclass(frozen=True)
class Wish:
    """What a member has to be, if it is no certain value: a text with something around it."""

    before: str = ""
    after: str = ""


PRESENT, ABSENT = Wish(), Wish("nothing")


@dataclass
class Hints:
    """What the members have to be for the declarations' conditions to hold."""

    wanted: dict[str, list[Any]] = field(default_factory=dict)
    """Several values are given to the elements of a list in turn."""
    unwanted: dict[str, list[Any]] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    """The names that are looked for in a member, which may be a map."""

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
            if kind == "subexpression" and truth:
                self.keys.setdefault(_last_field(children[0]), set()).add(_last_field(node))

    def _compare(self, first: Any, second: Any, *, is_equal: bool) -> None:
        known = self.wanted if is_equal else self.unwanted
        if first["type"] == "or_expression":
            # `OwnerId || _account`: what is not told counts as the second.
            first = first["children"][0]
        if second["type"] == "literal":
            _add(known, _last_field(first), second["value"])
        elif second["type"] == "field" and second["value"] in _PLACE:
            _add(known, _last_field(first), _PLACE[second["value"]])

    def _take_function(self, name: str, first: Any, second: Any) -> None:
        if name == "contains" and first["type"] == "literal":
            for value in first["value"]:
                _add(self.wanted, _last_field(second), value)
        elif second["type"] == "literal" and isinstance(second["value"], str):
            text = second["value"]
            if name == "starts_with":
                _add(self.wanted, _last_field(first), Wish(before=text))
            elif name in ("ends_with", "contains"):
                _add(self.wanted, _last_field(first), Wish(after=text))


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


def _structures(value: Any, *, most: int, in_lists: bool = True) -> Iterator[dict[str, Any]]:
    """The structures in a value, and in those, to a depth."""
    members: Iterable[Any] = ()
    if isinstance(value, dict):
        yield value
        members = value.values()
    elif isinstance(value, list) and in_lists:
        members = value
    for member in members if most else ():
        yield from _structures(member, most=most - 1, in_lists=in_lists)


def _texts_in(value: Any) -> list[str]:
    """The first list of texts in a value."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return value
    members = value.values() if isinstance(value, dict) else value
    lists = map(_texts_in, members if isinstance(value, (dict, list)) else ())
    return next(filter(None, lists), [])


def _names(structure: Mapping[str, Any]) -> Iterator[str]:
    """What its members call something."""
    for text in structure.values():
        if isinstance(text, str) and _NAME.search(text):
            yield text


class Inventor:
    """A reader that makes up what it is asked; the operation `denied` is denied."""

    def __init__(self, types: Iterable[LiveType], denied: str = "") -> None:
        types = tuple(types)
        self._hints = hints_of(types)
        self._denied = denied
        self._nesting = {live.listing.operation for live in types if live.nests}
        self._inner: set[str] = set()
        """The names in the answers about what may be inside itself."""
        self._lock = threading.Lock()
        self._objects: dict[tuple[str, str], Any] = {}
        """What was said of an object, by its service and each name in it."""
        self.asked: Counter[str] = Counter()

    def pages(self, call: Call, arguments: Mapping[str, Any], region: str) -> Iterator[Any]:
        """One page."""
        if call.starts:
            list(self.pages(Call(call.starts), {}, region))
        with self._lock:
            self.asked[call.operation] += 1
        if call.operation == self._denied:
            raise Failure("denied", action_of(call), "AccessDenied", region)
        shape = operation_model(call).output_shape
        page = {} if shape is None else _Page(self._hints, call, arguments).make(shape, call.name)
        if call.operation in self._nesting:
            if not self._inner.isdisjoint(_names(arguments)):
                # What is inside itself has to end somewhere.
                page = {}
            self._inner.update(name for each in _structures(page, most=4) for name in _names(each))
        self._repeat(call, arguments, page)
        self._match(call, arguments, page)
        self._remember(call, page)
        yield page

    def _repeat(self, call: Call, arguments: Mapping[str, Any], page: Any) -> None:
        """Lets an answer about one object say what was said of that object before."""
        known: dict[str, Any] = {}
        texts = [text for text in arguments.values() if isinstance(text, str)]
        names = set(_names(arguments))
        for text in texts:
            said = self._objects.get((call.client, text), {})
            # What was said of a cluster alone says nothing of the nodes in it.
            if names <= {each for each in said.values() if isinstance(each, str)}:
                known |= said
        known |= {name: text for name, text in arguments.items() if isinstance(text, str)}
        for structure in _structures(page, most=4, in_lists=False):
            for name, said in known.items():
                if name in structure and type(structure[name]) is type(said):
                    structure[name] = said

    def _remember(self, call: Call, page: Any) -> None:
        for structure in _structures(page, most=4):
            for name in _names(structure):
                key = call.client, name
                self._objects[key] = {**structure, **self._objects.get(key, {})}

    def _match(self, call: Call, arguments: Mapping[str, Any], page: Any) -> None:
        """Lets the elements of a batch be those that were asked for."""
        batches = [arguments[name] for name, text in call.arguments.items() if "_batch" in text]
        names = _texts_in(batches)
        if not call.size or not names or not call.key.isidentifier():
            return
        found = jmespath.compile(call.take).search(page) if call.take else page
        if isinstance(found, list) and found and isinstance(found[0], dict):
            first = dict(found[0])
            found[:] = [{**first, call.key: name} for name in names]


class _Page:
    """One answer; what it names is of the object that was asked for alone."""

    def __init__(self, hints: Hints, call: Call, arguments: Mapping[str, Any]) -> None:
        self._hints = hints
        self._qualifier = arguments.get("Qualifier", "Name-0")
        numbers = [_NUMBER.search(name) for name in _names(arguments)]
        self._element = next((int(number[1]) for number in numbers if number), 0)
        given = sorted(f"{name}={text}" for name, text in arguments.items() if text is not None)
        self._operation = call.name
        self._suffix = f"-{zlib.crc32(repr([call.operation, *given]).encode()):x}" if given else ""

    def make(self, shape: Shape, name: str, place: tuple[int, ...] = (), depth: int = 0) -> Any:
        """Something of the shape; `place` says in which elements of which lists it stands."""
        if depth > _DEEPEST:
            return [] if isinstance(shape, ListShape) else {}
        if isinstance(shape, StructureShape):
            return {
                member: self.make(inner, member, place, depth + 1)
                for member, inner in shape.members.items()
                if not member.lower().endswith(("nexttoken", "marker"))
                and self._wish(member, place) is not ABSENT
            }
        if isinstance(shape, ListShape):
            return [self.make(shape.member, name, (*place, each), depth + 1) for each in (0, 1)]
        if isinstance(shape, MapShape):
            keys = sorted(self._hints.keys.get(name, ()))
            return {
                **{key: self.make(shape.value, key, place, depth + 1) for key in keys},
                **{
                    f"key{each}": self.make(shape.value, name, (*place, each), depth + 1)
                    for each in (0, 1)
                },
            }
        return self._scalar(shape, name, place)

    def _wish(self, name: str, place: tuple[int, ...]) -> Any:
        wanted = self._hints.wanted.get(name)
        element = place[-1] if place else self._element
        return wanted[element % len(wanted)] if wanted else None

    def _scalar(self, shape: Shape, name: str, place: tuple[int, ...]) -> Any:
        kind, wish = shape.type_name, self._wish(name, place)
        is_first = not place or place[-1] == 0
        if kind == "boolean":
            return is_first if wish is None else wish in (PRESENT, True)
        if kind == "string":
            return self._text(shape, name, place) if isinstance(wish, Wish | None) else wish
        if wish is not None and not isinstance(wish, Wish | str):
            return wish
        if kind in ("integer", "long"):
            return 7 if is_first else 8
        if kind in ("float", "double"):
            return 7.5 if is_first else 8.5
        return CREATED if kind == "timestamp" else b""

    def _text(self, shape: Shape, name: str, place: tuple[int, ...]) -> str:
        unwanted = self._hints.unwanted.get(name, ())
        choices = [text for text in getattr(shape, "enum", ()) if text not in unwanted]
        if choices:
            return str(choices[0] if not place or place[-1] == 0 else choices[-1])
        wish = self._wish(name, place) or PRESENT
        lower = name.lower()
        number = ".".join(map(str, place or (0,))) + self._suffix
        if lower.endswith("arn") and not wish.before:
            kind = f"{self._operation}:made{wish.after}"
            return f"arn:aws:made:us-east-1:123456789012:{kind}/{name}-{number}:{(*place, 0)[0]}"
        if lower.endswith(("policy", "document", "definition", "policytext")):
            return _POLICY % self._qualifier
        if lower.endswith(("url", "urls")):
            return f"https://made.example.com/123456789012/{name}-{number}"
        if lower.endswith(("time", "date", "timestamp")):
            return "2024-05-01T10:00:00Z"
        return f"{wish.before}{name}-{number}{wish.after}"
