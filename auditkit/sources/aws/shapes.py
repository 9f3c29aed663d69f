"""What the service model says of an expression: which structure it leads to, and its slips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Union

import botocore.session
import jmespath
from botocore.exceptions import UnknownServiceError
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    OperationNotFoundError,
    ServiceModel,
    Shape,
    StructureShape,
)

from auditkit.sources.aws.declarations import Call, LiveType

Node = Mapping[str, Any]
"""A node of JMESPath's syntax tree, which the library documents as plain mappings."""
Known = Union[Shape, Mapping[str, "Known"], None]
"""What an expression leads to: a shape, a record of such, or ``None`` when that is open."""


class ShapeError(Exception):
    """An expression names a member that its structure does not have."""


@cache
def service_model(client: str) -> ServiceModel:
    """The model of the service that a boto3 client is for.

    Raises `botocore.exceptions.UnknownServiceError` when botocore is too old to know it.
    """
    # Asked for just as botocore does when it makes a client, it is the same object.
    description = loader().load_service_model(client, "service-2", api_version=None)
    return ServiceModel(description, client)


@cache
def loader() -> Any:
    """What reads botocore's service models, and keeps them: that of EC2 alone takes 16 MB.

    All sessions share it.  It needs no credentials.
    """
    return botocore.session.Session().get_component("data_loader")


def operation_model(call: Call) -> OperationModel:
    """The model of what the call asks."""
    return service_model(call.client).operation_model(call.name)


@cache
def answer_of(call_operation: str, take: str) -> Known:
    """What a call's `Call.take` leads to; open if this botocore is too old to know the call."""
    try:
        model = operation_model(Call(call_operation))
    except (OperationNotFoundError, UnknownServiceError):
        return None
    return resolve(take, model.output_shape)


def resolve(expression: str, known: Known) -> Known:
    """What the expression leads to, on something of the shape `known`.

    Raises `ShapeError` for a member that the structure does not have.
    """
    return _resolve(jmespath.compile(expression).parsed, known)


CONTEXT = (
    "_account",
    "_arn",
    "_id",
    "_last_month",
    "_month",
    "_month_before",
    "_partition",
    "_region",
)
"""The members that every record has; see `auditkit.sources.aws.declarations`."""


def item_of(listing: Call, parent: Known = None) -> Known:
    """What a listing lists; `parent` is what the records of the parent have."""
    if listing.operation:
        return _element(answer_of(listing.operation, listing.take))
    return _element(resolve(listing.take, parent))


def members_of(live: LiveType, parent: Known = None) -> Mapping[str, Known]:
    """All members of the type's records, those that calls add included.

    `parent` is what the records of the parent have, for a declaration with `LiveType.each`.
    """
    item = item_of(live.listing, parent)
    members: dict[str, Known] = dict.fromkeys(CONTEXT)
    members["_parent"] = parent
    if live.listing.over:
        members["_over"] = None
    if isinstance(item, StructureShape):
        members |= item.members
    elif isinstance(item, Mapping):
        members |= item
    else:
        members["Item"] = item
    for call in live.completing:
        answer = answer_of(call.operation, call.take)
        if call.key:
            answer = {"[]": _element(answer)}
        if call.member != ".":
            members[call.member] = answer
        else:
            merged = _element(answer) if call.key else answer
            if isinstance(merged, StructureShape):
                members |= merged.members
            elif isinstance(merged, Mapping):
                members |= merged
    return members


def names_in(expression: str) -> frozenset[str]:
    """The members of the record itself that the expression looks at; ``@`` for all of it."""
    return frozenset(_names(jmespath.compile(expression).parsed))


def is_path(expression: str) -> bool:
    """Whether the expression only leads to structures of AWS, and makes none.

    It may do so on a condition: ``VpcId != '' && VpcConfig``, ``Rules[?Type == 'X']``.
    """
    kinds = {node["type"] for node in _leading(jmespath.compile(expression).parsed)}
    return not kinds & {"multi_select_dict", "function_expression", "literal", "comparator"}


def _leading(node: Node) -> Iterator[Node]:
    """The nodes by which a result is reached; not those of conditions."""
    yield node
    children = node["children"]
    if node["type"] == "and_expression":
        children = children[1:]
    elif node["type"] == "filter_projection":
        children = children[:2]
    for child in children:
        yield from _leading(child)


def _names(node: Node) -> Iterator[str]:
    kind, children = node["type"], node["children"]
    if kind == "field":
        yield node["value"]
    elif kind in ("current", "identity"):
        yield "@"
    elif kind in ("subexpression", "index_expression", "pipe", "projection", "value_projection"):
        # What follows looks at the result of the first.
        yield from _names(children[0])
    elif kind == "filter_projection":
        yield from _names(children[0])
    else:
        for child in children:
            yield from _names(child)


def _resolve(node: Node, known: Known) -> Known:
    kind, children = node["type"], node["children"]
    if kind in ("current", "identity"):
        return known
    if kind == "field":
        return _member(known, node["value"])
    if kind in ("subexpression", "pipe"):
        for child in children:
            known = _resolve(child, known)
        return known
    if kind == "index_expression":
        for child in children:
            known = _resolve(child, known)
        return known
    if kind == "index":
        return _element(known)
    if kind == "slice":
        return known
    if kind == "flatten":
        inner = _resolve(children[0], known)
        element = _element(inner)
        return inner if not isinstance(element, ListShape) else element
    if kind == "projection":
        left = _resolve(children[0], known)
        return _list_of(_resolve(children[1], _element(left)))
    if kind == "value_projection":
        left = _resolve(children[0], known)
        value = left.value if isinstance(left, MapShape) else None
        return _list_of(_resolve(children[1], value))
    if kind == "filter_projection":
        left = _resolve(children[0], known)
        _resolve(children[2], _element(left))
        return _list_of(_resolve(children[1], _element(left)))
    if kind == "function_expression" and node["value"] == "inside":
        # The function that leads to members, and not to a value that it makes.
        parent = _element(_resolve(children[0], known))
        item = _element(_member(parent, children[1]["value"]))
        members = item.members if isinstance(item, StructureShape) else {"Item": item}
        return _list_of({**(item if isinstance(item, Mapping) else members), "_parent": parent})
    if kind == "function_expression" and node["value"] in ("where", "where_not", "joined"):
        return _resolve(children[0], known)
    if kind == "and_expression":
        _resolve(children[0], known)
        return _resolve(children[1], known)
    if kind == "multi_select_dict":
        return {child["value"]: _resolve(child["children"][0], known) for child in children}
    for child in children:
        _resolve(child, known)
    return None


def _list_of(known: Known) -> Known:
    return None if known is None else {"[]": known}


def _element(known: Known) -> Known:
    if isinstance(known, ListShape):
        element: Shape = known.member
        return element
    if isinstance(known, Mapping) and "[]" in known:
        return known["[]"]
    return known


def _member(known: Known, name: str) -> Known:
    if isinstance(known, MapShape):
        value: Shape = known.value
        return value
    if isinstance(known, StructureShape):
        if name not in known.members:
            raise ShapeError(f"{known.name} has no {name}: {', '.join(known.members)}")
        member: Shape = known.members[name]
        return member
    if isinstance(known, Mapping):
        if "[]" in known:
            return _member(known["[]"], name)
        if name not in known:
            raise ShapeError(f"no {name} among {', '.join(known)}")
        return known[name]
    return None


def element_of(known: Known) -> Known:
    """What a list of this shape holds; the shape itself if it is no list."""
    return _element(known)
