"""Credentials of roles, which are renewed before they expire."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.credentials import Credentials

from auditkit.sources.aws.sessions import Access, assume

ROLE = "arn:aws:iam::123456789012:role/Audit"


class Security:
    """STS, with credentials that last so many seconds."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.asked = []

    def client(self, name, **credentials):
        assert name == "sts"
        assert credentials["aws_access_key_id"] == "source"
        return self

    def assume_role(self, **arguments):
        self.asked.append(arguments)
        number = len(self.asked)
        return {
            "Credentials": {
                "AccessKeyId": f"key{number}",
                "SecretAccessKey": "x",
                "SessionToken": "y",
                "Expiration": datetime.now(timezone.utc) + timedelta(seconds=self.seconds),
            },
            "AssumedRoleUser": {"Arn": f"{ROLE}/auditkit", "AssumedRoleId": "AROAX:auditkit"},
        }


@pytest.mark.parametrize(("seconds", "keys"), [(3600, ["key1", "key1"]), (30, ["key1", "key2"])])
def test_credentials_are_renewed_before_they_expire(seconds, keys):
    security = Security(seconds)
    credentials = assume(Access(role=ROLE), Credentials("source", "secret"), security.client)
    assert not security.asked, "nothing is asked before it is needed"
    assert [credentials.get_frozen_credentials().access_key for _ in keys] == keys


@pytest.mark.parametrize("external_id", ["", "agreed"])
def test_what_is_asked_for(external_id):
    security = Security(3600)
    access = Access(role=ROLE, external_id=external_id)
    assume(access, Credentials("source", "secret"), security.client).get_frozen_credentials()
    expected = {"RoleArn": ROLE, "RoleSessionName": "auditkit"}
    assert security.asked == [{**expected, **({"ExternalId": "agreed"} if external_id else {})}]


@pytest.mark.parametrize(
    ("access", "words", "partition"),
    [
        (Access(), "default credentials", ""),
        (Access(profile="dev"), "profile dev", ""),
        (Access(role=ROLE), ROLE, "aws"),
        (Access(role=ROLE.replace("aws:", "aws-cn:")), ROLE.replace("aws:", "aws-cn:"), "aws-cn"),
    ],
)
def test_how_an_access_reads(access, words, partition):
    assert str(access) == words
    assert access.partition == partition
