"""The program around its commands: help, and the one error boundary."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import auditkit
from auditkit.cli import main as program
from auditkit.cli.main import COMMANDS

CHECKOUT = Path(auditkit.__file__).parent.parent


def run_process(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "auditkit", *arguments],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_version(auditkit):
    result = auditkit("--version")
    assert result == (0, f"auditkit {sys.modules['auditkit'].__version__}\n", "")


def test_help_lists_every_command(auditkit):
    result = auditkit("-h")
    assert result.code == 0
    for name, (_, text) in COMMANDS.items():
        assert text in result.out
        assert auditkit(name, "-h").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sacn",), "No such command 'sacn' (did you mean 'scan'?)"),
        (("--versoin",), "No such option"),
        (("rules", "lst"), "No such command 'lst'"),
        (("explain",), "Missing argument 'RULE'"),
    ],
)
def test_a_wrong_call(auditkit, arguments, message):
    result = auditkit(*arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (ZeroDivisionError("oops"), 70, "ZeroDivisionError: oops"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (SystemExit(5), None, ""),
    ],
)
def test_what_goes_wrong_has_an_exit_code(auditkit, monkeypatch, raised, code, message):
    @click.command()
    def broken():
        raise raised

    monkeypatch.setattr(program.LazyGroup, "get_command", lambda self, ctx, name: broken)
    if code is None:
        with pytest.raises(SystemExit):
            auditkit("scan")
        return
    result = auditkit("scan")
    assert (result.code, result.out) == (code, "")
    assert message in result.err
    assert ("please report it: https://" in result.err) is (code == 70)


def test_a_reader_that_goes_away_is_no_mistake(project):
    command = f'"{sys.executable}" -m auditkit rules list -f json'
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (141, "[\n", "")


def test_a_source_checkout_runs_without_installation(project):
    (project / "main.tf").write_text('resource "aws_kms_key" "k" {}\n')
    done = run_process("scan", "--select", "kms-key-rotation", "-f", "json")
    assert done.returncode == 1
    assert '"kms-key-rotation"' in done.stdout


def test_a_narrow_console_gets_question_marks(project):
    (project / "main.tf").write_text('resource "aws_kms_key" "ключ" {}\n')
    done = subprocess.run(
        [sys.executable, "-m", "auditkit", "scan", "--select", "kms-key-rotation"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "aws_kms_key.????" in done.stdout


def test_completion(project):
    done = subprocess.run(
        [sys.executable, "-m", "auditkit"],
        env={
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "_AUDITKIT_COMPLETE": "bash_complete",
            "COMP_WORDS": "auditkit s",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "plain,scan\n")
