"""Trying what a scan would ask: each operation once or so, on what there is to ask about."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum

from botocore.config import Config

from auditkit.sources.aws.accounts import REGIONS_CALL, Account, find_regions
from auditkit.sources.aws.calling import CONFIG, Asking, Failure, Reader
from auditkit.sources.aws.catalogue import operations
from auditkit.sources.aws.collecting import collect, questions, says_absent
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.expressions import Json
from auditkit.sources.aws.permissions import action_of
from auditkit.sources.aws.sessions import session_of
from auditkit.sources.aws.units import Unit

MOST_TRIES = 5
"""How often an operation is asked that says of what kind an object is, such as kms:DescribeKey."""
_HASTY = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))


class Outcome(IntEnum):
    """What came of trying an action, the worst last."""

    NOT_TRIED = 0
    """There was nothing to ask about."""
    OK = 1
    ERROR = 2
    DENIED = 3

    @property
    def label(self) -> str:
        """The word for it."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying an action in an account."""

    account: str
    action: str
    """The IAM action: ``kms:ListKeys``."""
    outcome: Outcome
    cause: str = ""
    """Why it is not `Outcome.OK`."""


_NOTHING = "nothing was found to ask about"


def try_unit(unit: Unit) -> Iterator[Trial]:
    """What comes of the operations that the unit would ask, none more than a few times."""
    reader = Reader(session_of(unit.access), allowed=operations(), config=_HASTY)
    frugal = _Frugal(reader)
    plan = unit.plan
    for _ in collect(unit.place, plan, frugal, workers=unit.pace.workers):
        # What is read does not matter, nor in which other way that ends.
        pass
    for question in questions(plan, unit.place):
        for call in _calls_of(question.call):
            outcome, cause = frugal.told.get(call.operation, (Outcome.NOT_TRIED, _NOTHING))
            yield Trial(unit.place.account, action_of(call), outcome, cause)


def try_regions(account: Account) -> Trial:
    """What comes of asking which regions there are."""
    problem = find_regions(account).problem
    action = action_of(REGIONS_CALL)
    if problem is None:
        return Trial(account.number, action, Outcome.OK)
    outcome = Outcome.DENIED if problem.kind == "denied" else Outcome.ERROR
    return Trial(account.number, action, outcome, problem.message.partition(": ")[2])


def sum_up(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """One trial for each account and action, sorted: the worst, whatever else came of others."""
    worst: dict[tuple[str, str], Trial] = {}
    for trial in trials:
        known = worst.setdefault((trial.account, trial.action), trial)
        if trial.outcome > known.outcome:
            worst[trial.account, trial.action] = trial
    return tuple(worst[key] for key in sorted(worst))


def _calls_of(call: Call) -> Iterator[Call]:
    if call.operation:
        yield call
    if call.starts:
        yield Call(call.starts)


class _Frugal:
    """Asks each operation once, and then says that there is no more."""

    def __init__(self, reader: Asking) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._times: Counter[str] = Counter()
        self._pages: dict[str, tuple[Mapping[str, Json], Json]] = {}
        self.told: dict[str, tuple[Outcome, str]] = {}
        """Operation to the worst that came of it, and why."""

    def pages(self, call: Call, arguments: Mapping[str, Json], region: str) -> Iterator[Json]:
        """The first page of the first answers.  Raises `Failure` when there is none."""
        if call.starts:
            # Whether it may be asked shows before AWS has prepared the answer.
            with suppress(Failure):
                self._page(Call(call.starts), {}, region)
        yield self._page(replace(call, starts=""), arguments, region)

    def _page(self, call: Call, arguments: Mapping[str, Json], region: str) -> Json:
        operation = call.operation
        with self._lock:
            asked, page = self._pages.get(operation, ({}, None))
            if page is not None and asked == arguments:
                return page
            self._times[operation] += 1
            if self._times[operation] > (MOST_TRIES if call.into == "." else 1):
                raise Failure("gone", action_of(call), "asked before", region)
        try:
            page = next(self._reader.pages(call, arguments, region), {})
        except Failure as failure:
            self._tell(operation, *_judge(call, failure))
            raise
        self._tell(operation, Outcome.OK, "")
        with self._lock:
            self._pages[operation] = dict(arguments), page
        return page

    def _tell(self, operation: str, outcome: Outcome, cause: str) -> None:
        with self._lock:
            self.told[operation] = max(self.told.get(operation, (outcome, cause)), (outcome, cause))


def _judge(call: Call, failure: Failure) -> tuple[Outcome, str]:
    """What a failure says of being allowed to ask."""
    if failure.kind == "denied" and not says_absent(call, failure):
        return Outcome.DENIED, failure.cause
    if failure.kind == "gone" or says_absent(call, failure) or failure.code in call.pending:
        return Outcome.OK, ""
    return Outcome.ERROR, failure.cause
