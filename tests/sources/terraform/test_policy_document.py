"""``aws_iam_policy_document``, held against what the real provider made of the same blocks.

``policy_documents/answers.json`` is the provider's answer to ``documents.tf``, asked through
``terraform plan``; the test that is marked ``terraform`` asks again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditkit.model import Unknown
from auditkit.sources.terraform.code import read_text
from auditkit.sources.terraform.policy_document import render
from tests.terraform_binary import require_provider

HERE = Path(__file__).parent / "policy_documents"
DOCUMENTS = (HERE / "documents.tf").read_text()
ANSWERS: dict[str, dict[str, str]] = json.loads((HERE / "answers.json").read_text())

PROVIDER = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("attribute", ["json", "minified_json"])
def test_text_is_the_providers(name: str, attribute: str) -> None:
    use = f'resource "aws_test" "t" {{\n x = data.aws_iam_policy_document.{name}.{attribute}\n}}\n'
    assert read_text(DOCUMENTS + use).resources[0].attributes["x"] == ANSWERS[name][attribute]


@pytest.mark.terraform
def test_answers_are_what_terraform_says_today(tmp_path: Path) -> None:
    terraform = require_provider()
    (tmp_path / "documents.tf").write_text(DOCUMENTS)
    fields = "{ json = data.aws_iam_policy_document.%s.json,"
    fields += " minified_json = data.aws_iam_policy_document.%s.minified_json }"
    outputs = "".join(
        f'output "{name}" {{\n value = {fields % (name, name)}\n}}\n' for name in ANSWERS
    )
    (tmp_path / "main.tf").write_text(PROVIDER + outputs)
    terraform.run("init", "-no-color", directory=tmp_path)
    terraform.run("plan", "-no-color", "-out", "plan", directory=tmp_path)
    plan = json.loads(terraform.run("show", "-json", "plan", directory=tmp_path).stdout)
    planned = plan["planned_values"]["outputs"]
    assert {name: output["value"] for name, output in planned.items()} == ANSWERS


def test_unknown_parts_stay_in_the_document() -> None:
    unknown = Unknown("no value")
    result = render({"statement": [{"actions": ["a:b"], "resources": [unknown, "x"]}]})
    assert isinstance(result, Unknown)
    assert result.cause == "no value"
    assert result.document == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "a:b", "Resource": [unknown, "x"]}],
    }


def test_unknown_statements_are_kept_beside_the_known_ones() -> None:
    unknown = Unknown("for_each is unknown")
    result = render({"statement": [{"actions": ["a:b"]}, unknown]})
    assert isinstance(result, Unknown)
    assert result.document == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "a:b"}, unknown],
    }


@pytest.mark.parametrize("text", ["{", "[]", '"text"'])
def test_source_that_is_no_policy_is_unknown(text: str) -> None:
    assert isinstance(render({"source_policy_documents": [text]}), Unknown)
