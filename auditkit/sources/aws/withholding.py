"""Secrets are taken out of what was read before anything else sees it.

Attributes that the provider calls sensitive, and what looks like a secret by its name or its
form, become `Unknown`: rules don't take a mask for a value, and no file ever holds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditkit.identity import DEFAULT, IDENTITY
from auditkit.model import Resource, Unknown, Value
from auditkit.redaction import MASK, mask_value
from auditkit.schema import schema_of

_CAUSE = "it is withheld, for it may be a secret"


def withhold_secrets(resource: Resource) -> Resource:
    """The resource without secrets; what names it stays, also if that is an access key's id."""
    schema = schema_of(resource.type)
    sensitive = schema.sensitive if schema is not None else frozenset[str]()
    named = frozenset({"id", "arn", *IDENTITY.get(resource.type, DEFAULT)})
    attributes = {
        name: value if name in named - sensitive else _withhold(sensitive, name, value)
        for name, value in resource.attributes.items()
    }
    return replace(resource, attributes=attributes)


def _withhold(sensitive: frozenset[str], name: str, value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    value = _without_sensitive(sensitive, name, value)
    return _replaced(value, mask_value(value, name))


def _without_sensitive(sensitive: frozenset[str], name: str, value: Value) -> Value:
    if name in sensitive and not isinstance(value, (bool, Unknown)) and value not in _NOTHING:
        return Unknown(_CAUSE, sensitive=True)
    if isinstance(value, Mapping):
        return {key: _without_sensitive(sensitive, key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_sensitive(sensitive, "", item) for item in value]
    return value


_NOTHING: tuple[Value, ...] = (None, "", [], {})
"""That a secret is not set is none."""


def _replaced(value: Value, masked: Value) -> Value:
    """`value` with `Unknown` where `masked` has a mask."""
    if isinstance(value, str):
        return value if value == masked else _unknown_text(str(masked))
    if isinstance(value, Mapping) and isinstance(masked, Mapping):
        return {key: _replaced(item, masked[key]) for key, item in value.items()}
    if isinstance(value, list) and isinstance(masked, list):
        return [_replaced(item, other) for item, other in zip(value, masked, strict=True)]
    return value


def _unknown_text(masked: str) -> Unknown:
    """A text that is known but for its masked pieces."""
    hole = Unknown(_CAUSE, sensitive=True)
    if masked == MASK:
        return hole
    parts: list[str | Unknown] = []
    for number, text in enumerate(masked.split(MASK)):
        parts += [hole] * (number > 0) + [text] * bool(text)
    return Unknown(_CAUSE, parts=tuple(parts), sensitive=True)
