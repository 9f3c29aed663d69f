"""Lambda: https://docs.aws.amazon.com/lambda/latest/api/welcome.html.

GetFunction is never called: it leads to the code.  So ``image_uri`` stays unknown.
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_FUNCTION = {"FunctionName": "FunctionName"}
_EVERY_VERSION = Call(
    "lambda:ListFunctions",
    {"FunctionVersion": "'ALL'"},
    # These are kept until the end; what else they tell may be a secret.
    take="Functions[].{FunctionName: FunctionName, FunctionArn: FunctionArn, Version: Version,"
    " LastModified: LastModified, CodeSize: CodeSize, SnapStart: SnapStart, Layers: Layers}",
)
_INSIGHTS = {"function_name": "FunctionName"}
# A qualifier is the eighth part of a function's ARN: a version or an alias.
_QUALIFIER = "part(FunctionArn, ':', `7`)"


def _invoked(arn: str) -> str:
    """What API Gateway calls a function by."""
    return (
        "text('arn:{}:apigateway:{}:lambda:path/2015-03-31/functions/{}/invocations',"
        f" _partition, _region, {arn})"
    )


TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_lambda_function",
        listing=Call("lambda:ListFunctions", take="Functions"),
        id="FunctionName",
        arn="FunctionArn",
        completing=(
            Call("lambda:GetFunctionConcurrency", _FUNCTION),
            tagged(),
        ),
        attributes={
            "environment": "Environment"
            " && [{variables: withhold(Environment.Variables, '@')}] || `[]`",
            "file_system_config": "FileSystemConfigs",
            "image_config": "ImageConfigResponse.ImageConfig",
            # Only GetFunction tells it.
            "image_uri": "PackageType == 'Image' && untold('AWS tells it together with the code')"
            " || null",
            "invoke_arn": _invoked("FunctionArn"),
            "layers": "Layers[].Arn",
            "reserved_concurrent_executions": "not_null("
            "GetFunctionConcurrency.ReservedConcurrentExecutions, `-1`)",
            "snap_start": "SnapStart.ApplyOn != 'None' && SnapStart",
            "source_code_size": "CodeSize",
            # AWS answers with empty lists for a function that has left its VPC.
            "vpc_config": "VpcConfig.VpcId != '' && VpcConfig",
        },
        # Which version the provider means depends on `publish`, which only code tells.
        uncollected=("version",),
        tags=TAGS,
        observed={
            "changed": "time(LastModified)",
            "master_arn": "MasterArn",
        },
        metrics={
            # Lambda Insights measures these, where it is switched on.
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-metrics.html
            "cold_start_ms": Metric(
                "LambdaInsights", "init_duration", _INSIGHTS, "Average", days=30
            ),
            "memory_percent": Metric(
                "LambdaInsights", "memory_utilization", _INSIGHTS, "Maximum", days=30
            ),
            "invocations": Metric("AWS/Lambda", "Invocations", _FUNCTION, "Sum", days=90),
            "invocations_in_a_month": Metric(
                "AWS/Lambda", "Invocations", _FUNCTION, "Sum", days=30
            ),
        },
    ),
    LiveType(
        "live_lambda_version",
        listing=_EVERY_VERSION,
        id="FunctionArn",
        arn="FunctionArn",
        only="Version != '$LATEST'",
        completing=(
            replace(_EVERY_VERSION, into="Versions", key="FunctionName", by="FunctionName"),
        ),
        attributes={
            "arn": "FunctionArn",
            "function_name": "FunctionName",
            "invoke_arn": _invoked("FunctionArn"),
            "layers": "Layers[].Arn",
            "newer": "above(Versions[].to_number(Version), to_number(Version))",
            "snap_start": "SnapStart.ApplyOn == 'PublishedVersions'",
        },
        observed={"created": "time(LastModified)"},
        metrics={
            # Of calls that name the version; those by an alias count for the alias.
            # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
            "invocations": Metric(
                "AWS/Lambda",
                "Invocations",
                {**_FUNCTION, "Resource": "text('{}:{}', FunctionName, Version)"},
                "Sum",
                days=90,
            ),
        },
    ),
    LiveType(
        "aws_lambda_alias",
        each="aws_lambda_function",
        listing=Call("lambda:ListAliases", _FUNCTION, take="Aliases"),
        id="AliasArn",
        arn="AliasArn",
        attributes={
            "function_name": "_parent.FunctionName",
            "invoke_arn": _invoked("AliasArn"),
        },
        observed={
            # Those that it leads to, by their ARNs.
            "versions": "prefixed([[FunctionVersion], keys(RoutingConfig"
            ".AdditionalVersionWeights || `{}`)][], text('{}:', _parent.FunctionArn))",
        },
    ),
    # A function has a policy of its own, and one for each alias.
    LiveType(
        "lambda_policy",
        each="aws_lambda_function",
        listing=Call(
            "lambda:ListAliases",
            _FUNCTION,
            take="NextMarker && Aliases || [Aliases, `[{}]`][]",
        ),
        id="AliasArn",
    ),
    LiveType(
        "aws_lambda_permission",
        each="lambda_policy",
        listing=Call(
            "lambda:GetPolicy",
            {"FunctionName": "_parent.FunctionName", "Qualifier": "Name"},
            take="parse(Policy).Statement",
            absent=("ResourceNotFoundException",),
        ),
        id="Sid",
        only="part(Resource, ':', `7`) == _parent.Name",
        attributes={
            "action": "Action",
            "event_source_token": 'Condition.StringEquals."lambda:EventSourceToken"',
            "function_name": "_parent._parent.FunctionName",
            "function_url_auth_type": 'Condition.StringEquals."lambda:FunctionUrlAuthType"',
            "principal": "Principal.Service || Principal.AWS || Principal",
            "principal_org_id": 'Condition.StringEquals."aws:PrincipalOrgID"',
            "qualifier": "part(Resource, ':', `7`)",
            "source_account": 'Condition.StringEquals."AWS:SourceAccount"',
            "source_arn": 'Condition.ArnLike."AWS:SourceArn"',
            "statement_id": "Sid",
        },
    ),
    LiveType(
        "aws_lambda_event_source_mapping",
        listing=Call("lambda:ListEventSourceMappings", take="EventSourceMappings"),
        id="UUID",
        arn="EventSourceMappingArn",
        completing=(tagged(),),
        attributes={
            "document_db_event_source_config": "DocumentDBEventSourceConfig",
            "destination_config.on_failure.destination_arn": "Destination",
            "enabled": "State == 'Enabled' || State == 'Enabling'",
            "filter_criteria.filter": "Filters",
            "function_name": "FunctionArn",
            "self_managed_event_source": "SelfManagedEventSource.Endpoints && [{endpoints:"
            " SelfManagedEventSource.Endpoints.{KAFKA_BOOTSTRAP_SERVERS:"
            " join(',', KAFKA_BOOTSTRAP_SERVERS || `[]`)}}] || `[]`",
            "source_access_configuration": "SourceAccessConfigurations",
        },
        tags=TAGS,
        observed={"changed": "LastModified", "state": "State"},
    ),
    LiveType(
        "aws_lambda_function_url",
        each="aws_lambda_function",
        listing=Call("lambda:ListFunctionUrlConfigs", _FUNCTION, take="FunctionUrlConfigs"),
        id=f"{_QUALIFIER} && text('{{}}/{{}}', _parent.FunctionName, {_QUALIFIER})"
        " || _parent.FunctionName",
        attributes={
            "authorization_type": "AuthType",
            "function_name": "_parent.FunctionName",
            "qualifier": _QUALIFIER,
            "url_id": "part(part(FunctionUrl, '/', `2`), '.', `0`)",
        },
        observed={"created": "time(CreationTime)"},
    ),
    LiveType(
        "aws_lambda_function_event_invoke_config",
        each="aws_lambda_function",
        listing=Call(
            "lambda:ListFunctionEventInvokeConfigs", _FUNCTION, take="FunctionEventInvokeConfigs"
        ),
        # Of an unqualified configuration, the ARN ends in ``:$LATEST``.
        id=f"({_QUALIFIER} || '$LATEST') != '$LATEST'"
        f" && text('{{}}:{{}}', _parent.FunctionName, {_QUALIFIER}) || _parent.FunctionName",
        attributes={
            "function_name": "_parent.FunctionName",
            "maximum_event_age_in_seconds": "MaximumEventAgeInSeconds",
            "qualifier": f"({_QUALIFIER} || '$LATEST') != '$LATEST' && {_QUALIFIER} || ''",
        },
    ),
    LiveType(
        "lambda_layer",
        listing=Call("lambda:ListLayers", take="Layers"),
        id="LayerName",
    ),
    LiveType(
        "aws_lambda_layer_version",
        each="lambda_layer",
        listing=Call("lambda:ListLayerVersions", {"LayerName": "LayerName"}, take="LayerVersions"),
        id="LayerVersionArn",
        arn="LayerVersionArn",
        attributes={"layer_arn": "_parent.LayerArn", "layer_name": "_parent.LayerName"},
        observed={"created": "time(CreatedDate)"},
    ),
    LiveType(
        "aws_lambda_provisioned_concurrency_config",
        each="aws_lambda_function",
        listing=Call(
            "lambda:ListProvisionedConcurrencyConfigs",
            _FUNCTION,
            take="ProvisionedConcurrencyConfigs",
        ),
        id=f"text('{{}},{{}}', _parent.FunctionName, {_QUALIFIER})",
        attributes={
            "function_name": "_parent.FunctionName",
            "provisioned_concurrent_executions": "RequestedProvisionedConcurrentExecutions",
            "qualifier": _QUALIFIER,
        },
        observed={"of": "FunctionArn", "state": "Status"},
    ),
)
