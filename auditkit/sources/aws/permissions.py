"""The IAM action that each call needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.shapes import operation_model, service_model

# IAM's names of operations that differ from the API's.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_ACTIONS: Mapping[str, str] = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:ListBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
    "s3:ListBucketMetricsConfigurations": "s3:GetMetricsConfiguration",
    "s3:ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
    "s3:ListBucketAnalyticsConfigurations": "s3:GetAnalyticsConfiguration",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketAnalyticsConfiguration": "s3:GetAnalyticsConfiguration",
    "s3:GetBucketIntelligentTieringConfiguration": "s3:GetIntelligentTieringConfiguration",
    "s3:GetBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
    "s3:GetBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
    "accessanalyzer:GetFindingV2": "access-analyzer:GetFinding",
    "accessanalyzer:ListFindingsV2": "access-analyzer:ListFindings",
    # https://docs.aws.amazon.com/cost-management/latest/userguide/billing-permissions-ref.html
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgetNotificationsForAccount": "budgets:ViewBudget",
    "budgets:DescribeBudgetPerformanceHistory": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
}
# Prefixes of IAM actions that differ from the name that requests are signed with.
_PREFIXES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "apigatewayv2": "apigateway",
    "cloudwatch": "cloudwatch",
    "docdb": "rds",
    "neptune": "rds",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sesv2": "ses",
}


def action_of(call: Call) -> str:
    """The IAM action for a call: ``s3:ListAllMyBuckets`` for ``s3:ListBuckets``."""
    return call.action or action_for(call.operation)


def resource_of(call: Call, partition: str = "aws") -> str:
    """The ARN that a policy names for a call: ``*``, but of API Gateway the path that is read.

    Its only action for reading is to read a path, whichever.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """
    if action_of(call) != _API_GATEWAY:
        return "*"
    path: str = operation_model(call).http["requestUri"].partition("?")[0].removeprefix("/v2")
    return f"arn:{partition}:apigateway:*::{_PARAMETER.sub('*', path)}"


_API_GATEWAY = "apigateway:GET"
_PARAMETER = re.compile(r"{[^}]*}")


@cache
def action_for(operation: str) -> str:
    """The IAM action for ``client:Operation``."""
    if operation in _ACTIONS:
        return _ACTIONS[operation]
    client, _, name = operation.partition(":")
    prefix = _PREFIXES.get(client)
    if prefix is None:
        prefix = service_model(client).signing_name
    if prefix == "apigateway":
        # Its actions are the verbs of HTTP.
        return _API_GATEWAY
    return f"{prefix}:{name}"


DATA_READS: tuple[str, ...] = (
    "athena:GetQueryResults*",
    "cloudtrail:GetQueryResults",
    "codecommit:GetBlob",
    "codecommit:GetFile",
    "codecommit:GitPull",
    "cognito-identity:GetCredentialsForIdentity",
    "cognito-idp:AdminGetUser",
    "cognito-idp:ListUsers*",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ebs:GetSnapshotBlock",
    "ec2:GetConsole*",
    "ec2:GetPasswordData",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "es:ESHttp*",
    "kinesis:GetRecords",
    "kinesis:SubscribeToShard",
    "kms:Decrypt",
    "lambda:GetFunction",
    "lambda:GetLayerVersion",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:Unmask",
    "rds:DownloadCompleteDBLogFile",
    "rds:DownloadDBLogFilePortion",
    "rds-data:*",
    "redshift:GetClusterCredentials*",
    "redshift-data:GetStatementResult*",
    "s3:GetObject*",
    "s3-object-lambda:GetObject*",
    "s3express:CreateSession",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetCommandInvocation",
    "ssm:GetParameter*",
    "states:DescribeExecution",
    "states:GetExecutionHistory",
    "xray:BatchGetTraces",
)
"""What reads data, secrets, code and logs, or lends credentials: auditkit never needs it."""
