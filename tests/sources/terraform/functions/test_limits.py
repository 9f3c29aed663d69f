"""What a hostile configuration asks for is refused, not computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions import call_function
from auditkit.sources.terraform.modules import Tree
from auditkit.sources.terraform.values import HclValue

CONTEXT = Tree(
    Path(__file__).parent, ".", load=lambda directory: None, given={}, workspace="default"
).context
MANY: list[HclValue] = ["x"] * 1000
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("range", [10**9]),
        ("range", [0, 1, 10**-3]),
        ("setproduct", [MANY, MANY]),
        ("concat", [MANY * 60, MANY * 60]),
        ("flatten", [[MANY * 60, MANY * 60]]),
        ("format", ["%1000000000s", "x"]),
        ("format", ["%.1000000000f", 1]),
        ("format", ["%[1000000000]s", 1]),
        ("format", ["%" + "9" * 5000 + "d", 1]),
        ("formatlist", ["x" * 10_000 + "%s", MANY * 60]),
        ("indent", [10**9, "a\nb"]),
        ("indent", [10**6, "\n" * 1000]),
        ("join", ["x" * 100_000, MANY]),
        ("replace", ["x" * 10_000, "x", "y" * 10_000]),
        ("replace", ["x" * 10_000, "/x/", "y" * 10_000]),
        ("split", ["", "x" * 200_000]),
        ("split", [",", "," * 200_000]),
        ("pow", [10, 400]),
        ("pow", [10**300, 10**300]),
        ("pow", [2, 64]),
        ("pow", [0, -1]),
        ("log", [0, 10]),
        ("log", [-1, 10]),
        ("parseint", ["1" * 100_000, 10]),
        ("tonumber", ["1e1000000"]),
        ("cidrsubnet", ["10.0.0.0/8", 10**9, 1]),
        ("cidrsubnet", ["10.0.0.0/8", 8, 10**30]),
        ("cidrhost", ["::/0", 10**60]),
        ("jsondecode", ["[" * 100_000]),
        ("jsondecode", ["9" * 100_000]),
        ("yamldecode", ["[" * 1000]),
        ("yamldecode", [LAUGHS]),
        ("yamldecode", ["- 1\n" * 110_000]),
        ("csvdecode", ["," * 110_000]),
        ("timeadd", ["9999-12-31T00:00:00Z", "100h"]),
        ("timeadd", ["2020-01-01T00:00:00Z", "9" * 19 + "h"]),
        ("timeadd", ["2020-01-01T00:00:00Z", "9" * 5000 + "h"]),
        ("chunklist", [MANY, 10**30]),
    ],
)  # fmt: skip
def test_too_large_is_an_error(name: str, arguments: list[HclValue]) -> None:
    with pytest.raises(EvaluationError):
        call_function(name, arguments, CONTEXT)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("regex", ["(a|b)*" * 100 + "c", "ab" * 5000]),
        ("regexall", ["(a|b)*" * 100 + "c", "ab" * 5000]),
        ("replace", ["ab" * 5000, "/" + "(a|b)*" * 100 + "c/", ""]),
    ],
)
def test_regular_expression_that_takes_too_long_is_unknown(
    name: str, arguments: list[HclValue]
) -> None:
    result = call_function(name, arguments, CONTEXT)
    assert isinstance(result, Unknown)
    assert "regular expression" in result.cause


def test_long_combining_text_takes_linear_time() -> None:
    assert call_function("length", ["e" + "\u0301" * 200_000], CONTEXT) == 1
    assert call_function("length", ["\U0001f1e9" * 20_000], CONTEXT) == 10_000
