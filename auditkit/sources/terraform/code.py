"""Terraform code as a source: finds root modules and evaluates each into an `Inventory`."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import posixpath
import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.errors import SourceError
from auditkit.model import Inventory, Location, Problem, Resource, Source, Value
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.configuration import (
    LOCK_FILE,
    Configuration,
    fill,
    is_configuration_file,
    read_directory,
    read_inside,
)
from auditkit.sources.terraform.definitions import raise_definitions
from auditkit.sources.terraform.modules import Given, Module, Tree
from auditkit.sources.terraform.outlines import (
    ABSENT,
    Outline,
    Outlines,
    digest_directory,
    digest_file,
)
from auditkit.sources.terraform.reader import read_hcl
from auditkit.sources.terraform.resources import map_of, raise_resource, raise_unread
from auditkit.sources.terraform.sensitive_arguments import raise_sensitive_arguments
from auditkit.sources.terraform.twins import Copier, Walked, twin_key
from auditkit.sources.terraform.variables import given_values

RECURSION_LIMIT = 6000
"""Python frames; an expression takes three a level.  Well inside an 8 MB stack."""

_DEFAULT_WORKSPACE = "default"
_WORKSPACE_FILE = ".terraform/environment"
_LONGEST_WORKSPACE = 90
_FILE_HEADER = re.compile(r"^-- (\S+) --\n", re.MULTILINE)
_SKIPPED = frozenset(["node_modules", "__pycache__"])
_LOCAL_SOURCE = re.compile(rb'\bsource"?[ \t]*[=:][ \t]*"(\.\.?/[^"\n]*)"')


@dataclass(frozen=True, slots=True)
class CodeOptions:
    """How code is read."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Variable name to value, as ``--var`` gives them."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variable name to value, as ``TF_VAR_`` gives them: the values of files go before these."""
    var_files: tuple[Path, ...] = ()
    workspace: str = ""
    """Empty for the one that was selected in the root module's directory, or ``default``."""
    exclude: tuple[str, ...] = ()
    """Globs of paths relative to the project's root that are left out."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Variable name to value as a plan records it, which goes before everything else."""


@dataclass(frozen=True, slots=True)
class Project:
    """What the given paths amount to."""

    root: Path
    """The repository's top directory; without a repository, the scanned directory."""
    roots: tuple[str, ...]
    """Directories of root modules relative to `root`; ``.`` for itself."""
    loader: Loader = field(repr=False, compare=False)
    problems: tuple[Problem, ...] = ()
    scope: frozenset[str] | None = None
    """Files that findings are wanted of; ``None`` for all."""


class Loader:
    """Configurations by directory, each read once, and their outlines."""

    def __init__(self, root: Path, known: Outlines | None = None) -> None:
        self.root = root
        self._real_root = root.resolve()
        self._loaded: dict[str, Configuration | None] = {}
        self._known = known
        self.outlines: dict[str, Outline] = {}
        """Of the directories that were asked for; filled only if outlines were given."""

    def __reduce__(self) -> tuple[type[Loader], tuple[Path]]:
        # Another process reads for itself; what was read here would be costly to send.
        return Loader, (self.root,)

    def load(self, directory: str) -> Configuration | None:
        """The configuration in `directory`; ``None`` when there is none inside the tree."""
        if directory not in self._loaded:
            self._loaded[directory] = self._read(directory)
        return self._loaded[directory]

    def calls(self, directory: str) -> Sequence[str]:
        """The directories of the local modules that `directory` calls."""
        if self._known is None:
            return _called(self.load(directory))
        return self.outline(directory).calls

    def has_configuration(self, directory: str) -> bool:
        """Whether there is anything to read in `directory`."""
        if self._known is None:
            return self.load(directory) is not None
        return self.outline(directory).digest != ABSENT

    def outline(self, directory: str) -> Outline:
        """The outline of `directory`, from an earlier scan if nothing in it has changed."""
        found = self.outlines.get(directory)
        if found is None and _is_outside(directory):
            found = self.outlines[directory] = Outline(ABSENT, ())
        if found is None:
            digest = digest_directory(self.root / directory)
            known = self._known.get(directory) if self._known is not None else None
            if known is not None and known.digest == digest and not known.is_broken:
                found = known
            else:
                configuration = self.load(directory)
                found = Outline(
                    digest,
                    tuple(_called(configuration)),
                    is_broken=configuration is not None and bool(configuration.problems),
                )
            self.outlines[directory] = found
        return found

    def problems(self, directory: str) -> Sequence[Problem]:
        """What could not be read in `directory`."""
        if self._known is not None and not self.outline(directory).is_broken:
            return ()
        configuration = self.load(directory)
        return () if configuration is None else configuration.problems

    def _read(self, directory: str) -> Configuration | None:
        if _is_outside(directory):
            return None
        path = Path(os.path.realpath(self.root / directory))
        if path != self._real_root and self._real_root not in path.parents:
            return None
        if not path.is_dir():
            return None
        configuration = read_directory(self.root, directory)
        return configuration if configuration.files or configuration.problems else None


def _is_outside(directory: str) -> bool:
    return directory == ".." or directory.startswith(("../", "/"))


def find_project(
    paths: Sequence[Path], options: CodeOptions, *, known: Outlines | None = None
) -> Project:
    """The root modules among `paths`, which are directories, or files of modules.

    For files, the modules that they belong to and the root modules that call these are
    read, and findings are wanted of the given files only.  With `known` outlines, directories
    that have not changed since are not parsed.

    Raises `SourceError` when a path does not exist, or the paths share no directory.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise SourceError(f"{path}: no such file or directory")
    root = _project_root(paths)
    loader = Loader(root, known)
    problems: list[Problem] = []
    directories: set[str] = set()
    scope: set[str] = set()
    for path in paths:
        relative = _relative(path, root)
        if path.is_dir():
            directories.update(_walk(root, relative, options.exclude, problems))
        else:
            scope.add(relative)
    whole = bool(directories) or not scope
    if scope:
        directories.update(_owners(root, scope, options.exclude))
    roots = _roots(loader, sorted(directories))
    for directory in sorted(directories):
        problems.extend(loader.problems(directory))
    return Project(
        root=root,
        roots=tuple(roots),
        loader=loader,
        problems=tuple(dict.fromkeys(problems)),
        scope=None if whole else frozenset(_widened(root, scope)),
    )


def project_without_code(directory: Path) -> Project:
    """A project of no root modules, with the root that one in `directory` would have."""
    root = _project_root([directory])
    return Project(root, (), Loader(root))


def read_root(project: Project, directory: str, options: CodeOptions) -> Inventory:
    """Every resource that the root module in `directory` declares, instance by instance."""
    configuration = project.loader.load(directory)
    if configuration is None:
        raise SourceError(f"{directory}: no Terraform files; check the path")
    problems: list[Problem] = []
    given = given_values(
        project.root,
        configuration,
        environment=options.environment,
        variables=options.variables,
        var_files=options.var_files,
        values=options.values,
        problems=problems,
    )
    tree = Tree(
        project.root,
        directory,
        load=project.loader.load,
        given=given,
        workspace=options.workspace or selected_workspace(project.root / directory),
    )
    return _inventory(tree, configuration, directory, problems)


def declared_variables(project: Project) -> frozenset[str]:
    """The names of the variables that the project's root modules declare."""
    loaded = (project.loader.load(directory) for directory in project.roots)
    return frozenset(name for one in loaded if one is not None for name in one.variables)


def digest_root(project: Project, directory: str, options: CodeOptions) -> str:
    """Changes when one of the files does that `read_root` knows to read beforehand.

    Those that expressions name are not among them, nor modules from a registry: they are in
    `Inventory.files`.
    """
    manifest = project.root / directory / ".terraform" / "modules" / "modules.json"
    parts = [
        directory,
        digest_file(manifest),
        digest_file(project.root / directory / _WORKSPACE_FILE),
        *(digest_file(path) for path in options.var_files),
    ]
    for one in sorted(reachable(project.loader, directory)):
        parts += [one, project.loader.outline(one).digest]
    return hashlib.blake2b(
        "\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


def read_text(text: str, name: str = "main.tf") -> Inventory:
    """The resources of a configuration that exists only as text, of the file `name`.

    A line ``-- modules/a/main.tf --`` begins another file, as in Go's txtar archives; the lock
    file is one that counts, too.
    """
    problems: list[Problem] = []
    files: dict[str, list[syntax.SourceFile]] = {".": []}
    locks: dict[str, syntax.SourceFile] = {}
    for path, content in _split(text, name):
        file, found = read_hcl(content.encode("utf-8"), path)
        problems += found
        directory, _, base = path.rpartition("/")
        if base == LOCK_FILE:
            locks[directory or "."] = file
        else:
            files.setdefault(directory or ".", []).append(file)
    loaded: dict[str, Configuration] = {}
    for directory, contents in files.items():
        configuration = loaded[directory] = Configuration(directory, lock=locks.get(directory))
        fill(configuration, contents)
    given: dict[str, Given] = {}
    # Below a file there are no files, so that nothing can be read from here.
    nowhere = Path(os.devnull)
    tree = Tree(nowhere, ".", load=loaded.get, given=given, workspace="default")
    return _inventory(tree, loaded["."], ".", problems)


def _split(text: str, name: str) -> Iterator[tuple[str, str]]:
    """The files of a text: name and content."""
    pieces = _FILE_HEADER.split(text)
    yield name, pieces[0]
    yield from zip(pieces[1::2], pieces[2::2], strict=True)


def selected_workspace(directory: Path) -> str:
    """The workspace that ``terraform workspace select`` left behind in the directory.

    https://developer.hashicorp.com/terraform/cli/workspaces
    """
    path = directory / _WORKSPACE_FILE
    if path.is_symlink() or not path.is_file():
        return _DEFAULT_WORKSPACE
    try:
        with path.open("rb") as file:
            name = file.read(_LONGEST_WORKSPACE + 1).decode("utf-8", "replace").strip()
    except OSError:
        return _DEFAULT_WORKSPACE
    return name if 0 < len(name) <= _LONGEST_WORKSPACE else _DEFAULT_WORKSPACE


def _inventory(
    tree: Tree, configuration: Configuration, name: str, problems: list[Problem]
) -> Inventory:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        gathered = _Gathered()
        gathered.walk(Module(tree, configuration))
    finally:
        sys.setrecursionlimit(limit)
    for found in gathered.directories.values():
        problems.extend(found.problems)
    problems.extend(tree.problems)
    if tree.session.exceeded:
        message = f"{name}: {tree.session.exceeded}; some of them are unknown"
        problems.append(Problem("limit", message))
    files = {file.name for found in gathered.directories.values() for file in found.files}
    if configuration.lock is not None:
        files.add(configuration.lock.name)
    return Inventory(
        source=Source.CODE,
        name=name,
        resources=(*gathered.resources, *gathered.attached, *gathered.definitions),
        problems=tuple(dict.fromkeys(problems)),
        ignores=tuple(
            ignore for found in gathered.directories.values() for ignore in found.ignores
        ),
        files=tuple(sorted(files | tree.context.files.read)),
        is_fixed=not tree.context.files.listed,
    )


class _Gathered:
    """What the modules of a root module come to, in the order of their calls."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self.definitions: list[Resource] = []
        """Pseudo-resources, one for each block."""
        self.attached: list[Resource] = []
        """Pseudo-resources of which every module instance has its own."""
        self.directories: dict[str, Configuration] = {}
        self._walked: dict[Hashable, Walked] = {}

    def walk(self, module: Module) -> None:
        """Add the module and those that it calls; one that equals an earlier one as its copy."""
        key, session = twin_key(module), module.session
        first = None if key is None else self._walked.get(key)
        if first is not None and session.take_copies(first.number, first.values):
            copier = Copier(first.module, module)
            self.resources += map(copier.resource, self.resources[first.resources])
            self.attached += map(copier.resource, self.attached[first.attached])
            return
        start, at, values = len(self.resources), len(self.attached), session.values
        self._walk_here(module)
        for child in module.children():
            self.walk(child)
        if key is not None and not session.exceeded:
            resources, attached = slice(start, len(self.resources)), slice(at, len(self.attached))
            self._walked[key] = Walked(module, resources, attached, session.values - values)

    def _walk_here(self, module: Module) -> None:
        directory = module.configuration.directory
        if directory not in self.directories:
            self.definitions.extend(raise_definitions(module))
        self.directories[directory] = module.configuration
        self.attached.extend(raise_unread(module))
        for value in module.resource_values():
            resource = raise_resource(value)
            self.resources.append(resource)
            self.attached.extend(raise_sensitive_arguments(resource, map_of(value), module))


def _project_root(paths: Sequence[Path]) -> Path:
    """The top of the repository that holds all paths, or the nearest directory that does."""
    absolute = [Path(os.path.abspath(path)) for path in paths]
    starts = [path if path.is_dir() else path.parent for path in absolute]
    common = Path(os.path.commonpath(starts))
    for candidate in (common, *common.parents):
        if (candidate / ".git").exists():
            return candidate
    here = Path.cwd()
    return here if here == common or here in common.parents else common


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.abspath(path)).relative_to(root).as_posix()


def _walk(root: Path, top: str, exclude: Sequence[str], problems: list[Problem]) -> Iterator[str]:
    """Directories with configuration at and below `top`; links to directories are left alone."""

    def failed(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        message = f"{error.strerror}; the directory was not read"
        problems.append(Problem("unreadable", message, Location(name, 1, 1, 1, 1)))

    for current, directories, files in os.walk(root / top, onerror=failed):
        relative = Path(current).relative_to(root).as_posix()
        kept = []
        for name in sorted(directories):
            inner = name if relative == "." else f"{relative}/{name}"
            if name.startswith(".") or name in _SKIPPED or _is_excluded(inner, exclude):
                continue
            if os.path.islink(os.path.join(current, name)):
                message = f"{inner}: a link to a directory is not followed; scan its target"
                problems.append(Problem("link", message, incomplete=False))
                continue
            kept.append(name)
        directories[:] = kept
        if any(
            is_configuration_file(name)
            and not _is_excluded(name if relative == "." else f"{relative}/{name}", exclude)
            for name in files
        ):
            yield relative


def _is_excluded(path: str, patterns: Sequence[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, pattern.rstrip("/") + "/*")
        for pattern in patterns
    )


def _owners(root: Path, files: Iterable[str], exclude: Sequence[str]) -> set[str]:
    """The directories of these files and every directory that calls them, however far up."""
    callers: dict[str, set[str]] = {}
    unheard: list[Problem] = []
    for directory in _walk(root, ".", exclude, unheard):
        for called in _local_sources(root / directory):
            target = posixpath.normpath(posixpath.join(directory, called))
            callers.setdefault(target, set()).add(directory)
    pending = {posixpath.dirname(name) or "." for name in files}
    found: set[str] = set()
    while pending:
        directory = pending.pop()
        if directory not in found:
            found.add(directory)
            pending |= callers.get(directory, set())
    return {one for one in found if _has_configuration(root / one)}


def _has_configuration(path: Path) -> bool:
    try:
        return any(is_configuration_file(name) for name in os.listdir(path))
    except OSError:
        return False


def _local_sources(path: Path) -> Iterator[str]:
    """What looks like the source of a local module; a few too many do no harm here."""
    try:
        names = os.listdir(path)
    except OSError:
        return
    for name in names:
        if not is_configuration_file(name):
            continue
        data = read_inside(path, path / name, name, [])
        if data is None:
            continue
        for found in _LOCAL_SOURCE.findall(data):
            yield found.decode("utf-8", "replace")


def _roots(loader: Loader, directories: Sequence[str]) -> list[str]:
    """The directories that no other one calls, and one of each circle of calls."""
    called = {
        target
        for directory in directories
        for target in loader.calls(directory)
        if target != directory
    }
    roots = [one for one in directories if one not in called and loader.has_configuration(one)]
    reached: set[str] = set()
    for start in (*roots, *directories):
        if start in reached or not loader.has_configuration(start):
            continue
        if start not in roots:
            roots.append(start)
        reached |= reachable(loader, start)
    return sorted(roots)


def reachable(loader: Loader, directory: str) -> set[str]:
    """`directory` and every local module that it calls, directly or not, present or not."""
    found: set[str] = set()
    pending = [directory]
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(loader.calls(current))
    return found


def _called(configuration: Configuration | None) -> list[str]:
    found: list[str] = []
    for block in configuration.calls.values() if configuration is not None else ():
        attribute = block.body.attributes.get("source")
        source = attribute.expression if attribute is not None else None
        if isinstance(source, syntax.Literal) and isinstance(source.value, str):
            text = source.value
            if configuration is not None and text.startswith(("./", "../")):
                found.append(posixpath.normpath(posixpath.join(configuration.directory, text)))
    return found


def _widened(root: Path, scope: Iterable[str]) -> Iterator[str]:
    """The given files; for one that is no configuration, all files of its module.

    A variable file or a lock file bears on every line of its module.
    """
    for name in scope:
        if is_configuration_file(posixpath.basename(name)):
            yield name
            continue
        directory = posixpath.dirname(name)
        try:
            siblings = os.listdir(root / directory)
        except OSError:
            siblings = []
        yield from (
            posixpath.join(directory, sibling)
            for sibling in siblings
            if is_configuration_file(sibling)
        )
