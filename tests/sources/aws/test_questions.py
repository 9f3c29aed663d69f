"""The calls that a run forecasts are those that it makes."""

from __future__ import annotations

from collections import Counter

import pytest
from answering import PLACE

from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Plan, questions


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        # What several types want to know of a queue is asked once.
        (
            ("aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy"),
            {("sqs:ListQueues", ""): 1, ("sqs:GetQueueAttributes", "aws_sqs_queue_policy"): 1},
        ),
        # The settings of methods stand in the answer about their stage.
        (
            ("aws_api_gateway_method_settings",),
            {
                ("apigateway:GetRestApis", ""): 1,
                ("apigateway:GetStages", "aws_api_gateway_rest_api"): 1,
            },
        ),
    ],
)
def test_forecast_calls(types: tuple[str, ...], expected: dict[tuple[str, str], int]) -> None:
    plan = Plan({name: live_types()[name] for name in types})
    asked = Counter((each.call.operation, each.each) for each in questions(plan, PLACE))
    assert asked == expected
