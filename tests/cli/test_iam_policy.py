"""`auditkit iam-policy`."""

from __future__ import annotations

import json
import sys

import pytest
from terraform_binary import require_provider

from auditkit.sources.aws import policies


def test_it_prints_a_policy_document(auditkit):
    result = auditkit("iam-policy", "--types", "aws_kms_key")
    assert result.code == 0
    document = json.loads(result.out)
    assert document["Version"] == "2012-10-17"
    read, deny = document["Statement"]
    assert "kms:ListKeys" in read["Action"]
    assert "s3:ListAllMyBuckets" not in read["Action"]
    assert deny["Effect"] == "Deny"
    assert result.err == ""


def test_services_and_types_narrow_it(auditkit):
    whole = auditkit("iam-policy", "--no-deny-data").out
    part = auditkit("iam-policy", "--no-deny-data", "--services", "kms,s3").out
    assert "ec2:DescribeVolumes" in whole
    assert "ec2:DescribeVolumes" not in part
    assert "kms:ListKeys" in part


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--services", "kmss", "kms"), ("--types", "aws_kms_keys", "aws_kms_key")],
)
def test_a_slip_of_the_pen_is_told(auditkit, option, value, word):
    result = auditkit("iam-policy", option, value)
    assert result.code == 2
    assert word in result.err


def test_what_is_too_long_becomes_several(auditkit, monkeypatch):
    monkeypatch.setattr(policies, "MOST_CHARACTERS", 1200)
    result = auditkit("iam-policy")
    documents = json.loads(result.out)
    assert list(documents)[:2] == ["auditkit-1", "auditkit-2"]
    assert f"attach all {len(documents)} policies" in result.err
    second = auditkit("iam-policy", "--part", "2")
    assert json.loads(second.out) == documents["auditkit-2"]
    assert auditkit("iam-policy", "--part", "99").code == 2


def test_without_boto3_it_says_what_to_install(auditkit, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("auditkit.sources.aws")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "botocore", None)
    result = auditkit("iam-policy")
    assert result.code == 2
    assert "pip install 'auditkit[aws]'" in result.err


@pytest.mark.terraform
@pytest.mark.parametrize("limit", [policies.MOST_CHARACTERS, 1200])
def test_terraform_takes_what_is_printed(auditkit, monkeypatch, tmp_path, limit):
    monkeypatch.setattr(policies, "MOST_CHARACTERS", limit)
    text = auditkit("iam-policy", "-f", "terraform", "--assume", "audit").out
    (tmp_path / "main.tf").write_text(text)
    terraform = require_provider()
    terraform.validate(tmp_path)
    terraform.run("fmt", "-check", directory=tmp_path)
