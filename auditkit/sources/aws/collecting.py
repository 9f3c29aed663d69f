"""One account and region, read into resources.

Listings run page by page and records side by side on threads; what a record needs besides is
asked in turn, and a record is forgotten when its resources are made.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Union

from auditkit.companions import companions_of
from auditkit.model import Problem, Resource, Source, Unknown, Value
from auditkit.sources.aws.calling import Asking, Failure
from auditkit.sources.aws.catalogue import ancestors_of, parents_of
from auditkit.sources.aws.declarations import METRIC_DATA, Call, LiveType, Metric
from auditkit.sources.aws.expressions import (
    EXPRESSION_ERRORS,
    Json,
    Record,
    Untold,
    compile_expression,
)
from auditkit.sources.aws.mapping import NOT_COLLECTED, LiveTypeKey, Mapped, mapped
from auditkit.sources.aws.metrics import MEMBER, QUERIES, measure
from auditkit.sources.aws.shapes import Known, answer_of, element_of, item_of, names_in

WORKERS = 16
"""Requests at once in one account and region."""
INTERRUPTED = Unknown("the run was interrupted")
"""Why a listing was not made to its end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where is read: one region of one account."""

    account: str
    region: str
    partition: str = "aws"
    is_home: bool = True
    """Whether the global types are listed here."""
    regions: frozenset[str] | None = None
    """The regions whose objects of global types matter; ``None`` for all of them."""

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class Listed:
    """The end of a type's listing: it is complete, or why it is not."""

    type: str
    place: Place
    doubt: Unknown | None = None


Collected = Union[Resource, Listed, Problem]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of one account and region."""

    types: Mapping[str, LiveType]
    wanted: Mapping[str, frozenset[str]] | None = None
    """Type to the attributes that matter; ``None`` for all.  Calls for others are not made."""
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    """Until when CloudWatch is asked."""
    done: frozenset[str] = frozenset()
    """Types that were told before, or are told elsewhere: no listing is made for them alone."""


def collect(
    place: Place, plan: Plan, reader: Asking, *, workers: int = WORKERS
) -> Iterator[Collected]:
    """The resources in one account and region as they come, and how each listing ended.

    The end of a listing is told when it and all below it are done with.  A listing that failed
    gives one resource that stands for all that may be there, with its `Resource.doubt`, and a
    `Problem`.  Ends early, with every unfinished listing in doubt, on `KeyboardInterrupt`, which
    is raised again at the end.
    """
    return _Run(place, plan, reader, workers).events()


@dataclass(frozen=True, slots=True)
class Question:
    """A call that `collect` is to make, and how often."""

    call: Call
    each: str = ""
    """The type for every record of which it is made; empty if it is made once."""
    also: tuple[str, ...] = ()
    """More types that ask this of their records; an item that is of several is asked once."""
    size: int = 1
    """For how many records at once."""
    if_any: tuple[str, ...] = ()
    """Of a call that is made once: the types of one of which there must be a record."""
    times: int = 1
    """How often it is made for one record, or in all if it is made for none."""


def listings(plan: Plan, place: Place) -> Iterator[tuple[str, ...]]:
    """The types that `collect` tells of together: those of one listing, and of those below."""
    for group in _grouped(plan, place):
        yield tuple(each.live.type for each in group.every() if each.is_emitted)


def questions(plan: Plan, place: Place) -> Iterator[Question]:
    """What `collect` asks; what many types share, as the call for tags, once."""
    groups = list(_grouped(plan, place))
    listed = [_question(group.listing) for group in groups]
    shared: dict[tuple[Json, ...], Question] = {}
    for group in groups:
        for question in _questions(group, "", _times(group.listing, _context(place, plan), place)):
            if not question.call.operation or not question.times:
                continue
            key = _question(question.call)
            if not question.if_any:
                yield question
            elif key not in listed:
                types = (*shared[key].if_any, *question.if_any) if key in shared else None
                shared[key] = replace(question, if_any=types or question.if_any)
    yield from shared.values()


def _times(listing: Call, context: Mapping[str, Json], place: Place) -> int:
    """How often a listing at the top is made."""
    given = Record({**context, "_region": place.region})
    if not listing.over:
        return int(_applies(listing, given))
    values = _items(_look(listing, listing.over, given))
    return sum(_applies(listing, Record({**given, "_over": value})) for value in values)


def _context(place: Place, plan: Plan) -> Mapping[str, Json]:
    """What every record has."""
    return {"_account": place.account, "_partition": place.partition, **_times_until(plan.now)}


def _questions(group: _Group, parent: str, times: int = 1) -> Iterator[Question]:
    yield Question(group.listing, parent, times=times)
    # What several types want to know of the same item is asked once.
    asked: dict[tuple[Json, ...], Question] = {}
    for each in group.types:
        type = each.live.type
        below = [_question(replace(child.listing, when="")) for child in each.children]
        for call in each.completing:
            if call.key and not call.size:
                yield Question(call, if_any=(type,))
                continue
            # Of those asked on several conditions each is counted as if it were always asked.
            key = _question(replace(call, when=""))
            if key in asked:
                asked[key] = replace(asked[key], also=(*asked[key].also, type))
            elif key not in below:
                asked[key] = Question(call, type, size=max(call.size, 1))
        if each.metrics:
            yield Question(METRIC_DATA, type, size=QUERIES // len(each.metrics))
        for child in each.children:
            yield from _questions(child, type)
    yield from asked.values()


@dataclass(slots=True)
class _Group:
    """Types that one listing tells, each taking its part of the answer."""

    listing: Call
    types: list[_Type] = field(default_factory=list)

    def every(self) -> Iterator[_Type]:
        """Its types and all that are listed for their records."""
        for each in self.types:
            yield each
            for group in each.children:
                yield from group.every()


@dataclass(slots=True)
class _Type:
    live: LiveType
    mapped: Mapped
    is_emitted: bool
    """Whether it is asked for itself, not only for the sake of its children."""
    completing: tuple[Call, ...]
    wanted: frozenset[str] | None
    observes: frozenset[str]
    """What matters of that which the provider has no word for."""
    metrics: Mapping[str, Metric]
    """What CloudWatch is asked for."""
    unfilled: Mapping[str, Value]
    """Attributes that companions tell which are not asked for."""
    filters_late: bool
    """Whether only completing calls tell if a record is of the type."""
    children: list[_Group] = field(default_factory=list)

    def below(self, record: Record) -> Iterator[_Group]:
        """What is to be listed for a record of the type."""
        yield from self.children
        # What AWS says to be inside itself would never end.
        if self.live.nests and record["_id"] not in _ids_above(record):
            yield _Group(self.live.listing, [self])


_Answers = dict[tuple[str, ...], Union[Json, Exception]]
"""What was asked for one listed item, and told or refused."""


@dataclass(slots=True)
class _Task:
    """A page to list, or a record to complete."""

    run: Callable[[], tuple[list[Collected], list[_Task]]]
    types: tuple[str, ...]


class _Run:
    def __init__(self, place: Place, plan: Plan, reader: Asking, workers: int) -> None:
        self.place = place
        self.plan = plan
        self.reader = reader
        self.workers = workers
        self.groups = list(_grouped(plan, place))
        self._indexes: dict[tuple[Json, ...], Future[Mapping[Json, list[Json]]]] = {}
        self._shared = _asked_twice(self.groups)
        self._answers: dict[tuple[Json, ...], Future[list[Json]]] = {}
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._doubts: dict[str, Unknown] = {}
        self._context = _context(place, plan)

    def events(self) -> Iterator[Collected]:
        tasks = [
            (group, task)
            for group in reversed(self.groups)
            for task in self._listing_tasks(group, None, self.place.region)
        ]
        left = Counter(id(group) for group, _ in tasks)
        interrupted: KeyboardInterrupt | None = None
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="auditkit")
        running: dict[Future[tuple[list[Collected], list[_Task]]], tuple[_Group, _Task]] = {}
        for group in self.groups:
            if not left[id(group)]:
                # There is nothing to ask here.
                yield from self._listed(group)
        try:
            while tasks or running:
                while tasks and len(running) < 2 * self.workers:
                    group, task = tasks.pop()
                    running[pool.submit(task.run)] = group, task
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    collected, more = future.result()
                    group, _ = running.pop(future)
                    # The newest first: a record is done with before the next page is asked for.
                    tasks += [(group, task) for task in more]
                    yield from collected
                    left[id(group)] += len(more) - 1
                    if not left[id(group)]:
                        yield from self._listed(group)
        except KeyboardInterrupt as error:
            interrupted = error
            pool.shutdown(wait=False, cancel_futures=True)
            for _, task in (*tasks, *running.values()):
                for type in task.types:
                    # More is missing than what was refused before.
                    self._doubts[type] = INTERRUPTED
            for group in self.groups:
                if left[id(group)]:
                    yield from self._listed(group)
        else:
            pool.shutdown()
        if interrupted is not None:
            raise interrupted

    def _listed(self, group: _Group) -> Iterator[Listed]:
        for each in group.every():
            if each.is_emitted:
                yield Listed(each.live.type, self.place, self._doubts.get(each.live.type))

    def _listing_tasks(self, group: _Group, parent: Record | None, region: str) -> Iterator[_Task]:
        listing = group.listing
        given = Record({**(self._context if parent is None else parent), "_region": region})
        if not listing.over:
            yield self._listing_task(group, parent, given)
            return
        try:
            values = _items(_look(listing, listing.over, given))
        except Untold as untold:
            unknown = untold.unknown
            names = tuple(each.live.type for each in group.every())
            yield _Task(lambda: (self._fail(group, unknown, parent, given), []), names)
            return
        for value in values:
            yield self._listing_task(group, parent, Record({**given, "_over": value}))

    def _listing_task(self, group: _Group, parent: Record | None, given: Record) -> _Task:
        names = tuple(each.live.type for each in group.every())
        region: str = given["_region"]
        pages = self._listing_pages(group.listing, given, region)
        parts: dict[str, list[_Type]] = {}
        for each in group.types:
            parts.setdefault(each.live.listing.take, []).append(each)

        def run() -> tuple[list[Collected], list[_Task]]:
            try:
                page = next(pages, None)
            except Untold as untold:
                return self._fail(group, untold.unknown, parent, given), []
            except Failure as failure:
                return self._failed_listing(group, failure, parent, given), []
            if page is None:
                return [], []
            collected: list[Collected] = []
            tasks = [_Task(run, names)]
            for take, types in list(parts.items()):
                try:
                    items = _items(_look(group.listing, take, page))
                    if "_over" in given:
                        items = [_over(item, given["_over"]) for item in items]
                    found, more = self._page(types, items, parent, region)
                except Untold as untold:
                    # It is not what the service model says; the other types may be told.
                    part = _Group(group.listing, parts.pop(take))
                    collected += self._fail(part, untold.unknown, parent, given)
                    continue
                collected += found
                tasks += more
            return collected, tasks

        return _Task(run, names)

    def _listing_pages(self, listing: Call, given: Record, region: str) -> Iterator[Json]:
        """The answers of a listing, a page at a time; the record itself if it needs no call."""
        if not listing.operation:
            yield given
        elif _applies(listing, given):
            yield from self._pages(listing, _arguments(listing, given), region)

    def _failed_listing(
        self, group: _Group, failure: Failure, parent: Record | None, given: Record
    ) -> list[Collected]:
        if says_absent(group.listing, failure):
            return []
        if failure.kind == "gone" and parent is not None:
            # The parent was deleted while we read.
            return []
        return self._fail(group, Unknown(failure.cause), parent, given, failure.kind)

    def _fail(
        self,
        group: _Group,
        unknown: Unknown,
        parent: Record | None,
        given: Record,
        kind: str = "malformed",
    ) -> list[Collected]:
        """One resource of each type that stands for all that the listing would have told."""
        collected: list[Collected] = []
        names = []
        for each in group.every():
            self._doubts.setdefault(each.live.type, unknown)
            if not each.is_emitted:
                continue
            names.append(each.live.type)
            over = {"_over": given["_over"]} if "_over" in given else {}
            record = self._record(over, parent, given["_region"])
            for name in each.mapped.members:
                if not name.startswith("_"):
                    record.setdefault(name, unknown)
            known_parent = parent if each in group.types else None
            if known_parent is None:
                dict.__setitem__(record, "_parent", unknown)
            record["_id"] = record["_arn"] = unknown
            where = _address_of(known_parent) or str(self.place)
            where += f"/{given['_over']}" if over else ""
            collected.append(
                Resource(
                    type=each.live.type,
                    address=f"{each.live.type}/{where}",
                    attributes={
                        **each.unfilled,
                        **each.mapped.attributes(record, each.wanted),
                        **({"observed": unknown} if each.observes else {}),
                    },
                    source=Source.LIVE,
                    doubt=unknown,
                )
            )
        collected += self._problem(unknown, kind, names)
        return collected

    def _problem(self, unknown: Unknown, kind: str, names: Sequence[str]) -> Iterator[Problem]:
        """What the reader is told of it, once for each cause."""
        with self._lock:
            if unknown.cause in self._told:
                return
            self._told.add(unknown.cause)
        about = f": {', '.join(names)}" if names else ""
        yield Problem(kind, f"{self.place.account}: {unknown.cause}{about}")

    def _page(
        self, types: Sequence[_Type], items: Sequence[Json], parent: Record | None, region: str
    ) -> tuple[list[Collected], list[_Task]]:
        collected: list[Collected] = []
        # As far as the listing tells, an item may be of several types; what each of them wants
        # to know of it is asked once.
        rows: dict[int, list[tuple[_Type, Record]]] = {}
        names: set[str] = set()
        asked: _Answers = {}
        for each in types:
            accepted = {
                place: record
                for place, item in enumerate(items)
                if (record := self._accepted(each, item, parent, region)) is not None
            }
            records = list(accepted.values())
            for call in each.completing:
                if call.size:
                    collected += self._batch(call, records, region, asked)
            if each.metrics:
                for failure in measure(
                    each.metrics, records, self.reader, region, now=self.plan.now
                ):
                    collected += self._problem(Unknown(failure.cause), failure.kind, ())
            alone = [call for call in each.completing if not call.size]
            if alone or each.children or each.live.nests:
                names |= {each.live.type, *(t.live.type for g in each.children for t in g.every())}
                for place, record in accepted.items():
                    rows.setdefault(place, []).append((each, record))
            else:
                for record in records:
                    collected += self._emit(each, record) or ()
        return collected, [
            _Task(lambda row=row: self._complete(row), tuple(names))  # type: ignore[misc]
            for row in rows.values()
        ]

    def _record(self, item: Json, parent: Record | None, region: str) -> Record:
        members = item if isinstance(item, dict) else {"Item": item}
        record = Record({**self._context, **members, "_region": region})
        if parent is not None and "_parent" in members:
            record["_parent"] = {**members["_parent"], "_parent": parent}
        elif parent is not None:
            record["_parent"] = parent
        return record

    def _accepted(
        self, each: _Type, item: Json, parent: Record | None, region: str
    ) -> Record | None:
        """The record of an item; ``None`` if it is not of the type, or not ours to judge."""
        live = each.live
        record = self._record(item, parent, region)
        if not each.filters_late and not _is_of(live, record):
            return None
        if live.region:
            own = _look(live.listing, live.region, record) or region
            record["_region"] = own
            if self.place.regions is not None and own not in self.place.regions:
                return None
        _name(live, record)
        return record

    def _complete(self, row: Sequence[tuple[_Type, Record]]) -> tuple[list[Collected], list[_Task]]:
        """The end of one item, which each of the types takes for a record of its own."""
        asked: _Answers = {}
        collected: list[Collected] = []
        tasks: list[_Task] = []
        for each, record in row:
            found, more = self._complete_one(each, record, asked)
            collected += found
            tasks += more
        # What was refused leads back to it.
        asked.clear()
        return collected, tasks

    def _complete_one(
        self, each: _Type, record: Record, asked: _Answers
    ) -> tuple[list[Collected], list[_Task]]:
        collected: list[Collected] = []
        region: str = record["_region"]
        answered = False
        for call in each.completing:
            if call.size:
                continue
            try:
                result = self._tell(call, record, region, asked)
            except Failure as failure:
                unknown = Unknown(failure.cause)
                if failure.kind == "gone" and not answered:
                    # Nothing was ever told of it: it was deleted while we read.
                    problem = Problem(
                        "gone",
                        f"{self.place.account}: {unknown.cause}: {each.live.type} skipped,"
                        " deleted since it was listed",
                        incomplete=False,
                    )
                    return [*collected, problem], []
                collected += self._problem(unknown, failure.kind, ())
                _put(call, record, unknown)
                continue
            except Untold as untold:
                collected += self._problem(untold.unknown, "malformed", ())
                _put(call, record, untold.unknown)
                continue
            answered = answered or not call.key
            _put(call, record, result)
        emitted = self._emit(each, record)
        if emitted is None:
            return collected, []
        tasks = [
            task
            for group in each.below(record)
            for task in self._listing_tasks(group, record, region)
        ]
        return [*collected, *emitted], tasks

    def _tell(self, call: Call, record: Record, region: str, asked: _Answers) -> Json:
        """What the call tells of the record; null where it does not apply or there is none."""
        if not _applies(call, record):
            return None
        if call.key:
            return self._index(call, region).get(_look(call, call.by, record), [])
        try:
            return self._ask_once(call, _arguments(call, record), region, asked)
        except Failure as failure:
            if says_absent(call, failure):
                return None
            raise

    def _ask(self, call: Call, arguments: Mapping[str, Json], region: str) -> Json:
        results = [_look(call, call.take, page) for page in self._pages(call, arguments, region)]
        if len(results) == 1:
            return results[0]
        lists = [result for result in results if isinstance(result, list)]
        return [item for result in lists for item in result] if lists else None

    def _ask_once(
        self, call: Call, arguments: Mapping[str, Json], region: str, asked: _Answers
    ) -> Json:
        question = call.operation, call.take, region, json.dumps(arguments, sort_keys=True)
        if question not in asked:
            try:
                asked[question] = self._ask(call, arguments, region)
            except (Failure, Untold) as error:
                asked[question] = error
        answer = asked[question]
        if isinstance(answer, Exception):
            try:
                raise answer
            finally:
                # Its traceback leads here, and what it names would stay with all of the answer.
                del answer
        return answer

    def _index(self, call: Call, region: str) -> Mapping[Json, list[Json]]:
        """What a call tells of everything in the region, made once, by its key."""
        arguments = _arguments(call, Record({**self._context, "_region": region}))
        shared = *_question(call), call.take, call.key, region
        with self._lock:
            future = self._indexes.get(shared)
            mine = future is None
            if future is None:
                future = self._indexes[shared] = Future()
        if mine:
            try:
                future.set_result(_by_key(call, _items(self._ask(call, arguments, region))))
            except (Failure, Untold) as error:
                future.set_exception(error)
            finally:
                # After a bug of ours, nobody waits for it.
                future.cancel()
        return future.result()

    def _pages(self, call: Call, arguments: Mapping[str, Json], region: str) -> Iterator[Json]:
        """The answers; asked once if a listing and another call ask the same."""
        question = _question(call)
        pages = islice(self.reader.pages(call, arguments, region), call.pages or None)
        if question not in self._shared:
            yield from pages
            return
        shared = (*question, region, repr(sorted(arguments.items())))
        with self._lock:
            future = self._answers.get(shared)
            mine = future is None
            if future is None:
                future = self._answers[shared] = Future()
        if mine:
            try:
                future.set_result(list(pages))
            except Failure as failure:
                future.set_exception(failure)
            finally:
                # After a bug of ours, nobody waits for it.
                future.cancel()
        yield from future.result()

    def _batch(
        self, call: Call, records: Sequence[Record], region: str, asked: _Answers
    ) -> Iterator[Collected]:
        named = []
        for record in records:
            try:
                name = _look(call, call.by, record)
            except Untold as untold:
                _put(call, record, untold.unknown)
                continue
            if name is not None:
                named.append((record, name))
        for start in range(0, len(named), call.size):
            chunk = named[start : start + call.size]
            given = Record({**self._context, "_batch": [name for _, name in chunk]})
            # All that a page lists has the same parent.
            given["_parent"] = dict.get(chunk[0][0], "_parent")
            try:
                answer = self._ask_once(call, _arguments(call, given), region, asked)
                found = _by_key(call, _items(answer))
            except (Failure, Untold) as error:
                unknown = Unknown(error.cause) if isinstance(error, Failure) else error.unknown
                kind = error.kind if isinstance(error, Failure) else "malformed"
                yield from self._problem(unknown, kind, ())
                for record, _ in chunk:
                    _put(call, record, unknown)
                continue
            for record, name in chunk:
                _put(call, record, found.get(name, []))

    def _emit(self, each: _Type, record: Record) -> list[Resource] | None:
        """The resource of a complete record, if it is asked for; ``None`` if of another type."""
        live = each.live
        doubt = None
        if each.filters_late:
            try:
                if not _is_of(live, record):
                    return None
            except Untold as untold:
                doubt = untold.unknown
        _name(live, record)
        if not each.is_emitted:
            return []
        attributes = {**each.unfilled, **each.mapped.attributes(record, each.wanted)}
        if each.observes:
            attributes["observed"] = {
                **each.mapped.observed(record, each.observes),
                **dict.fromkeys(live.metrics, NOT_COLLECTED),
                **(dict.get(record, MEMBER) or {}),
            }
        address = dict.get(record, "_arn")
        if isinstance(address, Unknown) or not address:
            place = f"{live.type}/{self.place.account}/{record['_region']}"
            address = f"{place}/{_path_of(record)}"
        record["_address"] = address
        told = None if live.identity else dict.get(record, "_id")
        resource = Resource(
            type=live.type,
            address=address,
            attributes=attributes,
            source=Source.LIVE,
            id=told if isinstance(told, str) else None,
            doubt=doubt,
        )
        return [resource]


def _times_until(now: datetime) -> Mapping[str, str]:
    """A week ago, and the first days of this month and the two before, as Cost Explorer wants."""
    this = now.date().replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    return {
        "_week_ago": f"{now - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}",
        "_month": this.isoformat(),
        "_last_month": last.isoformat(),
        "_month_before": before.isoformat(),
    }


def _look(call: Call, expression: str, value: Json) -> Json:
    """What an expression of the call gives; raises `Untold` if AWS answered what it can't."""
    try:
        return compile_expression(expression)(value)
    except EXPRESSION_ERRORS as error:
        kind = type(error).__name__
        cause = f"{call.operation} was answered by something that can't be read ({kind})"
        raise Untold(Unknown(cause)) from error


def _is_of(live: LiveType, record: Record) -> bool:
    """Whether the record is of the type, and not of AWS itself."""
    if live.only and not _look(live.listing, live.only, record):
        return False
    return not (live.owned_by_aws and _look(live.listing, live.owned_by_aws, record))


def _name(live: LiveType, record: Record) -> None:
    """Put id and ARN into the record, which expressions see as ``_id`` and ``_arn``."""
    for name, text in (("_arn", live.arn), ("_id", live.id)):
        try:
            value = _look(live.listing, text, record) if text else None
        except Untold as untold:
            value = untold.unknown
        record[name] = str(value) if isinstance(value, int) else value


def _path_of(record: Record) -> str:
    """What tells the object from others of its type: the ids of what it is in, and its own."""
    names: list[str] = []
    level: Json = record
    while isinstance(level, dict):
        name = dict.get(level, "_id")
        if isinstance(name, Unknown):
            name = _texts_in(level)
        # Many ids begin with what the object is in.
        if name and not any(name in below for below in names):
            names.insert(0, name)
        level = dict.get(level, "_parent")
    return "/".join(names)


def _texts_in(record: Mapping[str, Json]) -> str:
    """All that a record tells in plain words, where its id could not be told."""
    told = [text for key, text in record.items() if key[0] != "_" and isinstance(text, str)]
    return "(" + ", ".join(told) + ")"


def _ids_above(record: Record) -> Iterator[Json]:
    """The ids of what the record is in, the nearest first."""
    parent = dict.get(record, "_parent")
    while isinstance(parent, Record):
        yield dict.get(parent, "_id")
        parent = dict.get(parent, "_parent")


def _address_of(parent: Record | None) -> str:
    return "" if parent is None else str(dict.get(parent, "_address") or dict.get(parent, "_id"))


def _put(call: Call, record: Record, result: Json) -> None:
    if call.member != ".":
        record[call.member] = result
        return
    if call.key and isinstance(result, list):
        # What should tell all of an object told nothing: that is not the same as no attributes.
        result = result[0] if result else Unknown(f"{call.operation} did not tell of it")
    if isinstance(result, Unknown):
        for name in _members_in(answer_of(call.operation, call.take)):
            record.setdefault(name, result)
    elif isinstance(result, dict):
        record.update(result)


def _arguments(call: Call, record: Record) -> Mapping[str, Json]:
    found = {name: _look(call, text, record) for name, text in call.arguments.items()}
    return {name: value for name, value in found.items() if value is not None}


def _applies(call: Call, record: Record) -> bool:
    return not call.when or bool(_look(call, call.when, record))


def says_absent(call: Call, failure: Failure) -> bool:
    """Whether the error only says that there is none of what was asked for."""
    for said in call.absent:
        code, _, message = said.partition(": ")
        if code == failure.code and message in failure.message:
            return True
    return False


def _over(item: Json, over: Json) -> Json:
    return {**(item if isinstance(item, dict) else {"Item": item}), "_over": over}


def _question(call: Call) -> tuple[Json, ...]:
    """What the call asks, whatever is taken from the answer."""
    return call.operation, call.when, call.over, call.pages, *sorted(call.arguments.items())


def _asked_twice(groups: Iterable[_Group]) -> frozenset[tuple[Json, ...]]:
    """The questions about a whole region that several listings or calls have."""
    uses = {
        (_question(call), call.take, call.key)
        for group in groups
        for each in group.every()
        for call in each.completing
        if call.key and not call.size
    }
    # A listing at the top has one group for all its types; those below ask of each parent.
    asked = Counter([question for question, *_ in uses] + [_question(g.listing) for g in groups])
    return frozenset(question for question, times in asked.items() if times > 1)


def _items(result: Json) -> list[Json]:
    if result is None:
        return []
    return result if isinstance(result, list) else [result]


def _by_key(call: Call, items: Iterable[Json]) -> Mapping[Json, list[Json]]:
    found: dict[Json, list[Json]] = {}
    for item in items:
        key = _look(call, call.key, item)
        if isinstance(key, (dict, list)):
            raise Untold(Unknown(f"{call.operation} was answered by something that can't be read"))
        found.setdefault(key, []).append(item)
    return found


def _grouped(plan: Plan, place: Place) -> Iterator[_Group]:
    """The listings to make at the top, with the types below each."""
    needed: dict[str, LiveType] = {}
    for live in plan.types.values():
        for each in (live, *ancestors_of(live)):
            needed.setdefault(each.type, each)
    prepared = {name: _prepare(live, plan) for name, live in needed.items()}
    tops: list[_Group] = []
    for name, live in needed.items():
        top = (live, *parents_of(live))[-1]
        if top.is_global and not place.is_home:
            continue
        parents = [prepared[parent].children for parent in (live.each, *live.each_also) if parent]
        for groups in parents or [tops]:
            for group in groups:
                if _question(group.listing) == _question(live.listing):
                    group.types.append(prepared[name])
                    break
            else:
                groups.append(_Group(live.listing, [prepared[name]]))
    for group in tops:
        if not plan.done.issuperset(each.live.type for each in group.every() if each.is_emitted):
            yield group


def _prepare(live: LiveType, plan: Plan) -> _Type:
    mapping = mapped(_key_of(live))
    is_emitted = live.type in plan.types
    wanted: frozenset[str] | None = frozenset()
    if is_emitted:
        wanted = None if plan.wanted is None else plan.wanted.get(live.type, frozenset())
    completing = live.completing
    if wanted is not None:
        completing = _needed(live, _looked_at(live, mapping, wanted, plan))
    unfilled = {
        attribute: NOT_COLLECTED
        for attribute, rows in companions_of(live.type).items()
        if not any(row.type in plan.types for row in rows)
    }
    observes = _observed_of(live, wanted)
    metrics = {name: metric for name, metric in live.metrics.items() if name in observes}
    return _Type(
        live,
        mapping,
        is_emitted,
        completing,
        wanted,
        observes,
        metrics,
        unfilled,
        _filters_late(live, mapping),
    )


def _filters_late(live: LiveType, mapping: Mapped) -> bool:
    filters = (live.only, live.owned_by_aws)
    looked_at = {name for text in filters if text for name in names_in(text)}
    told: set[str] = set()
    for call in live.completing:
        if call.member == ".":
            told |= _members_in(answer_of(call.operation, call.take))
        told.add(call.member)
    listed = _members_in(item_of(live.listing, mapping.members["_parent"]))
    return not looked_at.isdisjoint(told - listed)


def _members_in(known: Known) -> frozenset[str]:
    """The members of the structures that it leads to; plain values have none."""
    element = element_of(known)
    return frozenset(element if isinstance(element, Mapping) else getattr(element, "members", ()))


def _observed_of(live: LiveType, wanted: frozenset[str] | None) -> frozenset[str]:
    """What is observed of the records; a metric that is not named says who uses whom no better.

    Rules about what names a resource look at everything in others, and metrics cost money.
    """
    every = frozenset({*live.observed, *live.metrics})
    if wanted is None:
        return every
    named = every & {name.removeprefix("observed.") for name in wanted}
    return named.union(live.observed) if "observed" in wanted else named


def _looked_at(
    live: LiveType, mapping: Mapped, wanted: frozenset[str], plan: Plan
) -> frozenset[str]:
    """The members of the type's records that anything which matters is made of."""
    texts = [live.id, live.arn, live.only, live.owned_by_aws, live.region]
    if not wanted.isdisjoint(("tags", "tags_all")):
        texts.append(live.tags)
    texts += [live.observed[name] for name in _observed_of(live, wanted) if name in live.observed]
    for child in plan.types.values():
        if live.type in (child.each, *child.each_also):
            own = [child.id, child.arn, child.only, *child.attributes.values()]
            own += child.observed.values()
            for call in child.completing:
                own += [call.when, call.by, *call.arguments.values()]
            texts += [text.replace("_parent.", "") for text in own if "_parent." in text]
            listing = child.listing
            texts += [listing.over, listing.when, *listing.arguments.values()]
            if not listing.operation:
                texts.append(listing.take)
    found = {name for text in texts if text for name in names_in(text)}
    for name in wanted:
        found |= mapping.uses.get(name, frozenset())
    return frozenset(found)


def _needed(live: LiveType, looked_at: frozenset[str]) -> tuple[Call, ...]:
    """The calls that tell what is looked at, and those that these depend on in turn."""
    names = set(looked_at)
    kept: list[Call] = []
    for call in reversed(live.completing):
        if call.member == "." or call.member in names or "@" in names:
            kept.append(call)
            for text in (call.when, call.by, *call.arguments.values()):
                names |= names_in(text) if text else frozenset()
    return tuple(reversed(kept))


_keys: dict[str, LiveTypeKey] = {}


def _key_of(live: LiveType) -> LiveTypeKey:
    key = _keys.get(live.type)
    if key is None or key.live is not live:
        key = _keys[live.type] = LiveTypeKey(live, parents_of(live))
    return key
