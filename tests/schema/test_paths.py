from __future__ import annotations

import pytest

from auditkit.schema import check_path


@pytest.mark.parametrize(
    ("type", "path"),
    [
        ("aws_sqs_queue", "kms_master_key_id"),
        ("aws_sqs_queue", "tags.Owner"),
        ("aws_sqs_queue", "tags_all.Owner"),
        ("aws_sqs_queue", "timeouts.create"),
        ("aws_security_group", "ingress.cidr_blocks"),
        ("aws_instance", "metadata_options.http_tokens"),
        ("aws_s3_bucket", "versioning.status"),
        ("aws_s3_bucket", "public_access_block.block_public_acls"),
        (
            "aws_s3_bucket",
            "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default"
            ".sse_algorithm",
        ),
        ("aws_s3_bucket", "lifecycle_rule.expiration.days"),
        ("aws_s3_bucket", "access_control_policy.grant.grantee.uri"),
        ("aws_redshift_cluster", "logging.enable"),
        ("aws_iam_user", "inline_policy.policy"),
        ("aws_api_gateway_stage", "settings.logging_level"),
        ("aws_lb", "web_acl_arn"),
        ("github_workflow", "anything.at_all"),
        ("output", "value"),
        ("aws_lb", "lifecycle.prevent_destroy"),
        ("aws_lb", "terraform_plan.replace_paths"),
        ("aws_lb", "terraform_state.tainted"),
        ("plan", "destroys"),
    ],
)
def test_known_paths(type, path):
    assert check_path(type, tuple(path.split("."))) is None


@pytest.mark.parametrize(
    ("type", "path", "message"),
    [
        (
            "aws_lb",
            "terraform_plan.destroy",
            "aws_lb.terraform_plan has no attribute 'destroy' (did you mean 'destroys'?)",
        ),
        ("state", "path", "state has no attribute 'path'"),
        (
            "aws_sqs_quee",
            "name",
            "unknown resource type 'aws_sqs_quee' (did you mean 'aws_sqs_queue'?)",
        ),
        (
            "aws_sqs_queue",
            "kms_master_key",
            "aws_sqs_queue has no attribute 'kms_master_key' (did you mean 'kms_master_key_id'?)",
        ),
        (
            "aws_security_group",
            "ingress.cidr_block",
            "aws_security_group.ingress has no attribute 'cidr_block'"
            " (did you mean 'cidr_blocks'?)",
        ),
        (
            "aws_instance",
            "metadata_options.http_token",
            "aws_instance.metadata_options has no attribute 'http_token'"
            " (did you mean 'http_tokens'?)",
        ),
        (
            "aws_sqs_queue",
            "policy.Statement",
            "aws_sqs_queue.policy is a string and has nothing named 'Statement'",
        ),
        # Rules see the new shape only.
        (
            "aws_s3_bucket",
            "versioning.enabled",
            "aws_s3_bucket.versioning has no attribute 'enabled'",
        ),
        (
            "aws_lb",
            "web_acl_arm",
            "aws_lb has no attribute 'web_acl_arm' (did you mean 'web_acl_arn'?)",
        ),
    ],
)
def test_unknown_paths_are_told_with_a_suggestion(type, path, message):
    assert check_path(type, tuple(path.split("."))) == message
