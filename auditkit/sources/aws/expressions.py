"""The expressions of declarations: JMESPath with a few functions of our own."""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
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
    def _func_after(self, text: Json, separator: str) -> Json:
        """``after(x, ':policy/')``: the text behind the first separator, null without one."""
        if not isinstance(text, str) or separator not in text:
            return None
        return text.partition(separator)[2]

    @_typed("any", "string", "string")
    def _func_replace(self, text: Json, old: str, new: str) -> Json:
        """``replace(x, '\\\\052', '*')``."""
        return text.replace(old, new) if isinstance(text, str) else None

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
        """``json(x)``: the value as a JSON text; a text stays, its URL encoding undone."""
        if value is None:
            return None
        if isinstance(value, str):
            return unquote(value) if value.startswith("%7B") else value
        return json.dumps(value, separators=(",", ":"), default=_time_as_text)

    @_typed("any", "string")
    def _func_told(self, value: Json, cause: str) -> Json:
        """``told(report[0], 'the report is older')``: Unknown with that cause instead of null."""
        if value is None:
            raise Untold(Unknown(cause))
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
    def _func_growth(self, new: Json, old: Json) -> Json:
        """``growth(new, old)``: by how many percent the first is more; null for what has no old."""
        if not isinstance(new, (int, float)) or not isinstance(old, (int, float)) or old <= 0:
            return None
        return round((new - old) / old * 100, 1)

    @_typed("any")
    def _func_time(self, moment: Json) -> Json:
        """``time(x)``: RFC 3339 from a datetime, or from seconds or milliseconds of the epoch."""
        if isinstance(moment, datetime):
            return _time_as_text(moment)
        if isinstance(moment, (int, float)) and not isinstance(moment, bool):
            # No date of AWS in seconds has so many digits, and none in milliseconds so few.
            seconds = moment / 1000 if moment > 1e11 else moment
            return _time_as_text(datetime.fromtimestamp(seconds, timezone.utc))
        return moment


def _listed(value: Json) -> Sequence[Json]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


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
    """The value in JSON's types: datetimes as RFC 3339 in UTC; bytes, which rules ignore, as null.

    The value is copied as far as needed.
    """
    if isinstance(value, datetime):
        return _time_as_text(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return None if isinstance(value, (bytes, bytearray)) else value


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
