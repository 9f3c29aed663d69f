"""What the tests of the command line share: a place of its own and a way to call it."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest

from auditkit.cli.main import main

SECRET = "AKIAIOSFODNN7EXAMPLE"
"""A key id that somebody has put into a tag of the account `aws`."""


class Result(NamedTuple):
    """What a call left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch, tmp_path):
    """No test sees the settings of who runs it, and none the colours of a terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "AUDITKIT_CONFIG", "AUDITKIT_FAIL_ON"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty repository, which is the working directory, too."""
    directory = tmp_path / "project"
    (directory / ".git").mkdir(parents=True)
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture
def auditkit(project, capsys):
    """Calls the program in `project` and returns a `Result`."""

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = main(list(arguments))
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def aws(moto, monkeypatch, tmp_path):
    """An account with a few things in two regions; the credentials are in the environment."""
    moto.reset()
    boto3 = pytest.importorskip("boto3")
    from auditkit.sources.aws.sessions import session_of

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in moto.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    session_of.cache_clear()
    boto3.client("s3").create_bucket(Bucket="logs")
    boto3.client("kms").create_key(Tags=[{"TagKey": "Token", "TagValue": SECRET}])
    for region in ("us-east-1", "eu-west-1"):
        ec2 = boto3.client("ec2", region_name=region)
        ec2.create_volume(AvailabilityZone=f"{region}a", Size=1)
    yield moto
    session_of.cache_clear()
