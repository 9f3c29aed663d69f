"""CloudFront: https://docs.aws.amazon.com/cloudfront/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged


def _behavior(path: str) -> Iterator[tuple[str, str]]:
    """The members of a cache behavior whose names differ."""
    yield f"{path}.cached_methods", "AllowedMethods.CachedMethods.Items"
    yield f"{path}.function_association", "FunctionAssociations.Items"
    yield f"{path}.lambda_function_association", "LambdaFunctionAssociations.Items"
    yield f"{path}.lambda_function_association.lambda_arn", "LambdaFunctionARN"
    yield f"{path}.trusted_key_groups", "TrustedKeyGroups.Items"
    yield f"{path}.trusted_signers", "TrustedSigners.Items"


def _items(member: str) -> str:
    """A list of CloudFront, where the provider has a block for the list, too."""
    return f"block({member})[?Items].{{items: Items}}"


_FORWARDED = {
    "cookies_config.cookies": _items("Cookies"),
    "headers_config.headers": _items("Headers"),
    "query_strings_config.query_strings": _items("QueryStrings"),
}


def _policy(
    name: str, operation: str, lists: str, structure: str, attributes: Mapping[str, str]
) -> LiveType:
    """A policy; those that AWS offers to everybody are not listed."""
    return LiveType(
        f"aws_cloudfront_{name}",
        listing=Call(operation, {"Type": "'custom'"}, take=f"{lists}.Items[].{structure}"),
        id="Id",
        arn=f"text('arn:{{}}:cloudfront::{{}}:{name.replace('_', '-')}/{{}}', _partition,"
        " _account, Id)",
        is_global=True,
        attributes={
            "comment": f"{structure}Config.Comment",
            "name": f"{structure}Config.Name",
            **{key: text.replace("$", f"{structure}Config") for key, text in attributes.items()},
        },
        observed={"changed": "LastModifiedTime"},
    )


TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudfront_distribution",
        listing=Call("cloudfront:ListDistributions", take="DistributionList.Items"),
        id="Id",
        arn="ARN",
        is_global=True,
        completing=(
            # What the list leaves out.
            Call(
                "cloudfront:GetDistributionConfig",
                {"Id": "Id"},
                take="DistributionConfig",
                into="Config",
            ),
            tagged(),
        ),
        attributes={
            "caller_reference": "Config.CallerReference",
            "continuous_deployment_policy_id": "Config.ContinuousDeploymentPolicyId",
            "custom_error_response": "CustomErrorResponses.Items",
            **dict(_behavior("default_cache_behavior")),
            "default_root_object": "Config.DefaultRootObject",
            "hosted_zone_id": "_partition == 'aws-cn' && 'Z3RFFRIM2A3IF5' || 'Z2FDTNDATAQYW2'",
            "logging_config": "Config.Logging.Enabled && [{bucket: Config.Logging.Bucket,"
            " include_cookies: Config.Logging.IncludeCookies,"
            " prefix: Config.Logging.Prefix}] || `[]`",
            "ordered_cache_behavior": "CacheBehaviors.Items",
            **dict(_behavior("ordered_cache_behavior")),
            "origin": "Origins.Items",
            "origin.custom_header": "CustomHeaders.Items",
            "origin.custom_header.name": "HeaderName",
            "origin.origin_id": "Id",
            # S3 origins with an access control, and others, tell an empty identity.
            "origin.s3_origin_config": "S3OriginConfig.OriginAccessIdentity"
            " && [{origin_access_identity: S3OriginConfig.OriginAccessIdentity}] || `[]`",
            "origin.origin_shield": "OriginShield.Enabled && [{enabled: OriginShield.Enabled,"
            " origin_shield_region: OriginShield.OriginShieldRegion}] || `[]`",
            "origin_group": "OriginGroups.Items",
            "origin_group.failover_criteria.status_codes": "StatusCodes.Items",
            "origin_group.member": "Members.Items",
            "origin_group.origin_id": "Id",
            "restrictions.geo_restriction.locations": "Items",
        },
        uncollected=("etag", "last_modified_time", "trusted_key_groups", "trusted_signers"),
        tags=TAGS,
        observed={"changed": "LastModifiedTime", "state": "Status"},
    ),
    LiveType(
        "aws_cloudfront_origin_access_control",
        listing=Call("cloudfront:ListOriginAccessControls", take="OriginAccessControlList.Items"),
        id="Id",
        arn="text('arn:{}:cloudfront::{}:origin-access-control/{}', _partition, _account, Id)",
        is_global=True,
    ),
    LiveType(
        "aws_cloudfront_origin_access_identity",
        listing=Call(
            "cloudfront:ListCloudFrontOriginAccessIdentities",
            take="CloudFrontOriginAccessIdentityList.Items",
        ),
        id="Id",
        arn="text('arn:{}:cloudfront::{}:origin-access-identity/{}', _partition, _account, Id)",
        is_global=True,
        attributes={
            "cloudfront_access_identity_path": "text('origin-access-identity/cloudfront/{}', Id)",
            "iam_arn": "text('arn:{}:iam::cloudfront:user/CloudFront Origin Access Identity {}',"
            " _partition, Id)",
        },
    ),
    _policy(
        "cache_policy",
        "cloudfront:ListCachePolicies",
        "CachePolicyList",
        "CachePolicy",
        {
            "default_ttl": "$.DefaultTTL",
            "max_ttl": "$.MaxTTL",
            "min_ttl": "$.MinTTL",
            "parameters_in_cache_key_and_forwarded_to_origin": (
                "$.ParametersInCacheKeyAndForwardedToOrigin"
            ),
            **{
                f"parameters_in_cache_key_and_forwarded_to_origin.{name}": text
                for name, text in _FORWARDED.items()
            },
        },
    ),
    _policy(
        "origin_request_policy",
        "cloudfront:ListOriginRequestPolicies",
        "OriginRequestPolicyList",
        "OriginRequestPolicy",
        {
            "cookies_config": "$.CookiesConfig",
            "headers_config": "$.HeadersConfig",
            "query_strings_config": "$.QueryStringsConfig",
            **_FORWARDED,
        },
    ),
    _policy(
        "response_headers_policy",
        "cloudfront:ListResponseHeadersPolicies",
        "ResponseHeadersPolicyList",
        "ResponseHeadersPolicy",
        {
            "cors_config": "$.CorsConfig",
            "cors_config.access_control_allow_headers": _items("AccessControlAllowHeaders"),
            "cors_config.access_control_allow_methods": _items("AccessControlAllowMethods"),
            "cors_config.access_control_allow_origins": _items("AccessControlAllowOrigins"),
            "cors_config.access_control_expose_headers": _items("AccessControlExposeHeaders"),
            "custom_headers_config": "block($.CustomHeadersConfig)[?Items].{items:"
            " Items[].{header: Header, override: Override, value: Value}}",
            "remove_headers_config": "block($.RemoveHeadersConfig)[?Items].{items:"
            " Items[].{header: Header}}",
            "security_headers_config": "$.SecurityHeadersConfig",
            "server_timing_headers_config": "$.ServerTimingHeadersConfig",
        },
    ),
    LiveType(
        "aws_cloudfront_function",
        # Every function has a stage of development, and a copy of it when it is live.
        listing=Call(
            "cloudfront:ListFunctions", {"Stage": "'DEVELOPMENT'"}, take="FunctionList.Items"
        ),
        id="Name",
        arn="FunctionMetadata.FunctionARN",
        is_global=True,
        attributes={
            "comment": "FunctionConfig.Comment",
            "key_value_store_associations": "FunctionConfig.KeyValueStoreAssociations.Items[]"
            ".KeyValueStoreARN",
            "runtime": "FunctionConfig.Runtime",
        },
        observed={
            "changed": "FunctionMetadata.LastModifiedTime",
            "created": "FunctionMetadata.CreatedTime",
        },
    ),
    LiveType(
        "aws_cloudfront_key_group",
        listing=Call("cloudfront:ListKeyGroups", take="KeyGroupList.Items[].KeyGroup"),
        id="Id",
        is_global=True,
        attributes={
            "comment": "KeyGroupConfig.Comment",
            "items": "KeyGroupConfig.Items",
            "name": "KeyGroupConfig.Name",
        },
        observed={"changed": "LastModifiedTime"},
    ),
    LiveType(
        "aws_cloudfront_public_key",
        listing=Call("cloudfront:ListPublicKeys", take="PublicKeyList.Items"),
        id="Id",
        is_global=True,
        observed={"created": "CreatedTime"},
    ),
)
