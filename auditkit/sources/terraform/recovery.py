"""Broken files: every top-level block is read for itself, and costs only itself.

Kept apart from the reader because most trees have no broken file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from auditkit.model import Problem
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.conversion import Converter
from auditkit.sources.terraform.grammar import find_lines, next_after, parse
from auditkit.sources.terraform.reader import location_of, syntax_problem

MAX_PROBLEMS = 100
"""Broken blocks of one file after which it is given up: it is something else than Terraform."""

_BLOCK_HEADER = re.compile(
    rb"^(?:resource|data|variable|output|locals|module|provider|terraform|moved|import|removed"
    rb"|check|ephemeral)\b[^\n{=]*\{",
    re.MULTILINE,
)
_HEADER_LABEL = re.compile(rb'"([^"\n]*)"|([^\s"{]+)')
_HEREDOC_START = re.compile(rb"<<-?([^\W\d][\w-]*)[ \t]*\r?$")
_CLOSING = {
    "}": "}",
    "]": "]",
    ")": ")",
    "quoted_template_end": '"',
    "template_interpolation_end": "}",
    "template_directive_end": "}",
}


def read_in_pieces(file: syntax.SourceFile, problems: list[Problem]) -> None:
    """Read the top-level blocks of a broken file one at a time."""
    starts = list(_block_starts(file.data))
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    starts.append(len(file.data))
    for start, end in zip(starts, starts[1:], strict=False):
        if len(problems) >= MAX_PROBLEMS:
            message = f"more than {MAX_PROBLEMS} blocks are broken; the rest was not read"
            problems.append(Problem("limit", message, location_of(file, start, start)))
            break
        piece = file.data[start:end]
        root = parse(piece)
        if not root.has_error:
            Converter(file, piece, start).fill_root(root, file.body)
            continue
        error_start, error_end, message = _first_error(root, piece)
        problems.append(syntax_problem(file, start + error_start, start + error_end, message))
        header = _BLOCK_HEADER.match(piece)
        if header is None:
            continue
        words = [
            (quoted or bare).decode("utf-8")
            for quoted, bare in _HEADER_LABEL.findall(header.group()[:-1])
        ]
        header_end = start + len(header.group()[:-1].rstrip())
        stop = start + len(piece.rstrip())
        file.body.blocks.append(
            syntax.Block(
                words[0], words[1:], syntax.Body(broken=True), start, header_end, stop, file
            )
        )


def _block_starts(data: bytes) -> Iterator[int]:
    """Where a line begins a top-level block, outside heredocs."""
    candidates = [match.start() for match in _BLOCK_HEADER.finditer(data)]
    if b"<<" not in data:
        yield from candidates
        return
    wanted = set(candidates)
    lines = data.splitlines(keepends=True)
    openings = [_HEREDOC_START.search(line.rstrip(b"\n")) for line in lines]
    ends = find_lines(data, {opening[1] for opening in openings if opening is not None})
    position = 0
    resume = -1
    for line, opening in zip(lines, openings, strict=True):
        if position > resume:
            if position in wanted:
                yield position
            if opening is not None:
                # A heredoc that never ends must not swallow the rest of the file.
                end = next_after(ends.get(opening[1], ()), position + len(line))
                resume = -1 if end is None else end
        position += len(line)


def _first_error(root: Node, data: bytes) -> tuple[int, int, str]:
    """Range and description of what the parser stumbled over first."""
    node = root
    while True:
        inner = next(
            (child for child in node.children if child.has_error or child.is_missing), None
        )
        if inner is None:
            break
        node = inner
        if node.is_missing:
            break
    start = node.start_byte
    if node.is_missing and node.type in _CLOSING:
        # The place is where the text before it ends, not where the next thing begins.
        start = max(len(data[:start].rstrip()) - 1, 0)
        return start, start + 1, f"missing {_CLOSING[node.type]!r} after this"
    # Of an error that spans lines, the line where it starts is what the reader needs.
    newline = data.find(b"\n", start)
    line_end = newline if newline >= 0 else len(data)
    end = line_end if node.is_missing else max(start, min(node.end_byte, line_end))
    text = data[start:end].decode("utf-8", "replace").strip()
    message = f"unexpected {text[:60]!r}" if text else "the line ends unexpectedly"
    return start, max(end, start + 1), message
