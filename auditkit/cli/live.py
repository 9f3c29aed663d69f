"""Live AWS in a scan: from options to inventories, read from accounts or from files."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType

from auditkit import __version__
from auditkit.cli.executors import workplace
from auditkit.cli.live_options import LiveOptions
from auditkit.cli.progress import show_progress
from auditkit.companions import COMPANIONS
from auditkit.errors import ConfigError
from auditkit.identity import READ_AS
from auditkit.model import Inventory, Problem, Rule, Source
from auditkit.sources.aws.accounts import Targets, describe_closed, find_accounts, find_regions
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Listed
from auditkit.sources.aws.gathering import merge_gaps
from auditkit.sources.aws.saving import (
    Header,
    Reading,
    Saver,
    count_objects,
    read_header,
    read_inventories,
    resumed_time,
)
from auditkit.sources.aws.selection import Selection, has_subjects, needs_live, select
from auditkit.sources.aws.units import AT_ONCE, Ended, Event, Pace, Unit, read_units, units_of

_LISTED = 8


class Live:
    """Reads accounts and files of inventories, and remembers where it has been."""

    def __init__(self, options: LiveOptions, *, now: datetime) -> None:
        self.options = options
        self.now = now
        self.places: list[str] = []
        """Accounts and regions: ``123456789012/eu-west-1``."""
        self.notes: list[str] = []
        """What was not covered, and was not meant to be."""
        self.calls = 0
        self._stop = threading.Event()
        # It prints tracebacks for what we tell in a line.
        logging.getLogger("botocore").setLevel(logging.CRITICAL)

    @property
    def is_interrupted(self) -> bool:
        """Whether Ctrl-C ended it early."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask for no more: what is read by then is kept."""
        self._stop.set()

    def read(self, rules: Mapping[str, Rule]) -> Iterator[tuple[Inventory, datetime]]:
        """The inventory of each account, and the time up to which ages count in it.

        Of live accounts, no more is read than the rules look at.
        """
        for path in self.options.inventories:
            header = read_header(path)
            self._note(header, rules)
            yield from _as_of(header.time, read_inventories(path))
        if self.options.is_live:
            selection = self.selection(rules)
            header, units = self.prepare(selection)
            self._note(header, rules)
            yield from _as_of(header.time, self._inventories(header, units))

    def selection(self, rules: Mapping[str, Rule] | None) -> Selection:
        """What is asked: what the rules look at, or without rules everything.

        Raises `ConfigError` when nothing is left.
        """
        needed = None
        given = self.options
        if rules is not None:
            needed = [
                needs_live(rule)
                for rule in rules.values()
                if Source.LIVE in rule.sources
                and has_subjects(rule, services=given.services, types=given.types)
            ]
        selection = select(needed, services=given.services, types=given.types)
        if not selection.types:
            raise ConfigError("the rules look at nothing in live AWS that was chosen")
        return selection

    def prepare(self, selection: Selection) -> tuple[Header, Sequence[Unit]]:
        """The accounts and regions to read; asks AWS which there are."""
        given = self.options
        targets = Targets(given.accounts, given.role, given.external_id)
        accounts, problems = find_accounts(targets)
        found = [(account, find_regions(account, given.regions)) for account in accounts]
        at_once = min(AT_ONCE, sum(len(regions.names) for _, regions in found))
        # A run that is resumed counts ages up to when it began.
        path = given.save if given.resumes else None
        now = (resumed_time(path) if path else None) or self.now
        pace = Pace(max(1, given.workers // at_once), given.max_rps / at_once)
        units = [
            unit
            for account, regions in found
            for unit in units_of(account, regions, selection, now=now, pace=pace)
        ]
        header = Header(
            tool=__version__,
            time=now,
            callers=tuple(account.caller for account in accounts),
            selection=selection,
            readings=tuple(Reading(unit.place, unit.listings()) for unit in units),
            problems=(*problems, *(each.problem for _, each in found if each.problem)),
            notes=tuple(describe_closed({a.number: each.closed for a, each in found})),
        )
        return header, units

    def record(self, header: Header, units: Sequence[Unit], path: Path) -> Iterator[Event]:
        """What is read, as it comes and is written to `path`; earlier runs' first, on resume."""
        saver = Saver(path, header, resumes=self.options.resumes)
        by_place = {str(unit.place): unit for unit in units}
        try:
            for place, event in saver.earlier():
                yield by_place[str(place)], event
            left: list[Unit] = []
            for unit in units:
                done = saver.done.get(str(unit.place), frozenset())
                rest = replace(unit, done=unit.done | done)
                if rest.listings():
                    left.append(rest)
                else:
                    yield unit, Ended(unit)
            for unit, read in self._events(left):
                if not isinstance(read, Ended):
                    saver.write(unit.place, read)
                yield unit, read
        finally:
            saver.close()
        if not self.is_interrupted:
            saver.finish()

    def counts(self) -> Mapping[tuple[str, str, str], int] | None:
        """How many objects the given inventories have, by account, region and type."""
        counts: dict[tuple[str, str, str], int] = {}
        for path in self.options.inventories:
            counts.update(count_objects(path))
        return counts if self.options.inventories else None

    def merge(self, problems: Iterable[Problem]) -> Iterable[Problem]:
        """The problems, one for each cause."""
        return merge_gaps(problems)

    def _inventories(self, header: Header, units: Sequence[Unit]) -> Iterator[Inventory]:
        gatherings = {account: header.gathering(account) for account in header.accounts}
        left = {account: len(each.expected) for account, each in gatherings.items()}
        save = self.options.save
        events = self._events(units) if save is None else self.record(header, units, save)
        for unit, event in events:
            account = unit.place.account
            if not isinstance(event, Ended):
                gatherings[account].add(unit.place.region, event)
                continue
            left[account] -= 1
            if not left[account]:
                # Judged as soon as it is complete, and forgotten: one account need fit in memory.
                yield gatherings.pop(account).inventory()
        problems = [*header.problems, *self.problems()]
        yield Inventory(Source.LIVE, "", problems=tuple(problems), covered=frozenset())

    def problems(self) -> Iterator[Problem]:
        """That it was interrupted, if it was."""
        if self.is_interrupted:
            message = "interrupted with Ctrl-C: what was not read by then is missing"
            if self.options.save is not None:
                message += f"; --resume goes on with {self.options.save}"
            yield Problem("interrupted", message)

    def _events(self, units: Sequence[Unit]) -> Iterator[Event]:
        if not units:
            return
        is_shown = self.options.shows_progress and sys.stderr.isatty()
        with (
            workplace(self.options.executor, at_once=AT_ONCE) as place,
            show_progress(units, is_shown=is_shown) as progress,
            _stopped_by_ctrl_c(self._stop),
        ):
            for unit, event in read_units(
                units,
                place.executor,
                stop=self._stop,
                is_local=place.is_local,
                observe=progress.called,
            ):
                if isinstance(event, Listed):
                    progress.listed()
                yield unit, event
            self.calls += progress.calls

    def _note(self, header: Header, rules: Mapping[str, Rule]) -> None:
        self.places += [str(each.place) for each in header.readings]
        self.notes += [*_unread(rules, header.selection), *header.notes]


def _as_of(
    moment: datetime, inventories: Iterator[Inventory]
) -> Iterator[tuple[Inventory, datetime]]:
    """Each inventory with its time."""
    for inventory in inventories:
        yield inventory, moment
        # It is let go before the next one is read.
        del inventory


@contextmanager
def _stopped_by_ctrl_c(stop: threading.Event) -> Iterator[None]:
    """Sets `stop` on the first Ctrl-C; the second one is as always."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _unread(rules: Mapping[str, Rule], selection: Selection) -> Iterator[str]:
    """The types that rules are about and that were not read, a line for each reason."""
    known = live_types()
    patterns = {
        pattern
        for rule in rules.values()
        if Source.LIVE in rule.sources
        for pattern in rule.resources
        if pattern.startswith("aws_") and pattern.isidentifier()
    }
    # A companion is told by what it configures.
    elsewhere = {row.type for row in COMPANIONS if not known.keys().isdisjoint(row.targets)}
    elsewhere |= {type for type, other in READ_AS.items() if other in known}
    unknown = sorted(patterns - known.keys() - elsewhere)
    if unknown:
        yield f"live AWS, for auditkit does not read it: {_some(unknown)}"
    left_out = sorted(
        name
        for name in known
        if name not in selection.types and any(fnmatchcase(name, each) for each in patterns)
    )
    if left_out:
        yield f"live AWS that was not to be read: {_some(left_out)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more types" if more > 0 else "")
