"""What a directory of configuration calls, told from its files' digests where they are known.

With this a scan that has seen a tree before finds its root modules without parsing them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.sources.terraform.configuration import MAX_FILE_BYTES, is_configuration_file

_VARIABLES = (".tfvars", ".tfvars.json", ".terraform.lock.hcl")
ABSENT = "absent"
"""The digest of what is not there or can't be read."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A directory as the project's structure needs it."""

    digest: str
    """Of the names and contents of its configuration and variable files."""
    calls: tuple[str, ...]
    """The directories of the local modules that it calls, relative to the project's root."""
    is_broken: bool = False
    """Whether something in it could not be read; then it has to be read again to say so."""


Outlines = Mapping[str, Outline]
"""Directory to outline, both as an earlier scan saw them."""


def digest_directory(path: Path) -> str:
    """Changes when a file that Terraform reads in the directory does, or one comes or goes."""
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return ABSENT
    digest = hashlib.blake2b(digest_size=16)
    empty = True
    for name in names:
        if is_configuration_file(name) or name.endswith(_VARIABLES):
            empty = False
            digest.update(
                f"{name}\0{digest_file(path / name)}\0".encode("utf-8", "surrogateescape")
            )
    return ABSENT if empty else digest.hexdigest()


def digest_file(path: Path) -> str:
    """Changes when the file's content does, or where it leads if it is a link."""
    try:
        target = os.readlink(path) if path.is_symlink() else ""
        # A pipe or a device would be read for ever.
        if not path.is_file():
            return ABSENT
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            return f"larger than what is read: {size}"
        content = path.read_bytes()
    except OSError:
        return ABSENT
    return hashlib.blake2b(content + os.fsencode(target), digest_size=16).hexdigest()
