"""Terraform itself, as a judge: `require_terraform` and `require_provider`, or the test skips."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Terraform:
    """The program, with an environment in which it asks nobody and nothing on the network."""

    program: str
    environment: Mapping[str, str]

    def run(
        self, *arguments: str, directory: Path, text: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs a command in `directory`, with `text` on standard input."""
        result = subprocess.run(
            [self.program, *arguments],
            cwd=directory,
            env=dict(self.environment),
            input=None if text is None else text.encode(),
            capture_output=True,
            check=False,
        )
        if check and result.returncode:
            raise AssertionError(
                f"terraform {' '.join(arguments)}: {result.stdout.decode()}{result.stderr.decode()}"
            )
        return result

    def accepts(self, text: str, *, directory: Path) -> bool:
        """Whether `text` is HCL that Terraform can parse."""
        return self.run("fmt", "-", directory=directory, text=text, check=False).returncode == 0

    def validate(self, directory: Path) -> None:
        """Asserts that a configuration, a copy which may be written to, is valid."""
        self.run("init", "-backend=false", "-input=false", "-no-color", directory=directory)
        self.run("validate", "-no-color", directory=directory)


def require_terraform() -> Terraform:
    """Terraform without any provider, for what the language alone can tell."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("terraform is not on PATH")
    return Terraform(program, _environment(None))


def require_provider() -> Terraform:
    """Terraform with the AWS provider from a mirror on this machine's disk."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("terraform is not on PATH")
    mirror = _find_mirror()
    if mirror is None:
        pytest.skip("no mirror on this disk holds terraform-provider-aws")
    return Terraform(program, _environment(mirror))


@lru_cache
def _find_mirror() -> Path | None:
    """The directory that a ``filesystem_mirror`` takes, found by the provider in it.

    The layout is MIRROR/registry/namespace/name/version/platform/program.
    https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
    """
    search = ["find", "/", "-xdev", "-type", "f", "-name", "terraform-provider-aws_v*"]
    found = subprocess.run(search, capture_output=True, check=False).stdout
    for line in found.decode(errors="replace").splitlines():
        program = Path(line)
        if len(program.parents) > 5 and program.parents[3].name == "hashicorp":
            return program.parents[5]
    return None


@lru_cache
def _environment(mirror: Path | None) -> Mapping[str, str]:
    directory = Path(tempfile.mkdtemp(prefix="auditkit-terraform-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    installation = f'filesystem_mirror {{ path = "{mirror}" }}\n  ' if mirror else ""
    config = directory / "terraform.rc"
    config.write_text(
        f'provider_installation {{\n  {installation}direct {{ exclude = ["*/*/*"] }}\n}}\n',
        encoding="utf-8",
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {
        "TF_CLI_CONFIG_FILE": str(config),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
    }
