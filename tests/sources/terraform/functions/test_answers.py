"""Every function and conversion, held against what ``terraform console`` answers.

``answers.json`` maps an expression to the JSON that Terraform encodes its value as, or to
null where Terraform reports an error.  To add one, write it with any answer and run
``pytest -m terraform --update-golden`` on this file.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from terraform_binary import Terraform, require_terraform

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.evaluate import evaluate_text
from auditkit.sources.terraform.modules import Tree
from auditkit.sources.terraform.values import deep_unmark, to_json

HERE = Path(__file__).parent
ANSWERS_FILE = HERE / "answers.json"
ANSWERS: dict[str, str | None] = json.loads(ANSWERS_FILE.read_text(encoding="utf-8"))

REQUIREMENT = """
terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
"""

CONTEXT = Tree(HERE, ".", load=lambda directory: None, given={}, workspace="default").context


def answer(expression: str) -> str | None:
    try:
        value = evaluate_text(expression, context=CONTEXT)
        value, _ = deep_unmark(value)
        assert not isinstance(value, Unknown), value.cause
        return to_json(value)
    except EvaluationError:
        return None


@pytest.mark.parametrize("expression", ANSWERS)
def test_value_is_terraforms(expression: str) -> None:
    assert answer(expression) == ANSWERS[expression]


@pytest.mark.terraform
def test_answers_are_what_terraform_says_today(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    terraform = require_terraform()
    shutil.copytree(HERE / "tree", tmp_path / "tree")
    (tmp_path / "main.tf").write_text(REQUIREMENT)
    terraform.run("init", "-no-color", directory=tmp_path)
    today = dict(zip(ANSWERS, ask(terraform, list(ANSWERS), tmp_path), strict=True))
    if request.config.getoption("--update-golden"):
        ANSWERS_FILE.write_text(json.dumps(today, indent=0, ensure_ascii=False) + "\n")
    else:
        assert today == ANSWERS


def ask(terraform: Terraform, expressions: Sequence[str], directory: Path) -> Iterator[str | None]:
    # The console answers the last line only, reads 64 kB of it at most, and has quotes of its
    # own, which Base64 needs none of.
    for start in range(0, len(expressions), 100):
        parts = [f"try(jsonencode({e}), null)" for e in expressions[start : start + 100]]
        line = f"base64encode(jsonencode([{', '.join(parts)}]))\n"
        printed = terraform.run("console", "-no-color", directory=directory, text=line).stdout
        yield from json.loads(base64.b64decode(printed.strip(b'"\n')))
