"""Regular expressions as Go's RE2 reads them, matched in bounded time.

A pattern is parsed by RE2's grammar, which Python's differs from in what ``\\d``, ``$``,
``(?i)`` in the middle or ``a*+`` mean.  Python's ``re`` backtracks, and a pattern of a
scanned configuration may be made to keep it busy for years.  So it gets the pattern only
when the number of its possible paths is small; every other pattern runs on a matcher that
enters each state at each position at most once, as RE2's own bit-state matcher does.

Grammar: https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Union

from auditkit.sources.terraform.errors import EvaluationError

Spans = Sequence[tuple[int, int]]
"""Start and end of the whole match and of each group; ``(-1, -1)`` for one not taken part."""

MAX_PATTERN = 2_000
MAX_TEXT = 100_000
MAX_PATHS = 1_000_000
"""How much backtracking Python's matcher may do: about a tenth of a second."""
MAX_STEPS = 300_000
"""How many steps our own matcher may take: about half a second."""
MAX_PROGRAM = 10_000
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
    """A place between characters: a key of `_ASSERTIONS`."""

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


# What holds at a position, for our matcher and as Python writes it.
_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


def _at_boundary(text: str, at: int) -> bool:
    before = at > 0 and text[at - 1] in _WORD
    return before != (at < len(text) and text[at] in _WORD)


_ASSERTIONS: dict[str, tuple[str, Callable[[str, int], bool]]] = {
    "start": (r"\A", lambda text, at: at == 0),
    "end": (r"\Z", lambda text, at: at == len(text)),
    "line start": ("(?m:^)", lambda text, at: at == 0 or text[at - 1] == "\n"),
    "line end": ("(?m:$)", lambda text, at: at == len(text) or text[at] == "\n"),
    "boundary": (r"(?a:\b)", _at_boundary),
    # Python 3.10 to 3.13 find no \B in an empty text, where RE2 does.
    "no boundary": (r"(?!(?a:\b))", lambda text, at: not _at_boundary(text, at)),
}

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


def _python(node: Node) -> str:
    """The pattern for Python's matcher."""
    match node:
        case Characters(pattern=pattern):
            return pattern
        case Assertion(kind=kind):
            return _ASSERTIONS[kind][0]
        case Concatenation(nodes=nodes):
            return "".join(map(_python, nodes)) or "(?:)"
        case Choice(nodes=nodes):
            return f"(?:{'|'.join(map(_python, nodes))})"
        case Group(node=inner):
            return f"({_python(inner)})"
        case Repeat(node=inner, least=least, most=most, greedy=greedy):
            bounds = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{_python(inner)}){bounds}{'' if greedy else '?'}"


def _may_be_empty(node: Node) -> bool:
    match node:
        case Characters():
            return False
        case Assertion():
            return True
        case Concatenation(nodes=nodes):
            return all(map(_may_be_empty, nodes))
        case Choice(nodes=nodes):
            return any(map(_may_be_empty, nodes))
        case Group(node=inner):
            return _may_be_empty(inner)
        case Repeat(node=inner, least=least):
            return least == 0 or _may_be_empty(inner)


def _paths(node: Node, length: int) -> int:
    """An upper bound for the ways in which a text of this length can be tried."""
    match node:
        case Characters() | Assertion():
            return 1
        case Concatenation(nodes=nodes):
            product = 1
            for inner in nodes:
                product = min(product * _paths(inner, length), MAX_PATHS + 1)
            return product
        case Choice(nodes=nodes):
            return min(sum(_paths(inner, length) for inner in nodes), MAX_PATHS + 1)
        case Group(node=inner):
            return _paths(inner, length)
        case Repeat(node=inner, least=least, most=most):
            times = length + least if most is None else min(most, length + least)
            once = _paths(inner, length)
            if most is None and _may_be_empty(inner):
                # The matchers differ in how they leave such a loop; ours does as Go does.
                return MAX_PATHS + 1
            if once == 1:
                return times - least + 1
            return MAX_PATHS + 1 if times > 20 else min(once**times, MAX_PATHS + 1)


@dataclass(slots=True)
class _Instruction:
    """A step of our matcher: ``take``, ``check``, ``save``, ``split`` or ``accept``."""

    operation: str
    next: int = 0
    other: int = 0
    test: Callable[[str, int], bool] | None = None
    """Of ``take`` and ``check``: whether the text passes at a position."""


class _Program:
    """The instructions of a pattern."""

    def __init__(self, node: Node) -> None:
        self.instructions: list[_Instruction] = [_Instruction("accept")]
        self.start = self._compile(Group(node, 0), 0)

    def _add(self, instruction: _Instruction) -> int:
        if len(self.instructions) >= MAX_PROGRAM:
            raise TooComplexError("the pattern is too large to evaluate")
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def _compile(self, node: Node, then: int) -> int:
        """The instruction that starts `node`, after which `then` comes."""
        match node:
            case Characters(pattern=pattern):
                matches = re.compile(pattern).match
                test = lru_cache(maxsize=256)(lambda character: matches(character) is not None)
                return self._add(_Instruction("take", then, test=lambda text, at: test(text[at])))
            case Assertion(kind=kind):
                return self._add(_Instruction("check", then, test=_ASSERTIONS[kind][1]))
            case Concatenation(nodes=nodes):
                for inner in reversed(nodes):
                    then = self._compile(inner, then)
                return then
            case Choice(nodes=nodes):
                starts = [self._compile(inner, then) for inner in nodes]
                start = starts.pop()
                for branch in reversed(starts):
                    start = self._add(_Instruction("split", branch, start))
                return start
            case Group(node=inner, number=number):
                end = self._add(_Instruction("save", then, 2 * number + 1))
                return self._add(_Instruction("save", self._compile(inner, end), 2 * number))
            case Repeat():
                return self._repeat(node, then)

    def _repeat(self, node: Repeat, then: int) -> int:
        if node.most is None:
            split = self._add(_Instruction("split"))
            body = self._compile(node.node, split)
            self._branch(split, body, then, greedy=node.greedy)
            if _may_be_empty(node.node):
                # Go compiles such an x* as (x+)?, so that an empty x ends the loop.
                optional = self._add(_Instruction("split"))
                self._branch(optional, body, then, greedy=node.greedy)
                split = optional
            then = split
        else:
            end = then
            for _ in range(node.most - node.least):
                split = self._add(_Instruction("split"))
                self._branch(split, self._compile(node.node, then), end, greedy=node.greedy)
                then = split
        for _ in range(node.least):
            then = self._compile(node.node, then)
        return then

    def _branch(self, split: int, body: int, end: int, *, greedy: bool) -> None:
        instruction = self.instructions[split]
        instruction.next, instruction.other = (body, end) if greedy else (end, body)

    def match(
        self, text: str, start: int, saved: list[int], visited: set[int], budget: int
    ) -> bool:
        """Match at one position into `saved`; states in `visited` are known to fail."""
        width = len(text) + 1
        # A job is an instruction and a position, or a place of `saved` to restore.
        jobs: list[tuple[int, int, int]] = [(self.start, start, -1)]
        while jobs:
            pc, at, slot = jobs.pop()
            if slot >= 0:
                saved[slot] = at
                continue
            while pc * width + at not in visited:
                visited.add(pc * width + at)
                if len(visited) > budget:
                    raise TooComplexError("matching takes too long")
                instruction = self.instructions[pc]
                operation = instruction.operation
                pc = instruction.next
                if operation == "split":
                    jobs.append((instruction.other, at, -1))
                elif operation == "save":
                    jobs.append((0, saved[instruction.other], instruction.other))
                    saved[instruction.other] = at
                elif operation == "accept":
                    return True
                else:
                    assert instruction.test is not None
                    taken = operation == "take"
                    if (taken and at >= len(text)) or not instruction.test(text, at):
                        break
                    at += taken
        return False


class Regex:
    """A compiled pattern."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAX_PATTERN:
            raise TooComplexError("the pattern is too large to evaluate")
        parser = _Parser(pattern)
        self._node = parser.parse()
        self.names: Sequence[str | None] = tuple(parser.names)
        """Of each group: its name, if it has one."""
        self._python: re.Pattern[str] | None = None
        self._program: _Program | None = None

    def find_all(self, text: str) -> Iterator[Spans]:
        """The matches from left to right; an empty one never directly follows another."""
        search = self._searcher(text)
        position = 0
        last = -1
        while position <= len(text):
            spans = search(position)
            if spans is None:
                return
            start, end = spans[0]
            if start != end or start != last:
                yield spans
            last = end
            position = max(end, position + 1) if start == end else end

    def _searcher(self, text: str) -> Callable[[int], Spans | None]:
        """A function that finds the first match from a position on."""
        if len(text) > MAX_TEXT:
            raise TooComplexError("the text is too large to evaluate")
        if _paths(self._node, len(text)) * (len(text) + 1) <= MAX_PATHS:
            if self._python is None:
                self._python = re.compile(_python(self._node))
            find = self._python.search
            return lambda position: found.regs if (found := find(text, position)) else None
        if self._program is None:
            self._program = _Program(self._node)
        return _Search(self._program, text, len(self.names) + 1).next


class _Search:
    """One text being searched by our own matcher, with the steps that are left for it."""

    def __init__(self, program: _Program, text: str, groups: int) -> None:
        self._program = program
        self._text = text
        self._groups = groups
        self._budget = MAX_STEPS

    def next(self, position: int) -> Spans | None:
        """The first match from `position` on."""
        visited: set[int] = set()
        for start in range(position, len(self._text) + 1):
            saved = [-1] * (2 * self._groups)
            if self._program.match(self._text, start, saved, visited, self._budget):
                self._budget -= len(visited)
                return tuple(zip(saved[::2], saved[1::2], strict=True))
        return None


@lru_cache(maxsize=512)
def compile_regex(pattern: str) -> Regex:
    """The compiled pattern.

    Raises `EvaluationError` when it is wrong, and `TooComplexError` for a few correct ones.
    """
    return Regex(pattern)
