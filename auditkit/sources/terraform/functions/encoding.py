"""JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, Parameter, text
from auditkit.sources.terraform.values import (
    HclValue,
    combine_unknowns_in,
    find_unknowns,
    from_json,
    from_plain,
    is_wholly_known,
    plain,
    to_json,
    unite_references,
)


def json_encode(value: HclValue) -> str | Unknown:
    """`value` as JSON; partly unknown, an `Unknown` that holds the document."""
    return encode_document(value, to_json)


def encode_document(value: HclValue, encode: Callable[[HclValue], str]) -> str | Unknown:
    """What `encode` makes of `value`; partly unknown, an `Unknown` that holds the document."""
    if isinstance(value, Unknown):
        return combine_unknowns_in(value)
    try:
        return encode(value)
    except EvaluationError:
        if is_wholly_known(value):
            raise
    unknowns = list(find_unknowns(value))
    return Unknown(
        unknowns[0].cause,
        references=unite_references(unknowns),
        document=plain(value),
        sensitive=any(unknown.sensitive for unknown in unknowns),
    )


def json_decode(value: HclValue) -> HclValue:
    """The value of a JSON document."""
    if isinstance(value, Unknown):
        if value.document is not None:
            return from_plain(value.document)
        return combine_unknowns_in(value)
    assert isinstance(value, str)
    return from_json(value)


FUNCTIONS: Mapping[str, Function] = {
    "jsondecode": Function(json_decode, (text("str", unknown=True),)),
    "jsonencode": Function(json_encode, (Parameter("val", nullable=True, unknown=True),)),
}
