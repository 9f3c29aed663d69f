"""Budgets.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_ACCOUNT = {"AccountId": "_account"}


def _moment(path: str) -> str:
    """As the provider writes it: ``2026-01-01_00:00``."""
    return f"replace(replace(time({path}), 'T', '_'), ':00Z', '')"


TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_budgets_budget",
        listing=Call("budgets:DescribeBudgets", _ACCOUNT, take="Budgets"),
        id="text('{}:{}', _account, BudgetName)",
        arn="text('arn:{}:budgets::{}:budget/{}', _partition, _account, BudgetName)",
        is_global=True,
        completing=(
            Call(
                "budgets:DescribeBudgetNotificationsForAccount",
                _ACCOUNT,
                take="BudgetNotificationsForAccount",
                key="BudgetName",
                by="BudgetName",
                # An account without notifications.
                absent=("NotFoundException",),
            ),
            Call("budgets:ListTagsForResource", {"ResourceARN": "_arn"}, take="ResourceTags"),
        ),
        attributes={
            "account_id": "_account",
            "auto_adjust_data.historical_options.lookback_available_periods": (
                "LookBackAvailablePeriods"
            ),
            "cost_filter": "entries(CostFilters)[].{name: Key, values: Value}",
            "limit_amount": "BudgetLimit.Amount",
            "limit_unit": "BudgetLimit.Unit",
            "name": "BudgetName",
            # Subscribers are told of each notification alone, and not asked for.
            "notification": "DescribeBudgetNotificationsForAccount[].Notifications[]",
            "planned_limit": "entries(PlannedBudgetLimits)[].{start_time:"
            " replace(replace(time(to_number(Key)), 'T', '_'), ':00Z', ''),"
            " amount: Value.Amount, unit: Value.Unit}",
            "time_period_end": _moment("TimePeriod.End"),
            "time_period_start": _moment("TimePeriod.Start"),
        },
        tags="ListTagsForResource",
        observed={
            "actual_spend": "CalculatedSpend.ActualSpend.Amount",
            "forecasted_spend": "CalculatedSpend.ForecastedSpend.Amount",
            "health": "HealthStatus.Status",
            "notification_states": "DescribeBudgetNotificationsForAccount[].Notifications[]"
            ".NotificationState",
            "updated": "LastUpdatedTime",
        },
    ),
)
