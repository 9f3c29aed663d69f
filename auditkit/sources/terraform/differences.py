"""What differs between two values of a resource, as far as it means something."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Union

from auditkit.legacy import companions_filling
from auditkit.model import Value
from auditkit.schema import schema_of

Path = tuple[Union[str, int], ...]


def differences(
    type: str,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    *,
    is_written: Callable[[str], bool] = lambda _: True,
) -> list[Path]:
    """The paths of attributes that differ.

    Left out is what says the same: an empty value and none, elements in another order, JSON in
    another layout.  So is what AWS alone decides on, such as the time of the last backup, and
    what only repeats a companion: a bucket's versioning, unless the bucket's own block says it,
    which `is_written` tells.
    """
    schema = schema_of(type)
    own = frozenset(schema.computed_only) if schema is not None else frozenset[str]()
    return [
        path
        for name in dict.fromkeys((*before, *after))
        if name not in own and not _is_repeated(type, name, before.get(name), is_written)
        for path in _differ(before.get(name), after.get(name), (name,))
    ]


def _is_repeated(type: str, name: str, before: Value, is_written: Callable[[str], bool]) -> bool:
    """Whether it is as the companions want it; where lists are joined, as at their creation."""
    rows = companions_filling(type, name)
    if not rows or is_written(name):
        return False
    return _is_blank(before) or not any(row.gather for row in rows)


def _differ(before: Value, after: Value, path: Path) -> Iterator[Path]:
    if _says_nothing(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from _differ(before.get(name), after.get(name), (*path, name))
        return
    if isinstance(before, list) and isinstance(after, list):
        if len(before) == len(after) == 1:
            yield from _differ(before[0], after[0], (*path, 0))
        elif _fingerprints(before) != _fingerprints(after):
            yield path
        return
    if before != after and not _is_same_document(before, after):
        yield path


def _says_nothing(before: Value, after: Value) -> bool:
    """Whether both are empty, or one is what stands in for the other's absence."""
    if _is_blank(before) and _is_blank(after):
        return True
    return (before is None and not after) or (after is None and not before)


def _is_blank(value: Value) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _fingerprints(values: Sequence[Value]) -> list[str]:
    return sorted(json.dumps(value, sort_keys=True) for value in values)


def _is_same_document(before: Value, after: Value) -> bool:
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    if not (before[:1] in "{[" and after[:1] in "{["):
        return False
    try:
        return bool(json.loads(before) == json.loads(after))
    except (ValueError, RecursionError):
        return False
