"""Comments that waive findings, in our own syntax and in those of other scanners.

What a comment belongs to depends on whose syntax it is:

``# auditkit:ignore rule-id,other-id reason="why" until=2027-01-31``
    The block or attribute on the comment's line or, if the comment stands alone, on the first
    line below it that is no comment.  Inside a value of several lines, that attribute.

``# checkov:skip=CKV_AWS_20,CKV_AWS_21:why``
    The outermost block around it.  A comment on the block's first or last line has no effect.
    https://www.checkov.io/2.Concepts/Suppressing%20and%20Skipping%20Policies.html

``# trivy:ignore:AVD-AWS-0057:exp:2027-01-31`` and ``# tfsec:ignore:aws-s3-enable-versioning``
    The block or attribute that begins on the comment's line or, if the comment stands alone,
    on the very next line; several such comments may stand above each other.  A comment that
    holds for some parameters (``[name=value]``) or one workspace (``:ws:``) only is told as a
    problem and waives nothing, because more would be waived than it says.
    https://trivy.dev/latest/docs/scanner/misconfiguration/config/config/
    https://aquasecurity.github.io/tfsec/latest/guides/configuration/ignores/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Union

from auditkit.errors import suggest
from auditkit.model import Ignore, Location, Problem
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.reader import location_of

_COMMENT_SIGNS = "#/*"
_OURS = re.compile(r"auditkit:ignore(?P<rest>.*)")
_RULES = re.compile(r"\s+(?P<rules>[\w*?.:-]+(?:\s*,\s*[\w*?.:-]+)*)(?=\s|$)")
_OPTION = re.compile(
    r"""\s+(?P<name>\w+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]+))"""
)
_CHECKOV = re.compile(
    r"(?:checkov|bridgecrew|cortex):skip= *(?P<rules>[\w-]+(?:,[\w-]+)*)(?::(?P<reason>.*))?"
)
_TRIVY_PREFIX = re.compile(r"(?P<dialect>trivy|tfsec):")
_OPTIONS = ("reason", "until")


@dataclass(frozen=True, slots=True)
class Directive:
    """What a comment asks for."""

    rules: tuple[str, ...]
    reason: str
    until: date | None
    dialect: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A comment that means to waive something but does not say it right."""

    message: str


def parse_ignores(comment: str) -> Iterator[Directive | Mistake]:
    """What a comment of one line asks for: nothing as a rule, several things at times."""
    text = comment.strip().removesuffix("*/").rstrip()
    ours = _OURS.search(text)
    if ours is not None:
        yield _parse_ours(ours["rest"])
    checkov = _CHECKOV.search(text)
    if checkov is not None:
        reason = (checkov["reason"] or "").strip()
        yield Directive(tuple(checkov["rules"].split(",")), reason, None, "checkov")
    if "trivy:" in text or "tfsec:" in text:
        yield from _parse_trivy(text)


def attach(
    comments: list[tuple[int, int]], body: syntax.Body, file: syntax.SourceFile
) -> tuple[list[Ignore], list[Problem]]:
    """The ignores in a file's comments, each with the block or attribute that it belongs to.

    `comments` are byte ranges in `file`, and `body` is what the file holds.  A comment in our
    own syntax that is wrong or belongs to nothing is a `Problem`; so is one of another tool
    that cannot be honoured.
    """
    ignores: list[Ignore] = []
    problems: list[Problem] = []
    layout = _Layout(comments, body, file)
    for line, directive in layout.directives:
        place = line.location
        if isinstance(directive, Mistake):
            problems.append(_problem(directive.message, line))
            continue
        target = layout.target(line, directive.dialect)
        if target is not None:
            ignores.append(
                Ignore(
                    directive.rules,
                    directive.reason,
                    directive.until,
                    place,
                    target,
                    directive.dialect,
                )
            )
        elif directive.dialect == "auditkit":
            message = "the ignore belongs to nothing: write it on or above a block or attribute"
            problems.append(_problem(message, line))
    return ignores, problems


def _problem(message: str, line: _Line) -> Problem:
    return Problem("ignore", message, line.location, line.text.strip(), incomplete=False)


def _parse_ours(rest: str) -> Directive | Mistake:
    rules = _RULES.match(rest)
    if rules is None or _OPTION.match(rest):
        return Mistake('the ignore names no rule: auditkit:ignore RULE reason="why"')
    position = rules.end()
    options: dict[str, str] = {}
    while rest[position:].strip():
        option = _OPTION.match(rest, position)
        if option is None:
            found = rest[position:].strip()
            return Mistake(
                f'cannot read {found!r} in the ignore: expected reason="…" or until=DATE'
            )
        name = option["name"]
        if name not in _OPTIONS:
            return Mistake(f"unknown option {name!r} in the ignore{suggest(name, _OPTIONS)}")
        quoted = option["quoted"]
        options[name] = option["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        position = option.end()
    until = None
    if "until" in options:
        until = _parse_date(options["until"])
        if until is None:
            return Mistake(f"until={options['until']} is no date: write it like 2027-01-31")
    names = tuple(name.strip() for name in rules["rules"].split(","))
    return Directive(names, options.get("reason", "").strip(), until, "auditkit")


def _parse_trivy(text: str) -> Iterator[Directive | Mistake]:
    words = [word.lstrip(_COMMENT_SIGNS) for word in text.split()]
    reason = " ".join(word for word in words if word and not _TRIVY_PREFIX.match(word))
    for word in words:
        prefix = _TRIVY_PREFIX.match(word)
        if prefix is not None:
            parsed = _parse_trivy_word(word[prefix.end() :], reason, prefix["dialect"])
            if parsed is not None:
                yield parsed


def _parse_trivy_word(text: str, reason: str, dialect: str) -> Directive | Mistake | None:
    segments = text.split(":")
    sections = dict(zip(segments[::2], segments[1::2], strict=False))
    rule, bracket, _ = sections.get("ignore", "").partition("[")
    if not rule:
        return None
    if bracket:
        return Mistake(f"the {dialect} ignore of {rule} holds for some values only; it is not used")
    if "ws" in sections:
        return Mistake(
            f"the {dialect} ignore of {rule} holds in one workspace only; it is not used"
        )
    until = None
    if "exp" in sections:
        until = _parse_date(sections["exp"])
        if until is None:
            return Mistake(f"exp:{sections['exp']} is no date: write it like 2027-01-31")
    return Directive((rule,), reason, until, dialect)


def _parse_date(text: str) -> date | None:
    # Python before 3.11 reads this form only, later ones others too.
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


Item = Union[syntax.Attribute, syntax.Block]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a comment."""

    number: int
    text: str
    location: Location
    start: int
    alone: bool
    """Whether nothing but blanks stands before it on its line."""


@dataclass(frozen=True, slots=True)
class _Extent:
    """The lines that a block or attribute stands on."""

    item: Item
    location: Location
    depth: int
    """0 for what stands at the top of the file."""


class _Layout:
    """What stands on which line of a file that has ignores in it."""

    def __init__(
        self, comments: list[tuple[int, int]], body: syntax.Body, file: syntax.SourceFile
    ) -> None:
        lines = [line for start, end in comments for line in _lines(start, end, file)]
        self.directives = [
            (line, directive) for line in lines for directive in parse_ignores(line.text)
        ]
        self._comment_lines = {line.number for line in lines if line.alone}
        self._trivy_lines = {
            line.number
            for line, directive in self.directives
            if line.alone and isinstance(directive, Directive) and directive.dialect in _TRIVY
        }
        self._extents = list(_extents(body, file, 0)) if self.directives else []
        self._starting: dict[int, _Extent] = {}
        for extent in self._extents:
            # Outer blocks come first, so a block on one line is taken whole.
            self._starting.setdefault(extent.location.line, extent)

    def target(self, line: _Line, dialect: str) -> Location | None:
        """What a directive on the line belongs to; ``None`` if to nothing."""
        if dialect == "checkov":
            return self._block_around(line)
        if dialect in _TRIVY:
            found = self._starting.get(self._below(line, self._trivy_lines))
        else:
            found = self._starting.get(self._below(line, self._comment_lines))
            if found is None:
                found = self._around(line)
        return None if found is None else found.location

    def _below(self, line: _Line, comment_lines: set[int]) -> int:
        """The line itself, or the first one below it that is not among `comment_lines`."""
        number = line.number
        if line.alone:
            number += 1
            while number in comment_lines:
                number += 1
        return number

    def _block_around(self, line: _Line) -> Location | None:
        for extent in self._extents:
            place = extent.location
            if extent.depth == 0 and place.line < line.number < place.end_line:
                return place
        return None

    def _around(self, line: _Line) -> _Extent | None:
        """The attribute of several lines that the comment is in, or whatever ends before it."""
        for extent in self._extents:
            place, item = extent.location, extent.item
            if isinstance(item, syntax.Attribute) and item.start < line.start < item.end:
                return extent
            if not line.alone and place.end_line == line.number:
                return extent
        return None


_TRIVY = ("trivy", "tfsec")


def _lines(start: int, end: int, file: syntax.SourceFile) -> Iterator[_Line]:
    """The lines of the comment at these bytes."""
    for raw in file.data[start:end].splitlines(keepends=True):
        text = raw.decode("utf-8", "replace").rstrip()
        place = location_of(file, start, start + len(raw.rstrip()))
        before = file.data[file.data.rfind(b"\n", 0, start) + 1 : start]
        yield _Line(place.line, text, place, start, alone=not before.strip())
        start += len(raw)


def _extents(body: syntax.Body, file: syntax.SourceFile, depth: int) -> Iterator[_Extent]:
    """Every attribute and block below `body`, an outer one before those in it."""
    for attribute in body.attributes.values():
        if attribute.file is None or attribute.file is file:
            yield _Extent(attribute, location_of(file, attribute.start, attribute.end), depth)
    for block in body.blocks:
        yield _Extent(block, location_of(file, block.start, block.end), depth)
        yield from _extents(block.body, file, depth + 1)
