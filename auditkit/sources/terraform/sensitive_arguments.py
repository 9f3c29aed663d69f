"""Arguments that hold secrets, as resources of their own: whether each is written in the code.

Which arguments these are is said by the provider's schema.  A secret itself never gets into
an attribute here, so that no report can show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditkit.model import Location, Resource, SourceMap, Step, Unknown, Value
from auditkit.redaction import is_secret_name
from auditkit.rules.paths import format_path
from auditkit.schema import Body, schema_of
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.modules import Module
from auditkit.sources.terraform.resources import CodeMap
from auditkit.sources.terraform.traversals import traversals

_Path = tuple["str | int", ...]

# Secret by what they are for, whatever their names.
_PLAIN_NAMES = frozenset([("aws_api_gateway_api_key", "value"), ("variable", "default")])
# The value of a parameter is a secret only if its type says so.
_SECURE_STRING = "SecureString"


def raise_sensitive_arguments(
    resource: Resource, code_map: CodeMap, module: Module
) -> Iterator[Resource]:
    """A ``sensitive_argument`` for each secret argument that the resource's block sets."""
    schema = schema_of(resource.type)
    if schema is None or not schema.sensitive:
        return
    for path, value in _find(schema.body, resource.attributes, ()):
        if not _is_secret(resource, path):
            continue
        name = format_path(path)
        yield Resource(
            type="sensitive_argument",
            address=f"{resource.address}.{name}",
            attributes={
                "resource_type": resource.type,
                "resource": resource.address,
                "argument": name,
                "written_in_code": _is_literal(value, path, code_map, module),
            },
            source=resource.source,
            location=code_map.locate(path),
            block=resource.block,
            calls=resource.calls,
            doubt=resource.doubt,
            source_map=ArgumentMap(code_map, path),
        )


@dataclass(frozen=True, slots=True)
class ArgumentMap:
    """Finds the argument itself, whatever is asked about it."""

    outer: SourceMap
    path: _Path

    def locate(self, path: Sequence[str | int]) -> Location:
        """The argument."""
        return self.outer.locate(self.path)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The way that its value came by."""
        return self.outer.trace(self.path)


def _find(body: Body, values: Mapping[str, Value], at: _Path) -> Iterator[tuple[_Path, Value]]:
    """The sensitive arguments that are set, and what they are set to."""
    for name, value in values.items():
        attribute = body.attributes.get(name)
        if attribute is not None:
            if attribute.sensitive and (attribute.optional or attribute.required):
                yield (*at, name), value
            continue
        block = body.blocks.get(name)
        if block is None or not isinstance(value, list):
            continue
        for number, element in enumerate(value):
            if isinstance(element, Mapping):
                yield from _find(block.body, element, (*at, name, number))


def _is_secret(resource: Resource, path: _Path) -> bool:
    """Whether it is one; the provider marks bundle ids, banners and certificates, too."""
    if resource.type == "aws_ssm_parameter":
        return resource.attributes.get("type") == _SECURE_STRING
    names = [step for step in path if isinstance(step, str)]
    return (resource.type, names[-1]) in _PLAIN_NAMES or any(map(is_secret_name, names))


def _is_literal(value: Value, path: _Path, code_map: CodeMap, module: Module) -> Value:
    """Whether the text of the secret stands in the scanned code; Unknown if it can't be told."""
    if isinstance(value, str):
        # The name of a secret that is kept elsewhere is none.
        return bool(value) and not value.startswith("arn:")
    if isinstance(value, list):
        members = [_is_literal(member, path, code_map, module) for member in value]
        if any(member is True for member in members):
            return True
        return next((member for member in members if isinstance(member, Unknown)), False)
    if not isinstance(value, Unknown):
        return False
    expression = code_map.expression(path)
    if value.sensitive:
        # `sensitive("…")` hides a text that anybody can read in the file.
        return expression is not None and not any(traversals(expression))
    if value.references or (expression is not None and _is_left_open(expression, module)):
        return False
    return value


def _is_left_open(expression: syntax.Expression, module: Module) -> bool:
    """Whether the expression takes a variable that has no value until somebody gives it one."""
    pending = [(expression, module)]
    seen: set[tuple[int, str, str]] = set()
    while pending:
        node, where = pending.pop()
        for source, name in filter(None, (one.named for one in traversals(node))):
            key = (id(where), source, name)
            if key in seen:
                continue
            seen.add(key)
            if source == "local" and name in where.configuration.locals:
                pending.append((where.configuration.locals[name][0].expression, where))
            block = where.configuration.variables.get(name) if source == "var" else None
            if block is None:
                continue
            given = where.inputs.get(name)
            if given is None and "default" not in block.body.attributes:
                return True
            if given is not None and where.parent is not None and given.scope is not None:
                pending.append((given.expression, where.parent))
    return False
