"""Where code asks for the name of the workspace, and where it chooses by that name.

https://developer.hashicorp.com/terraform/language/state/workspaces
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.configuration import Configuration
from auditkit.sources.terraform.traversals import traversals

_NAME = b"terraform.workspace"
_CHOOSING = frozenset(["contains", "endswith", "lookup", "regex", "regexall", "startswith"])
"""Functions whose result tells one name from another."""


@dataclass(frozen=True, slots=True)
class WorkspaceUse:
    """An argument that names ``terraform.workspace``."""

    block: syntax.Block
    """The outermost block around it."""
    path: tuple[str | int, ...]
    """The argument in the block."""
    chooses: bool
    """Whether it compares the name or looks something up by it, as opposed to passing it on."""


def workspace_uses(configuration: Configuration) -> Iterator[WorkspaceUse]:
    """The arguments in a module's files that name the workspace, in source order."""
    for file in configuration.files:
        # Almost no file does, and to walk through every expression takes time.
        if _NAME not in file.data:
            continue
        for block in file.body.blocks:
            for path, expression in _arguments(block.body, ()):
                if _names_it(expression):
                    yield WorkspaceUse(block, path, _chooses(expression))


def _arguments(
    body: syntax.Body, at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], syntax.Expression]]:
    for name, attribute in body.attributes.items():
        yield (*at, name), attribute.expression
    numbers: dict[str, int] = {}
    for block in body.blocks:
        number = numbers[block.type] = numbers.get(block.type, -1) + 1
        yield from _arguments(block.body, (*at, block.type, number))


def _names_it(expression: syntax.Expression) -> bool:
    """Whether the name occurs anywhere, in the indexes of other names too."""
    for one in traversals(expression):
        if one.root == "terraform" and one.keys == ("workspace",):
            return True
        if any(_names_it(key) for key in one.keys if not isinstance(key, str)):
            return True
    return False


def _chooses(expression: syntax.Expression) -> bool:
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Binary) and node.operator in ("==", "!="):
            if _names_it(node):
                return True
        elif isinstance(node, syntax.Index):
            if _names_it(node.key):
                return True
        elif isinstance(node, syntax.Call) and node.name in _CHOOSING and _names_it(node):
            return True
        if isinstance(node, (list, tuple)):
            pending.extend(node)
        elif isinstance(node, syntax.Expression):
            pending.extend(getattr(node, name) for name in node.__dataclass_fields__)
    return False
