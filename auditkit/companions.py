"""Resources that configure another one, and the attribute of the other that they fill.

The provider has split many resources: a bucket's versioning is an `aws_s3_bucket_versioning`.
`COMPANIONS` says how each lands in the resource that it belongs to, so that rules see one
object.  To add one is to add a row.  Nothing here reads resources: `auditkit.linking` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from auditkit.model import Unknown, Value


@dataclass(frozen=True, slots=True)
class Companion:
    """How one resource type fills an attribute of another."""

    type: str
    join: str
    """Its attribute that names the resource it configures; a list may name several."""
    targets: tuple[str, ...]
    """The types that it configures."""
    attribute: str
    """The attribute that it fills there."""
    take: str = ""
    """Its attribute that becomes the value; without one its attributes become a block."""
    gather: bool = False
    """Whether several of them, and the target's own value, together make one list."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of the block, if names differ: name there to name here; ``x[]`` is a list of one."""
    constants: Mapping[str, Value] = field(default_factory=dict)
    """What the block says besides."""
    only: tuple[str, Value, Value] | None = None
    """Its attribute, the value that it must have, and the value assumed if it is absent."""
    scope: str = ""
    """An attribute of both that must not differ: a stage name is unique within its API only."""

    def applies(self, attributes: Mapping[str, Value]) -> bool | Unknown:
        """Whether a companion with these attributes says anything for this row."""
        if self.take and attributes.get(self.take) is None:
            return False
        if self.only is None:
            return True
        name, wanted, absent = self.only
        value = attributes.get(name)
        if isinstance(value, Unknown):
            return value
        return (absent if value is None else value) == wanted

    def value(self, attributes: Mapping[str, Value]) -> Value:
        """What the target's attribute becomes, from the companion's attributes."""
        if self.take:
            return attributes.get(self.take)
        if not self.fields:
            left_out = {self.join, self.scope, "id", "expected_bucket_owner", "timeouts"}
            block = {name: value for name, value in attributes.items() if name not in left_out}
            return [{**block, **self.constants}]
        renamed: dict[str, Value] = {}
        for name, source in self.fields.items():
            value = attributes.get(source.removesuffix("[]"))
            renamed[name] = [value] if source.endswith("[]") and value is not None else value
        return [{**renamed, **self.constants}]

    def origin(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Where in the companion the value stands, for a path inside the target's attribute.

        `path` starts after the attribute's name and, if it is a list, after the index.
        """
        if self.take:
            return (self.take, *path)
        if not path:
            return ()
        source = self.fields.get(str(path[0]), path[0])
        if isinstance(source, str) and source.endswith("[]"):
            return (source.removesuffix("[]"),)
        return (source, *path[1:])


_BUCKET = ("aws_s3_bucket",)
_BALANCERS = ("aws_lb", "aws_alb")
_SECURITY_GROUPS = ("aws_security_group", "aws_default_security_group")
_NETWORK_ACLS = ("aws_network_acl", "aws_default_network_acl")
_ROUTE_TABLES = ("aws_route_table", "aws_default_route_table")
_ROLE, _USER, _GROUP = ("aws_iam_role",), ("aws_iam_user",), ("aws_iam_group",)
_FUNCTION = ("aws_lambda_function",)

_SECURITY_GROUP_RULE = {
    "from_port": "from_port",
    "to_port": "to_port",
    "protocol": "protocol",
    "cidr_blocks": "cidr_blocks",
    "ipv6_cidr_blocks": "ipv6_cidr_blocks",
    "prefix_list_ids": "prefix_list_ids",
    "security_groups": "source_security_group_id[]",
    "self": "self",
    "description": "description",
}
_VPC_SECURITY_GROUP_RULE = {
    "from_port": "from_port",
    "to_port": "to_port",
    "protocol": "ip_protocol",
    "cidr_blocks": "cidr_ipv4[]",
    "ipv6_cidr_blocks": "cidr_ipv6[]",
    "prefix_list_ids": "prefix_list_id[]",
    "security_groups": "referenced_security_group_id[]",
    "description": "description",
}
_NETWORK_ACL_RULE = {
    "action": "rule_action",
    "rule_no": "rule_number",
    "from_port": "from_port",
    "to_port": "to_port",
    "protocol": "protocol",
    "cidr_block": "cidr_block",
    "ipv6_cidr_block": "ipv6_cidr_block",
    "icmp_type": "icmp_type",
    "icmp_code": "icmp_code",
}
_ROUTE = {
    "cidr_block": "destination_cidr_block",
    "ipv6_cidr_block": "destination_ipv6_cidr_block",
    "destination_prefix_list_id": "destination_prefix_list_id",
    "carrier_gateway_id": "carrier_gateway_id",
    "core_network_arn": "core_network_arn",
    "egress_only_gateway_id": "egress_only_gateway_id",
    "gateway_id": "gateway_id",
    "local_gateway_id": "local_gateway_id",
    "nat_gateway_id": "nat_gateway_id",
    "network_interface_id": "network_interface_id",
    "transit_gateway_id": "transit_gateway_id",
    "vpc_endpoint_id": "vpc_endpoint_id",
    "vpc_peering_connection_id": "vpc_peering_connection_id",
}


def _policy(type: str, join: str, *targets: str, attribute: str = "policy") -> Companion:
    return Companion(type, join, targets, attribute, take="policy")


def _bucket(name: str, attribute: str = "", *, take: str = "", gather: bool = False) -> Companion:
    return Companion(
        f"aws_s3_bucket_{name}", "bucket", _BUCKET, attribute or name, take=take, gather=gather
    )


COMPANIONS: tuple[Companion, ...] = (
    # S3
    _bucket("versioning", take="versioning_configuration"),
    _bucket("server_side_encryption_configuration"),
    _bucket("public_access_block"),
    _bucket("logging"),
    _bucket("lifecycle_configuration", "lifecycle_rule", take="rule"),
    _bucket("acl", take="acl"),
    _bucket("acl", "access_control_policy", take="access_control_policy"),
    _bucket("policy", take="policy"),
    _bucket("ownership_controls"),
    _bucket("object_lock_configuration"),
    _bucket("replication_configuration"),
    _bucket("website_configuration", "website"),
    _bucket("cors_configuration", "cors_rule", take="cors_rule"),
    _bucket("notification"),
    _bucket("accelerate_configuration", "acceleration_status", take="status"),
    _bucket("request_payment_configuration", "request_payer", take="payer"),
    _bucket("intelligent_tiering_configuration", gather=True),
    _bucket("metric", gather=True),
    _bucket("inventory", gather=True),
    _bucket("analytics_configuration", gather=True),
    _policy("aws_s3control_access_point_policy", "access_point_arn", "aws_s3_access_point"),
    # Resource policies
    _policy("aws_sns_topic_policy", "arn", "aws_sns_topic"),
    _policy(
        "aws_sns_topic_data_protection_policy",
        "arn",
        "aws_sns_topic",
        attribute="data_protection_policy",
    ),
    _policy("aws_sqs_queue_policy", "queue_url", "aws_sqs_queue"),
    _policy("aws_kms_key_policy", "key_id", "aws_kms_key"),
    _policy("aws_ecr_repository_policy", "repository", "aws_ecr_repository"),
    _policy(
        "aws_ecr_lifecycle_policy",
        "repository",
        "aws_ecr_repository",
        attribute="lifecycle_policy",
    ),
    _policy("aws_ecrpublic_repository_policy", "repository_name", "aws_ecrpublic_repository"),
    _policy("aws_secretsmanager_secret_policy", "secret_arn", "aws_secretsmanager_secret"),
    _policy("aws_efs_file_system_policy", "file_system_id", "aws_efs_file_system"),
    _policy("aws_api_gateway_rest_api_policy", "rest_api_id", "aws_api_gateway_rest_api"),
    _policy("aws_vpc_endpoint_policy", "vpc_endpoint_id", "aws_vpc_endpoint"),
    _policy("aws_dynamodb_resource_policy", "resource_arn", "aws_dynamodb_table"),
    _policy("aws_kinesis_resource_policy", "resource_arn", "aws_kinesis_stream"),
    _policy("aws_msk_cluster_policy", "cluster_arn", "aws_msk_cluster"),
    _policy("aws_cloudwatch_event_bus_policy", "event_bus_name", "aws_cloudwatch_event_bus"),
    _policy("aws_backup_vault_policy", "backup_vault_name", "aws_backup_vault"),
    _policy("aws_media_store_container_policy", "container_name", "aws_media_store_container"),
    _policy("aws_glacier_vault_lock", "vault_name", "aws_glacier_vault", attribute="vault_lock"),
    Companion(
        "aws_opensearch_domain_policy",
        "domain_name",
        ("aws_opensearch_domain",),
        "access_policies",
        take="access_policies",
    ),
    Companion(
        "aws_elasticsearch_domain_policy",
        "domain_name",
        ("aws_elasticsearch_domain",),
        "access_policies",
        take="access_policies",
    ),
    # Queues, topics, secrets
    Companion(
        "aws_sqs_queue_redrive_policy",
        "queue_url",
        ("aws_sqs_queue",),
        "redrive_policy",
        take="redrive_policy",
    ),
    Companion(
        "aws_sqs_queue_redrive_allow_policy",
        "queue_url",
        ("aws_sqs_queue",),
        "redrive_allow_policy",
        take="redrive_allow_policy",
    ),
    Companion(
        "aws_secretsmanager_secret_rotation",
        "secret_id",
        ("aws_secretsmanager_secret",),
        "rotation",
    ),
    # IAM
    Companion("aws_iam_role_policy", "role", _ROLE, "inline_policy", gather=True),
    Companion("aws_iam_user_policy", "user", _USER, "inline_policy", gather=True),
    Companion("aws_iam_group_policy", "group", _GROUP, "inline_policy", gather=True),
    *(
        Companion(type, join, targets, "managed_policy_arns", take="policy_arn", gather=True)
        for type, join, targets in (
            ("aws_iam_role_policy_attachment", "role", _ROLE),
            ("aws_iam_user_policy_attachment", "user", _USER),
            ("aws_iam_group_policy_attachment", "group", _GROUP),
            ("aws_iam_policy_attachment", "roles", _ROLE),
            ("aws_iam_policy_attachment", "users", _USER),
            ("aws_iam_policy_attachment", "groups", _GROUP),
        )
    ),
    Companion("aws_iam_user_group_membership", "user", _USER, "groups", take="groups", gather=True),
    Companion("aws_iam_group_membership", "users", _USER, "groups", take="group", gather=True),
    Companion("aws_iam_user_login_profile", "user", _USER, "login_profile"),
    # Network
    *(
        Companion(
            "aws_security_group_rule",
            "security_group_id",
            _SECURITY_GROUPS,
            direction,
            gather=True,
            fields=_SECURITY_GROUP_RULE,
            only=("type", direction, None),
        )
        for direction in ("ingress", "egress")
    ),
    *(
        Companion(
            f"aws_vpc_security_group_{direction}_rule",
            "security_group_id",
            _SECURITY_GROUPS,
            direction,
            gather=True,
            fields=_VPC_SECURITY_GROUP_RULE,
        )
        for direction in ("ingress", "egress")
    ),
    *(
        Companion(
            "aws_network_acl_rule",
            "network_acl_id",
            _NETWORK_ACLS,
            direction,
            gather=True,
            fields=_NETWORK_ACL_RULE,
            only=("egress", direction == "egress", False),
        )
        for direction in ("ingress", "egress")
    ),
    Companion(
        "aws_network_acl_association",
        "network_acl_id",
        _NETWORK_ACLS,
        "subnet_ids",
        take="subnet_id",
        gather=True,
    ),
    Companion("aws_route", "route_table_id", _ROUTE_TABLES, "route", gather=True, fields=_ROUTE),
    Companion(
        "aws_route_table_association",
        "subnet_id",
        ("aws_subnet",),
        "route_table_id",
        take="route_table_id",
    ),
    Companion("aws_flow_log", "vpc_id", ("aws_vpc", "aws_default_vpc"), "flow_log", gather=True),
    Companion(
        "aws_flow_log", "subnet_id", ("aws_subnet", "aws_default_subnet"), "flow_log", gather=True
    ),
    Companion(
        "aws_flow_log",
        "transit_gateway_id",
        ("aws_ec2_transit_gateway",),
        "flow_log",
        gather=True,
    ),
    *(
        Companion(
            f"aws_vpc_endpoint_{name}_association",
            "vpc_endpoint_id",
            ("aws_vpc_endpoint",),
            f"{name}_ids",
            take=f"{name}_id",
            gather=True,
        )
        for name in ("route_table", "subnet", "security_group")
    ),
    Companion(
        "aws_networkfirewall_logging_configuration",
        "firewall_arn",
        ("aws_networkfirewall_firewall",),
        "logging_configuration",
        take="logging_configuration",
    ),
    Companion(
        "aws_wafv2_web_acl_association",
        "resource_arn",
        (
            *_BALANCERS,
            "aws_api_gateway_stage",
            "aws_appsync_graphql_api",
            "aws_cognito_user_pool",
            "aws_apprunner_service",
        ),
        "web_acl_arn",
        take="web_acl_arn",
    ),
    Companion(
        "aws_wafregional_web_acl_association",
        "resource_arn",
        (*_BALANCERS, "aws_api_gateway_stage"),
        "web_acl_arn",
        take="web_acl_id",
    ),
    Companion(
        "aws_wafv2_web_acl_logging_configuration",
        "resource_arn",
        ("aws_wafv2_web_acl",),
        "logging_configuration",
    ),
    Companion("aws_route53_query_log", "zone_id", ("aws_route53_zone",), "query_log", gather=True),
    # Compute
    Companion("aws_lambda_permission", "function_name", _FUNCTION, "permission", gather=True),
    Companion("aws_lambda_function_url", "function_name", _FUNCTION, "function_url", gather=True),
    Companion(
        "aws_lambda_function_event_invoke_config",
        "function_name",
        _FUNCTION,
        "event_invoke_config",
        gather=True,
    ),
    *(
        Companion(
            "aws_ecs_cluster_capacity_providers",
            "cluster_name",
            ("aws_ecs_cluster",),
            attribute,
            take=attribute,
        )
        for attribute in ("capacity_providers", "default_capacity_provider_strategy")
    ),
    Companion("aws_eks_addon", "cluster_name", ("aws_eks_cluster",), "addon", gather=True),
    Companion(
        "aws_autoscaling_group_tag",
        "autoscaling_group_name",
        ("aws_autoscaling_group",),
        "tag",
        take="tag",
        gather=True,
    ),
    # Storage, databases, logs
    Companion(
        "aws_efs_backup_policy",
        "file_system_id",
        ("aws_efs_file_system",),
        "backup_policy",
        take="backup_policy",
    ),
    Companion(
        "aws_efs_replication_configuration",
        "source_file_system_id",
        ("aws_efs_file_system",),
        "replication_configuration",
    ),
    Companion(
        "aws_backup_vault_lock_configuration",
        "backup_vault_name",
        ("aws_backup_vault",),
        "lock_configuration",
    ),
    Companion(
        "aws_redshift_logging",
        "cluster_identifier",
        ("aws_redshift_cluster",),
        "logging",
        constants={"enable": True},
    ),
    Companion(
        "aws_redshift_snapshot_copy",
        "cluster_identifier",
        ("aws_redshift_cluster",),
        "snapshot_copy",
    ),
    Companion(
        "aws_redshift_cluster_iam_roles",
        "cluster_identifier",
        ("aws_redshift_cluster",),
        "iam_roles",
        take="iam_role_arns",
    ),
    Companion(
        "aws_cloudwatch_log_data_protection_policy",
        "log_group_name",
        ("aws_cloudwatch_log_group",),
        "data_protection_policy",
        take="policy_document",
    ),
    Companion(
        "aws_cloudwatch_log_metric_filter",
        "log_group_name",
        ("aws_cloudwatch_log_group",),
        "metric_filter",
        gather=True,
    ),
    Companion(
        "aws_cloudwatch_log_subscription_filter",
        "log_group_name",
        ("aws_cloudwatch_log_group",),
        "subscription_filter",
        gather=True,
    ),
    Companion(
        "aws_guardduty_detector_feature",
        "detector_id",
        ("aws_guardduty_detector",),
        "feature",
        gather=True,
    ),
    # Edges
    Companion(
        "aws_api_gateway_method_settings",
        "stage_name",
        ("aws_api_gateway_stage",),
        "settings",
        take="settings",
        gather=True,
        scope="rest_api_id",
    ),
    Companion(
        "aws_cloudfront_monitoring_subscription",
        "distribution_id",
        ("aws_cloudfront_distribution",),
        "monitoring_subscription",
        take="monitoring_subscription",
    ),
)
"""The folding table.  In a value that a companion takes, names are the companion's."""


@cache
def companions_of(target: str) -> Mapping[str, tuple[Companion, ...]]:
    """The rows that fill attributes of the type `target`, by attribute."""
    rows: dict[str, tuple[Companion, ...]] = {}
    for row in COMPANIONS:
        if target in row.targets:
            rows[row.attribute] = (*rows.get(row.attribute, ()), row)
    return rows


@cache
def rows_of(type: str) -> tuple[Companion, ...]:
    """The rows by which resources of the type fill others."""
    return tuple(row for row in COMPANIONS if row.type == type)
