"""tobool, tolist, tomap, tonumber, toset, tostring, and the marks.

https://developer.hashicorp.com/terraform/language/functions/tostring and its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import has_unknown_elements
from auditkit.sources.terraform.functions.signature import Function, Parameter
from auditkit.sources.terraform.types import ANY, ListType, MapType, SetType, Type, convert
from auditkit.sources.terraform.values import (
    HclValue,
    Sensitive,
    combine_unknowns,
    combine_unknowns_in,
    deep_unmark,
    to_bool,
    to_number,
    to_string,
    type_name,
)


def _to_primitive(
    kind: str, conversion: Callable[[HclValue], HclValue]
) -> Callable[[HclValue], HclValue]:
    def implementation(value: HclValue) -> HclValue:
        try:
            return conversion(value)
        except EvaluationError as error:
            shown = f'"{value}"' if isinstance(value, str) else type_name(value)
            raise EvaluationError(f"cannot convert {shown} to {kind}: {error}") from None

    return implementation


def _to_collection(kind: str, type_: Type) -> Callable[[HclValue], HclValue]:
    def implementation(value: HclValue) -> HclValue:
        if kind == "list" and has_unknown_elements(value):
            return combine_unknowns_in(value)
        try:
            return convert(value, type_)
        except EvaluationError:
            raise EvaluationError(
                f"cannot convert {type_name(value)} to {kind} of any single type"
            ) from None

    return implementation


def is_sensitive(value: HclValue) -> bool | Unknown:
    """Whether `value` itself is marked sensitive."""
    if isinstance(value, Unknown):
        return value.sensitive or combine_unknowns([value])
    return isinstance(value, Sensitive)


def non_sensitive(value: HclValue) -> HclValue:
    """`value` without the mark."""
    return value.value if isinstance(value, Sensitive) else value


def same(value: HclValue) -> HclValue:
    """`value` itself."""
    return value


def sensitive(value: HclValue) -> HclValue:
    """`value` with the mark."""
    return Sensitive(deep_unmark(value)[0])


def _anything(implementation: Callable[[HclValue], HclValue]) -> Function:
    return Function(implementation, (Parameter("v", nullable=True, unknown=True),))


FUNCTIONS: Mapping[str, Function] = {
    "ephemeralasnull": _anything(same),
    "issensitive": _anything(is_sensitive),
    "nonsensitive": _anything(non_sensitive),
    "sensitive": _anything(sensitive),
    "tobool": _anything(_to_primitive("bool", to_bool)),
    "tolist": _anything(_to_collection("list", ListType(ANY))),
    "tomap": _anything(_to_collection("map", MapType(ANY))),
    "tonumber": _anything(_to_primitive("number", to_number)),
    "toset": _anything(_to_collection("set", SetType(ANY))),
    "tostring": _anything(_to_primitive("string", to_string)),
}
