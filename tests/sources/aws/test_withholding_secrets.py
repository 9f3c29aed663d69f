"""What was read, without the secrets in it."""

from __future__ import annotations

import json

import pytest

from auditkit.model import Resource, Source, Unknown
from auditkit.rules.policy import read_policy
from auditkit.sources.aws.withholding import withhold_secrets

KEY = "AKIAIOSFODNN7EXAMPLE"


def kept(type, **attributes):
    return withhold_secrets(Resource(type, "arn:x", attributes, Source.LIVE, id="x")).attributes


@pytest.mark.parametrize(
    ("type", "name", "value"),
    [
        ("aws_db_instance", "password", "hunter2"),
        ("aws_db_instance", "tags", {"DbPassword": "hunter2"}),
        ("aws_ebs_volume", "tags", {"note": f"use {KEY}"}),
        ("aws_ebs_volume", "tags", {"url": "https://me:hunter2@example.com"}),
        ("aws_mq_broker", "user", [{"username": "a", "password": "hunter2"}]),
        ("aws_lambda_function", "environment", [{"variables": {"API_TOKEN": "hunter2"}}]),
        ("aws_x", "settings", [{"name": "DB_PASSWORD", "value": "hunter2"}]),
    ],
)
def test_secrets_are_unknown(type, name, value):
    found = kept(type, **{name: value})[name]
    assert "hunter2" not in repr(found)
    assert KEY not in repr(found)
    assert "Unknown" in repr(found)
    assert "sensitive=True" in repr(found)


@pytest.mark.parametrize(
    ("type", "name", "value"),
    [
        ("aws_db_instance", "password", None),
        ("aws_db_instance", "password", ""),
        ("aws_iam_access_key", "id", KEY),
        ("aws_db_instance", "manage_master_user_password", True),
        ("aws_secretsmanager_secret", "name", "prod/password"),
        ("aws_iam_account_password_policy", "minimum_password_length", 14),
        ("aws_ebs_volume", "kms_key_id", "arn:aws:kms:eu-west-1:1:key/2"),
    ],
)
def test_what_is_no_secret_stays(type, name, value):
    assert kept(type, **{name: value})[name] == value


def test_the_rest_of_a_text_stays():
    found = kept("aws_ebs_volume", tags={"note": f"use {KEY} please"})["tags"]["note"]
    assert isinstance(found, Unknown)
    assert [part for part in found.parts if isinstance(part, str)] == ["use ", " please"]


def test_a_policy_with_a_key_in_it_is_still_read():
    statement = {"Sid": KEY, "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    document = json.dumps({"Statement": [statement]})
    read = read_policy(kept("aws_s3_bucket_policy", policy=document)["policy"])
    assert read["statements"][0]["effect"] == "Allow"
    assert isinstance(read["statements"][0]["sid"], Unknown)


def test_what_could_not_be_told_stays_as_it_is():
    unknown = Unknown("denied")
    assert kept("aws_db_instance", password=unknown)["password"] is unknown


def test_nothing_else_changes():
    resource = Resource("aws_x", "a", {"b": 1}, Source.LIVE, id="i", doubt=Unknown("d"))
    assert withhold_secrets(resource) == resource
