"""Small realistic root modules, planned by the AWS provider against a moto server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comparing import planned
from judging import HERE, copy_tree, plan, show

from auditkit.model import Inventory
from auditkit.sources.terraform.code import CodeOptions, find_project, read_root

if TYPE_CHECKING:
    from terraform_binary import Terraform

MODULES = HERE / "modules"
ANSWERS = HERE / "answers" / "modules"

UNKNOWN: Mapping[str, Mapping[str, str]] = {
    "regions": {
        r"module\..*\.aws_ssm_parameter\.account\.value": "AWS tells which account it is",
    },
}
"""By module, the paths (as patterns) that Terraform knows at plan time and we do not: why."""


def module_names() -> list[str]:
    """The directories in ``modules/``."""
    return sorted(path.name for path in MODULES.iterdir())


def read_module(name: str, directory: Path) -> Inventory:
    """Our inventory of a module; of a copy in `directory`, so that nothing else is around it."""
    copy_tree(MODULES / name, directory)
    return read_root(find_project([directory], CodeOptions()), ".", CodeOptions())


def unexplained(name: str, unknown: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What we do not know and `UNKNOWN` has no reason for."""
    patterns = UNKNOWN.get(name, {})
    return [
        (path, cause)
        for path, cause in unknown
        if not any(re.fullmatch(pattern, path) for pattern in patterns)
    ]


def plan_modules(
    terraform: Terraform, environment: Mapping[str, str], directory: Path
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Name and plan of every module.

    The provider is installed once; modules get a link to it.
    """
    terraform = replace(terraform, environment={**terraform.environment, **environment})
    first = directory / "provider"
    first.mkdir()
    (first / "main.tf").write_text('provider "aws" {}\n', encoding="utf-8")
    terraform.run("init", "-input=false", "-no-color", directory=first)

    def answer(name: str) -> dict[str, dict[str, Any]]:
        place = directory / name
        copy_tree(MODULES / name, place)
        (place / ".terraform").mkdir()
        os.symlink(first / ".terraform" / "providers", place / ".terraform" / "providers")
        lock = first / ".terraform.lock.hcl"
        (place / lock.name).write_bytes(lock.read_bytes())
        terraform.run("get", "-no-color", directory=place)
        errors = plan(terraform, place)
        assert not errors, (name, errors)
        return planned(show(terraform, place))

    with ThreadPoolExecutor(2) as executor:
        yield from zip(module_names(), executor.map(answer, module_names()), strict=True)
