"""The architecture, as imports: arrows point one way, and heavy libraries stay in their place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

LAYERS = {
    "auditkit": 0,
    "auditkit.errors": 0,
    "auditkit.model": 0,
    "auditkit.companions": 1,
    "auditkit.costs": 1,
    "auditkit.defaults": 1,
    "auditkit.engine": 1,
    "auditkit.graph": 1,
    "auditkit.identity": 1,
    "auditkit.legacy": 1,
    "auditkit.linking": 1,
    "auditkit.pseudo_types": 1,
    "auditkit.reconciliation": 1,
    "auditkit.redaction": 1,
    "auditkit.rules": 1,
    "auditkit.schema": 1,
    "auditkit.triage": 1,
    "auditkit.wording": 1,
    "auditkit.cache": 2,
    "auditkit.config": 2,
    "auditkit.reporters": 2,
    "auditkit.rulepack": 2,
    "auditkit.sources": 2,
    "auditkit.__main__": 4,
    "auditkit.cli": 3,
}
"""Each part of the program, and its layer; see the table in CONTRIBUTING.md."""

# Library to the modules (and all below them) that may import it; None is every one.
LIBRARIES = {
    "boto3": ("auditkit.sources",),
    "botocore": ("auditkit.sources",),
    "click": ("auditkit.cli",),
    "distributed": ("auditkit.cli",),
    "jmespath": ("auditkit.sources.aws",),
    "jsonschema": None,
    "rich": ("auditkit.cli",),
    "tree_sitter": ("auditkit.sources.terraform",),
    "tree_sitter_hcl": ("auditkit.sources.terraform",),
    "yaml": (
        "auditkit.config",
        "auditkit.rulepack",
        # `yamlencode` and `yamldecode` are functions of Terraform.
        "auditkit.sources.terraform.functions.yaml_encoding",
    ),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((CHECKOUT / "auditkit").rglob("*.py"))}


def imports(name: str, *, for_types: bool = True) -> Iterator[str]:
    """What the module imports; with `for_types`, also what only annotations need."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in guarded and not for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES else module


def part(name: str) -> str:
    """``auditkit.sources`` for ``auditkit.sources.terraform.reader``."""
    return ".".join(name.split(".")[:2])


def is_below(name: str, ancestor: str) -> bool:
    return name == ancestor or name.startswith(ancestor + ".")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_one_way(name):
    layer = LAYERS.get(part(name))
    assert layer is not None, f"say in LAYERS which layer {part(name)} belongs to"
    for imported in imports(name):
        other = part(imported)
        if not is_below(other, "auditkit") or other == part(name):
            continue
        assert LAYERS[other] < layer or LAYERS[other] == layer == 1, f"{name} imports {imported}"


def test_parts_of_layer_one_have_an_order():
    graph: dict[str, set[str]] = {}
    for name in MODULES:
        others = {part(other) for other in imports(name, for_types=False)} - {part(name)}
        graph.setdefault(part(name), set()).update(others)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"parts import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("name", MODULES)
def test_heavy_libraries_stay_in_their_place(name):
    for imported in imports(name):
        top = imported.split(".")[0]
        if top == "auditkit" or top in sys.stdlib_module_names or top == "__future__":
            continue
        assert top in LIBRARIES, f"{name} imports {top}: a new dependency needs a place"
        places = LIBRARIES[top]
        assert places is None or any(is_below(name, place) for place in places), (
            f"{name} imports {top}"
        )


@pytest.mark.parametrize("name", [name for name in MODULES if part(name) != "auditkit.cli"])
def test_only_the_command_line_prints_reads_the_environment_or_exits(name):
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "exit", "quit", "eval", "exec"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used = f"{node.value.id}.{node.attr}"
            assert used not in {
                "os.environ",
                "os.getenv",
                "os._exit",
                "os.system",
                "sys.argv",
                "sys.exit",
                "sys.stdout",
                "sys.stderr",
            }, f"{name}:{node.lineno} uses {used}"
