"""One YAML file as plain data, with the place of everything in it.

Only JSON's types come out, by the rules of YAML 1.2, so ``on`` and ``12:30`` are texts.  What
a rule file does not need and an attack does is refused: tags, huge files, deep nesting, and
aliases that multiply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Union

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditkit.errors import RuleError
from auditkit.model import Value
from auditkit.rulepack.index import MAX_BYTES

MAX_DEPTH = 40
MAX_NODES = 20_000

Place = tuple[Union[str, int], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file that has been read."""

    path: str
    """The file's name for messages."""
    data: Value
    root: Node

    def position(self, place: Place, of_key: bool) -> str:
        """``FILE:LINE:COLUMN`` of the value at `place`, or of its key; of the nearest one there.

        Only mistakes ask, so nothing is kept but the tree that PyYAML makes.
        """
        node, key = self.root, None
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            key, node = found
        mark = (key if of_key and key is not None else node).start_mark
        return f"{self.path}:{mark.line + 1}:{mark.column + 1}"


def _child(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    """The key and the value of a member, if there is one."""
    if isinstance(node, MappingNode):
        return next((pair for pair in node.value if pair[0].value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def read_document(content: bytes, path: str) -> Document:
    """The document in a file's `content`; `path` names it in messages.

    Raises `RuleError` with file, line and column when it is not UTF-8, not YAML, has a key
    twice, or exceeds the limits.
    """
    if len(content) > MAX_BYTES:
        raise RuleError(f"{path}: the file is larger than {MAX_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise RuleError(f"{path}:{line}:{column}: not UTF-8") from error
    try:
        root = _compose(text)
        if root is None:
            raise RuleError(f"{path}:1:1: the file is empty")
        return Document(path, _Reader().read(root), root)
    except yaml.MarkedYAMLError as error:
        raise RuleError(f"{path}{_find_mark(error, text)}: {_explain(error)}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RuleError(f"{path}:{line}:1: the character is not allowed in YAML") from error


def _find_mark(error: yaml.MarkedYAMLError, text: str) -> str:
    """``:LINE:COLUMN``; of what is not closed rather than the end of the file."""
    mark = error.problem_mark
    if mark is None or mark.line > text.rstrip().count("\n"):
        mark = error.context_mark or mark
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "not YAML"
    if "cannot start any token" in problem:
        return "a tab, or a character that YAML reserves; indent with spaces, quote texts"
    return problem


class _Resolver:
    """Resolves no tags, which would take PyYAML half of its time, and counts the depth."""

    depth = 0

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:
        """Whether a scalar is quoted; the answer stands where PyYAML keeps the tag."""
        return _QUOTED if isinstance(implicit, tuple) and not implicit[0] else _PLAIN

    def descend_resolver(self, parent: Node | None, index: object) -> None:
        """Called on the way into each node."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = None if parent is None else parent.start_mark
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=mark)

    def ascend_resolver(self) -> None:
        """Called on the way out of each node."""
        self.depth -= 1


_QUOTED, _PLAIN = "quoted", "plain"
_TEXT = "tag:yaml.org,2002:str"


def _compose(text: str) -> Node | None:
    """The tree of the one YAML document in `text`; ``None`` if there is none."""
    loader = _Loader(text)
    try:
        node: Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _Loader(_Resolver, CParser):
        """Parses in C; the resolver's methods have to come first."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

else:

    class _Loader(  # type: ignore[no-redef]
        _Resolver,
        yaml.reader.Reader,
        yaml.scanner.Scanner,
        yaml.parser.Parser,
        yaml.composer.Composer,
    ):
        """Parses in Python, where PyYAML was built without its C library."""

        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)


_WORDS: dict[str, Value] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?")
_LEADING_ZERO = re.compile(r"[-+]?0\d+")


class _Reader:
    """Turns the tree into plain values, and counts them: aliases may repeat what they name."""

    def __init__(self) -> None:
        self.left = MAX_NODES
        self.depth = 0

    def read(self, node: Node) -> Value:
        """The value of a node."""
        self.left -= 1
        if self.left < 0:
            raise _error("too many values; an alias that repeats itself?", node)
        if isinstance(node, ScalarNode):
            return node.value if node.tag == _QUOTED else _read_scalar(node)
        if node.tag != _PLAIN:
            raise _error(f"the tag {node.tag} is not supported", node)
        # Aliases can nest deeper than the text does, even endlessly.
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _error("nested too deeply; an alias inside what it names?", node)
        value = self._read_collection(node)
        self.depth -= 1
        return value

    def _read_collection(self, node: Node) -> Value:
        if isinstance(node, SequenceNode):
            return [self.read(item) for item in node.value]
        mapping: dict[str, Value] = {}
        for key, member in node.value:
            if not isinstance(key, ScalarNode):
                raise _error("a key has to be a text", key)
            if key.value in mapping:
                raise _error(f"the key {key.value!r} stands here twice", key)
            mapping[key.value] = self.read(member)
        return mapping


def _read_scalar(node: ScalarNode) -> Value:
    text: str = node.value
    if node.tag == _TEXT:
        return text
    if node.tag != _PLAIN:
        raise _error(f"the tag {node.tag} is not supported", node)
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _LEADING_ZERO.fullmatch(text):
        raise _error(f"a number with a leading zero: quote {text} if it is a text", node)
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _error(problem: str, node: Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
