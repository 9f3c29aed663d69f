"""The grammar of RE2: what a regular expression of Terraform says.

Grammar: https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Union

from auditkit.sources.terraform.errors import EvaluationError

MAX_PATTERN = 2_000
_MAX_REPEAT = 1000
_MAX_NESTING = 100


class TooComplexError(Exception):
    """The pattern is correct, but this module can't tell what it matches."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a set, written for Python."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place between characters: ``start``, ``line end``, ``boundary`` …."""

    kind: str


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Nodes one after the other."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of several nodes that lets the rest match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A node several times."""

    node: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group."""

    node: Node
    number: int


Node = Union[Characters, Assertion, Concatenation, Choice, Repeat, Group]
Ranges = list[tuple[int, int]]


_LAST = 0x10FFFF
_CLASSES: dict[str, Ranges] = {
    "d": [(48, 57)],
    "s": [(9, 10), (12, 13), (32, 32)],
    "w": [(48, 57), (65, 90), (95, 95), (97, 122)],
}
_POSIX: dict[str, Ranges] = {
    "alnum": [(48, 57), (65, 90), (97, 122)],
    "alpha": [(65, 90), (97, 122)],
    "ascii": [(0, 127)],
    "blank": [(9, 9), (32, 32)],
    "cntrl": [(0, 31), (127, 127)],
    "digit": [(48, 57)],
    "graph": [(33, 126)],
    "lower": [(97, 122)],
    "print": [(32, 126)],
    "punct": [(33, 47), (58, 64), (91, 96), (123, 126)],
    "space": [(9, 13), (32, 32)],
    "upper": [(65, 90)],
    "word": [(48, 57), (65, 90), (95, 95), (97, 122)],
    "xdigit": [(48, 57), (65, 70), (97, 102)],
}
_ESCAPES = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def _complement(ranges: Ranges) -> Ranges:
    result: Ranges = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            result.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _LAST:
        result.append((start, _LAST))
    return result


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    """The characters of every Unicode general category, by its two letters."""
    from unicodedata import category

    categories: dict[str, Ranges] = {}
    start = 0
    for code in range(1, _LAST + 2):
        kind = category(chr(code - 1))
        if code > _LAST or category(chr(code)) != kind:
            categories.setdefault(kind, []).append((start, code - 1))
            start = code
    return categories


def _category(name: str) -> Ranges:
    """The characters of a category such as ``Lu``, or of a group of them such as ``L``."""
    found = (ranges for kind, ranges in _categories().items() if kind.startswith(name))
    return sorted(characters for ranges in found for characters in ranges)


_CATEGORY = re.compile("C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?")


def _invalid(reason: str, what: str) -> EvaluationError:
    return EvaluationError(f"invalid regexp pattern: {reason} in {what}")


def parse_pattern(pattern: str) -> tuple[Node, Sequence[str | None]]:
    """What `pattern` says, and of each of its groups the name, if it has one.

    Raises `EvaluationError` when it is wrong, and `TooComplexError` for a few correct ones.
    """
    if len(pattern) > MAX_PATTERN:
        raise TooComplexError("the pattern is too large to evaluate")
    parser = _Parser(pattern)
    return parser.parse(), tuple(parser.names)


class _Parser:
    """Reads a pattern; one object per pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.flags: frozenset[str] = frozenset()
        self.names: list[str | None] = []
        self.depth = 0

    def parse(self) -> Node:
        """The whole pattern."""
        node = self._choice()
        if self.at < len(self.pattern):
            raise EvaluationError(f"invalid regexp pattern: unexpected ) in {self.pattern}")
        return node

    def _take(self, text: str) -> bool:
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _choice(self) -> Node:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Node:
        nodes: list[Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            start = self.at
            node = self._atom()
            if node is not None:
                nodes.append(self._repeated(node, start))
        return nodes[0] if len(nodes) == 1 else Concatenation(tuple(nodes))

    def _repeated(self, node: Node, start: int) -> Node:
        first = self.at
        bounds = self._bounds()
        if bounds is None:
            return node
        lazy = self._take("?")
        last = self.at
        if self._bounds() is not None:
            raise _invalid("invalid nested repetition operator", self.pattern[first : self.at])
        self.at = last
        least, most = bounds
        return Repeat(node, least, most, greedy=lazy == ("U" in self.flags))

    def _bounds(self) -> tuple[int, int | None] | None:
        """The repetition operator that stands here, if any."""
        for operator, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(operator):
                return bounds
        found = re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self.pattern, self.at)
        if found is None:
            return None
        least, most = int(found[1][:9]), int((found[3] or found[1])[:9])
        if max(least, most) > _MAX_REPEAT or most < least:
            raise _invalid("invalid repeat count", found[0])
        self.at = found.end()
        return least, None if found[2] == "," else most

    def _atom(self) -> Node | None:
        """One thing that can be repeated; nothing for a change of flags."""
        character = self.pattern[self.at]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if self._bounds() is not None:
            raise _invalid("missing argument to repetition operator", character)
        self.at += 1
        if character == "^":
            return Assertion("line start" if "m" in self.flags else "start")
        if character == "$":
            return Assertion("line end" if "m" in self.flags else "end")
        if character == ".":
            return Characters("(?s:.)" if "s" in self.flags else r"[^\n]")
        return self._literal(ord(character))

    def _literal(self, code: int) -> Characters:
        return self._characters([(code, code)])

    def _characters(self, ranges: Ranges, *, negated: bool = False) -> Characters:
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and not negated:
            pattern = re.escape(chr(ranges[0][0]))
        elif ranges:
            inner = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
            pattern = f"[{'^' if negated else ''}{inner}]"
        else:
            pattern = "(?s:.)" if negated else "(?!)"
        return Characters(f"(?i:{pattern})" if "i" in self.flags else pattern)

    def _group(self) -> Node | None:
        start = self.at
        flags = self.flags
        self.at += 1
        number = 0
        if not self._take("?"):
            self.names.append(None)
            number = len(self.names)
        elif self._take("P<") or self._take("<"):
            end = self.pattern.find(">", self.at)
            name = self.pattern[self.at : end] if end >= 0 else ""
            if not re.fullmatch("[A-Za-z0-9_]+", name):
                shown = self.pattern[start : end + 1] if end >= 0 else self.pattern[start:]
                if shown.startswith(("(?<=", "(?<!")):
                    raise _invalid("invalid or unsupported Perl syntax", shown[:4])
                raise _invalid("invalid named capture", shown)
            self.at = end + 1
            self.names.append(name)
            number = len(self.names)
        elif not self._change_flags(start):
            return None
        self.depth += 1
        if self.depth > _MAX_NESTING:
            raise TooComplexError("the pattern is nested too deeply")
        node = self._choice()
        self.depth -= 1
        if not self._take(")"):
            raise EvaluationError(f"invalid regexp pattern: missing closing ) in {self.pattern}")
        self.flags = flags
        return Group(node, number) if number else node

    def _change_flags(self, start: int) -> bool:
        """Read ``i-s:`` or ``i-s)``; whether a group follows."""
        found = re.compile(r"([imsU]*)(?:-([imsU]+))?([:)])").match(self.pattern, self.at)
        if found is None or (found[0] == ")"):
            raise _invalid("invalid or unsupported Perl syntax", self.pattern[start : self.at + 1])
        self.at = found.end()
        self.flags = (self.flags | frozenset(found[1])) - frozenset(found[2] or "")
        return found[3] == ":"

    def _escape(self) -> Node:
        letter = self.pattern[self.at + 1 : self.at + 2]
        kinds = {"A": "start", "z": "end", "b": "boundary", "B": "no boundary"}
        if letter in kinds and letter:
            self.at += 2
            return Assertion(kinds[letter])
        if letter == "Q":
            start = self.at + 2
            end = self.pattern.find("\\E", start)
            end = len(self.pattern) if end < 0 else end
            self.at = min(end + 2, len(self.pattern))
            return Concatenation(tuple(self._literal(ord(c)) for c in self.pattern[start:end]))
        ranges = self._class_escape()
        if ranges is not None:
            return self._characters(ranges)
        return self._literal(self._code())

    def _class_escape(self) -> Ranges | None:
        """The characters of ``\\d``, ``\\PL`` or ``\\p{Lu}``, if one stands here."""
        letter = self.pattern[self.at + 1 : self.at + 2]
        if letter and letter in "dswDSW":
            self.at += 2
            ranges = _CLASSES[letter.lower()]
            return ranges if letter.islower() else _complement(ranges)
        if letter not in ("p", "P"):
            return None
        found = re.compile(r"\\[pP](?:\{(\^?)([^}]*)\}|(.))", re.DOTALL).match(
            self.pattern, self.at
        )
        if found is None:
            raise _invalid("invalid character class range", self.pattern[self.at :])
        name = found[3] or found[2]
        self.at = found.end()
        if name == "Any":
            ranges = [(0, _LAST)]
        elif _CATEGORY.fullmatch(name):
            ranges = _category(name)
        else:
            raise TooComplexError(f"it matches characters of the script {name!r}")
        return _complement(ranges) if (letter == "P") != (found[1] == "^") else ranges

    def _code(self) -> int:
        """The character that an escape stands for."""
        start = self.at
        letter = self.pattern[start + 1 : start + 2]
        if not letter:
            raise EvaluationError("invalid regexp pattern: trailing backslash at end of expression")
        if letter in _ESCAPES:
            self.at += 2
            return _ESCAPES[letter]
        found = re.compile(
            r"\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,8})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2}))"
        ).match(self.pattern, start)
        if found is not None:
            self.at = found.end()
            code = int(found[3], 8) if found[3] else int(found[1] or found[2], 16)
            if code <= _LAST:
                return code
        elif letter.isascii() and not letter.isalnum():
            self.at += 2
            return ord(letter)
        raise _invalid("invalid escape sequence", self.pattern[start : start + 2])

    def _class(self) -> Node:
        start = self.at
        self.at += 1
        negated = self._take("^")
        ranges: Ranges = []
        # RE2's [^a] matches a line break, unlike its dot.
        first = True
        while first or not self._take("]"):
            if self.at >= len(self.pattern):
                raise EvaluationError(
                    f"invalid regexp pattern: missing closing ] in {self.pattern[start:]}"
                )
            first = False
            ranges.extend(self._class_item())
        return self._characters(ranges, negated=negated)

    def _class_item(self) -> Ranges:
        found = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.pattern, self.at)
        if found is not None:
            if found[2] not in _POSIX:
                raise _invalid("invalid character class range", found[0])
            self.at = found.end()
            return _complement(_POSIX[found[2]]) if found[1] else _POSIX[found[2]]
        if self.pattern[self.at] == "\\":
            ranges = self._class_escape()
            if ranges is not None:
                return ranges
        start = self.at
        low = high = self._class_character()
        if self.pattern.startswith("-", self.at) and self.pattern[
            self.at + 1 : self.at + 2
        ] not in (
            "]",
            "",
        ):
            self.at += 1
            high = self._class_character()
            if high < low:
                raise _invalid("invalid character class range", self.pattern[start : self.at])
        return [(low, high)]

    def _class_character(self) -> int:
        if self.pattern[self.at] == "\\":
            return self._code()
        self.at += 1
        return ord(self.pattern[self.at - 1])
