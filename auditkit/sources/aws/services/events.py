"""EventBridge: https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_BUSES = Call("events:ListEventBuses", take="EventBuses")
_RULE = "_parent.Name"
_BUS = "_parent._parent.Name"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudwatch_event_bus",
        listing=_BUSES,
        id="Name",
        arn="Arn",
        completing=(
            Call("events:DescribeEventBus", {"Name": "Name"}, into="."),
            tagged(),
        ),
        # Every region has one, which nobody makes.
        owned_by_aws="Name == 'default'",
        tags=TAGS,
        observed={"created": "CreationTime"},
    ),
    LiveType(
        "aws_cloudwatch_event_bus_policy",
        listing=_BUSES,
        id="Name",
        only="Policy",
        attributes={"event_bus_name": "Name"},
    ),
    LiveType("event_bus", listing=_BUSES, id="Name"),
    LiveType(
        "aws_cloudwatch_event_rule",
        each="event_bus",
        listing=Call("events:ListRules", {"EventBusName": "Name"}, take="Rules"),
        id="_parent.Name == 'default' && Name || text('{}/{}', _parent.Name, Name)",
        arn="Arn",
        completing=(tagged(),),
        attributes={
            "event_bus_name": "_parent.Name",
            "is_enabled": "State != 'DISABLED'",
        },
        owned_by_aws="ManagedBy",
        tags=TAGS,
        metrics={
            # Of rules on other buses it is measured by two names.
            "invocations": Metric(
                "AWS/Events",
                "Invocations",
                {"RuleName": "_parent.Name == 'default' && Name || `null`"},
                "Sum",
                days=30,
            ),
        },
    ),
    LiveType(
        "aws_cloudwatch_event_target",
        each="aws_cloudwatch_event_rule",
        listing=Call(
            "events:ListTargetsByRule",
            {"Rule": "Name", "EventBusName": "_parent.Name"},
            take="Targets",
        ),
        id=f"{_BUS} == 'default' && text('{{}}-{{}}', {_RULE}, Id)"
        f" || text('{{}}-{{}}-{{}}', {_BUS}, {_RULE}, Id)",
        attributes={
            "appsync_target": "AppSyncParameters",
            # Of what the rule calls: a target has none of its own.
            "arn": "Arn",
            "batch_target": "BatchParameters",
            "batch_target.array_size": "ArrayProperties.Size",
            "batch_target.job_attempts": "RetryStrategy.Attempts",
            "ecs_target": "EcsParameters",
            "ecs_target.network_configuration": "NetworkConfiguration.awsvpcConfiguration",
            "ecs_target.network_configuration.assign_public_ip": "AssignPublicIp == 'ENABLED'",
            "ecs_target.ordered_placement_strategy": "PlacementStrategy",
            "ecs_target.placement_constraint": "PlacementConstraints",
            "ecs_target.tags": "tags(Tags)",
            "event_bus_name": _BUS,
            "http_target": "HttpParameters",
            "http_target.header_parameters": "withhold(HeaderParameters, '@')",
            "http_target.query_string_parameters": "withhold(QueryStringParameters, '@')",
            "input_transformer": "InputTransformer",
            "input_transformer.input_paths": "InputPathsMap",
            "kinesis_target": "KinesisParameters",
            "redshift_target": "RedshiftDataParameters",
            "redshift_target.secrets_manager_arn": "SecretManagerArn",
            "rule": _RULE,
            "run_command_targets": "RunCommandParameters.RunCommandTargets",
            "sagemaker_pipeline_target": "SageMakerPipelineParameters",
            "sqs_target": "SqsParameters",
            "target_id": "Id",
        },
        # What a target is given may be a secret, as the variables of a container are.
        uncollected=("input",),
    ),
)
