"""Every attribute that we evaluate is the one that the AWS provider plans."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from comparing import Comparison, as_stored, compare_inventory
from judging import UNKNOWN
from moto_server import MotoServer
from planned_modules import ANSWERS, module_names, plan_modules, read_module, unexplained
from terraform_binary import require_provider

from auditkit.sources.terraform.resources import CodeMap


@pytest.mark.parametrize("name", module_names())
def test_attributes_are_those_that_the_provider_plans(name: str, tmp_path: Path) -> None:
    result = compare(name, tmp_path)
    assert result.different == []
    assert unexplained(name, result.unknown) == []


@pytest.mark.parametrize("name", module_names())
def test_what_is_written_is_not_lost(name: str, tmp_path: Path) -> None:
    answer = json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))
    lost = [
        (resource.address, argument)
        for resource in read_module(name, tmp_path).resources
        if resource.address in answer and isinstance(resource.source_map, CodeMap)
        for argument in written(resource.source_map)
        # A null is no value, and then the plan has the provider's default.
        if resource.attributes.get(argument) is None
        and answer[resource.address].get(argument) not in (None, False, [], {}, UNKNOWN)
    ]
    assert lost == []


def written(source_map: CodeMap) -> set[str]:
    """The arguments and nested blocks of a resource block."""
    body = source_map._block.body
    blocks = {block.labels[0] if block.type == "dynamic" else block.type for block in body.blocks}
    return {*body.attributes, *blocks}


def compare(name: str, directory: Path) -> Comparison:
    answer = json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))
    return compare_inventory(read_module(name, directory), answer)


def test_several_hundred_attributes_are_compared(tmp_path: Path, capsys) -> None:
    total = Comparison()
    lines = []
    for name in module_names():
        result = compare(name, tmp_path / name)
        total.add(result)
        lines.append(f"{name}: {result.summary()}")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, f"all: {total.summary()}", ""]))
    assert len(module_names()) >= 12
    assert total.equal > 1000
    assert not total.different


@pytest.mark.terraform
def test_the_provider_still_plans_so(tmp_path: Path, request, moto: MotoServer) -> None:
    moto.reset()
    environment = {**moto.environment, "AWS_MAX_ATTEMPTS": "2"}
    for name, answer in plan_modules(require_provider(), environment, tmp_path):
        text = as_stored(answer)
        file = ANSWERS / f"{name}.json"
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text, name
