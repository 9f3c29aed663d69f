"""``scan --live``, ``collect`` and ``scan --inventory``, on AWS as moto plays it."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import boto3
import pytest
from aws_proxy import QuietServer

from auditkit.cli.live import Live
from auditkit.cli.live_options import LiveOptions
from auditkit.reporters import REPORTERS
from auditkit.sources.aws.collecting import Listed
from cli.conftest import SECRET

ACCOUNT = "123456789012"
OTHER = "210987654321"
TYPES = (
    "aws_s3_bucket",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_public_access_block",
    "aws_kms_key",
    "aws_kms_alias",
    "aws_ebs_volume",
)
HERE = ("--regions", "us-east-1,eu-west-1", "--types", ",".join(TYPES))
CHECKOUT = Path(__file__).resolve().parents[2]


def findings(result):
    return [
        (found["rule"], found["address"], found["verdict"])
        for found in json.loads(result.out)["findings"]
    ]


def without_time(result):
    return re.sub(r'"generated_at": "[^"]*"', "", result.out)


def lines_of(path):
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def test_rules_judge_what_runs(aws, auditkit):
    result = auditkit("scan", "--live", *HERE, "--select", "ebs-volume-encrypted", "-f", "json")
    assert result.code == 1
    addresses = [address for _, address, verdict in findings(result) if verdict == "fail"]
    assert [address.rpartition("/")[0] for address in addresses] == [
        f"arn:aws:ec2:{region}:{ACCOUNT}:volume" for region in ("eu-west-1", "us-east-1")
    ]
    coverage = json.loads(result.out)["coverage"]
    assert coverage["places"] == [f"{ACCOUNT}/us-east-1", f"{ACCOUNT}/eu-west-1"]
    assert coverage["types"] == {"aws_ebs_volume": 2}


def test_the_text_tells_where_it_looked_and_where_not(aws, auditkit):
    result = auditkit("scan", "--live", *HERE, "--select", "encryption")
    assert "Checked 4 resources in 2 regions of 1 account against" in result.out
    assert "live AWS that was not to be read: " in result.out
    assert f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-" in result.out


@pytest.mark.parametrize("format", REPORTERS)
def test_every_format_takes_findings_without_a_file(aws, auditkit, project, format):
    result = auditkit("scan", "--live", *HERE, "-f", format)
    assert result.code == 1
    assert f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-" in result.out
    if format == "sarif":
        (run,) = json.loads(result.out)["runs"]
        assert all(each["locations"] for each in run["results"])


def test_code_and_live_in_one_scan(aws, auditkit, project):
    (project / "main.tf").write_text('resource "aws_ebs_volume" "v" {\n  encrypted = false\n}\n')
    select = ("--select", "ebs-volume-encrypted", "-f", "json")
    both = auditkit("scan", ".", "--live", *HERE, *select)
    sources = [found["source"] for found in json.loads(both.out)["findings"]]
    assert sources == ["code", "live", "live"]
    alone = auditkit("scan", "--live", *HERE, *select)
    assert [found["source"] for found in json.loads(alone.out)["findings"]] == ["live", "live"]


def test_what_was_saved_is_judged_to_the_letter_as_it_was_live(aws, auditkit, project):
    live = auditkit("scan", "--live", *HERE, "--save", "live.gz", "--all", "-f", "json")
    collected = auditkit("collect", *HERE, "-o", "all.gz")
    assert "warning" not in collected.err
    aws.reset()
    for name in ("live.gz", "all.gz"):
        replayed = auditkit("scan", "--inventory", name, "--all", "-f", "json")
        assert replayed.code == live.code == 1
        if name == "live.gz":
            assert without_time(replayed) == without_time(live)
        else:
            assert json.loads(replayed.out)["findings"] == json.loads(live.out)["findings"]


def test_a_file_that_breaks_off_fails_nothing_that_is_fine(aws, auditkit, project):
    s3 = boto3.client("s3", region_name="us-east-1")
    for bucket in s3.list_buckets()["Buckets"]:
        s3.put_bucket_versioning(
            Bucket=bucket["Name"], VersioningConfiguration={"Status": "Enabled"}
        )
    auditkit("collect", *HERE, "-o", "all.gz")
    lines = lines_of(project / "all.gz")

    def failures(number):
        write(project / "part.gz", lines[:number])
        result = auditkit("scan", "--inventory", "part.gz", "-f", "json")
        found = json.loads(result.out)["findings"]
        return {(each["rule"], each["address"]) for each in found if each["verdict"] == "fail"}

    whole = failures(len(lines))
    assert whole
    for number in range(1, len(lines)):
        assert failures(number) <= whole, lines[number]


def test_types_that_are_not_read_are_told(aws, auditkit, project):
    (project / "rules").mkdir()
    rule = (
        "{id: instance-named, title: Instance is named, severity: low, category: tagging,"
        " resource: [aws_lightsail_instance, aws_s3_bucket], require: {tags: {empty: false}}}"
    )
    (project / "rules" / "named.yaml").write_text(rule)
    options = ("--live", *HERE, "-f", "json", "--rules", "rules")
    own, every = (
        [
            note
            for note in json.loads(auditkit("scan", *options, *more).out)["coverage"]["notes"]
            if "does not read" in note
        ]
        for more in (["--select", "instance-named"], [])
    )
    # What companions and copies say is told by the types that they belong to.
    assert own == every == ["live AWS, for auditkit does not read it: aws_lightsail_instance"]


def test_ages_count_up_to_the_time_of_collecting(aws, auditkit, project):
    rule = project / "rules" / "old.yaml"
    rule.parent.mkdir()
    rule.write_text(
        "{id: volume-young, title: Volume is young, severity: high, category: cost,"
        " resource: aws_ebs_volume, require: {create_time: {newer_than: 30d}}}"
    )
    auditkit("collect", *HERE, "-o", "now.gz")
    lines = lines_of(project / "now.gz")
    lines[0]["auditkit_inventory"]["time"] = "2090-01-01T00:00:00+00:00"
    write(project / "later.gz", lines)
    select = ("--rules", "rules", "--select", "volume-young", "-f", "json", "--all")
    now = auditkit("scan", "--inventory", "now.gz", *select)
    later = auditkit("scan", "--inventory", "later.gz", *select)
    assert {verdict for *_, verdict in findings(now)} == {"pass"}
    assert {verdict for *_, verdict in findings(later)} == {"fail"}
    both = auditkit("scan", "--inventory", "now.gz", "--inventory", "later.gz", *select)
    assert {verdict for *_, verdict in findings(both)} == {"pass", "fail"}


def write(path, lines):
    path.write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))


def test_no_secret_is_in_the_file(aws, auditkit, project):
    auditkit("collect", *HERE, "-o", "all.gz")
    text = gzip.decompress((project / "all.gz").read_bytes()).decode()
    assert '"tags":{"Token":{"?":' in text
    assert SECRET not in text
    assert os.stat(project / "all.gz").st_mode & 0o077 == 0


def test_only_what_the_rules_look_at_is_asked_for(aws, auditkit):
    rule = ("--select", "kms-key-rotation", "--regions", "us-east-1")
    planned = auditkit("scan", "--live", "--dry-run", *rule)
    assert planned.out == (
        f"{ACCOUNT}/us-east-1\n"
        "  kms                           1 call and 2 per aws_kms_key\n"
        "\n"
        "1 call in all at most, and those for each object: --inventory FILE tells how many there"
        " are, and one more for each further page of a listing\n"
    )
    assert planned.code == 0


@pytest.mark.parametrize(
    ("types", "spared"),
    [
        ("aws_ebs_volume,aws_kms_alias", 0),
        ("aws_lambda_function,aws_sqs_queue,aws_default_security_group,aws_security_group", 0),
        # The bucket has no versions, and is too young to be unused; so is the key.
        ("aws_cloudwatch_log_group,aws_vpc,aws_default_vpc,aws_default_subnet,aws_s3_bucket", 4),
        (",".join(TYPES), 6),
    ],
)
def test_the_forecast_is_what_happens_at_most(aws, auditkit, project, types, spared):
    given = ("--regions", "us-east-1,eu-west-1", "--types", types)
    collected = auditkit("collect", *given)
    planned = auditkit("collect", "--dry-run", "--inventory", "inventory.jsonl.gz", *given)
    made = re.search(r"with (\d+) calls?$", collected.err, re.M)
    told = re.search(r"^(\d+) calls? in all at most", planned.out, re.M)
    assert made is not None
    assert told is not None
    assert int(made[1]) == int(told[1]) - spared, planned.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--services", "kmz"), "no such service (did you mean 'kms'?)"),
        (("--types", "aws_s3_buckt"), "did you mean 'aws_s3_bucket'?"),
        (("--regions", "EU"), "not a region, such as us-east-1"),
        (("--accounts", "nobody"), "no such profile"),
        (("--accounts", "arn:aws:iam::1:user/x"), "not the ARN of a role"),
        (("--accounts", OTHER), "needs --role NAME"),
        (("--accounts", OTHER, "--role", "a b"), "not the name of a role"),
        (("--executor", "spark"), "expected threads or dask://HOST:PORT"),
        (("--select", "variable-no-secret-default"), "look at nothing in live AWS"),
    ],
)
def test_what_makes_no_sense_is_told(aws, auditkit, arguments, message):
    result = auditkit("scan", "--live", *arguments, "--regions", "us-east-1")
    assert result.code == 2
    assert message in result.err


def test_without_credentials_nothing_is_read(aws, auditkit, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    result = auditkit("scan", "--live")
    assert result.code == 2
    assert (
        "can't use the default AWS credentials (NoCredentialsError); set AWS_PROFILE" in result.err
    )


def role(number, name="Audit"):
    return f"arn:aws:iam::{number}:role/{name}"


@pytest.mark.parametrize(
    "accounts",
    [
        (f"{ACCOUNT},{OTHER}", "--role", "Audit"),
        (role(ACCOUNT), "--accounts", role(OTHER), "--external-id", "xyz"),
        (f"{ACCOUNT},{role(OTHER)},{OTHER}", "--role", "Audit"),
    ],
)
def test_several_accounts_by_number_and_role(aws, auditkit, accounts):
    result = auditkit("scan", "--live", *HERE, "-f", "json", "--accounts", *accounts)
    places = json.loads(result.out)["coverage"]["places"]
    assert [place.partition("/")[0] for place in places] == [ACCOUNT] * 2 + [OTHER] * 2


def test_the_accounts_of_an_organization(aws, auditkit):
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    created = organizations.create_account(Email="a@example.com", AccountName="a")
    member = created["CreateAccountStatus"]["AccountId"]
    result = auditkit(
        "scan", "--live", *HERE, "-f", "json", "--accounts", "organization", "--role", "Audit"
    )
    places = json.loads(result.out)["coverage"]["places"]
    assert {place.partition("/")[0] for place in places} == {ACCOUNT, member}


def test_an_account_that_does_not_open_does_not_stop_the_others(aws, auditkit, tmp_path):
    (tmp_path / "aws-config").write_text("[profile broken]\ncredential_process = false\n")
    accounts = ("--accounts", f"broken,{role(OTHER)}")
    result = auditkit("scan", "--live", *HERE, "--select", "ebs-volume-encrypted", *accounts)
    assert result.code == 3
    assert "can't use profile broken (CredentialRetrievalError)" in result.out
    assert "in 2 regions of 1 account" in result.out


def test_every_enabled_region_is_read_unless_told_otherwise(aws, auditkit):
    result = auditkit("scan", "--live", "--types", "aws_ebs_volume", "-f", "json")
    coverage = json.loads(result.out)["coverage"]
    assert len(coverage["places"]) > 10
    assert coverage["places"][0] == f"{ACCOUNT}/us-east-1"
    assert any("has not enabled: " in note for note in coverage["notes"])
    assert coverage["types"] == {"aws_ebs_volume": 2}


def test_global_types_are_read_at_home_alone(aws, auditkit, project):
    auditkit("collect", "--regions", "eu-west-1", "--types", "aws_iam_group,aws_ebs_volume")
    header, *_ = lines_of(project / "inventory.jsonl.gz")
    readings = header["auditkit_inventory"]["readings"]
    assert [(each["region"], each["listings"]) for each in readings] == [
        ("us-east-1", [["aws_iam_group"]]),
        ("eu-west-1", [["aws_ebs_volume"]]),
    ]


class Refusal(BaseHTTPRequestHandler):
    """Says who is asking, and then nothing, or that it is not allowed."""

    hangs = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if b"GetCallerIdentity" in body:
            self.answer(
                200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult>"
                f"<Arn>arn:aws:iam::{ACCOUNT}:user/x</Arn><Account>{ACCOUNT}</Account>"
                "</GetCallerIdentityResult></GetCallerIdentityResponse>",
            )
            return
        if self.hangs:
            time.sleep(60)
        self.answer(
            403,
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>",
        )

    do_GET = do_POST

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def refusing():
    """Starts a server that refuses everything; returns its address."""
    servers = []

    def start(*, hangs):
        handler = type("Handler", (Refusal,), {"hangs": hangs})
        server = QuietServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_was_denied_everywhere_is_told_once(aws, auditkit, refusing, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", refusing(hangs=False))
    given = ("--regions", "us-east-1,eu-west-1", "--types", "aws_ebs_volume")
    result = auditkit("scan", "--live", *given, "--select", "ebs-volume-encrypted")
    assert result.code == 3
    told = " ".join(result.out.split())
    assert (
        "ec2:DescribeVolumes was denied (UnauthorizedOperation) in eu-west-1, us-east-1 of"
        f" {ACCOUNT}: aws_ebs_volume" in told
    )
    assert told.count("DescribeVolumes") == 1
    assert "Checked 0 resources" in told
    collected = auditkit("collect", *given)
    assert collected.code == 3
    assert "was denied" in collected.err


def test_findings_go_before_gaps_unless_strict(aws, auditkit):
    # What moto does not know is a gap as any other.
    lacking = ("--types", "aws_ebs_volume,aws_placement_group", "--regions", "us-east-1")
    assert auditkit("scan", "--live", *lacking).code == 1
    assert auditkit("scan", "--live", *lacking, "--strict").code == 3


def test_regions_that_cannot_be_told_are_a_gap(aws, auditkit, refusing, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", refusing(hangs=False))
    result = auditkit("scan", "--live", "--types", "aws_ebs_volume")
    told = " ".join(result.out.split())
    assert "ec2:DescribeRegions was denied (UnauthorizedOperation) in us-east-1" in told
    assert "only us-east-1 was read" in told


def test_ctrl_c_ends_it_and_leaves_what_can_be_resumed(aws, project, refusing):
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": refusing(hangs=True),
        "PYTHONPATH": str(CHECKOUT),
    }
    command = [sys.executable, "-m", "auditkit", "collect", "--regions", "us-east-1"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=project)
    partial = project / "inventory.jsonl.gz.partial"
    end = time.monotonic() + 60
    while not partial.exists() and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert b"interrupted with Ctrl-C" in told
    assert b"--resume goes on with inventory.jsonl.gz" in told
    assert partial.exists()
    assert not (project / "inventory.jsonl.gz").exists()


def read_all(path, *, stop_after=None, resumes=False):
    """The calls of a run that stops after so many listings."""
    options = LiveOptions(
        is_live=True,
        regions=("us-east-1", "eu-west-1"),
        types=TYPES,
        workers=1,
        save=path,
        resumes=resumes,
    )
    live = Live(options, now=datetime.now(timezone.utc))
    header, units = live.prepare(live.selection(None))
    listed = 0
    for _, event in live.record(header, units, path):
        listed += isinstance(event, Listed)
        if listed == stop_after:
            live.stop()
    return live.calls


def facts(path):
    """What a file says, but for when and in which order."""
    header, *lines, end = lines_of(path)
    del header["auditkit_inventory"]["time"]
    return header, sorted(lines, key=json.dumps), end


def test_a_run_goes_on_where_it_was_interrupted(aws, project):
    whole, parts = project / "whole.gz", project / "parts.gz"
    calls = read_all(whole)
    first = read_all(parts, stop_after=3)
    assert not parts.exists()
    second = read_all(parts, resumes=True)
    assert second < calls
    # What was complete is not asked again, and little was under way when it was stopped.
    assert first + second <= calls + 6
    assert facts(parts) == facts(whole)
    assert not list(project.glob("*.partial*"))


def test_a_run_is_not_resumed_with_other_options(aws, auditkit, project):
    read_all(project / "inventory.jsonl.gz", stop_after=1)
    result = auditkit("collect", "--regions", "us-east-1", *HERE[2:], "--resume")
    assert result.code == 2
    assert "was begun with other options" in result.err
