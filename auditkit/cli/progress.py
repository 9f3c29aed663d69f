"""How far a run has come, on a terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.sources.aws.units import Unit


class Progress:
    """Counts what is done, and shows nothing."""

    def __init__(self) -> None:
        self.calls = 0
        self._lock = threading.Lock()

    def called(self, unit: Unit, operation: str) -> None:
        """Called before each request, by many threads at once."""
        with self._lock:
            self.calls += 1

    def listed(self) -> None:
        """Called when a type has been listed somewhere."""


@contextmanager
def show_progress(units: Sequence[Unit], *, is_shown: bool) -> Iterator[Progress]:
    """What counts the progress of the units, and shows it on standard error if `is_shown`."""
    if not is_shown:
        yield Progress()
        return
    from rich import progress as rich_progress
    from rich.console import Console

    with rich_progress.Progress(
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TextColumn("{task.fields[calls]} calls"),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TextColumn("about"),
        rich_progress.TimeRemainingColumn(),
        rich_progress.TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        total = sum(len(types) for unit in units for types in unit.listings())
        task = bar.add_task("reading AWS", total=total, calls=0)

        class Shown(Progress):
            def called(self, unit: Unit, operation: str) -> None:
                super().called(unit, operation)
                service = operation.partition(":")[0]
                bar.update(task, description=f"{unit.place} {service}", calls=self.calls)

            def listed(self) -> None:
                bar.advance(task)

        yield Shown()
