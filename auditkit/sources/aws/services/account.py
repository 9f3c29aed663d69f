"""The account as a whole: what it costs.

Cost Explorer takes a cent for each request; it is asked three times, if rules want to know.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES = (
    LiveType(
        "live_account",
        listing=Call("sts:GetCallerIdentity"),
        id="Account",
        arn="text('arn:{}:iam::{}:root', _partition, Account)",
        is_global=True,
        completing=(
            Call(
                "ce:GetCostAndUsage",
                {
                    "TimePeriod": "{Start: _month_before, End: _month}",
                    "Granularity": "'MONTHLY'",
                    "Metrics": "['UnblendedCost']",
                },
                take="ResultsByTime[].to_number(Total.UnblendedCost.Amount)",
                into="spend",
            ),
            Call(
                "ce:GetCostAndUsage",
                {
                    "TimePeriod": "{Start: _last_month, End: _month}",
                    "Granularity": "'MONTHLY'",
                    "Metrics": "['UnblendedCost']",
                    "GroupBy": "[{Type: 'TAG', Key: 'Environment'}]",
                },
                take="ResultsByTime[].Groups[].{name: after(Keys[0], '$'),"
                " usd: to_number(Metrics.UnblendedCost.Amount)}",
                into="environments",
            ),
            Call(
                "ce:ListCostAllocationTags",
                {"Status": "'Active'"},
                take="CostAllocationTags[].TagKey",
                into="allocation_tags",
            ),
        ),
        attributes={
            "account": "Account",
            "cost_allocation_tags": "allocation_tags",
            "spend_last_month": "spend[1]",
            "spend_month_before": "spend[0]",
            "spend_growth_percent": "growth(spend[1], spend[0])",
            "spend_by_environment": "pairs(environments, 'name', 'usd')",
        },
    ),
)
