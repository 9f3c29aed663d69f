"""`auditkit doctor`, on AWS as moto plays it."""

from __future__ import annotations

import json

import pytest
from aws_proxy import Fault, run_proxy

KMS = ("--types", "aws_kms_key,aws_kms_alias", "--regions", "us-east-1", "--select", "kms-key-*")
ACCOUNT = "123456789012"


@pytest.fixture
def proxy(aws, monkeypatch):
    """What stands between the program and moto, and writes down what is asked."""
    with run_proxy(aws.endpoint) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        yield proxy


def results(result):
    return {
        each["action"]: (each["result"], each["cause"])
        for each in json.loads(result.out)["actions"]
    }


def test_what_is_allowed_is_told(proxy, auditkit):
    result = auditkit("doctor", *KMS)
    assert result.code == 0, result.out
    rows = [line.split() for line in result.out.splitlines()]
    assert rows[0] == ["service", "action", "result"]
    assert ["kms", "ListKeys", "ok"] in rows
    assert ["kms", "GetKeyRotationStatus", "ok"] in rows
    assert result.err.endswith("`auditkit iam-policy` prints the policy that allows all of it\n")


def test_what_is_denied_is_told_with_the_region(proxy, auditkit):
    proxy.faults.append(Fault("denied", "kms:GetKeyRotationStatus"))
    result = auditkit("doctor", *KMS, "--format", "json")
    assert result.code == 3
    told = results(result)
    assert told["kms:GetKeyRotationStatus"] == (
        "denied",
        "kms:GetKeyRotationStatus was denied (AccessDeniedException) in us-east-1",
    )
    assert told["kms:DescribeKey"] == ("ok", "")
    assert json.loads(result.out)["actions"][0]["account"] == ACCOUNT
    assert "1 denied" in result.err


def test_what_needs_an_object_is_not_tried_without_one(proxy, auditkit):
    proxy.faults.append(Fault("denied", "kms:ListKeys"))
    told = results(auditkit("doctor", *KMS, "--format", "json"))
    assert told["kms:ListKeys"][0] == "denied"
    assert told["kms:DescribeKey"] == ("not tried", "nothing was found to ask about")
    assert "kms:DescribeKey" not in proxy.asked()


def test_an_answer_that_says_there_is_none_is_an_answer(proxy, auditkit):
    given = ("--services", "s3", "--regions", "us-east-1", "--format", "json")
    told = results(auditkit("doctor", *given, "--select", "s3-encryption-kms"))
    # moto's bucket has none, which is an error of S3.
    assert told["s3:GetEncryptionConfiguration"] == ("ok", "")
    assert 404 in {request.status for request in proxy.requests}


def test_nothing_is_asked_over_and_over(proxy, aws, auditkit):
    import boto3

    s3, kms = boto3.client("s3"), boto3.client("kms")
    for number in range(8):
        s3.create_bucket(Bucket=f"more-{number}")
        kms.create_key()
    proxy.clear()
    auditkit("doctor", "--services", "s3,kms", "--regions", "us-east-1")
    asked = proxy.asked()
    # It says of what kind the key is, and other calls depend on that.
    assert asked.pop("kms:DescribeKey") <= 5
    failed = {request.operation for request in proxy.requests if request.status >= 500}
    assert {name for name, times in asked.items() if times > 1} <= failed


def test_the_regions_are_tried_if_they_have_to_be_found(proxy, auditkit):
    proxy.faults.append(Fault("denied", "ec2:DescribeRegions"))
    result = auditkit("doctor", "--types", "aws_kms_alias", "--format", "json")
    assert results(result)["ec2:DescribeRegions"][0] == "denied"
    assert {request.region for request in proxy.requests} == {"us-east-1"}


def test_each_account_and_region_is_tried(proxy, auditkit):
    other = "arn:aws:iam::210987654321:role/Audit"
    given = ("--accounts", f"{ACCOUNT},{other}", "--role", "Audit")
    regions = ("--regions", "us-east-1,eu-west-1", "--types", "aws_ebs_volume")
    result = auditkit("doctor", *given, *regions)
    rows = [line.split() for line in result.out.splitlines()]
    assert rows[0] == ["account", "service", "action", "result"]
    assert [ACCOUNT, "ec2", "DescribeVolumes", "ok"] in rows
    assert ["210987654321", "ec2", "DescribeVolumes", "ok"] in rows
    asked = [each.region for each in proxy.requests if each.operation == "ec2:DescribeVolumes"]
    assert sorted(asked) == ["eu-west-1", "eu-west-1", "us-east-1", "us-east-1"]


def test_an_account_that_does_not_open_is_told(aws, auditkit, tmp_path):
    (tmp_path / "aws-config").write_text("[profile broken]\ncredential_process = false\n")
    both = ("--accounts", "broken,arn:aws:iam::210987654321:role/Audit")
    result = auditkit("doctor", *both, "--types", "aws_ebs_volume", "--regions", "us-east-1")
    assert result.code == 3
    assert "can't use profile broken" in result.err
    assert "DescribeVolumes" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--services", "kmz"), "did you mean 'kms'?"),
        (("--regions", "EU"), "not a region"),
        (("--select", "kms-key-rotations"), "did you mean"),
    ],
)
def test_a_slip_of_the_pen_is_told(aws, auditkit, arguments, message):
    result = auditkit("doctor", *arguments)
    assert result.code == 2
    assert message in result.err
