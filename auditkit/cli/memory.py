"""What earlier scans of the same tree found out, root module by root module.

A root module is remembered with the digest of everything that it was evaluated from; while
that stays the same, so does what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditkit.cache import cache_file, read_cache, write_cache
from auditkit.cli.partitions import Partition, decode, encode
from auditkit.sources.terraform.code import CodeOptions, Project, digest_root
from auditkit.sources.terraform.outlines import Outline, digest_directory, digest_file

FEWEST_ROOTS = 4
"""Root modules of a tree that is worth remembering: with fewer, all is read again in a moment."""


class Memory:
    """The cache of one tree, scanned with one set of rules and options."""

    def __init__(self, directory: Path, *key: str) -> None:
        self._file = cache_file(directory, *key)
        self._document: Mapping[str, Any] = read_cache(self._file)
        self._records: dict[str, Any] = {}
        self._fresh = False
        self.outlines = _read_outlines(self._document.get("outlines"))
        """The directories as they were when this was written."""

    def recall(self, project: Project, directory: str, options: CodeOptions) -> Partition | None:
        """What the root module came to, if nothing that it was made of has changed."""
        records = self._document.get("roots")
        record = records.get(directory) if isinstance(records, dict) else None
        try:
            if record is None or record["digest"] != digest_root(project, directory, options):
                return None
            for name, digest in record["inputs"].items():
                if _digest(project.root / name) != digest:
                    return None
            partition = decode(record["partition"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            # Not of our making, or damaged: it is read again.
            return None
        self._records[directory] = record
        return partition

    def keep(
        self, project: Project, directory: str, options: CodeOptions, partition: Partition
    ) -> None:
        """Remember what the root module came to."""
        self._fresh = True
        if not partition.is_fixed:
            return
        outlined = set(project.loader.outlines)
        places = {Path(name).parent.as_posix() for name in partition.files}
        # Files that expressions name, and whole modules from elsewhere.
        inputs = {*partition.files, *(place for place in places if place not in outlined)}
        self._records[directory] = {
            "digest": digest_root(project, directory, options),
            "inputs": {
                name: _digest(project.root / name)
                for name in sorted(inputs)
                if Path(name).parent.as_posix() not in outlined or not _is_configuration(name)
            },
            "partition": encode(partition),
        }

    def save(self, project: Project) -> None:
        """Write down what was kept, if it is worth it and anything is new."""
        if not self._fresh or len(project.roots) < FEWEST_ROOTS:
            return
        write_cache(
            self._file,
            {
                "outlines": {
                    directory: [outline.digest, list(outline.calls), outline.is_broken]
                    for directory, outline in project.loader.outlines.items()
                },
                "roots": self._records,
            },
        )


def _is_configuration(name: str) -> bool:
    return name.endswith((".tf", ".tofu", ".tf.json", ".tofu.json"))


def _digest(path: Path) -> str:
    return digest_directory(path) if path.is_dir() else digest_file(path)


def _read_outlines(document: Any) -> Mapping[str, Outline]:
    outlines: dict[str, Outline] = {}
    for directory, one in document.items() if isinstance(document, dict) else ():
        match one:
            case [str(digest), list(calls), bool(is_broken)]:
                outlines[directory] = Outline(digest, tuple(map(str, calls)), is_broken=is_broken)
    return outlines
