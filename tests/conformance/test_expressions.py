"""Every expression of ``expressions/`` has the value that Terraform gives it."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import (
    Case,
    ask_terraform,
    evaluate_case,
    expression_cases,
    read_answers,
    scope_module,
    verdict,
    write_answers,
)
from terraform_binary import require_terraform

CASES = list(expression_cases())


@pytest.fixture(scope="module")
def answers():
    return read_answers()


@pytest.fixture(scope="module")
def module():
    return scope_module()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}-{case.name}")
def test_value_is_that_of_terraform(case: Case, answers, module) -> None:
    answer = answers[case.topic][case.name]
    assert answer.expression == case.text, "ask Terraform again: see docs/conformance.md"
    expected = {"rejected" if answer.rejected else "equal"}
    if case.unknown or case.known or case.lenient:
        # A note that is no longer needed has to go.
        expected = {"unknown" if case.unknown else "known" if case.known else "lenient"}
    ours = evaluate_case(case.text, module)
    assert verdict(case, answer, module) in expected, (ours, answer)


@pytest.mark.terraform
def test_terraform_still_says_so(tmp_path: Path, request) -> None:
    terraform = require_terraform()
    found = ask_terraform(terraform, CASES, tmp_path)
    if request.config.getoption("--update-golden"):
        write_answers(CASES, found)
    stored = read_answers()
    for case, answer in zip(CASES, found, strict=True):
        assert stored[case.topic][case.name] == answer
