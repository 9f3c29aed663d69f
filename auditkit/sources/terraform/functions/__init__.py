"""Terraform's built-in functions, and how they are called.

A module per family, loaded when a function of it is first called: a scan that never calls
``cidrsubnet`` does not import `ipaddress`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from auditkit.errors import suggest
from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.signature import Function, FunctionContext, Parameter
from auditkit.sources.terraform.values import (
    HclValue,
    ListValue,
    combine_unknowns,
    find_unknowns,
    is_wholly_known,
)

__all__ = ["FUNCTIONS", "FunctionContext", "call_function", "find_function"]

FUNCTIONS: Mapping[str, str] = {
    "abs": "numeric",
    "abspath": "filesystem",
    "alltrue": "collection",
    "anytrue": "collection",
    "base64decode": "text_encoding",
    "base64encode": "text_encoding",
    "base64gzip": "text_encoding",
    "base64sha256": "hashing",
    "base64sha512": "hashing",
    "basename": "filesystem",
    "bcrypt": "hashing",
    "ceil": "numeric",
    "chomp": "string",
    "chunklist": "collection",
    "cidrhost": "network",
    "cidrnetmask": "network",
    "cidrsubnet": "network",
    "cidrsubnets": "network",
    "coalesce": "collection",
    "coalescelist": "collection",
    "compact": "collection",
    "concat": "collection",
    "contains": "collection",
    "csvdecode": "text_encoding",
    "dirname": "filesystem",
    "distinct": "collection",
    "element": "collection",
    "endswith": "string",
    "ephemeralasnull": "conversion",
    "file": "filesystem",
    "filebase64": "filesystem",
    "filebase64sha256": "filesystem",
    "filebase64sha512": "filesystem",
    "fileexists": "filesystem",
    "filemd5": "filesystem",
    "fileset": "filesystem",
    "filesha1": "filesystem",
    "filesha256": "filesystem",
    "filesha512": "filesystem",
    "flatten": "collection",
    "floor": "numeric",
    "format": "formatting",
    "formatdate": "datetime",
    "formatlist": "formatting",
    "indent": "string",
    "index": "collection",
    "issensitive": "conversion",
    "join": "string",
    "jsondecode": "encoding",
    "jsonencode": "encoding",
    "keys": "mapping",
    "length": "collection",
    "log": "numeric",
    "lookup": "mapping",
    "lower": "string",
    "matchkeys": "mapping",
    "max": "numeric",
    "md5": "hashing",
    "merge": "mapping",
    "min": "numeric",
    "nonsensitive": "conversion",
    "one": "collection",
    "parseint": "numeric",
    "pathexpand": "filesystem",
    "plantimestamp": "datetime",
    "pow": "numeric",
    "provider::aws::arn_build": "provider",
    "provider::aws::arn_parse": "provider",
    "provider::aws::trim_iam_role_path": "provider",
    "provider::terraform::decode_tfvars": "provider",
    "provider::terraform::encode_expr": "provider",
    "provider::terraform::encode_tfvars": "provider",
    "range": "collection",
    "regex": "string",
    "regexall": "string",
    "replace": "string",
    "reverse": "collection",
    "rsadecrypt": "hashing",
    "sensitive": "conversion",
    "setintersection": "sets",
    "setproduct": "sets",
    "setsubtract": "sets",
    "setunion": "sets",
    "sha1": "hashing",
    "sha256": "hashing",
    "sha512": "hashing",
    "signum": "numeric",
    "slice": "collection",
    "sort": "collection",
    "split": "string",
    "startswith": "string",
    "strcontains": "string",
    "strrev": "string",
    "substr": "string",
    "sum": "collection",
    "templatefile": "filesystem",
    "templatestring": "string",
    "textdecodebase64": "text_encoding",
    "textencodebase64": "text_encoding",
    "timeadd": "datetime",
    "timecmp": "datetime",
    "timestamp": "datetime",
    "title": "string",
    "tobool": "conversion",
    "tolist": "conversion",
    "tomap": "conversion",
    "tonumber": "conversion",
    "toset": "conversion",
    "tostring": "conversion",
    "transpose": "mapping",
    "trim": "string",
    "trimprefix": "string",
    "trimspace": "string",
    "trimsuffix": "string",
    "upper": "string",
    "urlencode": "text_encoding",
    "uuid": "hashing",
    "uuidv5": "hashing",
    "values": "mapping",
    "yamldecode": "yaml_encoding",
    "yamlencode": "yaml_encoding",
    "zipmap": "mapping",
}
"""Every function but ``can`` and ``try``, which the evaluator owns: name to module."""

_LISTS = frozenset(
    [
        "chunklist",
        "cidrsubnets",
        "compact",
        "csvdecode",
        "distinct",
        "formatlist",
        "matchkeys",
        "range",
        "regexall",
        "setproduct",
        "sort",
        "split",
    ]
)
"""Functions that return a list, where a plain ``list`` is a tuple."""

_loaded: dict[str, Function] = {}


def find_function(name: str) -> Function | None:
    """The built-in function of that name; ``None`` for those of providers we don't know.

    Raises `EvaluationError` when there is no such function.
    """
    function = _loaded.get(name)
    if function is not None:
        return function
    known = name.removeprefix("core::")
    module = FUNCTIONS.get(known)
    if module is None:
        if known.startswith("provider::"):
            return None
        raise EvaluationError(f"there is no function named {known!r}{suggest(known, FUNCTIONS)}")
    functions: Mapping[str, Function] = import_module(f"{__name__}.{module}").FUNCTIONS
    _loaded[name] = functions[known]
    return _loaded[name]


def call_function(name: str, arguments: Sequence[HclValue], context: FunctionContext) -> HclValue:
    """The result of calling a function with unmarked arguments.

    It is unknown where an unknown argument decides it; functions that can tell more from the
    known parts of their arguments do so.

    Raises `EvaluationError` for a function that does not exist, and for arguments that it
    does not take.
    """
    function = _loaded.get(name) or find_function(name)
    if function is None:
        return _call_provider(name, arguments)
    parameters = function.parameters
    count = len(parameters)
    if len(arguments) < count or (len(arguments) > count and function.variadic is None):
        raise EvaluationError(_arity_message(name, function, len(arguments)))
    values: list[HclValue] = []
    unknowns: list[Unknown] = []
    for index, argument in enumerate(arguments):
        parameter = parameters[index] if index < count else function.variadic
        assert parameter is not None
        if argument is None:
            if not parameter.nullable:
                raise _invalid(parameter, "argument must not be null")
        elif isinstance(argument, Unknown):
            if not parameter.unknown:
                unknowns.append(argument)
        else:
            if parameter.convert is not None:
                try:
                    argument = parameter.convert(argument)
                except EvaluationError as error:
                    raise _invalid(parameter, str(error)) from None
            if not (parameter.partial or parameter.unknown or is_wholly_known(argument)):
                unknowns.extend(find_unknowns(argument))
        values.append(argument)
    if unknowns:
        return combine_unknowns(unknowns)
    try:
        result: HclValue = (
            function.implementation(context, *values)
            if function.context
            else function.implementation(*values)
        )
    except EvaluationError as error:
        # The evaluator has errors of its own, which pass through templates.
        raise type(error)(f'call to function "{name}" failed: {error}') from None
    return ListValue(result) if type(result) is list and name in _LISTS else result


def _invalid(parameter: Parameter, reason: str) -> EvaluationError:
    return EvaluationError(f'invalid value for "{parameter.name}" parameter: {reason}')


def _arity_message(name: str, function: Function, given: int) -> str:
    expected = len(function.parameters)
    if given > expected:
        return f'function "{name}" expects only {expected} argument(s)'
    missing = function.parameters[given].name
    least = "at least " if function.variadic else ""
    return f'function "{name}" expects {least}{expected} argument(s); missing value for "{missing}"'


def _call_provider(name: str, arguments: Sequence[HclValue]) -> Unknown:
    cause = f"`{name}()` is computed by a provider"
    unknowns = list(find_unknowns(list(arguments)))
    return combine_unknowns(unknowns, cause) if unknowns else Unknown(cause)
