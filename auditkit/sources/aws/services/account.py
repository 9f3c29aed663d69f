"""The account as a whole: what it costs, and how its root user is guarded.

Cost Explorer takes a cent for each request; it is asked three times, if rules want to know.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.sources.aws.declarations import Call, LiveType, each_of, inside
from auditkit.sources.aws.services.iam import CREDENTIAL_REPORT, reported

TYPES = (
    LiveType(
        "live_account",
        listing=inside("{Account: _account}"),
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
            # Trails of all regions, and those of the organization, are told in each of them.
            Call("cloudtrail:DescribeTrails", take="trailList", into="trails"),
            # https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
            Call("iam:GetAccountSummary", take="SummaryMap", into="summary"),
            replace(CREDENTIAL_REPORT, by="'<root_account>'"),
        ),
        attributes={
            "account": "Account",
            "cost_allocation_tags": "allocation_tags",
            "multi_region_trails": "length(trails[?IsMultiRegionTrail])",
            "root_access_key_1_last_used": reported("access_key_1_last_used_date"),
            "root_access_key_2_last_used": reported("access_key_2_last_used_date"),
            "root_access_keys": "summary.AccountAccessKeysPresent",
            "root_mfa_active": "summary.AccountMFAEnabled == `1`",
            "root_password_last_used": reported("password_last_used"),
            "spend_last_month": "spend[1]",
            "spend_month_before": "spend[0]",
            "spend_growth_percent": "growth(spend[1], spend[0])",
            "spend_by_environment": "pairs(environments, 'name', 'usd')",
        },
    ),
    LiveType(
        "aws_account_alternate_contact",
        listing=Call(
            "account:GetAlternateContact",
            {"AlternateContactType": "_over"},
            take="AlternateContact",
            over=each_of(("BILLING", "OPERATIONS", "SECURITY")),
            absent=("ResourceNotFoundException",),
        ),
        id="AlternateContactType",
        identity=("alternate_contact_type",),
        is_global=True,
    ),
)
