"""Terraform's JSON syntax becomes the same tree as the native one.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, decoder
from typing import Union

from auditkit.model import Location, Problem
from auditkit.schema import BlockSchema, Body, schema_of
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.arithmetic import parse_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.reader import (
    read_expression,
    read_template,
    syntax_problem,
    too_many_parts,
)
from auditkit.sources.terraform.values import normalize_text

_BOM = b"\xef\xbb\xbf"
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# The standard library's own scanner of strings; typeshed leaves it out.
_scan_string: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_MAX_DEPTH = 200

_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}
"""How many levels of names stand between a top-level key and the block's body."""
_META_BLOCKS = frozenset(
    [
        "lifecycle",
        "provisioner",
        "connection",
        "dynamic",
        "backend",
        "cloud",
        "required_providers",
        "validation",
    ]
)
"""Nested keys that are blocks whatever the resource type; the schema tells of the others."""


def read_json(data: bytes, name: str) -> tuple[syntax.SourceFile, list[Problem]]:
    """The syntax tree of a ``.tf.json`` file, and a `Problem` when it is not valid JSON."""
    file = syntax.SourceFile(name, data)
    try:
        # Terraform takes no BOM in JSON, but editors write it and the meaning is plain.
        if data.startswith(_BOM):
            file.data = data = data[len(_BOM) :]
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        location = Location(name, line, 1, line, 1)
        return file, [Problem("unreadable", f"line {line} is not UTF-8", location)]
    excess = too_many_parts(data, name)
    if excess is not None:
        return file, [excess]
    try:
        root = read_json_value(text)
    except JSONDecodeError as error:
        start = len(text[: error.pos].encode())
        return file, [syntax_problem(file, start, start, f"invalid JSON: {error.msg}")]
    if not isinstance(root, syntax.Object):
        location = Location(name, 1, 1, 1, 1)
        return file, [Problem("syntax", "the top level must be a JSON object", location)]
    for key, value in _members(root):
        labels = _LABELS.get(key.value) if isinstance(key.value, str) else None
        if labels is not None:
            _add_blocks(file, file.body, str(key.value), [], labels, key, value, None)
    return file, []


def read_json_value(text: str, *, templates: bool = True) -> syntax.Expression:
    """The expression of a JSON text; its strings are templates unless `templates` is false.

    Offsets are bytes of the text's UTF-8.  Raises `json.JSONDecodeError`.
    """
    scanner = _Scanner(text, templates=templates)
    value = scanner.value(scanner.skip(0), 0)
    end = scanner.skip(scanner.position)
    if end != len(text):
        raise JSONDecodeError("text after the end of the document", text, end)
    return value


def _members(value: syntax.Expression) -> list[tuple[syntax.Literal, syntax.Expression]]:
    """Keys and values of an object, or of an array of objects, which JSON syntax allows too."""
    if isinstance(value, syntax.Tuple):
        return [member for element in value.elements for member in _members(element)]
    if not isinstance(value, syntax.Object):
        return []
    return [(key, item) for key, item in value.items if isinstance(key, syntax.Literal)]


def _add_blocks(
    file: syntax.SourceFile,
    body: syntax.Body,
    kind: str,
    labels: list[str],
    missing: int,
    key: syntax.Literal,
    value: syntax.Expression,
    schema: _Schema,
) -> None:
    if missing:
        for inner, item in _members(value):
            names = [*labels, str(inner.value)]
            _add_blocks(file, body, kind, names, missing - 1, inner, item, schema)
        return
    if kind == "dynamic":
        schema = _Dynamic(_blocks_of(schema).get(labels[0]))
    elif labels:
        schema = _schema_of(kind, labels[0])
    contents = value.elements if isinstance(value, syntax.Tuple) else [value]
    for content in contents:
        if isinstance(content, syntax.Object):
            inner_body = _body(file, content, schema)
            body.blocks.append(
                syntax.Block(kind, labels, inner_body, key.start, key.end, content.end, file)
            )


def _body(file: syntax.SourceFile, value: syntax.Object, schema: _Schema) -> syntax.Body:
    body = syntax.Body()
    blocks = _blocks_of(schema)
    for key, item in _members(value):
        name = str(key.value)
        if name == "//":
            # The conventional key for comments.
            continue
        if name in _META_BLOCKS and name not in blocks:
            missing = 1 if name in ("dynamic", "backend") else 0
            _add_blocks(file, body, name, [], missing, key, item, schema)
        elif name in blocks and _holds_blocks(item):
            _add_blocks(file, body, name, [], 0, key, item, blocks[name])
        else:
            body.attributes[name] = syntax.Attribute(name, item, key.start, item.end)
    return body


def _holds_blocks(value: syntax.Expression) -> bool:
    contents = value.elements if isinstance(value, syntax.Tuple) else [value]
    return all(isinstance(content, syntax.Object) for content in contents)


@dataclass(frozen=True, slots=True)
class _Dynamic:
    """The body of a dynamic block: its ``content`` is a block, not an argument."""

    content: _Schema


_Schema = Union[Body, BlockSchema, _Dynamic, Mapping[str, "_Schema"], None]


def _blocks_of(schema: _Schema) -> Mapping[str, _Schema]:
    """What is a block in the body that `schema` describes."""
    if schema is None:
        return {}
    if isinstance(schema, _Dynamic):
        return {"content": schema.content}
    return schema if isinstance(schema, Mapping) else schema.blocks


def _schema_of(kind: str, label: str) -> _Schema:
    """The schema of a top-level block's body, as far as it has nested blocks."""
    if kind == "resource":
        found = schema_of(label)
        return found.body if found is not None else None
    if kind == "data" and label == "aws_iam_policy_document":
        return _POLICY_DOCUMENT
    return _PROVIDER if kind == "provider" and label == "aws" else None


_POLICY_DOCUMENT: _Schema = {
    "statement": {"principals": None, "not_principals": None, "condition": None}
}
_PROVIDER: _Schema = {
    "assume_role": None,
    "assume_role_with_web_identity": None,
    "default_tags": None,
    "endpoints": None,
    "ignore_tags": None,
}


class _Scanner:
    """Reads JSON and keeps where everything stands, which the standard library does not."""

    def __init__(self, text: str, *, templates: bool) -> None:
        self._text = text
        self._templates = templates
        self._byte: Callable[[int], int] = _byte_offsets(text)
        self.position = 0

    def skip(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return match.end() if match else position

    def value(self, position: int, depth: int) -> syntax.Expression:
        text = self._text
        if position >= len(text):
            raise JSONDecodeError("a value is missing", text, position)
        if depth > _MAX_DEPTH:
            raise JSONDecodeError("nested too deeply", text, position)
        character = text[position]
        if character == '"':
            return self._string(position)
        if character == "{":
            return self._object(position, depth)
        if character == "[":
            return self._array(position, depth)
        number = _NUMBER.match(text, position)
        if number:
            self.position = number.end()
            start, end = self._byte(position), self._byte(number.end())
            try:
                return syntax.Literal(start, end, parse_number(number.group()))
            except EvaluationError:
                return syntax.Invalid(start, end)
        for word, meaning in _WORDS.items():
            if text.startswith(word, position):
                self.position = position + len(word)
                return syntax.Literal(self._byte(position), self._byte(self.position), meaning)
        raise JSONDecodeError(f"unexpected {character!r}", text, position)

    def _string(self, position: int) -> syntax.Expression:
        value, self.position = _scan_string(self._text, position + 1, True)
        start, end = self._byte(position), self._byte(self.position)
        if not self._templates:
            return syntax.Literal(start, end, normalize_text(value))
        expression = read_template(value)
        # Positions inside a decoded string have no place in the file; the string has one.
        _move(expression, start, end)
        return expression

    def _key(self, position: int) -> syntax.Literal:
        if not self._text.startswith('"', position):
            raise JSONDecodeError(
                "a property name in double quotes is missing", self._text, position
            )
        value, self.position = _scan_string(self._text, position + 1, True)
        return syntax.Literal(self._byte(position), self._byte(self.position), value)

    def _object(self, start: int, depth: int) -> syntax.Expression:
        items: list[tuple[syntax.Expression, syntax.Expression]] = []
        position = self.skip(start + 1)
        if self._text.startswith("}", position):
            self.position = position + 1
            return syntax.Object(self._byte(start), self._byte(self.position), items)
        while True:
            key = self._key(position)
            position = self.skip(self.position)
            if not self._text.startswith(":", position):
                raise JSONDecodeError("':' is missing", self._text, position)
            items.append((key, self.value(self.skip(position + 1), depth + 1)))
            position = self.skip(self.position)
            if self._text.startswith("}", position):
                self.position = position + 1
                return syntax.Object(self._byte(start), self._byte(self.position), items)
            if not self._text.startswith(",", position):
                raise JSONDecodeError("',' or '}' is missing", self._text, position)
            position = self.skip(position + 1)

    def _array(self, start: int, depth: int) -> syntax.Expression:
        elements: list[syntax.Expression] = []
        position = self.skip(start + 1)
        if self._text.startswith("]", position):
            self.position = position + 1
            return syntax.Tuple(self._byte(start), self._byte(self.position), elements)
        while True:
            elements.append(self.value(position, depth + 1))
            position = self.skip(self.position)
            if self._text.startswith("]", position):
                self.position = position + 1
                return syntax.Tuple(self._byte(start), self._byte(self.position), elements)
            if not self._text.startswith(",", position):
                raise JSONDecodeError("',' or ']' is missing", self._text, position)
            position = self.skip(position + 1)


def _byte_offsets(text: str) -> Callable[[int], int]:
    """From an offset in code points to one in UTF-8 bytes."""
    if text.isascii():
        return lambda position: position
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + len(character.encode("utf-8", "surrogatepass")))
    return offsets.__getitem__


def _move(expression: syntax.Expression, start: int, end: int) -> None:
    """Give the whole expression one range."""
    pending = [expression]
    while pending:
        node = pending.pop()
        node.start, node.end = start, end
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            members = value if isinstance(value, list) else [value]
            for member in members:
                if isinstance(member, syntax.Expression):
                    pending.append(member)
                elif isinstance(member, tuple):
                    pending.extend(part for part in member if isinstance(part, syntax.Expression))


def read_reference(value: syntax.Expression) -> syntax.Expression:
    """The expression that a JSON string names where native syntax takes a bare reference.

    ``"provider": "aws.west"`` and the keys of ``providers`` are such.
    """
    if isinstance(value, syntax.Literal) and isinstance(value.value, str):
        return read_expression(value.value)
    return value
