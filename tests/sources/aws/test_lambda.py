"""What of Lambda moto can't tell, or Terraform can't keep in state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from answering import PLACE, Answers, read

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Plan, collect

ARN = "arn:aws:lambda:us-east-1:123456789012:function:pay"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:log"
FUNCTION = {
    "FunctionName": "pay",
    "FunctionArn": ARN,
    "Runtime": "java21",
    "Role": "arn:aws:iam::123456789012:role/pay",
    "Handler": "pay.Handler",
    "CodeSize": 1024,
    "Timeout": 3,
    "MemorySize": 512,
    "LastModified": "2025-03-01T09:30:00.000+0000",
    "Version": "$LATEST",
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""},
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
    "Environment": {"Variables": {"API_KEY": "hunter2", "STAGE": ""}},
    "TracingConfig": {"Mode": "PassThrough"},
    "SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"},
    "PackageType": "Zip",
}


def functions(arguments: Mapping[str, Any]) -> Any:
    if arguments.get("FunctionVersion") != "ALL":
        return {"Functions": [FUNCTION]}
    old = {
        **FUNCTION,
        "Version": "6",
        "FunctionArn": f"{ARN}:6",
        "Layers": [{"Arn": f"{LAYER}:3", "CodeSize": 10}],
    }
    new = {**FUNCTION, "Version": "7", "FunctionArn": f"{ARN}:7"}
    return {"Functions": [FUNCTION, old, new]}


def invocations(arguments: Mapping[str, Any]) -> Any:
    """Four a day for each version or function that is asked for."""
    results = [
        {"Id": query["Id"], "Timestamps": [arguments["EndTime"]], "Values": [4.0]}
        for query in arguments["MetricDataQueries"]
    ]
    return {"MetricDataResults": results}


def policy(arguments: Mapping[str, Any]) -> Any:
    if arguments["FunctionName"] != "pay" or arguments.get("Qualifier") == "canary":
        return "ResourceNotFoundException"
    qualifier = arguments.get("Qualifier")
    statement = {
        "Sid": "gateway" if qualifier else "bucket",
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"} if qualifier else "*",
        "Action": "lambda:InvokeFunction",
        "Resource": f"{ARN}:{qualifier}" if qualifier else ARN,
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    }
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


TABLE = {
    "lambda:ListFunctions": functions,
    "cloudwatch:GetMetricData": invocations,
    "lambda:GetFunctionConcurrency": {},
    "lambda:GetPolicy": policy,
    "lambda:ListAliases": {
        "Aliases": [
            {
                "AliasArn": f"{ARN}:{name}",
                "Name": name,
                "FunctionVersion": "7",
                "RoutingConfig": {"AdditionalVersionWeights": {"6": 0.1}},
            }
            for name in ("live", "canary")
        ]
    },
    "lambda:ListFunctionUrlConfigs": {
        "FunctionUrlConfigs": [
            {
                "FunctionUrl": f"https://{id}.lambda-url.us-east-1.on.aws/",
                "FunctionArn": arn,
                "CreationTime": "2025-02-01T00:00:00.000Z",
                "LastModifiedTime": "2025-02-01T00:00:00.000Z",
                "AuthType": "NONE",
                "InvokeMode": "BUFFERED",
                "Cors": {"AllowOrigins": ["*"], "MaxAge": 60},
            }
            for id, arn in (("abcdef", ARN), ("ghijkl", f"{ARN}:live"))
        ]
    },
    "lambda:ListProvisionedConcurrencyConfigs": {
        "ProvisionedConcurrencyConfigs": [
            {
                "FunctionArn": f"{ARN}:live",
                "RequestedProvisionedConcurrentExecutions": 4,
                "AllocatedProvisionedConcurrentExecutions": 2,
                "Status": "IN_PROGRESS",
            }
        ]
    },
    "resourcegroupstaggingapi:GetResources": {
        "ResourceTagMappingList": [
            {"ResourceARN": ARN, "Tags": [{"Key": "Owner", "Value": "pay"}]},
        ]
    },
}


def one(type: str) -> Resource:
    (resource,) = read(TABLE, type)
    return resource


def test_function() -> None:
    resource = one("aws_lambda_function")
    assert (resource.id, resource.address) == ("pay", ARN)
    found = resource.attributes
    assert found["dead_letter_config"] == [
        {"target_arn": "arn:aws:sqs:us-east-1:123456789012:dead"}
    ]
    assert found["snap_start"] == [{"apply_on": "PublishedVersions", "optimization_status": "Off"}]
    assert found["vpc_config"] == []
    assert found["reserved_concurrent_executions"] == -1
    assert found["tags"] == {"Owner": "pay"}
    observed: Any = found["observed"]
    assert observed["changed"] == "2025-03-01T09:30:00Z"
    assert found["image_uri"] is None


def test_image_of_a_function_is_not_told() -> None:
    image = {**FUNCTION, "PackageType": "Image"}
    table = {**TABLE, "lambda:ListFunctions": {"Functions": [image]}}
    (resource,) = read(table, "aws_lambda_function")
    assert isinstance(resource.attributes["image_uri"], Unknown)


def test_versions_know_how_many_are_newer() -> None:
    old, new = read(TABLE, "live_lambda_version")
    assert (old.id, new.id) == (f"{ARN}:6", f"{ARN}:7")
    assert new.attributes["observed"] == {"created": "2025-03-01T09:30:00Z", "invocations": 4.0}
    assert {name: new.attributes[name] for name in ("version", "function_name", "snap_start")} == {
        "version": "7",
        "function_name": "pay",
        "snap_start": True,
    }
    assert [each.attributes["newer"] for each in (old, new)] == [1, 0]
    assert old.attributes["layers"] == [f"{LAYER}:3"]
    assert "hunter2" not in repr(old)


def test_alias_leads_to_versions() -> None:
    found: Any = {each.id: each.attributes for each in read(TABLE, "aws_lambda_alias")}
    assert found[f"{ARN}:live"]["observed"]["versions"] == [f"{ARN}:7", f"{ARN}:6"]


def test_environment_keeps_names_and_forgets_values() -> None:
    resource = one("aws_lambda_function")
    environment: Any = resource.attributes["environment"]
    variables = environment[0]["variables"]
    assert sorted(variables) == ["API_KEY", "STAGE"]
    assert isinstance(variables["API_KEY"], Unknown)
    assert variables["API_KEY"].sensitive
    assert "hunter2" not in repr(resource)


def test_permissions_of_function_and_of_its_aliases() -> None:
    found = {each.id: each.attributes for each in read(TABLE, "aws_lambda_permission")}
    assert sorted(map(str, found)) == ["bucket", "gateway"]
    assert found["bucket"]["principal"] == "*"
    assert found["bucket"]["principal_org_id"] == "o-abcdefghij"
    assert found["bucket"]["qualifier"] is None
    assert found["gateway"]["principal"] == "apigateway.amazonaws.com"
    assert found["gateway"]["qualifier"] == "live"
    assert found["gateway"]["function_name"] == "pay"


def test_aliases_are_asked_for_once() -> None:
    reader = Answers(TABLE)
    names = ("aws_lambda_alias", "aws_lambda_permission")
    plan = Plan({name: live_types()[name] for name in names})
    events = list(collect(PLACE, plan, reader))  # type: ignore[arg-type]
    assert sum(isinstance(event, Resource) for event in events) == 4
    assert reader.asked["lambda:ListAliases"] == 1


def test_function_urls() -> None:
    found = {each.id: each.attributes for each in read(TABLE, "aws_lambda_function_url")}
    assert sorted(map(str, found)) == ["pay", "pay/live"]
    assert found["pay"]["url_id"] == "abcdef"
    assert found["pay"]["qualifier"] is None
    url = found["pay/live"]
    assert url["authorization_type"] == "NONE"
    assert url["qualifier"] == "live"
    assert url["cors"] == [
        {
            "allow_credentials": None,
            "allow_headers": [],
            "allow_methods": [],
            "allow_origins": ["*"],
            "expose_headers": [],
            "max_age": 60,
        }
    ]


def test_provisioned_concurrency() -> None:
    resource = one("aws_lambda_provisioned_concurrency_config")
    assert resource.id == "pay,live"
    assert resource.attributes["function_name"] == "pay"
    assert resource.attributes["qualifier"] == "live"
    assert resource.attributes["provisioned_concurrent_executions"] == 4
