"""Finding rule files and loading them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from glob import escape, glob
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import auditkit
from auditkit.errors import ConfigError, RuleError, suggest
from auditkit.model import CATEGORIES, Rule, Severity, Value
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.rulepack.index import MAX_BYTES, Indexed, digest_of, read_index
from auditkit.rules.compile import compile_rule
from auditkit.rules.grammar import Context

if TYPE_CHECKING:
    from auditkit.rulepack.document import Document

PLUGIN_GROUP = "auditkit.rules"
"""The entry point group of packages that hold rule files."""

OTHER_TYPES = frozenset(["random_password", "tls_private_key"])
"""Types of other providers that rules of ours are about."""

_SUFFIXES = (".yaml", ".yml")
_FRAMEWORKS = "frameworks"


class Schema(Protocol):
    """What is known of resource types; asked only about the user's own rules."""

    def resource_types(self) -> Collection[str]:
        """The names of all types."""

    def check_path(self, type: str, path: tuple[str, ...]) -> str | None:
        """What is wrong with an attribute path, names only; ``None`` if nothing is."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules that were loaded together."""

    rules: Mapping[str, Rule]
    """By id, in the order of ids."""
    aliases: Mapping[str, tuple[str, ...]]
    """From the other tools' names, in lower case, to ids."""
    digest: str
    """Changes when the files or parameters do; hexadecimal, a key for caches."""

    def select(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        severity: Severity = Severity.INFO,
    ) -> RuleSet:
        """The rules that a pattern of `select` names, all if empty, and none of `ignore` does.

        A pattern is an id, an alias, a category, or a glob over them; case does not count.
        Rules below `severity` are left out.

        Raises `ConfigError` for a pattern that names nothing.
        """
        chosen = self._match(select) if select else set(self.rules)
        chosen -= self._match(ignore)
        rules = {
            id: rule
            for id, rule in self.rules.items()
            if id in chosen and rule.severity >= severity
        }
        if len(rules) == len(self.rules):
            return self
        digest = hashlib.blake2b(
            "\n".join([self.digest, *rules]).encode(), digest_size=16
        ).hexdigest()
        return RuleSet(rules, _index_aliases(rules.values()), digest)

    def _match(self, patterns: Iterable[str]) -> set[str]:
        names = self._names()
        matched: set[str] = set()
        for pattern in patterns:
            folded = pattern.strip().lower()
            found = [ids for name, ids in names.items() if fnmatchcase(name, folded)]
            if not found and folded not in CATEGORIES:
                raise ConfigError(f"no rule matches {pattern!r}{suggest(folded, names)}")
            matched.update(id for ids in found for id in ids)
        return matched

    def _names(self) -> Mapping[str, tuple[str, ...]]:
        """Everything that a pattern can name, in lower case, and the ids that it stands for."""
        names: dict[str, tuple[str, ...]] = {}
        for rule in self.rules.values():
            for name in (rule.id, rule.category):
                names[name] = (*names.get(name, ()), rule.id)
        for alias, ids in self.aliases.items():
            names[alias] = (*names.get(alias, ()), *ids)
        return names


def builtin_directory() -> Path:
    """The directory of the rules that come with auditkit.

    In a wheel they are the package `auditkit.builtin_rules`, in a checkout the directory
    ``rules`` beside the package.

    Raises `ConfigError` if there is neither.
    """
    package = Path(auditkit.__file__).parent
    for directory in (package / "builtin_rules", package.parent / "rules"):
        if directory.is_dir():
            return directory
    raise ConfigError("the built-in rules are missing from this installation of auditkit")


def plugin_directories() -> list[Path]:
    """The directories of rule files that installed distributions offer, in the order of names.

    The value of an entry point in the group ``auditkit.rules`` is a package; its directory
    holds the files.  The package is found, not imported.

    Raises `ConfigError` if it is not there.
    """
    if not _may_have_plugins():
        return []
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    directories = []
    for entry_point in sorted(entry_points(group=PLUGIN_GROUP), key=lambda each: each.name):
        spec = find_spec(entry_point.value)
        if spec is None or not spec.submodule_search_locations:
            raise ConfigError(
                f"plugin {entry_point.name!r} offers rules in {entry_point.value!r}, "
                "which is not a package"
            )
        directories.append(Path(spec.submodule_search_locations[0]))
    return directories


def _may_have_plugins() -> bool:
    """Whether some installed distribution names the group at all.

    Importing `importlib.metadata` and parsing all metadata takes tens of milliseconds of every
    scan; looking for a word in the files that would hold it takes one or two.
    """
    wanted = f"[{PLUGIN_GROUP}]".encode()
    for place in sys.path:
        for file in glob(os.path.join(escape(place or "."), "*.*-info", "entry_points.txt")):
            with suppress(OSError):
                if wanted in Path(file).read_bytes():
                    return True
    return False


def load_rules(
    directories: Sequence[Path] = (),
    *,
    params: Mapping[str, Mapping[str, Value]] | None = None,
    builtin: bool = True,
    schema: Schema | None = None,
    now: datetime | None = None,
    examples: bool = True,
) -> RuleSet:
    """The rules in the files below `directories`, and the built-in ones.

    Without `examples`, those of the built-in rules are not read, and their conditions are
    compiled when they are needed: a scan starts in half the time.

    `params` are the user's values for parameters, by rule id.  With a `schema`, the resource
    types and attributes in `directories` are checked; those of the built-in rules never are,
    since ``auditkit rules lint`` and the tests of auditkit do it.  `now` is an aware UTC time.

    Raises `RuleError` with all mistakes of all files, and `ConfigError` for a directory that
    cannot be read and for a parameter that does not exist.
    """
    plain = Context(now or datetime.now(timezone.utc))
    checked = plain if schema is None else with_schema(plain, schema)
    loader = _Loader(params or {})
    if builtin:
        loader.load(builtin_directory(), plain, trusted=not examples)
    for directory in directories:
        loader.load(directory, checked)
    return loader.finish()


def with_schema(context: Context, schema: Schema) -> Context:
    """The context with types and attributes checked."""
    return replace(
        context,
        known_types=lambda: {*schema.resource_types(), *PSEUDO_TYPES, *OTHER_TYPES},
        known_path=schema.check_path,
    )


def find_rule_files(directory: Path) -> Sequence[str]:
    """The rule files below a directory in the order of names; a file is itself.

    Hidden directories are left out, and so is ``frameworks`` at the top, whose files are no
    rules.  Symbolic links to directories are not followed.

    Raises `ConfigError` when the directory is not there or cannot be read.
    """
    if directory.is_file():
        return [str(directory)]
    try:
        return list(_walk(str(directory), skip=_FRAMEWORKS))
    except OSError as error:
        raise ConfigError(f"cannot read rules from {directory}: {error.strerror}") from error


def _walk(directory: str, skip: str = "") -> Iterator[str]:
    with os.scandir(directory) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.startswith(".") or entry.name == skip:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path)
            elif entry.name.endswith(_SUFFIXES):
                yield entry.path


def read_file(file: str) -> bytes:
    """A file's content.  Raises `ConfigError` when it cannot be read."""
    try:
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error


def _read(content: bytes, file: str) -> Document:
    # With the built-in rules alone, nothing needs PyYAML, which takes long to import.
    from auditkit.rulepack.document import read_document

    return read_document(content, file)


class _Loader:
    """Gathers rules and mistakes over all files."""

    def __init__(self, params: Mapping[str, Mapping[str, Value]]) -> None:
        self.params = params
        self.rules: dict[str, Rule] = {}
        self.mistakes: list[str] = []
        self.hash = hashlib.blake2b(json.dumps(params, sort_keys=True).encode(), digest_size=16)

    def load(self, directory: Path, context: Context, *, trusted: bool = False) -> None:
        """Loads the rule files of a directory; of `trusted` ones, no examples."""
        index = read_index(directory) if trusted else {}
        for file in find_rule_files(directory):
            content = read_file(file)
            self.hash.update(content)
            try:
                known = index.get(digest_of(content)) if trusted else None
                document = _read(content, file) if known is None else Indexed(file, known)
                rule = self._compile(document, context, trusted=known is not None)
            except RuleError as error:
                self.mistakes += error.mistakes
                continue
            if rule.id in self.rules:
                first = self.rules[rule.id].path
                self.mistakes.append(f"{file}: the rule {rule.id!r} is in {first} already")
            self.rules[rule.id] = rule

    def _compile(self, document: Document | Indexed, context: Context, *, trusted: bool) -> Rule:
        data = document.data
        id = data.get("id") if isinstance(data, dict) else None
        return compile_rule(
            data,
            document.position,
            context=context,
            path=document.path,
            overrides=self.params.get(id) if isinstance(id, str) else None,
            trusted=trusted,
        )

    def finish(self) -> RuleSet:
        """All rules, if nothing was wrong."""
        if self.mistakes:
            raise RuleError(*self.mistakes)
        for id in self.params:
            if id not in self.rules:
                hint = suggest(id, self.rules)
                raise ConfigError(f"parameters are given for an unknown rule {id!r}{hint}")
        rules = dict(sorted(self.rules.items()))
        return RuleSet(rules, _index_aliases(rules.values()), self.hash.hexdigest())


def _index_aliases(rules: Iterable[Rule]) -> Mapping[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        for alias in rule.aliases:
            folded = alias.lower()
            index[folded] = (*index.get(folded, ()), rule.id)
    return index
