"""What of Route 53 moto lacks, or Terraform can't keep there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from answering import Answers, read

from auditkit.model import Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Place, Plan, collect

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
KEY = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"


def zone(name: str, id: str, *, is_private: bool) -> Any:
    return {
        "Id": f"/hostedzone/{id}",
        "Name": name,
        "CallerReference": "terraform-1",
        "Config": {"Comment": "", "PrivateZone": is_private},
        "ResourceRecordSetCount": 2,
    }


PUBLIC = zone("example.com.", "Z1", is_private=False)
PRIVATE = zone("internal.", "Z2", is_private=True)


def hosted_zone(arguments: Mapping[str, Any]) -> Any:
    if arguments["Id"] == "Z1":
        servers = ["ns-2.awsdns-1.org", "ns-1.awsdns-1.com"]
        delegation = {"Id": "/delegationset/N1", "NameServers": servers}
        return {"HostedZone": PUBLIC, "DelegationSet": delegation}
    vpc = {"VPCRegion": "eu-west-1", "VPCId": "vpc-1"}
    return {"HostedZone": PRIVATE, "VPCs": [vpc]}


TABLE: Mapping[str, Any] = {
    "route53:ListHostedZones": {
        "HostedZones": [PUBLIC, PRIVATE],
        "Marker": "",
        "IsTruncated": False,
        "MaxItems": "100",
    },
    "route53:GetHostedZone": hosted_zone,
    "route53:ListTagsForResources": {
        "ResourceTagSets": [
            {
                "ResourceType": "hostedzone",
                "ResourceId": "Z2",
                "Tags": [{"Key": "Owner", "Value": "dns"}],
            }
        ]
    },
}


def test_private_zones_have_networks_and_public_ones_name_servers() -> None:
    public, private = read(TABLE, "aws_route53_zone")
    assert (public.id, public.attributes["name"]) == ("Z1", "example.com")
    assert public.attributes["name_servers"] == ["ns-1.awsdns-1.com", "ns-2.awsdns-1.org"]
    assert public.attributes["delegation_set_id"] == "N1"
    assert public.attributes["vpc"] == []
    assert private.attributes["vpc"] == [{"vpc_id": "vpc-1", "vpc_region": "eu-west-1"}]
    assert isinstance(private.attributes["name_servers"], Unknown)
    assert private.attributes["tags"] == {"Owner": "dns"}


def test_a_public_zone_has_no_networks_whatever_is_denied() -> None:
    table = {name: answer for name, answer in TABLE.items() if name != "route53:GetHostedZone"}
    public, private = read(table, "aws_route53_zone")
    assert public.attributes["vpc"] == []
    assert isinstance(private.attributes["vpc"], Unknown)


def test_signing_is_asked_of_public_zones_once() -> None:
    signing_key = {
        "Name": "first",
        "KmsArn": KEY,
        "Flag": 257,
        "SigningAlgorithmMnemonic": "ECDSAP256SHA256",
        "SigningAlgorithmType": 13,
        "KeyTag": 1234,
        "Status": "ACTIVE",
        "CreatedDate": THEN,
    }
    table = {
        **TABLE,
        "route53:GetDNSSEC": {
            "Status": {"ServeSignature": "SIGNING"},
            "KeySigningKeys": [signing_key],
        },
    }
    types = ("aws_route53_hosted_zone_dnssec", "aws_route53_key_signing_key")
    dnssec, key = read(table, *types)
    assert (dnssec.id, dnssec.attributes["signing_status"]) == ("Z1", "SIGNING")
    assert dnssec.attributes["hosted_zone_id"] == "Z1"
    assert key.id == "Z1,first"
    assert key.attributes["key_management_service_arn"] == KEY
    assert key.attributes["signing_algorithm_type"] == 13
    reader = Answers(table)
    plan = Plan({name: live_types()[name] for name in types})
    list(collect(Place("123456789012", "us-east-1"), plan, reader))  # type: ignore[arg-type]
    assert reader.asked["route53:GetDNSSEC"] == 1


def test_a_zone_that_was_never_signed_has_no_signing() -> None:
    answer = {"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": []}
    assert read({**TABLE, "route53:GetDNSSEC": answer}, "aws_route53_hosted_zone_dnssec") == []


def test_records() -> None:
    def records(arguments: Mapping[str, Any]) -> Any:
        if arguments["HostedZoneId"] == "Z2":
            return {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "300"}
        sets = [
            {
                "Name": "example.com.",
                "Type": "NS",
                "TTL": 172800,
                "ResourceRecords": [{"Value": "ns-1.awsdns-1.com."}],
            },
            {
                "Name": "\\052.example.com.",
                "Type": "A",
                "AliasTarget": {
                    "HostedZoneId": "Z35SXDOTRQ7X7K",
                    "DNSName": "dualstack.Web-1.us-east-1.elb.amazonaws.com.",
                    "EvaluateTargetHealth": True,
                },
            },
            {
                "Name": "geo.example.com.",
                "Type": "CNAME",
                "SetIdentifier": "near",
                "GeoProximityLocation": {
                    "Coordinates": {"Latitude": "49.22", "Longitude": "-74.01"},
                    "Bias": 10,
                },
                "TTL": 60,
                "ResourceRecords": [{"Value": "a.example.net"}],
            },
            {
                "Name": "long.example.com.",
                "Type": "TXT",
                "TTL": 60,
                "ResourceRecords": [{"Value": '"one" "two"'}],
            },
            {
                "Name": "zero.example.com.",
                "Type": "A",
                "SetIdentifier": "off",
                "Weight": 0,
                "TTL": 60,
                "ResourceRecords": [{"Value": "192.0.2.1"}],
            },
        ]
        return {"ResourceRecordSets": sets, "IsTruncated": False, "MaxItems": "300"}

    table = {**TABLE, "route53:ListResourceRecordSets": records}
    found = {each.id: each.attributes for each in read(table, "aws_route53_record")}
    assert found["Z1_example.com_NS"]["observed"]["comes_with_zone"] is True  # type: ignore[index,call-overload]
    alias = found["Z1_*.example.com_A"]
    assert alias["name"] == alias["fqdn"] == "*.example.com"
    assert alias["alias"] == [
        {
            "name": "web-1.us-east-1.elb.amazonaws.com",
            "zone_id": "Z35SXDOTRQ7X7K",
            "evaluate_target_health": True,
        }
    ]
    assert found["Z1_geo.example.com_CNAME_near"]["geoproximity_routing_policy"] == [
        {
            "aws_region": None,
            "bias": 10,
            "local_zone_group": None,
            "coordinates": [{"latitude": "49.22", "longitude": "-74.01"}],
        }
    ]
    assert found["Z1_long.example.com_TXT"]["records"] == ['one" "two']
    assert found["Z1_zero.example.com_A_off"]["weighted_routing_policy"] == [{"weight": 0}]


def test_resolvers() -> None:
    arn = "arn:aws:route53resolver:us-east-1:123456789012:"
    resources = read(
        {
            "route53:ListQueryLoggingConfigs": {
                "QueryLoggingConfigs": [
                    {
                        "Id": "q1",
                        "HostedZoneId": "Z1",
                        "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:123456789012:g",
                    }
                ]
            },
            "route53resolver:ListResolverEndpoints": {
                "ResolverEndpoints": [
                    {
                        "Id": "rslvr-in-1",
                        "Arn": f"{arn}resolver-endpoint/rslvr-in-1",
                        "Name": "in",
                        "SecurityGroupIds": ["sg-1"],
                        "Direction": "INBOUND",
                        "HostVPCId": "vpc-1",
                        "Status": "OPERATIONAL",
                        "CreationTime": "2025-03-01T09:30:00.000Z",
                        "Protocols": ["Do53"],
                        "ResolverEndpointType": "IPV4",
                    }
                ]
            },
            "route53resolver:ListResolverEndpointIpAddresses": {
                "IpAddresses": [{"IpId": "rni-1", "SubnetId": "subnet-1", "Ip": "10.0.0.10"}]
            },
            "route53resolver:ListTagsForResource": {"Tags": [{"Key": "Owner", "Value": "dns"}]},
            "route53resolver:ListResolverRules": {
                "ResolverRules": [
                    {
                        "Id": "rslvr-autodefined-rr-internet-resolver",
                        "Arn": f"{arn}autodefined-rule/rslvr-autodefined-rr-internet-resolver",
                        "DomainName": ".",
                        "RuleType": "RECURSIVE",
                        "OwnerId": "Route 53 Resolver",
                    },
                    {
                        "Id": "rslvr-rr-1",
                        "Arn": f"{arn}resolver-rule/rslvr-rr-1",
                        "DomainName": "corp.example.com.",
                        "RuleType": "FORWARD",
                        "OwnerId": "123456789012",
                        "TargetIps": [{"Ip": "192.0.2.10", "Port": 53}],
                        "ResolverEndpointId": "rslvr-out-1",
                    },
                ]
            },
        },
        "aws_route53_query_log",
        "aws_route53_resolver_endpoint",
        "aws_route53_resolver_rule",
    )
    log, endpoint, rule = resources
    assert (log.id, log.attributes["zone_id"]) == ("q1", "Z1")
    group = "arn:aws:logs:us-east-1:123456789012:g"
    assert log.attributes["cloudwatch_log_group_arn"] == group
    assert endpoint.attributes["security_group_ids"] == ["sg-1"]
    assert endpoint.attributes["ip_address"] == [
        {"ip": "10.0.0.10", "ip_id": "rni-1", "ipv6": None, "subnet_id": "subnet-1"}
    ]
    assert endpoint.attributes["tags"] == {"Owner": "dns"}
    assert endpoint.attributes["observed"]["state"] == "OPERATIONAL"  # type: ignore[index,call-overload]
    assert (rule.id, rule.attributes["domain_name"]) == ("rslvr-rr-1", "corp.example.com")
    assert rule.attributes["target_ip"][0]["ip"] == "192.0.2.10"  # type: ignore[index,call-overload]
