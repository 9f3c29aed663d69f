"""Each attribute is of the kind that the provider's schema gives it, on made-up answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from inventing import Inventor

from auditkit.model import Resource, Unknown
from auditkit.schema import schema_of
from auditkit.schema.table import Body
from auditkit.sources.aws.catalogue import live_types, parents_of
from auditkit.sources.aws.collecting import Place, Plan, collect

PLACE = Place("123456789012", "us-east-1")

NUMERIC_TEXTS = {
    ("aws_cloudfront_distribution", "custom_error_response.response_code"),
    ("aws_lb_listener_rule", "priority"),
}
"""What AWS tells as a text of digits, which a made-up text is not."""


def mistakes(attributes: Mapping[str, Any], body: Body, path: str = "") -> Iterator[str]:
    """The attributes that have another kind than the schema says."""
    for name, value in attributes.items():
        if value is None or isinstance(value, Unknown):
            continue
        where = f"{path}{name}"
        if name in body.blocks:
            if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
                yield where
                continue
            for each in value:
                yield from mistakes(each, body.blocks[name].body, f"{where}.")
        elif name in body.attributes and not is_of_kind(value, body.attributes[name].kind):
            yield where


def is_of_kind(value: Any, kind: str) -> bool:
    if value is None or isinstance(value, Unknown) or value == {}:
        # Made-up answers are empty below a certain depth.
        return True
    outer, _, inner = kind.partition("(")
    inner = inner.removesuffix(")")
    match outer:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "list" | "set":
            is_list = isinstance(value, Sequence) and not isinstance(value, str)
            return is_list and all(is_of_kind(each, inner) for each in value)
        case "map":
            is_map = isinstance(value, Mapping)
            return is_map and all(is_of_kind(each, inner) for each in value.values())
        case "object":
            return isinstance(value, Mapping)
    return True


@pytest.mark.parametrize("type", sorted(live_types()))
def test_attributes_are_of_the_providers_kinds(type: str) -> None:
    schema = schema_of(type)
    assert schema is not None
    live = live_types()[type]
    reader = Inventor((live, *parents_of(live)), "")
    events = collect(PLACE, Plan({type: live}), reader)  # type: ignore[arg-type]
    resources = [event for event in events if isinstance(event, Resource)]
    found = {each for event in resources for each in mistakes(event.attributes, schema.body)}
    assert found == {path for name, path in NUMERIC_TEXTS if name == type}
