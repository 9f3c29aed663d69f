"""What AWS tells of name resolution, dedicated lines and edges, where moto has no say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import Answer, read

TIME = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
ACCOUNT = "123456789012"
RESOLVER = f"arn:aws:route53resolver:us-east-1:{ACCOUNT}"
BUCKET_ARN = "arn:aws:s3:::queries"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
TARGETS = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup/web/1"
TAGS: Mapping[str, Answer] = {
    "route53resolver:ListTagsForResource": {"Tags": [{"Key": "Owner", "Value": "tests"}]}
}


def interface(kind: str, **told: Any) -> Mapping[str, Answer]:
    """An interface of each kind; the one of this kind is told with these members."""
    common = {
        "ownerAccount": ACCOUNT,
        "connectionId": "dxcon-1",
        "vlan": 101,
        "asn": 65000,
        "amazonSideAsn": 64512,
        "authKey": "secret of the peers",
        "amazonAddress": "169.254.0.1/30",
        "customerAddress": "169.254.0.2/30",
        "addressFamily": "ipv4",
        "virtualInterfaceState": "available",
        "mtu": 1500,
        "jumboFrameCapable": True,
        "awsDeviceV2": "EqDC2-1",
        "tags": [{"key": "Owner", "value": "tests"}],
    }
    return {
        "directconnect:DescribeVirtualInterfaces": {
            "virtualInterfaces": [
                {
                    **common,
                    "virtualInterfaceId": f"dxvif-{each}",
                    "virtualInterfaceName": each,
                    "virtualInterfaceType": each,
                    **(told if each == kind else {}),
                }
                for each in ("private", "public", "transit")
            ]
        }
    }


LINE: Mapping[str, Any] = {
    "address_family": "ipv4",
    "amazon_address": "169.254.0.1/30",
    "amazon_side_asn": "64512",
    "aws_device": "EqDC2-1",
    "bgp_asn": 65000,
    "connection_id": "dxcon-1",
    "customer_address": "169.254.0.2/30",
    "tags": {"Owner": "tests"},
    "vlan": 101,
}

CASES: list[tuple[str, Mapping[str, Answer], str | None, Mapping[str, Any]]] = [
    (
        "aws_dx_private_virtual_interface",
        interface("private", virtualGatewayId="vgw-1", mtu=9001, siteLinkEnabled=True),
        "dxvif-private",
        {
            **LINE,
            "jumbo_frame_capable": True,
            "mtu": 9001,
            "name": "private",
            "sitelink_enabled": True,
            "vpn_gateway_id": "vgw-1",
        },
    ),
    (
        "aws_dx_public_virtual_interface",
        interface("public", routeFilterPrefixes=[{"cidr": "203.0.113.0/24"}]),
        "dxvif-public",
        {**LINE, "name": "public", "route_filter_prefixes": ["203.0.113.0/24"]},
    ),
    (
        "aws_dx_transit_virtual_interface",
        interface("transit", directConnectGatewayId="dxgw-1"),
        "dxvif-transit",
        {**LINE, "dx_gateway_id": "dxgw-1", "name": "transit"},
    ),
    (
        "aws_route53_resolver_dnssec_config",
        {
            "route53resolver:ListResolverDnssecConfigs": {
                "ResolverDnssecConfigs": [
                    {
                        "Id": "rdsc-1",
                        "OwnerId": ACCOUNT,
                        "ResourceId": "vpc-1",
                        "ValidationStatus": "ENABLED",
                    }
                ]
            }
        },
        "rdsc-1",
        {
            "arn": f"{RESOLVER}:resolver-dnssec-config/rdsc-1",
            "owner_id": ACCOUNT,
            "resource_id": "vpc-1",
            "validation_status": "ENABLED",
        },
    ),
    (
        "aws_route53_resolver_firewall_config",
        {
            "route53resolver:ListFirewallConfigs": {
                "FirewallConfigs": [
                    {
                        "Id": "rslvr-fc-1",
                        "ResourceId": "vpc-1",
                        "OwnerId": ACCOUNT,
                        "FirewallFailOpen": "ENABLED",
                    }
                ]
            }
        },
        "rslvr-fc-1",
        {"firewall_fail_open": "ENABLED", "owner_id": ACCOUNT, "resource_id": "vpc-1"},
    ),
    (
        "aws_route53_resolver_firewall_rule_group",
        {
            **TAGS,
            "route53resolver:ListFirewallRuleGroups": {
                "FirewallRuleGroups": [
                    {
                        "Id": "rslvr-frg-1",
                        "Arn": f"{RESOLVER}:firewall-rule-group/rslvr-frg-1",
                        "Name": "malware",
                        "OwnerId": ACCOUNT,
                        "ShareStatus": "SHARED_BY_ME",
                    }
                ]
            },
        },
        "rslvr-frg-1",
        {
            "arn": f"{RESOLVER}:firewall-rule-group/rslvr-frg-1",
            "name": "malware",
            "owner_id": ACCOUNT,
            "share_status": "SHARED_BY_ME",
            "tags": {"Owner": "tests"},
        },
    ),
    (
        "aws_route53_resolver_firewall_rule_group_association",
        {
            **TAGS,
            "route53resolver:ListFirewallRuleGroupAssociations": {
                "FirewallRuleGroupAssociations": [
                    {
                        "Id": "rslvr-frgassoc-1",
                        "Arn": f"{RESOLVER}:firewall-rule-group-association/rslvr-frgassoc-1",
                        "FirewallRuleGroupId": "rslvr-frg-1",
                        "VpcId": "vpc-1",
                        "Name": "malware",
                        "Priority": 101,
                        "MutationProtection": "DISABLED",
                        "Status": "COMPLETE",
                    }
                ]
            },
        },
        "rslvr-frgassoc-1",
        {
            "firewall_rule_group_id": "rslvr-frg-1",
            "mutation_protection": "DISABLED",
            "name": "malware",
            "priority": 101,
            "tags": {"Owner": "tests"},
            "vpc_id": "vpc-1",
        },
    ),
    (
        "aws_route53_resolver_query_log_config",
        {
            **TAGS,
            "route53resolver:ListResolverQueryLogConfigs": {
                "ResolverQueryLogConfigs": [
                    {
                        "Id": "rqlc-1",
                        "OwnerId": ACCOUNT,
                        "Status": "CREATED",
                        "ShareStatus": "NOT_SHARED",
                        "AssociationCount": 1,
                        "Arn": f"{RESOLVER}:resolver-query-log-config/rqlc-1",
                        "Name": "queries",
                        "DestinationArn": BUCKET_ARN,
                    }
                ]
            },
        },
        "rqlc-1",
        {
            "destination_arn": BUCKET_ARN,
            "name": "queries",
            "owner_id": ACCOUNT,
            "share_status": "NOT_SHARED",
            "tags": {"Owner": "tests"},
        },
    ),
    (
        "aws_route53_resolver_query_log_config_association",
        {
            "route53resolver:ListResolverQueryLogConfigAssociations": {
                "ResolverQueryLogConfigAssociations": [
                    {
                        "Id": "rqlca-1",
                        "ResolverQueryLogConfigId": "rqlc-1",
                        "ResourceId": "vpc-1",
                        "Status": "ACTIVE",
                        "Error": "NONE",
                    }
                ]
            }
        },
        "rqlca-1",
        {"resolver_query_log_config_id": "rqlc-1", "resource_id": "vpc-1"},
    ),
    (
        "aws_route53_resolver_rule_association",
        {
            "route53resolver:ListResolverRuleAssociations": {
                "ResolverRuleAssociations": [
                    {
                        "Id": "rslvr-rrassoc-0",
                        "ResolverRuleId": "rslvr-autodefined-rr-internet-resolver",
                        "VPCId": "vpc-1",
                        "Status": "COMPLETE",
                    },
                    {
                        "Id": "rslvr-rrassoc-1",
                        "ResolverRuleId": "rslvr-rr-1",
                        "Name": "to the office",
                        "VPCId": "vpc-1",
                        "Status": "COMPLETE",
                    },
                ]
            }
        },
        "rslvr-rrassoc-1",
        {"name": "to the office", "resolver_rule_id": "rslvr-rr-1", "vpc_id": "vpc-1"},
    ),
    (
        "aws_cloudfront_origin_request_policy",
        {
            "cloudfront:ListOriginRequestPolicies": {
                "OriginRequestPolicyList": {
                    "MaxItems": 100,
                    "Quantity": 1,
                    "Items": [
                        {
                            "Type": "custom",
                            "OriginRequestPolicy": {
                                "Id": "orp-1",
                                "LastModifiedTime": TIME,
                                "OriginRequestPolicyConfig": {
                                    "Comment": "For the shop",
                                    "Name": "shop",
                                    "HeadersConfig": {
                                        "HeaderBehavior": "whitelist",
                                        "Headers": {"Quantity": 1, "Items": ["Origin"]},
                                    },
                                    "CookiesConfig": {"CookieBehavior": "none"},
                                    "QueryStringsConfig": {"QueryStringBehavior": "all"},
                                },
                            },
                        }
                    ],
                }
            }
        },
        "orp-1",
        {
            "arn": f"arn:aws:cloudfront::{ACCOUNT}:origin-request-policy/orp-1",
            "comment": "For the shop",
            "cookies_config": [{"cookie_behavior": "none", "cookies": []}],
            "headers_config": [
                {"header_behavior": "whitelist", "headers": [{"items": ["Origin"]}]}
            ],
            "name": "shop",
            "query_strings_config": [{"query_string_behavior": "all", "query_strings": []}],
        },
    ),
    (
        "aws_api_gateway_rest_api_policy",
        {
            "apigateway:GetRestApis": {
                "items": [
                    {"id": "a1", "name": "shop", "policy": POLICY.replace('"', '\\"')},
                    {"id": "a2", "name": "open"},
                ]
            }
        },
        "a1",
        {"policy": POLICY, "rest_api_id": "a1"},
    ),
    (
        "aws_lb_target_group_attachment",
        {
            "elbv2:DescribeTargetGroups": {
                "TargetGroups": [{"TargetGroupArn": TARGETS, "TargetGroupName": "web"}]
            },
            "elbv2:DescribeTargetHealth": {
                "TargetHealthDescriptions": [
                    {
                        "Target": {"Id": "10.0.0.5", "Port": 8080, "AvailabilityZone": "all"},
                        "TargetHealth": {"State": "healthy"},
                    }
                ]
            },
        },
        # The provider makes its id up.
        None,
        {
            "availability_zone": "all",
            "port": 8080,
            "target_group_arn": TARGETS,
            "target_id": "10.0.0.5",
        },
    ),
]


@pytest.mark.parametrize(
    ("type", "answers", "id", "expected"), CASES, ids=[row[0] for row in CASES]
)
def test_attributes_from_answers(
    type: str, answers: Mapping[str, Answer], id: str | None, expected: Mapping[str, Any]
) -> None:
    (resource,) = read(answers, type)
    assert resource.id == id
    assert {name: resource.attributes.get(name) for name in expected} == expected


def test_the_key_of_the_peers_is_not_kept() -> None:
    (line,) = read(interface("private"), "aws_dx_private_virtual_interface")
    assert "secret of the peers" not in repr(line)
