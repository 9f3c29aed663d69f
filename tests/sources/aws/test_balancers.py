"""What live load balancers become where moto falls short of AWS."""

from __future__ import annotations

from answering import read

REGION = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
WEB = f"{REGION}:loadbalancer/app/web/50dc6c495c0c9188"
LISTENER = f"{REGION}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
GROUP = f"{REGION}:targetgroup/web/73e2d6bc24d8a067"
CANARY = f"{REGION}:targetgroup/canary/73e2d6bc24d8a068"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"


def _forward(*weights: tuple[str, int]) -> dict[str, object]:
    return {
        "Type": "forward",
        "Order": 1,
        **({"TargetGroupArn": weights[0][0]} if len(weights) == 1 else {}),
        "ForwardConfig": {
            "TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights],
            "TargetGroupStickinessConfig": {"Enabled": False},
        },
    }


def test_listener() -> None:
    answers = {
        "elbv2:DescribeLoadBalancers": {
            "LoadBalancers": [{"LoadBalancerArn": WEB, "Type": "application"}]
        },
        "elbv2:DescribeListeners": {
            "Listeners": [
                {
                    "ListenerArn": LISTENER,
                    "LoadBalancerArn": WEB,
                    "Port": 443,
                    "Protocol": "HTTPS",
                    "Certificates": [{"CertificateArn": CERTIFICATE}],
                    "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                    "DefaultActions": [_forward((GROUP, 9), (CANARY, 1))],
                    "MutualAuthentication": {"Mode": "off"},
                }
            ]
        },
        "elbv2:DescribeListenerAttributes": {
            "Attributes": [
                {"Key": "routing.http.response.server.enabled", "Value": "false"},
                {
                    "Key": "routing.http.response.strict_transport_security.header_value",
                    "Value": "max-age=31536000",
                },
            ]
        },
        "elbv2:DescribeRules": {
            "Rules": [
                {
                    "RuleArn": f"{LISTENER.replace(':listener/', ':listener-rule/')}/9683b2d0",
                    "Priority": "10",
                    "IsDefault": False,
                    "Conditions": [
                        {
                            "Field": "path-pattern",
                            "Values": ["/api/*"],
                            "PathPatternConfig": {"Values": ["/api/*"]},
                        }
                    ],
                    "Actions": [
                        {
                            "Type": "authenticate-oidc",
                            "Order": 1,
                            "AuthenticateOidcConfig": {
                                "Issuer": "https://login.example.com",
                                "AuthorizationEndpoint": "https://login.example.com/login",
                                "TokenEndpoint": "https://login.example.com/token",
                                "UserInfoEndpoint": "https://login.example.com/user",
                                "ClientId": "web",
                            },
                        },
                        {**_forward((GROUP, 1)), "Order": 2},
                    ],
                },
                {
                    "RuleArn": f"{LISTENER.replace(':listener/', ':listener-rule/')}/9683b2d1",
                    "Priority": "default",
                    "IsDefault": True,
                    "Conditions": [],
                    "Actions": [_forward((GROUP, 9), (CANARY, 1))],
                },
            ]
        },
        "resourcegroupstaggingapi:GetResources": {
            "ResourceTagMappingList": [
                {"ResourceARN": LISTENER, "Tags": [{"Key": "Owner", "Value": "web"}]}
            ]
        },
    }
    listener, rule = read(answers, "aws_lb_listener", "aws_lb_listener_rule")
    assert listener.attributes["certificate_arn"] == CERTIFICATE
    assert listener.attributes["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert listener.attributes["routing_http_response_server_enabled"] is False
    assert (
        listener.attributes["routing_http_response_strict_transport_security_header_value"]
        == "max-age=31536000"
    )
    assert listener.attributes["tags"] == {"Owner": "web"}
    (action,) = listener.attributes["default_action"]  # type: ignore[misc, union-attr]
    assert action["target_group_arn"] is None
    assert action["forward"] == [
        {
            "target_group": [{"arn": GROUP, "weight": 9}, {"arn": CANARY, "weight": 1}],
            "stickiness": [{"enabled": False, "duration": None}],
        }
    ]
    assert rule.attributes["priority"] == 10
    login, forward = rule.attributes["action"]  # type: ignore[misc]
    assert login["authenticate_oidc"][0]["client_id"] == "web"
    assert "does not tell" in login["authenticate_oidc"][0]["client_secret"].cause
    assert (forward["target_group_arn"], forward["forward"]) == (GROUP, [])
    (condition,) = rule.attributes["condition"]  # type: ignore[misc, union-attr]
    assert condition["path_pattern"] == [{"values": ["/api/*"]}]
    assert condition["host_header"] == []


def test_classic_balancer() -> None:
    answers = {
        "elb:DescribeLoadBalancers": {
            "LoadBalancerDescriptions": [
                {
                    "LoadBalancerName": "old",
                    "DNSName": "old-1.us-east-1.elb.amazonaws.com",
                    "CanonicalHostedZoneNameID": "Z32O12XQLNTSW2",
                    "ListenerDescriptions": [
                        {
                            "Listener": {
                                "Protocol": "HTTPS",
                                "LoadBalancerPort": 443,
                                "InstanceProtocol": "HTTP",
                                "InstancePort": 80,
                                "SSLCertificateId": CERTIFICATE,
                            },
                            "PolicyNames": ["ELBSecurityPolicy-2016-08"],
                        }
                    ],
                    "Instances": [{"InstanceId": "i-0123456789abcdef0"}],
                    "HealthCheck": {
                        "Target": "HTTP:80/",
                        "Interval": 30,
                        "Timeout": 5,
                        "UnhealthyThreshold": 2,
                        "HealthyThreshold": 10,
                    },
                    "SourceSecurityGroup": {"OwnerAlias": "123456789012", "GroupName": "lb"},
                    "SecurityGroups": ["sg-1"],
                    "Subnets": ["subnet-1"],
                    "Scheme": "internet-facing",
                }
            ]
        },
        "elb:DescribeLoadBalancerAttributes": {
            "LoadBalancerAttributes": {
                "CrossZoneLoadBalancing": {"Enabled": True},
                "AccessLog": {
                    "Enabled": True,
                    "S3BucketName": "logs",
                    "EmitInterval": 60,
                    "S3BucketPrefix": "old",
                },
                "ConnectionDraining": {"Enabled": True, "Timeout": 300},
                "ConnectionSettings": {"IdleTimeout": 60},
                "AdditionalAttributes": [
                    {"Key": "elb.http.desyncmitigationmode", "Value": "monitor"}
                ],
            }
        },
        "elb:DescribeTags": {
            "TagDescriptions": [
                {"LoadBalancerName": "old", "Tags": [{"Key": "Owner", "Value": "web"}]}
            ]
        },
    }
    (balancer,) = read(answers, "aws_elb")
    assert balancer.id == "old"
    assert balancer.address == f"{REGION}:loadbalancer/old"
    expected = {
        "access_logs": [
            {"enabled": True, "bucket": "logs", "bucket_prefix": "old", "interval": 60}
        ],
        "connection_draining_timeout": 300,
        "cross_zone_load_balancing": True,
        "desync_mitigation_mode": "monitor",
        "idle_timeout": 60,
        "instances": ["i-0123456789abcdef0"],
        "internal": False,
        "listener": [
            {
                "instance_port": 80,
                "instance_protocol": "http",
                "lb_port": 443,
                "lb_protocol": "https",
                "ssl_certificate_id": CERTIFICATE,
            }
        ],
        "source_security_group": "123456789012/lb",
        "tags": {"Owner": "web"},
    }
    assert {name: balancer.attributes[name] for name in expected} == expected
