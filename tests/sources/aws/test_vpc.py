"""Networks, where moto lacks what AWS answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import read

from auditkit.model import Resource, Unknown

MOMENT = datetime(2024, 5, 1, 10, tzinfo=timezone.utc)
ACCOUNT, OTHER = "123456789012", "210987654321"


def one(table: Mapping[str, Any], type: str) -> Resource:
    (resource,) = read(table, type)
    return resource


def test_routes_that_the_provider_leaves_to_others() -> None:
    routes: list[Any] = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"},
        {
            "DestinationCidrBlock": "10.9.0.0/16",
            "GatewayId": "vgw-1",
            "Origin": "EnableVgwRoutePropagation",
        },
        {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "Origin": "CreateRoute"},
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vpce-2", "Origin": "CreateRoute"},
        {"DestinationPrefixListId": "pl-2", "GatewayId": "igw-1", "Origin": "CreateRoute"},
    ]
    table = {
        "ec2:DescribeRouteTables": {
            "RouteTables": [
                {"RouteTableId": "rtb-1", "OwnerId": ACCOUNT, "Routes": routes},
                {"RouteTableId": "rtb-2", "OwnerId": OTHER, "Routes": routes},
            ]
        }
    }
    told = one(table, "aws_route_table").attributes["route"]
    assert isinstance(told, list)
    assert [
        (each["cidr_block"], each["destination_prefix_list_id"], each["gateway_id"])
        for each in told
        if isinstance(each, Mapping)
    ] == [("0.0.0.0/0", None, None), (None, "pl-2", "igw-1")]
    first, second = read(table, "aws_route")
    assert first.id == "r-rtb-11080289494"
    assert first.attributes["vpc_endpoint_id"] == "vpce-2"
    assert second.attributes["destination_prefix_list_id"] == "pl-2"


def test_rules_for_icmp() -> None:
    entries = [
        {
            "Egress": False,
            "RuleNumber": 100,
            "RuleAction": "allow",
            "Protocol": "1",
            "CidrBlock": "10.0.0.0/8",
            "IcmpTypeCode": {"Type": 8, "Code": -1},
        },
        {"Egress": False, "RuleNumber": 32767, "RuleAction": "deny", "Protocol": "-1"},
    ]
    acl = {"NetworkAclId": "acl-1", "OwnerId": ACCOUNT, "IsDefault": False, "Entries": entries}
    table = {"ec2:DescribeNetworkAcls": {"NetworkAcls": [acl]}}
    rule = one(table, "aws_network_acl_rule").attributes
    assert (rule["icmp_type"], rule["icmp_code"]) == (8, -1)
    (inline,) = one(table, "aws_network_acl").attributes["ingress"]
    assert (inline["icmp_type"], inline["protocol"], inline["rule_no"]) == (8, "1", 100)


@pytest.mark.parametrize(
    ("requester", "accepter", "type"),
    [
        ((ACCOUNT, "us-east-1"), (OTHER, "us-east-1"), "aws_vpc_peering_connection"),
        ((ACCOUNT, "us-east-1"), (ACCOUNT, "us-east-1"), "aws_vpc_peering_connection"),
        ((OTHER, "us-east-1"), (ACCOUNT, "us-east-1"), "aws_vpc_peering_connection_accepter"),
        ((ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1"), "aws_vpc_peering_connection_accepter"),
    ],
)
def test_sides_of_a_peering(
    requester: tuple[str, str], accepter: tuple[str, str], type: str
) -> None:
    peering = {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {
            "OwnerId": requester[0],
            "Region": requester[1],
            "VpcId": "vpc-1",
            "PeeringOptions": {"AllowDnsResolutionFromRemoteVpc": True},
        },
        "AccepterVpcInfo": {"OwnerId": accepter[0], "Region": accepter[1], "VpcId": "vpc-2"},
    }
    table = {"ec2:DescribeVpcPeeringConnections": {"VpcPeeringConnections": [peering]}}
    types = ("aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter")
    found = [each for name in types for each in read(table, name)]
    assert [each.type for each in found] == [type]
    told = found[0].attributes
    ours, theirs = ("vpc-1", "vpc-2") if type == types[0] else ("vpc-2", "vpc-1")
    assert (told["vpc_id"], told["peer_vpc_id"]) == (ours, theirs)
    assert told["peer_region"] == accepter[1]
    assert told["requester"] == [{"allow_remote_vpc_dns_resolution": True}]


def test_options_that_aws_made() -> None:
    def options(id: str, domain: str, server: str) -> Mapping[str, Any]:
        return {
            "DhcpOptionsId": id,
            "OwnerId": ACCOUNT,
            "DhcpConfigurations": [
                {"Key": "domain-name", "Values": [{"Value": domain}]},
                {"Key": "domain-name-servers", "Values": [{"Value": server}]},
            ],
        }

    table = {
        "ec2:DescribeDhcpOptions": {
            "DhcpOptions": [
                options("dopt-1", "ec2.internal", "AmazonProvidedDNS"),
                options("dopt-2", "eu-west-1.compute.internal", "AmazonProvidedDNS"),
                options("dopt-3", "example.com", "AmazonProvidedDNS"),
                options("dopt-4", "ec2.internal", "10.0.0.2"),
            ]
        }
    }
    made = read(table, "aws_default_vpc_dhcp_options")
    assert [each.id for each in made] == ["dopt-1", "dopt-2"]
    assert made[0].attributes["domain_name"] == "ec2.internal"
    assert made[0].attributes["domain_name_servers"] == "AmazonProvidedDNS"
    assert made[0].attributes["owner_id"] == ACCOUNT
    written = read(table, "aws_vpc_dhcp_options")
    assert [each.id for each in written] == ["dopt-3", "dopt-4"]
    assert written[0].attributes["domain_name"] == "example.com"


def test_nat_gateway_with_several_addresses() -> None:
    gateway = {
        "NatGatewayId": "nat-1",
        "State": "available",
        "CreateTime": MOMENT,
        "NatGatewayAddresses": [
            {"AllocationId": "eipalloc-2", "PrivateIp": "10.0.0.9", "IsPrimary": False},
            {"AllocationId": "eipalloc-1", "PrivateIp": "10.0.0.8", "IsPrimary": True},
        ],
    }
    deleted = {"NatGatewayId": "nat-2", "State": "deleted"}
    table = {"ec2:DescribeNatGateways": {"NatGateways": [gateway, deleted]}}
    told = one(table, "aws_nat_gateway").attributes
    assert told["allocation_id"] == "eipalloc-1"
    assert told["secondary_allocation_ids"] == ["eipalloc-2"]
    assert told["secondary_private_ip_address_count"] == 1


def test_keys_of_tunnels_are_not_kept() -> None:
    connection = {
        "VpnConnectionId": "vpn-1",
        "State": "available",
        "CustomerGatewayConfiguration": "<pre_shared_key>hidden</pre_shared_key>",
        "Options": {
            "StaticRoutesOnly": True,
            "TunnelOptions": [
                {
                    "PreSharedKey": "hidden",
                    "TunnelInsideCidr": "169.254.1.0/30",
                    "IkeVersions": [{"Value": "ikev2"}],
                    "Phase1DHGroupNumbers": [{"Value": 14}],
                    "LogOptions": {
                        "CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:x"}
                    },
                },
                {"PreSharedKey": "hidden"},
            ],
        },
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/8", "Source": "Static", "State": "available"}
        ],
        "VgwTelemetry": [{"Status": "DOWN", "LastStatusChange": MOMENT}],
    }
    table = {"ec2:DescribeVpnConnections": {"VpnConnections": [connection]}}
    resource = one(table, "aws_vpn_connection")
    told = resource.attributes
    assert "hidden" not in repr(resource)
    assert isinstance(told["tunnel1_preshared_key"], Unknown)
    assert isinstance(told["customer_gateway_configuration"], Unknown)
    assert told["static_routes_only"] is True
    assert told["tunnel1_inside_cidr"] == "169.254.1.0/30"
    assert told["tunnel1_ike_versions"] == ["ikev2"]
    assert told["tunnel1_phase1_dh_group_numbers"] == [14]
    (options,) = told["tunnel1_log_options"]
    (logging,) = options["cloudwatch_log_options"]
    assert (logging["log_enabled"], logging["log_group_arn"]) == (True, "arn:x")
    assert told["observed"] == {
        "state": "available",
        "tunnels": [{"status": "DOWN", "since": "2024-05-01T10:00:00Z"}],
    }


def test_endpoint_service() -> None:
    service = {
        "ServiceId": "vpce-svc-1",
        "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-1",
        "ServiceState": "Available",
        "ServiceType": [{"ServiceType": "Interface"}],
        "AcceptanceRequired": True,
        "NetworkLoadBalancerArns": ["arn:lb"],
    }
    table = {
        "ec2:DescribeVpcEndpointServiceConfigurations": {"ServiceConfigurations": [service]},
        "ec2:DescribeVpcEndpointServicePermissions": {
            "AllowedPrincipals": [{"Principal": "*", "PrincipalType": "All"}]
        },
    }
    told = one(table, "aws_vpc_endpoint_service").attributes
    assert told["acceptance_required"] is True
    assert told["allowed_principals"] == ["*"]
    assert told["service_type"] == "Interface"
    assert told["network_load_balancer_arns"] == ["arn:lb"]


def test_endpoints_of_services_are_theirs() -> None:
    endpoint = {"VpcEndpointId": "vpce-1", "ServiceName": "com.amazonaws.us-east-1.s3"}
    table = {
        "ec2:DescribeVpcEndpoints": {
            "VpcEndpoints": [
                {**endpoint, "State": "available", "RequesterManaged": False},
                {**endpoint, "VpcEndpointId": "vpce-2", "State": "deleted"},
                {
                    **endpoint,
                    "VpcEndpointId": "vpce-3",
                    "State": "available",
                    "RequesterManaged": True,
                },
            ]
        },
        "ec2:DescribePrefixLists": {
            "PrefixLists": [
                {
                    "PrefixListName": "com.amazonaws.us-east-1.s3",
                    "PrefixListId": "pl-1",
                    "Cidrs": ["192.0.2.0/24"],
                }
            ]
        },
    }
    told = one(table, "aws_vpc_endpoint").attributes
    assert (told["prefix_list_id"], told["cidr_blocks"]) == ("pl-1", ["192.0.2.0/24"])


def test_client_vpn_endpoint() -> None:
    endpoint = {
        "ClientVpnEndpointId": "cvpn-endpoint-1",
        "Status": {"Code": "available"},
        "CreationTime": "2024-05-01T10:00:00",
        "ClientCidrBlock": "10.9.0.0/16",
        "ServerCertificateArn": "arn:certificate",
        "SecurityGroupIds": ["sg-1"],
        "SplitTunnel": True,
        "AuthenticationOptions": [
            {
                "Type": "certificate-authentication",
                "MutualAuthentication": {"ClientRootCertificateChain": "arn:chain"},
            }
        ],
        "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "vpn"},
        "ClientConnectOptions": {"Enabled": False},
    }
    table = {"ec2:DescribeClientVpnEndpoints": {"ClientVpnEndpoints": [endpoint]}}
    told = one(table, "aws_ec2_client_vpn_endpoint").attributes
    (authentication,) = told["authentication_options"]
    assert authentication["type"] == "certificate-authentication"
    assert authentication["root_certificate_chain_arn"] == "arn:chain"
    (logging,) = told["connection_log_options"]
    assert (logging["enabled"], logging["cloudwatch_log_group"]) == (True, "vpn")
    assert told["security_group_ids"] == ["sg-1"]
    assert told["split_tunnel"] is True
    assert told["self_service_portal"] == "disabled"


@pytest.mark.parametrize(
    ("resource", "attribute"),
    [
        ("vpc-1", "vpc_id"),
        ("subnet-1", "subnet_id"),
        ("eni-1", "eni_id"),
        ("tgw-1", "transit_gateway_id"),
        ("tgw-attach-1", "transit_gateway_attachment_id"),
    ],
)
def test_what_a_flow_log_is_of(resource: str, attribute: str) -> None:
    table = {"ec2:DescribeFlowLogs": {"FlowLogs": [{"FlowLogId": "fl-1", "ResourceId": resource}]}}
    told = one(table, "aws_flow_log").attributes
    names = (
        "eni_id",
        "subnet_id",
        "transit_gateway_attachment_id",
        "transit_gateway_id",
        "vpc_id",
    )
    assert {name: told[name] for name in names if told[name] is not None} == {attribute: resource}


def test_lists_of_aws_are_not_ours() -> None:
    table = {
        "ec2:DescribeManagedPrefixLists": {
            "PrefixLists": [
                {"PrefixListId": "pl-1", "OwnerId": "AWS"},
                {"PrefixListId": "pl-2", "OwnerId": ACCOUNT, "PrefixListName": "offices"},
            ]
        },
        "ec2:GetManagedPrefixListEntries": {
            "Entries": [{"Cidr": "192.0.2.0/24", "Description": "Here"}]
        },
    }
    told = one(table, "aws_ec2_managed_prefix_list").attributes
    assert told["name"] == "offices"
    assert told["entry"] == [{"cidr": "192.0.2.0/24", "description": "Here"}]
