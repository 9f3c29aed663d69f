"""What the tests of the command line share: a place of its own and a way to call it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from auditkit.cli.main import main


class Result(NamedTuple):
    """What a call left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch, tmp_path):
    """No test sees the settings of who runs it, and none the colours of a terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "AUDITKIT_CONFIG", "AUDITKIT_FAIL_ON"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty repository, which is the working directory, too."""
    directory = tmp_path / "project"
    (directory / ".git").mkdir(parents=True)
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture
def auditkit(project, capsys):
    """Calls the program in `project` and returns a `Result`."""

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = main(list(arguments))
        return Result(code, *capsys.readouterr())

    return call
