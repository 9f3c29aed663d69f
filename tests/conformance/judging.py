"""Cases, Terraform's answers to them, and what auditkit makes of them.

Terraform's answers are kept as the text of a JSON value, so that no digit of a number is lost
on the way; `UNKNOWN` stands in for what Terraform knows only after apply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.model import Unknown
from auditkit.sources.terraform.code import Loader
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.evaluate import evaluate
from auditkit.sources.terraform.modules import Module, Tree
from auditkit.sources.terraform.reader import read_expression, read_hcl
from auditkit.sources.terraform.values import Sensitive, SetValue, format_number

if TYPE_CHECKING:
    from terraform_binary import Terraform

HERE = Path(__file__).resolve().parent
SCOPE = HERE / "scope"
ANSWERS = HERE / "answers" / "expressions.json"

UNKNOWN = "(known after apply)"
REJECTED = "rejected"

_NOTE = re.compile(r"# (unknown|known|lenient): (.+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One expression."""

    topic: str
    name: str
    text: str
    unknown: str = ""
    """Why we can't know what Terraform does."""
    known: str = ""
    """Why we know what Terraform does not know yet."""
    lenient: str = ""
    """Why we have a value for what Terraform rejects."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Terraform made of an expression."""

    expression: str
    value: str = ""
    """JSON; `UNKNOWN` stands for what is known after apply."""
    rejected: str = ""
    """The summary of the error, if it was one."""


def expression_cases() -> Iterator[Case]:
    """Every attribute of the files in ``expressions/``, with the note above it."""
    for path in sorted((HERE / "expressions").glob("*.hcl")):
        data = path.read_bytes()
        file, problems = read_hcl(data, path.name)
        assert not problems, problems
        lines = data.decode().split("\n")
        for attribute in file.body.attributes.values():
            line = data[: attribute.start].count(b"\n")
            note = _NOTE.match(lines[line - 1]) if line else None
            notes = {note[1]: note[2]} if note else {}
            # Parentheses and what surrounds them are no part of the expression's own range.
            whole = data[attribute.start : attribute.end].decode()
            yield Case(path.stem, attribute.name, whole.partition("=")[2].strip(), **notes)


def read_answers() -> dict[str, dict[str, Answer]]:
    """Terraform's stored answers, by topic and name."""
    document = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return {
        topic: {name: Answer(**answer) for name, answer in answers.items()}
        for topic, answers in document.items()
    }


def write_answers(cases: Sequence[Case], answers: Sequence[Answer]) -> None:
    """Store them beside the cases."""
    document: dict[str, dict[str, dict[str, str]]] = {}
    for case, answer in zip(cases, answers, strict=True):
        entry = {"expression": answer.expression}
        if answer.rejected:
            entry["rejected"] = answer.rejected
        else:
            entry["value"] = answer.value
        document.setdefault(case.topic, {})[case.name] = entry
    text = json.dumps(document, indent=1, ensure_ascii=False)
    ANSWERS.write_text(text + "\n", encoding="utf-8")


def ask_terraform(terraform: Terraform, cases: Sequence[Case], directory: Path) -> list[Answer]:
    """Terraform's answers, in the order of the cases.

    Every expression is an output of one configuration.  An error anywhere ends a plan, so
    what Terraform rejects is taken out and the rest is planned again.
    """
    copy_tree(SCOPE, directory)
    rejected: dict[int, str] = {}
    files = {f"case_{index}.tf": index for index in range(len(cases))}
    for name, index in files.items():
        text = (
            f'output "c{index}" {{\n  sensitive = true\n  value = [\n{cases[index].text}\n]\n}}\n'
        )
        (directory / name).write_text(text, encoding="utf-8")
    while True:
        errors = plan(terraform, directory)
        if not errors:
            break
        for file, summary in errors:
            index = files[file]
            rejected[index] = summary
            (directory / file).unlink(missing_ok=True)
    document = show(terraform, directory)
    changes = document["output_changes"]
    answers = []
    for index, case in enumerate(cases):
        if index in rejected:
            answers.append(Answer(case.text, rejected=rejected[index]))
            continue
        change = changes[f"c{index}"]
        merged = with_unknown(change.get("after"), change["after_unknown"])
        value = merged if merged == UNKNOWN else merged[0]
        answers.append(Answer(case.text, value=to_json(value)))
    return answers


def plan(terraform: Terraform, directory: Path, *arguments: str) -> list[tuple[str, str]]:
    """Writes ``plan.bin``; the file and summary of every error, of which there may be none."""
    done = terraform.run(
        "plan",
        "-json",
        "-input=false",
        "-out=plan.bin",
        *arguments,
        directory=directory,
        check=False,
    )
    errors = []
    for line in done.stdout.decode().splitlines():
        event = json.loads(line)
        diagnostic = event.get("diagnostic")
        if diagnostic is not None and diagnostic["severity"] == "error":
            # An infinite number is an error without a place, because no plan can hold one.
            infinite = re.search(r'output value "c(\d+)"', diagnostic["detail"])
            assert "range" in diagnostic or infinite, diagnostic
            file = f"case_{infinite[1]}.tf" if infinite else diagnostic["range"]["filename"]
            errors.append((file, diagnostic["summary"]))
    assert errors or done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return errors


def show(terraform: Terraform, directory: Path) -> Any:
    """The plan as JSON, numbers as `Decimal`."""
    done = terraform.run("show", "-json", "plan.bin", directory=directory)
    return json.loads(done.stdout, parse_int=Decimal, parse_float=Decimal)


def with_unknown(value: Any, unknown: Any) -> Any:
    """`value` with `UNKNOWN` wherever `unknown`, which is shaped like it, says so."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, list) and isinstance(value, list):
        filled = unknown + [False] * (len(value) - len(unknown))
        known = value + [None] * (len(unknown) - len(value))
        return [with_unknown(one, mark) for one, mark in zip(known, filled, strict=True)]
    if isinstance(unknown, dict) and isinstance(value, dict):
        names = sorted({*value, *unknown})
        return {name: with_unknown(value.get(name), unknown.get(name, False)) for name in names}
    return value


def copy_tree(source: Path, target: Path) -> None:
    """Copies what belongs to a configuration."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())


def scope_module() -> Module:
    """The module in whose scope we evaluate the expressions."""
    loader = Loader(SCOPE)
    configuration = loader.load(".")
    assert configuration is not None
    tree = Tree(SCOPE, ".", load=loader.load, given={}, workspace="default")
    return Module(tree, configuration)


def evaluate_case(text: str, module: Module) -> object:
    """What we make of an expression: like an answer, or `REJECTED` with the message."""
    try:
        value = evaluate(read_expression(text), module.scope)
    except EvaluationError as error:
        return Rejected(str(error))
    return shape(value)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An expression that can't be evaluated."""

    message: str


def shape(value: Any) -> object:
    """`value` as Terraform's JSON has it."""
    if isinstance(value, Sensitive):
        return shape(value.value)
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, (list, SetValue)):
        return [shape(element) for element in value]
    if isinstance(value, dict):
        return {key: shape(element) for key, element in value.items()}
    return value


def verdict(case: Case, answer: Answer, module: Module) -> str:
    """What comes of a case: ``equal``, ``rejected``, the kind of its note, or ``different``."""
    ours = evaluate_case(case.text, module)
    if answer.rejected:
        if isinstance(ours, Rejected) or ours == UNKNOWN:
            return "rejected"
        return "lenient" if case.lenient else "different"
    if isinstance(ours, Rejected):
        return "different"
    theirs = from_json(answer.value)
    if same(ours, theirs):
        return "equal"
    if case.unknown and same(ours, theirs, unknown=True):
        return "unknown"
    return "known" if case.known and same(ours, theirs, known=True) else "different"


def same(ours: object, theirs: object, *, unknown: bool = False, known: bool = False) -> bool:
    """Whether both are equal; with `unknown`, ours may be unknown where theirs is known."""
    if ours == UNKNOWN or theirs == UNKNOWN:
        return ours == theirs or (unknown if ours == UNKNOWN else known)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, (int, Decimal)) and isinstance(theirs, Decimal):
        return Decimal(format_number(ours)) == theirs
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(
            same(one, other, unknown=unknown, known=known)
            for one, other in zip(ours, theirs, strict=True)
        )
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(
            same(one, theirs[name], unknown=unknown, known=known) for name, one in ours.items()
        )
    return ours == theirs


def from_json(text: str) -> Any:
    """The value of an answer, numbers as `Decimal`."""
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


def to_json(value: Any) -> str:
    """`value` as JSON text, in which a `Decimal` has all its digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return "[" + ", ".join(map(to_json, value)) + "]"
    if isinstance(value, Mapping):
        entries = (f"{to_json(name)}: {to_json(one)}" for name, one in value.items())
        return "{" + ", ".join(entries) + "}"
    return json.dumps(value, ensure_ascii=False)
