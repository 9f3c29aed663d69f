"""What must not be shown becomes `Unknown` before anything else sees it.

Terraform marks values as sensitive in plans and states; the provider's schema does so for
attributes whatever their value; and states that old versions wrote have neither mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Union

from auditkit.model import Unknown, Value
from auditkit.redaction import is_secret_name
from auditkit.schema import AttributeSchema, Body, schema_of
from auditkit.sources.terraform.documents import list_of, mapping_of, text_of

Marks = Union[bool, Mapping[Union[str, int], "Marks"]]
"""``True`` for all of a value, or the marks of its members by name and of its elements by index.

Names also stand for the members of every element of a list.
"""

_SECRETS: Mapping[str, frozenset[str]] = {
    "kubernetes_secret": frozenset({"data", "binary_data"}),
    "kubernetes_secret_v1": frozenset({"data", "binary_data"}),
    "local_sensitive_file": frozenset({"content", "content_base64"}),
    "random_bytes": frozenset({"base64", "hex"}),
    "random_password": frozenset({"result", "bcrypt_hash"}),
    "vault_generic_secret": frozenset({"data", "data_json"}),
}
"""Attributes of other providers' types that are secrets, and are not called so."""


def conceal(value: Value, marks: Marks, label: str) -> Value:
    """`value` with what is marked withheld; `label` names it in causes.

    Of a withheld value it stays known whether it is null or empty.  What is not marked is not
    copied.
    """
    if marks is True:
        return _withhold(value, label)
    if not marks or isinstance(marks, bool):
        return value
    if isinstance(value, Mapping):
        hidden = {
            name: conceal(value[name], mark, f"{label}.{name}" if label else str(name))
            for name, mark in marks.items()
            if isinstance(name, str) and name in value
        }
        if any(isinstance(name, int) for name in marks):
            return _withhold(value, label)
        is_changed = any(item is not value[name] for name, item in hidden.items())
        return {**value, **hidden} if is_changed else value
    if isinstance(value, list):
        names: Marks = {name: mark for name, mark in marks.items() if isinstance(name, str)}
        items = [
            conceal(conceal(item, marks.get(index, False), label), names, label)
            for index, item in enumerate(value)
        ]
        is_changed = any(new is not old for new, old in zip(items, value, strict=True))
        return items if is_changed else value
    # The marks are of something else than what stands here.
    return _withhold(value, label)


def marks_of(value: Value) -> Marks:
    """The marks in a plan's ``after_sensitive`` and the like; what is none of them counts not."""
    if isinstance(value, (Mapping, list)):
        members = value.items() if isinstance(value, Mapping) else enumerate(value)
        return {key: mark for key, item in members if (mark := marks_of(item))} or False
    return value is True


def marks_of_paths(paths: Value) -> Marks:
    """The marks that a state's ``sensitive_attributes`` means: a list of paths.

    A path that cannot be read marks everything.
    """
    marks: dict[str | int, Marks] = {}
    for path in list_of(paths):
        steps = [_step_of(step) for step in list_of(path)]
        if not steps or None in steps:
            return True
        *outer, last = (step for step in steps if step is not None)
        inner: dict[str | int, Marks] | None = marks
        for step in outer:
            present = inner.setdefault(step, {}) if inner is not None else True
            inner = present if isinstance(present, dict) else None
        if inner is not None:
            inner[last] = True
    return marks or False


def schema_marks(type: str, attributes: Mapping[str, Value]) -> Marks:
    """What is sensitive whatever its value: by the provider's schema, or else by its name."""
    if schema_of(type) is not None:
        return _marks_of_type(type)
    known = _SECRETS.get(type, frozenset[str]())
    return {name: True for name in attributes if name in known or is_secret_name(name)}


def _withhold(value: Value, label: str) -> Value:
    if value is None or value == "" or value == [] or value == {}:
        return value
    if isinstance(value, Unknown):
        # What code knows of its pieces would give them away.
        return replace(value, parts=(), document=None, keys=(), sensitive=True)
    return Unknown(_cause(label), sensitive=True, present=True)


@lru_cache(maxsize=4096)
def _cause(label: str) -> str:
    return f"`{label}` is marked sensitive"


@cache
def _marks_of_type(type: str) -> Marks:
    schema = schema_of(type)
    # Most types have no such attribute.
    return _marks_of_body(schema.body, {}) if schema is not None and schema.sensitive else False


def _marks_of_body(body: Body, known: dict[int, Marks]) -> Marks:
    # Shared bodies are visited once: spelled out, some types have a million attributes.
    if id(body) not in known:
        inner = {name: _marks_of_body(block.body, known) for name, block in body.blocks.items()}
        own = {name: _marks_of_attribute(each) for name, each in body.attributes.items()}
        known[id(body)] = {name: mark for name, mark in {**own, **inner}.items() if mark} or False
    return known[id(body)]


def _marks_of_attribute(attribute: AttributeSchema) -> Marks:
    if attribute.sensitive:
        return True
    members = {name: _marks_of_attribute(member) for name, member in attribute.fields.items()}
    return {name: mark for name, mark in members.items() if mark} or False


def _step_of(step: Value) -> str | int | None:
    """A name or an index; ``None`` for what is neither.

    https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go
    """
    value = mapping_of(step).get("value")
    if text_of(mapping_of(step).get("type")) == "index":
        value = mapping_of(value).get("value")
    return value if isinstance(value, str) or type(value) is int else None
