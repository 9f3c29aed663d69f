"""Configuration files: where they are, what they may say, and what they do say.

A project's file comes with the repository that is scanned, so it is read as hostile: it can
choose and tune rules, but it can't run code, name an output file, or reach a file outside
the repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.errors import ConfigError, suggest
from auditkit.model import Severity, Value

if TYPE_CHECKING:
    import yaml

NAMES = (".auditkit.yaml", ".auditkit.yml", "auditkit.yaml")
"""The names of a project's file; a directory holds at most one of them."""

SEVERITIES = tuple(severity.label for severity in reversed(Severity))
"""The words for a severity, worst first."""

# A configuration that a person wrote stays far below both.
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 30

_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Config:
    """What one configuration file says, checked."""

    path: Path
    settings: Mapping[str, Value] = field(default_factory=dict)
    """Key to value, the keys that the file holds; paths are absolute."""


def find_config(start: Path, *, working_directory: Path) -> Path | None:
    """The project's configuration file, or ``None``: the nearest one from `start` upwards.

    The search ends at the root of the git repository.  Outside of one it ends at
    `working_directory` if `start` lies in it, and otherwise at `start`: the file of a
    stranger in a shared parent such as ``/tmp`` is not ours.

    Raises `ConfigError` when one directory holds two of them.
    """
    start = _real(start)
    directory = start if start.is_dir() else start.parent
    for candidate in _upwards(directory, _boundary(directory, _real(working_directory))):
        found = [candidate / name for name in NAMES if (candidate / name).is_file()]
        if len(found) > 1:
            names = " and ".join(path.name for path in found)
            raise ConfigError(f"{candidate}: {names} are both here; keep one of them")
        if found:
            return found[0]
    return None


def read_config(path: Path, *, name: str = "", confined: bool = True) -> Config:
    """What the file at `path` says.

    `name` stands for the file in messages.  Relative paths in it are taken from its own
    directory; when it is `confined` they must stay inside its repository.

    Raises `ConfigError` with a line ``FILE:LINE:COL: …`` for each mistake.
    """
    name = name or str(path)
    reader = _Reader(name, _real(path).parent, confined=confined)
    settings = reader.read_settings(_read_text(path, name))
    return Config(path, settings)


def read_params(path: Path, *, name: str = "") -> Mapping[str, Mapping[str, Value]]:
    """The file of ``--params``: rule id to the names and values of its parameters.

    Raises `ConfigError` as `read_config` does.
    """
    name = name or str(path)
    return _Reader(name, path.parent, confined=False).read_params(_read_text(path, name))


def parse_value(text: str) -> Value:
    """The value that `text` writes, as a configuration file would: ``7``, ``true``, ``[a, b]``.

    What is not YAML is the text itself, so that ``*`` and ``@team`` need no quotes.
    """
    reader = _Reader("value", Path(), confined=False)
    try:
        return reader.read_value(text)
    except ConfigError:
        return text


def _real(path: Path) -> Path:
    # `Path.resolve` raises RuntimeError for a link to itself, until Python 3.13.
    return Path(os.path.realpath(path))


def _upwards(directory: Path, last: Path) -> Iterator[Path]:
    for candidate in (directory, *directory.parents):
        yield candidate
        if candidate == last:
            return


def _boundary(directory: Path, working_directory: Path) -> Path:
    for candidate in (directory, *directory.parents):
        # A worktree and a submodule have a file of that name.
        if (candidate / ".git").exists():
            return candidate
    return working_directory if directory.is_relative_to(working_directory) else directory


def _read_text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{name}: {error.strerror or error}") from error
    if len(content) > _MAX_BYTES:
        raise ConfigError(f"{name}: more than {_MAX_BYTES:,} bytes; that is no configuration file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8 text (byte {error.start})") from error


class _Wrong(Exception):
    """One mistake in a file, at a node of it."""

    def __init__(self, node: yaml.Node, message: str) -> None:
        super().__init__(message)
        self.node = node


class _Reader:
    """Turns the text of one file into checked values and collects its mistakes."""

    def __init__(self, name: str, directory: Path, *, confined: bool) -> None:
        self._name = name
        self._directory = directory
        self._boundary = _boundary(directory, directory) if confined else None
        self._mistakes: list[str] = []

    def read_settings(self, text: str) -> dict[str, Value]:
        """The whole of a configuration file."""
        settings: dict[str, Value] = {}
        try:
            for key, node in self._entries(self._compose(text)):
                self._read_setting(key, node, settings)
        except _Wrong as wrong:
            self._report(wrong.node, str(wrong))
        self._finish()
        return settings

    def _read_setting(
        self, key: yaml.ScalarNode, node: yaml.Node, settings: dict[str, Value]
    ) -> None:
        kind = KEYS.get(key.value)
        if kind is None:
            self._report(key, f"unknown key {key.value!r}{suggest(key.value, KEYS)}")
            return
        try:
            settings[key.value] = kind(self, node)
        except _Wrong as wrong:
            self._report(wrong.node, f"{key.value}: {wrong}")

    def read_params(self, text: str) -> dict[str, dict[str, Value]]:
        """A file that holds nothing but parameters."""
        params: dict[str, dict[str, Value]] = {}
        try:
            node = self._compose(text)
            params = {} if node is None else self.rule_params(node)
        except _Wrong as wrong:
            self._report(wrong.node, str(wrong))
        self._finish()
        return params

    def read_value(self, text: str) -> Value:
        """One value that stands alone."""
        node = self._compose(text)
        try:
            return None if node is None else self.value(node)
        except _Wrong as wrong:
            raise ConfigError(str(wrong)) from wrong

    def words(self, node: yaml.Node) -> list[Value]:
        """A list of texts; one text alone counts as a list of it."""
        import yaml

        if isinstance(node, yaml.SequenceNode):
            return [self.word(item) for item in node.value]
        return [self.word(node)]

    def word(self, node: yaml.Node) -> str:
        """A text that is not empty."""
        value = self._scalar(node)
        if not isinstance(value, str):
            raise _Wrong(node, f"expected text, found {_words(value)}; put it in quotes")
        if not value:
            raise _Wrong(node, "expected text, found none")
        return value

    def boolean(self, node: yaml.Node) -> bool:
        """``true`` or ``false``."""
        value = self._scalar(node)
        if not isinstance(value, bool):
            raise _Wrong(node, f"expected true or false, found {_words(value)}")
        return value

    def severity(self, node: yaml.Node) -> str:
        """The word for a severity."""
        return self._choice(node, SEVERITIES)

    def threshold(self, node: yaml.Node) -> str:
        """The word for a severity, or ``never``."""
        return self._choice(node, (*SEVERITIES, "never"))

    def color(self, node: yaml.Node) -> str:
        """When to colour."""
        return self._choice(node, ("auto", "always", "never"))

    def files(self, node: yaml.Node) -> list[Value]:
        """Paths of existing files."""
        return [self._path(item, Path.is_file, "file") for item in _items(node)]

    def directories(self, node: yaml.Node) -> list[Value]:
        """Paths of existing directories."""
        return [self._path(item, Path.is_dir, "directory") for item in _items(node)]

    def values(self, node: yaml.Node) -> dict[str, Value]:
        """A mapping of names to anything."""
        return {key.value: self.value(value) for key, value in self._entries(node)}

    def rule_params(self, node: yaml.Node) -> dict[str, dict[str, Value]]:
        """A mapping of rules to names to values."""
        return {key.value: self.values(value) for key, value in self._entries(node)}

    def value(self, node: yaml.Node) -> Value:
        """Anything that YAML and JSON both can say."""
        import yaml

        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        if isinstance(node, yaml.MappingNode):
            return self.values(node)
        return self._scalar(node)

    def _choice(self, node: yaml.Node, choices: tuple[str, ...]) -> str:
        value = self._scalar(node)
        if isinstance(value, str) and value in choices:
            return value
        known = ", ".join(choices)
        raise _Wrong(node, f"expected one of {known}; found {_words(value)}")

    def _path(self, node: yaml.Node, is_kind: Callable[[Path], bool], kind: str) -> str:
        word = self.word(node)
        path = _real(self._directory / word)
        if self._boundary and not path.is_relative_to(self._boundary):
            raise _Wrong(node, f"{word!r} lies outside the repository; give it on the command line")
        if not is_kind(path):
            raise _Wrong(node, f"{word!r} is not a {kind}")
        return str(path)

    def _scalar(self, node: yaml.Node) -> Value:
        import yaml

        if not isinstance(node, yaml.ScalarNode):
            kind = "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
            raise _Wrong(node, f"expected a single value, found {kind}")
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind not in ("null", "bool", "int", "float", "str", "timestamp"):
            raise _Wrong(node, f"the tag {node.tag} is not allowed here")
        return _plain(kind, str(node.value))

    def _entries(self, node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        import yaml

        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            raise _Wrong(node, "expected a mapping of keys to values")
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Wrong(key, "a key must be a single word")
            if key.value in seen:
                raise _Wrong(key, f"the key {key.value!r} stands here twice")
            seen.add(key.value)
            yield key, value

    def _compose(self, text: str) -> yaml.Node | None:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._bound(yaml.parse(text, Loader=loader))
            return yaml.compose(text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
            raise ConfigError(f"{self._name}{place}: {error.problem or error.context}") from error
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            raise ConfigError(f"{self._name}: {reason}") from error

    def _bound(self, events: Iterator[yaml.Event]) -> None:
        """Refuse what could grow without end when it is composed."""
        import yaml

        depth = 0
        for event in events:
            if isinstance(event, yaml.AliasEvent):
                raise ConfigError(f"{self._name}:{_place(event)}: aliases are not allowed here")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _MAX_DEPTH:
                raise ConfigError(f"{self._name}:{_place(event)}: nested too deeply")

    def _report(self, node: yaml.Node, message: str) -> None:
        self._mistakes.append(f"{self._name}:{_place(node)}: {message}")

    def _finish(self) -> None:
        if self._mistakes:
            raise ConfigError("\n".join(self._mistakes))


def _plain(kind: str, text: str) -> Value:
    """The value of a scalar by the rules of YAML 1.2, as editors have it.

    PyYAML's `kind` is that of YAML 1.1, where ``on`` is true, ``12:30`` is 750, and a date is
    no text.
    """
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _items(node: yaml.Node) -> list[yaml.Node]:
    import yaml

    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _place(marked: yaml.Node | yaml.Event) -> str:
    mark = marked.start_mark
    return f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"


def _words(value: Value) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


KEYS: Mapping[str, Callable[[_Reader, yaml.Node], Value]] = {
    "select": _Reader.words,
    "ignore": _Reader.words,
    "severity": _Reader.severity,
    "fail_on": _Reader.threshold,
    "strict": _Reader.boolean,
    "exclude": _Reader.words,
    "rules": _Reader.directories,
    "builtin_rules": _Reader.boolean,
    "params": _Reader.rule_params,
    "variables": _Reader.values,
    "var_files": _Reader.files,
    "workspace": _Reader.word,
    "color": _Reader.color,
}
"""The keys of a configuration file, each with what reads and checks its value."""
