"""Rewrites ``rules/index.json``, from which a scan reads the built-in rules: ``make docs``."""

from __future__ import annotations

from pathlib import Path

from auditkit.model import Value
from auditkit.rulepack import builtin_directory
from auditkit.rulepack.document import read_document
from auditkit.rulepack.index import INDEX, digest_of, index_text
from auditkit.rulepack.load import find_rule_files, read_file


def main() -> None:
    """Writes the index of the rules in the checkout."""
    directory = builtin_directory()
    (directory / INDEX).write_text(current_index(directory), encoding="utf-8")


def current_index(directory: Path) -> str:
    """What the index of the rule files in `directory` should be."""
    documents: dict[str, Value] = {}
    for file in find_rule_files(directory):
        content = read_file(file)
        documents[digest_of(content)] = read_document(content, file).data
    return index_text(documents)


if __name__ == "__main__":
    main()
