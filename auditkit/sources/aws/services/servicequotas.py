"""Service Quotas.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric, each_of

# There are some 250 services; these have the quotas that accounts run into.
_SERVICES = (
    "acm",
    "apigateway",
    "autoscaling",
    "cloudformation",
    "cloudfront",
    "dynamodb",
    "ebs",
    "ec2",
    "ecr",
    "ecs",
    "eks",
    "elasticache",
    "elasticfilesystem",
    "elasticloadbalancing",
    "es",
    "events",
    "fargate",
    "firehose",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "rds",
    "redshift",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "states",
    "vpc",
)


def _dimension(name: str) -> str:
    return (
        "UsageMetric.MetricNamespace == 'AWS/Usage' && UsageMetric.MetricName == 'ResourceCount'"
        f" && UsageMetric.MetricDimensions.{name} || null"
    )


TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_servicequotas_service_quota",
        listing=Call(
            "service-quotas:ListServiceQuotas",
            {"ServiceCode": "_over"},
            over=each_of(_SERVICES),
            take="Quotas",
            # The service is not in this region.
            absent=("NoSuchResourceException",),
        ),
        id="text('{}/{}', ServiceCode, QuotaCode)",
        arn="QuotaArn",
        attributes={
            "usage_metric": "block(UsageMetric)[].{metric_name: MetricName,"
            " metric_namespace: MetricNamespace,"
            " metric_dimensions: [{class: MetricDimensions.Class,"
            " resource: MetricDimensions.Resource, service: MetricDimensions.Service,"
            " type: MetricDimensions.Type}],"
            " metric_statistic_recommendation: MetricStatisticRecommendation}",
        },
        observed={
            "applied_at": "QuotaAppliedAtLevel",
            "error": "ErrorReason.ErrorCode",
            "is_global": "GlobalQuota",
            "unit": "Unit",
        },
        # How often operations are called is measured by the minute, and says nothing by the day.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html
        metrics={
            "used_percent": Metric(
                "AWS/Usage",
                "ResourceCount",
                {
                    "Class": _dimension("Class"),
                    "Resource": _dimension("Resource"),
                    "Service": _dimension("Service"),
                    "Type": _dimension("Type"),
                },
                "Maximum",
                days=1,
                percent_of="Value",
            ),
        },
    ),
)
