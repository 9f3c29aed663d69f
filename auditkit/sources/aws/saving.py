"""Inventories as files: what was read live is kept, and judged again without AWS.

A file is JSON Lines, compressed with gzip: a header, then for each account its resources, the
ends of its listings and its problems, then an end mark.  ``docs/live.md`` describes it.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from sys import intern
from typing import IO, Any, Union, cast

from auditkit.errors import ConfigError, SourceError
from auditkit.model import Inventory, Problem, Resource, Source, Unknown, Value
from auditkit.sources.aws.collecting import Collected, Listed, Place
from auditkit.sources.aws.gathering import Gathering
from auditkit.sources.aws.selection import Selection

FORMAT = 1
"""The format's version, which changes when readers have to."""
LONGEST_LINE = 64_000_000
"""In bytes; far above the largest resource, and far below what fills the memory."""
_PARTIAL = ".partial"

# What `json.loads` returns; everything that is not of our making is refused.
Json = Any


@dataclass(frozen=True, slots=True)
class Reading:
    """One place that is read, as a file's header has it."""

    place: Place
    listings: tuple[tuple[str, ...], ...]
    """The types that are listed there; those that one listing tells stand together."""

    @property
    def types(self) -> tuple[str, ...]:
        """All types that are listed there."""
        return tuple(type for types in self.listings for type in types)


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself."""

    tool: str
    """The version of auditkit that wrote it."""
    time: datetime
    """When reading began; ages are counted up to it."""
    callers: tuple[str, ...]
    """Who read, one ARN for each account."""
    selection: Selection
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...] = ()
    """What is wrong with no account in particular: one could not be entered."""
    notes: tuple[str, ...] = ()
    """What was not covered, and was not meant to be."""

    def gathering(self, account: str) -> Gathering:
        """What takes all that comes of one account."""
        mine = [each for each in self.readings if each.place.account == account]
        expected = {each.place.region: each.types for each in mine}
        return Gathering(account, expected, self.selection.sums_up)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts' numbers, in order."""
        return tuple(dict.fromkeys(each.place.account for each in self.readings))


class Saver:
    """Writes what is read as it comes, into a file beside `path` until `finish` puts it there.

    With `resumes`, goes on with what an interrupted run has left there: `done` has the types
    that need not be asked again, by place.  Raises `ConfigError` if that run was another one.
    """

    def __init__(self, path: Path, header: Header, *, resumes: bool = False) -> None:
        self.path = path
        self.partial = path.with_name(path.name + _PARTIAL)
        self.header = header
        self.done: Mapping[str, frozenset[str]] = {}
        kept: Iterable[bytes] = ()
        if resumes:
            self.done, kept = _resume(self.partial, header)
        new = self.partial.with_name(self.partial.name + ".new")
        with _writing(path):
            with _private(new) as file:
                file.write(_line({"auditkit_inventory": _encode_header(self.header)}))
                file.writelines(kept)
            os.replace(new, self.partial)
            self._file = self.partial.open("ab")

    def write(self, place: Place, event: Collected) -> None:
        """Keeps what was read at the place."""
        with _writing(self.partial):
            self._file.write(_line({"at": str(place), **encode(event)}))
            if isinstance(event, Listed):
                # What is complete is safe, whatever happens to the process.
                self._file.flush()

    def earlier(self) -> Iterator[tuple[Place, Collected]]:
        """What the run that is resumed had read, with its place."""
        with self.partial.open("rb") as file:
            next(file)
            for line in file:
                document = json.loads(line)
                place = _place_named(self.header, document["at"])
                if place is not None:
                    yield place, decode(document, place)

    def close(self) -> None:
        """Leaves what was read for a later run to resume."""
        self._file.close()

    def finish(self) -> None:
        """Puts the file in its place, account after account, and removes the partial one."""
        self._file.close()
        new = self.path.with_name(f".{self.path.name}.new")
        try:
            with _writing(self.path):
                self._compress(new)
                os.replace(new, self.path)
                os.unlink(self.partial)
        except BaseException:
            with suppress(OSError):
                os.unlink(new)
            raise

    def _compress(self, new: Path) -> None:
        offsets = self._offsets()
        with (
            self.partial.open("rb") as partial,
            _private(new) as raw,
            # No time and no name in it: the same inventory is the same file.
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file,
        ):
            lines = 0
            file.write(partial.readline())
            for account in self.header.accounts:
                for offset in offsets.get(account, ()):
                    partial.seek(offset)
                    file.write(partial.readline())
                    lines += 1
            file.write(_line({"end": lines}))

    def _offsets(self) -> Mapping[str, Sequence[int]]:
        """Where the lines of each account stand in the partial file."""
        offsets: dict[str, list[int]] = {}
        with self.partial.open("rb") as partial:
            position = len(partial.readline())
            for line in partial:
                account = json.loads(line)["at"].partition("/")[0]
                offsets.setdefault(account, []).append(position)
                position += len(line)
        return offsets


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceError(f"{path}: can't write: {error.strerror or error}") from error


def resumed_time(path: Path) -> datetime | None:
    """When the run began that has left something to resume; ``None`` if none has."""
    try:
        with path.with_name(path.name + _PARTIAL).open("rb") as file:
            return _read_header(file.readline(LONGEST_LINE), path).time
    except FileNotFoundError:
        return None


def _private(path: Path) -> IO[bytes]:
    # It tells what is wrong with somebody's infrastructure.
    with suppress(FileNotFoundError):
        os.unlink(path)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _resume(partial: Path, header: Header) -> tuple[Mapping[str, frozenset[str]], list[bytes]]:
    """The types that are told completely, by place, and the lines that tell them."""
    try:
        with partial.open("rb") as file:
            earlier = _read_header(file.readline(LONGEST_LINE), partial)
    except FileNotFoundError:
        return {}, []
    _check_same(earlier, header, partial)
    listed: dict[str, set[str]] = {}
    for document in _whole_lines(partial):
        if "listed" in document and document["doubt"] is None:
            listed.setdefault(document["at"], set()).add(document["listed"])
    done = {
        str(each.place): frozenset(
            type
            for types in each.listings
            if listed.get(str(each.place), set()).issuperset(types)
            for type in types
        )
        for each in header.readings
    }
    kept = [
        _line(document)
        for document in _whole_lines(partial)
        if _is_kept(document, done.get(document["at"], frozenset()))
    ]
    return done, kept


def _is_kept(document: Json, done: frozenset[str]) -> bool:
    if "problem" in document:
        # Of a listing it ends with the types, which are asked again unless they are done.
        types = document["message"].rpartition(": ")[2].split(", ")
        return not any(type.startswith("aws_") for type in types) or done.issuperset(types)
    return (document["listed"] if "listed" in document else document["resource"]) in done


def _check_same(earlier: Header, header: Header, partial: Path) -> None:
    same = (
        earlier.tool == header.tool
        and earlier.selection == header.selection
        and earlier.readings == header.readings
    )
    if not same:
        raise ConfigError(
            f"{partial} was begun with other options, accounts or another version; remove it,"
            " or leave out --resume"
        )


def _whole_lines(partial: Path) -> Iterator[Json]:
    """The documents of all lines after the first, but for one that is not finished."""
    with partial.open("rb") as file:
        file.readline()
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                document = json.loads(line)
            except ValueError:
                return
            if isinstance(document, dict) and isinstance(document.get("at"), str):
                yield document


def read_header(path: Path) -> Header:
    """What the file says of itself.  Raises `SourceError` if it is no inventory."""
    with _opened(path) as file:
        return _read_header(_first_line(file, path), path)


def read_inventories(path: Path) -> Iterator[Inventory]:
    """The inventory of each account in the file, one at a time.

    A file that breaks off gives what it has: the rest is in `Inventory.gaps`, and there is a
    `Problem`.  Raises `SourceError`, with the line, for what is not of auditkit's making.
    """
    with _opened(path) as file:
        header = _read_header(_first_line(file, path), path)
        lines = _Lines(file, path)
        left = list(header.accounts)
        gathering: Gathering | None = None
        for place, event in _events(lines, header):
            if gathering is None or place.account != gathering.account:
                if place.account not in left:
                    raise SourceError(f"{path}:{lines.number}: the account stands here twice")
                if gathering is not None:
                    yield gathering.inventory()
                left.remove(place.account)
                gathering = header.gathering(place.account)
            gathering.add(place.region, event)
        if gathering is not None:
            yield gathering.inventory()
        for account in left:
            yield header.gathering(account).inventory()
        problems = list(header.problems)
        if not lines.has_ended:
            message = f"{path} breaks off after line {lines.number}: the rest is missing"
            problems.append(Problem("truncated", message))
        yield Inventory(Source.LIVE, "", problems=tuple(problems), covered=frozenset())


def count_objects(path: Path) -> Mapping[tuple[str, str, str], int]:
    """How many objects of each type were found, by account, region and type.

    Raises `SourceError` as `read_inventories` does.
    """
    with _opened(path) as file:
        header = _read_header(_first_line(file, path), path)
        counts = {
            (each.place.account, each.place.region, type): 0
            for each in header.readings
            for type in each.types
        }
        for place, event in _events(_Lines(file, path), header):
            if isinstance(event, Resource) and event.doubt is None:
                key = place.account, place.region, event.type
                counts[key] = counts.get(key, 0) + 1
    return counts


@dataclass(slots=True)
class _Lines:
    """The lines after the header."""

    file: IO[bytes]
    path: Path
    number: int = 1
    has_ended: bool = False

    def __iter__(self) -> Iterator[Json]:
        while True:
            try:
                line = self.file.readline(LONGEST_LINE)
            except (OSError, EOFError, zlib.error):
                return
            if not line.endswith(b"\n"):
                if len(line) >= LONGEST_LINE:
                    raise SourceError(f"{self.path}:{self.number + 1}: the line is too long")
                return
            self.number += 1
            try:
                document = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise self.mistake("not JSON") from error
            if not isinstance(document, dict):
                raise self.mistake("not a line of an inventory")
            if "end" in document:
                if document["end"] != self.number - 2:
                    raise self.mistake("lines are missing or too many")
                self.has_ended = self._is_at_end()
                return
            yield document

    def _is_at_end(self) -> bool:
        try:
            # Checks the sum that gzip has of it all.
            return not self.file.read(1)
        except (OSError, EOFError, zlib.error):
            return False

    def mistake(self, what: str) -> SourceError:
        return SourceError(f"{self.path}:{self.number}: {what}")


def _events(lines: _Lines, header: Header) -> Iterator[tuple[Place, Collected]]:
    for document in lines:
        place = _place_named(header, document.get("at"))
        if place is None:
            raise lines.mistake("a place that the header does not name")
        try:
            yield place, decode(document, place)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise lines.mistake("not a line of an inventory") from error


def _place_named(header: Header, name: object) -> Place | None:
    return next((each.place for each in header.readings if str(each.place) == name), None)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's text, whether it is compressed or not."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(f"{path}: can't read: {error.strerror or error}") from error
    with file:
        is_compressed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not is_compressed:
            yield file
            return
        with gzip.open(file, "rb") as uncompressed:
            yield cast(IO[bytes], uncompressed)


def _first_line(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.readline(LONGEST_LINE)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: not an inventory: the compression is broken") from error


def _read_header(line: bytes, path: Path) -> Header:
    try:
        document = json.loads(line)
        found = document["auditkit_inventory"]
        if found["format"] > FORMAT:
            raise SourceError(
                f"{path}: format {found['format']} is of a newer auditkit ({found['tool']})"
            )
        return _decode_header(found)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SourceError(f"{path}: not an inventory; `auditkit collect` writes one") from error


def _encode_header(header: Header) -> Json:
    wanted = header.selection.wanted
    return {
        "format": FORMAT,
        "tool": header.tool,
        "time": header.time.isoformat(),
        "callers": list(header.callers),
        "types": list(header.selection.types),
        "sums_up": header.selection.sums_up,
        "wanted": None
        if wanted is None
        else {type: sorted(names) for type, names in sorted(wanted.items())},
        "readings": [
            {
                "account": each.place.account,
                "region": each.place.region,
                "partition": each.place.partition,
                "home": each.place.is_home,
                "regions": None if each.place.regions is None else sorted(each.place.regions),
                "listings": [list(types) for types in each.listings],
            }
            for each in header.readings
        ],
        "problems": [_encode_problem(problem) for problem in header.problems],
        "notes": list(header.notes),
    }


def _decode_header(found: Json) -> Header:
    wanted = found["wanted"]
    return Header(
        tool=_text(found["tool"]),
        time=datetime.fromisoformat(found["time"]).astimezone(timezone.utc),
        callers=tuple(map(_text, found["callers"])),
        selection=Selection(
            tuple(map(_text, found["types"])),
            None
            if wanted is None
            else {type: frozenset(map(_text, names)) for type, names in wanted.items()},
            sums_up=bool(found["sums_up"]),
        ),
        readings=tuple(
            Reading(
                Place(
                    _text(each["account"]),
                    _text(each["region"]),
                    _text(each["partition"]),
                    is_home=bool(each["home"]),
                    regions=None
                    if each["regions"] is None
                    else frozenset(map(_text, each["regions"])),
                ),
                tuple(tuple(map(_text, types)) for types in each["listings"]),
            )
            for each in found["readings"]
        ),
        problems=tuple(map(_decode_problem, found["problems"])),
        notes=tuple(map(_text, found["notes"])),
    )


def encode(event: Collected) -> Mapping[str, Json]:
    """The event in JSON's types."""
    if isinstance(event, Listed):
        return {"listed": event.type, "doubt": _encode_doubt(event.doubt)}
    if isinstance(event, Problem):
        problem: Mapping[str, Json] = _encode_problem(event)
        return problem
    return {
        "resource": event.type,
        "address": event.address,
        "id": event.id,
        "doubt": _encode_doubt(event.doubt),
        "attributes": {name: encode_value(value) for name, value in event.attributes.items()},
    }


def decode(document: Json, place: Place) -> Collected:
    """The event that `encode` was given.

    Raises `KeyError`, `TypeError` or `ValueError` for anything else.
    """
    if "listed" in document:
        return Listed(_text(document["listed"]), place, _decode_doubt(document["doubt"]))
    if "problem" in document:
        return _decode_problem(document)
    identity = document["id"]
    return Resource(
        type=_text(document["resource"]),
        address=_text(document["address"]),
        attributes={
            intern(name): decode_value(value) for name, value in document["attributes"].items()
        },
        source=Source.LIVE,
        id=None if identity is None else _text(identity),
        doubt=_decode_doubt(document["doubt"]),
    )


def _encode_problem(problem: Problem) -> Json:
    return {
        "problem": problem.kind,
        "message": problem.message,
        "incomplete": problem.incomplete,
    }


def _decode_problem(document: Json) -> Problem:
    return Problem(
        _text(document["problem"]),
        _text(document["message"]),
        incomplete=bool(document["incomplete"]),
    )


def _encode_doubt(doubt: Unknown | None) -> Json:
    return None if doubt is None else doubt.cause


def _decode_doubt(cause: Json) -> Unknown | None:
    return None if cause is None else _unknown(_text(cause))


def encode_value(value: Value) -> Json:
    """A value with its unknown parts.

    What is unknown is ``{"?": why}``, and if it is a text with unknown pieces these are there,
    too.  A mapping that could be taken for one is wrapped: ``{"=": {…}}``.
    """
    if isinstance(value, Unknown):
        return {
            "?": value.cause,
            **({"sensitive": True} if value.sensitive else {}),
            **({"parts": [encode_value(part) for part in value.parts]} if value.parts else {}),
        }
    if isinstance(value, Mapping):
        members = {str(key): encode_value(member) for key, member in value.items()}
        return {"=": members} if "?" in members or "=" in members else members
    if isinstance(value, (list, tuple)):
        return [encode_value(member) for member in value]
    return value


def decode_value(value: Json) -> Value:
    """The value that `encode_value` was given."""
    if isinstance(value, dict):
        if "?" in value:
            parts = tuple(map(_decode_part, value.get("parts", ())))
            return _unknown(_text(value["?"]), bool(value.get("sensitive")), parts)
        members = value.get("=", value)
        return {intern(key): decode_value(member) for key, member in members.items()}
    if isinstance(value, str):
        # Thousands of objects have the same region, the same status, the same tags.
        return intern(value)
    if isinstance(value, list):
        return [decode_value(member) for member in value]
    decoded: Value = value
    return decoded


def _decode_part(part: Json) -> Union[str, Unknown]:
    decoded = decode_value(part)
    if not isinstance(decoded, (str, Unknown)):
        raise TypeError("a piece of a text is no text")
    return decoded


_unknowns: dict[tuple[str, bool], Unknown] = {}
_MOST_UNKNOWNS = 10_000


def _unknown(
    cause: str, sensitive: bool = False, parts: tuple[Union[str, Unknown], ...] = ()
) -> Unknown:
    """Most attributes are unknown for one of few reasons: the same `Unknown` for each reason."""
    if parts:
        return Unknown(cause, parts=parts, sensitive=sensitive)
    if len(_unknowns) >= _MOST_UNKNOWNS:
        _unknowns.clear()
    return _unknowns.setdefault((cause, sensitive), Unknown(cause, sensitive=sensitive))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _line(document: Json) -> bytes:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii") + b"\n"


__all__ = [
    "Header",
    "Reading",
    "Saver",
    "count_objects",
    "read_header",
    "read_inventories",
    "resumed_time",
]
