"""The built-in rules as JSON beside their YAML files: parsing YAML is most of a short scan.

``index.json`` holds, for every rule file, its digest and what it says without its examples.  An
entry is used only for a file with exactly that content, so a file that was edited is read
itself, and nothing has to be kept in step for the result to be right.  ``make docs`` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.model import Value

INDEX = "index.json"
MAX_BYTES = 256 * 1024
"""The size of the largest rule file."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a rule file says, from the index; stands where a `Document` would."""

    path: str
    data: Value

    def position(self, place: tuple[str | int, ...], of_key: bool) -> str:
        """The file alone: what is in the index has no mistakes to point at."""
        return self.path


def digest_of(content: bytes) -> str:
    """The key of a file's content."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def read_index(directory: Path) -> Mapping[str, Value]:
    """Digest to data of the rule files in `directory`; empty when there is no usable index."""
    try:
        document = json.loads((directory / INDEX).read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def index_text(documents: Mapping[str, Value]) -> str:
    """The index of these documents by digest, a line each, so that a change is one line."""
    lines = [
        f"{json.dumps(digest)}: {json.dumps(_without_examples(data), ensure_ascii=False)}"
        for digest, data in documents.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _without_examples(data: Value) -> Value:
    if not isinstance(data, Mapping):
        return data
    return {key: value for key, value in data.items() if key != "examples"}
