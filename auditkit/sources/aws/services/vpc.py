"""VPC: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/operation-list-vpc.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditkit.sources.aws.declarations import Call, LiveType, Metric

PAGE = {"MaxResults": "`1000`"}
"""Arguments of listings that may be long: without them EC2 answers everything at once, or fails."""


def arn(kind: str, id: str, *, owner: str = "_account") -> str:
    """The expression for the ARN of a thing of EC2, which its API seldom tells."""
    return f"text('arn:{{}}:ec2:{{}}:{{}}:{kind}/{{}}', _partition, _region, {owner}, {id})"


def made(members: Mapping[str, str]) -> str:
    """The expression for a mapping with these members."""
    return "{" + ", ".join(f"{name}: {text}" for name, text in members.items()) + "}"


OURS = "(!OwnerId || OwnerId == _account)"
"""What is shared with the account is listed in it, too, but it is for its owner to judge."""

_VPCS = Call("ec2:DescribeVpcs", take="Vpcs")
_SUBNETS = Call("ec2:DescribeSubnets", take="Subnets")
_ROUTE_TABLES = Call("ec2:DescribeRouteTables", take="RouteTables")
_NETWORK_ACLS = Call("ec2:DescribeNetworkAcls", take="NetworkAcls")


def _vpc_attribute(name: str) -> Call:
    member = name[0].upper() + name[1:]
    return Call(
        "ec2:DescribeVpcAttribute",
        {"VpcId": "VpcId", "Attribute": f"'{name}'"},
        take=f"{member}.Value",
        into=member,
    )


# The first range that is in use; the provider knows of one only.
_IPV6 = "[?Ipv6CidrBlockState.State=='associated'] | [0]"
_VPC_IPV6 = f"Ipv6CidrBlockAssociationSet{_IPV6}"


def _vpc(type: str, only: str) -> LiveType:
    return LiveType(
        type,
        listing=_VPCS,
        id="VpcId",
        arn=arn("vpc", "VpcId", owner="OwnerId"),
        only=f"{OURS} && {only}",
        completing=(
            _vpc_attribute("enableDnsHostnames"),
            _vpc_attribute("enableDnsSupport"),
            _vpc_attribute("enableNetworkAddressUsageMetrics"),
            Call(
                "ec2:DescribeSecurityGroups",
                {"Filters": "[{Name: 'group-name', Values: ['default']}]"},
                take="SecurityGroups",
                into="DefaultGroups",
                key="VpcId",
                by="VpcId",
            ),
            Call(
                "ec2:DescribeNetworkAcls",
                take="NetworkAcls[?IsDefault]",
                key="VpcId",
                by="VpcId",
            ),
            Call(
                "ec2:DescribeRouteTables",
                take="RouteTables[?Associations[?Main]]",
                key="VpcId",
                by="VpcId",
            ),
        ),
        attributes={
            "default_network_acl_id": "DescribeNetworkAcls[0].NetworkAclId",
            "default_route_table_id": "DescribeRouteTables[0].RouteTableId",
            "default_security_group_id": "DefaultGroups[0].GroupId",
            "ipv6_association_id": f"{_VPC_IPV6}.AssociationId",
            "ipv6_cidr_block": f"{_VPC_IPV6}.Ipv6CidrBlock",
            "ipv6_cidr_block_network_border_group": f"{_VPC_IPV6}.NetworkBorderGroup",
            "main_route_table_id": "DescribeRouteTables[0].RouteTableId",
        },
        tags="Tags",
        observed={"cidr_blocks": "CidrBlockAssociationSet[].CidrBlock", "state": "State"},
    )


def _subnet(type: str, only: str) -> LiveType:
    ipv6 = f"Ipv6CidrBlockAssociationSet{_IPV6}"
    on_launch = "PrivateDnsNameOptionsOnLaunch"
    return LiveType(
        type,
        listing=_SUBNETS,
        id="SubnetId",
        arn="SubnetArn",
        only=f"{OURS} && {only}",
        attributes={
            "enable_resource_name_dns_a_record_on_launch": f"{on_launch}"
            ".EnableResourceNameDnsARecord",
            "enable_resource_name_dns_aaaa_record_on_launch": f"{on_launch}"
            ".EnableResourceNameDnsAAAARecord",
            "ipv6_cidr_block": f"{ipv6}.Ipv6CidrBlock",
            "ipv6_cidr_block_association_id": f"{ipv6}.AssociationId",
            "private_dns_hostname_type_on_launch": f"{on_launch}.HostnameType",
        },
        tags="Tags",
        observed={"available_addresses": "AvailableIpAddressCount", "state": "State"},
    )


# AWS lists the routes to gateway endpoints in the tables, but they belong to aws_vpc_endpoint.
_IS_ENDPOINTS = "(DestinationPrefixListId && starts_with(GatewayId || '', 'vpce-'))"
_GATEWAY = "(!starts_with(GatewayId || '', 'vpce-') && GatewayId) || `null`"
_ENDPOINT = "(starts_with(GatewayId || '', 'vpce-') && GatewayId) || `null`"
_ROUTE: Mapping[str, str] = {
    "carrier_gateway_id": "CarrierGatewayId",
    "core_network_arn": "CoreNetworkArn",
    "destination_prefix_list_id": "DestinationPrefixListId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "gateway_id": _GATEWAY,
    "local_gateway_id": "LocalGatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_endpoint_id": _ENDPOINT,
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}


_INLINE_ROUTE = made(
    {"cidr_block": "DestinationCidrBlock", "ipv6_cidr_block": "DestinationIpv6CidrBlock", **_ROUTE}
)


def _route_table(type: str, only: str, more: Mapping[str, str]) -> LiveType:
    return LiveType(
        type,
        listing=_ROUTE_TABLES,
        id="RouteTableId",
        arn=arn("route-table", "RouteTableId", owner="OwnerId"),
        only=f"{OURS} && {only}",
        attributes={
            "propagating_vgws": "PropagatingVgws[].GatewayId",
            "route": "Routes[?GatewayId != 'local' && GatewayId != 'VpcLattice'"
            f" && Origin != 'EnableVgwRoutePropagation' && !{_IS_ENDPOINTS}].{_INLINE_ROUTE}",
            **more,
        },
        tags="Tags",
        observed={
            "gateway_ids": "Associations[].GatewayId",
            "subnet_ids": "Associations[].SubnetId",
        },
    )


_ACL_RULE = {
    "cidr_block": "CidrBlock",
    "from_port": "PortRange.From || `0`",
    "icmp_code": "IcmpTypeCode.Code || `0`",
    "icmp_type": "IcmpTypeCode.Type || `0`",
    "ipv6_cidr_block": "Ipv6CidrBlock",
    "protocol": "Protocol",
    "to_port": "PortRange.To || `0`",
}
# The provider makes the id of the protocol as the configuration spells it; AWS tells the number.
_SPELLED = (
    "((Protocol == '6' && 'tcp') || (Protocol == '17' && 'udp') || (Protocol == '1' && 'icmp')"
    " || Protocol)"
)
# The last rules, which deny the rest, are always there.
_IS_WRITTEN = "RuleNumber != `32767` && RuleNumber != `32768`"


def _acl_rules(is_egress: bool) -> str:
    direction = "Egress" if is_egress else "!Egress"
    rule = made({"action": "RuleAction", "rule_no": "RuleNumber", **_ACL_RULE})
    return f"Entries[?{direction} && {_IS_WRITTEN}].{rule}"


def _network_acl(type: str, only: str, more: Mapping[str, str]) -> LiveType:
    return LiveType(
        type,
        listing=_NETWORK_ACLS,
        id="NetworkAclId",
        arn=arn("network-acl", "NetworkAclId", owner="OwnerId"),
        only=f"{OURS} && {only}",
        attributes={
            "egress": _acl_rules(is_egress=True),
            "ingress": _acl_rules(is_egress=False),
            "subnet_ids": "Associations[].SubnetId",
            **more,
        },
        tags="Tags",
    )


def _option(key: str) -> str:
    return f"DhcpConfigurations[?Key=='{key}'].Values[].Value"


def _first_option(key: str) -> str:
    return f"({_option(key)} | [0])"


# What AWS makes in each region.
# https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html
_DOMAIN = _first_option("domain-name")
_IS_DEFAULT_OPTIONS = (
    f"({_DOMAIN} == 'ec2.internal' || ends_with({_DOMAIN} || '', '.compute.internal'))"
    f" && contains({_option('domain-name-servers')}, 'AmazonProvidedDNS')"
    " && length(DhcpConfigurations) == `2`"
)


def _dhcp_options(type: str, only: str) -> LiveType:
    # Of the default options the provider tells of the servers as texts, not as lists.
    servers = _first_option if type == "aws_default_vpc_dhcp_options" else _option
    return LiveType(
        type,
        listing=Call("ec2:DescribeDhcpOptions", take="DhcpOptions"),
        id="DhcpOptionsId",
        arn=arn("dhcp-options", "DhcpOptionsId", owner="(OwnerId || '')"),
        only=f"{OURS} && {only}",
        attributes={
            "domain_name": _first_option("domain-name"),
            "domain_name_servers": servers("domain-name-servers"),
            "ipv6_address_preferred_lease_time": _first_option("ipv6-address-preferred-lease-time"),
            "netbios_name_servers": servers("netbios-name-servers"),
            "netbios_node_type": _first_option("netbios-node-type"),
            "ntp_servers": servers("ntp-servers"),
        },
        tags="Tags",
    )


def _gateway(type: str, operation: str, take: str, kind: str, id: str) -> LiveType:
    """A way out of one VPC."""
    return LiveType(
        type,
        listing=Call(operation, take=take),
        id=id,
        arn=arn(kind, id),
        attributes={"vpc_id": "Attachments[0].VpcId"},
        tags="Tags",
        observed={"state": "Attachments[0].State"},
    )


_PRIMARY = "((NatGatewayAddresses[?IsPrimary] | [0]) || NatGatewayAddresses[0])"
_SECONDARY = "NatGatewayAddresses[?IsPrimary == `false`]"


_IS_REQUESTED = "(RequesterVpcInfo.OwnerId == _account && RequesterVpcInfo.Region == _region)"


def _peering(type: str, only: str, attributes: Mapping[str, str]) -> LiveType:
    """A peering, which is listed on both of its sides, or as the side that accepted it."""
    options = "AllowDnsResolutionFromRemoteVpc"
    return LiveType(
        type,
        listing=Call("ec2:DescribeVpcPeeringConnections", take="VpcPeeringConnections"),
        id="VpcPeeringConnectionId",
        arn=arn("vpc-peering-connection", "VpcPeeringConnectionId"),
        only=f"{only} && !contains(['deleted', 'deleting', 'expired', 'failed', 'rejected'],"
        " Status.Code)",
        attributes={
            "accept_status": "Status.Code",
            "accepter": "AccepterVpcInfo.PeeringOptions",
            "accepter.allow_remote_vpc_dns_resolution": options,
            "peer_region": "AccepterVpcInfo.Region",
            "requester": "RequesterVpcInfo.PeeringOptions",
            "requester.allow_remote_vpc_dns_resolution": options,
            **attributes,
        },
        tags="Tags",
    )


def _tunnels() -> Iterator[tuple[str, str]]:
    """The attributes of both tunnels; their keys and what holds these are left out."""
    members = {
        "dpd_timeout_action": "DpdTimeoutAction",
        "dpd_timeout_seconds": "DpdTimeoutSeconds",
        "enable_tunnel_lifecycle_control": "EnableTunnelLifecycleControl",
        "ike_versions": "IkeVersions[].Value",
        "inside_cidr": "TunnelInsideCidr",
        "inside_ipv6_cidr": "TunnelInsideIpv6Cidr",
        "log_options": "LogOptions",
        "phase1_dh_group_numbers": "Phase1DHGroupNumbers[].Value",
        "phase1_encryption_algorithms": "Phase1EncryptionAlgorithms[].Value",
        "phase1_integrity_algorithms": "Phase1IntegrityAlgorithms[].Value",
        "phase1_lifetime_seconds": "Phase1LifetimeSeconds",
        "phase2_dh_group_numbers": "Phase2DHGroupNumbers[].Value",
        "phase2_encryption_algorithms": "Phase2EncryptionAlgorithms[].Value",
        "phase2_integrity_algorithms": "Phase2IntegrityAlgorithms[].Value",
        "phase2_lifetime_seconds": "Phase2LifetimeSeconds",
        "rekey_fuzz_percentage": "RekeyFuzzPercentage",
        "rekey_margin_time_seconds": "RekeyMarginTimeSeconds",
        "replay_window_size": "ReplayWindowSize",
        "startup_action": "StartupAction",
    }
    for number in (1, 2):
        for name, text in members.items():
            yield f"tunnel{number}_{name}", f"Options.TunnelOptions[{number - 1}].{text}"
        logging = f"tunnel{number}_log_options.cloudwatch_log_options"
        yield logging, "CloudWatchLogOptions"
        yield f"{logging}.log_group_arn", "LogGroupArn"


_IS_THERE = "State != 'deleted' && State != 'deleting'"


def _nat_metric(name: str, statistic: str) -> Metric:
    return Metric("AWS/NATGateway", name, {"NatGatewayId": "NatGatewayId"}, statistic)


# There are no metrics of gateway endpoints, nor of those that lead to another region.
_IS_MEASURED = (
    "(contains(['Interface', 'GatewayLoadBalancer'], VpcEndpointType || '')"
    " && (!ServiceRegion || ServiceRegion == _region))"
)


def _attachment_metric(name: str) -> Metric:
    # https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-cloudwatch-metrics.html
    return Metric(
        "AWS/TransitGateway",
        name,
        {
            "TransitGateway": "TransitGatewayId",
            "TransitGatewayAttachment": "TransitGatewayAttachmentId",
        },
        "Sum",
    )


TYPES = (
    _vpc("aws_vpc", "!IsDefault"),
    _vpc("aws_default_vpc", "IsDefault"),
    _subnet("aws_subnet", "!DefaultForAz"),
    _subnet("aws_default_subnet", "DefaultForAz"),
    _route_table("aws_route_table", "!(Associations[?Main])", {}),
    _route_table(
        "aws_default_route_table",
        "Associations[?Main]",
        {"default_route_table_id": "RouteTableId"},
    ),
    LiveType(
        "aws_main_route_table_association",
        listing=Call("ec2:DescribeRouteTables", take="inside(RouteTables, 'Associations')"),
        id="RouteTableAssociationId",
        only="Main && _parent.OwnerId == _account",
        attributes={"vpc_id": "_parent.VpcId"},
    ),
    LiveType(
        "aws_route_table_association",
        listing=Call("ec2:DescribeRouteTables", take="inside(RouteTables, 'Associations')"),
        id="RouteTableAssociationId",
        only="!Main && _parent.OwnerId == _account && AssociationState.State != 'disassociated'",
    ),
    LiveType(
        "aws_route",
        listing=Call("ec2:DescribeRouteTables", take="inside(RouteTables, 'Routes')"),
        id="text('r-{}{}', _parent.RouteTableId, crc32(DestinationCidrBlock"
        " || DestinationIpv6CidrBlock || DestinationPrefixListId))",
        only=f"Origin == 'CreateRoute' && _parent.OwnerId == _account && !{_IS_ENDPOINTS}",
        attributes={
            **_ROUTE,
            "destination_cidr_block": "DestinationCidrBlock",
            "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
            "route_table_id": "_parent.RouteTableId",
        },
    ),
    _network_acl("aws_network_acl", "!IsDefault", {}),
    _network_acl(
        "aws_default_network_acl", "IsDefault", {"default_network_acl_id": "NetworkAclId"}
    ),
    LiveType(
        "aws_network_acl_rule",
        listing=Call("ec2:DescribeNetworkAcls", take="inside(NetworkAcls, 'Entries')"),
        id="text('nacl-{}', crc32(text('{}-{}-{}-{}-', _parent.NetworkAclId, RuleNumber,"
        f" json(Egress), {_SPELLED})))",
        only=f"{_IS_WRITTEN} && _parent.OwnerId == _account",
        attributes={**_ACL_RULE, "network_acl_id": "_parent.NetworkAclId"},
    ),
    _gateway(
        "aws_internet_gateway",
        "ec2:DescribeInternetGateways",
        "InternetGateways",
        "internet-gateway",
        "InternetGatewayId",
    ),
    _gateway(
        "aws_egress_only_internet_gateway",
        "ec2:DescribeEgressOnlyInternetGateways",
        "EgressOnlyInternetGateways",
        "egress-only-internet-gateway",
        "EgressOnlyInternetGatewayId",
    ),
    LiveType(
        "aws_nat_gateway",
        listing=Call("ec2:DescribeNatGateways", take="NatGateways"),
        id="NatGatewayId",
        arn=arn("natgateway", "NatGatewayId"),
        only=_IS_THERE,
        attributes={
            "allocation_id": f"{_PRIMARY}.AllocationId",
            "association_id": f"{_PRIMARY}.AssociationId",
            "network_interface_id": f"{_PRIMARY}.NetworkInterfaceId",
            "private_ip": f"{_PRIMARY}.PrivateIp",
            "public_ip": f"{_PRIMARY}.PublicIp",
            "secondary_allocation_ids": f"{_SECONDARY}.AllocationId",
            "secondary_private_ip_address_count": f"length({_SECONDARY})",
            "secondary_private_ip_addresses": f"{_SECONDARY}.PrivateIp",
        },
        tags="Tags",
        observed={
            "availability_mode": "AvailabilityMode",
            "created": "CreateTime",
            "state": "State",
            "vpc_id": "VpcId",
        },
        # https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
        metrics={
            "bytes_out": _nat_metric("BytesOutToDestination", "Sum"),
            "connections": _nat_metric("ActiveConnectionCount", "Maximum"),
        },
    ),
    LiveType(
        "aws_vpc_endpoint",
        listing=Call("ec2:DescribeVpcEndpoints", take="VpcEndpoints"),
        id="VpcEndpointId",
        arn=arn("vpc-endpoint", "VpcEndpointId", owner="OwnerId"),
        only="!contains(['deleted', 'deleting', 'expired', 'failed', 'rejected'], lower(State))",
        owned_by_aws="RequesterManaged",
        completing=(
            Call(
                "ec2:DescribePrefixLists",
                take="PrefixLists",
                key="PrefixListName",
                by="ServiceName",
            ),
        ),
        attributes={
            "cidr_blocks": "DescribePrefixLists[0].Cidrs",
            "dns_entry": "DnsEntries[].{dns_name: DnsName, hosted_zone_id: HostedZoneId}",
            "policy": "PolicyDocument",
            "prefix_list_id": "DescribePrefixLists[0].PrefixListId",
            "security_group_ids": "Groups[].GroupId",
            "state": "lower(State)",
        },
        tags="Tags",
        observed={"created": "CreationTimestamp", "is_measured": _IS_MEASURED},
        # https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html
        metrics={
            "bytes": Metric(
                "AWS/PrivateLinkEndpoints",
                "BytesProcessed",
                {
                    "Endpoint Type": f"{_IS_MEASURED} && VpcEndpointType || null",
                    "Service Name": "ServiceName",
                    "VPC Endpoint Id": "VpcEndpointId",
                    "VPC Id": "VpcId",
                },
                "Sum",
            ),
        },
    ),
    LiveType(
        "aws_vpc_endpoint_service",
        listing=Call(
            "ec2:DescribeVpcEndpointServiceConfigurations",
            take="ServiceConfigurations",
        ),
        id="ServiceId",
        arn=arn("vpc-endpoint-service", "ServiceId"),
        only="ServiceState != 'Deleted' && ServiceState != 'Deleting'",
        completing=(
            Call(
                "ec2:DescribeVpcEndpointServicePermissions",
                {"ServiceId": "ServiceId"},
                take="AllowedPrincipals",
            ),
        ),
        attributes={
            "allowed_principals": "DescribeVpcEndpointServicePermissions[].Principal",
            "private_dns_name_configuration": "block(PrivateDnsNameConfiguration)"
            "[].{name: Name, state: State, type: Type, value: Value}",
            "service_type": "ServiceType[0].ServiceType",
            "state": "ServiceState",
            "supported_regions": "SupportedRegions[].Region",
        },
        tags="Tags",
    ),
    LiveType(
        "aws_flow_log",
        listing=Call("ec2:DescribeFlowLogs", take="FlowLogs"),
        id="FlowLogId",
        arn=arn("vpc-flow-log", "FlowLogId"),
        attributes={
            **{
                attribute: f"(starts_with(ResourceId, '{prefix}') && ResourceId) || `null`"
                for attribute, prefix in (
                    ("eni_id", "eni-"),
                    ("subnet_id", "subnet-"),
                    ("transit_gateway_attachment_id", "tgw-attach-"),
                    ("vpc_id", "vpc-"),
                )
            },
            "iam_role_arn": "DeliverLogsPermissionArn",
            "transit_gateway_id": "(starts_with(ResourceId, 'tgw-')"
            " && !starts_with(ResourceId, 'tgw-attach-') && ResourceId) || `null`",
        },
        tags="Tags",
        observed={
            "created": "CreationTime",
            "delivery_status": "DeliverLogsStatus",
            "delivery_error": "DeliverLogsErrorMessage",
        },
    ),
    _peering(
        "aws_vpc_peering_connection",
        _IS_REQUESTED,
        {
            "peer_owner_id": "AccepterVpcInfo.OwnerId",
            "peer_vpc_id": "AccepterVpcInfo.VpcId",
            "vpc_id": "RequesterVpcInfo.VpcId",
        },
    ),
    _peering(
        "aws_vpc_peering_connection_accepter",
        f"!{_IS_REQUESTED}",
        {
            "peer_owner_id": "RequesterVpcInfo.OwnerId",
            "peer_vpc_id": "RequesterVpcInfo.VpcId",
            "vpc_id": "AccepterVpcInfo.VpcId",
        },
    ),
    LiveType(
        "aws_ec2_transit_gateway",
        listing=Call("ec2:DescribeTransitGateways", take="TransitGateways"),
        id="TransitGatewayId",
        arn="TransitGatewayArn",
        only=f"{OURS} && {_IS_THERE}",
        attributes={
            name: f"Options.{member}"
            for name, member in (
                ("amazon_side_asn", "AmazonSideAsn"),
                ("association_default_route_table_id", "AssociationDefaultRouteTableId"),
                ("auto_accept_shared_attachments", "AutoAcceptSharedAttachments"),
                ("default_route_table_association", "DefaultRouteTableAssociation"),
                ("default_route_table_propagation", "DefaultRouteTablePropagation"),
                ("dns_support", "DnsSupport"),
                ("multicast_support", "MulticastSupport"),
                ("propagation_default_route_table_id", "PropagationDefaultRouteTableId"),
                ("security_group_referencing_support", "SecurityGroupReferencingSupport"),
                ("transit_gateway_cidr_blocks", "TransitGatewayCidrBlocks"),
                ("vpn_ecmp_support", "VpnEcmpSupport"),
            )
        },
        tags="Tags",
        observed={"created": "CreationTime", "state": "State"},
    ),
    LiveType(
        "aws_ec2_transit_gateway_vpc_attachment",
        listing=Call(
            "ec2:DescribeTransitGatewayVpcAttachments",
            take="TransitGatewayVpcAttachments",
        ),
        id="TransitGatewayAttachmentId",
        arn=arn("transit-gateway-attachment", "TransitGatewayAttachmentId"),
        only=f"VpcOwnerId == _account && {_IS_THERE}",
        attributes={
            "appliance_mode_support": "Options.ApplianceModeSupport",
            "dns_support": "Options.DnsSupport",
            "ipv6_support": "Options.Ipv6Support",
            "security_group_referencing_support": "Options.SecurityGroupReferencingSupport",
        },
        tags="Tags",
        observed={"created": "CreationTime", "state": "State"},
        metrics={
            "bytes_in": _attachment_metric("BytesIn"),
            "bytes_out": _attachment_metric("BytesOut"),
        },
    ),
    LiveType(
        "aws_ec2_transit_gateway_route_table",
        listing=Call("ec2:DescribeTransitGatewayRouteTables", take="TransitGatewayRouteTables"),
        id="TransitGatewayRouteTableId",
        arn=arn("transit-gateway-route-table", "TransitGatewayRouteTableId"),
        only=_IS_THERE,
        tags="Tags",
        observed={"created": "CreationTime", "state": "State"},
    ),
    LiveType(
        "aws_ec2_managed_prefix_list",
        listing=Call("ec2:DescribeManagedPrefixLists", take="PrefixLists"),
        id="PrefixListId",
        arn="PrefixListArn",
        # AWS has lists of its own, whose owner is "AWS".
        only=OURS,
        completing=(
            Call(
                "ec2:GetManagedPrefixListEntries",
                {"PrefixListId": "PrefixListId"},
                take="Entries",
            ),
        ),
        attributes={"entry": "GetManagedPrefixListEntries", "name": "PrefixListName"},
        tags="Tags",
        observed={"state": "State"},
    ),
    _dhcp_options("aws_vpc_dhcp_options", f"!({_IS_DEFAULT_OPTIONS})"),
    _dhcp_options("aws_default_vpc_dhcp_options", f"({_IS_DEFAULT_OPTIONS})"),
    LiveType(
        "aws_vpn_gateway",
        listing=Call("ec2:DescribeVpnGateways", take="VpnGateways"),
        id="VpnGatewayId",
        arn=arn("vpn-gateway", "VpnGatewayId"),
        only=_IS_THERE,
        attributes={"vpc_id": "VpcAttachments[?State=='attached'].VpcId | [0]"},
        tags="Tags",
        observed={"state": "State"},
    ),
    LiveType(
        "aws_customer_gateway",
        listing=Call("ec2:DescribeCustomerGateways", take="CustomerGateways"),
        id="CustomerGatewayId",
        arn=arn("customer-gateway", "CustomerGatewayId"),
        only=_IS_THERE,
        tags="Tags",
        observed={"state": "State"},
    ),
    LiveType(
        "aws_vpn_connection",
        listing=Call("ec2:DescribeVpnConnections", take="VpnConnections"),
        id="VpnConnectionId",
        arn=arn("vpn-connection", "VpnConnectionId"),
        only=_IS_THERE,
        attributes={
            "enable_acceleration": "Options.EnableAcceleration",
            "local_ipv4_network_cidr": "Options.LocalIpv4NetworkCidr",
            "local_ipv6_network_cidr": "Options.LocalIpv6NetworkCidr",
            "outside_ip_address_type": "Options.OutsideIpAddressType",
            "remote_ipv4_network_cidr": "Options.RemoteIpv4NetworkCidr",
            "remote_ipv6_network_cidr": "Options.RemoteIpv6NetworkCidr",
            "routes": "Routes[].{destination_cidr_block: DestinationCidrBlock, source: Source,"
            " state: State}",
            "static_routes_only": "Options.StaticRoutesOnly",
            "transport_transit_gateway_attachment_id": "Options"
            ".TransportTransitGatewayAttachmentId",
            "tunnel_inside_ip_version": "Options.TunnelInsideIpVersion",
            **dict(_tunnels()),
        },
        # It holds the keys of both tunnels.
        uncollected=("customer_gateway_configuration",),
        tags="Tags",
        observed={
            "state": "State",
            "tunnels": "VgwTelemetry[].{status: Status, since: LastStatusChange}",
        },
    ),
    LiveType(
        "aws_ec2_client_vpn_endpoint",
        listing=Call("ec2:DescribeClientVpnEndpoints", take="ClientVpnEndpoints"),
        id="ClientVpnEndpointId",
        arn=arn("client-vpn-endpoint", "ClientVpnEndpointId"),
        only="Status.Code != 'deleted' && Status.Code != 'deleting'",
        attributes={
            "authentication_options.active_directory_id": "ActiveDirectory.DirectoryId",
            "authentication_options.root_certificate_chain_arn": "MutualAuthentication"
            ".ClientRootCertificateChain",
            "authentication_options.saml_provider_arn": "FederatedAuthentication.SamlProviderArn",
            "authentication_options.self_service_saml_provider_arn": "FederatedAuthentication"
            ".SelfServiceSamlProviderArn",
            "self_service_portal": "(SelfServicePortalUrl && 'enabled') || 'disabled'",
        },
        tags="Tags",
        observed={"created": "CreationTime", "state": "Status.Code"},
    ),
)
