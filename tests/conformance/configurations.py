"""Whole modules: a text file each, with the files that it writes and the options it is read with.

The first line says what it shows; ``var: name=value``, ``var_file: path`` and
``workspace: name`` may follow, and ``unknown: address.attribute: why``.  Then every file begins
with ``-- path --``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comparing import planned
from judging import HERE, plan, show

from auditkit.model import Inventory
from auditkit.sources.terraform.code import CodeOptions, find_project, read_root

if TYPE_CHECKING:
    from terraform_binary import Terraform

ANSWERS = HERE / "answers" / "configurations"

_FILE = re.compile(r"^-- (.+) --\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One root module and what it is read with."""

    name: str
    title: str
    files: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    var_files: tuple[str, ...] = ()
    workspace: str = "default"
    unknown: dict[str, str] = field(default_factory=dict)
    """Paths that we can't know, and why."""

    def write(self, directory: Path) -> None:
        """Writes its files."""
        for name, text in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def configurations() -> Iterator[Configuration]:
    """Every file in ``configurations/``."""
    for path in sorted((HERE / "configurations").glob("*.txt")):
        yield parse_configuration(path.stem, path.read_text(encoding="utf-8"))


def parse_configuration(name: str, text: str) -> Configuration:
    """The configuration that the text describes."""
    head, *parts = _FILE.split(text)
    title, *lines = head.strip().split("\n")
    options = [line.partition(": ")[::2] for line in lines]
    variables = [value.partition("=") for key, value in options if key == "var"]
    unknown = [value.partition(": ") for key, value in options if key == "unknown"]
    return Configuration(
        name,
        title,
        dict(zip(parts[::2], parts[1::2], strict=True)),
        variables={key: value for key, _, value in variables},
        var_files=tuple(value for key, value in options if key == "var_file"),
        workspace=next((value for key, value in options if key == "workspace"), "default"),
        unknown={path: why for path, _, why in unknown},
    )


def read_configuration(configuration: Configuration, directory: Path) -> Inventory:
    """Our inventory of it; `directory` is empty."""
    configuration.write(directory)
    options = CodeOptions(
        variables=configuration.variables,
        var_files=tuple(directory / name for name in configuration.var_files),
        workspace=configuration.workspace,
    )
    return read_root(find_project([directory], options), ".", options)


def plan_configuration(
    terraform: Terraform, configuration: Configuration, directory: Path
) -> dict[str, dict[str, Any]]:
    """Terraform's answer; `directory` is empty."""
    configuration.write(directory)
    if any("module " in text for text in configuration.files.values()):
        terraform.run("init", "-input=false", "-no-color", directory=directory)
    if configuration.workspace != "default":
        terraform.run("workspace", "new", configuration.workspace, directory=directory)
    arguments = [f"-var-file={name}" for name in configuration.var_files]
    arguments += [f"-var={name}={value}" for name, value in configuration.variables.items()]
    errors = plan(terraform, directory, *arguments)
    assert not errors, (configuration.name, errors)
    return planned(show(terraform, directory))
