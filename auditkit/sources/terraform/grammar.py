"""The grammar of HCL as tree-sitter knows it, and what stands in for what it does not know."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_hcl.language())

# tree-sitter-hcl knows exponents only after a fraction, and in lower case; of ``1e3`` it makes
# ``1`` and ``e3``, which is no error where a call may follow.  An identifier may have both
# digits and hyphens, so that ``x-1e3`` is one.
_EXPONENT = re.compile(rb"[0-9][eE][+-]?[0-9]")
_WORD_OR_EXPONENT = re.compile(
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff-]*)|[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+"
)
# It knows heredoc markers in ASCII only.
_WIDE_MARKER = re.compile(rb"<<-?([\w\x80-\xff-]*[\x80-\xff][\w\x80-\xff-]*)[ \t]*\r?\n")


def _kind(name: str, named: bool = True) -> int:
    identifier = _LANGUAGE.id_for_node_kind(name, named)
    assert identifier is not None, f"the grammar has no node {name}"
    return identifier


ATTRIBUTE = _kind("attribute")
BLOCK = _kind("block")
BODY = _kind("body")
COMMENT = _kind("comment")
IDENTIFIER = _kind("identifier")
STRING = _kind("string_lit")
EXPRESSION = _kind("expression")
LITERAL = _kind("literal_value")
NUMBER = _kind("numeric_lit")
BOOL = _kind("bool_lit")
TEMPLATE = _kind("template_expr")
QUOTED = _kind("quoted_template")
HEREDOC = _kind("heredoc_template")
INTERPOLATION = _kind("template_interpolation")
DIRECTIVE = _kind("template_directive")
TEMPLATE_FOR = _kind("template_for")
TEMPLATE_FOR_START = _kind("template_for_start")
TEMPLATE_FOR_END = _kind("template_for_end")
TEMPLATE_IF_INTRO = _kind("template_if_intro")
TEMPLATE_ELSE = _kind("template_else_intro")
TEMPLATE_IF_END = _kind("template_if_end")
VARIABLE = _kind("variable_expr")
GET_ATTRIBUTE = _kind("get_attr")
INDEX = _kind("index")
SPLAT = _kind("splat")
CALL = _kind("function_call")
ARGUMENTS = _kind("function_arguments")
CONDITIONAL = _kind("conditional")
OPERATION = _kind("operation")
UNARY = _kind("unary_operation")
COLLECTION = _kind("collection_value")
TUPLE = _kind("tuple")
OBJECT = _kind("object")
OBJECT_ELEMENT = _kind("object_elem")
FOR = _kind("for_expr")
FOR_TUPLE = _kind("for_tuple_expr")
FOR_INTRO = _kind("for_intro")
FOR_CONDITION = _kind("for_cond")
ELLIPSIS = _kind("ellipsis")
NEW_INDEX = _kind("new_index")
HEREDOC_NAME = _kind("heredoc_identifier")
OPEN_PARENTHESIS = _kind("(", False)
CLOSE_PARENTHESIS = _kind(")", False)


def parse(data: bytes) -> Node:
    """The root of the concrete tree; offsets are those of `data`."""
    # A parser is cheap to make and not safe to share between threads.
    return Parser(_LANGUAGE).parse(_stand_in(data)).root_node


def _stand_in(data: bytes) -> bytes:
    """`data` with as many bytes of what the grammar knows for what it does not know.

    Offsets stay, and texts come from `data` itself.
    """
    if _EXPONENT.search(data):
        data = _WORD_OR_EXPONENT.sub(lambda match: match[1] or b"1" * len(match[0]), data)
    openings = list(_WIDE_MARKER.finditer(data))
    if openings:
        data = _name_plainly(data, openings)
    return data


def _name_plainly(data: bytes, openings: list[re.Match[bytes]]) -> bytes:
    """`data` with underscores for the markers of these heredocs and where they end."""
    ends = find_lines(data, {opening[1] for opening in openings})
    result = bytearray(data)
    for opening in openings:
        marker = opening[1]
        end = next_after(ends.get(marker, ()), opening.end())
        if end is not None:
            plain = b"_" * len(marker)
            result[opening.start(1) : opening.end(1)] = plain
            result[end : end + len(marker)] = plain
    return bytes(result)


def find_lines(data: bytes, texts: Collection[bytes]) -> Mapping[bytes, Sequence[int]]:
    """Where each of the texts stands alone in a line, but for blanks around it.

    One pass for all of them: a file may open thousands of heredocs that never end.
    """
    found: dict[bytes, list[int]] = {}
    position = 0
    for line in data.split(b"\n"):
        text = line.strip()
        if text in texts:
            found.setdefault(text, []).append(position + line.index(text))
        position += len(line) + 1
    return found


def next_after(positions: Sequence[int], start: int) -> int | None:
    """The first of the ascending positions from `start` on."""
    number = bisect_left(positions, start)
    return positions[number] if number < len(positions) else None
