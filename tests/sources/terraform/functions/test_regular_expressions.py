"""Both matchers agree with each other, and neither can be kept busy.

That they agree with Go is among the answers of `test_answers`.
"""

from __future__ import annotations

import random

import pytest

from auditkit.sources.terraform.functions import regular_expressions
from auditkit.sources.terraform.functions.regular_expressions import (
    Regex,
    Spans,
    TooComplexError,
    compile_regex,
)

PATTERNS = [
    "a*b",
    "(a|ab)(c|bcd)(d*)",
    "(a+)(b+)?",
    "(?i)AB|c",
    "^a|b$",
    "(?m)^a|b$",
    r"\ba\b",
    r"a\Bb",
    "(a{2,3})b?",
    "(?:a|b)+?c",
    "(a??)(b*)",
    "[^b\\n]+",
    "(?s)a.",
    "((a)|b)+",
    "a{0}b",
    "(|a)b",
    "(?U)a+b*",
    r"(?P<x>a)\d?(?P<y>b)?",
]


def spans(pattern: str, text: str) -> list[Spans]:
    return [tuple(found) for found in Regex(pattern).find_all(text)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_both_matchers_find_the_same(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = random.Random(pattern)
    for _ in range(50):
        text = "".join(generator.choices("aabbcd1 \nAB", k=generator.randint(0, 10)))
        monkeypatch.setattr(regular_expressions, "MAX_PATHS", 10**12)
        by_python = spans(pattern, text)
        monkeypatch.setattr(regular_expressions, "MAX_PATHS", -1)
        assert spans(pattern, text) == by_python


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(a*)*b", "a" * 3000, 0),
        ("(a|aa)+$", "a" * 3000 + "b", 0),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 3000, 0),
        ("(x+x+)+y", "x" * 1000, 0),
        (".*.*=.*", "x" * 1000, 0),
        ("(?:(?:a?){30}){30}b", "a" * 100, 0),
        (r"([\w-]+\.)+com", "www." * 300 + "com", 1),
    ],
)
def test_patterns_that_backtrack_for_ever_are_answered(pattern: str, text: str, found: int) -> None:
    assert len(spans(pattern, text)) == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a|b)*" * 100 + "c", "ab" * 5000),
        ("a" * 5000, "a"),
        ("(?:a{1000}b?){1000}", "a" * 20),
        ("(" * 200 + "a" + ")" * 200, "a"),
        ("a", "a" * 200_000),
        (r"\p{Greek}", "a"),
    ],
)
def test_what_takes_too_long_is_not_answered(pattern: str, text: str) -> None:
    with pytest.raises(TooComplexError):
        list(compile_regex(pattern).find_all(text))


def test_categories_of_unicode() -> None:
    assert spans(r"\p{Lu}\pL\PL\P{Nd}", "Éé1x") == [((0, 4),)]
