"""What of CloudFront moto lacks."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from answering import read

from auditkit.model import Unknown

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
ARN = "arn:aws:cloudfront::123456789012:"
BEHAVIOR = {
    "TargetOriginId": "site",
    "ViewerProtocolPolicy": "redirect-to-https",
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": True, "Quantity": 1, "Items": ["keys"]},
    "AllowedMethods": {
        "Quantity": 2,
        "Items": ["HEAD", "GET"],
        "CachedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]},
    },
    "SmoothStreaming": False,
    "Compress": True,
    "LambdaFunctionAssociations": {
        "Quantity": 1,
        "Items": [
            {"LambdaFunctionARN": "arn:l:7", "EventType": "origin-request", "IncludeBody": False}
        ],
    },
    "FunctionAssociations": {
        "Quantity": 1,
        "Items": [{"FunctionARN": f"{ARN}function/rewrite", "EventType": "viewer-request"}],
    },
    "FieldLevelEncryptionId": "",
    "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
}
SUMMARY = {
    "Id": "E1",
    "ARN": f"{ARN}distribution/E1",
    "Status": "Deployed",
    "LastModifiedTime": THEN,
    "DomainName": "d1.cloudfront.net",
    "Aliases": {"Quantity": 0},
    "Origins": {
        "Quantity": 3,
        "Items": [
            {
                "Id": "control",
                "DomainName": "a.s3.amazonaws.com",
                "OriginPath": "",
                "CustomHeaders": {"Quantity": 0},
                "S3OriginConfig": {"OriginAccessIdentity": ""},
                "ConnectionAttempts": 3,
                "ConnectionTimeout": 10,
                "OriginShield": {"Enabled": False},
                "OriginAccessControlId": "EOAC",
            },
            {
                "Id": "identity",
                "DomainName": "b.s3.amazonaws.com",
                "CustomHeaders": {
                    "Quantity": 1,
                    "Items": [{"HeaderName": "X-Key", "HeaderValue": "hunter2"}],
                },
                "S3OriginConfig": {
                    "OriginAccessIdentity": "origin-access-identity/cloudfront/EOAI"
                },
                "OriginAccessControlId": "",
            },
            {
                "Id": "private",
                "DomainName": "internal.example.com",
                "VpcOriginConfig": {
                    "VpcOriginId": "vo_1",
                    "OriginReadTimeout": 30,
                    "OriginKeepaliveTimeout": 5,
                },
            },
        ],
    },
    "OriginGroups": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "both",
                "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [503]}},
                "Members": {"Quantity": 2, "Items": [{"OriginId": "a"}, {"OriginId": "b"}]},
            }
        ],
    },
    "DefaultCacheBehavior": BEHAVIOR,
    "CacheBehaviors": {"Quantity": 0},
    "CustomErrorResponses": {
        "Quantity": 1,
        "Items": [
            {
                "ErrorCode": 404,
                "ResponsePagePath": "/404.html",
                "ResponseCode": "200",
                "ErrorCachingMinTTL": 10,
            }
        ],
    },
    "Comment": "",
    "PriceClass": "PriceClass_All",
    "Enabled": True,
    "ViewerCertificate": {
        "CloudFrontDefaultCertificate": True,
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    },
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "Staging": False,
}
LIST = {
    "DistributionList": {
        "Marker": "",
        "MaxItems": 100,
        "IsTruncated": False,
        "Quantity": 1,
        "Items": [SUMMARY],
    }
}
TAGS = {
    "ResourceTagMappingList": [
        {"ResourceARN": SUMMARY["ARN"], "Tags": [{"Key": "Owner", "Value": "web"}]}
    ]
}


def listed(name: str, items: list[Any]) -> Any:
    return {name: {"MaxItems": 100, "Quantity": len(items), "Items": items}}


def test_origins_behaviors_and_errors() -> None:
    (distribution,) = read(
        {
            "cloudfront:ListDistributions": LIST,
            "cloudfront:GetDistributionConfig": {
                "DistributionConfig": {
                    "CallerReference": "terraform-1",
                    "DefaultRootObject": "index.html",
                    "Logging": {
                        "Enabled": False,
                        "IncludeCookies": False,
                        "Bucket": "",
                        "Prefix": "",
                    },
                    "ContinuousDeploymentPolicyId": "",
                }
            },
            "resourcegroupstaggingapi:GetResources": TAGS,
        },
        "aws_cloudfront_distribution",
    )
    attributes = distribution.attributes
    assert (distribution.id, distribution.address) == ("E1", SUMMARY["ARN"])
    origins: Any = {each["origin_id"]: each for each in attributes["origin"]}  # type: ignore[union-attr]
    assert origins["control"]["origin_access_control_id"] == "EOAC"
    assert origins["control"]["s3_origin_config"] == []
    assert origins["control"]["origin_shield"] == []
    assert origins["identity"]["s3_origin_config"] == [
        {"origin_access_identity": "origin-access-identity/cloudfront/EOAI"}
    ]
    assert origins["private"]["vpc_origin_config"][0]["vpc_origin_id"] == "vo_1"
    (header,) = origins["identity"]["custom_header"]
    assert header["name"] == "X-Key"
    assert isinstance(header["value"], Unknown)
    (behavior,) = attributes["default_cache_behavior"]  # type: ignore[misc]
    assert behavior["trusted_key_groups"] == ["keys"]
    assert behavior["cached_methods"] == ["HEAD", "GET"]
    assert behavior["forwarded_values"] == []
    assert behavior["lambda_function_association"] == [
        {"lambda_arn": "arn:l:7", "event_type": "origin-request", "include_body": False}
    ]
    assert behavior["function_association"] == [
        {"function_arn": f"{ARN}function/rewrite", "event_type": "viewer-request"}
    ]
    assert attributes["origin_group"] == [
        {
            "origin_id": "both",
            "failover_criteria": [{"status_codes": [503]}],
            "member": [{"origin_id": "a"}, {"origin_id": "b"}],
        }
    ]
    assert attributes["custom_error_response"] == [
        {
            "error_code": 404,
            "response_code": 200,
            "response_page_path": "/404.html",
            "error_caching_min_ttl": 10,
        }
    ]
    assert attributes["default_root_object"] == "index.html"
    assert attributes["logging_config"] == []
    assert attributes["tags"] == {"Owner": "web"}


def test_what_the_list_tells_stays_when_the_rest_is_denied() -> None:
    (distribution,) = read(
        {
            "cloudfront:ListDistributions": LIST,
            "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
        },
        "aws_cloudfront_distribution",
    )
    assert isinstance(distribution.attributes["logging_config"], Unknown)
    assert isinstance(distribution.attributes["default_root_object"], Unknown)
    assert distribution.attributes["enabled"] is True


def test_policies_functions_and_identities() -> None:
    behaviors = {
        "EnableAcceptEncodingGzip": True,
        "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {
            "HeaderBehavior": "whitelist",
            "Headers": {"Quantity": 1, "Items": ["Origin"]},
        },
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    cache = {
        "Id": "P1",
        "LastModifiedTime": THEN,
        "CachePolicyConfig": {
            "Name": "short",
            "Comment": "",
            "DefaultTTL": 60,
            "MaxTTL": 120,
            "MinTTL": 1,
            "ParametersInCacheKeyAndForwardedToOrigin": behaviors,
        },
    }
    headers = {
        "Id": "P2",
        "LastModifiedTime": THEN,
        "ResponseHeadersPolicyConfig": {
            "Name": "safe",
            "CorsConfig": {
                "AccessControlAllowOrigins": {"Quantity": 1, "Items": ["https://example.com"]},
                "AccessControlAllowHeaders": {"Quantity": 1, "Items": ["*"]},
                "AccessControlAllowMethods": {"Quantity": 1, "Items": ["GET"]},
                "AccessControlAllowCredentials": False,
                "OriginOverride": True,
            },
            "SecurityHeadersConfig": {
                "FrameOptions": {"Override": True, "FrameOption": "DENY"},
                "XSSProtection": {"Override": True, "Protection": True, "ModeBlock": True},
            },
            "CustomHeadersConfig": {
                "Quantity": 1,
                "Items": [{"Header": "X-Team", "Value": "web", "Override": False}],
            },
        },
    }
    function = {
        "Name": "rewrite",
        "Status": "UNASSOCIATED",
        "FunctionConfig": {"Comment": "Rewrites", "Runtime": "cloudfront-js-2.0"},
        "FunctionMetadata": {
            "FunctionARN": f"{ARN}function/rewrite",
            "Stage": "DEVELOPMENT",
            "CreatedTime": THEN,
            "LastModifiedTime": THEN,
        },
    }
    identity = {"Id": "EOAI", "S3CanonicalUserId": "ab12", "Comment": "site"}
    resources = read(
        {
            "cloudfront:ListCachePolicies": listed(
                "CachePolicyList", [{"Type": "custom", "CachePolicy": cache}]
            ),
            "cloudfront:ListResponseHeadersPolicies": listed(
                "ResponseHeadersPolicyList", [{"Type": "custom", "ResponseHeadersPolicy": headers}]
            ),
            "cloudfront:ListFunctions": listed("FunctionList", [function]),
            "cloudfront:ListCloudFrontOriginAccessIdentities": {
                "CloudFrontOriginAccessIdentityList": {
                    "Marker": "",
                    "MaxItems": 100,
                    "IsTruncated": False,
                    "Quantity": 1,
                    "Items": [identity],
                }
            },
        },
        "aws_cloudfront_cache_policy",
        "aws_cloudfront_function",
        "aws_cloudfront_origin_access_identity",
        "aws_cloudfront_response_headers_policy",
    )
    policy, code, access, response = resources
    assert (policy.id, policy.address) == ("P1", f"{ARN}cache-policy/P1")
    assert policy.attributes["default_ttl"] == 60
    (parameters,) = policy.attributes["parameters_in_cache_key_and_forwarded_to_origin"]  # type: ignore[misc]
    assert parameters["headers_config"] == [
        {"header_behavior": "whitelist", "headers": [{"items": ["Origin"]}]}
    ]
    assert parameters["query_strings_config"][0]["query_string_behavior"] == "all"
    assert parameters["enable_accept_encoding_brotli"] is False
    assert (code.id, code.attributes["status"]) == ("rewrite", "UNASSOCIATED")
    assert isinstance(code.attributes["code"], Unknown)
    assert access.attributes["iam_arn"] == (
        "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EOAI"
    )
    assert access.attributes["cloudfront_access_identity_path"] == (
        "origin-access-identity/cloudfront/EOAI"
    )
    (security,) = response.attributes["security_headers_config"]  # type: ignore[misc]
    assert security["frame_options"] == [{"frame_option": "DENY", "override": True}]
    assert security["xss_protection"][0]["mode_block"] is True
    (cors,) = response.attributes["cors_config"]  # type: ignore[misc]
    assert cors["access_control_allow_origins"] == [{"items": ["https://example.com"]}]
    assert cors["access_control_expose_headers"] == []
    assert response.attributes["remove_headers_config"] == []
    assert response.attributes["custom_headers_config"] == [
        {"items": [{"header": "X-Team", "value": "web", "override": False}]}
    ]
