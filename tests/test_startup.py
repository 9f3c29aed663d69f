"""What starting the program may import; every module costs each commit its milliseconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

HEAVY = {"boto3", "botocore", "jinja2", "jsonschema", "requests", "rich", "urllib3"}
"""What no scan with the built-in rules needs."""

BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'


def imported_by(*arguments: str, directory: Path) -> set[str]:
    """The modules that ``python -m auditkit`` imports, with every name above theirs."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "auditkit", *arguments],
        cwd=directory,
        env={"PYTHONPATH": str(CHECKOUT), "PATH": "", "HOME": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    modules = {line.rpartition("|")[2].strip() for line in lines}
    return modules | {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_start_up_imports_click_and_little_else(arguments, tmp_path):
    modules = imported_by(*arguments, directory=tmp_path)
    ours = {module for module in modules if module.startswith("auditkit")}
    assert ours <= {
        "auditkit",
        "auditkit.cli",
        "auditkit.cli.exit_codes",
        "auditkit.cli.main",
        "auditkit.errors",
    }
    assert not modules & (HEAVY | {"yaml", "tree_sitter", "json", "difflib", "multiprocessing"})


def test_a_scan_imports_no_library_that_it_does_not_need(tmp_path):
    (tmp_path / "main.tf").write_text(BUCKET)
    modules = imported_by("scan", ".", directory=tmp_path)
    assert not modules & (HEAVY | {"multiprocessing", "difflib", "asyncio"})


@pytest.mark.parametrize("command", ["scan", "collect", "doctor", "iam-policy"])
def test_the_help_of_a_command_imports_no_library_that_it_does_not_need(command, tmp_path):
    assert not imported_by(command, "--help", directory=tmp_path) & HEAVY
