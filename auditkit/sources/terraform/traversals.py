"""The names in an expression, with what is read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.sources.terraform import syntax

_NAMESPACES = ("var", "local", "module")


@dataclass(frozen=True, slots=True)
class Traversal:
    """A chain of names and indexes that begins with a name: ``var.sizes[each.key].disk``."""

    node: syntax.Expression
    """The whole of it."""
    root: str
    """The name that it begins with: ``var``."""
    keys: tuple[str | syntax.Expression, ...]
    """What follows, in order: names as text, indexes as they are written."""

    @property
    def named(self) -> tuple[str, str] | None:
        """``("var", "sizes")``, ``("module", "db.arn")``; ``None`` for what is neither."""
        names = [key for key in self.keys if isinstance(key, str)]
        if self.root in ("var", "local") and names:
            return self.root, names[0]
        if self.root == "module" and len(names) > 1:
            return "module", f"{names[0]}.{names[1]}"
        return None


def traversals(expression: syntax.Expression) -> Iterator[Traversal]:
    """Every chain in the expression, in order, but for those in the indexes of others."""
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, (syntax.GetAttribute, syntax.Index, syntax.Variable)):
            # The chain is done as a whole: one of thousands of names takes no longer.
            start, keys = _chain(node)
            if isinstance(start, syntax.Variable):
                yield Traversal(node, start.name, tuple(keys))
                continue
            pending.extend(key for key in reversed(keys) if not isinstance(key, str))
            pending.append(start)
        elif isinstance(node, (list, tuple)):
            pending.extend(reversed(node))
        elif isinstance(node, syntax.Expression):
            pending.extend(getattr(node, name) for name in reversed(node.__dataclass_fields__))


def _chain(
    node: syntax.Expression,
) -> tuple[syntax.Expression, list[str | syntax.Expression]]:
    """What a chain of names and indexes starts from, and the chain."""
    keys: list[str | syntax.Expression] = []
    while isinstance(node, (syntax.GetAttribute, syntax.Index)):
        keys.append(node.name if isinstance(node, syntax.GetAttribute) else node.key)
        node = node.source
    keys.reverse()
    return node, keys
