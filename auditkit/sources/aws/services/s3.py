"""S3: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html.

What configures a bucket is asked once of each bucket; the resources that the provider has made of
it stand inside the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditkit.sources.aws.declarations import (
    TAGS,
    Call,
    LiveType,
    inside,
    of_settled,
    settled,
    tagged,
)


def _asked(operation: str, *absent: str, take: str = "@", when: str = "") -> Call:
    """A question about one bucket; `absent` are the error codes for "none"."""
    return Call(f"s3:{operation}", {"Bucket": "Name"}, take=take, absent=absent, when=when)


def _part(
    name: str, told: str, attributes: Mapping[str, str] | None = None, *, only: str = ""
) -> LiveType:
    """A part of a bucket, of which there is one or none."""
    return LiveType(
        f"aws_s3_bucket_{name}",
        each="aws_s3_bucket",
        listing=inside(told),
        id="_parent.Name",
        only=only,
        attributes={"bucket": "_parent.Name", **(attributes or {})},
    )


def _named_part(name: str, told: str, attributes: Mapping[str, str]) -> LiveType:
    """A part of a bucket, of which there may be several, each with a name."""
    return LiveType(
        f"aws_s3_bucket_{name}",
        each="aws_s3_bucket",
        listing=inside(told),
        id="text('{}:{}', _parent.Name, Id)",
        attributes={"bucket": "_parent.Name", "name": "Id", **attributes},
    )


# Nobody but the owner has anything, apart from what the canned ACL gives to groups of AWS.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
_OWNER_ALONE = (
    "(Grants[?!(Grantee.URI)].Permission) == ['FULL_CONTROL']"
    " && (Grants[?!(Grantee.URI)].Grantee.ID) == [Owner.ID]"
)
_TO_GROUPS = (
    "join(',', sort(Grants[?Grantee.URI].text('{} {}', part(Grantee.URI, '/', `-1`), Permission)))"
)
_CANNED = {
    "": "private",
    "AllUsers READ": "public-read",
    "AllUsers READ,AllUsers WRITE": "public-read-write",
    "AuthenticatedUsers READ": "authenticated-read",
    "LogDelivery READ_ACP,LogDelivery WRITE": "log-delivery-write",
}
_ACL = " || ".join(
    f"{_OWNER_ALONE} && {_TO_GROUPS} == '{grants}' && '{name}'" for grants, name in _CANNED.items()
)
_GRANTEE = (
    "{display_name: Grantee.DisplayName, email_address: Grantee.EmailAddress,"
    " id: Grantee.ID, type: Grantee.Type, uri: Grantee.URI}"
)
_OWNER = "{id: Owner.ID, display_name: Owner.DisplayName}"
# A filter holds one thing, or several in its `And`.
_FILTER = (
    "prefix: Filter.Prefix || Filter.And.Prefix, tags: tags(Filter.And.Tags || block(Filter.Tag))"
)
_RULE_AND = {
    "rule.filter.and": "And",
    "rule.filter.and.tags": "tags(Tags)",
}


def _notified(configurations: str, target: str, arn: str) -> str:
    suffix, prefix = (
        f"Filter.Key.FilterRules[?lower(Name) == '{name}'].Value | [0]"
        for name in ("suffix", "prefix")
    )
    return (
        f"{configurations}[].{{id: Id, {target}: {arn}, events: Events,"
        f" filter_prefix: {prefix}, filter_suffix: {suffix}}}"
    )


_NO_VERSIONS = "!(ListObjectVersions.Versions) && !(ListObjectVersions.DeleteMarkers)"
_EMPTY = f"{settled('CreationDate')} && {_NO_VERSIONS} && ListMultipartUploads == `0`"
# Locks and replication need versions, and keep them from being switched off.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
_VERSIONED = "GetBucketVersioning.Status"
_DNS_SUFFIX = "_partition == 'aws-cn' && 'amazonaws.com.cn' || 'amazonaws.com'"

TYPES = (
    LiveType(
        "aws_s3_bucket",
        # Without a region the answer has the buckets of all regions, and not where they are.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
        listing=Call("s3:ListBuckets", {"BucketRegion": "_region"}, take="Buckets"),
        id="Name",
        arn="text('arn:{}:s3:::{}', _partition, Name)",
        completing=(
            tagged(),
            _asked("GetBucketVersioning"),
            _asked(
                "GetBucketEncryption",
                "ServerSideEncryptionConfigurationNotFoundError",
                take="ServerSideEncryptionConfiguration",
            ),
            _asked(
                "GetPublicAccessBlock",
                "NoSuchPublicAccessBlockConfiguration",
                take="PublicAccessBlockConfiguration",
            ),
            _asked(
                "GetBucketOwnershipControls",
                "OwnershipControlsNotFoundError",
                take="OwnershipControls",
            ),
            # Where the bucket's owner owns all, the ACL says nothing and can't be changed.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
            _asked(
                "GetBucketAcl",
                when="GetBucketOwnershipControls.Rules[0].ObjectOwnership != 'BucketOwnerEnforced'",
            ),
            _asked("GetBucketPolicy", "NoSuchBucketPolicy"),
            _asked("GetBucketLogging", take="LoggingEnabled"),
            _asked("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
            _asked(
                "GetObjectLockConfiguration",
                "ObjectLockConfigurationNotFoundError",
                take="ObjectLockConfiguration",
                when=_VERSIONED,
            ),
            _asked(
                "GetBucketReplication",
                "ReplicationConfigurationNotFoundError",
                take="ReplicationConfiguration",
                when=_VERSIONED,
            ),
            _asked("GetBucketWebsite", "NoSuchWebsiteConfiguration"),
            _asked("GetBucketCors", "NoSuchCORSConfiguration"),
            _asked("GetBucketNotificationConfiguration"),
            # Some regions, and names with dots, have no acceleration.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
            _asked("GetBucketAccelerateConfiguration", "MethodNotAllowed"),
            _asked("GetBucketRequestPayment"),
            _asked(
                "ListBucketIntelligentTieringConfigurations",
                take="IntelligentTieringConfigurationList",
            ),
            _asked("ListBucketMetricsConfigurations", take="MetricsConfigurationList"),
            _asked("ListBucketInventoryConfigurations", take="InventoryConfigurationList"),
            _asked("ListBucketAnalyticsConfigurations", take="AnalyticsConfigurationList"),
            # Whether there is anything at all; what it is called is not kept.  Of a bucket without
            # versioning, an object is a version, too.
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
            Call(
                "s3:ListObjectVersions",
                {"Bucket": "Name", "MaxKeys": "`1`"},
                take="{Versions: Versions[].IsLatest, DeleteMarkers: DeleteMarkers[].IsLatest}",
                when=settled("CreationDate"),
                pages=1,
            ),
            Call(
                "s3:ListMultipartUploads",
                {"Bucket": "Name", "MaxUploads": "`1`"},
                take="length(Uploads || `[]`)",
                when=f"{settled('CreationDate')} && {_NO_VERSIONS}",
                pages=1,
            ),
            replace(
                _asked("GetBucketNotificationConfiguration", when=_EMPTY), into="notifications"
            ),
        ),
        attributes={
            "bucket": "Name",
            "bucket_domain_name": f"text('{{}}.s3.{{}}', Name, {_DNS_SUFFIX})",
            "bucket_regional_domain_name": f"text('{{}}.s3.{{}}.{{}}', Name, _region,"
            f" {_DNS_SUFFIX})",
            "object_lock_enabled": "GetObjectLockConfiguration.ObjectLockEnabled == 'Enabled'",
            "region": "_region",
        },
        tags=TAGS,
        observed={
            "created": "CreationDate",
            "is_empty": f"{of_settled('CreationDate')} && {_EMPTY}",
            "notifies": f"{of_settled('CreationDate')}"
            f" && ({_EMPTY} || untold('it is asked of empty buckets alone'))"
            " && length(values(notifications || `{}`)[?@]) > `0`",
        },
    ),
    _part(
        "versioning",
        "GetBucketVersioning",
        {"versioning_configuration": "[{status: Status, mfa_delete: MFADelete}]"},
        # A bucket that never had versioning answers without a status.
        only="Status",
    ),
    _part(
        "server_side_encryption_configuration",
        "GetBucketEncryption",
        {
            "rule": "Rules",
            "rule.apply_server_side_encryption_by_default": "ApplyServerSideEncryptionByDefault",
            "rule.apply_server_side_encryption_by_default.sse_algorithm": "SSEAlgorithm",
            "rule.apply_server_side_encryption_by_default.kms_master_key_id": "KMSMasterKeyID",
        },
    ),
    _part("public_access_block", "GetPublicAccessBlock"),
    _part("ownership_controls", "GetBucketOwnershipControls", {"rule": "Rules"}),
    LiveType(
        "aws_s3_bucket_acl",
        each="aws_s3_bucket",
        listing=inside("GetBucketAcl"),
        id="_parent.Name",
        # The provider's id has the canned ACL in it, if it was configured by that.
        identity=("bucket",),
        attributes={
            "bucket": "_parent.Name",
            "acl": f"({_ACL}) || `null`",
            "access_control_policy": f"[{{grant: Grants[].{{permission: Permission,"
            f" grantee: [{_GRANTEE}]}}, owner: [{_OWNER}]}}]",
        },
    ),
    _part("policy", "GetBucketPolicy"),
    _part("logging", "GetBucketLogging", {"target_grant": "TargetGrants"}),
    _part(
        "lifecycle_configuration",
        "GetBucketLifecycleConfiguration",
        {
            "rule": "Rules",
            **_RULE_AND,
            "rule.noncurrent_version_transition": "NoncurrentVersionTransitions",
            "rule.transition": "Transitions",
        },
    ),
    _part("object_lock_configuration", "GetObjectLockConfiguration"),
    _part("replication_configuration", "GetBucketReplication", {"rule": "Rules", **_RULE_AND}),
    _part("website_configuration", "GetBucketWebsite", {"routing_rule": "RoutingRules"}),
    _part("cors_configuration", "GetBucketCors", {"cors_rule": "CORSRules"}),
    _part(
        "notification",
        "GetBucketNotificationConfiguration",
        {
            "eventbridge": "EventBridgeConfiguration != `null`",
            "lambda_function": _notified(
                "LambdaFunctionConfigurations", "lambda_function_arn", "LambdaFunctionArn"
            ),
            "queue": _notified("QueueConfigurations", "queue_arn", "QueueArn"),
            "topic": _notified("TopicConfigurations", "topic_arn", "TopicArn"),
        },
        only="LambdaFunctionConfigurations || QueueConfigurations || TopicConfigurations"
        " || EventBridgeConfiguration != `null`",
    ),
    _part("accelerate_configuration", "GetBucketAccelerateConfiguration", only="Status"),
    _part("request_payment_configuration", "GetBucketRequestPayment"),
    _named_part(
        "intelligent_tiering_configuration",
        "ListBucketIntelligentTieringConfigurations",
        {"filter": f"Filter && [{{{_FILTER}}}]", "tiering": "Tierings"},
    ),
    _named_part(
        "metric",
        "ListBucketMetricsConfigurations",
        {
            "filter": f"Filter && [{{{_FILTER},"
            " access_point: Filter.AccessPointArn || Filter.And.AccessPointArn}]"
        },
    ),
    _named_part(
        "inventory",
        "ListBucketInventoryConfigurations",
        {
            "enabled": "IsEnabled",
            "destination": "Destination",
            "destination.bucket": "S3BucketDestination",
            "destination.bucket.bucket_arn": "Bucket",
            "destination.bucket.encryption": "Encryption",
            "destination.bucket.encryption.sse_kms": "SSEKMS",
            "destination.bucket.encryption.sse_kms.key_id": "KeyId",
        },
    ),
    _named_part(
        "analytics_configuration",
        "ListBucketAnalyticsConfigurations",
        {
            "filter": f"Filter && [{{{_FILTER}}}]",
            "storage_class_analysis": "StorageClassAnalysis",
            "storage_class_analysis.data_export": "DataExport",
            "storage_class_analysis.data_export.destination": "Destination",
            "storage_class_analysis.data_export.destination.s3_bucket_destination"
            ".bucket_arn": "Bucket",
        },
    ),
    LiveType(
        "aws_s3_account_public_access_block",
        # An account without this configuration blocks nothing.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        listing=inside("{Account: _account}"),
        id="Account",
        is_global=True,
        is_single=True,
        completing=(
            Call(
                "s3control:GetPublicAccessBlock",
                {"AccountId": "Account"},
                take="PublicAccessBlockConfiguration",
                into="told",
                absent=("NoSuchPublicAccessBlockConfiguration",),
            ),
        ),
        attributes={
            "account_id": "Account",
            "block_public_acls": "told.BlockPublicAcls || `false`",
            "block_public_policy": "told.BlockPublicPolicy || `false`",
            "ignore_public_acls": "told.IgnorePublicAcls || `false`",
            "restrict_public_buckets": "told.RestrictPublicBuckets || `false`",
        },
        observed={"is_configured": "told != `null`"},
    ),
    LiveType(
        "aws_s3_access_point",
        listing=Call(
            "s3control:ListAccessPoints", {"AccountId": "_account"}, take="AccessPointList"
        ),
        id="text('{}:{}', _account, Name)",
        arn="AccessPointArn",
        completing=(
            Call(
                "s3control:GetAccessPoint",
                {"AccountId": "_account", "Name": "Name"},
                into="told",
            ),
            Call(
                "s3control:GetAccessPointPolicy",
                {"AccountId": "_account", "Name": "Name"},
                absent=("NoSuchAccessPointPolicy",),
            ),
        ),
        attributes={
            "account_id": "_account",
            "endpoints": "told.Endpoints",
            "public_access_block_configuration": "told.PublicAccessBlockConfiguration",
        },
        observed={"created": "told.CreationDate"},
    ),
    LiveType(
        "aws_s3control_access_point_policy",
        each="aws_s3_access_point",
        listing=inside("GetAccessPointPolicy"),
        id="_parent._id",
        only="Policy",
        attributes={"access_point_arn": "_parent._arn"},
    ),
)
