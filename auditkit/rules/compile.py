"""Rule files as plain data become `Rule`; every mistake of a file is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from auditkit.errors import ConfigError, RuleError, suggest
from auditkit.model import (
    CATEGORIES,
    CONFIDENCES,
    Condition,
    Evidence,
    Fix,
    Inventory,
    Resource,
    Rule,
    Severity,
    Source,
    Subject,
    Unknown,
    Value,
    Verdict,
)
from auditkit.rules.checks import CheckFunction, PythonCheck, find_check
from auditkit.rules.grammar import NOTHING, Context, Grammar, Mistakes, Place, Positions, Scope
from auditkit.rules.values import format_value

KEYS: Mapping[str, str] = {
    "id": "A slug that explains itself and is never renumbered.",
    "title": "What holds when the rule passes, as a sentence of at most 80 characters.",
    "severity": "How bad it is when the rule fails.",
    "category": "What the rule is about.",
    "resource": "The resource type that is judged, a list of types, or a glob.",
    "when": "A condition; resources that do not satisfy it are not judged.",
    "require": "The condition that has to hold.",
    "check": "The Python function that judges, instead of `require`: `package.module:function`.",
    "why": "What may happen otherwise, in one or two sentences.",
    "fix": "How to mend it.",
    "links": "Where to read on.",
    "aliases": "Names that other tools have for the rule.",
    "sources": "The only sources that the rule is applied to.",
    "confidence": "How sure a failure is; high unless it says otherwise.",
    "unused": "Whether a failure says that the resource is unused, and its cost wasted.",
    "params": "Knobs that users set in their configuration, by name.",
    "examples": "Terraform texts, or resources, that pass and fail, as tests of the rule.",
}
"""The keys of a rule file, and what they mean."""

REQUIRED_KEYS = ("id", "title", "severity", "category", "resource")
FIX_KEYS = ("advice", "set", "replaces")
PARAM_KEYS = ("default", "description")
EXAMPLE_KEYS = ("pass", "fail", "unknown", "exempt")
INVENTORY_KEYS = ("source", "resources", "removed", "gaps")
RESOURCE_KEYS = ("type", "address", "attributes")

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PARAM_NAME = re.compile(r"[a-z][a-z0-9_]*")
TITLE_LENGTH = 80

SEVERITIES: Mapping[str, Severity] = {severity.label: severity for severity in Severity}
SOURCES: Mapping[str, Source] = {source.value: source for source in Source}


def compile_rule(
    data: Value,
    positions: Positions,
    *,
    context: Context,
    path: str = "",
    overrides: Mapping[str, Value] | None = None,
    find_check: Callable[[str], CheckFunction] = find_check,
    trusted: bool = False,
) -> Rule:
    """The rule that `data`, a rule file as plain mappings, lists and scalars, describes.

    `path` is the file's name for `Rule.path`; `overrides` are the user's values for `params`.
    The conditions of a `trusted` rule, one of our own, which our tests hold right, are compiled
    when a resource first asks for them; of hundreds, most scans need a few.  With `overrides`
    they are compiled at once, since what users set may be no address range, say.

    Raises `RuleError` with a line for every mistake in the file, and `ConfigError` for an
    override of a parameter that the rule lacks or of another type than its default.
    """
    mistakes = Mistakes(positions)
    if not isinstance(data, dict):
        mistakes.add((), f"expected a rule, a mapping, not {format_value(data)}")
        raise RuleError(*mistakes.lines)
    mistakes.check_keys(data, KEYS, ())
    fields = _Fields(data, mistakes)
    params = _override(fields.text("id"), fields.params(), overrides or {})
    grammar = Grammar(context, params, mistakes)
    rule = _read_rule(fields, grammar, path, find_check, trusted=trusted and not overrides)
    if mistakes.lines:
        raise RuleError(*mistakes.lines)
    return rule


class Deferred:
    """A condition that is compiled when it is first asked."""

    __slots__ = ("_compile", "explain", "judge")

    judge: Callable[[Subject], Verdict]
    explain: Callable[[Subject], Iterator[Evidence]]

    def __init__(self, compile: Callable[[], Condition]) -> None:
        self._compile = compile

    @property
    def condition(self) -> Condition:
        """The condition, compiled anew."""
        return self._compile()

    def __getattr__(self, name: str) -> object:
        # Called for a slot that is still empty; from then on the slots answer by themselves.
        condition = self._compile()
        self.judge, self.explain = condition.judge, condition.explain
        return getattr(condition, name)


def _read_rule(
    fields: _Fields,
    grammar: Grammar,
    path: str,
    find_check: Callable[[str], CheckFunction],
    *,
    trusted: bool,
) -> Rule:
    for key in REQUIRED_KEYS:
        if key not in fields.data:
            fields.mistakes.add((), f"missing key {key!r}")
    resources = fields.resources(grammar)
    scope = Scope("resource", resources)
    when = fields.data.get("when")

    def read_when() -> Condition:
        return grammar.condition(when, ("when",), scope)

    def read_requirement() -> Condition:
        return _read_requirement(fields, grammar, scope, find_check)

    return Rule(
        id=fields.id(),
        title=fields.title(),
        severity=SEVERITIES[fields.word("severity", SEVERITIES, "info")],
        category=fields.word("category", CATEGORIES, CATEGORIES[0]),
        resources=resources,
        require=Deferred(read_requirement) if trusted else read_requirement(),
        when=None if when is None else Deferred(read_when) if trusted else read_when(),
        why=fields.text("why"),
        fix=fields.fix(grammar, scope),
        links=fields.texts("links"),
        aliases=fields.texts("aliases"),
        sources=fields.sources(),
        params=grammar.params,
        confidence=fields.word("confidence", CONFIDENCES, CONFIDENCES[0]),
        unused=fields.flag("unused"),
        examples=fields.examples(grammar),
        path=path,
    )


def _read_requirement(
    fields: _Fields, grammar: Grammar, scope: Scope, find_check: Callable[[str], CheckFunction]
) -> Condition:
    given = [key for key in ("require", "check") if key in fields.data]
    if len(given) != 1:
        what = "both 'require' and 'check'" if given else "missing key 'require'"
        fields.mistakes.add((), what)
        return NOTHING
    if given == ["require"]:
        return grammar.condition(fields.data["require"], ("require",), scope)
    try:
        function = find_check(fields.text("check"))
    except ValueError as error:
        fields.mistakes.add(("check",), str(error))
        return NOTHING
    return PythonCheck(function, grammar.params, fields.text("title"))


def _override(
    rule: str, defaults: Mapping[str, Value], overrides: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The parameters with the user's values in place of the defaults."""
    for name, value in overrides.items():
        if name not in defaults:
            raise ConfigError(f"rule {rule} has no parameter {name!r}{suggest(name, defaults)}")
        default = defaults[name]
        if _kind(value) != _kind(default) and not _is_narrower(value, default):
            raise ConfigError(
                f"parameter {name!r} of rule {rule} takes {_kind(default)},"
                f" not {format_value(value)}"
            )
    return {**defaults, **overrides} if overrides else defaults


def _kind(value: Value) -> str:
    """What a parameter's value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        kinds = {_kind(item) for item in value}
        return f"a list, each {kinds.pop()}" if len(kinds) == 1 else "a list"
    return "a mapping" if isinstance(value, dict) else "null"


def _is_narrower(value: Value, default: Value) -> bool:
    """Whether both are lists and one of them does not say of what."""
    return isinstance(value, list) and "a list" in (_kind(value), _kind(default))


@dataclass(frozen=True, slots=True)
class _Fields:
    """The keys of a rule file, each read and checked."""

    data: Mapping[str, Value]
    mistakes: Mistakes

    def text(self, key: str) -> str:
        """A text; empty when the key is absent."""
        value = self.data.get(key, "")
        return self._text(value, (key,)).strip()

    def _text(self, value: Value, place: Place) -> str:
        if isinstance(value, str):
            return value
        self.mistakes.add(place, f"expected a text, not {format_value(value)}")
        return ""

    def id(self) -> str:
        """The rule's id."""
        text = self.text("id")
        if "id" in self.data and ID.fullmatch(text) is None:
            message = f"not an id: {text!r}; write words of a-z and 0-9 with hyphens between"
            self.mistakes.add(("id",), message)
        return text

    def title(self) -> str:
        """The rule's title."""
        text = self.text("title")
        if "title" in self.data and not 0 < len(text) <= TITLE_LENGTH:
            message = f"the title has {len(text)} characters; it takes 1 to {TITLE_LENGTH}"
            self.mistakes.add(("title",), message)
        return text

    def word(self, key: str, known: Mapping[str, object] | tuple[str, ...], default: str) -> str:
        """One of the `known` words."""
        value = self.data.get(key)
        if key not in self.data:
            return default
        if isinstance(value, str) and value in known:
            return value
        hint = suggest(value, known) if isinstance(value, str) else ""
        message = f"unknown {key} {format_value(value)}{hint or '; one of ' + ', '.join(known)}"
        self.mistakes.add((key,), message)
        return default

    def resources(self, grammar: Grammar) -> tuple[str, ...]:
        """The types or globs that the rule is about."""
        return (
            grammar.types(self.data["resource"], ("resource",)) if "resource" in self.data else ()
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.mistakes.add((key,), f"expected a list of texts, not {format_value(value)}")
            return ()
        return tuple(self._text(item, (key, index)) for index, item in enumerate(value))

    def sources(self) -> frozenset[Source]:
        """The sources that the rule is applied to."""
        if "sources" not in self.data:
            return frozenset(Source)
        words = self.texts("sources")
        for index, word in enumerate(words):
            if word not in SOURCES:
                message = f"unknown source {word!r}{suggest(word, SOURCES)}"
                self.mistakes.add(("sources", index), message)
        return frozenset(SOURCES[word] for word in words if word in SOURCES)

    def flag(self, key: str) -> bool:
        """True or false; false when the key is absent."""
        value = self.data.get(key, False)
        if isinstance(value, bool):
            return value
        self.mistakes.add((key,), f"expected true or false, not {format_value(value)}")
        return False

    def mapping(self, key: str) -> Mapping[str, Value]:
        """A mapping; empty when the key is absent."""
        return self._mapping(self.data.get(key, {}), (key,))

    def _mapping(self, value: Value, place: Place) -> Mapping[str, Value]:
        if isinstance(value, dict):
            return value
        self.mistakes.add(place, f"expected a mapping, not {format_value(value)}")
        return {}

    def fix(self, grammar: Grammar, scope: Scope) -> Fix:
        """How to mend a finding."""
        data = self.mapping("fix")
        self.mistakes.check_keys(data, FIX_KEYS, ("fix",))
        replaces = data.get("replaces", False)
        if not isinstance(replaces, bool):
            message = f"expected true or false, not {format_value(replaces)}"
            self.mistakes.add(("fix", "replaces"), message)
        settings = data.get("set", {})
        if not isinstance(settings, dict):
            self.mistakes.add(("fix", "set"), "expected a mapping from path to value")
            settings = {}
        for text in settings:
            grammar.path(text, ("fix", "set", text), scope, of_key=True)
        return Fix(
            advice=self._text(data.get("advice", ""), ("fix", "advice")).strip(),
            set={
                text: grammar.value(value, ("fix", "set", text)) for text, value in settings.items()
            },
            replaces=replaces is True,
        )

    def params(self) -> Mapping[str, Value]:
        """The parameters with their defaults."""
        return dict(self._params())

    def _params(self) -> Iterator[tuple[str, Value]]:
        for name, spec in self.mapping("params").items():
            place = ("params", name)
            if PARAM_NAME.fullmatch(name) is None:
                message = f"not a parameter's name: {name!r}; write a-z, 0-9 and underscores"
                self.mistakes.add(place, message, of_key=True)
            if not isinstance(spec, dict) or spec.get("default") is None:
                self.mistakes.add(place, "expected a mapping with a default and a description")
                continue
            self.mistakes.check_keys(spec, PARAM_KEYS, place)
            self._text(spec.get("description", ""), (*place, "description"))
            yield name, spec["default"]

    def examples(self, grammar: Grammar) -> Mapping[str, tuple[str | Inventory, ...]]:
        """Terraform texts, or inventories, by the verdict that they should get."""
        data = self.mapping("examples")
        self.mistakes.check_keys(data, EXAMPLE_KEYS, ("examples",))
        return {
            key: tuple(
                self._example(item, place, grammar)
                for item, place in _one_or_more(data[key], ("examples", key))
            )
            for key in EXAMPLE_KEYS
            if key in data
        }

    def _example(self, value: Value, place: Place, grammar: Grammar) -> str | Inventory:
        if not isinstance(value, dict):
            return self._text(value, place)
        self.mistakes.check_keys(value, INVENTORY_KEYS, place)
        source = value.get("source")
        if not isinstance(source, str) or source not in SOURCES:
            message = f"expected one of {', '.join(SOURCES)}, not {format_value(source)}"
            self.mistakes.add((*place, "source"), message)
            return ""
        resources, removed = (
            tuple(
                self._resource(item, inner, grammar, SOURCES[source])
                for item, inner in _one_or_more(value.get(key, []), (*place, key))
            )
            for key in ("resources", "removed")
        )
        gaps = {
            type_: Unknown(self._text(cause, (*place, "gaps", type_)))
            for type_, cause in self._mapping(value.get("gaps", {}), (*place, "gaps")).items()
            if grammar.types(type_, (*place, "gaps", type_))
        }
        return Inventory(SOURCES[source], "example", resources, removed=removed, gaps=gaps)

    def _resource(self, value: Value, place: Place, grammar: Grammar, source: Source) -> Resource:
        data = value if isinstance(value, dict) else {}
        self.mistakes.check_keys(data, RESOURCE_KEYS, place)
        attributes = data.get("attributes", {})
        if not isinstance(data.get("type"), str) or not isinstance(attributes, dict):
            self.mistakes.add(place, "expected a type and, if it has any, attributes")
            return Resource("", "", {})
        (type_,) = grammar.types(data["type"], (*place, "type")) or ("",)
        known_path = grammar.context.known_path
        for name in attributes if known_path is not None else ():
            mistake = known_path(type_, (name,)) if known_path is not None else None
            if mistake is not None:
                self.mistakes.add((*place, "attributes", name), mistake, of_key=True)
        address = self._text(data.get("address", f"{type_}.{place[-1]}"), (*place, "address"))
        identity = attributes.get("id")
        return Resource(
            type_,
            address,
            {name: _with_unknowns(value) for name, value in attributes.items()},
            source,
            id=identity if isinstance(identity, str) else None,
        )


def _with_unknowns(value: Value) -> Value:
    """The value of an example, with `Unknown` where it has ``{"?": "why"}``."""
    if isinstance(value, list):
        return [_with_unknowns(item) for item in value]
    if isinstance(value, dict):
        cause = value.get("?")
        if len(value) == 1 and isinstance(cause, str):
            return Unknown(cause)
        return {name: _with_unknowns(item) for name, item in value.items()}
    return value


def _one_or_more(value: Value, place: Place) -> Iterator[tuple[Value, Place]]:
    """The elements of a list, or the one value that stands for a list of it, with their places."""
    if isinstance(value, list):
        yield from ((item, (*place, index)) for index, item in enumerate(value))
    else:
        yield value, place
