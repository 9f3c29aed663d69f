"""Random valid HCL: our reader and evaluator against Terraform, and against python-hcl2."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hcl_grammar import CONSTANTS, Grammar, Options
from lark.exceptions import LarkError
from terraform_binary import Terraform, require_terraform

from auditkit.model import Unknown
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.evaluate import evaluate_text
from auditkit.sources.terraform.functions import FunctionContext
from auditkit.sources.terraform.reader import read_hcl
from auditkit.sources.terraform.values import SetValue

FAILED = object()
"""Stands for the value of an expression that can't be evaluated."""


class Nowhere:
    """The world of expressions that read no files."""

    base_directory = "."

    def read_file(self, path: str, /) -> bytes:
        raise AssertionError(path)

    def file_exists(self, path: str, /) -> bool:
        raise AssertionError(path)

    def list_files(self, directory: str, /) -> Iterable[str]:
        raise AssertionError(directory)

    def render_template(self, text: str, name: str, variables: Mapping[str, Any], /) -> Any:
        raise AssertionError(name)


NOWHERE: FunctionContext = Nowhere()


@pytest.mark.parametrize("seed", range(200))
def test_valid_file_is_read_without_a_problem(seed: int) -> None:
    text = Grammar(seed).file()
    file, problems = read_hcl(text.encode(), "fuzz.tf")
    assert [(problem.message, problem.location, text) for problem in problems] == []
    assert not list(invalid_expressions(file.body))


@pytest.mark.parametrize("depth", [20, 60])
def test_deep_nesting_is_read(depth: int) -> None:
    for opening, closing in (("(", ")"), ("[", "]"), ("{ a = ", "}"), ("f(", ")"), ('"${', '}"')):
        text = f"x = {opening * depth}1{closing * depth}\n"
        file, problems = read_hcl(text.encode(), "deep.tf")
        assert not problems
        assert not list(invalid_expressions(file.body))


@pytest.mark.terraform
def test_terraform_and_we_accept_the_same_files(tmp_path: Path) -> None:
    terraform = require_terraform()
    for first in range(0, 200, 40):
        texts = [Grammar(seed).file() for seed in range(first, first + 40)]
        # One call for many files; the line ends and marks of a whole file are dropped.
        joined = "".join(f"file {{\n{plain_lines(text)}\n}}\n" for text in texts)
        assert terraform.accepts(joined, directory=tmp_path), f"seeds {first} to {first + 39}"
        assert not read_hcl(joined.encode(), "fuzz.tf")[1]


@pytest.mark.terraform
@pytest.mark.parametrize("seed", range(3))
def test_what_terraform_accepts_of_damaged_files_we_accept(seed: int, tmp_path: Path) -> None:
    terraform = require_terraform()
    dice = random.Random(seed)
    for number in range(25):
        text = damage(Grammar(1000 * seed + number).file(items=2), dice)
        if terraform.accepts(text, directory=tmp_path):
            problems = read_hcl(text.encode(), "fuzz.tf")[1]
            assert [(problem.message, text) for problem in problems] == []


@pytest.mark.terraform
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("seed", range(6))
def test_values_are_those_of_terraform(seed: int, line_end: str, tmp_path: Path) -> None:
    terraform = require_terraform()
    grammar = Grammar(seed)
    texts = [grammar.any(Options(3, newlines=True)) for _ in range(100)]
    texts = [text.replace("\n", line_end) for text in texts]
    judged = evaluate_with_terraform(terraform, texts, tmp_path, line_end)
    constants = {name: evaluate_text(text, context=NOWHERE) for name, text in CONSTANTS.items()}
    compared = 0
    for text, theirs in zip(texts, judged, strict=True):
        ours = evaluate_plainly(text, constants)
        # An arm that is not taken may have a type that does not fit the other one: that is
        # for `terraform validate` to tell, and no reason to know less about the arm that is.
        if theirs is FAILED or ("?" in text and re.search(r"\b(try|can)\(", text)):
            continue
        assert ours is not FAILED, text
        assert same(ours, theirs), f"{text}\nours:   {ours}\ntheirs: {theirs}"
        compared += 1
    assert compared > 50


def test_python_hcl2_sees_the_same_structure() -> None:
    compared = 0
    for seed in range(60):
        text = Grammar(seed, plain=True).file()
        try:
            theirs = hcl2.loads(text)
        # It rejects strip markers, for one, and stumbles over its own `for` expressions.
        except (LarkError, RuntimeError, TypeError):
            continue
        file, _ = read_hcl(text.encode(), "fuzz.tf")
        assert sorted(our_structure(file.body)) == sorted(their_structure(theirs)), text
        compared += 1
    assert compared > 20


def invalid_expressions(body: syntax.Body) -> Iterable[syntax.Invalid]:
    """Every expression in `body` that the reader gave up on."""
    pending: list[Any] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Invalid):
            yield node
        elif isinstance(node, (list, tuple)):
            pending.extend(node)
        elif isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, (syntax.Body, syntax.Block, syntax.Attribute, syntax.Expression)):
            slots = [name for kind in type(node).__mro__ for name in getattr(kind, "__slots__", ())]
            pending.extend(getattr(node, name) for name in slots if name != "file")


def plain_lines(text: str) -> str:
    """`text` as it may stand inside a block."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def damage(text: str, dice: random.Random) -> str:
    """`text` with a token or two dropped or doubled; often still valid."""
    tokens = re.findall(r"\s+|\w+|.", text, re.DOTALL)
    for _ in range(dice.randint(1, 2)):
        index = dice.randrange(len(tokens))
        tokens[index] = dice.choice(["", tokens[index] * 2])
    return "".join(tokens)


def evaluate_with_terraform(
    terraform: Terraform, texts: Sequence[str], directory: Path, line_end: str
) -> list[object]:
    """What Terraform makes of each expression, or `FAILED`."""
    lines = ["locals {", *(f"  {name} = {text}" for name, text in CONSTANTS.items()), "}"]
    for index, text in enumerate(texts):
        # Unlike an output, `jsonencode` takes no infinite number for a value.
        lines += [f'output "v{index}" {{', "  value = try(jsonencode((", text, ')), "failed")', "}"]
    main = line_end.join(lines) + line_end
    (directory / "main.tf").write_bytes(main.encode())
    terraform.run("apply", "-auto-approve", "-input=false", "-no-color", directory=directory)
    done = terraform.run("output", "-json", directory=directory)
    outputs = json.loads(done.stdout)
    encoded = (outputs[f"v{index}"]["value"] for index in range(len(texts)))
    return [
        # `format` of a null makes the whole of it null; a division by zero is an infinite
        # number, which some functions print.
        FAILED
        if value in ("failed", None) or "Inf" in value
        else json.loads(value, parse_int=Decimal, parse_float=Decimal)
        for value in encoded
    ]


def evaluate_plainly(text: str, constants: Mapping[str, Any]) -> object:
    """What we make of it, in the shape of Terraform's JSON; `FAILED` when it is an error."""
    try:
        return shape(evaluate_text(text, {"local": constants}, context=NOWHERE))
    except EvaluationError:
        return FAILED


def shape(value: Any) -> object:
    """`value` as JSON has it, all numbers as `Decimal`."""
    if isinstance(value, Unknown):
        return f"unknown: {value.cause}"
    if isinstance(value, (list, SetValue)):
        return [shape(element) for element in value]
    if isinstance(value, dict):
        return {key: shape(element) for key, element in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def same(ours: object, theirs: object) -> bool:
    """Whether both are equal, to thirty digits, and but for the sign of zero."""
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return ours == theirs or abs(ours - theirs) <= abs(theirs) * Decimal("1e-30")
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = [{unsigned_zero(key): key for key in value} for value in (ours, theirs)]
        return keys[0].keys() == keys[1].keys() and all(
            same(ours[keys[0][key]], theirs[keys[1][key]]) for key in keys[0]
        )
    if isinstance(ours, str) and isinstance(theirs, str):
        return unsigned_zero(ours) == unsigned_zero(theirs)
    return ours == theirs


def unsigned_zero(text: str) -> str:
    """`text` without the minus of zeros: Terraform knows a negative zero, as floats do."""
    return re.sub(r"-0(?![\d.])", "0", text)


def our_structure(body: syntax.Body, path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """The path of every block and attribute, through block types and labels."""
    for name in body.attributes:
        yield (*path, name)
    for block in body.blocks:
        inner = (*path, block.type, *block.labels)
        yield (*inner, "{}")
        yield from our_structure(block.body, inner)


def their_structure(
    body: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterable[tuple[str, ...]]:
    """The same of what python-hcl2 returns: labels are levels of their own, in their quotes."""
    for name, value in body.items():
        if name in ("__is_block__", "__comments__", "__inline_comments__"):
            continue
        inner = (*path, name.strip('"'))
        if is_block(value):
            for block in value if isinstance(value, list) else [value]:
                if "__is_block__" in block:
                    yield (*inner, "{}")
                yield from their_structure(block, inner)
        else:
            yield inner


def is_block(value: Any) -> bool:
    """Whether python-hcl2 means a block, or a label of one."""
    if isinstance(value, list):
        return bool(value) and all(map(is_block, value))
    if isinstance(value, dict):
        return "__is_block__" in value or any(map(is_block, value.values()))
    return False
