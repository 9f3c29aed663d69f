"""API Gateway, HTTP and WebSocket APIs.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric

_API = {"ApiId": "ApiId"}
_PARENT = "_parent.ApiId"
_ARN = "'arn:{}:apigateway:{}::/%s', _partition, _region"
_ENDING = "_partition == 'aws-cn' && '.cn' || ''"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_apigatewayv2_api",
        listing=Call("apigatewayv2:GetApis", take="Items"),
        id="ApiId",
        arn=f"text({_ARN % 'apis/{}'}, ApiId)",
        attributes={
            "execution_arn": "text('arn:{}:execute-api:{}:{}:{}', _partition, _region, _account,"
            " ApiId)",
        },
        tags="Tags",
        observed={"created": "CreatedDate"},
        metrics={
            "requests": Metric("AWS/ApiGateway", "Count", {"ApiId": "ApiId"}, "Sum", days=30),
        },
    ),
    LiveType(
        "aws_apigatewayv2_stage",
        each="aws_apigatewayv2_api",
        listing=Call("apigatewayv2:GetStages", _API, take="Items"),
        id="StageName",
        arn=f"text({_ARN % 'apis/{}/stages/{}'}, {_PARENT}, StageName)",
        attributes={
            "api_id": _PARENT,
            "execution_arn": "text('arn:{}:execute-api:{}:{}:{}/{}', _partition, _region,"
            f" _account, {_PARENT}, StageName)",
            "invoke_url": "text('{}://{}.execute-api.{}.amazonaws.com{}/{}',"
            " _parent.ProtocolType == 'WEBSOCKET' && 'wss' || 'https',"
            f" {_PARENT}, _region, {_ENDING}, StageName != '$default' && StageName || '')",
            "name": "StageName",
            "route_settings": "entries(RouteSettings)[].{route_key: Key,"
            " data_trace_enabled: Value.DataTraceEnabled,"
            " detailed_metrics_enabled: Value.DetailedMetricsEnabled,"
            " logging_level: Value.LoggingLevel,"
            " throttling_burst_limit: Value.ThrottlingBurstLimit,"
            " throttling_rate_limit: Value.ThrottlingRateLimit}",
        },
        tags="Tags",
        observed={"created": "CreatedDate", "changed": "LastUpdatedDate"},
    ),
    LiveType(
        "aws_apigatewayv2_route",
        each="aws_apigatewayv2_api",
        listing=Call("apigatewayv2:GetRoutes", _API, take="Items"),
        id="RouteId",
        attributes={
            "api_id": _PARENT,
            "request_parameter": "entries(RequestParameters)[].{request_parameter_key: Key,"
            " required: Value.Required}",
        },
    ),
    LiveType(
        "aws_apigatewayv2_integration",
        each="aws_apigatewayv2_api",
        listing=Call("apigatewayv2:GetIntegrations", _API, take="Items"),
        id="IntegrationId",
        attributes={
            "api_id": _PARENT,
            "response_parameters": "entries(ResponseParameters)[].{status_code: Key,"
            " mappings: Value}",
            "timeout_milliseconds": "TimeoutInMillis",
        },
    ),
    LiveType(
        "aws_apigatewayv2_authorizer",
        each="aws_apigatewayv2_api",
        listing=Call("apigatewayv2:GetAuthorizers", _API, take="Items"),
        id="AuthorizerId",
        attributes={"api_id": _PARENT, "identity_sources": "IdentitySource"},
    ),
    # It lists those of REST APIs, too, and says nothing by which to tell them apart.
    LiveType(
        "aws_apigatewayv2_domain_name",
        listing=Call("apigatewayv2:GetDomainNames", take="Items"),
        id="DomainName",
        arn=f"text({_ARN % 'domainnames/{}'}, DomainName)",
        attributes={
            "domain_name_configuration": "DomainNameConfigurations",
            "domain_name_configuration.target_domain_name": "ApiGatewayDomainName",
        },
        tags="Tags",
    ),
)
