"""The files that configuration may read: those inside the scanned tree, and no others."""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path

from auditkit.sources.terraform.errors import EvaluationError

MAX_FILE_BYTES = 5_000_000
"""What ``file()`` reads at most; larger ones are no configuration."""


class TreeFiles:
    """Read access below one directory, for functions such as ``file`` and ``fileset``."""

    def __init__(self, root: Path, base: Path) -> None:
        self._root = root.resolve()
        self._base = base
        self.read: set[str] = set()
        """Files that were read or looked for, relative to the tree's root."""

    @property
    def base_directory(self) -> str:
        """The directory that relative names start from: the root module's."""
        return str(self._base)

    def _resolve(self, name: str) -> Path:
        if "\0" in name:
            raise EvaluationError("a file name can't hold a null character")
        try:
            path = (self._base / name).resolve()
        except (OSError, RuntimeError) as error:
            raise EvaluationError(f"the file {name!r} can't be found: {error}") from error
        if path != self._root and self._root not in path.parents:
            raise EvaluationError(f"the file {name!r} is outside the scanned tree")
        self.read.add(path.relative_to(self._root).as_posix())
        return path

    def read_file(self, name: str) -> bytes:
        """The file's content.  Raises `EvaluationError` outside the tree, or if it can't."""
        path = self._resolve(name)
        try:
            if not path.is_file():
                raise EvaluationError(f"there is no file {name!r}")
            if path.stat().st_size > MAX_FILE_BYTES:
                raise EvaluationError(f"the file {name!r} is too large to read")
            return path.read_bytes()
        except OSError as error:
            raise EvaluationError(f"the file {name!r} can't be read: {error.strerror}") from error

    def file_exists(self, name: str) -> bool:
        """Whether there is a regular file of that name in the tree."""
        return self._resolve(name).is_file()

    def list_files(self, directory: str, pattern: str) -> list[str]:
        """Files below `directory` that match the ``fileset`` pattern, sorted, relative to it."""
        top = self._resolve(directory)
        alternatives = _expand_braces(pattern)
        found = []
        for current, directories, names in os.walk(top):
            directories[:] = sorted(name for name in directories if name != ".git")
            relative = Path(current).relative_to(top)
            for name in names:
                path = (relative / name).as_posix()
                if any(_matches(path.split("/"), one.split("/")) for one in alternatives):
                    found.append(path)
                    if len(found) > 10_000:
                        raise EvaluationError(f"more than 10,000 files match {pattern!r}")
        return sorted(found)


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Whether path parts match pattern parts, ``**`` standing for any number of them."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[count:], pattern[1:]) for count in range(len(parts) + 1))
    return (
        bool(parts)
        and fnmatch.fnmatchcase(parts[0], pattern[0])
        and _matches(parts[1:], pattern[1:])
    )


def _expand_braces(pattern: str) -> list[str]:
    """``a{b,c}`` as ``ab`` and ``ac``, up to a hundred patterns."""
    start, end = pattern.find("{"), pattern.find("}")
    if start < 0 or end < start:
        return [pattern]
    head, tail = pattern[:start], pattern[end + 1 :]
    result = []
    for choice in pattern[start + 1 : end].split(","):
        result.extend(_expand_braces(head + choice + tail))
        if len(result) > 100:
            raise EvaluationError(f"the pattern {pattern!r} has too many alternatives")
    return result
