"""Direct Connect: https://docs.aws.amazon.com/directconnect/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType


def _interface(type: str, kind: str) -> LiveType:
    # https://docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html
    return LiveType(
        type,
        listing=Call("directconnect:DescribeVirtualInterfaces", take="virtualInterfaces"),
        id="virtualInterfaceId",
        arn="text('arn:{}:directconnect:{}:{}:dxvif/{}', _partition, _region, _account,"
        " virtualInterfaceId)",
        # Whose port it runs on may list it, too, and one that was deleted is told for a while.
        only=f"virtualInterfaceType == '{kind}' && ownerAccount == _account"
        " && virtualInterfaceState != 'deleted' && virtualInterfaceState != 'deleting'",
        attributes={
            "amazon_side_asn": "amazonSideAsn && text('{}', amazonSideAsn) || null",
            "aws_device": "awsDeviceV2",
            "bgp_asn": "asn",
            "dx_gateway_id": "directConnectGatewayId",
            "name": "virtualInterfaceName",
            "route_filter_prefixes": "routeFilterPrefixes[].cidr",
            "sitelink_enabled": "siteLinkEnabled",
            "vpn_gateway_id": "virtualGatewayId",
        },
        # The secret of the BGP session, which the router's configuration repeats.
        uncollected=("bgp_auth_key",),
        tags="tags",
        observed={
            "peers": "bgpPeers[].{state: bgpPeerState, status: bgpStatus}",
            "state": "virtualInterfaceState",
        },
    )


TYPES: tuple[LiveType, ...] = tuple(
    _interface(f"aws_dx_{kind}_virtual_interface", kind)
    for kind in ("private", "public", "transit")
)
