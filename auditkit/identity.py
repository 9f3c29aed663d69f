"""The attributes by which other resources name a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from auditkit.model import Resource, Source, Unknown, Value
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.schema import schema_of

TYPE_ALIASES: Mapping[str, str] = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_certificate": "aws_lb_listener_certificate",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
    "aws_alb_target_group_attachment": "aws_lb_target_group_attachment",
}
"""Types that the provider has under two names; rules and the graph use the second."""

DEFAULT = ("id", "arn", "name")
"""What names a resource whose type is not in `IDENTITY`."""

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "aws_api_gateway_domain_name": (
        "id",
        "arn",
        "cloudfront_domain_name",
        "regional_domain_name",
    ),
    "aws_api_gateway_stage": ("arn", "stage_name"),
    "aws_cloudfront_distribution": ("id", "arn", "domain_name"),
    "aws_cloudfront_origin_access_identity": ("id", "iam_arn", "cloudfront_access_identity_path"),
    # Its ARN is that of what the rule calls.
    "aws_cloudwatch_event_target": ("id",),
    "aws_cloudwatch_metric_alarm": ("arn", "alarm_name"),
    "aws_codecommit_repository": ("id", "arn", "repository_name"),
    "aws_config_delivery_channel": ("name",),
    "aws_db_cluster_snapshot": ("id", "db_cluster_snapshot_identifier", "db_cluster_snapshot_arn"),
    "aws_db_instance": ("id", "arn", "identifier", "resource_id"),
    "aws_db_snapshot": ("id", "db_snapshot_identifier", "db_snapshot_arn"),
    "aws_default_network_acl": ("id", "arn", "default_network_acl_id"),
    "aws_default_route_table": ("id", "arn", "default_route_table_id"),
    "aws_dms_replication_instance": ("replication_instance_arn", "replication_instance_id"),
    "aws_docdb_cluster": ("id", "arn", "cluster_identifier", "cluster_resource_id"),
    "aws_docdb_cluster_instance": ("id", "arn", "identifier"),
    "aws_dynamodb_table": ("id", "arn", "name", "stream_arn"),
    "aws_ecr_repository": ("id", "arn", "name", "repository_url"),
    "aws_ecrpublic_repository": ("id", "arn", "repository_name", "repository_uri"),
    "aws_ecs_task_definition": ("arn", "arn_without_revision", "family"),
    "aws_eip": ("id", "allocation_id", "arn", "public_ip"),
    "aws_elasticache_cluster": ("id", "arn", "cluster_id"),
    "aws_elasticache_replication_group": ("id", "arn", "replication_group_id"),
    "aws_elasticache_user": ("id", "arn", "user_id"),
    "aws_elasticache_user_group": ("id", "arn", "user_group_id"),
    "aws_elasticsearch_domain": ("id", "arn", "domain_name"),
    "aws_elb": ("id", "arn", "name", "dns_name"),
    "aws_globalaccelerator_accelerator": ("id", "arn", "dns_name"),
    "aws_iam_role": ("id", "arn", "name", "unique_id"),
    "aws_iam_user": ("id", "arn", "name", "unique_id"),
    "aws_instance": ("id", "arn", "primary_network_interface_id"),
    "aws_key_pair": ("id", "arn", "key_name"),
    "aws_kms_key": ("id", "arn", "key_id"),
    "aws_kms_replica_key": ("id", "arn", "key_id"),
    "aws_lambda_alias": ("arn", "name"),
    "aws_lambda_function": (
        "id",
        "arn",
        "function_name",
        "qualified_arn",
        "invoke_arn",
        "qualified_invoke_arn",
    ),
    "aws_lambda_layer_version": ("arn", "layer_arn"),
    "aws_lb": ("id", "arn", "name", "dns_name", "arn_suffix"),
    "aws_lb_target_group": ("id", "arn", "name", "arn_suffix"),
    "aws_mq_broker": ("id", "arn", "broker_name"),
    "aws_msk_cluster": ("id", "arn", "cluster_name"),
    "aws_neptune_cluster": ("id", "arn", "cluster_identifier", "cluster_resource_id"),
    "aws_neptune_cluster_instance": ("id", "arn", "identifier"),
    "aws_opensearch_domain": ("id", "arn", "domain_name"),
    "aws_rds_cluster": ("id", "arn", "cluster_identifier", "cluster_resource_id"),
    "aws_rds_cluster_instance": ("id", "arn", "identifier"),
    "aws_rds_global_cluster": ("id", "arn", "global_cluster_identifier"),
    "aws_redshift_cluster": ("id", "arn", "cluster_identifier"),
    "aws_redshiftserverless_namespace": ("id", "arn", "namespace_name"),
    "aws_redshiftserverless_workgroup": ("id", "arn", "workgroup_name"),
    "aws_route53_zone": ("id", "arn", "zone_id"),
    "aws_s3_bucket": (
        "id",
        "bucket",
        "arn",
        "bucket_domain_name",
        "bucket_regional_domain_name",
    ),
    "aws_sqs_queue": ("id", "url", "arn", "name"),
    "aws_wafv2_ip_set": ("id", "arn"),
    # A variable that is called like a bucket does not name it.
    **dict.fromkeys(PSEUDO_TYPES, ()),
    "live_lambda_version": ("arn", "invoke_arn"),
}
"""The attributes whose values name one resource of the type."""

STANDS_FOR: Mapping[str, str] = {
    "aws_kms_alias": "target_key_id",
    "aws_iam_instance_profile": "role",
    "aws_lambda_alias": "function_name",
    "live_lambda_version": "function_name",
}
"""Types that are a name of another resource, and the attribute that says of which."""

NAMED_BY: Mapping[str, str] = {
    "aws_iam_role": "aws_iam_instance_profile",
    "aws_kms_external_key": "aws_kms_alias",
    "aws_kms_key": "aws_kms_alias",
    "aws_kms_replica_external_key": "aws_kms_alias",
    "aws_kms_replica_key": "aws_kms_alias",
}
"""Types whose uses may name a resource of the other type, that cannot be told without it."""

READ_AS: Mapping[str, str] = {
    "aws_db_snapshot_copy": "aws_db_snapshot",
    "aws_ebs_snapshot_copy": "aws_ebs_snapshot",
    "aws_rds_cluster_snapshot_copy": "aws_db_cluster_snapshot",
}
"""Types of the provider whose objects AWS does not tell from those of another type."""


def identities(resource: Resource) -> Iterator[object]:
    """What names the resource, its id first, each as `keys_of` gives it."""
    if resource.id:
        yield resource.id
    type = TYPE_ALIASES.get(resource.type, resource.type)
    for name in IDENTITY.get(type, DEFAULT):
        value = resource.attributes.get(name)
        # What AWS decides on is not made of anything, so no two of them are the same; and what
        # could not be read of two live resources says nothing of either.
        if not isinstance(value, Unknown) or (
            resource.source is not Source.LIVE and _is_configured(type, name)
        ):
            yield from keys_of(value)
            # Names of hosts are the same in lower case, in which DNS has them.
            if isinstance(value, str) and name.endswith(("dns_name", "domain_name")):
                yield value.lower()


def keys_of(value: Value) -> Iterator[object]:
    """What is the same for two values exactly if they are certainly equal.

    For a text that is the text, unless it is empty.  An unknown one is the very same `Unknown`
    elsewhere, or one of the same parts: ``"${var.env}-logs"`` names one bucket however often
    it is written.
    """
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Unknown):
        yield value
        if any(isinstance(part, str) for part in value.parts):
            yield value.parts
        elif value.present and value.references:
            yield value.references


@cache
def _is_configured(type: str, name: str) -> bool:
    schema = schema_of(type)
    return name != "id" and (schema is None or name not in schema.computed_only)


def definition_of(address: str) -> str:
    """The address of the block that declares the resource: without the last instance key."""
    # A key may itself hold brackets and dots: aws_instance.a["x[0].y"].
    if not address.endswith("]"):
        return address
    start = address.rfind('["') if address.endswith('"]') else address.rfind("[")
    return address[:start] if start > 0 else address


def module_of(address: str) -> str:
    """The module part of an address with its instance keys; empty for the root module."""
    return definition_of(address).rpartition(".")[0].rpartition(".")[0]


def region_of(live: Resource) -> str:
    """The region of a live resource, as its address says it; empty for a global one."""
    # A live address is an ARN, or type/account/region/id.
    parts = live.address.split(":" if live.address.startswith("arn:") else "/", 4)
    if len(parts) < 4:
        return ""
    return parts[3] if live.address.startswith("arn:") else parts[2]
