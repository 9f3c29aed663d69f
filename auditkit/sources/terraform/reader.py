"""Text in HCL's native syntax becomes a syntax tree, with every byte accounted for.

tree-sitter parses; this module turns its concrete tree into `syntax` nodes and drops it.
What tree-sitter does not do is done here: escapes, heredoc indentation, strip markers, and
the recovery from errors, which must never cost more than the block that holds the error.

Specification: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from auditkit.model import Location, Problem
from auditkit.sources.terraform import syntax

_LANGUAGE = Language(tree_sitter_hcl.language())

_BOM = b"\xef\xbb\xbf"
_MAX_DEPTH = 200
"""Nesting at which an expression is given up.  The conversion takes three Python frames for
each level; nobody writes so deep, and generated configuration comes nowhere near."""

_IGNORE_MARKER = re.compile(
    rb"auditkit:ignore|(?:checkov|bridgecrew|cortex):skip|(?:trivy|tfsec):ignore"
)
# tree-sitter-hcl knows exponents only after a fraction, and in lower case; of ``1e3`` it makes
# ``1`` and ``e3``, which is no error where a call may follow.  An identifier may have both
# digits and hyphens, so that ``x-1e3`` is one.
_EXPONENT = re.compile(rb"[0-9][eE][+-]?[0-9]")
_WORD_OR_EXPONENT = re.compile(
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff-]*)|[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+"
)
# It knows heredoc markers in ASCII only.
_WIDE_MARKER = re.compile(rb"<<-?([\w\x80-\xff-]*[\x80-\xff][\w\x80-\xff-]*)[ \t]*\r?\n")
_NUMBER_TEXT = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?")
_BLOCK_HEADER = re.compile(
    rb"^(?:resource|data|variable|output|locals|module|provider|terraform|moved|import|removed"
    rb"|check|ephemeral)\b[^\n{=]*\{",
    re.MULTILINE,
)
_HEADER_LABEL = re.compile(rb'"([^"\n]*)"|([^\s"{]+)')
_HEREDOC_START = re.compile(rb"<<-?([^\W\d][\w-]*)[ \t]*\r?$")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|(\$|%)(?=\2\{)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_TEMPLATE_ESCAPE = re.compile(r"(\$|%)(?=\1\{)")


def _kind(name: str, named: bool = True) -> int:
    identifier = _LANGUAGE.id_for_node_kind(name, named)
    assert identifier is not None, f"the grammar has no node {name}"
    return identifier


_ATTRIBUTE = _kind("attribute")
_BLOCK = _kind("block")
_BODY = _kind("body")
_COMMENT = _kind("comment")
_IDENTIFIER = _kind("identifier")
_STRING = _kind("string_lit")
_EXPRESSION = _kind("expression")
_LITERAL = _kind("literal_value")
_NUMBER = _kind("numeric_lit")
_BOOL = _kind("bool_lit")
_TEMPLATE = _kind("template_expr")
_QUOTED = _kind("quoted_template")
_HEREDOC = _kind("heredoc_template")
_INTERPOLATION = _kind("template_interpolation")
_DIRECTIVE = _kind("template_directive")
_TEMPLATE_FOR = _kind("template_for")
_TEMPLATE_FOR_START = _kind("template_for_start")
_TEMPLATE_FOR_END = _kind("template_for_end")
_TEMPLATE_IF_INTRO = _kind("template_if_intro")
_TEMPLATE_ELSE = _kind("template_else_intro")
_TEMPLATE_IF_END = _kind("template_if_end")
_VARIABLE = _kind("variable_expr")
_GET_ATTRIBUTE = _kind("get_attr")
_INDEX = _kind("index")
_SPLAT = _kind("splat")
_CALL = _kind("function_call")
_ARGUMENTS = _kind("function_arguments")
_CONDITIONAL = _kind("conditional")
_OPERATION = _kind("operation")
_UNARY = _kind("unary_operation")
_COLLECTION = _kind("collection_value")
_TUPLE = _kind("tuple")
_OBJECT = _kind("object")
_OBJECT_ELEMENT = _kind("object_elem")
_FOR = _kind("for_expr")
_FOR_TUPLE = _kind("for_tuple_expr")
_FOR_INTRO = _kind("for_intro")
_FOR_CONDITION = _kind("for_cond")
_ELLIPSIS = _kind("ellipsis")
_NEW_INDEX = _kind("new_index")
_HEREDOC_NAME = _kind("heredoc_identifier")
_OPEN_PARENTHESIS = _kind("(", False)


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
    tree = _parse(data)
    problems: list[Problem] = []
    if tree.has_error:
        _read_in_pieces(file, problems)
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


def _parse(data: bytes) -> Node:
    # A parser is cheap to make and not safe to share between threads.
    return Parser(_LANGUAGE).parse(_stand_in(data)).root_node


def _stand_in(data: bytes) -> bytes:
    """`data` with as many bytes of what the grammar knows for what it does not know.

    Offsets stay, and texts come from `data` itself.
    """
    if _EXPONENT.search(data):
        data = _WORD_OR_EXPONENT.sub(lambda match: match[1] or b"1" * len(match[0]), data)
    for opening in _WIDE_MARKER.finditer(data):
        marker = opening[1]
        closing = re.compile(rb"^[ \t]*(" + re.escape(marker) + rb")[ \t]*\r?$", re.MULTILINE)
        found = closing.search(data, opening.end())
        if found:
            plain = b"_" * len(marker)
            data = (
                data[: opening.start(1)]
                + plain
                + data[opening.end(1) : found.start(1)]
                + plain
                + data[found.end(1) :]
            )
    return data


def _comments(root: Node) -> Iterator[tuple[int, int]]:
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.kind_id == _COMMENT:
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
    converter = _Converter(file, data)
    for child in root.named_children:
        if child.kind_id == _BODY:
            converter.fill_body(child, body)
        elif child.kind_id == _OBJECT:
            problems.append(
                _problem(file, child.start_byte, child.end_byte, "a JSON object; name it .tf.json")
            )


def _read_in_pieces(file: syntax.SourceFile, problems: list[Problem]) -> None:
    """Read the top-level blocks of a broken file one at a time."""
    starts = list(_block_starts(file.data))
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    starts.append(len(file.data))
    for start, end in zip(starts, starts[1:], strict=False):
        piece = file.data[start:end]
        root = _parse(piece)
        if not root.has_error:
            _Converter(file, piece, start).fill_root(root, file.body)
            continue
        error_start, error_end, message = _first_error(root, piece)
        problems.append(_problem(file, start + error_start, start + error_end, message))
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
    position = 0
    terminator: bytes | None = None
    resume = -1
    for line in data.splitlines(keepends=True):
        if terminator is None:
            if position in wanted:
                yield position
            found = _HEREDOC_START.search(line.rstrip(b"\n"))
            if found:
                # A heredoc that never ends must not swallow the rest of the file.
                closing = re.compile(rb"^[ \t]*" + re.escape(found[1]) + rb"\s*$", re.MULTILINE)
                match = closing.search(data, position + len(line))
                if match:
                    terminator, resume = found[1], match.start()
        elif position >= resume:
            terminator = None
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


def _problem(file: syntax.SourceFile, start: int, end: int, message: str) -> Problem:
    location = location_of(file, start, end)
    lines = file.data.splitlines()
    snippet = lines[location.line - 1] if location.line <= len(lines) else b""
    return Problem("syntax", message, location, snippet.decode("utf-8", "replace"))


class _Cell:
    """Literal text of a template while strip markers and indentation may still change it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Converter:
    """Turns tree-sitter's nodes into ours; one per parsed text."""

    __slots__ = ("_data", "_depth", "_file", "_offset", "_terms")

    def __init__(self, file: syntax.SourceFile, data: bytes, offset: int = 0) -> None:
        self._file = file
        self._data = data
        self._offset = offset
        self._depth = 0
        self._terms: dict[int, Callable[[Node], syntax.Expression]] = {
            _EXPRESSION: self.expression,
            _LITERAL: self._literal,
            _STRING: self._string,
            _TEMPLATE: self._template,
            _VARIABLE: self._variable,
            _CALL: self._call,
            _CONDITIONAL: self._conditional,
            _OPERATION: self._operation,
            _COLLECTION: self._collection,
            _FOR: self._for,
            _NUMBER: self._number,
        }

    def fill_root(self, root: Node, body: syntax.Body) -> None:
        for child in root.named_children:
            if child.kind_id == _BODY:
                self.fill_body(child, body)

    def fill_body(self, node: Node, body: syntax.Body) -> None:
        attributes = body.attributes
        offset = self._offset
        for child in node.named_children:
            kind = child.kind_id
            if kind == _ATTRIBUTE:
                parts = child.named_children
                key = parts[0]
                start = key.start_byte
                name = self._data[start : key.end_byte].decode()
                expression = self.expression(parts[-1])
                attributes[name] = syntax.Attribute(
                    name, expression, start + offset, parts[-1].end_byte + offset
                )
            elif kind == _BLOCK:
                body.blocks.append(self._block(child))

    def _block(self, node: Node) -> syntax.Block:
        labels: list[str] = []
        body = syntax.Body()
        header_end = node.start_byte
        for child in node.named_children:
            kind = child.kind_id
            if kind == _IDENTIFIER:
                labels.append(self._text(child))
                header_end = child.end_byte
            elif kind == _STRING:
                labels.append(_unescape(self._text(child)[1:-1]))
                header_end = child.end_byte
            elif kind == _BODY:
                self._depth += 1
                if self._depth < _MAX_DEPTH:
                    self.fill_body(child, body)
                else:
                    body.broken = True
                self._depth -= 1
        offset = self._offset
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
        return self._data[node.start_byte : node.end_byte].decode()

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
            while children[position].kind_id == _COMMENT:
                position += 1
            first = children[position]
            if first.kind_id == _OPEN_PARENTHESIS:
                position += 1
                while children[position].kind_id == _COMMENT:
                    position += 1
                source = self.expression(children[position])
                while children[position].kind_id != _CLOSE_PARENTHESIS:
                    position += 1
            else:
                convert = self._terms.get(first.kind_id)
                if convert is None:
                    return self._invalid(first)
                source = convert(first)
            rest = [child for child in children[position + 1 :] if child.kind_id != _COMMENT]
            return self._traversals(source, rest)
        finally:
            self._depth -= 1

    def _invalid(self, node: Node) -> syntax.Expression:
        return syntax.Invalid(node.start_byte + self._offset, node.end_byte + self._offset)

    def _traversals(self, source: syntax.Expression, nodes: Sequence[Node]) -> syntax.Expression:
        offset = self._offset
        for position, node in enumerate(nodes):
            kind = node.kind_id
            end = node.end_byte + offset
            if kind == _GET_ATTRIBUTE:
                name = self._text(node.named_children[-1])
                source = syntax.GetAttribute(source.start, end, source, name)
            elif kind == _INDEX:
                source = self._index(source, node)
            elif kind == _SPLAT:
                return self._splat(source, node, nodes[position + 1 :])
            else:
                return self._invalid(node)
        return source

    def _index(self, source: syntax.Expression, node: Node) -> syntax.Expression:
        inner = node.children[0]
        end = node.end_byte + self._offset
        if inner.kind_id == _NEW_INDEX:
            key = next(child for child in inner.named_children if child.kind_id == _EXPRESSION)
            return syntax.Index(source.start, end, source, self.expression(key))
        digits = self._text(inner).lstrip(". \t")
        return syntax.GetAttribute(source.start, end, source, digits)

    def _splat(
        self, source: syntax.Expression, node: Node, following: Sequence[Node]
    ) -> syntax.Expression:
        inner = node.children[0]
        marker, *applied = inner.children
        full = self._text(marker) == "[*]"
        element: syntax.Expression = syntax.SplatElement(
            source.start, marker.end_byte + self._offset
        )
        if full:
            # Everything that follows applies to each element, further splats included.
            each = self._traversals(element, [*applied, *following])
            return syntax.Splat(source.start, each.end, source, each, True)
        # An attribute-only splat ends at an index in brackets; `.0` counts as an attribute.
        count = 0
        while count < len(applied) and (
            applied[count].kind_id == _GET_ATTRIBUTE
            or (
                applied[count].kind_id == _INDEX
                and applied[count].children[0].kind_id != _NEW_INDEX
            )
        ):
            count += 1
        each = self._traversals(element, applied[:count])
        splat = syntax.Splat(source.start, each.end, source, each, False)
        return self._traversals(splat, [*applied[count:], *following])

    def _literal(self, node: Node) -> syntax.Expression:
        child = node.children[0] if node.child_count else node
        kind = child.kind_id
        if kind == _STRING:
            return self._string(child)
        if kind == _NUMBER:
            return self._number(child)
        start, end = node.start_byte + self._offset, node.end_byte + self._offset
        if kind == _BOOL:
            return syntax.Literal(start, end, self._text(child) == "true")
        return syntax.Literal(start, end, None)

    def _number(self, node: Node) -> syntax.Expression:
        text = self._text(node)
        start, end = node.start_byte + self._offset, node.end_byte + self._offset
        value = _number(text)
        return self._invalid(node) if value is None else syntax.Literal(start, end, value)

    def _string(self, node: Node) -> syntax.Expression:
        start, end = node.start_byte, node.end_byte
        text = self._data[start + 1 : end - 1].decode()
        if "\\" in text or "{" in text:
            text = _unescape(text)
        return syntax.Literal(start + self._offset, end + self._offset, text)

    def _variable(self, node: Node) -> syntax.Expression:
        start, end = node.start_byte, node.end_byte
        offset = self._offset
        return syntax.Variable(start + offset, end + offset, self._data[start:end].decode())

    def _call(self, node: Node) -> syntax.Expression:
        name = ""
        arguments: list[syntax.Expression] = []
        expand = False
        for child in node.named_children:
            kind = child.kind_id
            if kind == _IDENTIFIER:
                # The namespace of a provider's function belongs to the name.
                name += "::" + self._text(child) if name else self._text(child)
            elif kind == _ARGUMENTS:
                for argument in child.named_children:
                    if argument.kind_id == _EXPRESSION:
                        arguments.append(self.expression(argument))
                    elif argument.kind_id == _ELLIPSIS:
                        expand = True
        name = name.replace(" ", "")
        offset = self._offset
        return syntax.Call(
            node.start_byte + offset, node.end_byte + offset, name, arguments, expand
        )

    def _conditional(self, node: Node) -> syntax.Expression:
        # The grammar reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`; HCL reads it as
        # `a ? b : (c ? d : e)`.  So the left spine is taken apart and put together anew.
        end = node.end_byte + self._offset
        arms: list[tuple[Node, Node]] = []
        while True:
            condition, then, otherwise = (
                child for child in node.named_children if child.kind_id == _EXPRESSION
            )
            arms.append((then, otherwise))
            children = condition.children
            if len(children) != 1 or children[0].kind_id != _CONDITIONAL:
                break
            node = children[0]
        result = self.expression(arms[0][1])
        for (then, _), (_, test) in zip(arms, arms[1:], strict=False):
            start = test.start_byte + self._offset
            result = syntax.Conditional(
                start, end, self.expression(test), self.expression(then), result
            )
        start = condition.start_byte + self._offset
        return syntax.Conditional(
            start, end, self.expression(condition), self.expression(arms[-1][0]), result
        )

    def _operation(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        end = node.end_byte + self._offset
        if inner.kind_id == _UNARY:
            operator, *operand = inner.children
            start = node.start_byte + self._offset
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
            left = [child for child in children[:position] if child.kind_id != _COMMENT]
            operator_text = self._text(children[position])
            chain.append((operator_text, children[position + 1 :], inner.end_byte + self._offset))
            if len(left) != 1 or left[0].kind_id != _OPERATION:
                break
            inner = left[0].children[0]
            if inner.kind_id == _UNARY:
                break
        result = self._operand(left)
        for operator_text, right, end in reversed(chain):
            result = syntax.Binary(result.start, end, operator_text, result, self._operand(right))
        return result

    def _collection(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        start, end = node.start_byte + self._offset, node.end_byte + self._offset
        if inner.kind_id == _TUPLE:
            return syntax.Tuple(
                start,
                end,
                [
                    self.expression(child)
                    for child in inner.named_children
                    if child.kind_id == _EXPRESSION
                ],
            )
        items: list[tuple[syntax.Expression, syntax.Expression]] = []
        for element in inner.named_children:
            if element.kind_id == _OBJECT_ELEMENT:
                key, value = (
                    child for child in element.named_children if child.kind_id == _EXPRESSION
                )
                items.append((self._object_key(key), self.expression(value)))
        return syntax.Object(start, end, items)

    def _object_key(self, node: Node) -> syntax.Expression:
        key = self.expression(node)
        # A bare identifier is a name, not a reference; in parentheses it is a reference.
        if self._data[node.start_byte] == 0x28:
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
            if kind == _FOR_INTRO:
                names, collection = self._for_intro(child)
            elif kind == _EXPRESSION:
                results.append(self.expression(child))
            elif kind == _FOR_CONDITION:
                condition = next(
                    self.expression(part)
                    for part in child.named_children
                    if part.kind_id == _EXPRESSION
                )
            elif kind == _ELLIPSIS:
                group = True
        assert collection is not None
        offset = self._offset
        return syntax.For(
            node.start_byte + offset,
            node.end_byte + offset,
            names[0] if len(names) == 2 else None,
            names[-1],
            collection,
            None if inner.kind_id == _FOR_TUPLE else results[0],
            results[-1],
            condition,
            group,
        )

    def _for_intro(self, node: Node) -> tuple[list[str], syntax.Expression]:
        names = []
        collection: syntax.Expression | None = None
        for child in node.named_children:
            if child.kind_id == _IDENTIFIER:
                names.append(self._text(child))
            elif child.kind_id == _EXPRESSION:
                collection = self.expression(child)
        assert collection is not None
        return names, collection

    def _template(self, node: Node) -> syntax.Expression:
        inner = node.children[0]
        start, end = node.start_byte + self._offset, node.end_byte + self._offset
        heredoc = inner.kind_id == _HEREDOC
        children = inner.children
        flush = False
        if heredoc:
            flush = self._text(children[0]) == "<<-"
            # The text starts on the line after the opening marker and ends before the line
            # of the closing one; blanks at either end belong to no node of their own.
            begin = self._data.index(b"\n", children[1].end_byte) + 1
            stop = self._data.rfind(b"\n", 0, children[-1].start_byte) + 1
            nodes = children[2:-1]
        else:
            begin, stop = children[0].end_byte, children[-1].start_byte
            nodes = children[1:-1]
        builder = _TemplateBuilder(self, heredoc)
        parts = builder.parts(nodes, begin, stop)
        if flush:
            builder.flush()
        return _finish(parts, start, end)


class _TemplateBuilder:
    """Collects the parts of one quoted string or heredoc.

    HCL applies strip markers and heredoc indentation to its token stream, in which every
    line of a heredoc is a token of its own; `_tokens` is that stream, flat over directives.
    https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go
    """

    __slots__ = ("_converter", "_heredoc", "_strip_next", "_tokens")

    def __init__(self, converter: _Converter, heredoc: bool) -> None:
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
            if kind == _INTERPOLATION:
                self._text(result, position, node.start_byte)
                self._mark(node)
                expression = next(
                    child for child in node.named_children if child.kind_id == _EXPRESSION
                )
                result.append(self._converter.expression(expression))
            elif kind == _DIRECTIVE:
                self._text(result, position, node.start_byte)
                result.append(self._directive(node.named_children[0]))
            else:
                continue
            position = node.end_byte
        self._text(result, position, stop)
        return result

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
        text = self._converter._data[start:stop].decode()
        if self._heredoc:
            text = _TEMPLATE_ESCAPE.sub("", text) if "{" in text else text
            lines = text.split("\n")
            pieces = [line + "\n" for line in lines[:-1]]
            if lines[-1]:
                pieces.append(lines[-1])
        else:
            pieces = [_unescape(text)]
        for piece in pieces:
            cell = _Cell(piece.lstrip() if self._strip_next else piece)
            self._strip_next = False
            self._tokens.append(cell)
            result.append(cell)

    def _mark(self, node: Node) -> None:
        """Note an interpolation or directive in the token stream, strip markers applied."""
        data = self._converter._data
        if data[node.start_byte + 2] == 0x7E and self._tokens:
            previous = self._tokens[-1]
            if previous is not None:
                previous.text = previous.text.rstrip()
        self._tokens.append(None)
        self._strip_next = data[node.end_byte - 2] == 0x7E

    def _directive(self, node: Node) -> syntax.Expression:
        if node.kind_id == _TEMPLATE_FOR:
            return self._template_for(node)
        children = node.children
        intro = children[0]
        self._mark(intro)
        condition = next(c for c in intro.named_children if c.kind_id == _EXPRESSION)
        middle = next((c for c in children if c.kind_id == _TEMPLATE_ELSE), None)
        closing = children[-1]
        then_stop = middle.start_byte if middle is not None else closing.start_byte
        then_nodes = [c for c in children[1:] if c.start_byte < then_stop]
        start = node.start_byte + self._converter._offset
        end = node.end_byte + self._converter._offset
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
        names, collection = self._converter._for_intro(intro)
        body = self.parts(children[1:-1], intro.end_byte, closing.start_byte)
        self._mark(closing)
        start = node.start_byte + self._converter._offset
        end = node.end_byte + self._converter._offset
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


def _finish(parts: list[_Cell | syntax.Expression], start: int, end: int) -> syntax.Expression:
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


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if escape is None:
            return ""
        if len(escape) > 1:
            code = int(escape[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(replace, text)


def _number(text: str) -> int | Decimal | None:
    """The value of a number literal; ``None`` for what is none or is insanely large."""
    if text.isdecimal() and len(text) < 16:
        return int(text)
    match = _NUMBER_TEXT.fullmatch(text)
    # An exponent of millions would fill the memory when it is written out.
    if match is None or len(text) > 4000 or abs(int(match[1] or 0)) > 5000:
        return None
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value


_CLOSE_PARENTHESIS = _kind(")", False)
_CLOSING = {
    "}": "}",
    "]": "]",
    ")": ")",
    "quoted_template_end": '"',
    "template_interpolation_end": "}",
    "template_directive_end": "}",
}
_BINARY_OPERATORS = frozenset(
    ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
)
