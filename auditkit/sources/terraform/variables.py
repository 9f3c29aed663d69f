"""Values that are given to a root module's variables from outside.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from json import JSONDecodeError
from pathlib import Path

from auditkit.errors import SourceError
from auditkit.model import Location, Problem, Value
from auditkit.redaction import is_secret_name
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.configuration import Configuration, read_inside
from auditkit.sources.terraform.json_reader import read_json_value
from auditkit.sources.terraform.modules import Given
from auditkit.sources.terraform.reader import read_expression, read_hcl, too_many_parts

_PRIMITIVES = frozenset(["string", "number", "bool"])


def given_values(
    root: Path,
    configuration: Configuration,
    *,
    environment: Mapping[str, str],
    variables: Mapping[str, str],
    var_files: Sequence[Path],
    values: Mapping[str, Value],
    problems: list[Problem],
) -> dict[str, Given]:
    """What the variables of a root module are set to, later sources winning.

    In order: `environment`, ``terraform.tfvars``, ``*.auto.tfvars`` by name, `var_files`,
    `variables`, and the `values` that a plan records.  Names that are not declared do no harm.

    Raises `SourceError` when one of `var_files` can't be read.
    """
    given = {
        name: _from_outside(configuration, name, text, f"`TF_VAR_{name}`")
        for name, text in environment.items()
        if name in configuration.variables
    }
    directory = root / configuration.directory
    for path in _automatic_files(directory):
        given.update(_read(root, path, problems))
    for path in var_files:
        if not path.is_file():
            raise SourceError(f"{path}: no such variable file; check --var-file")
        # Whoever names a file wants it to be read, wherever it is.
        given.update(_read(path.resolve().parent, path.resolve(), problems, root))
    for name, text in variables.items():
        given[name] = _from_outside(configuration, name, text, "--var")
    for name, value in values.items():
        literal = read_json_value(json.dumps(value), templates=False)
        given[name] = Given(literal, None, origin="the plan")
    return given


def _from_outside(configuration: Configuration, name: str, text: str, origin: str) -> Given:
    expression = _from_text(configuration.variables.get(name), text)
    return Given(expression, None, origin=origin, is_secret=is_secret_name(name))


def _automatic_files(directory: Path) -> list[Path]:
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    fixed = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic = sorted(
        name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    )
    return [directory / name for name in (*fixed, *automatic)]


def _relative(path: Path, root: Path) -> str:
    # A link is called by its own name.
    place = path.parent.resolve() / path.name
    try:
        return place.relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _read(
    tree: Path, path: Path, problems: list[Problem], root: Path | None = None
) -> dict[str, Given]:
    name = _relative(path, root or tree)
    data = read_inside(tree, path, name, problems)
    if data is None:
        return {}
    if name.endswith(".json"):
        return _read_json(data, name, problems)
    file, found = read_hcl(data, name)
    problems.extend(found)
    return {
        attribute.name: Given(attribute.expression, None, attribute, file, f"`{path.name}`")
        for attribute in file.body.attributes.values()
    }


def _read_json(data: bytes, name: str, problems: list[Problem]) -> dict[str, Given]:
    file = syntax.SourceFile(name, data)
    excess = too_many_parts(data, name)
    if excess is not None:
        problems.append(excess)
        return {}
    try:
        document = read_json_value(data.decode("utf-8"), templates=False)
    except (UnicodeDecodeError, JSONDecodeError) as error:
        location = Location(name, 1, 1, 1, 1)
        if isinstance(error, JSONDecodeError):
            location = Location(name, error.lineno, error.colno, error.lineno, error.colno)
        problems.append(Problem("syntax", f"invalid JSON: {error}", location))
        return {}
    if not isinstance(document, syntax.Object):
        return {}
    result: dict[str, Given] = {}
    for key, value in document.items:
        if isinstance(key, syntax.Literal):
            attribute = syntax.Attribute(str(key.value), value, key.start, value.end)
            origin = f"`{name.rpartition('/')[2]}`"
            result[attribute.name] = Given(value, None, attribute, file, origin)
    return result


def _from_text(block: syntax.Block | None, text: str) -> syntax.Expression:
    """A value of the command line: text for a primitive type, an expression for the others."""
    constraint = block.body.attributes.get("type") if block is not None else None
    if constraint is None or (
        isinstance(constraint.expression, syntax.Variable)
        and constraint.expression.name in _PRIMITIVES
    ):
        return syntax.Literal(0, len(text), text)
    return read_expression(text)
