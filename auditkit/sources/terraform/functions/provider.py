"""Functions of the providers ``aws`` and ``terraform``.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_parse
https://developer.hashicorp.com/terraform/language/functions/terraform-encode_expr
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, Parameter, text
from auditkit.sources.terraform.values import (
    HclValue,
    SetValue,
    combine_unknowns_in,
    format_number,
    join_pieces,
)

_ARN_PARTS = ("partition", "service", "region", "account_id", "resource")


def arn_build(*parts: str | Unknown) -> str | Unknown:
    """The ARN of these parts, which may be unknown."""
    pieces = [piece for part in parts for piece in (":", part)]
    return join_pieces(["arn", *pieces])


def arn_parse(arn: str | Unknown) -> HclValue:
    """The parts of an ARN; of a partly known one, those that are known."""
    if isinstance(arn, Unknown):
        return _parse_parts(arn)
    sections = arn.split(":", 5)
    if sections[0] != "arn":
        raise EvaluationError("arn: invalid prefix")
    if len(sections) != 6:
        raise EvaluationError("arn: not enough sections")
    return dict(sorted(zip(_ARN_PARTS, sections[1:], strict=True)))


def _parse_parts(arn: Unknown) -> HclValue:
    """The parts when unknown pieces stand in the resource only, which may hold any character."""
    head = arn.parts[0] if arn.parts else ""
    if not isinstance(head, str) or head.count(":") < 5:
        return combine_unknowns_in(arn)
    known = arn_parse(head)
    assert isinstance(known, dict)
    resource = known["resource"]
    assert isinstance(resource, str)
    return {**known, "resource": join_pieces([resource, *arn.parts[1:]])}


def trim_iam_role_path(arn: str) -> str:
    """The ARN of a role without the path before its name."""
    parts = arn_parse(arn)
    assert isinstance(parts, dict)
    resource = str(parts["resource"])
    if parts["service"] != "iam":
        raise EvaluationError('service must be "iam"')
    if parts["region"]:
        raise EvaluationError("region must be empty")
    if not resource.startswith("role/"):
        raise EvaluationError('resource must begin with "role/"')
    return f"{arn[: -len(resource)]}role/{resource.rpartition('/')[2]}"


def encode_expression(value: HclValue) -> str:
    """`value` as an expression of the language."""
    return _expression(value, "")


def encode_variables(value: HclValue) -> str:
    """`value`, an object, as a variable definitions file."""
    if not isinstance(value, dict):
        raise EvaluationError("the value to encode must be an object")
    if not all(map(_is_identifier, value)):
        raise EvaluationError("a variable's name must be an identifier")
    return "".join(f"{line}\n" for line in _attributes(value, ""))


def decode_variables(source: str) -> Unknown:
    """Not told: nothing here reads the language."""
    return Unknown("`provider::terraform::decode_tfvars()` is not evaluated")


def _is_identifier(name: str) -> bool:
    return re.fullmatch(r"[^\W\d][\w-]*", name) is not None


def _attributes(value: Mapping[str, HclValue], indent: str) -> list[str]:
    names = [name if _is_identifier(name) else _quote(name) for name in value]
    elements = [_expression(element, indent) for element in value.values()]
    return [
        f"{indent}{name.ljust(width)} = {element}"
        for name, element, width in zip(names, elements, _widths(names, elements), strict=True)
    ]


def _widths(names: list[str], elements: list[str]) -> list[int]:
    """How wide the names stand: those of neighbouring lines are aligned.

    An element of several lines ends the lines that are aligned with each other.
    """
    widths: list[int] = []
    group: list[str] = []
    for name, element in zip(names, elements, strict=True):
        if "\n" in element:
            widths += [max(map(len, group), default=0)] * len(group) + [len(name)]
            group = []
        else:
            group.append(name)
    return widths + [max(map(len, group), default=0)] * len(group)


def _expression(value: HclValue, indent: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return format_number(value)
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, (list, SetValue)):
        return "[" + ", ".join(_expression(element, indent) for element in value) + "]"
    assert isinstance(value, dict)
    if not value:
        return "{}"
    return "\n".join(["{", *_attributes(value, indent + "  "), indent + "}"])


_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _quote(value: str) -> str:
    escaped = "".join(_ESCAPES.get(character, character) for character in value)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


_PART = [text(name, unknown=True) for name in _ARN_PARTS]

FUNCTIONS: Mapping[str, Function] = {
    "provider::aws::arn_build": Function(arn_build, tuple(_PART)),
    "provider::aws::arn_parse": Function(arn_parse, (text("arn", unknown=True),)),
    "provider::aws::trim_iam_role_path": Function(trim_iam_role_path, (text("arn"),)),
    "provider::terraform::decode_tfvars": Function(decode_variables, (text("src"),)),
    "provider::terraform::encode_expr": Function(encode_expression, (Parameter("value"),)),
    "provider::terraform::encode_tfvars": Function(encode_variables, (Parameter("value"),)),
}
