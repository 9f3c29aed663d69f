"""What the environment says about getting at remote states."""

from __future__ import annotations

import json

import pytest

from auditkit.cli.access import read_access
from auditkit.errors import ConfigError


def credentials(home, document):
    path = home / ".terraform.d" / "credentials.tfrc.json"
    path.parent.mkdir()
    path.write_text(document if isinstance(document, str) else json.dumps(document))


def test_tokens_are_named_after_hosts(tmp_path):
    environment = {
        "TF_TOKEN_app_terraform_io": "a",
        "TF_TOKEN_tfe_my__company_com": "b",
        "TF_TOKEN_x": "",
    }
    access = read_access(environment, tmp_path)
    assert access.tokens == {"app.terraform.io": "a", "tfe.my-company.com": "b"}


def test_the_environment_goes_before_what_terraform_login_wrote(tmp_path):
    hosts = {"app.terraform.io": {"token": "file"}, "other.com": {"token": "other"}, "bad": {}}
    credentials(tmp_path, {"credentials": hosts})
    access = read_access({"TF_TOKEN_app_terraform_io": "variable"}, tmp_path)
    assert access.tokens == {"app.terraform.io": "variable", "other.com": "other"}


@pytest.mark.parametrize(
    "document", ["[]", "{}", '{"credentials": 7}', '{"credentials": {"a": 7}}']
)
def test_a_file_of_another_shape_says_nothing(tmp_path, document):
    credentials(tmp_path, document)
    assert read_access({}, tmp_path).tokens == {}


def test_a_broken_file_is_told(tmp_path):
    credentials(tmp_path, "{")
    with pytest.raises(
        ConfigError, match=r"credentials.tfrc.json: not JSON; run `terraform login`"
    ):
        read_access({}, tmp_path)


def test_the_rest(tmp_path):
    environment = {
        "TF_HTTP_ADDRESS": "https://example.com",
        "TF_HTTP_USERNAME": "me",
        "TF_HTTP_PASSWORD": "p",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    access = read_access(environment, tmp_path)
    assert (access.http_address, access.http_username, access.http_password) == (
        "https://example.com",
        "me",
        "p",
    )
    assert access.region == "eu-west-1"
    assert read_access({**environment, "AWS_REGION": "us-east-1"}, tmp_path).region == "us-east-1"
