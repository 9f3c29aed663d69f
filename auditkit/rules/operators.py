"""What can be asked of one value: an explicit table of operators.

Each operator is a function from its operand to an `Expectation`; it raises `ValueError`, in
words for the author of the rule, when the operand is not what it takes.  Its docstring is its
reference in ``docs/rule-language.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from auditkit.model import Evidence, Unknown, Value, Verdict
from auditkit.rules.addresses import Network, judge_public, lies_within, overlaps, parse_network
from auditkit.rules.expectations import Expectation, Judge, Opposite, Simple, invert
from auditkit.rules.paths import Path
from auditkit.rules.policy import covers as pattern_covers
from auditkit.rules.values import (
    FAIL,
    PASS,
    UNKNOWN,
    format_value,
    is_certain_to_be_filled,
    is_certain_to_exist,
    known_end,
    known_start,
    known_texts,
    list_words,
    same,
    to_number,
    to_text,
)


def equals(operand: Value) -> Expectation:
    """Is the given value; the same as writing the value without an operator.

    Scalars are compared as Terraform converts them: the text `"7"` is the number 7, `"true"` is
    true. Lists are equal when they hold the same elements in any order. An absent attribute
    equals `null` and nothing else. A text with unknown pieces fails when the known ones rule
    the given value out.
    """

    def judge(value: Value) -> Verdict:
        return same(value, operand)

    if operand is None:
        return Simple(judge, "no value", "a value", verb="has")
    words = format_value(operand)
    return Simple(_equality(operand) or judge, words, f"anything but {words}")


def _equality(operand: Value) -> Judge | None:
    """A quicker way to compare with a bool or a text, which nearly all rules do."""
    if isinstance(operand, str) and to_number(operand) is None and operand not in _BOOL_TEXTS:

        def judge_text(value: Value) -> Verdict:
            if isinstance(value, Unknown):
                return same(value, operand)
            return PASS if value == operand else FAIL

        return judge_text
    if isinstance(operand, bool):
        text = to_text(operand)

        def judge_bool(value: Value) -> Verdict:
            if isinstance(value, Unknown):
                return same(value, operand)
            return PASS if value is operand or value == text else FAIL

        return judge_bool
    return None


_BOOL_TEXTS = ("true", "false")


def is_in(operand: Value) -> Expectation:
    """Is one of the given values, compared as by `equals`.

    Null fails, unless `null` is one of them. An unknown value is unknown, unless its known
    pieces rule all of them out.
    """
    choices = _take_list(operand)

    def judge(value: Value) -> Verdict:
        return max(same(value, choice) for choice in choices)

    words = format_value(choices)
    return Simple(judge, f"one of {words}", f"none of {words}")


def matches(operand: Value) -> Expectation:
    """Has a part that the regular expression matches; `^` and `$` tie it to the ends.

    The syntax is Python's (`re.search`). Numbers and booleans are matched as text. Null and
    everything else fails. A text with unknown pieces passes when a known piece matches whatever
    the others are, and fails when its known start contradicts an expression that begins with
    `^` and literal text.
    """
    pattern = _take_text(operand)
    try:
        search = re.compile(pattern).search
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return _match_pieces(value, pattern)
        text = to_text(value)
        return PASS if text is not None and search(text) else FAIL

    return Simple(judge, f"a match of /{pattern}/", f"no match of /{pattern}/")


# Whether these hold depends on the characters around, which may be unknown ones.
_LOOKS_AROUND = r"\\[bBZ]|\(\?[=!<]|\(\?[a-zA-Z]"
_LITERAL_START = r"\^((?:[\w:/@-](?![?*{+]))*)"


def _match_pieces(value: Unknown, pattern: str) -> Verdict:
    start = known_start(value)
    literal = re.match(_LITERAL_START, pattern)
    if literal and "|" not in pattern:
        known = min(len(start), len(literal[1]))
        if start[:known] != literal[1][:known]:
            return FAIL
    if re.search(_LOOKS_AROUND, pattern):
        return UNKNOWN
    bare = pattern.replace("[^", "[")
    candidates = set(known_texts(value))
    if "^" in bare or "\\A" in bare:
        candidates &= {start}
    if "$" in bare:
        candidates &= {known_end(value)}
    is_found = any(re.search(pattern, text) for text in candidates if text)
    return PASS if is_found else UNKNOWN


def starts_with(operand: Value) -> Expectation:
    """Starts with the given text, or with one of several.

    Null and everything else but a text fails. Of a text with unknown pieces the known start
    decides where it can.
    """
    choices = _take_texts(operand)

    def judge_unknown(value: Unknown) -> Verdict:
        start = known_start(value)
        if start.startswith(choices):
            return PASS
        return UNKNOWN if any(choice.startswith(start) for choice in choices) else FAIL

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return judge_unknown(value)
        return PASS if isinstance(value, str) and value.startswith(choices) else FAIL

    words = list_words(map(format_value, choices), "or")
    return Simple(judge, f"a text that starts with {words}", f"no text that starts with {words}")


def ends_with(operand: Value) -> Expectation:
    """Ends with the given text, or with one of several.

    Null and everything else but a text fails. Of a text with unknown pieces the known end
    decides where it can.
    """
    choices = _take_texts(operand)

    def judge_unknown(value: Unknown) -> Verdict:
        end = known_end(value)
        if end.endswith(choices):
            return PASS
        return UNKNOWN if any(choice.endswith(end) for choice in choices) else FAIL

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return judge_unknown(value)
        return PASS if isinstance(value, str) and value.endswith(choices) else FAIL

    words = list_words(map(format_value, choices), "or")
    return Simple(judge, f"a text that ends with {words}", f"no text that ends with {words}")


def contains(operand: Value) -> Expectation:
    """Has the given element (of a list), text (of a text) or key with a value (of a map).

    Null, an empty list and everything else fails. A list with unknown elements passes when a
    known one is it, and is unknown otherwise; a text with unknown pieces likewise.
    """
    if isinstance(operand, (list, tuple, dict)):
        raise ValueError("contains takes one value; for several use contains_all or contains_any")

    def one(item: Value) -> Verdict:
        return same(item, operand)

    words = format_value(operand)
    return Simple(
        lambda value: _holds(value, operand),
        f"{words} in it",
        f"no {words} in it",
        verb="has",
        one=one,
        one_refused=f"anything but {words}",
    )


def contains_all(operand: Value) -> Expectation:
    """Has all of the given elements, texts or keys, each as by `contains`.

    Null fails, and so does an empty list.
    """
    wanted = _take_list(operand)

    def judge(value: Value) -> Verdict:
        return min(_holds(value, item) for item in wanted)

    words = format_value(wanted)
    return Simple(judge, f"all of {words} in it", f"not all of {words} in it", verb="has")


def contains_any(operand: Value) -> Expectation:
    """Has at least one of the given elements, texts or keys, each as by `contains`.

    Null fails, and so does an empty list.
    """
    wanted = _take_list(operand)

    def judge(value: Value) -> Verdict:
        return max(_holds(value, item) for item in wanted)

    def one(item: Value) -> Verdict:
        return max(same(item, choice) for choice in wanted)

    words = format_value(wanted)
    return Simple(
        judge,
        f"one of {words} in it",
        f"none of {words} in it",
        verb="has",
        one=one,
        one_refused=f"none of {words}",
    )


def _holds(value: Value, wanted: Value) -> Verdict:
    if isinstance(value, (list, tuple)):
        return max((same(item, wanted) for item in value), default=FAIL)
    text = to_text(wanted)
    if isinstance(value, Unknown):
        if not text:
            return UNKNOWN
        is_known = text in value.keys or any(text in piece for piece in known_texts(value))
        return PASS if is_known else UNKNOWN
    if text is None:
        return FAIL
    if isinstance(value, dict):
        return invert(same(value.get(text), None))
    return PASS if isinstance(value, str) and text in value else FAIL


def has_keys(operand: Value) -> Expectation:
    """Is a map that has all the given keys, none of them with an empty value.

    Null, an empty map and everything else fails. A key whose value is unknown is unknown, unless
    it is certain not to be empty.
    """
    return Keys(_take_texts(operand))


@dataclass(frozen=True, slots=True)
class Keys:
    """What `has_keys` expects; its evidence names only the keys that are missing."""

    keys: tuple[str, ...]

    @property
    def judge(self) -> Judge:
        """Tells the verdict on a map."""
        keys = self.keys
        return lambda value: min(_judge_key(value, key) for key in keys)

    def words(self, *, negated: bool) -> str:
        """The keys."""
        return f"has {'not all of ' if negated else ''}{_name_keys(self.keys)}"

    def explain(self, value: Value, path: Path, *, negated: bool) -> Iterator[Evidence]:
        """The map, and which of the keys decided."""
        decided = self.judge(value)
        keys = [key for key in self.keys if _judge_key(value, key) is decided]
        verdict = invert(decided) if negated else decided
        words = f"not all of {_name_keys(keys)}" if negated else _name_keys(keys)
        yield Evidence(path, verdict, words, value)


def _name_keys(keys: Sequence[str]) -> str:
    return f"the key{'s'[: len(keys) - 1]} {list_words(map(format_value, keys), 'and')}"


def _judge_key(value: Value, key: str) -> Verdict:
    if isinstance(value, Unknown):
        return PASS if key in value.keys else UNKNOWN
    return invert(_judge_empty(value.get(key))) if isinstance(value, dict) else FAIL


def gte(operand: Value) -> Expectation:
    """Is a number that is at least the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = _take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number >= limit),
        f"at least {operand}",
        f"below {operand}",
    )


def gt(operand: Value) -> Expectation:
    """Is a number above the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = _take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number > limit),
        f"above {operand}",
        f"at most {operand}",
    )


def lte(operand: Value) -> Expectation:
    """Is a number that is at most the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = _take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number <= limit),
        f"at most {operand}",
        f"above {operand}",
    )


def lt(operand: Value) -> Expectation:
    """Is a number below the given one; a text that spells a number counts.

    Null and everything else fails.
    """
    limit = _take_number(operand)
    return Simple(
        lambda value: _compare(value, lambda number: number < limit),
        f"below {operand}",
        f"at least {operand}",
    )


def _compare(value: Value, holds: Callable[[float], bool]) -> Verdict:
    if isinstance(value, Unknown):
        return UNKNOWN
    number = to_number(value)
    return PASS if number is not None and holds(number) else FAIL


def exists(operand: Value) -> Expectation:
    """Is not null (`true`), or is null or absent (`false`).

    An empty text, list or map exists. An unknown value exists when that is certain: when it is
    another resource's own attribute, such as its `arn`, or when a piece of it is known.
    """
    test = Simple(_judge_existence, "a value", "no value", verb="has")
    return test if _take_bool(operand) else Opposite(test)


def _judge_existence(value: Value) -> Verdict:
    if isinstance(value, Unknown):
        return PASS if is_certain_to_exist(value) else UNKNOWN
    return FAIL if value is None else PASS


def empty(operand: Value) -> Expectation:
    """Is null, an empty text, an empty list or an empty map (`true`), or is not (`false`).

    Zero and false are not empty, and neither is a list of unknown elements. An unknown value is
    not empty when that is certain.
    """
    test = Simple(_judge_empty, "no value", "a value", verb="has")
    return test if _take_bool(operand) else Opposite(test)


def _judge_empty(value: Value) -> Verdict:
    if isinstance(value, Unknown):
        return FAIL if is_certain_to_be_filled(value) else UNKNOWN
    return PASS if value is None or value in ("", [], (), {}) else FAIL


def within_cidr(operand: Value) -> Expectation:
    """Is an address range that lies inside the given one, or inside one of several.

    Of a list every element has to; an empty list passes. Null and what is no address range
    fails.
    """
    outer = _take_networks(operand)

    def one(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        network = parse_network(value) if isinstance(value, str) else None
        if network is None:
            return FAIL
        return PASS if any(lies_within(network, range_) for range_ in outer) else FAIL

    words = list_words(_take_texts(operand), "or")
    return Simple(
        _of_elements(one, every=True),
        f"within {words}",
        f"not within {words}",
        one=one,
        every=True,
    )


def overlaps_cidr(operand: Value) -> Expectation:
    """Is an address range that shares an address with the given one, or with one of several.

    Of a list some element has to; an empty list fails. Null and what is no address range fails.
    """
    others = _take_networks(operand)

    def one(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        network = parse_network(value) if isinstance(value, str) else None
        if network is None:
            return FAIL
        return PASS if any(overlaps(network, other) for other in others) else FAIL

    words = list_words(_take_texts(operand), "or")
    return Simple(
        _of_elements(one),
        f"an overlap with {words}",
        f"no overlap with {words}",
        verb="has",
        one=one,
    )


def is_public_cidr(operand: Value) -> Expectation:
    """Is an address range that is open to the Internet at large (`true`), or is none (`false`).

    That is a range broader than /8 (IPv6: /32) that is not private, multicast or reserved:
    `0.0.0.0/0`, `::/0`, and `0.0.0.0/1` too, with which the former is sometimes disguised. It is
    Amazon's definition for `aws:SourceIp`. A list is open when some element is. Null, an empty
    list and what is no address range are not open.
    """
    test = Simple(
        _of_elements(judge_public),
        "open to the Internet",
        "not open to the Internet",
        one=judge_public,
    )
    return test if _take_bool(operand) else Opposite(test)


def _of_elements(one: Judge, *, every: bool = False) -> Judge:
    """Judges a list by its elements, and anything else by itself."""

    def judge(value: Value) -> Verdict:
        if not isinstance(value, (list, tuple)):
            return one(value)
        if every:
            return min(map(one, value), default=PASS)
        return max(map(one, value), default=FAIL)

    return judge


def covers(operand: Value) -> Expectation:
    """Is an IAM pattern, or a list with one, that covers the given action or ARN.

    `*` and `?` in the value are wildcards. Actions are compared without regard to case, ARNs
    with it. Null, an empty list and everything else fails. A pattern with unknown pieces fails
    when no filling could cover the name.
    """
    name = _take_text(operand)

    def one(value: Value) -> Verdict:
        return pattern_covers(value, name)

    words = format_value(name)
    return Simple(
        _of_elements(one),
        f"a pattern that covers {words}",
        f"no pattern that covers {words}",
        verb="has",
        one=one,
    )


def version_gte(operand: Value) -> Expectation:
    """Is a version that is at least the given one, compared number by number.

    Takes `1.28`, `v1.2`, `TLS_1_2`, `TLSv1.2_2021` and `Policy-Min-TLS-1-2-2019-07`: the year at
    the end does not count. Every SSL version is older than every TLS version. A text from which
    no version can be read fails, such as the name of a load balancer's policy, and so does null.
    """
    limit = _read_version(_take_text(operand))
    if limit is None:
        raise ValueError(f"not a version: {format_value(operand)}")
    least: tuple[int, ...] = limit

    def judge(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        version = _read_version(to_text(value) or "")
        if version is None:
            return FAIL
        missing = (0,) * (len(least) - len(version))
        return PASS if version + missing >= least else FAIL

    return Simple(judge, f"version {operand} or later", f"a version before {operand}")


_VERSION = r"(?i)(?P<ssl>ssl)?(?P<tls>tls)?[a-z]*[._ -]?(?P<numbers>\d+([._-]\d+)*)"
_FIRST_YEAR = 1990


def _read_version(text: str) -> tuple[int, ...] | None:
    found = re.search(_VERSION, text[:100])
    if found is None:
        return None
    numbers: list[int] = []
    for number in map(int, re.split(r"[._-]", found["numbers"])):
        if number >= _FIRST_YEAR:
            break
        numbers.append(number)
    # "TLS13-1-2" lists versions 1.3 and 1.2; which of them is meant cannot be told.
    if not numbers or (found["tls"] and numbers[0] > 9):
        return None
    return (0, *numbers) if found["ssl"] else tuple(numbers)


def older_than(operand: Value, now: datetime) -> Expectation:
    """Is a time that lies further back than `12h`, `90d` or `4w`; a plain number is days.

    Times are RFC 3339; without a zone they are UTC. Null and what is no time fails, here and in
    `newer_than` alike.
    """
    words, age = _take_age(operand)
    return Simple(
        lambda value: _judge_time(value, lambda time: time < now - age),
        f"older than {words}",
        f"not older than {words}",
    )


def newer_than(operand: Value, now: datetime) -> Expectation:
    """Is a time that lies less far back than `12h`, `90d` or `4w`; a plain number is days.

    Times are RFC 3339; without a zone they are UTC. Null and what is no time fails, here and in
    `older_than` alike.
    """
    words, age = _take_age(operand)
    return Simple(
        lambda value: _judge_time(value, lambda time: time >= now - age),
        f"newer than {words}",
        f"not newer than {words}",
    )


def _judge_time(value: Value, holds: Callable[[datetime], bool]) -> Verdict:
    if isinstance(value, Unknown):
        return UNKNOWN
    time = _read_time(value) if isinstance(value, str) else None
    return PASS if time is not None and holds(time) else FAIL


_TIME = r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|z|[+-]\d\d:?\d\d)?)?"


def _read_time(text: str) -> datetime | None:
    found = re.fullmatch(_TIME, text.strip())
    if found is None:
        return None
    date, clock, zone = found.groups()
    hours = "+00:00" if zone is None or zone in "Zz" else zone[:3] + ":" + zone[-2:]
    try:
        return datetime.fromisoformat(f"{date}T{clock or '00:00'}{hours}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


_AGE = r"(\d{1,6})\s*([hdw])"
_UNITS = {"h": ("hours", 1), "d": ("days", 24), "w": ("weeks", 24 * 7)}


def _take_age(operand: Value) -> tuple[str, timedelta]:
    number = operand if isinstance(operand, int) and not isinstance(operand, bool) else None
    found = re.fullmatch(_AGE, f"{number}d" if number is not None else _take_text(operand))
    if found is None:
        raise ValueError(f"not an age: {format_value(operand)}; write 12h, 90d or 4w")
    unit, hours = _UNITS[found[2]]
    return f"{found[1]} {unit}", timedelta(hours=int(found[1]) * hours)


def _take_bool(operand: Value) -> bool:
    if not isinstance(operand, bool):
        raise ValueError(f"takes true or false, not {format_value(operand)}")
    return operand


def _take_number(operand: Value) -> float:
    if isinstance(operand, bool) or not isinstance(operand, (int, float)):
        raise ValueError(f"takes a number, not {format_value(operand)}")
    return operand


def _take_text(operand: Value) -> str:
    if not isinstance(operand, str) or not operand:
        raise ValueError(f"takes a text, not {format_value(operand)}")
    return operand


def _take_list(operand: Value) -> Sequence[Value]:
    if not isinstance(operand, list) or not operand:
        raise ValueError(f"takes a list of values, not {format_value(operand)}")
    return operand


def _take_texts(operand: Value) -> tuple[str, ...]:
    texts: Iterable[Value] = operand if isinstance(operand, list) else (operand,)
    taken = tuple(map(_take_text, texts))
    if not taken:
        raise ValueError("takes a text or a list of texts, and the list is empty")
    return taken


def _take_networks(operand: Value) -> tuple[Network, ...]:
    networks = []
    for text in _take_texts(operand):
        network = parse_network(text)
        if network is None:
            raise ValueError(f"not an address range: {format_value(text)}")
        networks.append(network)
    return tuple(networks)


OPERATORS: Mapping[str, Callable[[Value], Expectation]] = {
    "equals": equals,
    "in": is_in,
    "exists": exists,
    "empty": empty,
    "gte": gte,
    "gt": gt,
    "lte": lte,
    "lt": lt,
    "matches": matches,
    "starts_with": starts_with,
    "ends_with": ends_with,
    "contains": contains,
    "contains_all": contains_all,
    "contains_any": contains_any,
    "has_keys": has_keys,
    "within_cidr": within_cidr,
    "overlaps_cidr": overlaps_cidr,
    "is_public_cidr": is_public_cidr,
    "version_gte": version_gte,
    "covers": covers,
}
"""Operators by the name that rules use."""

TIME_OPERATORS: Mapping[str, Callable[[Value, datetime], Expectation]] = {
    "older_than": older_than,
    "newer_than": newer_than,
}
"""Operators that also need to know the time."""
