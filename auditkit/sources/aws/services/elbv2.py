"""Load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, inside, tagged


def _told(**keys: str) -> Mapping[str, str]:
    """Attributes that AWS tells in a list of keys and values, by its keys."""
    return {name: f'Attributes."{key}"' for name, key in keys.items()}


def _attributes(operation: str, arn: str) -> Call:
    return Call(
        f"elbv2:{operation}",
        {arn: arn},
        take="pairs(Attributes, 'Key', 'Value')",
        into="Attributes",
    )


def _block(**keys: str) -> str:
    """A block of such attributes."""
    members = ", ".join(f"{name}: {text}" for name, text in _told(**keys).items())
    return f"[{{{members}}}]"


def _logs(kind: str) -> str:
    """The block for a kind of log, which every balancer that can write it has."""
    keys = {name: f"{kind}.s3.{name}" for name in ("enabled", "bucket", "prefix")}
    return f'Attributes."{kind}.s3.enabled" && {_block(**keys)} || `[]`'


def _minimum(kind: str) -> str:
    """The block for how many targets must be healthy before something happens."""
    key = f"target_group_health.{kind}.minimum_healthy_targets"
    return _block(
        minimum_healthy_targets_count=f"{key}.count",
        minimum_healthy_targets_percentage=f"{key}.percentage",
    )


# One target group may be said in two ways, and AWS answers with both.
_IS_WEIGHTED = "length(TargetGroups || `[]`) > `1` || TargetGroupStickinessConfig.Enabled == `true`"


def _actions(block: str, member: str) -> Mapping[str, str]:
    """How actions map, of listeners and of rules."""
    return {
        block: member,
        **{
            f"{block}.{name}": text
            for name, text in {
                "authenticate_cognito": "AuthenticateCognitoConfig",
                "authenticate_oidc": "AuthenticateOidcConfig",
                "fixed_response": "FixedResponseConfig",
                "forward": f"block(ForwardConfig)[?{_IS_WEIGHTED}].{{"
                "target_group: TargetGroups[].{arn: TargetGroupArn, weight: Weight},"
                " stickiness: block(TargetGroupStickinessConfig)"
                "[].{enabled: Enabled, duration: DurationSeconds}}",
                "redirect": "RedirectConfig",
                "target_group_arn": f"!(block(ForwardConfig)[?{_IS_WEIGHTED}])"
                " && TargetGroupArn || null",
            }.items()
        },
    }


def _of(kind: str) -> Mapping[str, str]:
    """The dimension of a balancer of this kind; others have no such metric."""
    name = "after(LoadBalancerArn, ':loadbalancer/')"
    return {"LoadBalancer": f"Type == '{kind}' && {name} || null"}


def _behind(kind: str) -> Mapping[str, str]:
    """The dimensions of a target group behind a balancer of this kind."""
    balancer = "after(LoadBalancerArns[0], ':loadbalancer/')"
    return {
        "LoadBalancer": f"starts_with({balancer} || '', '{kind}/') && {balancer} || null",
        "TargetGroup": "text('targetgroup/{}', after(TargetGroupArn, ':targetgroup/'))",
    }


_TARGETS = "(DescribeTargetHealth || `[]`)"

TYPES = (
    LiveType(
        "aws_lb",
        listing=Call("elbv2:DescribeLoadBalancers", take="LoadBalancers"),
        id="LoadBalancerArn",
        arn="LoadBalancerArn",
        completing=(_attributes("DescribeLoadBalancerAttributes", "LoadBalancerArn"), tagged()),
        attributes={
            "access_logs": _logs("access_logs"),
            "arn_suffix": "after(LoadBalancerArn, 'loadbalancer/')",
            "connection_logs": _logs("connection_logs"),
            # An Application Load Balancer can't do without; the provider keeps silent there.
            "enable_cross_zone_load_balancing": "Type != 'application'"
            ' && Attributes."load_balancing.cross_zone.enabled" || null',
            "internal": "Scheme == 'internal'",
            "load_balancer_type": "Type",
            "name": "LoadBalancerName",
            "subnet_mapping": "AvailabilityZones[].{subnet_id: SubnetId, outpost_id: OutpostId,"
            " allocation_id: LoadBalancerAddresses[0].AllocationId,"
            " private_ipv4_address: LoadBalancerAddresses[0].PrivateIPv4Address,"
            " ipv6_address: LoadBalancerAddresses[0].IPv6Address}",
            "subnets": "AvailabilityZones[].SubnetId",
            "zone_id": "CanonicalHostedZoneId",
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
            **_told(
                client_keep_alive="client_keep_alive.seconds",
                desync_mitigation_mode="routing.http.desync_mitigation_mode",
                dns_record_client_routing_policy="dns_record.client_routing_policy",
                drop_invalid_header_fields="routing.http.drop_invalid_header_fields.enabled",
                enable_deletion_protection="deletion_protection.enabled",
                enable_http2="routing.http2.enabled",
                enable_tls_version_and_cipher_suite_headers=(
                    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled"
                ),
                enable_waf_fail_open="waf.fail_open.enabled",
                enable_xff_client_port="routing.http.xff_client_port.enabled",
                enable_zonal_shift="zonal_shift.config.enabled",
                idle_timeout="idle_timeout.timeout_seconds",
                preserve_host_header="routing.http.preserve_host_header.enabled",
                xff_header_processing_mode="routing.http.xff_header_processing.mode",
            ),
        },
        tags=TAGS,
        observed={"created": "CreatedTime", "state": "State.Code"},
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
        metrics={
            "flows": Metric("AWS/NetworkELB", "ActiveFlowCount", _of("network"), "Maximum"),
            "processed_bytes": Metric("AWS/NetworkELB", "ProcessedBytes", _of("network"), "Sum"),
            "requests": Metric("AWS/ApplicationELB", "RequestCount", _of("application"), "Sum"),
            # Requests that are answered without a target count only here.
            "redirects": Metric(
                "AWS/ApplicationELB", "HTTP_Redirect_Count", _of("application"), "Sum"
            ),
            "fixed_responses": Metric(
                "AWS/ApplicationELB", "HTTP_Fixed_Response_Count", _of("application"), "Sum"
            ),
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/cloudwatch-metrics.html
            "gateway_bytes": Metric("AWS/GatewayELB", "ProcessedBytes", _of("gateway"), "Sum"),
        },
    ),
    LiveType(
        "aws_lb_listener",
        each="aws_lb",
        listing=Call(
            "elbv2:DescribeListeners", {"LoadBalancerArn": "LoadBalancerArn"}, take="Listeners"
        ),
        id="ListenerArn",
        arn="ListenerArn",
        completing=(_attributes("DescribeListenerAttributes", "ListenerArn"), tagged()),
        attributes={
            "alpn_policy": "AlpnPolicy[0]",
            "certificate_arn": "Certificates[0].CertificateArn",
            **_actions("default_action", "DefaultActions"),
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
            **{
                f"routing_http_request_x_amzn_{name}_header_name": (
                    f'Attributes."routing.http.request.x_amzn_{name}.header_name"'
                )
                for name in (
                    "mtls_clientcert",
                    "mtls_clientcert_issuer",
                    "mtls_clientcert_leaf",
                    "mtls_clientcert_serial_number",
                    "mtls_clientcert_subject",
                    "mtls_clientcert_validity",
                    "tls_cipher_suite",
                    "tls_version",
                )
            },
            **{
                f"routing_http_response_{name}_header_value": (
                    f'Attributes."routing.http.response.{name}.header_value"'
                )
                for name in (
                    "access_control_allow_credentials",
                    "access_control_allow_headers",
                    "access_control_allow_methods",
                    "access_control_allow_origin",
                    "access_control_expose_headers",
                    "access_control_max_age",
                    "content_security_policy",
                    "strict_transport_security",
                    "x_content_type_options",
                    "x_frame_options",
                )
            },
            **_told(
                routing_http_response_server_enabled="routing.http.response.server.enabled",
                tcp_idle_timeout_seconds="tcp.idle_timeout.seconds",
            ),
        },
        uncollected=("default_action.authenticate_oidc.client_secret",),
        tags=TAGS,
    ),
    LiveType(
        "aws_lb_listener_rule",
        each="aws_lb_listener",
        listing=Call("elbv2:DescribeRules", {"ListenerArn": "ListenerArn"}, take="Rules"),
        id="RuleArn",
        arn="RuleArn",
        # A listener's default rule is its default action.
        only="!IsDefault",
        completing=(tagged(),),
        attributes={
            **_actions("action", "Actions"),
            "condition": "Conditions",
            "condition.host_header": "HostHeaderConfig",
            "condition.http_header": "HttpHeaderConfig",
            "condition.http_request_method": "HttpRequestMethodConfig",
            "condition.path_pattern": "PathPatternConfig",
            "condition.query_string": "QueryStringConfig.Values",
            "condition.source_ip": "SourceIpConfig",
            "listener_arn": "_parent.ListenerArn",
        },
        uncollected=("action.authenticate_oidc.client_secret",),
        tags=TAGS,
    ),
    LiveType(
        "aws_lb_target_group",
        listing=Call("elbv2:DescribeTargetGroups", take="TargetGroups"),
        id="TargetGroupArn",
        arn="TargetGroupArn",
        completing=(
            _attributes("DescribeTargetGroupAttributes", "TargetGroupArn"),
            Call(
                "elbv2:DescribeTargetHealth",
                {"TargetGroupArn": "TargetGroupArn"},
                take="TargetHealthDescriptions",
            ),
            tagged(),
        ),
        attributes={
            "arn_suffix": "TargetGroupArn && text('targetgroup/{}',"
            " after(TargetGroupArn, ':targetgroup/'))",
            "health_check": "[{enabled: HealthCheckEnabled, protocol: HealthCheckProtocol,"
            " port: HealthCheckPort, path: HealthCheckPath,"
            " interval: HealthCheckIntervalSeconds, timeout: HealthCheckTimeoutSeconds,"
            " healthy_threshold: HealthyThresholdCount,"
            " unhealthy_threshold: UnhealthyThresholdCount,"
            " matcher: Matcher.HttpCode || Matcher.GrpcCode}]",
            "name": "TargetGroupName",
            "stickiness": 'Attributes."stickiness.type" && [{type: Attributes."stickiness.type",'
            ' enabled: Attributes."stickiness.enabled",'
            ' cookie_name: Attributes."stickiness.app_cookie.cookie_name",'
            " cookie_duration: (Attributes.\"stickiness.type\" == 'app_cookie'"
            ' && Attributes."stickiness.app_cookie.duration_seconds")'
            ' || Attributes."stickiness.lb_cookie.duration_seconds"}] || `[]`',
            # The provider has these blocks for every target group, be they empty.
            "target_failover": _block(
                on_deregistration="target_failover.on_deregistration",
                on_unhealthy="target_failover.on_unhealthy",
            ),
            "target_group_health": "[{dns_failover: "
            + _minimum("dns_failover")
            + ", unhealthy_state_routing: "
            + _minimum("unhealthy_state_routing")
            + "}]",
            "target_health_state": _block(
                enable_unhealthy_connection_termination=(
                    "target_health_state.unhealthy.connection_termination.enabled"
                ),
                unhealthy_draining_interval=(
                    "target_health_state.unhealthy.draining_interval_seconds"
                ),
            ),
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
            **_told(
                connection_termination="deregistration_delay.connection_termination.enabled",
                deregistration_delay="deregistration_delay.timeout_seconds",
                lambda_multi_value_headers_enabled="lambda.multi_value_headers.enabled",
                load_balancing_algorithm_type="load_balancing.algorithm.type",
                load_balancing_anomaly_mitigation="load_balancing.algorithm.anomaly_mitigation",
                load_balancing_cross_zone_enabled="load_balancing.cross_zone.enabled",
                preserve_client_ip="preserve_client_ip.enabled",
                proxy_protocol_v2="proxy_protocol_v2.enabled",
                slow_start="slow_start.duration_seconds",
            ),
        },
        tags=TAGS,
        observed={
            "healthy_targets": f"length({_TARGETS}[?TargetHealth.State == 'healthy'])",
            "targets": f"length({_TARGETS})",
            "unhealthy_targets": f"length({_TARGETS}[?TargetHealth.State == 'unhealthy'"
            " || TargetHealth.State == 'unhealthy.draining'])",
        },
        metrics={
            f"{name}_healthy_hosts": Metric(
                namespace, "HealthyHostCount", _behind(short), "Maximum", days=7
            )
            for name, namespace, short in (
                ("application", "AWS/ApplicationELB", "app"),
                ("gateway", "AWS/GatewayELB", "gwy"),
                ("network", "AWS/NetworkELB", "net"),
            )
        },
    ),
    LiveType(
        "aws_lb_target_group_attachment",
        each="aws_lb_target_group",
        listing=inside("DescribeTargetHealth"),
        identity=("target_group_arn", "target_id", "port"),
        # The provider makes up an id when it attaches, which nobody can tell later.
        id="text('{}/{}/{}', _parent.TargetGroupArn, Target.Id, Target.Port || '')",
        attributes={
            "availability_zone": "Target.AvailabilityZone",
            "port": "Target.Port",
            "target_group_arn": "_parent.TargetGroupArn",
            "target_id": "Target.Id",
        },
        observed={"state": "TargetHealth.State", "reason": "TargetHealth.Reason"},
    ),
)
