"""Regular expressions as Go's RE2 reads them, matched in bounded time.

A pattern is parsed by RE2's grammar, which Python's differs from in what ``\\d``, ``$``,
``(?i)`` in the middle or ``a*+`` mean.  Python's ``re`` backtracks, and a pattern of a
scanned configuration may be made to keep it busy for years.  So it gets the pattern only
when the number of its possible paths is small; every other pattern runs on a matcher that
enters each state at each position at most once, as RE2's own bit-state matcher does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditkit.sources.terraform.functions.regular_expression_syntax import (
    Assertion,
    Characters,
    Choice,
    Concatenation,
    Group,
    Node,
    Repeat,
    TooComplexError,
    parse_pattern,
)
from auditkit.sources.terraform.metering import METER

__all__ = ["Regex", "Spans", "TooComplexError", "compile_regex"]

Spans = Sequence[tuple[int, int]]
"""Start and end of the whole match and of each group; ``(-1, -1)`` for one not taken part."""

MAX_TEXT = 100_000
MAX_PATHS = 1_000_000
"""How much backtracking Python's matcher may do: about a tenth of a second."""
MAX_STEPS = 300_000
"""How many steps our own matcher may take: about half a second."""
MAX_PROGRAM = 10_000
_PATHS_PER_STEP = 16
_STEPS_PER_INSTRUCTION = 4

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
        METER.steps += _STEPS_PER_INSTRUCTION
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
        METER.steps += len(pattern)
        self._node, self.names = parse_pattern(pattern)
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
        paths = _paths(self._node, len(text)) * (len(text) + 1)
        if paths <= MAX_PATHS:
            METER.steps += paths // _PATHS_PER_STEP
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
            before = len(visited)
            try:
                found = self._program.match(self._text, start, saved, visited, self._budget)
            finally:
                METER.steps += 1 + len(visited) - before
            if found:
                self._budget -= len(visited)
                return tuple(zip(saved[::2], saved[1::2], strict=True))
        return None


@lru_cache(maxsize=512)
def compile_regex(pattern: str) -> Regex:
    """The compiled pattern.

    Raises `EvaluationError` when it is wrong, and `TooComplexError` for a few correct ones.
    """
    return Regex(pattern)
