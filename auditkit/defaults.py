"""What the provider or AWS assumes where a configuration says nothing.

A row is taken when the attribute is absent, null, or an empty text or list.  A dotted name
means the attribute inside every nested block of that name that is there:
``metadata_options.http_tokens``.  A block that is itself there by default is given as a list
of one; its dotted rows fill it.

A block whose absence means "off" is not listed: rules see that it is absent.  Nor is what
depends on something else, such as a snapshot, a subnet or the engine.  Rows without a comment
are the provider's own schema defaults, as a plan of provider 5.100 shows them, or are given as
default in its documentation at https://registry.terraform.io/providers/hashicorp/aws/5.100.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.model import Value

_INSTANCE: Mapping[str, Value] = {
    "disable_api_stop": False,
    "disable_api_termination": False,
    "ebs_block_device.delete_on_termination": True,
    # Unless the account encrypts by default, which another resource says:
    # https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
    "ebs_block_device.encrypted": False,
    "get_password_data": False,
    "instance_initiated_shutdown_behavior": "stop",
    # Blocks that are absent may come from the launch template.
    "metadata_options.http_endpoint": "enabled",
    "metadata_options.http_protocol_ipv6": "disabled",
    # Unless the account or the image asks for version 2 of the metadata service.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
    "metadata_options.http_tokens": "optional",
    "metadata_options.instance_metadata_tags": "disabled",
    "monitoring": False,
    "root_block_device.delete_on_termination": True,
    "root_block_device.encrypted": False,
    "source_dest_check": True,
    "tenancy": "default",
    "user_data_replace_on_change": False,
}

_SEARCH_DOMAIN: Mapping[str, Value] = {
    "cluster_config": [{}],
    "cluster_config.dedicated_master_enabled": False,
    "cluster_config.instance_count": 1,
    "cluster_config.warm_enabled": False,
    "cluster_config.zone_awareness_enabled": False,
    # The provider enforces HTTPS only where the block is there at all.
    "domain_endpoint_options": [{"enforce_https": False}],
    "domain_endpoint_options.custom_endpoint_enabled": False,
    "domain_endpoint_options.enforce_https": True,
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
    "domain_endpoint_options.tls_security_policy": "Policy-Min-TLS-1-0-2019-07",
    "log_publishing_options.enabled": True,
}

_PUBLIC_ACCESS_BLOCK: Mapping[str, Value] = {
    "block_public_acls": False,
    "block_public_policy": False,
    "ignore_public_acls": False,
    "restrict_public_buckets": False,
}

DEFAULTS: Mapping[str, Mapping[str, Value]] = {
    "aws_acm_certificate": {
        # https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateOptions.html
        "options": [{}],
        "options.certificate_transparency_logging_preference": "ENABLED",
        # https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
        "key_algorithm": "RSA_2048",
    },
    "aws_ami": {
        "ebs_block_device.encrypted": False,
    },
    "aws_ami_copy": {
        "encrypted": False,
    },
    "aws_api_gateway_method": {
        "api_key_required": False,
    },
    "aws_api_gateway_method_settings": {
        # https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
        "settings.cache_data_encrypted": False,
        "settings.caching_enabled": False,
        "settings.data_trace_enabled": False,
        "settings.logging_level": "OFF",
        "settings.metrics_enabled": False,
    },
    "aws_api_gateway_rest_api": {
        "api_key_source": "HEADER",
        "disable_execute_api_endpoint": False,
    },
    "aws_api_gateway_stage": {
        "cache_cluster_enabled": False,
        "settings.cache_data_encrypted": False,
        "settings.caching_enabled": False,
        "settings.data_trace_enabled": False,
        "settings.logging_level": "OFF",
        "settings.metrics_enabled": False,
        "xray_tracing_enabled": False,
    },
    "aws_apigatewayv2_api": {
        "disable_execute_api_endpoint": False,
    },
    "aws_apigatewayv2_route": {
        "api_key_required": False,
        "authorization_type": "NONE",
    },
    "aws_apigatewayv2_stage": {
        "auto_deploy": False,
    },
    "aws_appsync_graphql_api": {
        "introspection_config": "ENABLED",
        "visibility": "GLOBAL",
        "xray_enabled": False,
    },
    "aws_athena_workgroup": {
        "configuration.enforce_workgroup_configuration": True,
        "configuration.publish_cloudwatch_metrics_enabled": True,
        "configuration.requester_pays_enabled": False,
        "force_destroy": False,
        "state": "ENABLED",
    },
    "aws_autoscaling_group": {
        "force_delete": False,
        "health_check_grace_period": 300,
        "health_check_type": "EC2",
        "protect_from_scale_in": False,
    },
    "aws_backup_vault": {
        "force_destroy": False,
    },
    "aws_cloudfront_distribution": {
        "default_cache_behavior.compress": False,
        "http_version": "http2",
        "is_ipv6_enabled": False,
        "logging_config.include_cookies": False,
        "ordered_cache_behavior.compress": False,
        "price_class": "PriceClass_All",
        "retain_on_delete": False,
        "staging": False,
        "viewer_certificate.cloudfront_default_certificate": False,
        "viewer_certificate.minimum_protocol_version": "TLSv1",
    },
    "aws_cloudtrail": {
        "enable_log_file_validation": False,
        "enable_logging": True,
        "include_global_service_events": True,
        "is_multi_region_trail": False,
        "is_organization_trail": False,
    },
    "aws_cloudwatch_composite_alarm": {
        "actions_enabled": True,
    },
    "aws_cloudwatch_log_group": {
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
        "log_group_class": "STANDARD",
        # Never expires.
        "retention_in_days": 0,
        "skip_destroy": False,
    },
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled": True,
        "treat_missing_data": "missing",
    },
    "aws_codebuild_project": {
        "artifacts.encryption_disabled": False,
        "badge_enabled": False,
        "build_timeout": 60,
        "environment.privileged_mode": False,
        "logs_config": [{}],
        "logs_config.cloudwatch_logs": [{}],
        "logs_config.cloudwatch_logs.status": "ENABLED",
        "logs_config.s3_logs": [{}],
        "logs_config.s3_logs.encryption_disabled": False,
        "logs_config.s3_logs.status": "DISABLED",
        "project_visibility": "PRIVATE",
        "secondary_artifacts.encryption_disabled": False,
    },
    "aws_cognito_user_pool": {
        "deletion_protection": "INACTIVE",
        "mfa_configuration": "OFF",
    },
    "aws_config_configuration_aggregator": {
        "account_aggregation_source.all_regions": False,
        "organization_aggregation_source.all_regions": False,
    },
    "aws_config_configuration_recorder": {
        "recording_group": [{}],
        "recording_group.all_supported": True,
        "recording_group.include_global_resource_types": False,
    },
    "aws_dax_cluster": {
        "cluster_endpoint_encryption_type": "NONE",
        "server_side_encryption": [{}],
        "server_side_encryption.enabled": False,
    },
    "aws_db_instance": {
        "apply_immediately": False,
        "auto_minor_version_upgrade": True,
        "backup_retention_period": 0,
        "copy_tags_to_snapshot": False,
        "dedicated_log_volume": False,
        "delete_automated_backups": True,
        "deletion_protection": False,
        # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
        "engine_lifecycle_support": "open-source-rds-extended-support",
        "iam_database_authentication_enabled": False,
        "manage_master_user_password": False,
        "monitoring_interval": 0,
        "multi_az": False,
        "performance_insights_enabled": False,
        "publicly_accessible": False,
        "skip_final_snapshot": False,
        "storage_encrypted": False,
    },
    "aws_db_proxy": {
        "debug_logging": False,
        "require_tls": False,
    },
    "aws_dms_replication_instance": {
        "auto_minor_version_upgrade": False,
        "multi_az": False,
        "publicly_accessible": False,
    },
    "aws_docdb_cluster": {
        "backup_retention_period": 1,
        "deletion_protection": False,
        "skip_final_snapshot": False,
        "storage_encrypted": False,
    },
    "aws_docdb_cluster_instance": {
        "auto_minor_version_upgrade": True,
        "copy_tags_to_snapshot": False,
        "enable_performance_insights": False,
    },
    "aws_dynamodb_table": {
        "billing_mode": "PROVISIONED",
        "deletion_protection_enabled": False,
        "stream_enabled": False,
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.tableclasses.html
        "table_class": "STANDARD",
    },
    "aws_ebs_encryption_by_default": {
        "enabled": True,
    },
    "aws_ebs_snapshot_copy": {
        "encrypted": False,
    },
    "aws_ebs_volume": {
        # Unless the account encrypts by default, which another resource says.
        "encrypted": False,
        "final_snapshot": False,
        "multi_attach_enabled": False,
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
        "type": "gp2",
    },
    "aws_ec2_transit_gateway": {
        "auto_accept_shared_attachments": "disable",
        "default_route_table_association": "enable",
        "default_route_table_propagation": "enable",
        "dns_support": "enable",
        "multicast_support": "disable",
        "vpn_ecmp_support": "enable",
    },
    "aws_ecr_repository": {
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
        "encryption_configuration": [{}],
        "encryption_configuration.encryption_type": "AES256",
        "force_delete": False,
        "image_tag_mutability": "MUTABLE",
    },
    "aws_ecs_service": {
        "deployment_maximum_percent": 200,
        "deployment_minimum_healthy_percent": 100,
        "enable_ecs_managed_tags": False,
        "enable_execute_command": False,
        "network_configuration.assign_public_ip": False,
        "scheduling_strategy": "REPLICA",
    },
    "aws_ecs_task_definition": {
        "skip_destroy": False,
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html
        "volume.efs_volume_configuration.transit_encryption": "DISABLED",
    },
    "aws_efs_file_system": {
        # https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
        "encrypted": False,
        "performance_mode": "generalPurpose",
        "throughput_mode": "bursting",
    },
    "aws_eks_cluster": {
        "bootstrap_self_managed_addons": True,
        "vpc_config.endpoint_private_access": False,
        "vpc_config.endpoint_public_access": True,
        # https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html
        "vpc_config.public_access_cidrs": ["0.0.0.0/0"],
    },
    "aws_eks_node_group": {
        "capacity_type": "ON_DEMAND",
    },
    "aws_elasticache_cluster": {
        "auto_minor_version_upgrade": "true",
        "snapshot_retention_limit": 0,
    },
    # Whether it encrypts at rest by default depends on the engine.
    "aws_elasticache_replication_group": {
        "auto_minor_version_upgrade": "true",
        "automatic_failover_enabled": False,
        "engine": "redis",
        "multi_az_enabled": False,
        "snapshot_retention_limit": 0,
        "transit_encryption_enabled": False,
    },
    "aws_elasticache_user": {
        "no_password_required": False,
    },
    "aws_elasticsearch_domain": _SEARCH_DOMAIN,
    "aws_elb": {
        # Of the block: without one there are no logs.
        "access_logs.enabled": True,
        "connection_draining": False,
        "cross_zone_load_balancing": True,
        "desync_mitigation_mode": "defensive",
        "internal": False,
    },
    "aws_emr_cluster": {
        "visible_to_all_users": True,
    },
    "aws_flow_log": {
        "log_destination_type": "cloud-watch-logs",
        "max_aggregation_interval": 600,
    },
    "aws_fsx_windows_file_system": {
        "automatic_backup_retention_days": 7,
        "copy_tags_to_backups": False,
        "skip_final_backup": False,
    },
    "aws_globalaccelerator_accelerator": {
        "attributes.flow_logs_enabled": False,
        "enabled": True,
    },
    "aws_guardduty_detector": {
        "enable": True,
    },
    "aws_iam_access_key": {
        "status": "Active",
    },
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
    "aws_iam_account_password_policy": {
        "allow_users_to_change_password": True,
        "hard_expiry": False,
        "minimum_password_length": 6,
        "require_lowercase_characters": False,
        "require_numbers": False,
        "require_symbols": False,
        "require_uppercase_characters": False,
    },
    "aws_iam_role": {
        "force_detach_policies": False,
        "max_session_duration": 3600,
        "path": "/",
    },
    "aws_iam_user": {
        "force_destroy": False,
        "path": "/",
    },
    "aws_instance": _INSTANCE,
    "aws_kinesis_firehose_delivery_stream": {
        "extended_s3_configuration.cloudwatch_logging_options.enabled": False,
        "server_side_encryption": [{}],
        "server_side_encryption.enabled": False,
        "server_side_encryption.key_type": "AWS_OWNED_CMK",
    },
    "aws_kinesis_stream": {
        "encryption_type": "NONE",
        "enforce_consumer_deletion": False,
        "retention_period": 24,
    },
    "aws_kms_external_key": {
        "bypass_policy_lockout_safety_check": False,
        "deletion_window_in_days": 30,
    },
    "aws_kms_key": {
        "bypass_policy_lockout_safety_check": False,
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
        "deletion_window_in_days": 30,
        "enable_key_rotation": False,
        "is_enabled": True,
        "key_usage": "ENCRYPT_DECRYPT",
        "multi_region": False,
    },
    "aws_kms_replica_key": {
        "bypass_policy_lockout_safety_check": False,
        "deletion_window_in_days": 30,
        "enabled": True,
    },
    "aws_lambda_function": {
        "memory_size": 128,
        "package_type": "Zip",
        "publish": False,
        # No limit of its own.
        "reserved_concurrent_executions": -1,
        "timeout": 3,
        # https://docs.aws.amazon.com/lambda/latest/api/API_TracingConfig.html
        "tracing_config": [{"mode": "PassThrough"}],
    },
    "aws_lambda_function_url": {
        "invoke_mode": "BUFFERED",
    },
    "aws_launch_configuration": {
        "ebs_block_device.delete_on_termination": True,
        "ebs_block_device.encrypted": False,
        "ebs_block_device.no_device": False,
        "enable_monitoring": True,
        "metadata_options": [{}],
        "metadata_options.http_endpoint": "enabled",
        "metadata_options.http_tokens": "optional",
        "root_block_device": [{}],
        "root_block_device.delete_on_termination": True,
        "root_block_device.encrypted": False,
    },
    "aws_launch_template": {
        "disable_api_stop": False,
        "disable_api_termination": False,
        "metadata_options": [{}],
        "metadata_options.http_endpoint": "enabled",
        "metadata_options.http_tokens": "optional",
    },
    "aws_lb": {
        "access_logs.enabled": False,
        "connection_logs.enabled": False,
        "desync_mitigation_mode": "defensive",
        "drop_invalid_header_fields": False,
        "enable_deletion_protection": False,
        "enable_http2": True,
        "enable_waf_fail_open": False,
        "idle_timeout": 60,
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
        "internal": False,
        "load_balancer_type": "application",
        "preserve_host_header": False,
        "xff_header_processing_mode": "append",
    },
    "aws_lb_target_group": {
        "deregistration_delay": "300",
        "health_check": [{}],
        "health_check.enabled": True,
        "proxy_protocol_v2": False,
        "target_type": "instance",
    },
    "aws_memorydb_cluster": {
        "auto_minor_version_upgrade": True,
        "snapshot_retention_limit": 0,
        "tls_enabled": True,
    },
    "aws_mq_broker": {
        "auto_minor_version_upgrade": False,
        "deployment_mode": "SINGLE_INSTANCE",
        "encryption_options": [{}],
        "encryption_options.use_aws_owned_key": True,
        "logs.general": False,
        "publicly_accessible": False,
    },
    "aws_msk_cluster": {
        # https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html
        "broker_node_group_info.connectivity_info": [{}],
        "broker_node_group_info.connectivity_info.public_access": [{}],
        "broker_node_group_info.connectivity_info.public_access.type": "DISABLED",
        # https://docs.aws.amazon.com/msk/latest/developerguide/msk-working-with-encryption.html
        "encryption_info": [{}],
        "encryption_info.encryption_in_transit": [{}],
        "encryption_info.encryption_in_transit.client_broker": "TLS",
        "encryption_info.encryption_in_transit.in_cluster": True,
        "enhanced_monitoring": "DEFAULT",
    },
    "aws_mwaa_environment": {
        "webserver_access_mode": "PRIVATE_ONLY",
    },
    "aws_nat_gateway": {
        "connectivity_type": "public",
    },
    "aws_neptune_cluster": {
        "backup_retention_period": 1,
        "copy_tags_to_snapshot": False,
        "deletion_protection": False,
        "iam_database_authentication_enabled": False,
        "skip_final_snapshot": False,
        "storage_encrypted": False,
    },
    "aws_neptune_cluster_instance": {
        "auto_minor_version_upgrade": True,
        "publicly_accessible": False,
    },
    "aws_network_acl_rule": {
        "egress": False,
    },
    "aws_opensearch_domain": {
        **_SEARCH_DOMAIN,
        "software_update_options": [{}],
        "software_update_options.auto_software_update_enabled": False,
    },
    "aws_qldb_ledger": {
        "deletion_protection": True,
    },
    "aws_rds_cluster": {
        "backup_retention_period": 1,
        "copy_tags_to_snapshot": False,
        "delete_automated_backups": True,
        "deletion_protection": False,
        "enable_http_endpoint": False,
        # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
        "engine_lifecycle_support": "open-source-rds-extended-support",
        "engine_mode": "provisioned",
        "iam_database_authentication_enabled": False,
        "manage_master_user_password": False,
        "performance_insights_enabled": False,
        "skip_final_snapshot": False,
        # True for the engine mode "serverless".
        "storage_encrypted": False,
    },
    "aws_rds_cluster_instance": {
        "auto_minor_version_upgrade": True,
        "copy_tags_to_snapshot": False,
        "force_destroy": False,
        "monitoring_interval": 0,
        "performance_insights_enabled": False,
        "publicly_accessible": False,
    },
    "aws_rds_global_cluster": {
        "deletion_protection": False,
        "storage_encrypted": False,
    },
    # Version 6 of the provider turns the defaults of `encrypted` and `publicly_accessible` round.
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
    "aws_redshift_cluster": {
        "allow_version_upgrade": True,
        "automated_snapshot_retention_period": 1,
        "encrypted": False,
        "enhanced_vpc_routing": False,
        "manage_master_password": False,
        "multi_az": False,
        "number_of_nodes": 1,
        "port": 5439,
        "publicly_accessible": True,
        "skip_final_snapshot": False,
    },
    "aws_redshiftserverless_workgroup": {
        "enhanced_vpc_routing": False,
        "publicly_accessible": False,
    },
    "aws_route53_zone": {
        "force_destroy": False,
    },
    "aws_s3_access_point": {
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
        "public_access_block_configuration": [{}],
        "public_access_block_configuration.block_public_acls": True,
        "public_access_block_configuration.block_public_policy": True,
        "public_access_block_configuration.ignore_public_acls": True,
        "public_access_block_configuration.restrict_public_buckets": True,
    },
    "aws_s3_account_public_access_block": _PUBLIC_ACCESS_BLOCK,
    # A bucket made since April 2023 blocks public access and has no ACLs by default, but one
    # that is older does not, and code does not tell its age: so these have no row.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    "aws_s3_bucket": {
        "acl": "private",
        "force_destroy": False,
        "object_lock_enabled": False,
        **{f"public_access_block.{name}": value for name, value in _PUBLIC_ACCESS_BLOCK.items()},
        "request_payer": "BucketOwner",
        # Of every bucket, old ones included.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
        "server_side_encryption_configuration": [
            {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}]}
        ],
        "server_side_encryption_configuration.rule.bucket_key_enabled": False,
    },
    "aws_s3_bucket_public_access_block": _PUBLIC_ACCESS_BLOCK,
    "aws_sagemaker_notebook_instance": {
        "direct_internet_access": "Enabled",
        "instance_metadata_service_configuration": [{}],
        "instance_metadata_service_configuration.minimum_instance_metadata_service_version": "1",
        "root_access": "Enabled",
    },
    "aws_secretsmanager_secret": {
        "force_overwrite_replica_secret": False,
        "recovery_window_in_days": 30,
    },
    "aws_sns_topic": {
        "content_based_deduplication": False,
        "fifo_topic": False,
    },
    "aws_spot_instance_request": _INSTANCE,
    "aws_sqs_queue": {
        "delay_seconds": 0,
        "fifo_queue": False,
        "max_message_size": 262144,
        "message_retention_seconds": 345600,
        "receive_wait_time_seconds": 0,
        # Of a new queue; a KMS key takes its place.
        # https://aws.amazon.com/blogs/compute/announcing-server-side-encryption-with-amazon-simple-queue-service-managed-encryption-keys-sse-sqs-by-default/
        "sqs_managed_sse_enabled": True,
        "visibility_timeout_seconds": 30,
    },
    "aws_ssm_parameter": {
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
        "tier": "Standard",
    },
    "aws_subnet": {
        "assign_ipv6_address_on_creation": False,
        "map_public_ip_on_launch": False,
    },
    "aws_transfer_server": {
        "endpoint_type": "PUBLIC",
        "identity_provider_type": "SERVICE_MANAGED",
        "protocols": ["SFTP"],
        "security_policy_name": "TransferSecurityPolicy-2018-11",
    },
    "aws_vpc": {
        "enable_dns_hostnames": False,
        "enable_dns_support": True,
        "instance_tenancy": "default",
    },
    "aws_vpc_endpoint": {
        "private_dns_enabled": False,
        "vpc_endpoint_type": "Gateway",
    },
    "aws_workspaces_workspace": {
        "root_volume_encryption_enabled": False,
        "user_volume_encryption_enabled": False,
    },
}
"""By resource type and attribute."""
