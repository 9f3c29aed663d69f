"""A module's configuration as it is written: its files, sorted into named blocks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from auditkit.model import Ignore, Location, Problem
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.json_reader import read_json
from auditkit.sources.terraform.reader import location_of, read_hcl

MAX_FILE_BYTES = 20_000_000
"""A larger file is no configuration that a person wrote; it is left out with a `Problem`."""

LOCK_FILE = ".terraform.lock.hcl"
"""Where ``terraform init`` notes the providers that it chose."""

_Key = TypeVar("_Key")
_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_TF_SUFFIX = re.compile(r"\.tf(\.json)?$")
_OVERRIDE = re.compile(r"(?:^|_)override\.(?:tf|tofu)(?:\.json)?$")


@dataclass(slots=True, eq=False)
class Configuration:
    """What the files of one directory declare."""

    directory: str
    """Relative to the project's root, with forward slashes; ``.`` for the root itself."""
    files: list[syntax.SourceFile] = field(default_factory=list)
    variables: dict[str, syntax.Block] = field(default_factory=dict)
    locals: dict[str, tuple[syntax.Attribute, syntax.SourceFile]] = field(default_factory=dict)
    resources: dict[tuple[str, str], syntax.Block] = field(default_factory=dict)
    data: dict[tuple[str, str], syntax.Block] = field(default_factory=dict)
    calls: dict[str, syntax.Block] = field(default_factory=dict)
    outputs: dict[str, syntax.Block] = field(default_factory=dict)
    providers: list[syntax.Block] = field(default_factory=list)
    settings: list[syntax.Block] = field(default_factory=list)
    """The ``terraform`` blocks; those of override files come last."""
    lock: syntax.SourceFile | None = None
    """The dependency lock file beside the configuration."""
    broken_locals: bool = False
    """Whether a block of locals could not be read: any undeclared local may stand in it."""
    problems: list[Problem] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)


def is_configuration_file(name: str) -> bool:
    """Whether Terraform or OpenTofu reads a file of this name as configuration."""
    return name.endswith(_SUFFIXES) and not name.startswith((".", "#")) and not name.endswith("~")


def read_directory(root: Path, directory: str) -> Configuration:
    """The configuration in `directory`, which is relative to `root`.

    What can't be read is a `Problem` of the result and leaves the rest as it is.
    """
    configuration = Configuration(directory)
    path = root / directory
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        configuration.problems.append(
            Problem("unreadable", f"{directory}: {error.strerror}; check its permissions")
        )
        return configuration
    files = []
    for name in _effective(names):
        relative = name if directory == "." else f"{directory}/{name}"
        file = _read_file(root, path / name, relative, configuration.problems)
        if file is not None:
            files.append(file)
    fill(configuration, files)
    if files and LOCK_FILE in names:
        relative = LOCK_FILE if directory == "." else f"{directory}/{LOCK_FILE}"
        configuration.lock = _read_file(root, path / LOCK_FILE, relative, configuration.problems)
    return configuration


def fill(configuration: Configuration, files: Iterable[syntax.SourceFile]) -> None:
    """Sort the blocks of these files into `configuration`; override files come last.

    https://developer.hashicorp.com/terraform/language/files/override
    """
    ordered = sorted(files, key=lambda file: (bool(_OVERRIDE.search(file.name)), file.name))
    for file in ordered:
        configuration.files.append(file)
        override = bool(_OVERRIDE.search(file.name))
        for block in file.body.blocks:
            _add(configuration, block, override=override)
        if file.comments:
            # Most trees have no ignores, and its patterns take milliseconds to compile.
            from auditkit.sources.terraform import ignores

            found, mistakes = ignores.attach(file.comments, file.body, file)
            configuration.ignores.extend(found)
            configuration.problems.extend(mistakes)


def _effective(names: Iterable[str]) -> list[str]:
    """Configuration files among the names; ``x.tofu`` stands in for ``x.tf`` beside it."""
    wanted = [name for name in names if is_configuration_file(name)]
    tofu = {name for name in wanted if name.endswith((".tofu", ".tofu.json"))}
    return [name for name in wanted if name in tofu or _TF_SUFFIX.sub(r".tofu\1", name) not in tofu]


def _read_file(
    root: Path, path: Path, name: str, problems: list[Problem]
) -> syntax.SourceFile | None:
    data = read_inside(root, path, name, problems)
    if data is None:
        return None
    read = read_json if name.endswith(".json") else read_hcl
    file, found = read(data, name)
    problems.extend(found)
    return file


def read_inside(root: Path, path: Path, name: str, problems: list[Problem]) -> bytes | None:
    """The content of a regular file of the tree below `root`; ``None`` with a `Problem` else.

    `name` is how problems call it.  A directory is left alone: it may be called ``x.tf``.
    """
    start = Location(name, 1, 1, 1, 1)
    try:
        if path.is_symlink() and not _leads_inside(path, root):
            message = "the link leads nowhere, in a circle, or out of the tree; it was not read"
            problems.append(Problem("unreadable", message, start))
            return None
        # A pipe or a device would be read for ever.
        if not path.is_file():
            return None
        if path.stat().st_size > MAX_FILE_BYTES:
            message = f"larger than {MAX_FILE_BYTES // 1_000_000} MB; it was not read"
            problems.append(Problem("limit", message, start))
            return None
        return path.read_bytes()
    except OSError as error:
        message = f"{error.strerror}; the file was not read"
        problems.append(Problem("unreadable", message, start))
        return None


def _leads_inside(path: Path, root: Path) -> bool:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        # A circle of links is a RuntimeError before Python 3.13.
        return False
    return root.resolve() in target.parents


def _add(configuration: Configuration, block: syntax.Block, *, override: bool) -> None:
    kind, labels = block.type, block.labels
    if kind == "locals":
        configuration.broken_locals |= block.body.broken
        for attribute in block.body.attributes.values():
            configuration.locals[attribute.name] = (attribute, block.file)
    elif kind == "resource" and len(labels) == 2:
        _declare(configuration, configuration.resources, (labels[0], labels[1]), block, override)
    elif kind == "data" and len(labels) == 2:
        _declare(configuration, configuration.data, (labels[0], labels[1]), block, override)
    elif kind == "variable" and len(labels) == 1:
        _declare(configuration, configuration.variables, labels[0], block, override)
    elif kind == "output" and len(labels) == 1:
        _declare(configuration, configuration.outputs, labels[0], block, override)
    elif kind == "module" and len(labels) == 1:
        _declare(configuration, configuration.calls, labels[0], block, override)
    elif kind == "provider" and len(labels) == 1:
        _add_provider(configuration.providers, block, override=override)
    elif kind == "terraform" and not labels:
        configuration.settings.append(block)


def alias_of(block: syntax.Block) -> str:
    """The alias of a provider block; empty for the default configuration."""
    attribute = block.body.attributes.get("alias")
    literal = attribute.expression if attribute is not None else None
    return str(literal.value) if isinstance(literal, syntax.Literal) else ""


def _add_provider(providers: list[syntax.Block], block: syntax.Block, *, override: bool) -> None:
    name = (block.labels, alias_of(block))
    for number, present in enumerate(providers):
        if override and (present.labels, alias_of(present)) == name:
            providers[number] = _merge(present, block)
            return
    providers.append(block)


def _declare(
    configuration: Configuration,
    table: dict[_Key, syntax.Block],
    key: _Key,
    block: syntax.Block,
    override: bool,
) -> None:
    present = table.get(key)
    if present is None or present.body.broken:
        table[key] = block
    elif override:
        table[key] = _merge(present, block)
    else:
        name = ".".join(block.labels)
        first = location_of(present.file, present.start, present.header_end)
        configuration.problems.append(
            Problem(
                "duplicate",
                f"{block.type} {name} is declared already in {first.file}:{first.line}; "
                "the first declaration was read",
                location_of(block.file, block.start, block.header_end),
            )
        )


def _merge(block: syntax.Block, override: syntax.Block) -> syntax.Block:
    """The block with the override's arguments in place of its own, nested types as a whole."""
    replaced = {
        inner.labels[0] if inner.type == "dynamic" and inner.labels else inner.type
        for inner in override.body.blocks
    }
    kept = [
        inner
        for inner in block.body.blocks
        if (inner.labels[0] if inner.type == "dynamic" and inner.labels else inner.type)
        not in replaced
    ]
    for attribute in override.body.attributes.values():
        attribute.file = override.file
    body = syntax.Body(
        {**block.body.attributes, **override.body.attributes},
        [*kept, *override.body.blocks],
        block.body.broken or override.body.broken,
    )
    return syntax.Block(
        block.type, block.labels, body, block.start, block.header_end, block.end, block.file
    )
