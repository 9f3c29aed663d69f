"""What declarations can say of listings, and the functions for odd answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from answering import Answers, read

from auditkit.model import Resource
from auditkit.sources.aws.calling import Reader, _method_name, _token_of
from auditkit.sources.aws.catalogue import calls_of, live_types
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.expressions import Untold, compile_expression
from auditkit.sources.aws.shapes import operation_model

ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/web/1"
EDGE = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/2"


def acls(arguments: Mapping[str, Any]) -> Any:
    if arguments["Scope"] == "REGIONAL":
        return {"WebACLs": [{"Name": "web", "Id": "1", "ARN": ACL, "LockToken": "a"}]}
    return {"WebACLs": [{"Name": "edge", "Id": "2", "ARN": EDGE, "LockToken": "b"}]}


def protected(arguments: Mapping[str, Any]) -> Any:
    assert arguments["WebACLArn"] == ACL, "a distribution names its web ACL itself"
    balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1"
    is_balancer = arguments["ResourceType"] == "APPLICATION_LOAD_BALANCER"
    return {"ResourceArns": [balancer] if is_balancer else []}


def test_a_listing_is_made_for_each_of_some_values() -> None:
    table = {"wafv2:ListWebACLs": acls, "wafv2:ListResourcesForWebACL": protected}
    (association,) = read(table, "aws_wafv2_web_acl_association")
    assert association.attributes["web_acl_arn"] == ACL
    assert association.id == f"{ACL},{association.attributes['resource_arn']}"


def asked(region: str, table: Mapping[str, Any]) -> tuple[Answers, list[Any]]:
    reader = Answers(table)
    type = "aws_wafv2_web_acl_logging_configuration"
    place = Place("123456789012", region)
    return reader, list(collect(place, Plan({type: live_types()[type]}), reader))  # type: ignore[arg-type]


def test_a_listing_whose_condition_does_not_hold_is_not_made() -> None:
    table = {"wafv2:ListLoggingConfigurations": {"LoggingConfigurations": []}}
    assert asked("us-east-1", table)[0].asked == {"wafv2:ListLoggingConfigurations": 2}
    assert asked("eu-west-1", table)[0].asked == {"wafv2:ListLoggingConfigurations": 1}


def test_one_value_may_fail_alone() -> None:
    def configurations(arguments: Mapping[str, Any]) -> Any:
        if arguments["Scope"] == "CLOUDFRONT":
            return "AccessDenied"
        destination = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-web"
        told = {"ResourceArn": ACL, "LogDestinationConfigs": [destination]}
        return {"LoggingConfigurations": [told]}

    _, events = asked("us-east-1", {"wafv2:ListLoggingConfigurations": configurations})
    resources = {each.address: each for each in events if isinstance(each, Resource)}
    assert sorted(each.doubt is None for each in resources.values()) == [False, True]
    assert any(address.endswith("/CLOUDFRONT") for address in resources)
    assert [each.doubt is None for each in events if isinstance(each, Listed)] == [False]


class Client:
    """CloudFront with two pages, and a session that has no other client."""

    meta = SimpleNamespace(
        events=SimpleNamespace(register=lambda *_: None),
        method_to_api_mapping={"list_cache_policies": "ListCachePolicies"},
    )

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def client(self, *_: Any, **__: Any) -> Any:
        return self

    def can_paginate(self, method: str) -> bool:
        return False

    def list_cache_policies(self, **arguments: Any) -> Any:
        self.asked.append(arguments)
        more = {} if "Marker" in arguments else {"NextMarker": "second"}
        return {"CachePolicyList": {"MaxItems": 1, "Quantity": 0, **more}}


def test_pages_are_followed_where_the_marker_is_inside_the_list() -> None:
    client = Client()
    call = Call("cloudfront:ListCachePolicies", {"Type": "'custom'"})
    reader = Reader(client, allowed=frozenset({call.operation}))
    pages = list(reader.pages(call, {"Type": "custom"}, "us-east-1"))
    assert len(pages) == 2
    assert client.asked == [{"Type": "custom"}, {"Type": "custom", "Marker": "second"}]


@cache
def client_of(service: str) -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


_TOKENS = ("nexttoken", "nextmarker", "marker", "nextpagetoken", "paginationtoken")


@pytest.mark.parametrize(
    "call",
    sorted(
        {call.operation: call for live in live_types().values() for call in calls_of(live)}.items()
    ),
    ids=lambda item: item[0],
)
def test_every_call_with_pages_is_followed(call: tuple[str, Call]) -> None:
    declared = call[1]
    if not declared.operation:
        return
    model = operation_model(declared)
    if model.output_shape is None or model.input_shape is None:
        return
    inputs = {name.lower() for name in model.input_shape.members}
    outputs = {name.lower() for name in model.output_shape.members}
    for shape in model.output_shape.members.values():
        outputs |= {name.lower() for name in getattr(shape, "members", ())}
    if not any(token in outputs for token in _TOKENS) or inputs.isdisjoint(_TOKENS):
        return
    client = client_of(declared.client)
    assert client.can_paginate(_method_name(client, declared)) or _token_of(declared)[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("unquoted(Text)", 'one" "two'),
        ("unquoted(Plain)", "plain"),
        ("unquoted(Nothing)", None),
        ("unescaped(Name)", "*.example.com."),
        ("unescaped(Nothing)", None),
        ("trimmed(Plain, 'in')", "pla"),
        ("trimmed(Plain, '.')", "plain"),
        ("trimmed(Nothing, '.')", None),
        ("entries(Map)[].[Key, Value]", [["a", 1], ["b", 2]]),
        ("entries(Nothing)", []),
        ("IsTold && Plain || untold('why')", "plain"),
    ],
)
def test_functions(expression: str, expected: Any) -> None:
    record = {
        "Text": '"one" "two"',
        "Plain": "plain",
        "Name": "\\052.example.com.",
        "Map": {"a": 1, "b": 2},
        "IsTold": True,
    }
    assert compile_expression(expression)(record) == expected


def test_untold_gives_the_cause() -> None:
    with pytest.raises(Untold) as error:
        compile_expression("IsTold && Plain || untold('why')")({"IsTold": False})
    assert error.value.unknown.cause == "why"
