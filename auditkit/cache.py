"""What an earlier scan found out, in a file of the user's cache directory.

A cache is never needed and never believed: whatever is wrong with it, it is as if it were not
there.  It is JSON, because loading it must not be able to run anything.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from auditkit import __version__
from auditkit.model import Value

MAX_BYTES = 200_000_000
MAX_FILES = 60
"""Files that are kept; the oldest go first."""


def cache_file(directory: Path, *key: str) -> Path:
    """The file for everything that `key` says, and this version of auditkit."""
    digest = hashlib.blake2b(
        "\0".join([__version__, *key]).encode("utf-8", "surrogatepass"), digest_size=16
    )
    return directory / f"scan-{digest.hexdigest()}.json"


def read_cache(file: Path) -> Mapping[str, Value]:
    """What `write_cache` wrote there; empty when there is nothing that can be used."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return {}
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def write_cache(file: Path, document: Mapping[str, Value]) -> None:
    """Keep `document`, which holds JSON's types only; fails silently.

    Only the user can read it, for it tells what is wrong with the user's infrastructure.
    """
    # It takes milliseconds to import, and most scans write nothing.
    import tempfile

    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    if len(text) > MAX_BYTES:
        return
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".scan-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(text)
            os.replace(name, file)
        except OSError:
            os.unlink(name)
            raise
        _prune(file.parent)


def _prune(directory: Path) -> None:
    files = sorted(directory.glob("scan-*.json"), key=lambda file: file.stat().st_mtime)
    for file in files[:-MAX_FILES]:
        file.unlink(missing_ok=True)
