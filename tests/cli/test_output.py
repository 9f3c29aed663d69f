"""Where the results go."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click
import pytest

from auditkit.cli.output import Output, arrange, has_color, note, write
from auditkit.errors import AuditkitError

TEXT, JSON = Output("text"), Output("json")
SARIF_FILE = Output("sarif", Path("out.sarif"))


@pytest.mark.parametrize(
    ("asked", "file", "expected"),
    [
        ([], None, [TEXT]),
        ([JSON], None, [JSON]),
        ([JSON], "-", [JSON]),
        ([SARIF_FILE], None, [SARIF_FILE]),
        ([JSON, SARIF_FILE], None, [JSON, SARIF_FILE]),
        ([], "out.txt", [Output("text", Path("out.txt"))]),
        ([SARIF_FILE, JSON], "o.json", [SARIF_FILE, Output("json", Path("o.json"))]),
    ],
)
def test_each_format_has_a_place(asked, file, expected):
    assert arrange(asked, file=file) == tuple(expected)


@pytest.mark.parametrize(
    ("asked", "file", "message"),
    [
        ([TEXT, JSON], None, "only one format can go to standard output, not text, json"),
        ([TEXT, JSON], "out", "only one format"),
        ([SARIF_FILE], "out", "--output has no format left"),
        ([SARIF_FILE, Output("json", Path("./out.sarif"))], None, "go to the same file"),
        ([SARIF_FILE, JSON], "out.sarif", "go to the same file"),
    ],
)
def test_two_formats_never_share_a_place(asked, file, message):
    with pytest.raises(click.UsageError, match=message):
        arrange(asked, file=file)


@pytest.mark.parametrize(
    ("choice", "environment", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour(choice, environment, is_terminal, expected):
    assert has_color(choice, environment, is_terminal=is_terminal) is expected


def test_a_file_is_replaced_in_one_step(tmp_path):
    path = tmp_path / "new" / "report.json"
    write(["a", "ü\n"], path)
    assert path.read_bytes() == "aü\n".encode()
    write(["b"], path)
    assert path.read_text() == "b"
    assert os.listdir(path.parent) == ["report.json"]


def test_a_file_is_as_readable_as_any_other(tmp_path):
    path, other = tmp_path / "report", tmp_path / "other"
    other.touch()
    write([""], path)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_a_report_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "report"
    path.write_text("old")

    def pieces():
        yield "new"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(pieces(), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report"]


def test_a_link_is_replaced_and_not_followed(tmp_path):
    target, link = tmp_path / "bashrc", tmp_path / "report"
    target.write_text("mine")
    link.symlink_to(target)
    write(["report"], link)
    assert target.read_text() == "mine"
    assert not link.is_symlink()


def test_a_device_is_written_to():
    write(["nothing"], Path(os.devnull))
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["file/report", ""])
def test_a_place_that_cannot_be_written_is_told(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(AuditkitError, match="can't write"):
        write([""], tmp_path / name)


def test_a_name_from_outside_does_not_steer_the_terminal(capsys):
    note("wrote \x1b[2J.tf")
    assert capsys.readouterr().err == "note: wrote \\x1b[2J.tf\n"
