"""CloudWatch Logs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html.
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged


def _named(*prefixes: str) -> str:
    """The expression for the piece of a group's name that follows one of the prefixes."""
    pieces = [
        f"(starts_with(logGroupName, '{prefix}') && part(after(logGroupName, '{prefix}'),"
        " '/', `0`))"
        for prefix in prefixes
    ]
    return f"{' || '.join(pieces)} || null"


_MADE_FOR = {
    # Lambda@Edge writes in every region, as "us-east-1." and the function's name; what runs
    # here has no dot in its name.
    "function": f"!contains(logGroupName, '.') && {_named('/aws/lambda/')}",
    "edge_function": _named("/aws/lambda/us-east-1."),
    "build_project": _named("/aws/codebuild/"),
    "eks_cluster": f"ends_with(logGroupName, '/cluster') && {_named('/aws/eks/')}",
    "db_instance": _named("/aws/rds/instance/"),
    "db_cluster": _named("/aws/rds/cluster/", "/aws/docdb/", "/aws/neptune/"),
    "rest_api": _named("API-Gateway-Execution-Logs_"),
}

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudwatch_log_group",
        listing=Call("logs:DescribeLogGroups", take="logGroups"),
        id="logGroupName",
        # The group's own ARN; with the star it means the streams in it.
        arn="trimmed(arn, ':*')",
        completing=(
            Call(
                "logs:DescribeLogStreams",
                {
                    "logGroupName": "logGroupName",
                    "orderBy": "'LastEventTime'",
                    "descending": "`true`",
                    "limit": "`1`",
                },
                take="logStreams",
                pages=1,
                # Where nothing is stored, no event can be told of, and streams are asked for by
                # the group, some twenty in a second.
                when="storedBytes",
            ),
            tagged(),
        ),
        attributes={
            "name": "logGroupName",
            "retention_in_days": "retentionInDays || `0`",
        },
        tags=TAGS,
        observed={
            "created": "time(creationTime)",
            "data_protection_status": "dataProtectionStatus",
            # When logs came in last is exact; the time of the last event is told hours late.
            "last_used": "time(DescribeLogStreams[0].lastIngestionTime)",
            "last_event": "time(DescribeLogStreams[0].lastEventTimestamp)",
            "metric_filters": "metricFilterCount",
            "retention_policy": "retentionPolicyName",
            "stored_bytes": "storedBytes",
            # What a service made the group for, by its name.
            **_MADE_FOR,
        },
        metrics={
            # It takes one call for five hundred groups, and the streams one for each.
            "incoming_bytes": Metric(
                "AWS/Logs", "IncomingBytes", {"LogGroupName": "logGroupName"}, "Sum", days=90
            ),
        },
    ),
    LiveType(
        "aws_cloudwatch_log_metric_filter",
        # Without a group, it tells those of all groups.
        listing=Call("logs:DescribeMetricFilters", take="metricFilters"),
        id="filterName",
        attributes={
            "metric_transformation": "metricTransformations[].{default_value:"
            " defaultValue != null && text('{:g}', defaultValue) || null, dimensions: dimensions,"
            " name: metricName, namespace: metricNamespace, unit: unit || 'None',"
            " value: metricValue}",
            "name": "filterName",
            "pattern": "filterPattern",
        },
        observed={"created": "time(creationTime)"},
    ),
    LiveType(
        "aws_cloudwatch_log_subscription_filter",
        each="aws_cloudwatch_log_group",
        listing=Call(
            "logs:DescribeSubscriptionFilters",
            {"logGroupName": "logGroupName"},
            take="subscriptionFilters",
        ),
        id="text('cwlsf-{}', crc32(text('{}-', logGroupName)))",
        attributes={"name": "filterName"},
        observed={"created": "time(creationTime)"},
    ),
    LiveType(
        "aws_cloudwatch_log_data_protection_policy",
        each="aws_cloudwatch_log_group",
        listing=Call(
            "logs:GetDataProtectionPolicy",
            {"logGroupIdentifier": "logGroupName"},
            # A group that never had one has no status of it.
            when="dataProtectionStatus",
        ),
        id="_parent.logGroupName",
        only="policyDocument",
        attributes={"log_group_name": "_parent.logGroupName"},
        observed={"state": "_parent.dataProtectionStatus"},
    ),
    LiveType(
        "aws_cloudwatch_log_resource_policy",
        listing=Call("logs:DescribeResourcePolicies", take="resourcePolicies"),
        id="policyName",
        # Policies of one group have no name, and another type.
        only="policyName",
        observed={"changed": "time(lastUpdatedTime)"},
    ),
    LiveType(
        "aws_cloudwatch_log_delivery_source",
        listing=Call("logs:DescribeDeliverySources", take="deliverySources"),
        id="name",
        arn="arn",
        attributes={"resource_arn": "resourceArns[0]"},
        tags="tags",
    ),
)
