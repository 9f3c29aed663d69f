"""Classic load balancers.

https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric

_DIMENSIONS = {"LoadBalancerName": "LoadBalancerName"}

TYPES = (
    LiveType(
        "aws_elb",
        listing=Call("elb:DescribeLoadBalancers", take="LoadBalancerDescriptions"),
        id="LoadBalancerName",
        arn="text('arn:{}:elasticloadbalancing:{}:{}:loadbalancer/{}', _partition, _region,"
        " _account, LoadBalancerName)",
        completing=(
            Call(
                "elb:DescribeTags",
                {"LoadBalancerNames": "_batch"},
                take="TagDescriptions",
                key="LoadBalancerName",
                by="LoadBalancerName",
                # https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeTags.html
                size=20,
            ),
            Call(
                "elb:DescribeLoadBalancerAttributes",
                {"LoadBalancerName": "LoadBalancerName"},
                take="LoadBalancerAttributes",
                into="Attributes",
            ),
        ),
        attributes={
            "access_logs": "block(Attributes.AccessLog)[?Enabled || S3BucketName]"
            ".{enabled: Enabled, bucket: S3BucketName, bucket_prefix: S3BucketPrefix,"
            " interval: EmitInterval}",
            "connection_draining": "Attributes.ConnectionDraining.Enabled",
            "connection_draining_timeout": "Attributes.ConnectionDraining.Timeout",
            "cross_zone_load_balancing": "Attributes.CrossZoneLoadBalancing.Enabled",
            "desync_mitigation_mode": "Attributes.AdditionalAttributes"
            "[?Key == 'elb.http.desyncmitigationmode'].Value | [0]",
            "idle_timeout": "Attributes.ConnectionSettings.IdleTimeout",
            "instances": "Instances[].InstanceId",
            "internal": "Scheme == 'internal'",
            "listener": "ListenerDescriptions[].Listener",
            "listener.lb_port": "LoadBalancerPort",
            # The provider has protocols in small letters.
            "listener.instance_protocol": "lower(InstanceProtocol)",
            "listener.lb_protocol": "lower(Protocol)",
            "name": "LoadBalancerName",
            "source_security_group": "SourceSecurityGroup"
            " && text('{}/{}', SourceSecurityGroup.OwnerAlias, SourceSecurityGroup.GroupName)",
            "zone_id": "CanonicalHostedZoneNameID",
        },
        tags="DescribeTags[0].Tags",
        observed={"created": "CreatedTime"},
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-cloudwatch-metrics.html
        metrics={
            "processed_bytes": Metric("AWS/ELB", "EstimatedProcessedBytes", _DIMENSIONS, "Sum"),
            "requests": Metric("AWS/ELB", "RequestCount", _DIMENSIONS, "Sum"),
        },
    ),
)
