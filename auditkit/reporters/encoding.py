"""JSON as all reporters write it: one item a line, nothing that is not ASCII, never NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping

from auditkit.model import Unknown, Value

Encoded = dict[str, Value]
"""An object of a JSON document."""

_encode = json.JSONEncoder(allow_nan=False, check_circular=False).encode


def encode_value(value: Value) -> Value:
    """`value` in JSON's types; an unknown one is ``{"unknown": CAUSE}``."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        # JSON has no word for infinity.
        return value if math.isfinite(value) else {"unknown": f"{value} is no JSON number"}
    if isinstance(value, Unknown):
        return {"unknown": value.cause}
    if isinstance(value, Mapping):
        return {key: encode_value(item) for key, item in value.items()}
    return [encode_value(item) for item in value]


def dump(value: Value) -> str:
    """`value` in one line.

    What is not ASCII is escaped: invisible characters become visible, and a file is right in
    whatever encoding it is written.
    """
    return _encode(value)


def dump_list(key: str, items: Iterable[Encoded]) -> Iterator[str]:
    """The member `key` of an object, in pieces: a list with an item a line."""
    yield f"{dump(key)}: ["
    separator = "\n"
    for item in items:
        yield separator + dump(item)
        separator = ",\n"
    yield "\n]"
