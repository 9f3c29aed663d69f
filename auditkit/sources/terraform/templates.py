"""Templates: quoted strings and heredocs with their escapes, strip markers and indentation.

HCL applies strip markers and heredoc indentation to its token stream, so that is rebuilt here.
https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.grammar import (
    DIRECTIVE,
    EXPRESSION,
    INTERPOLATION,
    TEMPLATE_ELSE,
    TEMPLATE_FOR,
)
from auditkit.sources.terraform.values import normalize_text

if TYPE_CHECKING:
    from auditkit.sources.terraform.conversion import Converter

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|(\$|%)(?=\2\{)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_TEMPLATE_ESCAPE = re.compile(r"(\$|%)(?=\1\{)")


class _Cell:
    """Literal text of a template while strip markers and indentation may still change it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class TemplateBuilder:
    """Collects the parts of one quoted string or heredoc.

    HCL applies strip markers and heredoc indentation to its token stream, in which every
    line of a heredoc is a token of its own; `_tokens` is that stream, flat over directives.
    https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go
    """

    __slots__ = ("_converter", "_heredoc", "_strip_next", "_tokens")

    def __init__(self, converter: Converter, heredoc: bool) -> None:
        self._converter = converter
        self._heredoc = heredoc
        self._tokens: list[_Cell | None] = []
        self._strip_next = False

    def parts(
        self, nodes: Sequence[Node], start: int, stop: int
    ) -> list[_Cell | syntax.Expression]:
        """The parts between the bytes `start` and `stop`; `nodes` are the grammar's nodes there."""
        result: list[_Cell | syntax.Expression] = []
        position = start
        for node in nodes:
            kind = node.kind_id
            if kind == INTERPOLATION:
                self._text(result, position, node.start_byte)
                self._mark(node)
                result.append(self._interpolated(node))
            elif kind == DIRECTIVE:
                self._text(result, position, node.start_byte)
                result.append(self._directive(node.named_children[0]))
            else:
                continue
            position = node.end_byte
        self._text(result, position, stop)
        return result

    def _interpolated(self, node: Node) -> syntax.Expression:
        """The expression of an interpolation; the grammar takes one without any."""
        for child in node.named_children:
            if child.kind_id == EXPRESSION:
                return self._converter.expression(child)
        offset = self._converter.offset
        return syntax.Invalid(node.start_byte + offset, node.end_byte + offset)

    def flush(self) -> None:
        """Remove the indentation that all lines of an indented heredoc share."""
        least: int | None = None
        adjust: list[_Cell] = []
        newline = True
        for token in self._tokens:
            if newline:
                newline = False
                spaces: int | None = 0
                if token is not None:
                    stripped = token.text.lstrip()
                    if not stripped and token.text.endswith("\n"):
                        spaces = None
                    else:
                        spaces = len(token.text) - len(stripped)
                        adjust.append(token)
                if spaces is not None and (least is None or spaces < least):
                    least = spaces
            if token is not None and token.text.endswith("\n"):
                newline = True
        for cell in adjust:
            cell.text = cell.text[least or 0 :]

    def _text(self, result: list[_Cell | syntax.Expression], start: int, stop: int) -> None:
        if stop <= start:
            return
        text = normalize_text(self._converter.data[start:stop].decode())
        if self._heredoc:
            text = _TEMPLATE_ESCAPE.sub("", text) if "{" in text else text
            lines = text.split("\n")
            pieces = [line + "\n" for line in lines[:-1]]
            if lines[-1]:
                pieces.append(lines[-1])
        else:
            pieces = [unescape(text)]
        for piece in pieces:
            cell = _Cell(piece.lstrip() if self._strip_next else piece)
            self._strip_next = False
            self._tokens.append(cell)
            result.append(cell)

    def _mark(self, node: Node) -> None:
        """Note an interpolation or directive in the token stream, strip markers applied."""
        data = self._converter.data
        if data[node.start_byte + 2] == 0x7E and self._tokens:
            previous = self._tokens[-1]
            if previous is not None:
                previous.text = previous.text.rstrip()
        self._tokens.append(None)
        self._strip_next = data[node.end_byte - 2] == 0x7E

    def _directive(self, node: Node) -> syntax.Expression:
        if node.kind_id == TEMPLATE_FOR:
            return self._template_for(node)
        children = node.children
        intro = children[0]
        self._mark(intro)
        condition = next(c for c in intro.named_children if c.kind_id == EXPRESSION)
        middle = next((c for c in children if c.kind_id == TEMPLATE_ELSE), None)
        closing = children[-1]
        then_stop = middle.start_byte if middle is not None else closing.start_byte
        then_nodes = [c for c in children[1:] if c.start_byte < then_stop]
        start = node.start_byte + self._converter.offset
        end = node.end_byte + self._converter.offset
        test = self._converter.expression(condition)
        then = self.parts(then_nodes, intro.end_byte, then_stop)
        otherwise: list[_Cell | syntax.Expression] | None = None
        if middle is not None:
            self._mark(middle)
            rest = [c for c in children if middle.end_byte <= c.start_byte < closing.start_byte]
            otherwise = self.parts(rest, middle.end_byte, closing.start_byte)
        self._mark(closing)
        return _PendingIf(start, end, test, then, otherwise)

    def _template_for(self, node: Node) -> syntax.Expression:
        children = node.children
        intro, closing = children[0], children[-1]
        self._mark(intro)
        names, collection = self._converter.for_intro(intro)
        body = self.parts(children[1:-1], intro.end_byte, closing.start_byte)
        self._mark(closing)
        start = node.start_byte + self._converter.offset
        end = node.end_byte + self._converter.offset
        return _PendingFor(
            start, end, names[0] if len(names) == 2 else None, names[-1], collection, body
        )


class _PendingIf(syntax.Expression):
    """A conditional directive whose texts may still change."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(
        self,
        start: int,
        end: int,
        condition: syntax.Expression,
        then: list[_Cell | syntax.Expression],
        otherwise: list[_Cell | syntax.Expression] | None,
    ) -> None:
        super().__init__(start, end)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class _PendingFor(syntax.Expression):
    """A loop directive whose texts may still change."""

    __slots__ = ("body", "collection", "key", "value")

    def __init__(
        self,
        start: int,
        end: int,
        key: str | None,
        value: str,
        collection: syntax.Expression,
        body: list[_Cell | syntax.Expression],
    ) -> None:
        super().__init__(start, end)
        self.key = key
        self.value = value
        self.collection = collection
        self.body = body


def finish(parts: list[_Cell | syntax.Expression], start: int, end: int) -> syntax.Expression:
    """The template of these parts; a `syntax.Literal` when all of them are text."""
    template = _finish_template(parts, start, end)
    if not template.parts:
        return syntax.Literal(start, end, "")
    if len(template.parts) == 1 and isinstance(template.parts[0], str):
        return syntax.Literal(start, end, template.parts[0])
    return template


def _finish_template(
    parts: list[_Cell | syntax.Expression], start: int, end: int
) -> syntax.Template:
    result: list[str | syntax.Expression] = []
    for part in parts:
        if isinstance(part, _Cell):
            if result and isinstance(result[-1], str):
                result[-1] += part.text
            else:
                result.append(part.text)
        elif isinstance(part, _PendingIf):
            otherwise = part.otherwise
            result.append(
                syntax.TemplateIf(
                    part.start,
                    part.end,
                    part.condition,
                    _finish_template(part.then, part.start, part.end),
                    None
                    if otherwise is None
                    else _finish_template(otherwise, part.start, part.end),
                )
            )
        elif isinstance(part, _PendingFor):
            result.append(
                syntax.TemplateFor(
                    part.start,
                    part.end,
                    part.key,
                    part.value,
                    part.collection,
                    _finish_template(part.body, part.start, part.end),
                )
            )
        else:
            result.append(part)
    return syntax.Template(start, end, result)


def unescape(text: str) -> str:
    """The text of a quoted string, its escapes resolved."""

    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if escape is None:
            return ""
        if len(escape) > 1:
            code = int(escape[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(replace, text)
