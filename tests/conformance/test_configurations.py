"""Every output and resource of ``configurations/`` has the value that Terraform plans for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from comparing import as_stored, compare_inventory
from configurations import ANSWERS, configurations, plan_configuration, read_configuration
from terraform_binary import require_terraform

CASES = list(configurations())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_are_those_that_terraform_plans(case, tmp_path: Path) -> None:
    answer = json.loads((ANSWERS / f"{case.name}.json").read_text(encoding="utf-8"))
    result = compare_inventory(read_configuration(case, tmp_path), answer)
    assert result.different == []
    assert {path for path, _ in result.unknown} == case.unknown.keys(), result.unknown
    assert result.equal


@pytest.mark.terraform
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_terraform_still_plans_so(case, tmp_path: Path, request) -> None:
    text = as_stored(plan_configuration(require_terraform(), case, tmp_path))
    file = ANSWERS / f"{case.name}.json"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text
