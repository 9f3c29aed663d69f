from __future__ import annotations

import pytest

from auditkit.model import Location
from auditkit.redaction import MASK
from auditkit.reporters.snippets import SourceFiles, cut_snippet


def underline(
    line: str, column: int, end_column: int, *, width: int = 100, end_line: int = 1
) -> str:
    """The snippet of a file with one line, with the range in brackets."""
    source = SourceFiles({"main.tf": line}.get).open("main.tf")
    assert source is not None
    snippet = cut_snippet(source, Location("main.tf", 1, column, end_line, end_column), width)
    assert snippet is not None
    end = snippet.start + snippet.length
    return (
        f"{snippet.text[: snippet.start]}[{snippet.text[snippet.start : end]}]{snippet.text[end:]}"
    )


@pytest.mark.parametrize(
    ("line", "columns", "expected"),
    [
        ("a = 1", (5, 6), "a = [1]"),
        ("a = 1", (1, 6), "[a = 1]"),
        ("\ta = 1", (2, 3), "    [a] = 1"),
        ("ab\tc", (4, 5), "ab  [c]"),
        ("a = 1", (6, 6), "a = 1[]"),
        ("a = 1", (40, 50), "a = 1[]"),
        ("\ufeffa = 1\r\n", (1, 2), "[a] = 1"),
        ("a\u202eb = 1", (3, 4), r"a\u202e[b] = 1"),
    ],
)
def test_range_is_underlined_where_it_is_seen(line, columns, expected):
    assert underline(line, *columns) == expected


def test_columns_behind_wide_characters_count_double():
    source = SourceFiles({"main.tf": '日本 = "x"'}.get).open("main.tf")
    snippet = cut_snippet(source, Location("main.tf", 1, 6, 1, 9), 100)
    assert (snippet.start, snippet.length) == (7, 3)


def test_range_of_several_lines_is_underlined_to_the_end_of_the_first():
    assert underline("policy = {\n  a = 1\n}", 10, 2, end_line=3) == "policy = [{]"


def test_secret_is_masked_and_the_range_still_fits():
    assert (
        underline('{ password = "hunter2", a = 1 }', 25, 30)
        == f'{{ password = "{MASK}", [a = 1] }}'
    )
    assert underline('password = "hunter2"', 12, 21) == f'password = ["{MASK}"]'


def test_line_of_a_secret_heredoc_is_masked():
    source = SourceFiles({"main.tf": "password = <<EOT\nhunter2\nEOT\n"}.get).open("main.tf")
    assert cut_snippet(source, Location("main.tf", 2, 1, 2, 8), 100).text == MASK


@pytest.mark.parametrize("width", [20, 30, 60])
@pytest.mark.parametrize("start", [0, 5, 50, 150, 290])
def test_long_line_is_cut_around_the_range(start, width):
    line = " ".join(f"{number:03}" for number in range(75))
    shown = underline(line, start + 1, start + 5, width=width)
    assert f"[{line[start : start + 4]}]" in shown
    text = shown.replace("[", "").replace("]", "")
    assert len(text) <= width
    visible = text.strip("…")
    assert visible in line
    assert text.startswith("…") == (not line.startswith(visible))
    assert text.endswith("…") == (not line.endswith(visible))


def test_range_that_is_too_long_is_cut_at_its_end():
    shown = underline("x = " + "y" * 300, 5, 305, width=40)
    assert shown == "x = [" + "y" * 35 + "]…"


def test_no_snippet_without_the_line_or_the_file():
    files = SourceFiles({"main.tf": "a = 1"}.get)
    assert cut_snippet(files.open("main.tf"), Location("main.tf", 7, 1, 7, 2), 80) is None
    assert files.open("other.tf") is None


def test_every_file_is_read_once():
    read = []
    files = SourceFiles(lambda name: read.append(name))
    files.open("a.tf")
    files.open("a.tf")
    assert read == ["a.tf"]
