"""JSON documents in attributes: as text, as text with unknown pieces, or already decoded."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from auditkit.model import Unknown, Value
from auditkit.rules.values import pieces

# Private-use characters cannot be told from a hole, so a text that has them is not read.
_OPEN, _CLOSE, _BARE = "\ue000", "\ue001", "\ue002"
_HOLE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_QUOTE = re.compile(r'\\.|"', re.DOTALL)

UNKNOWN_IN_KEY = re.compile(r"\$\{unknown:\d+\}")
"""What stands for the unknown pieces in the keys of a decoded mapping, which must be text."""


def decode(value: Value) -> Value:
    """What the JSON text `value` says.

    Null and an empty text give ``None``; what is decoded already is returned.  Of text with
    unknown pieces the rest is decoded, with `Unknown` where the pieces stood.  Anything that
    cannot be decoded is `Unknown`.
    """
    if isinstance(value, str):
        return _decode_text(value)
    if not isinstance(value, Unknown):
        return value
    if value.document is not None:
        return value.document
    return _decode_pieces(value) if value.parts else value


def decode_plain(value: Value) -> Value:
    """What `decode` says, with no mapping or list that may have more than it seems to.

    A key with unknown pieces may turn out to be any, and to stand for what seems to be absent;
    what stands for an element of a list may be several, or none.  Only in a policy is it known
    what a key with a hole can be, and that the number of elements is no matter.
    """
    if not isinstance(value, Unknown):
        return decode(value)
    if value.document is None and value.parts:
        return _without_unknown_keys(_decode_pieces(value, is_plain=True))
    return _without_unknown_keys(decode(value))


def _without_unknown_keys(value: Value) -> Value:
    if isinstance(value, list):
        return [_without_unknown_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    if any(UNKNOWN_IN_KEY.search(key) for key in value):
        return Unknown("a key of the document has unknown pieces")
    return {key: _without_unknown_keys(member) for key, member in value.items()}


@lru_cache(maxsize=512)
def _decode_text(text: str) -> Value:
    """The decoded text; shared between calls, so never to be changed."""
    if not text.strip():
        return None
    try:
        decoded: Value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Unknown(f"the text is not JSON: {error}")
    return decoded


def _decode_pieces(value: Unknown, *, is_plain: bool = False) -> Value:
    holes: list[Unknown] = []
    text = ""
    in_string = False
    for piece in pieces(value):
        if isinstance(piece, Unknown):
            mark = f"{_OPEN}{len(holes)}{_CLOSE}"
            text += mark if in_string else f'"{mark}{_BARE}"'
            holes.append(piece)
        elif _OPEN in piece or _BARE in piece:
            return Unknown(value.cause, value.references)
        else:
            text += piece
            in_string ^= _QUOTE.findall(piece).count('"') % 2 == 1
    try:
        return _fill(json.loads(text), holes, is_plain=is_plain)
    except (ValueError, RecursionError):
        return Unknown(value.cause, value.references)


def _fill(value: Value, holes: Sequence[Unknown], *, is_plain: bool) -> Value:
    """`value` with the unknown pieces back in their places."""
    if isinstance(value, str):
        return _fill_text(value.rstrip(_BARE), holes) if _OPEN in value else value
    if isinstance(value, list):
        items = [_fill(item, holes, is_plain=is_plain) for item in value]
        bare = [
            item
            for item, text in zip(items, value, strict=True)
            if isinstance(text, str) and text.endswith(_BARE)
        ]
        if is_plain and bare and isinstance(bare[0], Unknown):
            # `[${join(",", each)}]` is a list of as many.
            return Unknown(bare[0].cause, bare[0].references)
        return items
    if isinstance(value, dict):
        return {
            _HOLE.sub(r"${unknown:\1}", key.rstrip(_BARE)): _fill(member, holes, is_plain=is_plain)
            for key, member in value.items()
        }
    return value


def _fill_text(text: str, holes: Sequence[Unknown]) -> Unknown:
    split = _HOLE.split(text)
    parts: list[str | Unknown] = [
        holes[int(piece)] if number % 2 else piece
        for number, piece in enumerate(split)
        if number % 2 or piece
    ]
    unknown = [part for part in parts if isinstance(part, Unknown)]
    if len(parts) == 1:
        return unknown[0]
    references = tuple(reference for hole in unknown for reference in hole.references)
    return Unknown(unknown[0].cause, references, parts=tuple(parts))
