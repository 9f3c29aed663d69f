"""Operands, as the authors of rules have to write them.

Each function takes one kind of operand; it raises `ValueError` for any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditkit.model import Value
from auditkit.rules.values import format_value


def take_bool(operand: Value) -> bool:
    """True or false."""
    if not isinstance(operand, bool):
        raise ValueError(f"takes true or false, not {format_value(operand)}")
    return operand


def take_number(operand: Value) -> float:
    """A number."""
    if isinstance(operand, bool) or not isinstance(operand, (int, float)):
        raise ValueError(f"takes a number, not {format_value(operand)}")
    return operand


def take_text(operand: Value) -> str:
    """A text that is not empty."""
    if not isinstance(operand, str) or not operand:
        raise ValueError(f"takes a text, not {format_value(operand)}")
    return operand


def take_list(operand: Value) -> Sequence[Value]:
    """A list that is not empty."""
    if not isinstance(operand, list) or not operand:
        raise ValueError(f"takes a list of values, not {format_value(operand)}")
    return operand


def take_texts(operand: Value) -> tuple[str, ...]:
    """One or several texts."""
    texts: Iterable[Value] = operand if isinstance(operand, list) else (operand,)
    taken = tuple(map(take_text, texts))
    if not taken:
        raise ValueError("takes a text or a list of texts, and the list is empty")
    return taken
