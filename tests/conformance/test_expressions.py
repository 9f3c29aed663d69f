"""Every expression of ``expressions/`` has the value that Terraform gives it."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import (
    UNKNOWN,
    Case,
    Rejected,
    ask_terraform,
    evaluate_case,
    expression_cases,
    from_json,
    read_answers,
    same,
    scope_module,
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
    assert answer.expression == case.text, "ask Terraform again: see CONTRIBUTING.md"
    ours = evaluate_case(case.text, module)
    if answer.rejected:
        known = not isinstance(ours, Rejected) and ours != UNKNOWN
        assert known == bool(case.lenient), (ours, answer.rejected)
        return
    assert not isinstance(ours, Rejected), ours
    theirs = from_json(answer.value)
    assert same(ours, theirs, unknown=bool(case.unknown), known=bool(case.known)), (ours, theirs)
    if case.unknown or case.known:
        assert not same(ours, theirs), "both know the same after all: drop the note"


@pytest.mark.terraform
def test_terraform_still_says_so(tmp_path: Path, request) -> None:
    terraform = require_terraform()
    found = ask_terraform(terraform, CASES, tmp_path)
    if request.config.getoption("--update-golden"):
        write_answers(CASES, found)
    stored = read_answers()
    for case, answer in zip(CASES, found, strict=True):
        assert stored[case.topic][case.name] == answer
