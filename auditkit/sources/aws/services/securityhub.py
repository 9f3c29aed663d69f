"""Security Hub: https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_OFF = (
    "InvalidAccessException: not subscribed to AWS Security Hub",
    "ResourceNotFoundException: not subscribed to AWS Security Hub",
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_securityhub_account",
        listing=Call("securityhub:DescribeHub", absent=_OFF),
        id="_account",
        arn="HubArn",
        is_single=True,
        observed={"created": "SubscribedAt"},
    ),
    LiveType(
        "aws_securityhub_standards_subscription",
        listing=Call("securityhub:GetEnabledStandards", take="StandardsSubscriptions", absent=_OFF),
        id="StandardsSubscriptionArn",
        # The ARN is the only name it has.
        arn="StandardsSubscriptionArn",
        observed={"state": "StandardsStatus"},
    ),
)
