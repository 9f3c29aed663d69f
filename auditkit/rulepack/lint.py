"""A closer look at rule files than loading them takes: for their authors, not for a scan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Union, cast

from auditkit import schema
from auditkit.companions import companions_of
from auditkit.errors import RuleError
from auditkit.model import Rule, Value
from auditkit.rulepack.document import Document, read_document
from auditkit.rulepack.load import builtin_directory, find_rule_files, read_file, with_schema
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import Context, PathUse, Place

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

JSON = Union[None, bool, int, float, str, list["JSON"], dict[str, "JSON"]]
"""What a rule file holds once it is plain data: no value in it is unknown."""

SCHEMA_NAME = "rule.schema.json"


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is wrong with a rule file, or could be better."""

    place: str
    """``FILE:LINE:COLUMN``, or as much of it as is known."""
    message: str
    is_error: bool = True
    """Whether the rule does not load, or misleads; else it is advice."""

    def __str__(self) -> str:
        kind = "" if self.is_error else "warning: "
        return f"{self.place}: {kind}{self.message}"


def lint_rules(
    directories: Sequence[Path], *, now: datetime | None = None
) -> tuple[Complaint, ...]:
    """What is wrong with the rule files below `directories`, in the order of files.

    Beyond the mistakes that loading finds, files are checked against the JSON Schema that
    editors use, types and attributes against the provider's, and for what makes a rule useful:
    a reason, a fix, examples, links, and names that stand for one rule only.

    Raises `ConfigError` for a directory that cannot be read.
    """
    validator = _load_validator()
    context = with_schema(Context(now or datetime.now(timezone.utc)), schema)
    complaints: list[Complaint] = []
    seen: dict[str, list[Rule]] = {}
    for directory in directories:
        for file in find_rule_files(directory):
            complaints += _lint_file(file, validator, context, seen)
    return tuple(complaints)


def _load_validator() -> Validator:
    # Takes a tenth of a second to import, and only this function needs it.
    from jsonschema import Draft202012Validator

    text = (builtin_directory() / SCHEMA_NAME).read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _lint_file(
    file: str, validator: Validator, context: Context, seen: dict[str, list[Rule]]
) -> Iterator[Complaint]:
    uses: list[PathUse] = []
    try:
        document = read_document(read_file(file), file)
        rule = compile_rule(
            document.data,
            document.position,
            context=replace(context, visit_path=uses.append),
            path=file,
        )
    except RuleError as error:
        yield from (_split_place(mistake) for mistake in error.mistakes)
        return
    yield from _check_schema(document, validator)
    yield from _check_names(rule, document, seen)
    yield from _check_usefulness(rule, document)
    yield from _check_steps(uses, document)


def _split_place(mistake: str) -> Complaint:
    place, _, message = mistake.partition(": ")
    return Complaint(place, message)


def _check_schema(document: Document, validator: Validator) -> Iterator[Complaint]:
    """What editors would say; nothing, as long as the schema and the grammar agree."""
    data = cast("dict[str, JSON]", document.data)
    for error in validator.iter_errors(data):
        place: Place = tuple(error.absolute_path)
        yield Complaint(document.position(place, False), f"rule.schema.json: {error.message}")


def _check_names(
    rule: Rule, document: Document, seen: dict[str, list[Rule]]
) -> Iterator[Complaint]:
    """Names that another rule has, too, and files that are named differently."""
    if rule.id in seen:
        message = f"the rule {rule.id!r} is in {seen[rule.id][0].path} already"
        yield Complaint(document.position(("id",), False), message)
    seen.setdefault(rule.id, []).append(rule)
    for index, alias in enumerate(rule.aliases):
        others = seen.setdefault(alias.lower(), [])
        # Another tool's check may be about several types that are rules of their own here.
        same = [other.id for other in others if _share_types(rule, other)]
        if same:
            message = f"{alias!r} stands for {same[0]} already, on resources of the same type"
            yield Complaint(document.position(("aliases", index), False), message, is_error=False)
        others.append(rule)
    if Path(rule.path).stem != rule.id:
        message = f"the file is better named {rule.id}.yaml"
        yield Complaint(document.position(("id",), False), message, is_error=False)


def _share_types(rule: Rule, other: Rule) -> bool:
    return any(
        fnmatchcase(first, second) or fnmatchcase(second, first)
        for first in rule.resources
        for second in other.resources
    )


def _check_usefulness(rule: Rule, document: Document) -> Iterator[Complaint]:
    """What users miss in a finding of the rule, and tests that the author has not written."""

    def complain(message: str, *place: str | int, is_error: bool = False) -> Complaint:
        return Complaint(document.position(place, False), message, is_error)

    if not rule.why:
        yield complain("no 'why': say what may happen otherwise")
    if not rule.fix.advice:
        yield complain("no 'fix.advice': say what to do", "fix")
    if not rule.links:
        yield complain("no 'links': say where to read on")
    for index, link in enumerate(rule.links):
        if not link.startswith("https://"):
            yield complain(f"not an https link: {link}", "links", index, is_error=True)
    for verdict in ("pass", "fail"):
        if not rule.examples.get(verdict):
            message = f"no example that should {verdict}; 'auditkit rules test' runs them"
            yield complain(message, "examples")
    if rule.title.endswith("."):
        yield complain("a title takes no full stop", "title")
    used = set(_texts(document.data)) if rule.params else set()
    for name in rule.params:
        if (
            f"${name}" not in used
            and isinstance(document.data, dict)
            and "check" not in document.data
        ):
            yield complain(f"the parameter {name!r} is never used", "params", name, is_error=True)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)


def _check_steps(uses: Sequence[PathUse], document: Document) -> Iterator[Complaint]:
    """Steps through blocks that may repeat, which ask something of every one of them.

    Of what stands at `via`, it is enough that some names a resource.
    """
    for use in uses:
        if use.place[-1] == "via":
            continue
        for type_ in use.types:
            step = find_repeated_step(type_, use.path, use.start)
            if step is not None:
                message = (
                    f"there may be several {step!r}, and this asks it of every one;"
                    " say so with 'each' or 'some'"
                )
                yield Complaint(document.position(use.place, True), message, is_error=False)
                break


Inside = Union[schema.Body, schema.AttributeSchema, None]


def find_repeated_step(type: str, path: Sequence[str | int], start: int = 0) -> str | None:
    """The first name in `path`, from `start`, that is a list of several in resources of `type`.

    The last name does not count, and neither does one with an index after it.
    """
    inside = _body_of(type)
    for number, (step, following) in enumerate(zip(path, path[1:], strict=False)):
        if not isinstance(step, str):
            continue
        repeats, inside = _enter(inside, type if number == 0 else "", step)
        if repeats and number >= start and isinstance(following, str):
            return step
    return None


def _body_of(type: str) -> Inside:
    found = schema.schema_of(type)
    return None if found is None else found.body


def _enter(inside: Inside, type: str, step: str) -> tuple[bool, Inside]:
    """Whether what `step` names repeats, and what is in it."""
    for row in companions_of(type).get(step, ()) if type else ():
        inside = None if row.fields else _body_of(row.type)
        repeats, inside = _enter(inside, "", row.take) if row.take else (False, inside)
        return repeats or row.gather, inside
    if isinstance(inside, schema.Body) and step in inside.blocks:
        block = inside.blocks[step]
        return block.repeats, block.body
    members: Mapping[str, schema.AttributeSchema] = {}
    if isinstance(inside, schema.Body):
        members = inside.attributes
    elif inside is not None:
        members = inside.fields
    attribute = members.get(step)
    if attribute is None:
        return False, None
    return attribute.kind in ("list(object)", "set(object)"), attribute
