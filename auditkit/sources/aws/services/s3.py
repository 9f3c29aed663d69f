"""S3: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged


def _companion(
    name: str,
    operation: str,
    *,
    take: str = "@",
    absent: str = "",
    only: str = "",
    attributes: Mapping[str, str],
) -> LiveType:
    """A part of a bucket, of which there is one or none."""
    return LiveType(
        f"aws_s3_bucket_{name}",
        each="aws_s3_bucket",
        listing=Call(
            operation,
            {"Bucket": "Name"},
            take=take,
            absent=(absent,) if absent else (),
        ),
        id="_parent.Name",
        only=only,
        attributes={"bucket": "_parent.Name", **attributes},
    )


TYPES = (
    LiveType(
        "aws_s3_bucket",
        listing=Call("s3:ListBuckets", take="Buckets"),
        id="Name",
        arn="text('arn:{}:s3:::{}', _partition, Name)",
        is_global=True,
        region="BucketRegion",
        completing=(tagged(),),
        attributes={
            "bucket": "Name",
            "bucket_domain_name": "text('{}.s3.amazonaws.com', Name)",
            "region": "_region",
        },
        tags=TAGS,
        observed={"created": "CreationDate"},
    ),
    _companion(
        "versioning",
        "s3:GetBucketVersioning",
        # A bucket that never had versioning answers without a status.
        only="Status",
        attributes={"versioning_configuration": "[{status: Status, mfa_delete: MFADelete}]"},
    ),
    _companion(
        "server_side_encryption_configuration",
        "s3:GetBucketEncryption",
        take="ServerSideEncryptionConfiguration",
        absent="ServerSideEncryptionConfigurationNotFoundError",
        attributes={
            "rule": "Rules",
            "rule.apply_server_side_encryption_by_default": "ApplyServerSideEncryptionByDefault",
            "rule.apply_server_side_encryption_by_default.sse_algorithm": "SSEAlgorithm",
            "rule.apply_server_side_encryption_by_default.kms_master_key_id": "KMSMasterKeyID",
        },
    ),
    _companion(
        "public_access_block",
        "s3:GetPublicAccessBlock",
        take="PublicAccessBlockConfiguration",
        absent="NoSuchPublicAccessBlockConfiguration",
        attributes={"restrict_public_buckets": "RestrictPublicBuckets"},
    ),
)
