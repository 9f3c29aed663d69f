"""Where states are had from: directories, S3, HTTP backends, HCP Terraform."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from plan_documents import only, write

from auditkit.errors import SourceError
from auditkit.model import Unknown
from auditkit.sources.terraform.code import CodeOptions
from auditkit.sources.terraform.state import read_state
from auditkit.sources.terraform.stores import http, s3
from auditkit.sources.terraform.stores.store import Access

STATE = {
    "version": 4,
    "resources": [
        {
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": "b",
            "instances": [{"attributes": {"id": "b", "bucket": "b"}}],
        }
    ],
}
BODY = json.dumps(STATE).encode()
BUCKET = 'resource "aws_s3_bucket" "b" {}\n'


def terraform(block: str) -> str:
    return f"terraform {{\n{block}\n}}\n{BUCKET}"


def refused(location, **options) -> str:
    with pytest.raises(SourceError) as caught:
        read_state(str(location), **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Files and directories


@pytest.mark.parametrize(
    ("files", "workspace", "place"),
    [
        ({}, "default", "terraform.tfstate"),
        ({}, "dev", "terraform.tfstate.d/dev/terraform.tfstate"),
        (
            {".terraform/environment": "dev\n"},
            "",
            "terraform.tfstate.d/dev/terraform.tfstate",
        ),
        # What is said goes before what was selected.
        ({".terraform/environment": "dev\n"}, "default", "terraform.tfstate"),
        (
            {"main.tf": terraform('backend "local" {\n path = "x.tfstate"\n}')},
            "default",
            "x.tfstate",
        ),
        (
            {"main.tf": terraform('backend "local" {\n workspace_dir = "w"\n}')},
            "dev",
            "w/dev/terraform.tfstate",
        ),
        (
            {"main.tf.json": '{"terraform": {"backend": {"local": {"path": "x.tfstate"}}}}'},
            "default",
            "x.tfstate",
        ),
        # What `terraform init -backend-config` was given goes before the code.
        (
            {
                "main.tf": terraform('backend "local" {}'),
                ".terraform/terraform.tfstate": json.dumps(
                    {"version": 3, "backend": {"type": "local", "config": {"path": "y.tfstate"}}}
                ),
            },
            "default",
            "y.tfstate",
        ),
    ],
)
def test_a_directory_has_its_state_where_its_backend_says(tmp_path, files, workspace, place):
    (tmp_path / ".git").mkdir()
    project = write(tmp_path, {"main.tf": BUCKET, **files, place: BODY.decode()})
    options = CodeOptions(workspace=workspace)
    inventory = read_state(str(tmp_path), project=project, options=options)
    assert inventory.name == place
    assert only(inventory).location is not None
    assert inventory.resources[0].attributes["store"] == "local"


def test_a_directory_without_a_state_is_told(tmp_path):
    told = refused(tmp_path)
    assert told.endswith(
        "terraform.tfstate: there is no state; has anything been applied from here?"
    )


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            'backend "gcs" {}',
            "states of the backend 'gcs' are not read; have Terraform do it: --state pull:",
        ),
        ('backend "s3" {\n  bucket = "b"\n}', "says the bucket and key of its backend; run"),
        (
            'backend "s3" {\n  bucket = var.b\n  key = "k"\n}',
            "says the bucket and key of its backend",
        ),
        ('backend "http" {}', "says the address of its backend"),
        ('backend "remote" {\n  organization = "o"\n}', "says its organization and workspace"),
        ('cloud {\n  organization = "o"\n}', "says its organization and workspace"),
    ],
)
def test_what_a_backend_leaves_open_is_told(tmp_path, block, told):
    write(tmp_path, {"main.tf": terraform(block)})
    assert told in refused(tmp_path)


@pytest.mark.parametrize("location", ["s3://b", "s3://", "remote:x", "remote:/x", "remote:a/b/c/d"])
def test_half_a_location_is_told(location):
    assert refused(location).startswith(f"{location}: write ")


def test_a_missing_file_is_told(tmp_path):
    assert refused(tmp_path / "x.tfstate").endswith("x.tfstate: No such file or directory")


@pytest.mark.parametrize("is_added", [True, False])
def test_a_file_that_git_keeps_is_committed(tmp_path, is_added):
    file = tmp_path / "terraform.tfstate"
    file.write_bytes(BODY)
    assert read_state(str(file)).resources[0].attributes["committed"] is False
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    if is_added:
        subprocess.run(["git", "-C", str(tmp_path), "add", file.name], check=True)
    assert read_state(str(file)).resources[0].attributes["committed"] is is_added


def test_where_git_does_not_tell_it_is_unknown(tmp_path):
    file = tmp_path / "terraform.tfstate"
    file.write_bytes(BODY)
    (tmp_path / ".git").write_text("no repository")
    committed = read_state(str(file)).resources[0].attributes["committed"]
    assert isinstance(committed, Unknown)


def test_terraform_pulls_what_is_not_read(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho \"$@\" > arguments\ncat <<'END'\n{BODY.decode()}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    project = write(
        tmp_path, {"live/main.tf": terraform('backend "gcs" {}'), "other/main.tf": BUCKET}
    )
    inventory = read_state(f"pull:{tmp_path / 'live'}", project=project)
    assert only(inventory).location.file == "live/main.tf"
    assert (tmp_path / "live" / "arguments").read_text() == "state pull\n"
    assert "there is no directory" in refused("pull:/nowhere")


# HTTP


class Handler(BaseHTTPRequestHandler):
    """Answers what the test has laid down, and remembers what it was asked."""

    answers: dict[str, tuple[int, dict[str, str], bytes]]
    asked: list[tuple[str, str | None]]

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Authorization")))
        status, headers, body = self.answers.get(self.path, (404, {}, b"no"))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server:
    def __init__(self, port: int, handler: type[Handler]) -> None:
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.answers = handler.answers
        self.asked = handler.asked


@pytest.fixture
def serve() -> Iterator[object]:
    """Starts a server that knows nothing yet."""
    servers = []

    def start() -> Server:
        handler = type("_Handler", (Handler,), {"answers": {}, "asked": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return Server(server.server_address[1], handler)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_http_backend_is_asked_with_basic_authentication(serve):
    server = serve()
    server.answers["/state"] = (200, {}, BODY)
    access = Access(http_username="me", http_password="hunter2")
    inventory = read_state(f"{server.url}/state", access=access)
    assert only(inventory).id == "b"
    assert inventory.name == f"{server.url}/state"
    assert inventory.resources[0].attributes["store"] == "http"
    ((_, header),) = server.asked
    assert base64.b64decode(header.removeprefix("Basic ")) == b"me:hunter2"


def test_credentials_in_an_address_are_used_and_not_told(serve):
    server = serve()
    server.answers["/state?token=hunter2"] = (200, {}, BODY)
    inventory = read_state(f"http://me:hunter%322@{server.host}/state?token=hunter2")
    assert "hunter" not in repr(inventory)
    ((_, header),) = server.asked
    assert base64.b64decode(header.removeprefix("Basic ")) == b"me:hunter22"
    assert "hunter" not in refused(f"http://me:hunter2@{server.host}/none?token=hunter2")


def test_a_directory_may_have_an_http_backend(serve, tmp_path):
    server = serve()
    server.answers["/state"] = (200, {}, BODY)
    block = f'backend "http" {{\n  address  = "{server.url}/state"\n  username = "me"\n}}'
    project = write(tmp_path, {"a/main.tf": terraform(block), "b/main.tf": BUCKET})
    access = Access(http_password="p")
    for location in (str(tmp_path / "a"), f"{server.url}/state"):
        inventory = read_state(location, project=project, access=access)
        assert only(inventory).location.file == "a/main.tf"
    assert len({header for _, header in server.asked}) == 1


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, b"", "access is denied: wrong or missing credentials"),
        (403, b"", "access is denied"),
        (404, b"", "there is no such state"),
        (204, b"", "there is no state yet"),
        (200, b"", "there is no state yet"),
        (500, b"", "the server answered 500 Internal Server Error"),
        (200, b"<html>", "not JSON: expected a JSON object"),
        (200, BODY[:50], "not JSON: it is truncated, or was never complete"),
    ],
)
def test_answers_that_are_no_state(serve, status, body, told):
    server = serve()
    server.answers["/state"] = (status, {}, body)
    message = refused(f"{server.url}/state")
    assert message.startswith(f"{server.url}/state:")
    assert told in message


def test_redirects_lose_their_credentials_on_the_way_to_another_host(serve):
    first, second = serve(), serve()
    first.answers["/state"] = (302, {"Location": "/moved"}, b"")
    first.answers["/moved"] = (302, {"Location": f"{second.url}/state"}, b"")
    second.answers["/state"] = (200, {}, BODY)
    access = Access(http_username="me", http_password="p")
    assert only(read_state(f"{first.url}/state", access=access)).id == "b"
    assert [bool(header) for _, header in first.asked] == [True, True]
    assert second.asked == [("/state", None)]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_redirects_to_other_schemes_are_not_followed(serve, target):
    server = serve()
    server.answers["/state"] = (302, {"Location": target}, b"")
    assert refused(f"{server.url}/state").startswith(f"{server.url}/state: ")


def test_redirects_in_a_circle_end(serve):
    server = serve()
    server.answers["/state"] = (302, {"Location": "/state"}, b"")
    assert refused(f"{server.url}/state")
    assert len(server.asked) < 20


def test_what_is_too_large_is_not_read(serve, monkeypatch):
    server = serve()
    server.answers["/state"] = (200, {"Content-Length": str(http.MAX_BYTES + 1)}, b"")
    assert "larger than 2,000,000,000 bytes; it was not read" in refused(f"{server.url}/state")


def test_a_slow_server_is_given_up(serve, monkeypatch):
    server = serve()
    server.answers["/state"] = (200, {}, BODY)
    monkeypatch.setattr(http, "TOTAL_SECONDS", -1)
    assert "it took longer than -1 s to read" in refused(f"{server.url}/state")


def test_a_server_that_is_not_there_is_told(serve):
    assert "Connection refused" in refused("http://127.0.0.1:1/state")


def test_credentials_are_not_sent_in_clear_text():
    access = Access(http_password="hunter2")
    told = refused("http://example.com/state", access=access)
    assert told == "http://example.com/state: credentials are not sent without https"


# HCP Terraform


@pytest.fixture
def cloud(serve):
    server = serve()
    api = "/api/v2/"
    server.answers[f"{api}organizations/acme/workspaces/shop"] = (
        200,
        {},
        b'{"data": {"id": "ws-1"}}',
    )
    version = {"data": {"attributes": {"hosted-state-download-url": f"{server.url}/state"}}}
    server.answers[f"{api}workspaces/ws-1/current-state-version"] = (
        200,
        {},
        json.dumps(version).encode(),
    )
    server.answers["/state"] = (200, {}, BODY)
    return server


def test_a_workspace_is_read_over_the_api(cloud):
    access = Access(tokens={cloud.host: "hunter2"})
    inventory = read_state(f"{cloud.url}/app/acme/workspaces/shop", access=access)
    assert only(inventory).id == "b"
    assert inventory.name == f"{cloud.host}/acme/shop"
    assert inventory.resources[0].attributes["store"] == "remote"
    assert {header for _, header in cloud.asked} == {"Bearer hunter2"}


def test_the_token_does_not_go_to_another_host(cloud, serve):
    archive = serve()
    archive.answers["/state"] = (200, {}, BODY)
    version = {"data": {"attributes": {"hosted-state-download-url": f"{archive.url}/state"}}}
    cloud.answers["/api/v2/workspaces/ws-1/current-state-version"] = (
        200,
        {},
        json.dumps(version).encode(),
    )
    access = Access(tokens={cloud.host: "t"})
    assert only(read_state(f"{cloud.url}/app/acme/workspaces/shop", access=access)).id == "b"
    assert archive.asked == [("/state", None)]


def test_without_a_token_it_says_how_to_get_one():
    assert refused("remote:acme/shop") == (
        "app.terraform.io/acme/shop: there is no token for app.terraform.io;"
        " set TF_TOKEN_app_terraform_io, or run `terraform login app.terraform.io`"
    )
    assert "set TF_TOKEN_tfe_my__company_com" in refused("remote:tfe.my-company.com/acme/shop")


@pytest.mark.parametrize(
    ("path", "answer", "told"),
    [
        ("organizations/acme/workspaces/shop", (404, b""), "there is no such state"),
        ("organizations/acme/workspaces/shop", (401, b""), "access is denied"),
        (
            "organizations/acme/workspaces/shop",
            (200, b"{}"),
            "not that of the API of HCP Terraform",
        ),
        ("organizations/acme/workspaces/shop", (200, b"[]"), "expected a JSON object"),
        ("workspaces/ws-1/current-state-version", (404, b""), "there is no such state"),
        (
            "workspaces/ws-1/current-state-version",
            (200, b'{"data": {"attributes": 7}}'),
            "does not say where the state can be downloaded",
        ),
        (
            "workspaces/ws-1/current-state-version",
            (200, b'{"data": {"attributes": {"hosted-state-download-url": "file:///etc/passwd"}}}'),
            "not an address of a state",
        ),
    ],
)
def test_answers_that_are_not_those_of_the_api(cloud, path, answer, told):
    status, body = answer
    cloud.answers[f"/api/v2/{path}"] = (status, {}, body)
    access = Access(tokens={cloud.host: "t"})
    assert told in refused(f"{cloud.url}/app/acme/workspaces/shop", access=access)


@pytest.mark.parametrize(
    ("kind", "workspaces"),
    [
        ('backend "remote"', 'name = "shop"'),
        ('backend "remote"', 'prefix = "sh"'),
        ("cloud", 'name = "shop"'),
    ],
)
def test_a_workspace_belongs_to_the_root_module_that_names_it(cloud, tmp_path, kind, workspaces):
    settings = f'hostname = "{cloud.host}"\norganization = "acme"\nworkspaces {{\n{workspaces}\n}}'
    text = terraform(f"{kind} {{\n{settings}\n}}")
    project = write(tmp_path, {"a/main.tf": text, "b/main.tf": BUCKET})
    inventory = read_state(
        f"{cloud.url}/app/acme/workspaces/shop",
        project=project,
        options=CodeOptions(workspace="op"),
        access=Access(tokens={cloud.host: "t"}),
    )
    assert only(inventory).location.file == "a/main.tf"


# S3


@pytest.fixture
def bucket(moto, monkeypatch):
    boto3 = pytest.importorskip("boto3")
    for name, value in moto.environment.items():
        monkeypatch.setenv(name, value)
    moto.reset()
    client = boto3.client("s3")
    client.create_bucket(Bucket="states")
    yield client
    client.close()


def test_a_state_in_s3(bucket):
    bucket.put_object(Bucket="states", Key="shop/prod.tfstate", Body=BODY)
    inventory = read_state("s3://states/shop/prod.tfstate", access=Access(region="us-east-1"))
    assert only(inventory).id == "b"
    assert inventory.name == "s3://states/shop/prod.tfstate"
    assert inventory.resources[0].attributes["store"] == "s3"


BACKEND = """
backend "s3" {{
  bucket   = "states"
  key      = "{key}"
  region   = "eu-west-1"
  endpoints = {{ s3 = "{endpoint}", sts = "{endpoint}" }}
  use_path_style = true
  assume_role = {{ role_arn = "arn:aws:iam::123456789012:role/reader", external_id = "ours" }}
}}
"""


@pytest.mark.parametrize(
    ("workspace", "key"), [("default", "shop.tfstate"), ("dev", "env:/dev/shop.tfstate")]
)
def test_a_backend_tells_region_role_endpoint_and_root_module(
    bucket, moto, tmp_path, monkeypatch, workspace, key
):
    bucket.put_object(Bucket="states", Key=key, Body=BODY)
    # Only the backend knows of the server.
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    files = {
        "a/main.tf": terraform(BACKEND.format(key="other.tfstate", endpoint="http://127.0.0.1:1")),
        "b/main.tf": terraform(BACKEND.format(key="shop.tfstate", endpoint=moto.endpoint)),
    }
    project = write(tmp_path, files)
    options = CodeOptions(workspace=workspace)
    for location in (str(tmp_path / "b"), f"s3://states/{key}"):
        inventory = read_state(location, project=project, options=options)
        assert only(inventory).location.file == "b/main.tf"
        assert inventory.name == f"s3://states/{key}"


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("s3://states/none", "there is no such object; is it of another workspace?"),
        ("s3://nobody-has-this/key", "there is no such bucket"),
        ("s3://Not_A_Bucket!/key", "Invalid bucket name"),
    ],
)
def test_objects_that_are_not_there(bucket, location, told):
    message = refused(location, access=Access(region="us-east-1"))
    assert message.startswith(f"{location}: ")
    assert told in message


def test_an_object_that_is_no_state(bucket):
    bucket.put_object(Bucket="states", Key="k", Body=BODY[:40])
    told = refused("s3://states/k", access=Access(region="us-east-1"))
    assert told == "s3://states/k: not JSON: it is truncated, or was never complete"


def test_a_denied_object_says_what_is_needed():
    response = {"Error": {"Code": "AccessDenied", "Message": "no\nway"}}
    assert s3._reason(response).startswith("access is denied: s3:GetObject is needed")
    response = {"Error": {"Code": "Strange", "Message": "no\nway"}}
    assert s3._reason(response) == "Strange: no way"


def test_boto3_is_asked_for_where_it_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert refused("s3://b/k") == "s3://b/k: boto3 is needed: pip install 'auditkit[aws]'"


def test_a_server_that_is_no_s3(serve, monkeypatch):
    pytest.importorskip("boto3")
    server = serve()
    server.answers["/states/k"] = (200, {"Content-Type": "text/html"}, b"<html>")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    told = refused("s3://states/k", access=Access(region="us-east-1"))
    assert told == "s3://states/k:1:1: not JSON: expected a JSON object"


def test_a_profile_that_does_not_exist(tmp_path, monkeypatch):
    pytest.importorskip("boto3")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    block = 'backend "s3" {\n  bucket  = "b"\n  key     = "k"\n  profile = "nobody"\n}'
    write(tmp_path, {"main.tf": terraform(block)})
    assert refused(tmp_path) == "s3://b/k: The config profile (nobody) could not be found"


def test_no_secret_is_in_what_access_looks_like():
    access = Access(tokens={"h": "hunter2"}, http_password="hunter2")
    assert "hunter2" not in repr(access)
