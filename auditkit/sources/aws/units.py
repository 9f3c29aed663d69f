"""The unit of work, one region of one account, and how many of them run at once.

A unit is plain data that can be sent, and `read_unit` a pure function of it, so that it runs on
any executor of `concurrent.futures`: threads here, or a cluster.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from typing import Union

from auditkit.model import Problem, Resource, Unknown
from auditkit.sources.aws.accounts import Account, Regions
from auditkit.sources.aws.calling import Reader
from auditkit.sources.aws.catalogue import operations
from auditkit.sources.aws.collecting import (
    INTERRUPTED,
    Collected,
    Listed,
    Place,
    Plan,
    collect,
    listings,
)
from auditkit.sources.aws.selection import Selection
from auditkit.sources.aws.sessions import Access, session_of
from auditkit.sources.aws.withholding import withhold_secrets

AT_ONCE = 4
"""Units at once on threads."""
_PATIENCE_SECONDS = 5.0
"""How long requests that are under way may take after the run was stopped."""
_POLL_SECONDS = 0.2
_MOST_WAITING = 10_000
"""Events that wait for a slow reader before the units have to."""

Observe = Callable[["Unit", str], object]
"""Is told of each request: its unit and operation.  It is called by many threads at once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard AWS is asked in one unit."""

    workers: int = 16
    """Requests at once."""
    max_rps: float = 0.0
    """Requests a second; 0 leaves it to the limits of each operation."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One region of one account, and what is asked there."""

    access: Access
    place: Place
    selection: Selection
    now: datetime
    done: frozenset[str] = frozenset()
    """Types that need not be asked here."""
    pace: Pace = Pace()

    @property
    def plan(self) -> Plan:
        """What is asked."""
        return self.selection.plan(self.now, done=self.done)

    def listings(self) -> tuple[tuple[str, ...], ...]:
        """The types that the unit tells of; those that one listing tells stand together."""
        return tuple(listings(self.plan, self.place))


def units_of(
    account: Account, regions: Regions, selection: Selection, *, now: datetime, pace: Pace
) -> Iterator[Unit]:
    """The units of an account, that of its home region first.

    If the home region is not among the regions it is asked for global types alone.
    """
    limited = None if regions.is_all else frozenset(regions.names)
    names = dict.fromkeys((account.home, *regions.names))
    for name in names:
        place = Place(
            account.number,
            name,
            account.partition,
            is_home=name == account.home,
            regions=limited,
        )
        done = frozenset[str]() if name in regions.names else selection.regional()
        unit = Unit(account.access, place, selection, now, done, pace)
        if unit.listings():
            yield unit


def stream_unit(unit: Unit, observe: Observe | None = None) -> Iterator[Collected]:
    """What is read in the unit, as it comes, without secrets."""
    reader = Reader(
        session_of(unit.access),
        allowed=operations(),
        max_rps=unit.pace.max_rps,
        observe=None if observe is None else lambda operation, _: observe(unit, operation),
    )
    for event in collect(unit.place, unit.plan, reader, workers=unit.pace.workers):
        yield withhold_secrets(event) if isinstance(event, Resource) else event


def read_unit(unit: Unit) -> tuple[Collected, ...]:
    """What is read in the unit: the function that other machines run."""
    return tuple(stream_unit(unit))


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit has come to its end."""

    unit: Unit
    error: BaseException | None = None
    """What it ended with, if not well."""


Event = tuple[Unit, Union[Collected, Ended]]


def read_units(
    units: Sequence[Unit],
    executor: Executor,
    *,
    stop: threading.Event,
    is_local: bool = True,
    observe: Observe | None = None,
) -> Iterator[Event]:
    """What is read in all units, as it comes, and the end of each.

    Executors that are not of this process give what they read at the end of each unit.  When
    `stop` is set no more requests are made: every unit ends, and the listings are in doubt that
    were not made to their end.  A unit that was lost gives a `Problem`.
    """
    return _Run(units, executor, stop, observe).events(is_local=is_local)


class _Run:
    def __init__(
        self,
        units: Sequence[Unit],
        executor: Executor,
        stop: threading.Event,
        observe: Observe | None,
    ) -> None:
        self.left = {unit.place: unit for unit in units}
        self.executor = executor
        self.stop = stop
        self.observe = observe
        self.waiting: queue.Queue[Event] = queue.Queue(_MOST_WAITING)
        self.listed: dict[Place, set[str]] = {unit.place: set() for unit in units}
        self.is_over = False

    def events(self, *, is_local: bool) -> Iterator[Event]:
        submit = self._submit_local if is_local else self._submit
        futures = [(unit, submit(unit)) for unit in self.left.values()]
        try:
            end: float | None = None
            while self.left:
                if self.stop.is_set() and end is None:
                    end = time.monotonic() + _PATIENCE_SECONDS
                    for unit, future in futures:
                        if future.cancel():
                            yield from self._end(unit, INTERRUPTED)
                try:
                    unit, event = self.waiting.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    if end is not None and time.monotonic() > end:
                        break
                    continue
                yield from self._event(unit, event, is_local=is_local)
            for unit in tuple(self.left.values()):
                yield from self._end(unit, INTERRUPTED)
        finally:
            self.is_over = True

    def _event(self, unit: Unit, event: Collected | Ended, *, is_local: bool) -> Iterator[Event]:
        if unit.place not in self.left:
            return
        if isinstance(event, Listed):
            self.listed[unit.place].add(event.type)
        if not isinstance(event, Ended):
            yield unit, event
            return
        if event.error is None:
            yield from self._end(unit, INTERRUPTED)
            return
        if is_local:
            raise event.error
        kind = type(event.error).__name__
        yield unit, Problem("lost", f"{unit.place}: what was read there was lost ({kind})")
        yield from self._end(unit, Unknown(f"what was read there was lost ({kind})"))

    def _end(self, unit: Unit, doubt: Unknown) -> Iterator[Event]:
        """The end of a unit, after the listings that were not made."""
        if self.left.pop(unit.place, None) is None:
            return
        for types in unit.listings():
            for type in types:
                if type not in self.listed[unit.place]:
                    yield unit, Listed(type, unit.place, doubt)
        yield unit, Ended(unit)

    def _submit_local(self, unit: Unit) -> Future[None]:
        return self.executor.submit(self._feed, unit)

    def _submit(self, unit: Unit) -> Future[tuple[Collected, ...]]:
        future = self.executor.submit(read_unit, unit)
        future.add_done_callback(lambda done: self._told(unit, done))
        return future

    def _feed(self, unit: Unit) -> None:
        error: BaseException | None = None
        try:
            for event in stream_unit(unit, self._observed):
                self._put(unit, event)
        except KeyboardInterrupt:
            # It is how `_observed` ends the unit.
            pass
        except Exception as raised:  # noqa: BLE001 - the main thread raises it.
            # What waits for an answer that will not come any more fails in its own way.
            error = None if self.stop.is_set() else raised
        self._put(unit, Ended(unit, error))

    def _put(self, unit: Unit, event: Collected | Ended) -> None:
        while not self.is_over:
            try:
                self.waiting.put((unit, event), timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return

    def _observed(self, unit: Unit, operation: str) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        if self.observe is not None:
            self.observe(unit, operation)

    def _told(self, unit: Unit, done: Future[tuple[Collected, ...]]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            for event in done.result():
                self._put(unit, event)
        self._put(unit, Ended(unit, error))


__all__ = [
    "AT_ONCE",
    "Ended",
    "Event",
    "Observe",
    "Pace",
    "Unit",
    "read_unit",
    "read_units",
    "stream_unit",
    "units_of",
]
