"""The IAM action that each call needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.shapes import service_model

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
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "lambda:ListFunctionUrlConfigs": "lambda:ListFunctionUrlConfigs",
    "lambda:GetFunctionConcurrency": "lambda:GetFunctionConcurrency",
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
        return "apigateway:GET"
    return f"{prefix}:{name}"
