"""How much work a function has done, for those whose arguments do not tell it."""

from __future__ import annotations


class Meter:
    """Counts steps of about a microsecond each; the evaluator reads it around every call."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = 0


METER = Meter()
"""The meter of this process."""
