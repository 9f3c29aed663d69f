"""`auditkit demo`: a first look that needs no AWS account, and never reaches a real one."""

from __future__ import annotations

import os
import socket
import sys

import pytest

pytest.importorskip("moto.server", reason="moto is not installed: pip install 'moto[server]'")
pytestmark = pytest.mark.server


@pytest.fixture
def only_loopback(monkeypatch):
    """Records each address that is connected to, and lets nothing leave this machine."""
    reached = []
    connect = socket.socket.connect

    def watched(self, address):
        reached.append(address)
        if self.family != socket.AF_UNIX and address[0] != "127.0.0.1":
            raise OSError(f"the demo wants to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return reached


REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_PROFILE": "production",
    "AWS_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "https://real.example.com",
    "AWS_ENDPOINT_URL_S3": "https://s3.real.example.com",
    "AWS_ENDPOINT_URL_EC2": "https://ec2.real.example.com",
    "AUDITKIT_ACCOUNTS": "organization",
    "HTTP_PROXY": "http://proxy.example.com:3128",
    "TF_VAR_vpc_id": "vpc-real",
}


def test_it_shows_what_is_wrong_in_code_state_and_account(
    auditkit, project, monkeypatch, only_loopback, tmp_path
):
    config = tmp_path / "aws-config"
    config.write_text(
        "[profile production]\nregion = eu-central-1\nendpoint_url = https://real.example.com\n"
    )
    for name, value in {**REAL, "AWS_CONFIG_FILE": str(config)}.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    result = auditkit("demo", "--severity", "low")
    assert result.code == 0, result.err
    assert dict(os.environ) == before
    assert only_loopback
    assert all(address[0] == "127.0.0.1" for address in only_loopback)
    # Of the code, with its line; of the state; of what runs, declared or not.
    assert "main.tf:50" in result.out
    assert "seen  in the state" in result.out
    assert "arn:aws:s3:::acme-shop-export" in result.out
    assert "ebs-volume-unused" in result.out
    assert "error " not in result.out
    assert "Incomplete" not in result.out
    assert "Traceback" not in result.err
    assert "real" not in result.out
    assert not list(project.glob("*.tf"))


def test_the_sample_can_be_kept(auditkit, project):
    assert auditkit("demo", "--keep", "sample").code == 0
    kept = project / "sample"
    assert {path.name for path in kept.iterdir()} == {"main.tf", "terraform.tfstate"}
    result = auditkit("scan", "sample", "--state", "sample/terraform.tfstate")
    assert result.code == 1


def test_without_moto_it_says_what_to_install(auditkit, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "moto"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "auditkit.sources.aws.sample", raising=False)
    monkeypatch.setitem(sys.modules, "moto", None)
    result = auditkit("demo")
    assert result.code == 2
    assert "pip install 'auditkit[demo]'" in result.err
