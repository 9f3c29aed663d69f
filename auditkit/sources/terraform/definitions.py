"""Blocks that declare no resource become resources too, so that rules can be about them.

There is one for each block, however often its module is called.  What the types hold is said
in `auditkit.pseudo_types` and, for people, in ``docs/pseudo-types.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditkit.model import Location, Resource, Source, Step, Unknown, Value
from auditkit.pseudo_types import S3_BACKEND
from auditkit.redaction import is_secret_name
from auditkit.schema import coerce, schema_of
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.bodies import raise_body
from auditkit.sources.terraform.configuration import LOCK_FILE, Configuration, alias_of
from auditkit.sources.terraform.evaluate import Scope, evaluate_safely
from auditkit.sources.terraform.modules import Module
from auditkit.sources.terraform.reader import location_of
from auditkit.sources.terraform.resources import CodeMap
from auditkit.sources.terraform.sensitive_arguments import raise_sensitive_arguments
from auditkit.sources.terraform.values import plain
from auditkit.sources.terraform.workspaces import workspace_uses

_Path = tuple["str | int", ...]

# https://developer.hashicorp.com/terraform/language/modules/sources
_SOURCE_KINDS = (
    ("local", re.compile(r"\.\.?/|/|[A-Za-z]:[\\/]")),
    ("git", re.compile(r"git::|git@|(?:github\.com|bitbucket\.org)/|[^/]+@[^/]+:")),
    ("mercurial", re.compile(r"hg::")),
    ("s3", re.compile(r"s3::|(?:[\w.-]+\.)?s3[\w.-]*\.amazonaws\.com/")),
    ("gcs", re.compile(r"gcs::|(?:www\.)?googleapis\.com/storage/")),
    ("oci", re.compile(r"oci:")),
    ("git", re.compile(r"(?:ssh|git)://")),
    ("http", re.compile(r"(?:https?::)?https?://")),
    ("registry", re.compile(r"(?:[\w.-]+\.[\w-]+(?::\d+)?/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?$")),
)
_REF = re.compile(r"[?&](?:ref|rev)=([^&]*)")
_REQUIRED_BY_S3 = ("bucket", "key")
WITHHELD = Unknown("is a secret", sensitive=True, present=True)
"""Stands for a secret in the attributes of a block of Terraform's own."""

_BUILT_IN = "terraform"
"""The provider of ``terraform_data``, which is a part of Terraform itself."""


def raise_definitions(module: Module) -> Iterator[Resource]:
    """The pseudo-resources of the module's blocks; `module` is any instance of it."""
    yield from _raise_settings(module)
    for block in module.configuration.providers:
        yield from _raise_provider(module, block)
    for name, block in module.configuration.calls.items():
        yield _raise_call(module, name, block)
    for name, block in module.configuration.variables.items():
        yield from _raise_variable(module, name, block)
    for name, block in module.configuration.outputs.items():
        yield _raise_output(module, name, block)
    if module.parent is None and module.configuration.lock is not None:
        yield _raise_lock(module.configuration.lock, _bare(module))


def source_kind(source: str) -> str:
    """Where a module comes from: ``local``, ``registry``, ``git``, ``http``, ``s3`` …"""
    return next((kind for kind, pattern in _SOURCE_KINDS if pattern.match(source)), "other")


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the places of a pseudo-resource whose attributes do not stand where they are named."""

    default: CodeMap
    moved: Mapping[_Path, tuple[CodeMap, _Path]]
    """Beginning of a path to where it stands."""

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path."""
        found, inner = self._find(path)
        return found.locate(inner)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The variables and locals that the value came through."""
        found, inner = self._find(path)
        return found.trace(inner)

    def _find(self, path: Sequence[str | int]) -> tuple[CodeMap, _Path]:
        whole = tuple(path)
        for length in range(len(whole), 0, -1):
            target = self.moved.get(whole[:length])
            if target is not None:
                return target[0], (*target[1], *whole[length:])
        return self.default, whole


@dataclass(frozen=True, slots=True)
class _FilePlaces:
    """Finds the blocks of a lock file, by their number."""

    file: syntax.SourceFile

    def locate(self, path: Sequence[str | int]) -> Location:
        """The header of the provider's block; the file's first line for the whole."""
        number = next((step for step in path if isinstance(step, int)), None)
        blocks = self.file.body.blocks
        if number is None or number >= len(blocks):
            return location_of(self.file, 0, 0)
        block = blocks[number]
        name = str(path[-1])
        attribute = block.body.attributes.get(name)
        if attribute is not None:
            return location_of(self.file, attribute.start, attribute.end)
        return location_of(self.file, block.start, block.header_end)

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """Nothing: a lock file holds literals only."""
        return ()


def _address(module: Module, name: str) -> str:
    """The name below the module's path, without instance keys: it stands for every instance."""
    return "".join(f"module.{call}." for call in module.path.split(".") if call) + name


def _resource(
    kind: str,
    module: Module,
    name: str,
    block: syntax.Block,
    attributes: Mapping[str, Value],
    *,
    moved: Mapping[_Path, tuple[CodeMap, _Path]] | None = None,
) -> Resource:
    places = CodeMap(module, block, module.scope)
    if block.body.broken:
        schema = schema_of(kind)
        assert schema is not None
        broken = Unknown(f"`{name}` could not be parsed")
        names = [*schema.attributes, *schema.blocks]
        attributes = {**dict.fromkeys(names, broken), **_literals(attributes)}
    return Resource(
        type=kind,
        address=_address(module, name),
        attributes=coerce(kind, attributes),
        source=Source.CODE,
        location=location_of(block.file, block.start, block.header_end),
        block=location_of(block.file, block.start, block.end),
        source_map=_Places(places, moved) if moved else places,
    )


def _literals(attributes: Mapping[str, Value]) -> Mapping[str, Value]:
    """What is known of a block that could not be parsed: its labels."""
    return {name: attributes[name] for name in ("name", "secret_name") if name in attributes}


# The settings of Terraform itself


def _raise_settings(module: Module) -> Iterator[Resource]:
    """``terraform`` and ``terraform_backend``.

    A module without either block says nothing about what it is to be run with: it is a
    fragment, and so has none of them.
    """
    configuration = module.configuration
    blocks = [*configuration.settings, *configuration.providers]
    if not blocks:
        return
    moved: dict[_Path, tuple[CodeMap, _Path]] = {}
    providers = _required_providers(module, moved)
    attributes: dict[str, Value] = {
        "required_version": None,
        "required_providers": providers,
        "backend": None,
        "lock_file": configuration.lock is not None,
        "root_module": module.parent is None,
        "provider_blocks": len(configuration.providers),
    }
    uses = list(workspace_uses(configuration))
    choices = [use for use in uses if use.chooses]
    attributes |= {"workspace_uses": len(uses), "workspace_choices": len(choices)}
    for name, found in (("workspace_uses", uses), ("workspace_choices", choices)):
        if found:
            moved[name,] = (CodeMap(module, found[0].block, module.scope), found[0].path)
    backend: tuple[str, syntax.Block] | None = None
    for block in configuration.settings:
        places = CodeMap(module, block, module.scope)
        if block.body.broken:
            broken = Unknown("a `terraform` block could not be parsed")
            attributes |= {"required_version": broken, "required_providers": broken}
            attributes["backend"] = broken
            continue
        version = block.body.attributes.get("required_version")
        if version is not None:
            attributes["required_version"] = plain(
                evaluate_safely(version.expression, _bare(module))
            )
            moved["required_version",] = (places, ("required_version",))
        for inner in block.body.blocks:
            if inner.type in ("backend", "cloud"):
                kind = inner.labels[0] if inner.type == "backend" and inner.labels else "cloud"
                backend = (kind, inner)
                moved["backend",] = (places, (inner.type,))
    if backend is not None:
        attributes["backend"] = backend[0]
    yield _resource("terraform", module, "terraform", blocks[0], attributes, moved=moved)
    if backend is not None and module.parent is None:
        yield from _raise_backend(module, *backend)


def _bare(module: Module) -> Scope:
    """The scope of what Terraform reads before any variable has a value."""
    return Scope(module.tree.bare)


def _raise_backend(module: Module, kind: str, block: syntax.Block) -> Iterator[Resource]:
    schema = schema_of("terraform_backend")
    attributes: dict[str, Value] = {
        **raise_body(block.body, module.scope, schema.body if schema else None)
    }
    attributes["type"] = kind
    resource = _resource("terraform_backend", module, "terraform.backend", block, attributes)
    first, *arguments = _with_secrets(module, block, resource)
    if kind == "s3" and any(name not in attributes for name in _REQUIRED_BY_S3):
        # https://developer.hashicorp.com/terraform/language/backend#partial-configuration
        elsewhere = Unknown("the backend is configured in part by `-backend-config`")
        known = {**dict.fromkeys(S3_BACKEND, elsewhere), **first.attributes}
        first = replace(first, attributes=known)
    yield first
    yield from arguments


def _required_providers(module: Module, moved: dict[_Path, tuple[CodeMap, _Path]]) -> list[Value]:
    """The providers that the module requires or uses: name, source and version of each."""
    scope = _bare(module)
    found: dict[str, dict[str, Value]] = {}
    places: dict[str, tuple[CodeMap, syntax.Attribute]] = {}
    for block in module.configuration.settings:
        code_map = CodeMap(module, block, module.scope)
        for inner in block.body.blocks:
            if inner.type != "required_providers":
                continue
            for name, attribute in inner.body.attributes.items():
                found[name] = _requirement(name, attribute.expression, scope)
                places[name] = (code_map, attribute)
    for name in _used_providers(module.configuration):
        found.setdefault(name, {"name": name, "source": None, "version": None})
    for block in module.configuration.providers:
        # Terraform still takes the constraint from there, with a warning.
        version = block.body.attributes.get("version")
        requirement = found.get(block.labels[0])
        if version is not None and requirement is not None and requirement["version"] is None:
            requirement["version"] = plain(evaluate_safely(version.expression, module.scope))
    for number, name in enumerate(found):
        if name in places:
            code_map, _ = places[name]
            path = ("required_providers", 0, name)
            moved["required_providers", number] = (code_map, path)
    return list(found.values())


def _requirement(name: str, expression: syntax.Expression, scope: Scope) -> dict[str, Value]:
    result: dict[str, Value] = {"name": name, "source": None, "version": None}
    if not isinstance(expression, syntax.Object):
        # Before Terraform 0.13 a constraint was all that could be said.
        result["version"] = plain(evaluate_safely(expression, scope))
        return result
    # The names of `configuration_aliases` are no values, so the members are read one by one.
    for key, value in expression.items:
        if isinstance(key, syntax.Literal) and key.value in ("source", "version"):
            result[str(key.value)] = plain(evaluate_safely(value, scope))
    return result


def _used_providers(configuration: Configuration) -> Iterator[str]:
    for block in configuration.providers:
        yield block.labels[0]
    for kind, _ in (*configuration.resources, *configuration.data):
        name = kind.partition("_")[0]
        if name != _BUILT_IN:
            yield name


# Providers, modules, variables and outputs


def _raise_provider(module: Module, block: syntax.Block) -> Iterator[Resource]:
    name, alias = block.labels[0], alias_of(block)
    schema = schema_of("provider")
    attributes: dict[str, Value] = {
        **raise_body(block.body, module.scope, schema.body if schema else None)
    }
    attributes |= {"name": name, "root_module": module.parent is None}
    if "version" not in attributes:
        attributes["version"] = next(
            (
                requirement["version"]
                for requirement in _required_providers(module, {})
                if isinstance(requirement, dict) and requirement["name"] == name
            ),
            None,
        )
    address = f"provider.{name}.{alias}" if alias else f"provider.{name}"
    yield from _with_secrets(
        module, block, _resource("provider", module, address, block, attributes)
    )


def _with_secrets(module: Module, block: syntax.Block, resource: Resource) -> Iterator[Resource]:
    """The resource without its secrets, and the arguments that they stand in."""
    places = CodeMap(module, block, module.scope)
    arguments = list(raise_sensitive_arguments(resource, places, module))
    hidden = {str(argument.attributes["argument"]): WITHHELD for argument in arguments}
    known = {name: hidden.get(name, value) for name, value in resource.attributes.items()}
    yield replace(resource, attributes=known)
    yield from arguments


def _raise_call(module: Module, name: str, block: syntax.Block) -> Resource:
    attributes: dict[str, Value] = {"name": name}
    for key in ("source", "version"):
        attribute = block.body.attributes.get(key)
        if attribute is not None:
            attributes[key] = plain(evaluate_safely(attribute.expression, module.scope))
    source = attributes.get("source")
    if isinstance(source, str):
        ref = _REF.search(source)
        attributes |= {"source_kind": source_kind(source), "ref": ref[1] if ref else None}
    else:
        attributes |= {"source_kind": source, "ref": source}
    places = CodeMap(module, block, module.scope)
    moved: dict[_Path, tuple[CodeMap, _Path]] = {
        (key,): (places, ("source",)) for key in ("ref", "source_kind")
    }
    return _resource("module", module, f"module.{name}", block, attributes, moved=moved)


def _raise_variable(module: Module, name: str, block: syntax.Block) -> Iterator[Resource]:
    attributes = _flags(block, {"sensitive": False, "ephemeral": False, "nullable": True})
    constraint = block.body.attributes.get("type")
    kind = _text_of(constraint, block) if constraint is not None else None
    attributes |= {
        "name": name,
        "type": kind,
        "secret_name": is_secret_name(name) and kind not in ("bool", "number"),
    }
    for key in ("default", "description"):
        attribute = block.body.attributes.get(key)
        if attribute is not None:
            attributes[key] = plain(evaluate_safely(attribute.expression, _bare(module)))
    resource = _resource("variable", module, f"var.{name}", block, attributes)
    is_secret = attributes["sensitive"] or attributes["secret_name"]
    yield from _with_secrets(module, block, resource) if is_secret else [resource]


def _raise_output(module: Module, name: str, block: syntax.Block) -> Resource:
    """An output; with its value in a root module, so that what it exports counts as used."""
    attributes = _flags(block, {"sensitive": False, "ephemeral": False})
    attributes |= {"name": name, "secret_name": is_secret_name(name)}
    description = block.body.attributes.get("description")
    if description is not None:
        attributes["description"] = plain(evaluate_safely(description.expression, _bare(module)))
    if module.parent is None:
        attributes["value"] = plain(module.output(name))
    return _resource("output", module, f"output.{name}", block, attributes)


def _flags(block: syntax.Block, defaults: Mapping[str, bool]) -> dict[str, Value]:
    """The block's switches, which Terraform takes as literals only."""
    result: dict[str, Value] = dict(defaults)
    for name in defaults:
        attribute = block.body.attributes.get(name)
        literal = attribute.expression if attribute is not None else None
        if isinstance(literal, syntax.Literal) and literal.value is not None:
            result[name] = str(literal.value).lower() == "true"
    return result


def _text_of(attribute: syntax.Attribute, block: syntax.Block) -> str:
    """The expression as it is written, on one line."""
    expression = attribute.expression
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        # In JSON syntax a type is a string.
        return expression.value
    file = attribute.file or block.file
    text = file.data[expression.start : expression.end].decode("utf-8", "replace")
    return " ".join(text.split())


# The lock file


def _raise_lock(file: syntax.SourceFile, scope: Scope) -> Resource:
    """https://developer.hashicorp.com/terraform/language/files/dependency-lock"""
    providers: list[Value] = [
        {"source": ".".join(block.labels), **raise_body(block.body, scope, None)}
        if not block.body.broken
        else Unknown("a block of the lock file could not be parsed")
        for block in file.body.blocks
    ]
    start = location_of(file, 0, 0)
    return Resource(
        type="lock_file",
        address=LOCK_FILE,
        attributes={"providers": providers},
        source=Source.CODE,
        location=start,
        block=start,
        source_map=_FilePlaces(file),
    )
