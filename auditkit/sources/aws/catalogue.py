"""All declared types, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from auditkit.errors import SourceError, suggest
from auditkit.sources.aws.declarations import METRIC_DATA, Call, LiveType
from auditkit.sources.aws.services import (
    accessanalyzer,
    account,
    acm,
    apigateway,
    apigatewayv2,
    athena,
    autoscaling,
    backup,
    batch,
    budgets,
    ce,
    cloudformation,
    cloudfront,
    cloudtrail,
    cloudwatch,
    codebuild,
    codedeploy,
    cognito,
    config,
    dax,
    directconnect,
    dms,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    eks,
    elasticache,
    elb,
    elbv2,
    events,
    firehose,
    fsx,
    glue,
    guardduty,
    iam,
    inspector2,
    kafka,
    kinesis,
    kms,
    lambda_,
    logs,
    macie2,
    mq,
    opensearch,
    organizations,
    rds,
    redshift,
    route53,
    s3,
    sagemaker,
    secretsmanager,
    securityhub,
    servicequotas,
    sfn,
    sns,
    sqs,
    ssm,
    vpc,
    wafv2,
    xray,
)

SERVICES: Mapping[str, tuple[LiveType, ...]] = {
    "accessanalyzer": accessanalyzer.TYPES,
    "account": account.TYPES,
    "acm": acm.TYPES,
    "apigateway": apigateway.TYPES,
    "apigatewayv2": apigatewayv2.TYPES,
    "athena": athena.TYPES,
    "autoscaling": autoscaling.TYPES,
    "backup": backup.TYPES,
    "batch": batch.TYPES,
    "budgets": budgets.TYPES,
    "ce": ce.TYPES,
    "cloudformation": cloudformation.TYPES,
    "cloudfront": cloudfront.TYPES,
    "cloudtrail": cloudtrail.TYPES,
    "cloudwatch": cloudwatch.TYPES,
    "codebuild": codebuild.TYPES,
    "codedeploy": codedeploy.TYPES,
    "cognito": cognito.TYPES,
    "config": config.TYPES,
    "dax": dax.TYPES,
    "directconnect": directconnect.TYPES,
    "dms": dms.TYPES,
    "dynamodb": dynamodb.TYPES,
    "ec2": ec2.TYPES,
    "ecr": ecr.TYPES,
    "ecs": ecs.TYPES,
    "efs": efs.TYPES,
    "eks": eks.TYPES,
    "elasticache": elasticache.TYPES,
    "elb": elb.TYPES,
    "elbv2": elbv2.TYPES,
    "events": events.TYPES,
    "firehose": firehose.TYPES,
    "fsx": fsx.TYPES,
    "glue": glue.TYPES,
    "guardduty": guardduty.TYPES,
    "iam": iam.TYPES,
    "inspector2": inspector2.TYPES,
    "kafka": kafka.TYPES,
    "kinesis": kinesis.TYPES,
    "kms": kms.TYPES,
    "lambda": lambda_.TYPES,
    "logs": logs.TYPES,
    "macie2": macie2.TYPES,
    "mq": mq.TYPES,
    "opensearch": opensearch.TYPES,
    "organizations": organizations.TYPES,
    "rds": rds.TYPES,
    "redshift": redshift.TYPES,
    "route53": route53.TYPES,
    "s3": s3.TYPES,
    "sagemaker": sagemaker.TYPES,
    "secretsmanager": secretsmanager.TYPES,
    "securityhub": securityhub.TYPES,
    "servicequotas": servicequotas.TYPES,
    "sfn": sfn.TYPES,
    "sns": sns.TYPES,
    "sqs": sqs.TYPES,
    "ssm": ssm.TYPES,
    "vpc": vpc.TYPES,
    "wafv2": wafv2.TYPES,
    "xray": xray.TYPES,
}
"""The declarations, by the name that ``--services`` takes."""


@cache
def _declared() -> Mapping[str, LiveType]:
    return {live.type: live for types in SERVICES.values() for live in types}


@cache
def live_types() -> Mapping[str, LiveType]:
    """Every declared type of the provider, by name."""
    return {name: live for name, live in _declared().items() if not live.is_helper}


def is_listed_once(type: str) -> bool:
    """Whether the type is listed once in an account; one that is not known is not."""
    live = live_types().get(type)
    return live is not None and (live, *parents_of(live))[-1].is_global


def choose_types(
    *, services: Iterable[str] = (), types: Iterable[str] = ()
) -> Mapping[str, LiveType]:
    """The types of the services, and those named; all of them if nothing is named.

    Raises `SourceError` for a name that is not in the catalogue.
    """
    known = live_types()
    for name in services:
        if name not in SERVICES:
            raise SourceError(f"--services {name}: no such service{suggest(name, SERVICES)}")
    for name in types:
        if name not in known:
            raise SourceError(f"--types {name}: not in the catalogue{suggest(name, known)}")
    named = {live.type for name in services for live in SERVICES[name]} | set(types)
    return {name: live for name, live in known.items() if not named or name in named}


def parents_of(live: LiveType) -> tuple[LiveType, ...]:
    """The types whose records are listed before, the nearest first."""
    found: list[LiveType] = []
    while live.each:
        live = _declared()[live.each]
        found.append(live)
    return tuple(found)


def ancestors_of(live: LiveType) -> tuple[LiveType, ...]:
    """All types whose records are listed before, those of `LiveType.each_also` included."""
    found: dict[str, LiveType] = {}
    for name in (live.each, *live.each_also):
        if name:
            parent = _declared()[name]
            found |= {each.type: each for each in (parent, *ancestors_of(parent))}
    return tuple(found.values())


@cache
def operations() -> frozenset[str]:
    """All that may be called: the operations of the declarations, as ``client:Operation``."""
    return frozenset(call.operation for live in _declared().values() for call in calls_of(live))


def calls_of(live: LiveType) -> tuple[Call, ...]:
    """Every call that a type takes, its metrics included."""
    calls = [call for call in (live.listing, *live.completing) if call.operation]
    started = [Call(call.starts) for call in calls if call.starts]
    measured = (METRIC_DATA,) if live.metrics else ()
    return (*calls, *started, *measured)
