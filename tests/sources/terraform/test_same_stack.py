"""One stack as code, as plan and as state: the same rules fail on the same lines.

The documents in ``recorded`` are what Terraform 1.11 made of the code there, with version 5.100 of
the AWS provider, against moto.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from terraform_binary import Terraform, require_provider

from auditkit.engine import evaluate, merge
from auditkit.linking import link
from auditkit.model import Inventory, Source, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.code import CodeOptions, Project, find_project, read_root
from auditkit.sources.terraform.plan import parse_plan, read_plan
from auditkit.sources.terraform.state import read_state

RECORDED = Path(__file__).parent / "recorded"
FLAWED = Path(__file__).resolve().parents[3] / "examples" / "flawed"
SECRET = "hunter2-very-secret"

RULES = load_rules().rules

Line = tuple[str, str, int]


def lines(inventory: Inventory, verdict: Verdict) -> set[Line]:
    """Rule, file and line of the findings of rules that speak of code as well."""
    rules = [rule for rule in RULES.values() if Source.CODE in rule.sources]
    findings = merge(evaluate(rules, link(inventory)).findings)
    return {
        (each.rule, each.location.file, each.location.line)
        for each in findings
        if each.verdict is verdict and each.location
    }


def differences(code: Inventory, other: Inventory) -> Mapping[str, set[Line]]:
    """Where the other source says something else than code; where code cannot tell is no matter."""
    comparable = {name for name, rule in RULES.items() if other.source in rule.sources}
    ours, theirs = lines(code, Verdict.FAIL), lines(other, Verdict.FAIL)
    told = {line for line in ours if line[0] in comparable}
    untold = {line[:2] for line in lines(code, Verdict.UNKNOWN)}
    return {
        "only in code": told - theirs,
        "only there": {line for line in theirs - ours if line[:2] not in untold},
        "unknown there": lines(other, Verdict.UNKNOWN) - lines(code, Verdict.UNKNOWN),
    }


NOTHING = {"only in code": set(), "only there": set(), "unknown there": set()}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> tuple[Project, Inventory]:
    """The recorded stack as code."""
    directory = tmp_path_factory.mktemp("stack")
    shutil.copytree(RECORDED, directory, dirs_exist_ok=True)
    project = find_project([directory], CodeOptions())
    return project, read_root(project, ".", CodeOptions())


def test_a_recorded_plan_fails_where_its_code_does(recorded):
    project, code = recorded
    plan = read_plan(project.root / "create.json", project=project)
    assert plan.problems == ()
    assert len(lines(plan, Verdict.FAIL)) > 10
    assert differences(code, plan) == NOTHING


def test_a_recorded_state_fails_where_its_code_does(recorded):
    project, code = recorded
    state = read_state(str(project.root / "state.json"), project=project)
    assert state.problems == ()
    assert differences(code, state) == NOTHING


@pytest.mark.parametrize("name", ["create.json", "state.json"])
def test_what_code_alone_cannot_tell_is_unknown_with_the_cause(tmp_path, name):
    shutil.copytree(RECORDED, tmp_path, dirs_exist_ok=True)
    main = tmp_path / "main.tf"
    main.write_text(
        main.read_text()
        .replace('variable "ports" { default = [22, 443] }', 'variable "ports" {}')
        .replace('variable "names" { default = ["a", "b"] }', 'variable "names" {}')
    )
    project = find_project([tmp_path], CodeOptions())
    code = read_root(project, ".", CodeOptions())
    if name == "state.json":
        other = read_state(str(tmp_path / name), project=project)
    else:
        other = read_plan(tmp_path / name, project=project)
    found = differences(code, other)
    assert (found["only in code"], found["only there"]) == (set(), set())
    open_to_all = ("security-group-no-public-ssh", "main.tf")
    assert open_to_all in {line[:2] for line in lines(other, Verdict.FAIL)}
    assert open_to_all not in {line[:2] for line in lines(code, Verdict.FAIL)}
    (told,) = (
        each
        for each in evaluate([RULES[open_to_all[0]]], link(code)).findings
        if each.verdict is Verdict.UNKNOWN
    )
    assert "`var.ports` has no value" in told.message
    assert [step.text for step in told.chain] == ["`var.ports` has no value"]
    # A module whose instances are unknown is judged by one that stands for all of them.
    assert {each.address for each in code.resources if each.type == "aws_s3_bucket"} == {
        "module.bucket.aws_s3_bucket.this"
    }


def test_no_secret_is_in_what_was_read(recorded):
    project, _ = recorded
    for name in ("create.json", "change.json", "state.json"):
        assert SECRET in (project.root / name).read_text()
    inventories = [
        read_plan(project.root / "create.json", project=project),
        read_plan(project.root / "change.json", project=project),
        read_state(str(project.root / "state.json"), project=project),
    ]
    assert SECRET not in repr(inventories)


def test_a_recorded_plan_of_changes():
    plan = parse_plan(json.loads((RECORDED / "change.json").read_text()))
    told = {
        resource.address: resource.attributes["terraform_plan"][0]
        for resource in (*plan.resources, *plan.removed)
        if "terraform_plan" in resource.attributes
    }
    names = ("replaces", "destroys", "forgets", "drifted")
    assert {
        address: {name for name in names if each[name]}
        for address, each in told.items()
        if any(each[name] for name in names)
    } == {
        "aws_security_group.g": {"replaces", "destroys"},
        "aws_iam_role.r[1]": {"destroys"},
        "aws_ssm_parameter.p": {"forgets"},
        # What Terraform reports as changed outside is what it had itself just created.
        'module.bucket["b"].aws_s3_bucket.this': {"destroys"},
        'module.bucket["b"].aws_s3_bucket_server_side_encryption_configuration.this': {"destroys"},
        'module.bucket["b"].aws_s3_bucket_versioning.this': {"destroys"},
    }
    assert told["aws_security_group.g"]["replace_paths"] == ["name"]
    assert told["aws_iam_role.r[1]"]["reason"] == "delete_because_count_index"


# With the real Terraform

UNSUPPORTED = (
    # moto cannot make them, or the provider waits for a minute or more.
    "aws_cloudfront_distribution.website",
    "aws_db_instance.orders",
    "aws_elasticache_replication_group.carts",
    "aws_instance.bastion",
    "aws_lb.web",
    "aws_lb_listener.http",
    "aws_s3_bucket_lifecycle_configuration.this",
)
PROVIDER = """
provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  max_retries                 = 2
}

provider "aws" {
  alias                       = "us_east_1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  max_retries                 = 2
}
"""

EXPECTED = {
    Source.PLAN: NOTHING,
    Source.STATE: {
        **NOTHING,
        # The state also spells the canned ACL out as grants, which fail as well.
        "only there": {("s3-acl-no-public-read", "storage.tf", 19)},
    },
}
"""What the plan and the state of the flawed example say that its code does not."""


@pytest.fixture(scope="module")
def flawed(tmp_path_factory, moto) -> tuple[Project, Inventory]:
    """The flawed example, planned and applied, but for what moto cannot make."""
    terraform = require_provider()
    boto3 = pytest.importorskip("boto3")
    moto.reset()
    directory = tmp_path_factory.mktemp("flawed")
    shutil.copytree(FLAWED, directory, dirs_exist_ok=True)
    for file in directory.rglob("*.tf"):
        text = file.read_text()
        for type, name in (address.split(".") for address in UNSUPPORTED):
            text = re.sub(rf'(?ms)^resource "{type}" "{name}" {{\n.*?^}}\n', "", text)
        file.write_text(text)
    (directory / "moto_override.tf").write_text(PROVIDER)
    put_artifact(boto3, moto)
    terraform = Terraform(terraform.program, {**terraform.environment, **moto.environment})
    terraform.run("init", "-input=false", "-no-color", directory=directory)
    terraform.run("plan", "-input=false", "-no-color", "-out=tfplan", directory=directory)
    terraform.run("apply", "-input=false", "-no-color", "tfplan", directory=directory)
    shown = terraform.run("show", "-json", "tfplan", directory=directory).stdout
    (directory / "plan.json").write_bytes(shown)
    project = find_project([directory], CodeOptions())
    return project, read_root(project, ".", CodeOptions())


def put_artifact(boto3, moto) -> None:
    """The program of the functions, which the example takes from a bucket."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("worker.py", "def main(event, context): pass\n")
    keys = {
        "aws_access_key_id": moto.environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": moto.environment["AWS_SECRET_ACCESS_KEY"],
    }
    client = boto3.client("s3", endpoint_url=moto.endpoint, region_name="us-east-1", **keys)
    client.create_bucket(Bucket="shop-artifacts")
    client.put_object(Bucket="shop-artifacts", Key="worker.zip", Body=content.getvalue())
    client.close()


@pytest.mark.terraform
@pytest.mark.parametrize("source", [Source.PLAN, Source.STATE])
def test_the_same_rules_fail_on_the_same_lines(flawed, source):
    project, code = flawed
    if source is Source.PLAN:
        inventory = read_plan(project.root / "plan.json", project=project)
    else:
        inventory = read_state(str(project.root), project=project)
    assert inventory.problems == ()
    assert len(lines(inventory, Verdict.FAIL)) > 60
    assert differences(code, inventory) == EXPECTED[source]


@pytest.mark.terraform
def test_a_binary_plan_says_what_its_json_says(flawed, moto, monkeypatch):
    project, _ = flawed
    environment = {**require_provider().environment, **moto.environment}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    binary = read_plan(project.root / "tfplan", project=project)
    shown = read_plan(project.root / "plan.json", project=project)
    assert [each.address for each in binary.resources] == [each.address for each in shown.resources]
    assert lines(binary, Verdict.FAIL) == lines(shown, Verdict.FAIL)


@pytest.mark.terraform
def test_terraform_pulls_the_state(flawed, moto, monkeypatch):
    project, _ = flawed
    environment = {**require_provider().environment, **moto.environment}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    pulled = read_state(f"pull:{project.root}", project=project)
    read = read_state(str(project.root), project=project)
    assert lines(pulled, Verdict.FAIL) == lines(read, Verdict.FAIL)
    assert pulled.resources[0].attributes["store"] == "pull"
