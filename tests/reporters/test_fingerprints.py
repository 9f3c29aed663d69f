from __future__ import annotations

import re
from collections import Counter

import pytest

from auditkit.reporters.fingerprints import hash_lines

EMPTY_LINE_AT_THE_END = "c129715d7a2bc9a3:1"


def hash_lines_by_definition(text: str) -> tuple[str, ...]:
    """Σ u[k]·37^(99-k) over the 100 UTF-16 units from the start of each line."""
    lines = re.sub(r"[ \t]", "", re.sub(r"\r\n|\r", "\n", text)).split("\n")
    counts: Counter[int] = Counter()
    hashes = []
    for number in range(len(lines)):
        rest = "\n".join(lines[number:]).encode("utf-16-be", "surrogatepass")
        units = [int.from_bytes(rest[k : k + 2], "big") for k in range(0, len(rest), 2)]
        window = [*units, 0xFFFF, *[0] * 100][:100]
        value = sum(unit * 37 ** (99 - k) for k, unit in enumerate(window)) % 2**64
        counts[value] += 1
        hashes.append(f"{value:x}:{counts[value]}")
    return tuple(hashes)


def test_empty_file_has_one_line():
    assert hash_lines("") == (EMPTY_LINE_AT_THE_END,)


def test_every_line_has_a_hash_and_so_has_the_end_of_the_file():
    hashes = hash_lines("a = 1\nb = 2\n")
    assert len(hashes) == 3
    assert hashes[-1] == EMPTY_LINE_AT_THE_END


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a=1\nb=2\n", "  a \t= 1\nb\t=\t2  \n"),
        ("a\n\nb\n", "a\r\n\r\nb\r\n"),
        ("a\n\nb\n", "a\r\rb\r"),
        ("a\n\nb\n", "a\n\rb\r\n"),
        ("a\n\nb", "a\r \nb"),
    ],
)
def test_blanks_and_the_kind_of_newline_do_not_count(text, same):
    assert hash_lines(text) == hash_lines(same)


def test_equal_surroundings_are_told_apart_by_their_number():
    line = "statement = the same\n"
    first, second, third, *_ = hash_lines(line * 20)
    value = first.removesuffix(":1")
    assert (second, third) == (f"{value}:2", f"{value}:3")


def test_lines_above_do_not_count():
    text = "b = 2\n" * 20
    assert hash_lines("a = 1\n" + text)[1:] == hash_lines(text)


def test_what_follows_more_than_100_characters_later_does_not_count():
    text = "x" * 100 + "\n"
    assert hash_lines(text + "a\n")[0] == hash_lines(text + "b\n")[0]
    assert hash_lines(text[1:] + "\na")[0] == hash_lines(text[1:] + "\nb")[0]
    assert hash_lines(text[2:] + "a\n")[0] != hash_lines(text[2:] + "b\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "one line",
        " a\n\tb\r\nc\rd\n\n\n e ",
        'name = "日本語 \U0001f600"\n' * 9,
        "\ufeffresource {}\n",
        "\ud800 alone\n",
        "\n".join(f"key_{n} = {n * n}" for n in range(300)),
    ],
)
def test_it_is_what_the_definition_gives(text):
    assert hash_lines(text) == hash_lines_by_definition(text)
