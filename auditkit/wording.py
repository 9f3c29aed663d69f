"""What a finding says: values and evidence as one line of text, secrets left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from auditkit.model import Evidence, Unknown, Value, Verdict
from auditkit.redaction import is_secret_name, mask_value
from auditkit.rules.paths import format_path
from auditkit.schema import schema_of

WITHHELD = "(sensitive)"
"""Stands for a value that must not be shown."""

_LONGEST_TEXT = 60
_LONGEST_LIST = 3
# What moves the cursor, hides or reorders text on a terminal or a web page.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def withhold(type: str, path: Sequence[str | int], value: Value) -> Value:
    """`value` without what is secret: by the provider's schema, by name, or by its looks."""
    schema = schema_of(type)
    sensitive = schema.sensitive if schema is not None else frozenset[str]()
    if isinstance(value, Unknown) or value is None:
        return value
    names = [step for step in path if isinstance(step, str)]
    if any(name in sensitive or is_secret_name(name) for name in names):
        # That it is empty or switched off is what the finding is about.
        return value if value in ("", [], {}) or isinstance(value, bool) else WITHHELD
    return mask_value(_withhold_members(sensitive, value), format_path(path))


def describe(evidence: Evidence, *, assumed: bool = False) -> str:
    """One line on what was found and what was expected; `actual` is already withheld.

    `assumed` says that the value is a default which nobody wrote.
    """
    name = f"`{escape(format_path(evidence.path))}`" if evidence.path else ""
    actual = evidence.actual
    if evidence.verdict is Verdict.UNKNOWN:
        cause = _cause(actual) or "has no value yet"
        # Some causes have the value itself as their subject.
        subject = f"{name} " if cause.startswith(("is ", "has ")) else ""
        return f"cannot tell: {subject}{cause}"
    expected = f"expected {escape(evidence.expected)}"
    if not name:
        return expected if actual is None else f"found {show(actual)}, {expected}"
    if actual is None:
        return f"{name} is not set, {expected}"
    if isinstance(actual, Unknown) and not actual.sensitive:
        return f"what is known of {name} decides: {expected}"
    return f"{name} is {show(actual)}{' by default' if assumed else ''}, {expected}"


def join_lines(lines: Iterable[str]) -> str:
    """One line of several, each said once, the first of them in full."""
    lines = list(dict.fromkeys(lines))
    more = len(lines) - _LONGEST_LIST
    return "; ".join(lines[:_LONGEST_LIST]) + (f"; and {more} more" if more > 0 else "")


def show(value: Value) -> str:
    """A value as HCL would write it, on one line, shortened."""
    if isinstance(value, Unknown):
        return WITHHELD if value.sensitive else "(unknown)"
    if value == WITHHELD:
        return WITHHELD
    if isinstance(value, str):
        return f'"{escape(_shorten(value))}"'
    if isinstance(value, Mapping):
        return _show_some((escape(str(key)) for key in value), len(value), "{}")
    if isinstance(value, Sequence):
        return _show_some((show(item) for item in value), len(value), "[]")
    return json.dumps(value)


def escape(text: str) -> str:
    """`text` with control and invisible characters spelled out, so that it stays one line."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _withhold_members(sensitive: frozenset[str], value: Value) -> Value:
    if isinstance(value, Mapping):
        return {
            key: WITHHELD
            if key in sensitive and not isinstance(member, Unknown) and member
            else _withhold_members(sensitive, member)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_withhold_members(sensitive, item) for item in value]
    return value


def _cause(actual: Value) -> str:
    if isinstance(actual, Unknown):
        return escape(actual.cause)
    if isinstance(actual, list):
        return next((cause for item in actual if (cause := _cause(item))), "")
    if isinstance(actual, Mapping):
        return next((cause for item in actual.values() if (cause := _cause(item))), "")
    return ""


def _show_some(items: Iterable[str], count: int, brackets: str) -> str:
    shown = [item for item, _ in zip(items, range(_LONGEST_LIST), strict=False)]
    if count > _LONGEST_LIST:
        shown.append(f"… {count - _LONGEST_LIST} more")
    return brackets[0] + ", ".join(shown) + brackets[1]


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
