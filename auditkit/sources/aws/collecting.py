"""One account and region, read into resources.

Listings run page by page and records side by side on threads; what a record needs besides is
asked in turn, and a record is forgotten when its resources are made.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Union

from auditkit.companions import companions_of
from auditkit.model import Problem, Resource, Source, Unknown, Value
from auditkit.sources.aws.calling import Failure, Reader
from auditkit.sources.aws.catalogue import parents_of
from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.expressions import (
    EXPRESSION_ERRORS,
    Json,
    Record,
    Untold,
    compile_expression,
)
from auditkit.sources.aws.mapping import NOT_COLLECTED, LiveTypeKey, Mapped, mapped
from auditkit.sources.aws.shapes import answer_of, element_of, item_members, names_in

WORKERS = 16
"""Requests at once in one account and region."""


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


def collect(
    place: Place, plan: Plan, reader: Reader, *, workers: int = WORKERS
) -> Iterator[Collected]:
    """The resources in one account and region as they come, and how each listing ended.

    A listing that failed gives one resource that stands for all that may be there, with its
    `Resource.doubt`, and a `Problem`.  Ends early, with every unfinished listing in doubt, on
    `KeyboardInterrupt`, which is raised again at the end.
    """
    return _Run(place, plan, reader, workers).events()


@dataclass(slots=True)
class _Group:
    """Types that one listing tells."""

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
    unfilled: Mapping[str, Value]
    """Attributes that companions tell which are not asked for."""
    filters_late: bool
    """Whether only completing calls tell if a record is of the type."""
    children: list[_Group] = field(default_factory=list)


@dataclass(slots=True)
class _Task:
    """A page to list, or a record to complete."""

    run: Callable[[], tuple[list[Collected], list[_Task]]]
    types: tuple[str, ...]


class _Run:
    def __init__(self, place: Place, plan: Plan, reader: Reader, workers: int) -> None:
        self.place = place
        self.reader = reader
        self.workers = workers
        self.groups = list(_grouped(plan, place))
        self._indexes: dict[tuple[str, ...], Future[Mapping[Json, list[Json]]]] = {}
        self._repeated = _repeated(self.groups)
        self._answers: dict[tuple[str, str], Future[list[Json]]] = {}
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._doubts: dict[str, Unknown] = {}
        self._context = {
            "_account": place.account,
            "_partition": place.partition,
        }

    def events(self) -> Iterator[Collected]:
        tasks = [
            self._listing_task(group, None, self.place.region) for group in reversed(self.groups)
        ]
        interrupted: KeyboardInterrupt | None = None
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="auditkit")
        running: dict[Future[tuple[list[Collected], list[_Task]]], _Task] = {}
        try:
            while tasks or running:
                while tasks and len(running) < 2 * self.workers:
                    task = tasks.pop()
                    running[pool.submit(task.run)] = task
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    del running[future]
                    collected, more = future.result()
                    # The newest first: a record is done with before the next page is asked for.
                    tasks += more
                    yield from collected
        except KeyboardInterrupt as error:
            interrupted = error
            pool.shutdown(wait=False, cancel_futures=True)
            cause = Unknown("the run was interrupted")
            for task in (*tasks, *running.values()):
                for type in task.types:
                    self._doubts.setdefault(type, cause)
        else:
            pool.shutdown()
        for group in self.groups:
            for each in group.every():
                if each.is_emitted:
                    doubt = self._doubts.get(each.live.type)
                    yield Listed(each.live.type, self.place, doubt)
        if interrupted is not None:
            raise interrupted

    def _listing_task(self, group: _Group, parent: Record | None, region: str) -> _Task:
        names = tuple(each.live.type for each in group.every())
        pages: Iterator[Json] | None = None

        def run() -> tuple[list[Collected], list[_Task]]:
            nonlocal pages
            try:
                if pages is None:
                    pages = self._pages(group.listing, parent or Record(), region)
                page = next(pages, None)
                if page is None:
                    return [], []
                items = _items(_look(group.listing, group.listing.take, page))
            except Untold as untold:
                return self._fail(group, untold.unknown, parent, region), []
            except Failure as failure:
                return self._failed_listing(group, failure, parent, region), []
            collected, more = self._page(group, items, parent, region)
            return collected, [_Task(run, names), *more]

        return _Task(run, names)

    def _pages(self, listing: Call, parent: Record, region: str) -> Iterator[Json]:
        if not listing.operation:
            return iter([parent])
        if parent or _question(listing) not in self._repeated:
            return self.reader.pages(listing, _arguments(listing, parent), region)
        return iter(self._shared(listing, region))

    def _shared(self, call: Call, region: str) -> list[Json]:
        """All pages of a call that several declarations make, which is made once."""
        key = (_question(call), region)
        with self._lock:
            future = self._answers.get(key)
            mine = future is None
            if future is None:
                future = self._answers[key] = Future()
        if mine:
            try:
                arguments = _arguments(call, Record(self._context))
                future.set_result(list(self.reader.pages(call, arguments, region)))
            except BaseException as error:
                # Whoever waits for it must not wait for ever.
                future.set_exception(error)
                raise
        return future.result()

    def _failed_listing(
        self, group: _Group, failure: Failure, parent: Record | None, region: str
    ) -> list[Collected]:
        if failure.code in group.listing.absent:
            return []
        if failure.kind == "gone" and parent is not None:
            # The parent was deleted while we read.
            return []
        return self._fail(group, Unknown(failure.cause), parent, region, failure.kind)

    def _fail(
        self,
        group: _Group,
        unknown: Unknown,
        parent: Record | None,
        region: str,
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
            record = self._record({}, parent, region)
            for name in each.mapped.members:
                if not name.startswith("_"):
                    record.setdefault(name, unknown)
            known_parent = parent if each in group.types else None
            if known_parent is None:
                dict.__setitem__(record, "_parent", unknown)
            record["_id"] = record["_arn"] = unknown
            where = _address_of(known_parent) or str(self.place)
            collected.append(
                Resource(
                    type=each.live.type,
                    address=f"{each.live.type}/{where}",
                    attributes={**each.unfilled, **each.mapped.attributes(record, each.wanted)},
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
        self, group: _Group, items: Sequence[Json], parent: Record | None, region: str
    ) -> tuple[list[Collected], list[_Task]]:
        collected: list[Collected] = []
        tasks: list[_Task] = []
        for each in group.types:
            records = [
                record
                for item in items
                if (record := self._accepted(each, item, parent, region)) is not None
            ]
            for call in each.completing:
                if call.size:
                    collected += self._batch(call, records, region)
            alone = [call for call in each.completing if not call.size]
            if alone or each.children:
                names = (each.live.type, *(t.live.type for g in each.children for t in g.every()))
                tasks += [
                    _Task(lambda each=each, record=record: self._complete(each, record), names)  # type: ignore[misc]
                    for record in records
                ]
            else:
                for record in records:
                    collected += self._emit(each, record)
        return collected, tasks

    def _record(self, item: Json, parent: Record | None, region: str) -> Record:
        members = item if isinstance(item, dict) else {"Item": item}
        record = Record({**self._context, **members, "_region": region})
        if parent is not None:
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

    def _complete(self, each: _Type, record: Record) -> tuple[list[Collected], list[_Task]]:
        collected: list[Collected] = []
        region: str = record["_region"]
        answered = False
        for call in each.completing:
            if call.size:
                continue
            try:
                result = self._tell(call, record, region)
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
        collected += self._emit(each, record)
        tasks = [self._listing_task(group, record, region) for group in each.children]
        return collected, tasks

    def _tell(self, call: Call, record: Record, region: str) -> Json:
        """What the call tells of the record; null where it does not apply or there is none."""
        if call.when and not _look(call, call.when, record):
            return None
        if call.key:
            return self._index(call, region).get(_look(call, call.by, record), [])
        try:
            return self._ask(call, _arguments(call, record), region)
        except Failure as failure:
            if failure.code in call.absent:
                return None
            raise

    def _ask(self, call: Call, arguments: Mapping[str, Json], region: str) -> Json:
        return self._taken(call, self.reader.pages(call, arguments, region))

    def _taken(self, call: Call, pages: Iterable[Json]) -> Json:
        results = [_look(call, call.take, page) for page in pages]
        if len(results) == 1:
            return results[0]
        lists = [result for result in results if isinstance(result, list)]
        return [item for result in lists for item in result] if lists else None

    def _index(self, call: Call, region: str) -> Mapping[Json, list[Json]]:
        """What a call tells of everything in the region, made once, by its key."""
        shared = _question(call), call.take, call.key, region
        with self._lock:
            future = self._indexes.get(shared)
            mine = future is None
            if future is None:
                future = self._indexes[shared] = Future()
        if mine:
            try:
                if _question(call) in self._repeated:
                    pages: Iterable[Json] = self._shared(call, region)
                else:
                    arguments = _arguments(call, Record(self._context))
                    pages = self.reader.pages(call, arguments, region)
                future.set_result(_by_key(call, _items(self._taken(call, pages))))
            except BaseException as error:
                # Whoever waits for it must not wait for ever.
                future.set_exception(error)
                raise
        return future.result()

    def _batch(self, call: Call, records: Sequence[Record], region: str) -> Iterator[Collected]:
        named = [(record, _look(call, call.by, record)) for record in records]
        named = [(record, name) for record, name in named if name is not None]
        for start in range(0, len(named), call.size):
            chunk = named[start : start + call.size]
            given = Record({**self._context, "_batch": [name for _, name in chunk]})
            try:
                found = _by_key(call, _items(self._ask(call, _arguments(call, given), region)))
            except (Failure, Untold) as error:
                unknown = Unknown(error.cause) if isinstance(error, Failure) else error.unknown
                kind = error.kind if isinstance(error, Failure) else "malformed"
                yield from self._problem(unknown, kind, ())
                for record, _ in chunk:
                    _put(call, record, unknown)
                continue
            for record, name in chunk:
                _put(call, record, found.get(name, []))

    def _emit(self, each: _Type, record: Record) -> Iterator[Resource]:
        live = each.live
        doubt = None
        if each.filters_late:
            try:
                if not _is_of(live, record):
                    return
            except Untold as untold:
                doubt = untold.unknown
        _name(live, record)
        if not each.is_emitted:
            return
        attributes = {**each.unfilled, **each.mapped.attributes(record, each.wanted)}
        if live.observed:
            attributes["observed"] = each.mapped.observed(record)
        address = dict.get(record, "_arn")
        if not address:
            name = dict.get(record, "_id")
            address = f"{live.type}/{self.place.account}/{record['_region']}/{name}"
        record["_address"] = address
        yield Resource(
            type=live.type,
            address=address,
            attributes=attributes,
            source=Source.LIVE,
            id=identity if isinstance(identity := dict.get(record, "_id"), str) else None,
            doubt=doubt,
        )


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


def _address_of(parent: Record | None) -> str:
    return "" if parent is None else str(dict.get(parent, "_address") or dict.get(parent, "_id"))


def _put(call: Call, record: Record, result: Json) -> None:
    if call.member != ".":
        record[call.member] = result
        return
    if call.key and isinstance(result, list):
        result = result[0] if result else None
    if isinstance(result, Unknown):
        known = element_of(answer_of(call.operation, call.take))
        members = getattr(known, "members", known) or ()
        for name in members:
            record.setdefault(name, result)
    elif isinstance(result, dict):
        record.update(result)


def _arguments(call: Call, record: Record) -> Mapping[str, Json]:
    found = {name: _look(call, text, record) for name, text in call.arguments.items()}
    return {name: value for name, value in found.items() if value is not None}


def _items(result: Json) -> list[Json]:
    if result is None:
        return []
    return result if isinstance(result, list) else [result]


def _by_key(call: Call, items: Iterable[Json]) -> Mapping[Json, list[Json]]:
    found: dict[Json, list[Json]] = {}
    for item in items:
        found.setdefault(_look(call, call.key, item), []).append(item)
    return found


def _question(call: Call) -> str:
    """What is asked by a call that has no arguments from a record."""
    return f"{call.operation} {sorted(call.arguments.items())}"


def _repeated(groups: Iterable[_Group]) -> frozenset[str]:
    """The questions about a whole region that are asked by more than one listing or index."""
    told: Counter[str] = Counter()
    indexes = set()
    for group in groups:
        told[_question(group.listing)] += 1
        for each in group.every():
            indexes |= {
                (_question(call), call.take, call.key)
                for call in each.completing
                if call.key and not call.size
            }
    told.update(question for question, *_ in indexes)
    return frozenset(question for question, times in told.items() if times > 1)


def _grouped(plan: Plan, place: Place) -> Iterator[_Group]:
    """The listings to make at the top, with the types below each."""
    needed: dict[str, LiveType] = {}
    for live in plan.types.values():
        for each in (live, *parents_of(live)):
            needed.setdefault(each.type, each)
    prepared = {name: _prepare(live, plan) for name, live in needed.items()}
    tops: list[_Group] = []
    for name, live in needed.items():
        top = (live, *parents_of(live))[-1]
        if top.is_global and not place.is_home:
            continue
        groups = prepared[live.each].children if live.each else tops
        for group in groups:
            if group.listing == live.listing:
                group.types.append(prepared[name])
                break
        else:
            groups.append(_Group(live.listing, [prepared[name]]))
    yield from tops


def _prepare(live: LiveType, plan: Plan) -> _Type:
    mapping = mapped(_key_of(live))
    is_emitted = live.type in plan.types
    wanted = None if plan.wanted is None else plan.wanted.get(live.type, frozenset())
    completing = live.completing
    if plan.wanted is not None:
        looked_at = _looked_at(live, mapping, wanted or frozenset(), plan)
        completing = tuple(
            call for call in completing if call.member == "." or call.member in looked_at
        )
    unfilled = {
        attribute: NOT_COLLECTED
        for attribute, rows in companions_of(live.type).items()
        if not any(row.type in plan.types for row in rows)
    }
    late = _filters_late(live, mapping)
    return _Type(live, mapping, is_emitted, completing, wanted, unfilled, late)


def _filters_late(live: LiveType, mapping: Mapped) -> bool:
    filters = (live.only, live.owned_by_aws)
    looked_at = {name for text in filters if text for name in names_in(text)}
    listed = set(item_members(live.listing, mapping.members["_parent"]))
    told = {name for name in mapping.members if not name.startswith("_")}
    return not looked_at.isdisjoint(told - listed)


def _looked_at(
    live: LiveType, mapping: Mapped, wanted: frozenset[str], plan: Plan
) -> frozenset[str]:
    """The members of the type's records that anything which matters is made of."""
    texts = [live.id, live.arn, live.only, live.owned_by_aws, live.region]
    if not wanted.isdisjoint(("tags", "tags_all")):
        texts.append(live.tags)
    if "observed" in wanted:
        texts += live.observed.values()
    for call in live.completing:
        texts += [call.when, call.by, *call.arguments.values()]
    for child in plan.types.values():
        if child.each == live.type:
            own = (child.id, child.arn, child.only, *child.attributes.values())
            texts += [text.replace("_parent.", "") for text in own if "_parent." in text]
            texts += child.listing.arguments.values()
            if not child.listing.operation:
                texts.append(child.listing.take)
    found = {name for text in texts if text for name in names_in(text)}
    for name in wanted:
        found |= mapping.uses.get(name, frozenset())
    return frozenset(found)


_keys: dict[str, LiveTypeKey] = {}


def _key_of(live: LiveType) -> LiveTypeKey:
    key = _keys.get(live.type)
    if key is None or key.live is not live:
        key = _keys[live.type] = LiveTypeKey(live, parents_of(live))
    return key
