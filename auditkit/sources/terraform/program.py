"""Programs that are asked for what only they know: Terraform and git.

They are run without a shell.  Terraform is run on request only, in a directory that the user
named, because it starts the providers there.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from auditkit.errors import SourceError

TIMEOUT_SECONDS = 300
"""How long it may take; it starts every provider that the plan is about."""

GIT_TIMEOUT_SECONDS = 30

PROGRAMS = ("terraform", "tofu")
"""The first of these that is on PATH is run."""

_ZIP = b"PK\x03\x04"


def is_binary_plan(stream: BinaryIO) -> bool:
    """Whether a file holds a plan as ``terraform plan -out`` writes it: a zip archive."""
    start = stream.read(len(_ZIP))
    stream.seek(0)
    return start == _ZIP


def show_plan(path: Path) -> io.BytesIO:
    """What ``terraform show -json`` prints of the binary plan at `path`.

    Raises `SourceError` when it cannot be run or fails.
    """
    advice = f"or give what `terraform show -json {path.name}` prints"
    return _run(["show", "-json", "-no-color", str(path.absolute())], path.parent, advice)


def pull_state(directory: Path) -> io.BytesIO:
    """What ``terraform state pull`` prints in `directory`.

    Raises `SourceError` when it cannot be run or fails.
    """
    return _run(["state", "pull"], directory, "or give the state itself")


def is_tracked(path: Path) -> bool | None:
    """Whether git keeps the file; ``None`` if there is a repository and git does not tell."""
    path = path.absolute()
    if not any((parent / ".git").exists() for parent in path.parents):
        return False
    git = shutil.which("git")
    if git is None:
        return None
    # A repository's settings can name a program that watches its files.
    command = [git, "-c", "core.fsmonitor=false", "ls-files", "--error-unmatch", "--", path.name]
    try:
        done = subprocess.run(
            command,
            cwd=path.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=GIT_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Anything else is a refusal, such as of a repository that belongs to somebody else.
    return {0: True, 1: False}.get(done.returncode)


def _run(arguments: Sequence[str], directory: Path, advice: str) -> io.BytesIO:
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    command = f"terraform {' '.join(arguments[:2])}"
    if program is None:
        raise SourceError(f"{directory}: {command} is needed: put it on PATH, {advice}")
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        text = f"{directory}: {command} took longer than {TIMEOUT_SECONDS} s; {advice}"
        raise SourceError(text) from error
    except OSError as error:
        raise SourceError(f"{directory}: {command} cannot be run: {error.strerror}") from error
    if done.returncode:
        raise SourceError(f"{directory}: {command} failed: {_first_error(done.stderr)}; {advice}")
    return io.BytesIO(done.stdout)


def _first_error(output: bytes) -> str:
    """The line that says what went wrong, out of a box of them."""
    lines = [line.strip("╷│╵ \t\r") for line in output.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line]
    return next((line for line in told if line.startswith("Error")), told[0] if told else "no word")
