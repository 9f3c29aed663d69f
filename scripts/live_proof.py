"""The page about the live types: what each of them reads, and how that is proved."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditkit.sources.aws.catalogue import SERVICES, live_types

TESTS = Path(__file__).resolve().parent.parent / "tests"
APPLIED = TESTS / "golden" / "live"
"""What `tests/sources/aws/test_proof.py` measured: a file for each stack."""
ANSWERED = TESTS / "sources" / "aws"

INTRODUCTION = """\
# Live types

<!-- Written by `make docs` from tests/; tests/test_docs.py holds it in step. -->

auditkit reads {types} types from live AWS and describes them in the words of the Terraform
provider. That the words mean the same is tested, in one of these ways:

- **applied with Terraform on moto** ({applied} types): Terraform and version 5 of the AWS
  provider create it on moto, a simulated AWS, auditkit reads it, and each of its attributes is
  compared with what the provider keeps in its state; of a nested block, what auditkit collects.
  {equal} attributes are equal and hold a value in at least one resource, {empty} are equal but
  empty wherever they were applied, {not_collected} are not collected, and {different} are
  different: a single one fails the tests.
- **answers by the service model** ({answered} types): not applied, mostly since moto lacks it.
  Tests read it from answers that follow AWS's documentation and are checked against its service
  model, and expect certain attributes.{made_up}

An attribute counts once for its type. One that is not collected is unknown to rules, never empty;
many are no property of the object in AWS but an instruction to Terraform (`force_destroy`,
`skip_final_snapshot`), or a secret.

Besides, every type is read from answers made up from the service model: each attribute has the
kind that the provider's schema gives it (`test_kinds.py`), and when a call is denied, exactly what
it tells becomes unknown (`test_gaps.py`).
"""

MADE_UP = """
- **made-up answers only** ({made_up} types): nobody has compared their attributes with anything
  yet; what the last paragraph says is all there is."""

ADDING = """\
## Measuring anew

A stack is a directory in `tests/sources/aws/stacks/`. With `terraform` on the path and the AWS
provider in a mirror on the disk,

    pytest -m terraform tests/sources/aws/test_proof.py --update-golden

applies all of them, compares, and stores in `tests/golden/live/` which attributes were equal;
`make docs` counts those. Without Terraform these tests are skipped.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """The attributes of a type that was applied."""

    equal: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    """Equal, but empty on both sides."""
    not_collected: frozenset[str] = frozenset()

    def with_stack(self, told: Mapping[str, list[str]]) -> Measured:
        """The same with what one more stack tells; once equal is collected."""
        equal = self.equal.union(told["equal"])
        empty = self.empty.union(told["empty"]) - equal
        not_collected = self.not_collected.union(told["not_collected"]) - equal - empty
        return Measured(equal, empty, not_collected)


@cache
def measured() -> Mapping[str, Measured]:
    """What was measured of each type that a stack applies."""
    found: dict[str, Measured] = {}
    for path in sorted(APPLIED.glob("*.json")):
        for type, told in json.loads(path.read_text(encoding="utf-8")).items():
            found[type] = found.get(type, Measured()).with_stack(told)
    return found


@cache
def answered() -> Mapping[str, tuple[str, ...]]:
    """The test modules that expect attributes of a type, by type, told from their code.

    Such a test, or a table that it takes, names the type, and it or a function that it calls
    looks at ``attributes``.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(ANSWERED.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "from inventing import" in text:
            # The values of made-up answers mean nothing.
            continue
        for type in _types_in(ast.parse(text)):
            found.setdefault(type, set()).add(path.name)
    return {type: tuple(sorted(names)) for type, names in found.items()}


def _types_in(module: ast.Module) -> Iterator[str]:
    named: dict[str, ast.AST] = {}
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            named[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    for name in named:
        if not name.startswith("test_"):
            continue
        nodes = [node for part in _reached(name, named) for node in ast.walk(part)]
        if any(isinstance(node, ast.Attribute) and node.attr == "attributes" for node in nodes):
            texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
            yield from texts & live_types().keys()


def _reached(name: str, named: Mapping[str, ast.AST]) -> list[ast.AST]:
    """The definition of a name, and those that it uses in turn."""
    names, left = {name}, [name]
    while left:
        inside = ast.walk(named[left.pop()])
        used = {node.id for node in inside if isinstance(node, ast.Name)} & named.keys()
        left += sorted(used - names)
        names |= used
    return [named[each] for each in sorted(names)]


def unproved() -> list[str]:
    """The types that neither a stack nor a test on answers tells anything of."""
    return sorted(live_types().keys() - measured().keys() - answered().keys())


def page() -> str:
    """The text of ``docs/live-types.md``."""
    types = live_types()
    proofs = {type: proof for type, proof in measured().items() if type in types}
    left = unproved()
    totals = {
        "types": len(types),
        "applied": len(proofs),
        "answered": len(types) - len(proofs) - len(left),
        "different": 0,
        **{
            name: sum(len(getattr(proof, name)) for proof in proofs.values())
            for name in ("equal", "empty", "not_collected")
        },
    }
    made_up = MADE_UP.format(made_up=len(left)) if left else ""
    return "\n".join([INTRODUCTION.format(**totals, made_up=made_up), *_rows(proofs), ADDING])


def _rows(proofs: Mapping[str, Measured]) -> Iterator[str]:
    yield "| service | type | proved by | equal | equal and empty | not collected | different |"
    yield "|---|---|---|---:|---:|---:|---:|"
    for service, declared in sorted(SERVICES.items()):
        for type in sorted(live.type for live in declared if not live.is_helper):
            yield f"| {service} | `{type}` | {' | '.join(_cells(type, proofs))} |"
    yield ""


def _cells(type: str, proofs: Mapping[str, Measured]) -> list[str]:
    if type in proofs:
        proof = proofs[type]
        counts = (len(proof.equal), len(proof.empty), len(proof.not_collected), 0)
        return ["applied with Terraform on moto", *map(str, counts)]
    modules = ", ".join(f"`{name}`" for name in answered().get(type, ()))
    how = f"answers by the service model: {modules}" if modules else "made-up answers only"
    return [how, "", "", "", ""]
