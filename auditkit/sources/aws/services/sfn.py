"""Step Functions: https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_sfn_state_machine",
        listing=Call("stepfunctions:ListStateMachines", take="stateMachines"),
        id="stateMachineArn",
        arn="stateMachineArn",
        completing=(
            Call(
                "stepfunctions:DescribeStateMachine",
                {"stateMachineArn": "stateMachineArn"},
                into=".",
            ),
            tagged(),
        ),
        attributes={
            "logging_configuration": "loggingConfiguration",
            "logging_configuration.log_destination": "destinations[0].cloudWatchLogsLogGroup"
            ".logGroupArn",
        },
        tags=TAGS,
        observed={
            "created": "creationDate",
            "functions": "found(definition, 'arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]+:function:"
            "[A-Za-z0-9$:_-]+')",
            "state": "status",
        },
        metrics={
            "executions": Metric(
                "AWS/States",
                "ExecutionsStarted",
                {"StateMachineArn": "stateMachineArn"},
                "Sum",
                days=90,
            ),
        },
    ),
)
