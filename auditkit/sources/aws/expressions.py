"""The expressions of declarations: JMESPath with a few functions of our own."""

from __future__ import annotations

import csv
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import cache
from typing import Any, TypeVar
from urllib.parse import unquote

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError

from auditkit.model import Unknown

# What boto3 returns and JMESPath works on: JSON's types with datetimes and bytes.
Json = Any
_Function = TypeVar("_Function", bound=Callable[..., Json])


class Untold(Exception):
    """An expression looked at what a failed call would have told."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.cause)
        self.unknown = unknown


class Record(dict[str, Json]):
    """What is known of one object; to look at what is `Unknown` in it raises `Untold`."""

    def get(self, key: str, default: Json = None) -> Json:
        """The member `key`, as JMESPath asks for it."""
        value = super().get(key, default)
        if isinstance(value, Unknown):
            raise Untold(value)
        return value


def _typed(*types: str, variadic: bool = False) -> Callable[[_Function], _Function]:
    """The decorator by which JMESPath learns of a function's parameters; ``any`` takes null."""
    given: list[Json] = [{"types": [] if type == "any" else [type]} for type in types]
    if variadic:
        given[-1]["variadic"] = True
    decorate: Callable[[_Function], _Function] = functions.signature(*given)
    return decorate


class _Functions(functions.Functions):
    """Functions beside those of JMESPath; each gives null for null."""

    @_typed("any")
    def _func_block(self, value: Json) -> Json:
        """``block(x)``: a list of one, or of none for null; lists stay."""
        if isinstance(value, list):
            return value
        return [] if value is None else [value]

    @_typed("any")
    def _func_tags(self, pairs: Json) -> Json:
        """``tags(x)``: a map from AWS's list of ``Key`` and ``Value``; maps stay."""
        return tags_of(pairs)

    @_typed("any", "string", "string")
    def _func_pairs(self, items: Json, key: str, value: str) -> Json:
        """``pairs(x, 'Name', 'Value')``: a map from a list of structures."""
        return {item.get(key): item.get(value) for item in items or [] if isinstance(item, dict)}

    @_typed("any")
    def _func_entries(self, value: Json) -> Json:
        """``entries(x)``: what a map holds, as a list of structures of ``Key`` and ``Value``."""
        return [{"Key": key, "Value": member} for key, member in (value or {}).items()]

    @_typed("any")
    def _func_unquoted(self, text: Json) -> Json:
        """``unquoted(x)``: the text without the quotation marks around all of it."""
        if not isinstance(text, str) or len(text) < 2 or text[0] + text[-1] != '""':
            return text
        return text[1:-1]

    @_typed("any")
    def _func_unescaped(self, text: Json) -> Json:
        """``unescaped(x)``: ``\\052.example.com``, as Route 53 writes it, with its star."""
        if not isinstance(text, str):
            return None
        return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)

    @_typed("any", "string")
    def _func_trimmed(self, text: Json, end: str) -> Json:
        """``trimmed(x, '.')``: the text without that at its end."""
        return text.removesuffix(end) if isinstance(text, str) else None

    @_typed("string")
    def _func_untold(self, why: str) -> Json:
        """``IsPrivate && untold('…') || Servers``: where it is reached, nothing is known."""
        raise Untold(Unknown(why))

    @_typed("any", "string")
    def _func_inside(self, items: Json, member: str) -> Json:
        """``inside(x, 'Routes')``: what each item lists there, with the item as ``_parent``.

        JMESPath itself has no way back from an element to what it is in.  What is no structure
        is one with the member ``Item``.
        """
        outer = items if isinstance(items, list) else [items]
        return [
            {**(item if isinstance(item, dict) else {"Item": item}), "_parent": parent}
            for parent in outer
            if isinstance(parent, dict)
            for item in _listed(parent.get(member))
        ]

    @_typed("any", "string", "any")
    def _func_where(self, items: Json, member: str, value: Json) -> Json:
        """``where(x, 'Device', RootDeviceName)``: the items whose member is the value."""
        return [item for item in items or [] if item.get(member) == value]

    @_typed("any", "string", "any")
    def _func_where_not(self, items: Json, member: str, value: Json) -> Json:
        """``where_not(x, 'Device', RootDeviceName)``: the items whose member is not the value."""
        return [item for item in items or [] if item.get(member) != value]

    @_typed("any")
    def _func_joined(self, items: Json) -> Json:
        """``joined(x)``: structures that differ in nothing but their lists become one."""
        found: dict[str, dict[str, Json]] = {}
        for item in items or []:
            lists = {name: value for name, value in item.items() if isinstance(value, list)}
            rest = {name: value for name, value in item.items() if name not in lists}
            into = found.setdefault(json.dumps(rest, sort_keys=True), {**rest})
            for name, value in lists.items():
                into[name] = [*into.get(name, ()), *value]
        return list(found.values())

    @_typed("any")
    def _func_crc32(self, text: Json) -> Json:
        """``crc32(x)``: the number that the provider makes ids of, where AWS has no id."""
        return zlib.crc32(text.encode()) if isinstance(text, str) else None

    @_typed("string", "any", variadic=True)
    def _func_text(self, template: str, *values: Json) -> Json:
        """``text('arn:{}:s3:::{}', _partition, Name)``: null if one of the values is."""
        return None if None in values else template.format(*values)

    @_typed("any", "string", "number")
    def _func_part(self, text: Json, separator: str, index: int) -> Json:
        """``part(x, '/', `-1`)``: one piece of a split text, null where there is none."""
        pieces = text.split(separator) if isinstance(text, str) else []
        return pieces[int(index)] if -len(pieces) <= index < len(pieces) else None

    @_typed("any", "string")
    def _func_split(self, text: Json, separator: str) -> Json:
        """``split(x, ',')``: the pieces of a text, none for an empty one."""
        if text is None:
            return None
        return text.split(separator) if text else []

    @_typed("any", "string")
    def _func_known(self, value: Json, why_not: str) -> Json:
        """``known(x, 'the image is gone')``: the value; Unknown where it is null."""
        if value is None:
            raise Untold(Unknown(why_not))
        return value

    @_typed("any", "any")
    def _func_before(self, moment: Json, other: Json) -> Json:
        """``before(CreationDate, _week_ago)``: whether it is the earlier one; null without both."""
        first, second = self._func_time(moment), self._func_time(other)
        if not isinstance(first, str) or not isinstance(second, str):
            return None
        return first < second

    @_typed("any", "string")
    def _func_after(self, text: Json, separator: str) -> Json:
        """``after(x, ':policy/')``: the text behind the first separator, null without one."""
        if not isinstance(text, str) or separator not in text:
            return None
        return text.partition(separator)[2]

    @_typed("any", "string", "string")
    def _func_replace(self, text: Json, old: str, new: str) -> Json:
        """``replace(x, '\\\\052', '*')``."""
        return text.replace(old, new) if isinstance(text, str) else None

    @_typed("any", "string")
    def _func_found(self, text: Json, pattern: str) -> Json:
        """``found(x, 'ALARM\\((.+?)\\)')``: what the group stands for, wherever it matches."""
        return re.findall(pattern, text) if isinstance(text, str) else None

    @_typed("any")
    def _func_lower(self, text: Json) -> Json:
        """``lower(x)``."""
        return text.lower() if isinstance(text, str) else None

    @_typed("any")
    def _func_upper(self, text: Json) -> Json:
        """``upper(x)``."""
        return text.upper() if isinstance(text, str) else None

    @_typed("any")
    def _func_json(self, value: Json) -> Json:
        """``json(x)``: the value as a JSON text; a text stays, its URL encoding undone.

        Where something in it is Unknown, so is the text, but not the rest of the document.
        """
        if value is None:
            return None
        if isinstance(value, str):
            return unquote(value) if value.startswith("%7B") else value
        if _has_unknown(value):
            return replace(WITHHELD, document=plain(value))
        return json.dumps(value, separators=(",", ":"), default=_time_as_text)

    @_typed("any", "string", "any")
    def _func_dropped(self, items: Json, member: str, value: Json) -> Json:
        """``dropped(x, 'cpu', `0`)``: structures without the member where it has that value."""
        return [
            {name: each for name, each in item.items() if name != member or each != value}
            for item in items or []
        ]

    @_typed("any", "string", variadic=True)
    def _func_withhold(self, value: Json, *paths: str) -> Json:
        """``withhold(x, 'environment.value', 'options')``: x, with what is there not kept.

        Of a map there, the keys are kept.  A path goes into the elements of lists by itself.
        """
        for path in paths:
            value = _withheld_at(value, path.split(".") if path != "@" else [])
        return value

    @_typed("any")
    def _func_csv(self, table: Json) -> Json:
        """``csv(x)``: a list of maps from a table with a header, a text or its bytes."""
        text = table.decode() if isinstance(table, bytes) else table
        return list(csv.DictReader(text.splitlines())) if isinstance(text, str) else None

    @_typed("any")
    def _func_parse(self, text: Json) -> Json:
        """``parse(x)``: what a JSON text says; null where it is none."""
        try:
            return json.loads(text) if isinstance(text, str) else text
        except ValueError:
            return None

    @_typed("any", "any")
    def _func_above(self, numbers: Json, limit: Json) -> Json:
        """``above(x, 7)``: how many of the numbers are above it; null where it is none."""
        if limit is None:
            return None
        return sum(1 for number in numbers or [] if number is not None and number > limit)

    @_typed("any", "any")
    def _func_prefixed(self, texts: Json, prefix: Json) -> Json:
        """``prefixed(x, 'a/')``: the texts with the prefix before each."""
        if not isinstance(prefix, str):
            return None
        return [f"{prefix}{text}" for text in texts or []]

    @_typed("any", "any")
    def _func_growth(self, new: Json, old: Json) -> Json:
        """``growth(new, old)``: by how many percent the first is more; null for what has no old."""
        if not isinstance(new, (int, float)) or not isinstance(old, (int, float)) or old <= 0:
            return None
        return round((new - old) / old * 100, 1)

    @_typed("any")
    def _func_time(self, moment: Json) -> Json:
        """``time(x)``: RFC 3339 in UTC from a datetime, a text of ISO 8601, or the epoch's seconds.

        They may be milliseconds.  Any other text stays.
        """
        if isinstance(moment, str):
            moment = _moment_in(moment)
        if isinstance(moment, datetime):
            return _time_as_text(moment)
        if isinstance(moment, (int, float)) and not isinstance(moment, bool):
            # No date of AWS in seconds has so many digits, and none in milliseconds so few.
            seconds = moment / 1000 if moment > 1e11 else moment
            return _time_as_text(datetime.fromtimestamp(seconds, timezone.utc))
        return moment


WITHHELD = Unknown("not kept: it may be a secret", sensitive=True, present=True)
"""The value of what AWS tells and nobody may read: environment variables, tokens in options."""


def _withheld_at(value: Json, path: Sequence[str]) -> Json:
    if isinstance(value, list):
        return [_withheld_at(item, path) for item in value]
    if isinstance(value, dict) and path:
        name, rest = path[0], path[1:]
        return {**value, name: _withheld_at(value[name], rest)} if name in value else value
    if isinstance(value, dict):
        return {name: _withheld_at(member, path) for name, member in value.items()}
    return WITHHELD if value and not path else value


def _has_unknown(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(_has_unknown, value))
    return isinstance(value, Unknown)


def _moment_in(text: str) -> datetime | str:
    """The moment that ``2024-05-01T10:00:00.123+0000`` names; other texts stay."""
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return text


def _listed(value: Json) -> Sequence[Json]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


_OCTAL = re.compile(r"\\([0-3][0-7]{2})")
_OPTIONS = jmespath.Options(custom_functions=_Functions())


def tags_of(value: Json) -> Mapping[str, str] | None:
    """The tags that a map or a list of pairs holds; those of AWS itself are left out.

    Terraform manages no tag that begins with ``aws:``, and nobody may set one.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        named = dict(value)
    else:
        named = {
            pair.get("Key", pair.get("key", pair.get("TagKey"))): pair.get(
                "Value", pair.get("value", pair.get("TagValue", ""))
            )
            for pair in value
            if isinstance(pair, Mapping)
        }
    return {
        key: text or "" for key, text in named.items() if key and not str(key).startswith("aws:")
    }


def plain(value: Json) -> Json:
    """The value in JSON's types: datetimes as RFC 3339 in UTC; bytes as text, or null.

    The value is copied as far as needed.
    """
    if isinstance(value, datetime):
        return _time_as_text(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return value


def _time_as_text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


Expression = Callable[[Json], Json]
"""A compiled expression: raises `Untold`, or one of `EXPRESSION_ERRORS`."""
EXPRESSION_ERRORS = (JMESPathError, TypeError, AttributeError, ValueError, KeyError)
"""What an expression raises for what it does not fit: AWS answered against its own model."""


@cache
def compile_expression(text: str) -> Expression:
    """The function for an expression; a path of plain names takes the short way."""
    names = text.split(".")
    if all(name.isidentifier() for name in names):
        return _path(names)
    parsed = jmespath.compile(text)

    def search(value: Json) -> Json:
        return parsed.search(value, _OPTIONS)

    return search


def _path(names: Sequence[str]) -> Expression:
    def search(value: Json) -> Json:
        for name in names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return search


__all__ = [
    "EXPRESSION_ERRORS",
    "Expression",
    "Json",
    "Record",
    "Untold",
    "compile_expression",
    "plain",
    "tags_of",
]
