"""The files that configuration may read: those inside the scanned tree, and no others."""

from __future__ import annotations

import os
from pathlib import Path

from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.metering import METER

MAX_FILE_BYTES = 5_000_000
"""What ``file()`` reads at most; larger ones are no configuration."""

MAX_FILES = 10_000
"""Files that ``fileset`` looks at, at most."""

_STEPS_PER_FILE = 100
"""Asking the system about a file takes that much longer than an operation."""


class TreeFiles:
    """Read access below one directory, for functions such as ``file`` and ``fileset``."""

    def __init__(self, root: Path, base: Path) -> None:
        self._root = root.resolve()
        self._base = base
        self.read: set[str] = set()
        """Files that were read or looked for, relative to the tree's root."""
        self.listed = False
        """Whether the names of files in a directory were asked for."""

    @property
    def base_directory(self) -> str:
        """The directory that relative names start from: the root module's."""
        return str(self._base)

    def _resolve(self, name: str) -> Path:
        if "\0" in name:
            raise EvaluationError("a file name can't hold a null character")
        METER.steps += _STEPS_PER_FILE
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

    def list_files(self, directory: str) -> list[str]:
        """Every file below `directory`, sorted, relative to it; up to 10,000."""
        self.listed = True
        top = self._resolve(directory)
        found = []
        for current, directories, names in os.walk(top):
            directories[:] = sorted(name for name in directories if name != ".git")
            relative = Path(current).relative_to(top)
            METER.steps += 1 + len(directories) + len(names)
            found += [(relative / name).as_posix() for name in names]
            if len(found) > MAX_FILES:
                raise EvaluationError(f"there are more than {MAX_FILES:,} files in {directory!r}")
        return sorted(found)
