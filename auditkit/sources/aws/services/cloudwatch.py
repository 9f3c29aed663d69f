"""CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html."""

from __future__ import annotations

from dataclasses import replace

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

# Without types, only metric alarms are told.
_ALARMS = Call("cloudwatch:DescribeAlarms", {"AlarmTypes": '`["MetricAlarm", "CompositeAlarm"]`'})
_OBSERVED = {
    "changed": "AlarmConfigurationUpdatedTimestamp",
    "state": "StateValue",
    "state_reason": "StateReason",
    "state_updated": "StateUpdatedTimestamp",
    "state_changed": "StateTransitionedTimestamp",
}
# What stands in a function is a name or an ARN, in quotation marks or not.
_NAMED = (
    r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*[\x22\x27]?(.+?)[\x22\x27]?\s*\)"
    r"(?=\s*(?:$|\)|AND\b|OR\b))"
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudwatch_metric_alarm",
        listing=replace(_ALARMS, take="MetricAlarms"),
        id="AlarmName",
        arn="AlarmArn",
        completing=(tagged(),),
        attributes={
            "dimensions": "pairs(Dimensions, 'Name', 'Value')",
            "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
            "metric_query": "Metrics[].{account_id: AccountId, expression: Expression, id: Id,"
            " label: Label, period: Period, return_data: ReturnData,"
            " metric: block(MetricStat)[].{dimensions: pairs(Metric.Dimensions, 'Name', 'Value'),"
            " metric_name: Metric.MetricName, namespace: Metric.Namespace, period: Period,"
            " stat: Stat, unit: Unit}}",
            "treat_missing_data": "TreatMissingData || 'missing'",
        },
        tags=TAGS,
        observed=_OBSERVED,
    ),
    LiveType(
        "aws_cloudwatch_composite_alarm",
        listing=replace(_ALARMS, take="CompositeAlarms"),
        id="AlarmName",
        arn="AlarmArn",
        completing=(tagged(),),
        attributes={
            "actions_suppressor": "ActionsSuppressor && [{alarm: ActionsSuppressor,"
            " extension_period: ActionsSuppressorExtensionPeriod,"
            " wait_period: ActionsSuppressorWaitPeriod}] || `[]`",
        },
        tags=TAGS,
        observed={
            **_OBSERVED,
            # Its rule is a text: ALARM("cpu") AND NOT OK(disk).
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
            "alarms": rf"found(AlarmRule, '{_NAMED}')",
            "suppressed_by": "ActionsSuppressedBy",
        },
    ),
    LiveType(
        "aws_cloudwatch_dashboard",
        # They are the same in every region.
        listing=Call("cloudwatch:ListDashboards", take="DashboardEntries"),
        id="DashboardName",
        arn="DashboardArn",
        is_global=True,
        completing=(Call("cloudwatch:GetDashboard", {"DashboardName": "DashboardName"}),),
        attributes={
            "dashboard_arn": "DashboardArn",
            "dashboard_body": "GetDashboard.DashboardBody",
        },
        observed={"changed": "LastModified"},
    ),
)
