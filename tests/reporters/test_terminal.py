from __future__ import annotations

import pytest

from auditkit.reporters.terminal import Palette, display_width, escape, shorten


@pytest.mark.parametrize("text", ["", "plain", "日本語", "café", "🙂", 'a "b" {c}'])
def test_what_can_be_seen_is_left_alone(text):
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f\x00", r"\x7f\x00"),
        ("user\u202erevresbo\u202c", r"user\u202erevresbo\u202c"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("\u2028", r"\u2028"),
        ("\udcff", r"\udcff"),
        ("tag\U000e0041", r"tag\U000e0041"),
    ],
)
def test_what_could_lie_is_spelled_out(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize(("text", "width"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1)])
def test_width_is_counted_in_columns(text, width):
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 5, "日本…"), ("ab cd", 4, "ab…")],
)
def test_shortened_text_fits(text, width, short):
    assert shorten(text, width) == short


def test_colour_only_if_wanted():
    assert Palette(colour=False).paint("high", "x") == "x"
    assert Palette(colour=True).paint("high", "x") == "\x1b[1;31mx\x1b[0m"
