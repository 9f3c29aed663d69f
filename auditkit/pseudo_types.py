"""Types of Terraform's own blocks, which rules can be about and which stand for no object.

`docs/pseudo-types.md` describes them for people who write rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union

Encoded = Union[str, Sequence[Union[str, int, "Encoded"]], Mapping[str, "Encoded"]]
"""A piece of a schema table after JSON; `auditkit.schema.table` reads it."""

_AWS_CREDENTIALS: Mapping[str, Encoded] = {
    "access_key": "string os",
    "secret_key": "string os",
    "token": "string os",
    "profile": "string o",
    "region": "string o",
    "shared_config_files": "list(string) o",
    "shared_credentials_files": "list(string) o",
    "allowed_account_ids": "list(string) o",
    "forbidden_account_ids": "list(string) o",
    "custom_ca_bundle": "string o",
    "insecure": "bool o",
    "max_retries": "number o",
    "retry_mode": "string o",
    "http_proxy": "string o",
    "https_proxy": "string o",
    "no_proxy": "string o",
    "skip_credentials_validation": "bool o",
    "skip_metadata_api_check": "string o",
    "skip_region_validation": "bool o",
    "skip_requesting_account_id": "bool o",
    "sts_region": "string o",
    "use_dualstack_endpoint": "bool o",
    "use_fips_endpoint": "bool o",
    "ec2_metadata_service_endpoint": "string o",
    "ec2_metadata_service_endpoint_mode": "string o",
    "assume_role_with_web_identity": [
        "list",
        0,
        1,
        {
            "duration": "string o",
            "policy": "string o",
            "policy_arns": "list(string) o",
            "role_arn": "string o",
            "session_name": "string o",
            "web_identity_token": "string os",
            "web_identity_token_file": "string o",
        },
    ],
    "assume_role": [
        "list",
        0,
        0,
        {
            "duration": "string o",
            "external_id": "string o",
            "policy": "string o",
            "policy_arns": "list(string) o",
            "role_arn": "string o",
            "session_name": "string o",
            "source_identity": "string o",
            "tags": "map(string) o",
            "transitive_tag_keys": "list(string) o",
        },
    ],
    "endpoints": "dynamic o",
}
"""What the provider and the S3 backend share.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

S3_BACKEND: Mapping[str, Encoded] = {
    "bucket": "string o",
    "key": "string o",
    "acl": "string o",
    "encrypt": "bool o",
    "kms_key_id": "string o",
    "sse_customer_key": "string os",
    "use_lockfile": "bool o",
    "dynamodb_table": "string o",
    "dynamodb_endpoint": "string o",
    "endpoint": "string o",
    "workspace_key_prefix": "string o",
    "use_path_style": "bool o",
    "force_path_style": "bool o",
    "role_arn": "string o",
    "session_name": "string o",
    "external_id": "string o",
    "assume_role_duration_seconds": "number o",
    "assume_role_policy": "string o",
    "assume_role_policy_arns": "list(string) o",
    "skip_s3_checksum": "bool o",
    **_AWS_CREDENTIALS,
}
"""The arguments of the backend ``s3``.

https://developer.hashicorp.com/terraform/language/backend/s3
"""

_OTHER_BACKENDS: Mapping[str, Encoded] = {
    # local
    "path": "string o",
    "workspace_dir": "string o",
    # cloud, remote
    "hostname": "string o",
    "organization": "string o",
    "workspaces": [
        "list",
        0,
        1,
        {"name": "string o", "prefix": "string o", "project": "string o", "tags": "dynamic o"},
    ],
    # http
    "address": "string o",
    "lock_address": "string o",
    "unlock_address": "string o",
    "lock_method": "string o",
    "unlock_method": "string o",
    "update_method": "string o",
    "username": "string o",
    "password": "string os",
    "client_certificate_pem": "string o",
    "client_private_key_pem": "string os",
    "client_ca_certificate_pem": "string o",
    "skip_cert_verification": "bool o",
    "retry_max": "number o",
    "retry_wait_min": "number o",
    "retry_wait_max": "number o",
    # gcs
    "prefix": "string o",
    "credentials": "string os",
    "access_token": "string os",
    "encryption_key": "string os",
    "kms_encryption_key": "string o",
    "impersonate_service_account": "string o",
    # azurerm
    "storage_account_name": "string o",
    "container_name": "string o",
    "resource_group_name": "string o",
    "sas_token": "string os",
    "subscription_id": "string o",
    "tenant_id": "string o",
    "client_id": "string o",
    "client_secret": "string os",
    "use_azuread_auth": "bool o",
    "use_oidc": "bool o",
    "use_msi": "bool o",
    "snapshot": "bool o",
    # pg, consul, kubernetes
    "conn_str": "string os",
    "schema_name": "string o",
    "scheme": "string o",
    "lock": "bool o",
    "gzip": "bool o",
    "secret_suffix": "string o",
    "namespace": "string o",
}

PSEUDO_TYPES: Mapping[str, Mapping[str, Encoded]] = {
    "terraform": {
        "required_version": "string o",
        "required_providers": [
            "list(object) o",
            {"name": "string", "source": "string", "version": "string"},
        ],
        "backend": "string o",
        "lock_file": "bool c",
        "root_module": "bool c",
        "provider_blocks": "number c",
        "workspace_uses": "number c",
        "workspace_choices": "number c",
    },
    "terraform_backend": {"type": "string r", **S3_BACKEND, **_OTHER_BACKENDS},
    "provider": {
        "name": "string r",
        "alias": "string o",
        "version": "string o",
        "root_module": "bool c",
        "s3_us_east_1_regional_endpoint": "string o",
        "s3_use_path_style": "bool o",
        "token_bucket_rate_limiter_capacity": "number o",
        "default_tags": ["list", 0, 1, {"tags": "map(string) o"}],
        "ignore_tags": [
            "list",
            0,
            1,
            {"keys": "list(string) o", "key_prefixes": "list(string) o"},
        ],
        **_AWS_CREDENTIALS,
    },
    "module": {
        "name": "string r",
        "source": "string r",
        "source_kind": "string c",
        "version": "string o",
        "ref": "string c",
    },
    "variable": {
        "name": "string r",
        "type": "string o",
        "default": "dynamic os",
        "description": "string o",
        "nullable": "bool o",
        "sensitive": "bool o",
        "ephemeral": "bool o",
        "secret_name": "bool c",
    },
    "output": {
        "name": "string r",
        "value": "dynamic o",
        "description": "string o",
        "sensitive": "bool o",
        "ephemeral": "bool o",
        "secret_name": "bool c",
    },
    "plan": {
        "terraform_version": "string c",
        "complete": "bool c",
        **dict.fromkeys(
            ("creates", "updates", "replaces", "destroys", "forgets", "imports", "drifted"),
            "number c",
        ),
    },
    "state": {
        "version": "number c",
        "terraform_version": "string c",
        "store": "string c",
        "committed": "bool c",
        "resources": "number c",
        "deposed": "number c",
    },
    "lock_file": {
        "providers": [
            "list(object) o",
            {
                "source": "string",
                "version": "string",
                "constraints": "string",
                "hashes": "list(string)",
            },
        ],
    },
    "live_region": {
        "account": "string c",
        "name": "string c",
        "is_in_use": "bool c",
        "counts": "map(number) c",
    },
    "live_account": {
        "account": "string c",
        "cost_allocation_tags": "list(string) c",
        "multi_region_trails": "number c",
        "root_access_key_1_last_used": "string c",
        "root_access_key_2_last_used": "string c",
        "root_access_keys": "number c",
        "root_mfa_active": "bool c",
        "root_password_last_used": "string c",
        "spend_last_month": "number c",
        "spend_month_before": "number c",
        "spend_growth_percent": "number c",
        "spend_by_environment": "map(number) c",
    },
    "live_lambda_version": {
        "arn": "string c",
        "code_size": "number c",
        "function_name": "string c",
        "invoke_arn": "string c",
        "layers": "list(string) c",
        "newer": "number c",
        "snap_start": "bool c",
        "version": "string c",
    },
    "live_dynamodb_index": {
        "name": "string c",
        "table_name": "string c",
    },
    "live_sagemaker_variant": {
        "endpoint_name": "string c",
        "is_serverless": "bool c",
        "name": "string c",
    },
    # A call of a module whose source is not at hand, with what it is given; for the graph, since
    # the module may do anything with what it is given.
    "unread_module": {"name": "string r"},
    "sensitive_argument": {
        "resource_type": "string r",
        "resource": "string r",
        "argument": "string r",
        "written_in_code": "bool c",
    },
}
"""Type to what its resources hold, in the encoding of the provider's table."""

LIVE_TYPES = frozenset(
    [
        "live_account",
        "live_dynamodb_index",
        "live_lambda_version",
        "live_region",
        "live_sagemaker_variant",
    ]
)
"""Types of what live AWS has, or is summed up in, and the provider has no type for."""

OPEN_TYPES = frozenset(["provider", "terraform_backend", "unread_module"])
"""Types that may have attributes beside those listed: there are thousands of providers."""

WORKLOADS = frozenset(
    [
        "aws_db_instance",
        "aws_dynamodb_table",
        "aws_ebs_volume",
        "aws_ecs_service",
        "aws_efs_file_system",
        "aws_eks_cluster",
        "aws_elasticache_cluster",
        "aws_instance",
        "aws_kinesis_stream",
        "aws_lambda_function",
        "aws_lb",
        "aws_nat_gateway",
        "aws_opensearch_domain",
        "aws_rds_cluster",
        "aws_redshift_cluster",
        "aws_secretsmanager_secret",
        "aws_sfn_state_machine",
        "aws_sns_topic",
        "aws_sqs_queue",
    ]
)
"""Types of which one object says that somebody uses the region; AWS makes none by itself."""
