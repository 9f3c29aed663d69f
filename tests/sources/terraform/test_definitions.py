"""Terraform's own blocks as resources: what rules can ask of them, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditkit.model import Inventory, Resource, Unknown, Value
from auditkit.pseudo_types import LIVE_TYPES, PSEUDO_TYPES
from auditkit.sources.terraform.code import CodeOptions, find_project, read_root, read_text
from auditkit.sources.terraform.definitions import source_kind

KEY = "AKIAIOSFODNN7EXAMPLE"


def of_type(kind: str, text: str) -> list[Resource]:
    return [one for one in read_text(text).resources if one.type == kind]


def only(kind: str, text: str) -> Resource:
    (found,) = of_type(kind, text)
    return found


def line_of(resource: Resource, *path: str | int) -> int:
    assert resource.source_map is not None
    return resource.source_map.locate(path).line


def read(root: Path, files: Mapping[str, str], options: CodeOptions | None = None) -> Inventory:
    for name, text in {".git/HEAD": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    options = options or CodeOptions()
    return read_root(find_project([root], options), ".", options)


SETTINGS = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    old = "~> 2.0"
    bare = {
      source                = "acme/bare"
      configuration_aliases = [bare.other]
    }
  }
}
provider "bare" {
  version = "1.0"
}
resource "random_pet" "name" {}
resource "terraform_data" "once" {}
data "http" "x" {}
"""


def test_settings_of_terraform() -> None:
    settings = only("terraform", SETTINGS)
    assert settings.attributes == {
        "required_version": ">= 1.5",
        "required_providers": [
            {"name": "aws", "source": "hashicorp/aws", "version": "~> 5.0"},
            {"name": "old", "source": None, "version": "~> 2.0"},
            {"name": "bare", "source": "acme/bare", "version": "1.0"},
            {"name": "random", "source": None, "version": None},
            {"name": "http", "source": None, "version": None},
        ],
        "backend": None,
        "lock_file": False,
        "root_module": True,
        "provider_blocks": 1,
        "workspace_uses": 0,
        "workspace_choices": 0,
    }
    assert line_of(settings, "required_version") == 2
    assert line_of(settings, "required_providers", 0, "version") == 6
    assert line_of(settings, "required_providers", 1, "version") == 8
    assert line_of(settings, "required_providers", 3, "version") == 1


WORKSPACES = """\
provider "aws" {}
locals {
  name  = "logs-${terraform.workspace}"
  sizes = { prod = 3 }
}
resource "aws_s3_bucket" "b" {
  bucket = local.name
  tags   = { Workspace = terraform.workspace }
  dynamic_block {
    size = local.sizes[terraform.workspace]
  }
}
resource "aws_s3_bucket" "c" {
  count = terraform.workspace == "prod" ? 1 : 0
}
"""


def test_workspace_is_passed_on_or_chosen_by() -> None:
    settings = only("terraform", WORKSPACES)
    assert settings.attributes["workspace_uses"] == 4
    assert settings.attributes["workspace_choices"] == 2
    assert line_of(settings, "workspace_uses") == 3
    assert line_of(settings, "workspace_choices") == 10


@pytest.mark.parametrize(
    ("expression", "chooses"),
    [
        ("terraform.workspace", False),
        ('"${terraform.workspace}-x"', False),
        ("upper(terraform.workspace)", False),
        ('terraform.workspace != "x"', True),
        ('(upper(terraform.workspace) == "X") ? 1 : 2', True),
        ('[for one in ["a"] : one == terraform.workspace]', True),
        ("lookup({}, terraform.workspace, 1)", True),
        ('{ a = 1 }["${terraform.workspace}"]', True),
        ('terraform.workspace_name == "x"', None),
        ('"terraform.workspace"', None),
    ],
)
def test_choice_by_workspace(expression: str, chooses: bool | None) -> None:
    settings = only("terraform", f'provider "aws" {{\n  region = {expression}\n}}\n')
    assert settings.attributes["workspace_uses"] == (chooses is not None)
    assert settings.attributes["workspace_choices"] == (chooses is True)


def test_a_fragment_has_no_settings() -> None:
    assert of_type("terraform", 'resource "aws_s3_bucket" "b" {}') == []


def test_settings_of_several_blocks_are_one() -> None:
    text = 'terraform {\n  backend "s3" {}\n}\nterraform {\n  required_version = "1.9"\n}\n'
    settings = only("terraform", text)
    assert (settings.attributes["backend"], settings.attributes["required_version"]) == (
        "s3",
        "1.9",
    )
    assert (line_of(settings, "backend"), line_of(settings, "required_version")) == (2, 5)


def test_settings_that_could_not_be_parsed_are_unknown() -> None:
    text = "terraform {\n  required_version = = 1\n}\n"
    assert isinstance(only("terraform", text).attributes["required_version"], Unknown)


def test_backend_of_a_root_module() -> None:
    text = f"""\
terraform {{
  backend "s3" {{
    bucket     = "state"
    key        = "k"
    encrypt    = "true"
    access_key = "{KEY}"
    assume_role = {{
      role_arn = "arn"
    }}
  }}
}}
"""
    backend = only("terraform_backend", text)
    assert backend.attributes["type"] == "s3"
    assert backend.attributes["encrypt"] is True
    assert backend.attributes["assume_role"] == [{"role_arn": "arn"}]
    assert backend.attributes.get("use_lockfile") is None
    assert line_of(backend, "encrypt") == 5
    assert KEY not in repr(read_text(text))


def test_backend_in_part_leaves_the_rest_unknown() -> None:
    backend = only(
        "terraform_backend", 'terraform {\n  backend "s3" {\n    encrypt = true\n  }\n}\n'
    )
    assert backend.attributes["encrypt"] is True
    assert isinstance(backend.attributes["use_lockfile"], Unknown)


def test_cloud_is_a_backend() -> None:
    text = 'terraform {\n  cloud {\n    workspaces {\n      name = "a"\n    }\n  }\n}\n'
    backend = only("terraform_backend", text)
    assert backend.attributes == {"workspaces": [{"name": "a"}], "type": "cloud"}


def test_json_has_settings_too(tmp_path: Path) -> None:
    text = (
        '{"terraform": {"required_providers": {"aws": {"version": "~> 5.0"}},'
        ' "backend": {"s3": {"bucket": "b", "key": "k"}}}, "variable": {"v": {"type": "string"}}}'
    )
    found = {one.type: one for one in read(tmp_path, {"main.tf.json": text}).resources}
    assert found["terraform"].attributes["required_providers"] == [
        {"name": "aws", "source": None, "version": "~> 5.0"}
    ]
    assert found["terraform_backend"].attributes["bucket"] == "b"
    assert found["variable"].attributes["type"] == "string"


def test_override_files_override_settings(tmp_path: Path) -> None:
    files = {
        "main.tf": 'terraform {\n  backend "s3" {}\n}\nprovider "aws" {\n  region = "a"\n}\n',
        "main_override.tf": 'terraform {\n  backend "local" {}\n}\n'
        'provider "aws" {\n  region = "b"\n}\n',
    }
    found = [one for one in read(tmp_path, files).resources if one.type != "terraform"]
    assert [
        (one.type, one.attributes.get("type", one.attributes.get("region"))) for one in found
    ] == [
        ("terraform_backend", "local"),
        ("provider", "b"),
    ]


def test_provider_with_its_arguments() -> None:
    text = f"""\
variable "key" {{}}
provider "aws" {{
  alias      = "west"
  region     = "us-west-2"
  access_key = "{KEY}"
  secret_key = var.key
  default_tags {{
    tags = {{ a = "b" }}
  }}
}}
"""
    provider = only("provider", text)
    assert provider.address == "provider.aws.west"
    assert provider.attributes["region"] == "us-west-2"
    assert provider.attributes["default_tags"] == [{"tags": {"a": "b"}}]
    key = provider.attributes["access_key"]
    assert isinstance(key, Unknown)
    assert key.sensitive
    assert [
        (one.address, one.attributes["written_in_code"])
        for one in of_type("sensitive_argument", text)
    ] == [("provider.aws.west.access_key", True), ("provider.aws.west.secret_key", False)]
    assert KEY not in repr(read_text(text))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("./a", "local"),
        ("../a", "local"),
        ("terraform-aws-modules/vpc/aws", "registry"),
        ("app.terraform.io/acme/vpc/aws", "registry"),
        ("terraform-aws-modules/vpc/aws//modules/x", "registry"),
        ("github.com/acme/vpc", "git"),
        ("github.com/acme/vpc//sub?ref=v1", "git"),
        ("git@github.com:acme/vpc.git", "git"),
        ("git::https://acme.example/vpc.git", "git"),
        ("bitbucket.org/acme/vpc", "git"),
        ("hg::http://acme.example/vpc.hg", "mercurial"),
        ("https://acme.example/vpc.zip", "http"),
        ("s3::https://s3-eu-west-1.amazonaws.com/b/vpc.zip", "s3"),
        ("gcs::https://www.googleapis.com/storage/v1/m/vpc.zip", "gcs"),
        ("oci://acme.example/vpc", "oci"),
        ("vpc", "other"),
    ],
)
def test_kind_of_a_module_source(source: str, kind: str) -> None:
    assert source_kind(source) == kind


def test_module_call() -> None:
    call = only("module", 'module "v" {\n  source = "git::https://a/b.git?depth=1&ref=v1.2"\n}\n')
    assert call.attributes["source_kind"] == "git"
    assert call.attributes["ref"] == "v1.2"
    assert line_of(call, "ref") == 2


def test_variable() -> None:
    text = """\
variable "db_password" {
  type = object({
    value = string
  })
  default     = null
  description = "x"
  sensitive   = true
  nullable    = false
}
"""
    variable = only("variable", text)
    assert variable.address == "var.db_password"
    assert {**variable.attributes, "default": None} == {
        "name": "db_password",
        "type": "object({ value = string })",
        "default": None,
        "description": "x",
        "sensitive": True,
        "nullable": False,
        "ephemeral": False,
        "secret_name": True,
    }


@pytest.mark.parametrize("line", ["sensitive = true", ""])
def test_the_default_of_a_secret_variable_is_never_shown(line: str) -> None:
    text = f'variable "password" {{\n  default = "hunter2"\n  {line}\n}}\n'
    assert "hunter2" not in repr(read_text(text).resources)
    assert only("sensitive_argument", text).attributes["written_in_code"] is True


def test_blocks_are_there_once_however_often_their_module_is_called(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./m"\n  count = 3\n}\n'
        'module "b" {\n  source = "./m"\n}\n',
        "m/main.tf": 'variable "v" {\n  default = 1\n}\noutput "o" {\n  value = var.v\n}\n',
    }
    found = [one for one in read(tmp_path, files).resources if one.type != "module"]
    assert [(one.type, one.address) for one in found] == [
        ("variable", "module.a.var.v"),
        ("output", "module.a.output.o"),
    ]
    # The outputs of a called module have as many values as it has instances.
    assert "value" not in found[1].attributes


def test_lock_file(tmp_path: Path) -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.1.0"\n}\n'
    files = {"main.tf": 'provider "aws" {}\n', ".terraform.lock.hcl": lock}
    inventory = read(tmp_path, files)
    found = {one.type: one for one in inventory.resources}
    assert found["terraform"].attributes["lock_file"] is True
    assert found["lock_file"].attributes["providers"] == [
        {"source": "registry.terraform.io/hashicorp/aws", "version": "5.1.0"}
    ]
    assert line_of(found["lock_file"], "providers", 0, "version") == 2
    assert ".terraform.lock.hcl" in inventory.files


SECRETS: list[tuple[str, Value]] = [
    ('"hunter2"', True),
    ("local.secret", True),
    ('sensitive("hunter2")', True),
    ('""', False),
    ('"arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"', False),
    ("var.unset", False),
    ('"${var.unset}-suffix"', False),
    ("var.hidden", False),
    ("aws_kms_key.k.arn", False),
]


@pytest.mark.parametrize(("expression", "expected"), SECRETS)
def test_whether_a_secret_is_written_in_the_code(expression: str, expected: Value) -> None:
    text = f"""\
variable "unset" {{}}
variable "hidden" {{
  sensitive = true
  default   = "hunter2"
}}
locals {{
  secret = "hunter2"
}}
resource "aws_kms_key" "k" {{}}
resource "aws_db_instance" "db" {{
  password = {expression}
}}
"""
    found = [
        one
        for one in of_type("sensitive_argument", text)
        if one.attributes["resource_type"] == "aws_db_instance"
    ]
    assert [one.attributes["written_in_code"] for one in found] == [expected]
    assert found[0].address == "aws_db_instance.db.password"
    assert line_of(found[0], "written_in_code") == 11


def test_a_secret_that_can_not_be_told_is_unknown() -> None:
    text = 'resource "aws_db_instance" "db" {\n  password = module.gone.x\n}\n'
    value = only("sensitive_argument", text).attributes["written_in_code"]
    assert isinstance(value, Unknown)


def test_other_blocks_do_no_harm() -> None:
    text = """\
moved {
  from = aws_s3_bucket.a
  to   = aws_s3_bucket.b
}
removed {
  from = aws_s3_bucket.c
  lifecycle {
    destroy = false
  }
}
import {
  to = aws_s3_bucket.b
  id = "b"
}
check "health" {
  data "http" "x" {
    url = "https://shop.example"
  }
  assert {
    condition     = data.http.x.status_code == 200
    error_message = "down"
  }
}
ephemeral "aws_secretsmanager_secret_version" "s" {
  secret_id = "x"
}
resource "aws_s3_bucket" "b" {
  bucket = ephemeral.aws_secretsmanager_secret_version.s.secret_string
}
"""
    inventory = read_text(text)
    assert inventory.problems == ()
    (bucket,) = inventory.resources
    value = bucket.attributes["bucket"]
    assert isinstance(value, Unknown)
    assert "only while Terraform runs" in value.cause


def test_every_pseudo_type_is_raised_with_the_attributes_that_it_has(tmp_path: Path) -> None:
    files = {
        "main.tf": 'terraform {\n  backend "s3" {}\n}\nprovider "aws" {}\n'
        'variable "v" {}\noutput "o" {\n  value = 1\n}\nmodule "m" {\n  source = "a/b/c"\n}\n'
        'resource "aws_db_instance" "d" {\n  password = "x"\n}\n',
        "m/main.tf": "",
        ".terraform.lock.hcl": "",
    }
    found = {one.type: one for one in read(tmp_path, files).resources}
    # These come with documents and from AWS, not with code.
    of_code = PSEUDO_TYPES.keys() - {"plan", "state", *LIVE_TYPES}
    assert of_code <= found.keys()
    for kind in of_code:
        assert found[kind].attributes.keys() <= PSEUDO_TYPES[kind].keys()


WORKSPACE = 'resource "aws_s3_bucket" "b" {\n  bucket = terraform.workspace\n}\n'


@pytest.mark.parametrize(
    ("selected", "given", "expected"),
    [
        (None, "", "default"),
        ("prod\n", "", "prod"),
        ("prod", "test", "test"),
        ("x" * 200, "", "default"),
    ],
)
def test_workspace(tmp_path: Path, selected: str | None, given: str, expected: str) -> None:
    files = {"main.tf": WORKSPACE}
    if selected is not None:
        files[".terraform/environment"] = selected
    inventory = read(tmp_path, files, CodeOptions(workspace=given))
    assert inventory.resources[0].attributes["bucket"] == expected


def test_environment_gives_way_to_variable_files(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "a" {}\nvariable "b" {\n  type = list(string)\n}\n'
        'resource "aws_test" "t" {\n  a = var.a\n  b = var.b\n}\n',
        "terraform.tfvars": 'a = "file"\nundeclared = 1\n',
    }
    environment = {"a": "environment", "b": '["x"]', "elsewhere": "y"}
    inventory = read(tmp_path, files, CodeOptions(environment=environment))
    assert inventory.resources[0].attributes == {"a": "file", "b": ["x"]}
    assert inventory.problems == ()


def test_a_secret_from_outside_is_neither_shown_nor_taken_for_code(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "db_password" {}\n'
        'resource "aws_db_instance" "d" {\n  password = var.db_password\n}\n'
    }
    inventory = read(tmp_path, files, CodeOptions(environment={"db_password": "hunter2"}))
    assert "hunter2" not in repr(inventory)
    found = next(one for one in inventory.resources if one.type == "sensitive_argument")
    assert found.attributes["written_in_code"] is False


def test_default_tags_that_are_unknown() -> None:
    text = 'variable "t" {}\nprovider "aws" {\n  default_tags {\n    tags = var.t\n  }\n}\n'
    (bucket,) = of_type("aws_s3_bucket", text + 'resource "aws_s3_bucket" "b" {}\n')
    assert isinstance(bucket.attributes["tags_all"], Unknown)
