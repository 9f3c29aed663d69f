"""API Gateway, REST: https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html.

The values of API keys are never asked for.
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric, inside

_APIS = Call("apigateway:GetRestApis", {"limit": "`500`"}, take="items")
_RESOURCES = Call(
    "apigateway:GetResources",
    {"restApiId": "id", "limit": "`500`", "embed": "['methods']"},
    take="items",
)
_ARN = "'arn:{}:apigateway:{}::/%s', _partition, _region"
# The policy comes with its quotes escaped.
_POLICY = "replace(policy, '\\\"', '\"')"
_API, _STAGE = "_parent.id", "stageName"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_api_gateway_rest_api",
        listing=_APIS,
        id="id",
        arn=f"text({_ARN % 'restapis/{}'}, id)",
        attributes={
            "created_date": "createdDate",
            "execution_arn": "text('arn:{}:execute-api:{}:{}:{}', _partition, _region, _account,"
            " id)",
            "policy": _POLICY,
        },
        tags="tags",
        observed={"created": "createdDate"},
        metrics={
            "requests": Metric("AWS/ApiGateway", "Count", {"ApiName": "name"}, "Sum", days=30),
        },
    ),
    LiveType(
        "aws_api_gateway_rest_api_policy",
        listing=_APIS,
        id="id",
        only="policy",
        attributes={"policy": _POLICY, "rest_api_id": "id"},
    ),
    LiveType(
        "aws_api_gateway_stage",
        each="aws_api_gateway_rest_api",
        listing=Call("apigateway:GetStages", {"restApiId": "id"}, take="item"),
        id=f"text('ags-{{}}-{{}}', {_API}, {_STAGE})",
        arn=f"text({_ARN % 'restapis/{}/stages/{}'}, {_API}, {_STAGE})",
        attributes={
            "execution_arn": "text('arn:{}:execute-api:{}:{}:{}/{}', _partition, _region,"
            f" _account, {_API}, {_STAGE})",
            "invoke_url": "text('https://{}.execute-api.{}.amazonaws.com{}/{}',"
            f" {_API}, _region, _partition == 'aws-cn' && '.cn' || '', {_STAGE})",
            "rest_api_id": _API,
            "xray_tracing_enabled": "tracingEnabled",
        },
        tags="tags",
        observed={"created": "createdDate", "changed": "lastUpdatedDate"},
    ),
    LiveType(
        "aws_api_gateway_deployment",
        each="aws_api_gateway_rest_api",
        listing=Call(
            "apigateway:GetDeployments", {"restApiId": "id", "limit": "`500`"}, take="items"
        ),
        id="id",
        attributes={"rest_api_id": _API},
    ),
    LiveType(
        "aws_api_gateway_method_settings",
        each="aws_api_gateway_stage",
        listing=inside("entries(methodSettings)"),
        id="text('{}-{}-{}', _parent._parent.id, _parent.stageName, Key)",
        attributes={
            "method_path": "Key",
            "rest_api_id": "_parent._parent.id",
            "settings": "[{cache_data_encrypted: Value.cacheDataEncrypted,"
            " cache_ttl_in_seconds: Value.cacheTtlInSeconds,"
            " caching_enabled: Value.cachingEnabled,"
            " data_trace_enabled: Value.dataTraceEnabled,"
            " logging_level: Value.loggingLevel,"
            " metrics_enabled: Value.metricsEnabled,"
            " require_authorization_for_cache_control:"
            " Value.requireAuthorizationForCacheControl,"
            " throttling_burst_limit: Value.throttlingBurstLimit,"
            " throttling_rate_limit: Value.throttlingRateLimit,"
            " unauthorized_cache_control_header_strategy:"
            " Value.unauthorizedCacheControlHeaderStrategy}]",
            "stage_name": "_parent.stageName",
        },
    ),
    LiveType(
        "aws_api_gateway_resource",
        each="aws_api_gateway_rest_api",
        listing=_RESOURCES,
        id="id",
        # The root comes with the API.
        only="parentId",
        attributes={"rest_api_id": _API},
    ),
    LiveType("api_gateway_resource", each="aws_api_gateway_rest_api", listing=_RESOURCES, id="id"),
    LiveType(
        "aws_api_gateway_method",
        each="api_gateway_resource",
        listing=inside("resourceMethods.*"),
        id="text('agm-{}-{}-{}', _parent._parent.id, _parent.id, httpMethod)",
        attributes={
            "authorization": "authorizationType",
            "resource_id": "_parent.id",
            "rest_api_id": "_parent._parent.id",
        },
    ),
    LiveType(
        "aws_api_gateway_integration",
        each="aws_api_gateway_method",
        listing=inside("methodIntegration"),
        id="text('agi-{}-{}-{}', _parent._parent._parent.id, _parent._parent.id,"
        " _parent.httpMethod)",
        attributes={
            "http_method": "_parent.httpMethod",
            "integration_http_method": "httpMethod",
            "resource_id": "_parent._parent.id",
            "rest_api_id": "_parent._parent._parent.id",
            "timeout_milliseconds": "timeoutInMillis",
        },
    ),
    LiveType(
        "aws_api_gateway_authorizer",
        each="aws_api_gateway_rest_api",
        listing=Call(
            "apigateway:GetAuthorizers", {"restApiId": "id", "limit": "`500`"}, take="items"
        ),
        id="id",
        arn=f"text({_ARN % 'restapis/{}/authorizers/{}'}, {_API}, id)",
        attributes={"rest_api_id": _API},
    ),
    LiveType(
        "aws_api_gateway_domain_name",
        listing=Call("apigateway:GetDomainNames", {"limit": "`500`"}, take="items"),
        id="domainNameId && text('{}/{}', domainName, domainNameId) || domainName",
        arn=f"domainNameArn || text({_ARN % 'domainnames/{}'}, domainName)",
        attributes={
            "cloudfront_domain_name": "distributionDomainName",
            "cloudfront_zone_id": "distributionHostedZoneId",
            "policy": _POLICY,
            "regional_zone_id": "regionalHostedZoneId",
        },
        tags="tags",
    ),
    LiveType(
        "aws_api_gateway_api_key",
        listing=Call("apigateway:GetApiKeys", {"limit": "`500`"}, take="items"),
        id="id",
        arn=f"text({_ARN % 'apikeys/{}'}, id)",
        uncollected=("value",),
        tags="tags",
        observed={"created": "createdDate", "stages": "stageKeys"},
    ),
    LiveType(
        "aws_api_gateway_usage_plan",
        listing=Call("apigateway:GetUsagePlans", {"limit": "`500`"}, take="items"),
        id="id",
        arn=f"text({_ARN % 'usageplans/{}'}, id)",
        attributes={
            "api_stages": "apiStages",
            "api_stages.throttle": "entries(throttle)[].{path: Key,"
            " burst_limit: Value.burstLimit, rate_limit: Value.rateLimit}",
            "quota_settings": "quota",
            "throttle_settings": "throttle",
        },
        tags="tags",
    ),
    LiveType(
        "aws_api_gateway_account",
        listing=Call("apigateway:GetAccount"),
        id="'api-gateway-account'",
        attributes={
            "throttle_settings": "throttleSettings && [{burst_limit: throttleSettings.burstLimit,"
            " rate_limit: throttleSettings.rateLimit}]",
        },
    ),
)
