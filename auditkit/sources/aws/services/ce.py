"""Cost Explorer.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_Explorer_Service.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_PARTS = ("and", "not", "or")


def _expression(path: str) -> dict[str, str]:
    """Where an expression has plurals in the API."""
    return {
        f"{path}.dimension": "Dimensions",
        f"{path}.cost_category": "CostCategories",
    }


_TAGS = Call("ce:ListTagsForResource", {"ResourceArn": "_arn"}, take="ResourceTags")
_THRESHOLD = "threshold_expression"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ce_anomaly_monitor",
        listing=Call("ce:GetAnomalyMonitors", take="AnomalyMonitors"),
        id="MonitorArn",
        arn="MonitorArn",
        is_global=True,
        completing=(_TAGS,),
        attributes={
            "monitor_specification": "json(MonitorSpecification)",
            "name": "MonitorName",
        },
        tags="ListTagsForResource",
        observed={
            "created": "CreationDate",
            "dimensional_values": "DimensionalValueCount",
            "last_evaluated": "LastEvaluatedDate",
        },
    ),
    LiveType(
        "aws_ce_anomaly_subscription",
        listing=Call("ce:GetAnomalySubscriptions", take="AnomalySubscriptions"),
        id="SubscriptionArn",
        arn="SubscriptionArn",
        is_global=True,
        completing=(_TAGS,),
        attributes={
            "name": "SubscriptionName",
            "subscriber": "Subscribers",
            **_expression(_THRESHOLD),
            **{
                key: text
                for part in _PARTS
                for key, text in _expression(f"{_THRESHOLD}.{part}").items()
            },
        },
        tags="ListTagsForResource",
        observed={"subscriber_states": "Subscribers[].Status"},
    ),
    LiveType(
        "aws_ce_cost_allocation_tag",
        listing=Call(
            "ce:ListCostAllocationTags",
            take="CostAllocationTags",
            # The organization's management account decides on them.
            absent=("AccessDeniedException: Linked account",),
        ),
        id="TagKey",
        is_global=True,
        observed={"changed": "LastUpdatedDate", "last_used": "LastUsedDate"},
    ),
)
