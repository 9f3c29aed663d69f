"""Paths into a resource: ``logging[0].target_bucket``, ``tags["cost.center"]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Union

from auditkit.model import Unknown, Value, Verdict

Path = tuple[Union[str, int], ...]
"""The steps from a subject to a value: names and list indexes; empty for the subject itself."""

_NAME = re.compile(r"[A-Za-z_][\w-]*")
_STEP = re.compile(r'\.(?P<name>[A-Za-z_][\w-]*)|\[(?P<index>\d{1,9})\]|\["(?P<key>[^"]*)"\]')


def parse_path(text: str) -> Path:
    """The steps of a path as rule files write it.

    ``a.b`` steps by name, ``a[0]`` into a list, ``tags["x.y"]`` to a name with other
    characters.  ``.`` is the subject itself, and a leading dot changes nothing else: it tells
    the attribute ``.policy`` from the operator ``policy``.

    Raises `ValueError` for anything else.
    """
    if text == ".":
        return ()
    start = _NAME.match(text)
    steps: list[str | int] = [start.group()] if start else []
    position = start.end() if start else int(text.startswith(".["))
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise ValueError(f"not a path: {text!r} breaks off at {text[position:]!r}")
        if step["index"] is not None:
            steps.append(int(step["index"]))
        else:
            steps.append(step["name"] if step["key"] is None else step["key"])
        position = step.end()
    if not steps:
        raise ValueError("not a path: it is empty")
    return tuple(steps)


def format_path(path: Sequence[str | int]) -> str:
    """The path as rule files write it; ``.`` for the subject itself."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _NAME.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text or "."


def judge_at(
    value: Value, path: Path, judge: Callable[[Value], Verdict], start: int = 0
) -> Verdict:
    """The verdict of `judge` on what stands at `path` below `value`.

    A name that meets a list goes through it: no element is an absent value, one is taken, and
    of several every one has to satisfy `judge`.  A path through a scalar ends in ``None``.
    """
    for number in range(start, len(path)):
        step = path[number]
        if isinstance(value, dict):
            value = value.get(step)
            continue
        if isinstance(value, (list, tuple)):
            if isinstance(step, int):
                value = value[step] if step < len(value) else None
                continue
            if len(value) > 1:
                return min(judge_at(item, path, judge, number) for item in value)
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, Unknown):
            return judge(_part_of(value, path[number:]))
        else:
            return judge(None)
    return judge(value)


def values_at(value: Value, path: Path, at: Path = ()) -> Iterator[tuple[Path, Value]]:
    """What stands at `path` below `value`, and where: the values that `judge_at` judges.

    `at` is the path of `value` itself.  An absent value is told at the deepest place that
    could be reached, with the remaining names appended.
    """
    for number, step in enumerate(path):
        if isinstance(value, (list, tuple)):
            if isinstance(step, int):
                value = value[step] if step < len(value) else None
                at = (*at, step)
                continue
            if len(value) > 1:
                for index, item in enumerate(value):
                    yield from values_at(item, path[number:], (*at, index))
                return
            if value:
                value = value[0]
                at = (*at, 0)
            else:
                value = None
        if isinstance(value, dict):
            value = value.get(step)
            at = (*at, step)
        elif isinstance(value, Unknown):
            yield (*at, *path[number:]), _part_of(value, path[number:])
            return
        else:
            yield (*at, *path[number:]), None
            return
    yield at, value


def _part_of(whole: Unknown, path: Path) -> Unknown:
    """A part of something unknown: what is known of the whole does not hold for it."""
    is_certain = len(path) == 1 and path[0] in whole.keys
    return Unknown(whole.cause, sensitive=whole.sensitive, present=is_certain)
