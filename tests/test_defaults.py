from __future__ import annotations

import pytest

from auditkit.defaults import DEFAULTS
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown
from auditkit.schema import check_path, coerce

ROWS = [(type, name, value) for type, rows in DEFAULTS.items() for name, value in rows.items()]


def nested(name, value):
    first, _, rest = name.partition(".")
    return {first: [nested(rest, value)] if rest else value}


@pytest.mark.parametrize("type", sorted(DEFAULTS))
def test_rows_name_attributes_and_have_their_kind(type):
    for name, value in DEFAULTS[type].items():
        assert check_path(type, tuple(name.split("."))) is None
        attributes = nested(name, value)
        assert coerce(type, attributes) == attributes


def test_the_table_covers_what_rules_speak_of():
    assert len(ROWS) > 150
    assert list(DEFAULTS) == sorted(DEFAULTS)


def attribute(type, name, **attributes):
    inventory = Inventory(Source.CODE, ".", (Resource(type, f"{type}.x", attributes),))
    return link(inventory).resources[f"{type}.x"].attribute(name)


NO_VALUE = Unknown("`var.x` has no value")
TEMPLATE_METADATA = {"http_endpoint": "enabled", "http_tokens": "optional"}
DEFAULT_METADATA = {
    "http_endpoint": "enabled",
    "http_protocol_ipv6": "disabled",
    "http_tokens": "optional",
    "instance_metadata_tags": "disabled",
}


@pytest.mark.parametrize(
    ("type", "name", "attributes", "value"),
    [
        # Absent, in every form.
        ("aws_db_instance", "storage_encrypted", {}, False),
        ("aws_db_instance", "storage_encrypted", {"storage_encrypted": None}, False),
        ("aws_ecr_repository", "image_tag_mutability", {"image_tag_mutability": ""}, "MUTABLE"),
        # Given.
        ("aws_db_instance", "storage_encrypted", {"storage_encrypted": True}, True),
        ("aws_kms_key", "enable_key_rotation", {"enable_key_rotation": NO_VALUE}, NO_VALUE),
        # No row.
        ("aws_db_instance", "kms_key_id", {}, None),
        ("aws_s3_bucket", "versioning", {}, None),
        ("aws_s3_bucket", "public_access_block", {}, None),
        ("no_such_type", "name", {}, None),
        # A block that is there by default.
        ("aws_launch_template", "metadata_options", {}, [TEMPLATE_METADATA]),
        ("aws_launch_template", "metadata_options", {"metadata_options": []}, [TEMPLATE_METADATA]),
        # One that the launch template may bring.
        ("aws_instance", "metadata_options", {}, None),
        ("aws_instance", "metadata_options", {"metadata_options": [{}]}, [DEFAULT_METADATA]),
        (
            "aws_instance",
            "metadata_options",
            {"metadata_options": [{"http_tokens": "required", "http_endpoint": None}]},
            [{**DEFAULT_METADATA, "http_tokens": "required"}],
        ),
        ("aws_instance", "metadata_options", {"metadata_options": NO_VALUE}, NO_VALUE),
        ("aws_instance", "metadata_options", {"metadata_options": [NO_VALUE]}, [NO_VALUE]),
        # A block that says something else when it is absent than when it is empty.
        (
            "aws_opensearch_domain",
            "domain_endpoint_options",
            {},
            [
                {
                    "enforce_https": False,
                    "custom_endpoint_enabled": False,
                    "tls_security_policy": "Policy-Min-TLS-1-0-2019-07",
                }
            ],
        ),
        (
            "aws_opensearch_domain",
            "domain_endpoint_options",
            {"domain_endpoint_options": [{}]},
            [
                {
                    "enforce_https": True,
                    "custom_endpoint_enabled": False,
                    "tls_security_policy": "Policy-Min-TLS-1-0-2019-07",
                }
            ],
        ),
        # Blocks in blocks.
        (
            "aws_codebuild_project",
            "logs_config",
            {"logs_config": [{"cloudwatch_logs": [{"status": "DISABLED"}]}]},
            [
                {
                    "cloudwatch_logs": [{"status": "DISABLED"}],
                    "s3_logs": [{"status": "DISABLED", "encryption_disabled": False}],
                }
            ],
        ),
        (
            "aws_cloudfront_distribution",
            "viewer_certificate",
            {"viewer_certificate": [{"acm_certificate_arn": "arn"}]},
            [
                {
                    "acm_certificate_arn": "arn",
                    "cloudfront_default_certificate": False,
                    "minimum_protocol_version": "TLSv1",
                }
            ],
        ),
    ],
)
def test_defaults_stand_in_for_what_is_absent(type, name, attributes, value):
    assert attribute(type, name, **attributes) == value


@pytest.mark.parametrize(
    ("type", "path", "attributes", "assumed"),
    [
        ("aws_db_instance", ("multi_az",), {}, True),
        ("aws_db_instance", ("multi_az",), {"multi_az": False}, False),
        ("aws_db_instance", ("kms_key_id",), {}, False),
        ("aws_db_instance", (), {}, False),
        ("aws_launch_template", ("metadata_options", 0, "http_tokens"), {}, True),
        (
            "aws_launch_template",
            ("metadata_options", 0, "http_tokens"),
            {"metadata_options": [{"http_endpoint": "enabled"}]},
            True,
        ),
        (
            "aws_launch_template",
            ("metadata_options", 0, "http_tokens"),
            {"metadata_options": [{"http_tokens": "optional"}]},
            False,
        ),
        (
            "aws_launch_template",
            ("metadata_options", 0, "http_tokens"),
            {"metadata_options": NO_VALUE},
            False,
        ),
    ],
)
def test_a_default_can_be_told_from_a_value(type, path, attributes, assumed):
    inventory = Inventory(Source.CODE, ".", (Resource(type, f"{type}.x", attributes),))
    assert link(inventory).resources[f"{type}.x"].is_assumed(path) is assumed
