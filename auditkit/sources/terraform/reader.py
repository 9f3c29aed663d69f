"""Text in HCL's native syntax becomes a syntax tree, with every byte accounted for.

tree-sitter parses; this module turns its concrete tree into `syntax` nodes and drops it.
What tree-sitter does not do is done here: escapes, heredoc indentation, strip markers, and
the recovery from errors, which must never cost more than the block that holds the error.

Specification: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tree_sitter import Node

from auditkit.model import Location, Problem
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.conversion import Converter
from auditkit.sources.terraform.grammar import (
    BODY,
    COMMENT,
    OBJECT,
    parse,
)

MAX_SNIPPET = 500
"""Bytes of a source line that a problem quotes."""

_BOM = b"\xef\xbb\xbf"
_IGNORE_MARKER = re.compile(
    rb"auditkit:ignore|(?:checkov|bridgecrew|cortex):skip|(?:trivy|tfsec):ignore"
)


MAX_BYTES = 5_000_000
"""What is read of native syntax: the parser takes 200 bytes for each byte of a heredoc."""

MAX_PARTS = 500_000
"""Brackets, commas and operators in one file; each takes a microsecond and a kilobyte."""

_MARKS = [bytes([mark]) for mark in b",{[(=.+*!<?&|"]


def read_hcl(data: bytes, name: str) -> tuple[syntax.SourceFile, list[Problem]]:
    """The syntax tree of a ``.tf`` or ``.tofu`` file, and a `Problem` for each broken block.

    A broken block costs only itself: it stays in the tree as a block whose body is marked
    ``broken``, when its header can be told, and all other blocks are read.  `name` is the
    file's path relative to the project's root.
    """
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
    file = syntax.SourceFile(name, data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            "unreadable",
            f"line {line} is not UTF-8; Terraform reads UTF-8 only",
            Location(name, line, 1, line, 1),
        )
        return file, [problem]
    excess = _too_long(data, name) or too_many_parts(data, name)
    if excess is not None:
        return file, [excess]
    tree = parse(data)
    problems: list[Problem] = []
    if tree.has_error:
        from auditkit.sources.terraform.recovery import read_in_pieces

        read_in_pieces(file, problems)
    else:
        _convert(tree, file, data, file.body, problems)
    if _IGNORE_MARKER.search(data):
        file.comments.extend(_comments(tree))
    return file, problems


def read_expression(text: str, name: str = "<expression>") -> syntax.Expression:
    """The syntax tree of one expression, as a ``--var`` or a ``.tfvars`` value holds it.

    Returns `syntax.Invalid` when it is no expression.
    """
    data = b"(" + text.encode("utf-8") + b"\n)"
    file, problems = read_hcl(b"x = " + data + b"\n", name)
    attribute = file.body.attributes.get("x")
    if problems or attribute is None or len(file.body.attributes) != 1 or file.body.blocks:
        return syntax.Invalid(0, len(data))
    return attribute.expression


def read_template(text: str, name: str = "<template>") -> syntax.Expression:
    """The syntax tree of a template without quotes: a ``templatefile`` or a JSON string."""
    if "${" not in text and "%{" not in text:
        return syntax.Literal(0, len(text), text)
    marker = "EOT"
    while marker in text:
        marker += "_"
    file, problems = read_hcl(f"x = <<{marker}\n{text}\n{marker}\n".encode(), name)
    attribute = file.body.attributes.get("x")
    if problems or attribute is None or len(file.body.attributes) != 1 or file.body.blocks:
        return syntax.Invalid(0, len(text))
    expression = attribute.expression
    if isinstance(expression, syntax.Literal):
        value = expression.value
        assert isinstance(value, str)
        return syntax.Literal(0, len(text), value[:-1])
    assert isinstance(expression, syntax.Template)
    # The heredoc that carried the template adds a newline at its end.
    last = expression.parts[-1]
    if isinstance(last, str) and last.endswith("\n"):
        if last == "\n":
            expression.parts.pop()
        else:
            expression.parts[-1] = last[:-1]
    return expression


def location_of(file: syntax.SourceFile, start: int, end: int) -> Location:
    """Lines and columns of the bytes from `start` up to `end`."""
    starts = file.line_starts
    if not starts:
        starts.append(0)
        find = file.data.find
        position = find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = find(b"\n", position + 1)
    line = bisect_right(starts, start)
    end_line = bisect_right(starts, max(start, end - 1)) if end > start else line
    return Location(
        file.name,
        line,
        _code_points(file.data, starts[line - 1], start) + 1,
        end_line,
        _code_points(file.data, starts[end_line - 1], end) + 1,
    )


def _code_points(data: bytes, start: int, end: int) -> int:
    return len(data[start:end].decode("utf-8", "replace"))


def _comments(root: Node) -> Iterator[tuple[int, int]]:
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.kind_id == COMMENT:
            yield node.start_byte, node.end_byte
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while True:
            if not cursor.goto_parent():
                return
            if cursor.goto_next_sibling():
                break


def _convert(
    root: Node, file: syntax.SourceFile, data: bytes, body: syntax.Body, problems: list[Problem]
) -> None:
    converter = Converter(file, data)
    for child in root.named_children:
        if child.kind_id == BODY:
            converter.fill_body(child, body)
        elif child.kind_id == OBJECT:
            problems.append(
                syntax_problem(
                    file, child.start_byte, child.end_byte, "a JSON object; name it .tf.json"
                )
            )


def syntax_problem(file: syntax.SourceFile, start: int, end: int, message: str) -> Problem:
    """A syntax error at these bytes, with the line that it stands in."""
    location = location_of(file, start, end)
    line = file.line_starts[location.line - 1]
    newline = file.data.find(b"\n", line)
    # A line of a megabyte helps nobody.
    stop = min(newline if newline >= 0 else len(file.data), line + MAX_SNIPPET)
    snippet = file.data[line:stop].decode("utf-8", "replace").rstrip("\r")
    return Problem("syntax", message, location, snippet)


def _too_long(data: bytes, name: str) -> Problem | None:
    if len(data) <= MAX_BYTES:
        return None
    message = f"larger than {MAX_BYTES // 1_000_000} MB; it was not read"
    return Problem("limit", message, Location(name, 1, 1, 1, 1))


def too_many_parts(data: bytes, name: str) -> Problem | None:
    """The problem with a text that would take too long, or too much memory, to read."""
    if len(data) <= MAX_PARTS or sum(map(data.count, _MARKS)) <= MAX_PARTS:
        return None
    message = f"more than {MAX_PARTS:,} brackets, commas and operators; it was not read"
    return Problem("limit", message, Location(name, 1, 1, 1, 1))
