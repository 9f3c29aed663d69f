"""What tells that something is left over: of users, roles, buckets, certificates and records."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from answering import Answer, Answers, read

from auditkit.model import Resource, Unknown
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.collecting import Place, Plan, collect

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
ARN = "arn:aws:iam::123456789012"


def observed(resource: Resource) -> dict[str, Any]:
    told: Any = resource.attributes["observed"]
    return dict(told)


def details(**lists: Any) -> dict[str, Any]:
    return {"iam:GetAccountAuthorizationDetails": lists}


def test_a_user_has_keys_whose_use_is_not_told() -> None:
    user = {"UserName": "git", "UserId": "AIDA1", "Path": "/", "Arn": f"{ARN}:user/git"}
    columns = "user,password_enabled,cert_1_active,cert_2_active"
    report = f"{columns}\ngit,false,false,true\n"
    keys = [
        {"UserName": "git", "SSHPublicKeyId": "APKA1", "Status": "Active", "UploadDate": THEN},
        {"UserName": "git", "SSHPublicKeyId": "APKA2", "Status": "Inactive", "UploadDate": THEN},
    ]
    table: dict[str, Answer] = {
        **details(UserDetailList=[{**user, "CreateDate": THEN}]),
        "iam:GenerateCredentialReport": {"State": "COMPLETE"},
        "iam:ListSSHPublicKeys": {"SSHPublicKeys": keys},
    }
    plan = Plan({"aws_iam_user": live_types()["aws_iam_user"]})

    class Reporting(Answers):
        def pages(self, call: Any, arguments: Any, region: str) -> Any:
            if call.operation == "iam:GetCredentialReport":
                yield {"Content": report.encode()}
                return
            yield from super().pages(call, arguments, region)

    events = collect(Place("123456789012", "us-east-1"), plan, Reporting(table))
    (found,) = (event for event in events if isinstance(event, Resource))
    told = observed(found)
    assert (told["ssh_keys"], told["signing_certificates"]) == (1, True)


@pytest.mark.parametrize(
    ("statement", "federated"),
    [
        ({"Principal": {"Federated": f"{ARN}:saml-provider/a"}}, [f"{ARN}:saml-provider/a"]),
        ({"Principal": {"Federated": ["a", "b"]}}, ["a", "b"]),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, []),
        ({"Principal": "*"}, []),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_a_role_names_the_identity_providers_that_it_trusts(
    statement: Any, federated: list[str], several: bool
) -> None:
    role = {
        "RoleName": "ci",
        "RoleId": "AROA1",
        "Path": "/",
        "Arn": f"{ARN}:role/ci",
        "CreateDate": THEN,
        "AssumeRolePolicyDocument": {"Statement": [statement] if several else statement},
    }
    plan = Plan({"aws_iam_role": live_types()["aws_iam_role"]})
    answers = Unchecked(details(RoleDetailList=[role]))
    events = collect(Place("123456789012", "us-east-1"), plan, answers)
    (found,) = (event for event in events if isinstance(event, Resource))
    assert observed(found)["federated"] == federated


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/", "aws_iam_role"),
        ("/service-role/", "aws_iam_role"),
        # A service's own, which goes with the service.
        ("/aws-service-role/ecs.amazonaws.com/", "aws_iam_service_linked_role"),
        # Of IAM Identity Center, which nobody else can change.
        ("/aws-reserved/sso.amazonaws.com/", None),
    ],
)
def test_the_path_of_a_role_says_whose_it_is(path: str, type: str | None) -> None:
    role = {
        "RoleName": "r",
        "RoleId": "AROA1",
        "Path": path,
        "Arn": f"{ARN}:role{path}r",
        "CreateDate": THEN,
        "AssumeRolePolicyDocument": {"Statement": []},
    }
    types = ("aws_iam_role", "aws_iam_service_linked_role")
    plan = Plan({name: live_types()[name] for name in types})
    answers = Unchecked(details(RoleDetailList=[role]))
    events = collect(Place("123456789012", "us-east-1"), plan, answers)
    found = [event.type for event in events if isinstance(event, Resource)]
    assert found == [type] * (type is not None)


@pytest.mark.parametrize(
    ("members", "buckets"),
    [
        ({"artifacts": {"type": "CODEPIPELINE"}, "cache": {"type": "NO_CACHE"}}, []),
        (
            {
                "artifacts": {"type": "S3", "location": "made"},
                "secondaryArtifacts": [
                    {"type": "S3", "location": "made-too"},
                    {"type": "NO_ARTIFACTS"},
                ],
                "cache": {"type": "S3", "location": "kept/cache"},
                "logsConfig": {"s3Logs": {"location": "arn:aws:s3:::logged/builds"}},
            },
            ["made", "kept", "logged", "made-too"],
        ),
    ],
)
def test_a_build_tells_the_buckets_that_it_writes_to(members: Any, buckets: list[str]) -> None:
    answers: dict[str, Answer] = {
        "codebuild:ListProjects": {"projects": ["app"]},
        "codebuild:BatchGetProjects": {"projects": [{"name": "app", **members}]},
    }
    (found,) = read(answers, "aws_codebuild_project")
    assert observed(found)["buckets"] == buckets


class Unchecked(Answers):
    """The SDK makes a structure of the policy document, which the model has as a text."""

    def pages(self, call: Any, arguments: Any, region: str) -> Any:
        if call.operation in self.table:
            yield self.table[call.operation]
            return
        yield from super().pages(call, arguments, region)


@pytest.mark.parametrize(
    ("versions", "uploads", "is_empty"),
    [
        ({}, {}, True),
        ({"Versions": [{"Key": "a", "IsLatest": True}]}, "AccessDenied", False),
        ({"DeleteMarkers": [{"Key": "a", "IsLatest": True}]}, {}, False),
        ({}, {"Uploads": [{"Key": "a"}]}, False),
        ({}, "AccessDenied", None),
        ("AccessDenied", {}, None),
    ],
)
def test_a_bucket_is_empty_without_versions_markers_and_uploads(
    versions: Answer, uploads: Answer, is_empty: bool | None
) -> None:
    table: dict[str, Answer] = {
        "s3:ListBuckets": {"Buckets": [{"Name": "b", "CreationDate": THEN}]},
        "s3:ListObjectVersions": versions,
        "s3:ListMultipartUploads": uploads,
    }
    (bucket,) = read(table, "aws_s3_bucket")
    told = observed(bucket)["is_empty"]
    if is_empty is None:
        assert isinstance(told, Unknown)
        assert "was denied" in told.cause
    else:
        assert told is is_empty


def test_a_certificate_says_whether_it_may_be_exported() -> None:
    summary = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
    listed = [{**summary, "ExportOption": "ENABLED", "InUse": False, "Exported": False}]
    (found,) = read(
        {"acm:ListCertificates": {"CertificateSummaryList": listed}}, "aws_acm_certificate"
    )
    told = observed(found)
    assert (told["exportable"], told["exported"], told["in_use"]) == (True, False, False)


@pytest.mark.parametrize(
    ("record", "targets"),
    [
        (
            {
                "Type": "A",
                "AliasTarget": {
                    "HostedZoneId": "Z",
                    "DNSName": "dualstack.Web-1.eu-west-1.elb.amazonaws.com.",
                    "EvaluateTargetHealth": False,
                },
            },
            ["web-1.eu-west-1.elb.amazonaws.com"],
        ),
        (
            {"Type": "CNAME", "ResourceRecords": [{"Value": "D1.cloudfront.net"}]},
            ["d1.cloudfront.net"],
        ),
        ({"Type": "A", "ResourceRecords": [{"Value": "198.51.100.7"}]}, []),
    ],
)
def test_a_record_tells_the_host_that_it_leads_to(record: Any, targets: list[str]) -> None:
    zone = {
        "Id": "/hostedzone/Z1",
        "Name": "example.com.",
        "CallerReference": "1",
        "Config": {"PrivateZone": True},
    }
    table: dict[str, Answer] = {
        "route53:ListHostedZones": {"HostedZones": [zone]},
        "route53:ListResourceRecordSets": {
            "ResourceRecordSets": [{"Name": "www.example.com.", "TTL": 60, **record}]
        },
    }
    (found,) = read(table, "aws_route53_record")
    told = observed(found)
    assert (told["targets"], told["in_private_zone"]) == (targets, True)
