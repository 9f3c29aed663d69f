"""From tree-sitter's concrete tree to ours, node by node."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tree_sitter import Node

from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.arithmetic import parse_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.grammar import (
    ARGUMENTS,
    ATTRIBUTE,
    BLOCK,
    BODY,
    BOOL,
    CALL,
    CLOSE_PARENTHESIS,
    COLLECTION,
    COMMENT,
    CONDITIONAL,
    ELLIPSIS,
    EXPRESSION,
    FOR,
    FOR_CONDITION,
    FOR_INTRO,
    FOR_TUPLE,
    GET_ATTRIBUTE,
    HEREDOC,
    IDENTIFIER,
    INDEX,
    LITERAL,
    NEW_INDEX,
    NUMBER,
    OBJECT_ELEMENT,
    OPEN_PARENTHESIS,
    OPERATION,
    SPLAT,
    STRING,
    TEMPLATE,
    TUPLE,
    UNARY,
    VARIABLE,
)
from auditkit.sources.terraform.templates import TemplateBuilder, finish, unescape
from auditkit.sources.terraform.values import normalize_text

_MAX_DEPTH = 200
"""Nesting at which an expression is given up.  The conversion takes three Python frames for
each level; nobody writes so deep, and generated configuration comes nowhere near."""

_BINARY_OPERATORS = frozenset(
    ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
)


class Converter:
    """Turns tree-sitter's nodes into ours; one per parsed text."""

    __slots__ = ("_depth", "_file", "_terms", "data", "offset")

    def __init__(self, file: syntax.SourceFile, data: bytes, offset: int = 0) -> None:
        self._file = file
        self.data = data
        self.offset = offset
        self._depth = 0
        self._terms: dict[int, Callable[[Node], syntax.Expression]] = {
            EXPRESSION: self.expression,
            LITERAL: self._literal,
            STRING: self._string,
            TEMPLATE: self._template,
            VARIABLE: self._variable,
            CALL: self._call,
            CONDITIONAL: self._conditional,
            OPERATION: self._operation,
            COLLECTION: self._collection,
            FOR: self._for,
            NUMBER: self._number,
        }

    def fill_root(self, root: Node, body: syntax.Body) -> None:
        """Add what stands at the top of a file to `body`."""
        for child in root.named_children:
            if child.kind_id == BODY:
                self.fill_body(child, body)

    def fill_body(self, node: Node, body: syntax.Body) -> None:
        """Add the attributes and blocks of a ``body`` node to `body`."""
        attributes = body.attributes
        offset = self.offset
        for child in node.named_children:
            kind = child.kind_id
            if kind == ATTRIBUTE:
                parts = child.named_children
                key = parts[0]
                start = key.start_byte
                name = self.data[start : key.end_byte].decode()
                expression = self.expression(parts[-1])
                attributes[name] = syntax.Attribute(
                    name, expression, start + offset, parts[-1].end_byte + offset
                )
            elif kind == BLOCK:
                body.blocks.append(self._block(child))

    def _block(self, node: Node) -> syntax.Block:
        labels: list[str] = []
        body = syntax.Body()
        header_end = node.start_byte
        for child in node.named_children:
            kind = child.kind_id
            if kind == IDENTIFIER:
                labels.append(self._text(child))
                header_end = child.end_byte
            elif kind == STRING:
                labels.append(unescape(self._text(child)[1:-1]))
                header_end = child.end_byte
            elif kind == BODY:
                self._depth += 1
                if self._depth < _MAX_DEPTH:
                    self.fill_body(child, body)
                else:
                    body.broken = True
                self._depth -= 1
        offset = self.offset
        return syntax.Block(
            labels[0],
            labels[1:],
            body,
            node.start_byte + offset,
            header_end + offset,
            node.end_byte + offset,
            self._file,
        )

    def _text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode()

    def expression(self, node: Node) -> syntax.Expression:
        """An ``expression`` node: a term, followed by what is applied to it."""
        children = node.children
        first = children[0]
        if len(children) == 1:
            convert = self._terms.get(first.kind_id)
            if convert is not None and self._depth < _MAX_DEPTH:
                self._depth += 1
                try:
                    return convert(first)
                finally:
                    self._depth -= 1
        return self._operand(children)

    def _operand(self, children: Sequence[Node]) -> syntax.Expression:
        """A term with traversals, given as siblings; parentheses and comments among them."""
        first = children[0]
        if self._depth >= _MAX_DEPTH:
            return syntax.Invalid(first.start_byte, children[-1].end_byte)
        self._depth += 1
        try:
            position = 0
            while children[position].kind_id == COMMENT:
                position += 1
            first = children[position]
            if first.kind_id == OPEN_PARENTHESIS:
                position += 1
                while children[position].kind_id == COMMENT:
                    position += 1
                source = self.expression(children[position])
                while children[position].kind_id != CLOSE_PARENTHESIS:
                    position += 1
            else:
                convert = self._terms.get(first.kind_id)
                if convert is None:
                    return self._invalid(first)
                source = convert(first)
            rest = [child for child in children[position + 1 :] if child.kind_id != COMMENT]
            return self._traversals(source, rest)
        finally:
            self._depth -= 1

    def _invalid(self, node: Node) -> syntax.Expression:
        return syntax.Invalid(node.start_byte + self.offset, node.end_byte + self.offset)

    def _traversals(self, source: syntax.Expression, nodes: Sequence[Node]) -> syntax.Expression:
        offset = self.offset
        for position, node in enumerate(nodes):
            kind = node.kind_id
            end = node.end_byte + offset
            if kind == GET_ATTRIBUTE:
                name = self._text(node.named_children[-1])
                source = syntax.GetAttribute(source.start, end, source, name)
            elif kind == INDEX:
                source = self._index(source, node)
            elif kind == SPLAT:
                return self._splat(source, node, nodes[position + 1 :])
            else:
                return self._invalid(node)
        return source

    def _index(self, source: syntax.Expression, node: Node) -> syntax.Expression:
        inner = node.children[0]
        end = node.end_byte + self.offset
        if inner.kind_id == NEW_INDEX:
            key = next(child for child in inner.named_children if child.kind_id == EXPRESSION)
            return syntax.Index(source.start, end, source, self.expression(key))
        digits = self._text(inner).lstrip(". \t")
        return syntax.GetAttribute(source.start, end, source, digits)

    def _splat(
        self, source: syntax.Expression, node: Node, following: Sequence[Node]
    ) -> syntax.Expression:
        if self._depth >= _MAX_DEPTH:
            return self._invalid(node)
        self._depth += 1
        try:
            return self._applied(source, node, following)
        finally:
            self._depth -= 1

    def _applied(
        self, source: syntax.Expression, node: Node, following: Sequence[Node]
    ) -> syntax.Expression:
        inner = node.children[0]
        marker, *applied = inner.children
        full = self._text(marker) == "[*]"
        element: syntax.Expression = syntax.SplatElement(
            source.start, marker.end_byte + self.offset
        )
        if full:
            # Everything that follows applies to each element, further splats included.
            each = self._traversals(element, [*applied, *following])
            return syntax.Splat(source.start, each.end, source, each, True)
        # An attribute-only splat ends at an index in brackets; `.0` counts as an attribute.
        count = 0
        while count < len(applied) and (
            applied[count].kind_id == GET_ATTRIBUTE
            or (applied[count].kind_id == INDEX and applied[count].children[0].kind_id != NEW_INDEX)
        ):
            count += 1
        each = self._traversals(element, applied[:count])
        splat = syntax.Splat(source.start, each.end, source, each, False)
        return self._traversals(splat, [*applied[count:], *following])

    def _literal(self, node: Node) -> syntax.Expression:
        child = node.children[0] if node.child_count else node
        kind = child.kind_id
        if kind == STRING:
            return self._string(child)
        if kind == NUMBER:
            return self._number(child)
        start, end = node.start_byte + self.offset, node.end_byte + self.offset
        if kind == BOOL:
            return syntax.Literal(start, end, self._text(child) == "true")
        return syntax.Literal(start, end, None)

    def _number(self, node: Node) -> syntax.Expression:
        text = self._text(node)
        start, end = node.start_byte + self.offset, node.end_byte + self.offset
        try:
            return syntax.Literal(start, end, parse_number(text))
        except EvaluationError:
            return self._invalid(node)

    def _string(self, node: Node) -> syntax.Expression:
        start, end = node.start_byte, node.end_byte
        text = self.data[start + 1 : end - 1].decode()
        if "\\" in text or "{" in text:
            text = unescape(text)
        if not text.isascii():
            text = normalize_text(text)
        return syntax.Literal(start + self.offset, end + self.offset, text)

    def _variable(self, node: Node) -> syntax.Expression:
        start, end = node.start_byte, node.end_byte
        offset = self.offset
        return syntax.Variable(start + offset, end + offset, self.data[start:end].decode())

    def _call(self, node: Node) -> syntax.Expression:
        name = ""
        arguments: list[syntax.Expression] = []
        expand = False
        for child in node.named_children:
            kind = child.kind_id
            if kind == IDENTIFIER:
                # The namespace of a provider's function belongs to the name.
                name += "::" + self._text(child) if name else self._text(child)
            elif kind == ARGUMENTS:
                for argument in child.named_children:
                    if argument.kind_id == EXPRESSION:
                        arguments.append(self.expression(argument))
                    elif argument.kind_id == ELLIPSIS:
                        expand = True
        name = name.replace(" ", "")
        offset = self.offset
        return syntax.Call(
            node.start_byte + offset, node.end_byte + offset, name, arguments, expand
        )

    def _conditional(self, node: Node) -> syntax.Expression:
        # The grammar reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`; HCL reads it as
        # `a ? b : (c ? d : e)`.  So the left spine is taken apart and put together anew.
        end = node.end_byte + self.offset
        arms: list[tuple[Node, Node]] = []
        while True:
            condition, then, otherwise = (
                child for child in node.named_children if child.kind_id == EXPRESSION
            )
            arms.append((then, otherwise))
            children = condition.children
            if len(children) != 1 or children[0].kind_id != CONDITIONAL:
                break
            node = children[0]
        result = self.expression(arms[0][1])
        for (then, _), (_, test) in zip(arms, arms[1:], strict=False):
            start = test.start_byte + self.offset
            result = syntax.Conditional(
                start, end, self.expression(test), self.expression(then), result
            )
        start = condition.start_byte + self.offset
        return syntax.Conditional(
            start, end, self.expression(condition), self.expression(arms[-1][0]), result
        )

    def _operation(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        end = node.end_byte + self.offset
        if inner.kind_id == UNARY:
            operator, *operand = inner.children
            start = node.start_byte + self.offset
            return syntax.Unary(start, end, self._text(operator), self._operand(operand))
        # A long chain nests to the left; it is walked, so that its length costs no depth.
        chain: list[tuple[str, Sequence[Node], int]] = []
        while True:
            children = inner.children
            position = next(
                index
                for index, child in enumerate(children)
                if not child.is_named and self._text(child) in _BINARY_OPERATORS
            )
            left = [child for child in children[:position] if child.kind_id != COMMENT]
            operator_text = self._text(children[position])
            chain.append((operator_text, children[position + 1 :], inner.end_byte + self.offset))
            if len(left) != 1 or left[0].kind_id != OPERATION:
                break
            inner = left[0].children[0]
            if inner.kind_id == UNARY:
                break
        result = self._operand(left)
        for operator_text, right, end in reversed(chain):
            result = syntax.Binary(result.start, end, operator_text, result, self._operand(right))
        return result

    def _collection(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        start, end = node.start_byte + self.offset, node.end_byte + self.offset
        if inner.kind_id == TUPLE:
            return syntax.Tuple(
                start,
                end,
                [
                    self.expression(child)
                    for child in inner.named_children
                    if child.kind_id == EXPRESSION
                ],
            )
        items: list[tuple[syntax.Expression, syntax.Expression]] = []
        for element in inner.named_children:
            if element.kind_id == OBJECT_ELEMENT:
                key, value = (
                    child for child in element.named_children if child.kind_id == EXPRESSION
                )
                items.append((self._object_key(key), self.expression(value)))
        return syntax.Object(start, end, items)

    def _object_key(self, node: Node) -> syntax.Expression:
        key = self.expression(node)
        # A bare identifier is a name, not a reference; in parentheses it is a reference.
        if self.data[node.start_byte] == 0x28:
            return key
        if isinstance(key, syntax.Variable):
            return syntax.Literal(key.start, key.end, key.name)
        # So are the keywords, which the grammar reads as values.
        if isinstance(key, syntax.Literal) and (key.value is None or isinstance(key.value, bool)):
            return syntax.Literal(key.start, key.end, self._text(node))
        return key

    def _for(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        names: list[str] = []
        collection: syntax.Expression | None = None
        results: list[syntax.Expression] = []
        condition: syntax.Expression | None = None
        group = False
        for child in inner.named_children:
            kind = child.kind_id
            if kind == FOR_INTRO:
                names, collection = self.for_intro(child)
            elif kind == EXPRESSION:
                results.append(self.expression(child))
            elif kind == FOR_CONDITION:
                condition = next(
                    self.expression(part)
                    for part in child.named_children
                    if part.kind_id == EXPRESSION
                )
            elif kind == ELLIPSIS:
                group = True
        assert collection is not None
        offset = self.offset
        return syntax.For(
            node.start_byte + offset,
            node.end_byte + offset,
            names[0] if len(names) == 2 else None,
            names[-1],
            collection,
            None if inner.kind_id == FOR_TUPLE else results[0],
            results[-1],
            condition,
            group,
        )

    def for_intro(self, node: Node) -> tuple[list[str], syntax.Expression]:
        """The names and the collection of ``for k, v in c``, in an expression or template."""
        names = []
        collection: syntax.Expression | None = None
        for child in node.named_children:
            if child.kind_id == IDENTIFIER:
                names.append(self._text(child))
            elif child.kind_id == EXPRESSION:
                collection = self.expression(child)
        assert collection is not None
        return names, collection

    def _template(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        start, end = node.start_byte + self.offset, node.end_byte + self.offset
        heredoc = inner.kind_id == HEREDOC
        children = inner.children
        flush = False
        if heredoc:
            flush = self._text(children[0]) == "<<-"
            # The text starts on the line after the opening marker and ends before the line
            # of the closing one; blanks at either end belong to no node of their own.
            begin = self.data.index(b"\n", children[1].end_byte) + 1
            stop = self.data.rfind(b"\n", 0, children[-1].start_byte) + 1
            nodes = children[2:-1]
        else:
            begin, stop = children[0].end_byte, children[-1].start_byte
            nodes = children[1:-1]
        builder = TemplateBuilder(self, heredoc)
        parts = builder.parts(nodes, begin, stop)
        if flush:
            builder.flush()
        return finish(parts, start, end)
