"""Route 53: https://docs.aws.amazon.com/Route53/latest/APIReference/Welcome.html.

Hosted zones, their records and health checks are global; resolvers live in regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditkit.sources.aws.declarations import Call, LiveType

_RESOLVER_TAGS = Call("route53resolver:ListTagsForResource", {"ResourceArn": "Arn"}, take="Tags")


def _resolver(
    name: str,
    listing: Call,
    *,
    arn: str = "Arn",
    completing: tuple[Call, ...] = (),
    is_tagged: bool = False,
    attributes: Mapping[str, str] | None = None,
    observed: Mapping[str, str] | None = None,
    only: str = "",
) -> LiveType:
    return LiveType(
        f"aws_route53_resolver_{name}",
        listing=listing,
        id="Id",
        arn=arn,
        only=only,
        completing=(*completing, _RESOLVER_TAGS) if is_tagged else completing,
        attributes=attributes or {},
        tags="ListTagsForResource" if is_tagged else "",
        observed=observed or {},
    )


def _tags(kind: str) -> Call:
    """The tags of ten at once; `_TAGS` is the expression for them."""
    return Call(
        "route53:ListTagsForResources",
        {"ResourceType": f"'{kind}'", "ResourceIds": "_batch"},
        take="ResourceTagSets",
        key="ResourceId",
        by="_id",
        size=10,
    )


_TAGS = "ListTagsForResources[0].Tags"
# Where a name leads to, as the services themselves tell their names.
_TARGET = "replace(lower(trimmed({}, '.')), 'dualstack.', '')"
# Most names end with a full stop, which the provider leaves out.
_FQDN = "trimmed(lower(unescaped(Name)), '.')"
_DNSSEC = Call(
    "route53:GetDNSSEC",
    {"HostedZoneId": "_id"},
    # Nobody signs a private zone, and to ask is an error.
    when="!(Config.PrivateZone)",
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_route53_zone",
        listing=Call("route53:ListHostedZones", take="HostedZones"),
        id="part(Id, '/', `-1`)",
        arn="text('arn:{}:route53:::hostedzone/{}', _partition, part(Id, '/', `-1`))",
        is_global=True,
        completing=(Call("route53:GetHostedZone", {"Id": "_id"}), _tags("hostedzone")),
        attributes={
            "comment": "Config.Comment",
            "delegation_set_id": "part(GetHostedZone.DelegationSet.Id, '/', `-1`)",
            "name": "trimmed(Name, '.')",
            "name_servers": "Config.PrivateZone"
            " && untold('the name servers of a private zone are not asked for')"
            " || sort(GetHostedZone.DelegationSet.NameServers)",
            "primary_name_server": "Config.PrivateZone"
            " && untold('the name servers of a private zone are not asked for')"
            " || GetHostedZone.DelegationSet.NameServers[0]",
            # Only private zones are tied to networks.
            "vpc": "Config.PrivateZone && GetHostedZone.VPCs[].{vpc_id: VPCId,"
            " vpc_region: VPCRegion} || `[]`",
            "zone_id": "_id",
        },
        tags=_TAGS,
        observed={
            "is_private": "Config.PrivateZone",
            "managed_by": "LinkedService.ServicePrincipal",
            "records": "ResourceRecordSetCount",
        },
    ),
    LiveType(
        "aws_route53_record",
        each="aws_route53_zone",
        listing=Call(
            "route53:ListResourceRecordSets", {"HostedZoneId": "_id"}, take="ResourceRecordSets"
        ),
        id="SetIdentifier"
        f" && text('{{}}_{{}}_{{}}_{{}}', _parent._id, {_FQDN}, Type, SetIdentifier)"
        f" || text('{{}}_{{}}_{{}}', _parent._id, {_FQDN}, Type)",
        attributes={
            # The provider leaves out how both versions of IP are asked for.
            "alias": "AliasTarget && [{name: replace(lower(trimmed(AliasTarget.DNSName, '.')),"
            " 'dualstack.', ''),"
            " zone_id: AliasTarget.HostedZoneId,"
            " evaluate_target_health: AliasTarget.EvaluateTargetHealth}] || `[]`",
            "cidr_routing_policy": "CidrRoutingConfig && [{collection_id:"
            " CidrRoutingConfig.CollectionId, location_name: CidrRoutingConfig.LocationName}]"
            " || `[]`",
            "failover_routing_policy": "Failover && [{type: Failover}] || `[]`",
            "fqdn": _FQDN,
            "geolocation_routing_policy": "GeoLocation && [{continent: GeoLocation.ContinentCode,"
            " country: GeoLocation.CountryCode, subdivision: GeoLocation.SubdivisionCode}]"
            " || `[]`",
            "geoproximity_routing_policy": "GeoProximityLocation && [{"
            "aws_region: GeoProximityLocation.AWSRegion, bias: GeoProximityLocation.Bias,"
            " local_zone_group: GeoProximityLocation.LocalZoneGroup,"
            " coordinates: block(GeoProximityLocation.Coordinates)[].{latitude: Latitude,"
            " longitude: Longitude}}] || `[]`",
            "latency_routing_policy": "Region && [{region: Region}] || `[]`",
            "multivalue_answer_routing_policy": "MultiValueAnswer || `false`",
            "name": _FQDN,
            # Texts have quotation marks around them in the API.
            "records": "(Type == 'TXT' || Type == 'SPF')"
            " && ResourceRecords[].unquoted(Value) || ResourceRecords[].Value",
            "ttl": "TTL",
            "weighted_routing_policy": "Weight != null && [{weight: Weight}] || `[]`",
            "zone_id": "_parent._id",
        },
        observed={
            # Route 53 makes these two with the zone, and they go with it.
            "comes_with_zone": "(Type == 'NS' || Type == 'SOA') && Name == _parent.Name",
            "managed_by": "_parent.LinkedService.ServicePrincipal",
            "in_private_zone": "_parent.Config.PrivateZone",
            "targets": f"AliasTarget && [{_TARGET.format('AliasTarget.DNSName')}]"
            f" || Type == 'CNAME' && ResourceRecords[].{_TARGET.format('Value')} || `[]`",
            "traffic_policy_instance": "TrafficPolicyInstanceId",
        },
    ),
    LiveType(
        "aws_route53_hosted_zone_dnssec",
        each="aws_route53_zone",
        listing=_DNSSEC,
        id="_parent._id",
        # A zone that was never signed answers, too.
        only="Status.ServeSignature != 'NOT_SIGNING' || KeySigningKeys",
        attributes={
            "hosted_zone_id": "_parent._id",
            "signing_status": "Status.ServeSignature",
        },
        observed={"status_message": "Status.StatusMessage"},
    ),
    LiveType(
        "aws_route53_key_signing_key",
        each="aws_route53_zone",
        listing=replace(_DNSSEC, take="KeySigningKeys"),
        id="text('{},{}', _parent._id, Name)",
        attributes={
            "dnskey_record": "DNSKEYRecord",
            "ds_record": "DSRecord",
            "hosted_zone_id": "_parent._id",
            "key_management_service_arn": "KmsArn",
        },
        observed={"created": "CreatedDate", "status_message": "StatusMessage"},
    ),
    LiveType(
        "aws_route53_query_log",
        listing=Call("route53:ListQueryLoggingConfigs", take="QueryLoggingConfigs"),
        id="Id",
        arn="text('arn:{}:route53:::queryloggingconfig/{}', _partition, Id)",
        is_global=True,
        attributes={
            "cloudwatch_log_group_arn": "CloudWatchLogsLogGroupArn",
            "zone_id": "HostedZoneId",
        },
    ),
    LiveType(
        "aws_route53_health_check",
        listing=Call("route53:ListHealthChecks", take="HealthChecks"),
        id="Id",
        arn="text('arn:{}:route53:::healthcheck/{}', _partition, Id)",
        is_global=True,
        completing=(_tags("healthcheck"),),
        attributes={
            "child_health_threshold": "HealthCheckConfig.HealthThreshold",
            "child_healthchecks": "HealthCheckConfig.ChildHealthChecks",
            "cloudwatch_alarm_name": "HealthCheckConfig.AlarmIdentifier.Name",
            "cloudwatch_alarm_region": "HealthCheckConfig.AlarmIdentifier.Region",
            "disabled": "HealthCheckConfig.Disabled",
            "enable_sni": "HealthCheckConfig.EnableSNI",
            "failure_threshold": "HealthCheckConfig.FailureThreshold",
            "fqdn": "HealthCheckConfig.FullyQualifiedDomainName",
            "insufficient_data_health_status": "HealthCheckConfig.InsufficientDataHealthStatus",
            "invert_healthcheck": "HealthCheckConfig.Inverted",
            "ip_address": "HealthCheckConfig.IPAddress",
            "measure_latency": "HealthCheckConfig.MeasureLatency",
            "port": "HealthCheckConfig.Port",
            "regions": "HealthCheckConfig.Regions",
            "request_interval": "HealthCheckConfig.RequestInterval",
            "resource_path": "HealthCheckConfig.ResourcePath",
            "routing_control_arn": "HealthCheckConfig.RoutingControlArn",
            "search_string": "HealthCheckConfig.SearchString",
            "type": "HealthCheckConfig.Type",
        },
        tags=_TAGS,
        observed={"managed_by": "LinkedService.ServicePrincipal"},
    ),
    _resolver(
        "endpoint",
        Call("route53resolver:ListResolverEndpoints", take="ResolverEndpoints"),
        completing=(
            Call(
                "route53resolver:ListResolverEndpointIpAddresses",
                {"ResolverEndpointId": "Id"},
                take="IpAddresses",
            ),
        ),
        is_tagged=True,
        attributes={"ip_address": "ListResolverEndpointIpAddresses"},
        observed={"created": "CreationTime", "state": "Status"},
    ),
    _resolver(
        "rule",
        Call("route53resolver:ListResolverRules", take="ResolverRules"),
        is_tagged=True,
        # AWS makes the rule for the internet in each account.
        only="OwnerId != 'Route 53 Resolver'",
        attributes={
            "domain_name": "DomainName == '.' && '.' || trimmed(DomainName, '.')",
            "target_ip": "TargetIps",
        },
        observed={"created": "CreationTime", "state": "Status"},
    ),
    _resolver(
        "rule_association",
        Call("route53resolver:ListResolverRuleAssociations", take="ResolverRuleAssociations"),
        arn="",
        only="ResolverRuleId != 'rslvr-autodefined-rr-internet-resolver'",
        attributes={"vpc_id": "VPCId"},
        observed={"state": "Status"},
    ),
    _resolver(
        "query_log_config",
        Call("route53resolver:ListResolverQueryLogConfigs", take="ResolverQueryLogConfigs"),
        is_tagged=True,
        observed={
            "associations": "AssociationCount",
            "created": "CreationTime",
            "state": "Status",
        },
    ),
    _resolver(
        "query_log_config_association",
        Call(
            "route53resolver:ListResolverQueryLogConfigAssociations",
            take="ResolverQueryLogConfigAssociations",
        ),
        arn="",
        observed={"created": "CreationTime", "error": "Error", "state": "Status"},
    ),
    _resolver(
        "dnssec_config",
        Call("route53resolver:ListResolverDnssecConfigs", take="ResolverDnssecConfigs"),
        arn="text('arn:{}:route53resolver:{}:{}:resolver-dnssec-config/{}', _partition, _region,"
        " _account, Id)",
    ),
    _resolver(
        "firewall_rule_group",
        Call("route53resolver:ListFirewallRuleGroups", take="FirewallRuleGroups"),
        is_tagged=True,
    ),
    _resolver(
        "firewall_rule_group_association",
        Call(
            "route53resolver:ListFirewallRuleGroupAssociations",
            take="FirewallRuleGroupAssociations",
        ),
        is_tagged=True,
        observed={"created": "CreationTime", "managed_by": "ManagedOwnerName", "state": "Status"},
    ),
    _resolver(
        "firewall_config",
        Call("route53resolver:ListFirewallConfigs", take="FirewallConfigs"),
        arn="",
    ),
)
