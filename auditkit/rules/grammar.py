"""The grammar of conditions: plain mappings, as YAML gives them, become compiled conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Union

from auditkit.errors import suggest
from auditkit.model import Value
from auditkit.rules import policy
from auditkit.rules.conditions import All, Any, Attribute, Inner, Not, Part
from auditkit.rules.embedded import Document
from auditkit.rules.expectations import Expectation, Length, Opposite, Several
from auditkit.rules.operators import OPERATORS, TIME_OPERATORS, equals
from auditkit.rules.paths import Path, parse_path
from auditkit.rules.quantifiers import Quantifier, Quantity
from auditkit.rules.relations import ReferencedBy, Related
from auditkit.rules.values import format_value

Place = tuple[Union[str, int], ...]
"""Where in a rule file something stands: the keys and indexes that lead to it."""

Positions = Callable[[Place, bool], str]
"""The file, line and column of the value at a place, or with true of its key, for messages."""

COMBINATORS: Mapping[str, str] = {
    "all": "every condition of a list holds",
    "any": "some condition of a list holds",
    "not": "the condition does not hold",
    "each": "every element of a list matches; so nothing passes",
    "some": "some element of a list matches; so nothing fails",
    "none": "no element of a list matches; so nothing passes",
    "related": "a resource that an attribute names exists and matches",
    "referenced_by": "other resources name this one",
}
"""The keys of a condition that are no path, and when they hold."""

NESTING_OPERATORS: Mapping[str, str] = {
    "length": "how many elements, keys or characters; null has none",
    "not": "the operators do not all hold",
    "any": "some mapping of operators of a list holds",
    "json": "the JSON text in the value satisfies a condition",
    "policy": "the IAM policy document in the value satisfies a condition",
}
"""Operators whose operand is made of operators or is a condition."""

QUANTIFIER_KEYS = ("of", "where", "match")
RELATED_KEYS = ("type", "via", "where", "match")
REFERENCED_BY_KEYS = ("types", "via", "match", "at_least")

OPERATOR_NAMES = (*OPERATORS, *TIME_OPERATORS, *NESTING_OPERATORS)
"""The names of all operators."""

_PARAM = re.compile(r"\$([a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the paths of a condition start from."""

    kind: str
    """``resource``, ``element`` of one, ``document`` or ``policy``."""
    types: tuple[str, ...] = ()
    """The resource types, or globs, that the subject may be of or belong to."""
    prefix: tuple[str, ...] = ()
    """The names that lead from the resource or policy to the subject."""

    def inside(self, path: Path) -> Scope:
        """The scope of an element of the list at `path`."""
        kind = "element" if self.kind == "resource" else self.kind
        return Scope(kind, self.types, (*self.prefix, *_names(path)))


@dataclass(frozen=True, slots=True)
class PathUse:
    """A path that a rule reads, for those who check rules more closely."""

    types: tuple[str, ...]
    """The resource types, or globs, that it is read from."""
    path: Path
    """From the resource, indexes included; elements of a quantifier's list have none."""
    start: int
    """How many steps of it lead to the subject."""
    is_list: bool
    """Whether a quantifier goes over what stands there."""
    place: Place


@dataclass(frozen=True, slots=True)
class Context:
    """What compiling a rule depends on besides its text."""

    now: datetime
    """An aware UTC time, for what is older or newer than some age."""
    known_types: Callable[[], Collection[str]] | None = None
    """The resource types that exist; ``None`` to take any."""
    known_path: Callable[[str, tuple[str, ...]], str | None] | None = None
    """What is wrong with an attribute path, names only, of a type; ``None`` to take any."""
    visit_path: Callable[[PathUse], None] | None = None
    """Is told of every path that the conditions read from resources."""


@dataclass(slots=True)
class Mistakes:
    """What is wrong with a rule file, a line each."""

    positions: Positions
    lines: list[str] = field(default_factory=list)

    def add(self, place: Place, message: str, *, of_key: bool = False) -> None:
        """Notes a mistake in the value at `place`, or in its key."""
        self.lines.append(f"{self.positions(place, of_key)}: {message}")

    def check_keys(self, data: Mapping[str, Value], known: Collection[str], place: Place) -> None:
        """Notes every key that is not `known`."""
        for key in data:
            if key not in known:
                self.add((*place, key), f"unknown key {key!r}{suggest(key, known)}", of_key=True)


NOTHING = All(())
"""Stands for a condition that could not be compiled."""

_ANYTHING = Several(())


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiles the conditions of one rule, and notes all its mistakes on the way."""

    context: Context
    params: Mapping[str, Value]
    """The values that stand for ``$name``."""
    mistakes: Mistakes

    def condition(self, data: Value, place: Place, scope: Scope) -> Part:
        """The condition that a mapping writes; several keys are *and*."""
        if not isinstance(data, dict) or not data:
            self.mistakes.add(place, f"expected a condition, a mapping, not {format_value(data)}")
            return NOTHING
        parts = [self._entry(key, value, (*place, key), scope) for key, value in data.items()]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _entry(self, key: str, value: Value, place: Place, scope: Scope) -> Part:
        if key in ("all", "any"):
            parts = tuple(self._conditions(value, place, scope))
            return All(parts) if key == "all" else Any(parts)
        if key == "not":
            return Not(self.condition(value, place, scope))
        if key in ("each", "some", "none"):
            return self._quantifier(Quantity(key), value, place, scope)
        if key == "related":
            return self._related(value, place, scope)
        if key == "referenced_by":
            return self._referenced_by(value, place, scope)
        if scope.kind != "resource" and key in OPERATOR_NAMES:
            if scope.kind == "element":
                self._check_ambiguity(key, place, scope)
            return Inner((), self._operator(key, value, place))
        return self._attribute(key, value, place, scope)

    def _conditions(self, data: Value, place: Place, scope: Scope) -> Iterator[Part]:
        if not isinstance(data, list) or not data:
            self.mistakes.add(place, f"expected a list of conditions, not {format_value(data)}")
            return
        for index, item in enumerate(data):
            yield self.condition(item, (*place, index), scope)

    def _attribute(self, key: str, value: Value, place: Place, scope: Scope) -> Part:
        path = self.path(key, place, scope, of_key=True)
        # A misspelt combinator looks like a path; a path can't have an operand like this.
        if isinstance(value, (dict, list)) and not _is_expectation(value):
            near = suggest(key, COMBINATORS)
            if near:
                self.mistakes.add(place, f"unknown key {key!r}{near}", of_key=True)
                return NOTHING
        expected = self.expectation(value, place)
        if path is None:
            return NOTHING
        return Attribute(path, expected) if scope.kind == "resource" else Inner(path, expected)

    def _quantifier(self, quantity: Quantity, data: Value, place: Place, scope: Scope) -> Part:
        if isinstance(data, str) and quantity is not Quantity.EACH:
            path = self.path(data, place, scope, is_list=True)
            return NOTHING if path is None else Quantifier(quantity, path)
        members = self._members(data, QUANTIFIER_KEYS, ("of",), place)
        if members is None:
            return NOTHING
        if quantity is Quantity.EACH and "match" not in members:
            self.mistakes.add(place, "missing key 'match': what each element should satisfy")
        of = self.path(members["of"], (*place, "of"), scope, is_list=True)
        if of is None:
            return NOTHING
        where, match = self._where_and_match(members, place, scope.inside(of))
        return Quantifier(quantity, of, where, match)

    def _related(self, data: Value, place: Place, scope: Scope) -> Part:
        members = self._members(data, RELATED_KEYS, ("type", "via"), place)
        if members is None:
            return NOTHING
        if scope.kind in ("document", "policy"):
            self.mistakes.add(place, "'related' is not possible inside a document", of_key=True)
            return NOTHING
        types = self.types(members["type"], (*place, "type"))
        via = self.path(members["via"], (*place, "via"), scope, is_list=True)
        where, match = self._where_and_match(members, place, Scope("resource", types))
        return NOTHING if via is None else Related(types, via, where, match)

    def _referenced_by(self, data: Value, place: Place, scope: Scope) -> Part:
        members = self._members(data, REFERENCED_BY_KEYS, ("types",), place)
        if members is None:
            return NOTHING
        if scope.kind != "resource":
            message = "'referenced_by' is asked of a resource, not of an element"
            self.mistakes.add(place, message, of_key=True)
            return NOTHING
        types = self.types(members["types"], (*place, "types"))
        others = Scope("resource", types)
        via: Path | None = ()
        if "via" in members:
            via = self.path(members["via"], (*place, "via"), others, is_list=True)
        _, match = self._where_and_match(members, place, others)
        at_least = self.value(members.get("at_least", 1), (*place, "at_least"))
        if not isinstance(at_least, int) or isinstance(at_least, bool) or at_least < 1:
            message = f"expected a number from 1, not {format_value(at_least)}"
            self.mistakes.add((*place, "at_least"), message)
            return NOTHING
        return NOTHING if via is None else ReferencedBy(types, via, match, at_least)

    def _where_and_match(
        self, members: Mapping[str, Value], place: Place, scope: Scope
    ) -> tuple[Part | None, Part | None]:
        where, match = (
            self.condition(members[key], (*place, key), scope) if key in members else None
            for key in ("where", "match")
        )
        return where, match

    def _members(
        self, data: Value, known: Collection[str], required: Collection[str], place: Place
    ) -> Mapping[str, Value] | None:
        """`data` if it is a mapping with the required keys."""
        if not isinstance(data, dict):
            message = f"expected a mapping with {', '.join(known)}, not {format_value(data)}"
            self.mistakes.add(place, message)
            return None
        self.mistakes.check_keys(data, known, place)
        missing = [key for key in required if key not in data]
        for key in missing:
            self.mistakes.add(place, f"missing key {key!r}")
        return None if missing else data

    def types(self, data: Value, place: Place) -> tuple[str, ...]:
        """The resource types, or globs, that a text or a list of them names; known ones only."""
        texts = data if isinstance(data, list) else [data]
        types = tuple(text for text in texts if isinstance(text, str) and text)
        if not types or len(types) < len(texts):
            message = f"expected a resource type or a list of them, not {format_value(data)}"
            self.mistakes.add(place, message)
        if self.context.known_types is None:
            return types
        known = self.context.known_types()
        unknown = [type_ for type_ in types if not _is_among(type_, known)]
        for type_ in unknown:
            self.mistakes.add(place, f"unknown resource type {type_!r}{suggest(type_, known)}")
        return tuple(type_ for type_ in types if type_ not in unknown)

    def path(
        self,
        text: Value,
        place: Place,
        scope: Scope,
        *,
        is_list: bool = False,
        of_key: bool = False,
    ) -> Path | None:
        """The steps of a path, or ``None`` if something is wrong with it."""
        try:
            if not isinstance(text, str):
                raise ValueError(f"expected a path, not {format_value(text)}")
            path = parse_path(text)
            if scope.kind == "resource" and not (path and isinstance(path[0], str)):
                raise ValueError(f"{text!r} starts from an element, but here is a resource")
        except ValueError as error:
            self.mistakes.add(place, str(error), of_key=of_key)
            return None
        mistake = self._check_path((*scope.prefix, *_names(path)), scope)
        if mistake is not None:
            self.mistakes.add(place, mistake, of_key=of_key)
        if self.context.visit_path is not None and scope.kind in ("resource", "element"):
            start = len(scope.prefix)
            whole = (*scope.prefix, *path)
            self.context.visit_path(PathUse(scope.types, whole, start, is_list, place))
        return path

    def _check_path(self, names: tuple[str, ...], scope: Scope) -> str | None:
        if scope.kind == "document":
            return None
        if scope.kind == "policy":
            return _check_policy_path(names)
        known_path = self.context.known_path
        types = [type_ for type_ in scope.types if not _is_glob(type_)]
        if known_path is None or not types:
            return None
        mistakes = [known_path(type_, names) for type_ in types]
        return None if None in mistakes else mistakes[0]

    def _check_ambiguity(self, key: str, place: Place, scope: Scope) -> None:
        """Notes an operator that could as well be an attribute of the element."""
        if self.context.known_path is None or all(map(_is_glob, scope.types)):
            return
        blank = (*scope.prefix, "no such attribute")
        if self._check_path((*scope.prefix, key), scope) is None and self._check_path(blank, scope):
            message = (
                f"{key!r} is an operator and an attribute here: "
                f'write ".{key}" for the attribute, or {{".": {{{key}: …}}}} for the operator'
            )
            self.mistakes.add(place, message, of_key=True)

    def expectation(self, data: Value, place: Place) -> Expectation:
        """What a mapping of operators, or a bare value, expects."""
        if not isinstance(data, dict):
            if isinstance(data, list) and any(isinstance(item, dict) for item in data):
                self.mistakes.add(place, "expected values or operators, not a list of mappings")
                return _ANYTHING
            return equals(self.value(data, place))
        if not data:
            self.mistakes.add(place, "expected a value or operators, not an empty mapping")
            return _ANYTHING
        expectations = tuple(
            self._operator(name, operand, (*place, name)) for name, operand in data.items()
        )
        return expectations[0] if len(expectations) == 1 else Several(expectations)

    def _operator(self, name: str, operand: Value, place: Place) -> Expectation:
        try:
            if name in OPERATORS:
                return OPERATORS[name](self.value(operand, place))
            if name in TIME_OPERATORS:
                return TIME_OPERATORS[name](self.value(operand, place), self.context.now)
        except ValueError as error:
            self.mistakes.add(place, f"{name}: {error}")
            return _ANYTHING
        if name == "length":
            return Length(self.expectation(operand, place))
        if name == "not":
            return Opposite(self.expectation(operand, place))
        if name == "any":
            return self._any(operand, place)
        if name == "json":
            return Document(self.condition(operand, place, Scope("document")), is_policy=False)
        if name == "policy":
            return Document(self.condition(operand, place, Scope("policy")), is_policy=True)
        hint = suggest(name, OPERATOR_NAMES) or _hint_at_path(place)
        self.mistakes.add(place, f"unknown operator {name!r}{hint}", of_key=True)
        return _ANYTHING

    def _any(self, operand: Value, place: Place) -> Expectation:
        if not isinstance(operand, list) or not operand:
            message = f"any: takes a list of mappings of operators, not {format_value(operand)}"
            self.mistakes.add(place, message)
            return _ANYTHING
        alternatives = (
            self.expectation(item, (*place, index)) for index, item in enumerate(operand)
        )
        return Several(tuple(alternatives), any=True)

    def value(self, data: Value, place: Place) -> Value:
        """`data` with the parameters in place; ``$$`` at the start is a plain dollar."""
        if isinstance(data, list):
            return [self.value(item, (*place, index)) for index, item in enumerate(data)]
        if isinstance(data, dict):
            return {key: self.value(item, (*place, key)) for key, item in data.items()}
        if not isinstance(data, str) or not data.startswith("$"):
            return data
        if data.startswith("$$"):
            return data[1:]
        name = _PARAM.fullmatch(data)
        if name is None:
            return data
        if name[1] not in self.params:
            message = f"unknown parameter {data!r}{suggest(name[1], self.params)}"
            self.mistakes.add(place, message)
            return None
        return self.params[name[1]]


def _is_expectation(value: Value) -> bool:
    """Whether it looks like one: operators, or a list of values."""
    if isinstance(value, dict):
        return any(name in OPERATOR_NAMES for name in value)
    return isinstance(value, list) and not any(isinstance(item, dict) for item in value)


def _hint_at_path(place: Place) -> str:
    """The way to write an attribute of a block, which is taken for an operator."""
    owner, name = place[-2:]
    return f"; for an attribute write '{owner}.{name}'" if isinstance(owner, str) else ""


def _names(path: Path) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def _is_among(type_: str, known: Collection[str]) -> bool:
    return type_ in known or (_is_glob(type_) and any(fnmatchcase(name, type_) for name in known))


def _is_glob(type_: str) -> bool:
    return any(character in type_ for character in "*?[")


def _check_policy_path(names: tuple[str, ...]) -> str | None:
    known: Collection[str] = ("version", "statements")
    where = "a policy"
    for name in names:
        if name not in known:
            return f"{where} has no {name!r}{suggest(name, known)}"
        if name == "statements":
            known, where = policy.FIELDS, "a statement"
        elif name == "conditions":
            known, where = policy.CONDITION_FIELDS, "a condition"
        else:
            known, where = (), repr(name)
    return None
