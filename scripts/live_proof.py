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

auditkit reads {types} types from live AWS, and describes them with the attributes of the Terraform
provider. That the words mean the same is not taken on trust:

- **Applied**: {applied} types are created on moto, a simulated AWS, by Terraform and version 5 of the
  AWS provider. auditkit then reads them, and each attribute is compared with what the provider keeps
  in its state. All in all {equal} attributes are equal and hold a value, {empty} are equal and empty
  on both sides, {not_collected} are not collected, and **{different}** are different: the tests fail on
  any. An attribute counts once for its type.
- **Answers**: {answered} types are not applied, mostly since moto lacks them, or the provider cannot
  create them there. They are read from answers of AWS, written after its documentation and checked
  against its service model, and the named tests expect certain attributes.{made_up}

What is not collected is unknown to rules, never empty. Much of it is no property of the object in AWS,
but an instruction to Terraform (`force_destroy`, `apply_immediately`, `timeouts`), or a secret.
Besides, the listing and each call of every type are run on made-up answers, and each call is denied
in turn, by `test_gaps.py`.
"""

MADE_UP = """
- **Made-up answers only**: {made_up} types have neither yet. `test_gaps.py` shows that their calls fit
  together and that gaps in them are told, but nobody has compared their attributes with anything."""

ADDING = """\
## Measuring anew

A stack is a directory in `tests/sources/aws/stacks/`. With `terraform` on the path and the AWS provider
in a mirror on the disk,

    pytest -m terraform tests/sources/aws/test_proof.py --update-golden

applies and compares all of them and stores in `tests/golden/live/` which attributes were equal;
`make docs` then counts. Without Terraform these tests are skipped, and the stored results are counted.
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
        return Measured(
            equal, empty, self.not_collected.union(told["not_collected"]) - equal - empty
        )


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
        for type in _types_in(ast.parse(path.read_text(encoding="utf-8"))):
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
