"""Modules as they are instantiated: variables, locals, outputs and resources on demand.

Everything is worked out when it is first asked for and kept.  A value that asks for itself
is Unknown with the cycle as its cause.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditkit.model import Problem, Reference, Unknown
from auditkit.schema import schema_of
from auditkit.sources.terraform import policy_document, syntax
from auditkit.sources.terraform.bodies import META_ARGUMENTS, raise_blocks, raise_body
from auditkit.sources.terraform.configuration import MAX_FILE_BYTES, Configuration, alias_of
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.evaluate import (
    MAX_INSTANCES,
    Bare,
    Lazy,
    Namespace,
    Scope,
    Session,
    Uncertain,
    as_number,
    evaluate,
    evaluate_safely,
)
from auditkit.sources.terraform.files import TreeFiles
from auditkit.sources.terraform.reader import location_of, read_expression, read_template
from auditkit.sources.terraform.types import Type, convert, parse_type
from auditkit.sources.terraform.values import Sensitive, SetValue

MAX_MODULE_DEPTH = 40
"""Nesting of module calls that is followed; Terraform has no limit, people do."""

_ALWAYS_SET = frozenset(
    ["account_id", "arn", "bucket", "dns_name", "id", "key_id", "name", "unique_id", "url"]
)
"""Attributes that are neither null nor empty once the object exists, whatever its type."""

_ABSENT = object()
_BUSY = object()


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a module call or a variable file gives to a variable."""

    expression: syntax.Expression
    scope: Scope | None
    """The caller's scope; ``None`` for literals, whose values need none."""
    attribute: syntax.Attribute | None = None
    """Where it was written, unless it came from the command line."""
    file: syntax.SourceFile | None = None
    origin: str = ""
    """What gave it, for the reader: ``terraform.tfvars``, ``--var``, ``module.db``."""
    is_secret: bool = False
    """Whether it came from outside the code and is likely to be a secret, so that nothing may
    show it, and no rule takes it for one that is written in the code."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the calls of a directory lead."""

    height: int
    """Modules below one another, at most; itself not counted."""
    is_local: bool
    """Whether all of them are called by relative paths."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """One instance that ``count`` or ``for_each`` makes."""

    suffix: str
    """``[0]``, ``["key"]``, or nothing."""
    key: int | str | None
    names: Mapping[str, Any]
    """``count`` or ``each`` for the scope."""
    doubt: Unknown | None = None
    """Why the number of instances is unknown, where this one stands for all of them."""


_ONCE = [Expansion("", None, {})]
"""What a block without ``count`` and ``for_each`` expands to."""


class Tree:
    """The configurations below the project's root, and what one root module shares."""

    def __init__(
        self,
        root: Path,
        directory: str,
        *,
        load: Callable[[str], Configuration | None],
        given: Mapping[str, Given],
        workspace: str,
    ) -> None:
        self.root = root
        self.directory = directory
        self.load = load
        self.given = given
        self.workspace = workspace
        self.session = Session()
        self.context = Context(self, TreeFiles(root, root / directory))
        self.bare = Bare(self.session, self.context)
        self.problems: list[Problem] = []
        self._downloaded: dict[str, str] | None = None
        self._types: dict[int, Type] = {}
        self._reaches: dict[str, Reach | None] = {}

    def downloaded(self, path: str) -> str | None:
        """Where ``terraform init`` put the module with the dotted call path, if it did.

        https://developer.hashicorp.com/terraform/cli/commands/init#child-module-installation
        """
        found = self._manifest().get(path)
        if found is None:
            return None
        return posixpath.normpath(posixpath.join(self.directory, found))

    def has_downloads(self) -> bool:
        """Whether ``terraform init`` put any module anywhere."""
        return bool(self._manifest())

    def _manifest(self) -> Mapping[str, str]:
        if self._downloaded is None:
            self._downloaded = _read_manifest(self.root / self.directory)
        return self._downloaded

    def reach_of(self, directory: str) -> Reach | None:
        """How far the calls of a directory lead; ``None`` where they lead back to it."""
        if directory not in self._reaches:
            # As long as it is not known, it is met again only on a way back to it.
            self._reaches[directory] = None
            self._reaches[directory] = self._find_reach(directory)
        return self._reaches[directory]

    def _find_reach(self, directory: str) -> Reach | None:
        configuration = self.load(directory)
        height, is_local = 0, True
        for block in configuration.calls.values() if configuration is not None else ():
            source = _literal_of(block.body.attributes.get("source"))
            if not isinstance(source, str) or not source.startswith(("./", "../")):
                is_local = False
                continue
            below = self.reach_of(posixpath.normpath(posixpath.join(directory, source)))
            if below is None:
                return None
            height = max(height, below.height + 1)
            is_local = is_local and below.is_local
        return Reach(height, is_local)

    def type_of(self, block: syntax.Block) -> Type | None:
        """The type constraint of a variable block, parsed once."""
        attribute = block.body.attributes.get("type")
        if attribute is None:
            return None
        known = self._types.get(id(block))
        if known is None:
            scope = Scope(self.bare)
            expression = attribute.expression
            # JSON syntax has the whole type in quotes.
            if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
                expression = read_expression(expression.value)
            known = parse_type(expression, lambda node: evaluate(node, scope))
            self._types[id(block)] = known
        return known


class Context:
    """What functions may ask for: files of the tree, and templates."""

    def __init__(self, tree: Tree, files: TreeFiles) -> None:
        self._tree = tree
        self.files = files
        self._templates: dict[str, syntax.Expression] = {}
        self._depth = 0

    @property
    def base_directory(self) -> str:
        """The root module's directory."""
        return self.files.base_directory

    def read_file(self, path: str) -> bytes:
        """A file's content."""
        return self.files.read_file(path)

    def file_exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return self.files.file_exists(path)

    def list_files(self, directory: str) -> list[str]:
        """Every file below `directory`."""
        return self.files.list_files(directory)

    def render_template(self, text: str, name: str, variables: Mapping[str, Any]) -> Any:
        """The value of a template in which only `variables` and functions can be named."""
        template = self._templates.get(text)
        if template is None:
            template = self._templates[text] = read_template(text, name)
        if self._depth >= 10:
            raise EvaluationError(f"the template {name!r} renders itself")
        self._depth += 1
        try:
            return evaluate(template, Scope(self._tree.bare, variables))
        finally:
            self._depth -= 1


class ResourceValue(Lazy):
    """One instance of a resource, as other expressions see it."""

    __slots__ = ("_memo", "address", "block", "expansion", "module", "scope")

    def __init__(
        self, module: Module, block: syntax.Block, expansion: Expansion, address: str
    ) -> None:
        super().__init__(f"`{address}` is known after apply", (Reference(address),))
        self.module = module
        self.block = block
        self.expansion = expansion
        self.address = address
        self.scope = Scope(module, expansion.names)
        self._memo: dict[str, Any] = {}

    def attribute(self, name: str) -> Any:
        """The configured value of one attribute; Unknown where the provider decides."""
        memo = self._memo
        value = memo.get(name, _ABSENT)
        if value is _ABSENT:
            memo[name] = _BUSY
            value = memo[name] = self._read(name)
        if value is _BUSY:
            return Unknown(f"`{self.address}.{name}` refers to itself")
        return value

    def _read(self, name: str) -> Any:
        body = self.block.body
        given = body.attributes.get(name) if name not in META_ARGUMENTS else None
        if given is not None and not body.broken:
            value = self._bounded(evaluate_safely(given.expression, self.scope))
            if isinstance(value, Unknown) and not isinstance(value, Lazy):
                reference = Reference(self.address, name)
                others = tuple(one for one in value.references if one != reference)
                return replace(value, references=(reference, *others))
            if value is not None:
                return value
        elif name == "tags_all":
            return self.module.tags_all(self)
        elif any(name in (inner.type, *inner.labels[:1]) for inner in body.blocks):
            schema = schema_of(self.block.labels[0])
            result: dict[str, Any] = {}
            raise_blocks(body, self.scope, schema.body if schema else None, result)
            if name in result:
                return result[name]
        return Unknown(
            f"`{self.address}.{name}` is known after apply",
            (Reference(self.address, name),),
            present=name in _ALWAYS_SET,
        )

    def _bounded(self, value: Any) -> Any:
        """The value, unless it is larger than any that other expressions may be made of."""
        try:
            self.module.session.measure(value)
        except EvaluationError as error:
            return Unknown(f"it can't be evaluated: {error}")
        return value


class DataValue(ResourceValue):
    """One instance of a data source: what it is asked for is known, the answer seldom is."""

    __slots__ = ()

    def _read(self, name: str) -> Any:
        kind = self.block.labels[0]
        if kind == "aws_iam_policy_document" and name in ("json", "minified_json"):
            body = raise_body(self.block.body, self.scope, None)
            return policy_document.render(body, minified=name == "minified_json")
        region = self.module.region(self.block, self.scope)
        if kind == "aws_region" and name in ("name", "id", "region") and isinstance(region, str):
            return region
        if kind == "aws_partition" and isinstance(region, str):
            partition = _partition(region)
            if name in ("partition", "id"):
                return partition
            if name == "dns_suffix":
                return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
        given = self.block.body.attributes.get(name)
        if given is not None and name not in META_ARGUMENTS:
            return self._bounded(evaluate_safely(given.expression, self.scope))
        return Unknown(
            f"`{self.address}.{name}` is read when Terraform runs",
            (Reference(self.address, name),),
            present=name in _ALWAYS_SET,
        )


class ModuleValue(Lazy):
    """One instance of a called module, as the caller's expressions see it."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        super().__init__(f"`{module.address}` is known after apply")
        self.module = module

    def attribute(self, name: str) -> Any:
        """The value of an output."""
        return self.module.output(name)

    def whole(self) -> Any:
        """All outputs."""
        return {
            name: self.module.output(name) for name in sorted(self.module.configuration.outputs)
        }


class MissingModule(Lazy):
    """A called module whose source is not at hand."""

    __slots__ = ()

    def attribute(self, name: str) -> Any:
        """Unknown, whatever the output."""
        return Unknown(self.cause)


class Module:
    """One instance of a module."""

    def __init__(
        self,
        tree: Tree,
        configuration: Configuration,
        *,
        parent: Module | None = None,
        call: syntax.Block | None = None,
        expansion: Expansion | None = None,
    ) -> None:
        self.tree = tree
        self.session = tree.session
        self.context = tree.context
        self.configuration = configuration
        self.parent = parent
        self.call = call
        self.expansion = expansion
        self.scope = Scope(self)
        self.call_scope: Scope | None = None
        if parent is None or call is None or expansion is None:
            self.address = ""
            self.path = ""
            self.depth = 0
            self.inputs: Mapping[str, Given] = tree.given
        else:
            prefix = f"{parent.address}." if parent.address else ""
            self.address = f"{prefix}module.{call.labels[0]}{expansion.suffix}"
            self.path = f"{parent.path}.{call.labels[0]}".lstrip(".")
            self.depth = parent.depth + 1
            self.call_scope = Scope(parent, expansion.names)
            self.inputs = {
                attribute.name: Given(
                    attribute.expression,
                    self.call_scope,
                    attribute,
                    attribute.file or call.file,
                    f"`module.{call.labels[0]}`",
                )
                for attribute in call.body.attributes.values()
            }
        self._variables: dict[str, Any] = {}
        self._locals: dict[str, Any] = {}
        self._outputs: dict[str, Any] = {}
        self._resources: dict[tuple[str, str, str], Any] = {}
        self._calls: dict[str, Any] = {}
        self._default_tags: dict[int, Any] = {}
        self._namespaces: dict[str, Namespace] = {
            "var": Namespace("var", self.variable),
            "local": Namespace("local", self.local),
            "module": Namespace("module", self.called),
            "data": Namespace("data", lambda kind: self._by_name("data", kind)),
            "ephemeral": Namespace("ephemeral", _ephemeral),
            "path": Namespace("path", self._path),
            "terraform": Namespace("terraform", self._terraform),
        }

    def lookup(self, name: str) -> Any:
        """A namespace: a reserved one, or the resources of one type."""
        known = self._namespaces.get(name)
        if known is None:
            if name in ("each", "count", "self"):
                raise EvaluationError(f"`{name}` has no meaning here")
            known = self._namespaces[name] = self._by_name("resource", name)
        return known

    def _by_name(self, mode: str, kind: str) -> Namespace:
        return Namespace(kind, lambda name: self.resource(mode, kind, name))

    def qualify(self, address: str) -> str:
        """`address` with the module's own in front."""
        return f"{self.address}.{address}" if self.address else address

    # Variables, locals and outputs

    def variable(self, name: str) -> Any:
        """The value of ``var.name``, converted to its type."""
        return self._once(self._variables, name, f"var.{name}", self._read_variable)

    def _read_variable(self, name: str) -> Any:
        block = self.configuration.variables.get(name)
        if block is None:
            return Unknown(f"`var.{name}` is not declared")
        if block.body.broken:
            return Unknown(f"the declaration of `var.{name}` could not be parsed")
        value: Any = None
        given = self.inputs.get(name)
        if given is not None:
            value = evaluate_safely(given.expression, given.scope or Scope(self.tree.bare))
        attributes = block.body.attributes
        nullable = attributes.get("nullable")
        if given is None or (value is None and _is_false(nullable)):
            default = attributes.get("default")
            if default is None:
                where = f" of `{self.address}`" if self.address else ""
                return self._marked(block, Unknown(f"`var.{name}`{where} has no value"))
            value = evaluate_safely(default.expression, Scope(self.tree.bare))
        self.session.measure(value)
        try:
            constraint = self.tree.type_of(block)
            if constraint is not None:
                value = _convert(value, constraint)
        except EvaluationError as error:
            value = Unknown(f"`var.{name}` does not fit its type: {error}")
        return self._marked(block, value, is_secret=given is not None and given.is_secret)

    def _marked(self, block: syntax.Block, value: Any, *, is_secret: bool = False) -> Any:
        if not is_secret and not _is_true(block.body.attributes.get("sensitive")):
            return value
        self.session.marked = True
        return value if isinstance(value, Sensitive) else Sensitive(value)

    def type_of_variable(self, name: str) -> Type | None:
        """The type that ``var.name`` is declared with, if it is."""
        block = self.configuration.variables.get(name)
        try:
            return None if block is None else self.tree.type_of(block)
        except EvaluationError:
            return None

    def local(self, name: str) -> Any:
        """The value of ``local.name``."""
        return self._once(self._locals, name, f"local.{name}", self._read_local)

    def _read_local(self, name: str) -> Any:
        found = self.configuration.locals.get(name)
        if found is None:
            if self.configuration.broken_locals:
                return Unknown(f"`local.{name}` may stand in a block that could not be parsed")
            return Unknown(f"`local.{name}` is not declared")
        value = evaluate_safely(found[0].expression, self.scope)
        if isinstance(value, Lazy):
            value = value.whole()
        self.session.measure(value)
        return value

    def output(self, name: str) -> Any:
        """The value of the output `name`."""
        return self._once(self._outputs, name, f"output.{name}", self._read_output)

    def _read_output(self, name: str) -> Any:
        block = self.configuration.outputs.get(name)
        where = f"`{self.address}`" if self.address else "the module"
        if block is None:
            return Unknown(f"{where} has no output {name!r}")
        attribute = block.body.attributes.get("value")
        if block.body.broken or attribute is None:
            return Unknown(f"the output {name!r} of {where} could not be parsed")
        value = evaluate_safely(attribute.expression, self.scope)
        if isinstance(value, Lazy):
            value = value.whole()
        self.session.measure(value)
        return self._marked(block, value)

    def _once(self, memo: dict[str, Any], name: str, label: str, read: Callable[[str], Any]) -> Any:
        value = memo.get(name, _ABSENT)
        if value is _ABSENT:
            memo[name] = _BUSY
            try:
                value = memo[name] = read(name)
            except RecursionError:
                value = memo[name] = Unknown(f"`{label}` is nested too deeply to evaluate")
            except EvaluationError as error:
                value = memo[name] = Unknown(f"`{label}` can't be evaluated: {error}")
        if value is _BUSY:
            return Unknown(f"`{label}` refers to itself")
        return value

    def _path(self, name: str) -> Any:
        if name == "module":
            # Relative to the root module, from where Terraform runs.
            return posixpath.relpath(self.configuration.directory, self.tree.directory)
        if name == "root":
            return "."
        if name == "cwd":
            return Unknown("`path.cwd` depends on where Terraform runs")
        raise EvaluationError(f"there is no `path.{name}`")

    def _terraform(self, name: str) -> Any:
        if name == "workspace":
            return self.tree.workspace
        raise EvaluationError(f"there is no `terraform.{name}`")

    # Resources

    def resource(self, mode: str, kind: str, name: str) -> Any:
        """What ``kind.name`` or ``data.kind.name`` is worth: an instance, or several."""
        key = (mode, kind, name)
        value = self._resources.get(key)
        if value is None:
            self._resources[key] = _BUSY
            value = self._resources[key] = self._read_resource(mode, kind, name)
        if value is _BUSY:
            return Unknown(f"`{kind}.{name}` refers to itself")
        return value

    def _read_resource(self, mode: str, kind: str, name: str) -> Any:
        declared = self.configuration.data if mode == "data" else self.configuration.resources
        label = f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}"
        block = declared.get((kind, name))
        if block is None:
            return Unknown(f"`{label}` is not declared")
        make = DataValue if mode == "data" else ResourceValue
        return self._expanded(
            block,
            lambda expansion: make(self, block, expansion, self.qualify(label + expansion.suffix)),
        )

    def called(self, name: str) -> Any:
        """What ``module.name`` is worth: an instance, or several."""
        value = self._calls.get(name)
        if value is None:
            self._calls[name] = _BUSY
            value = self._calls[name] = self._read_call(name)
        if value is _BUSY:
            return Unknown(f"`module.{name}` refers to itself")
        return value

    def _read_call(self, name: str) -> Any:
        block = self.configuration.calls.get(name)
        if block is None:
            return Unknown(f"`module.{name}` is not declared")
        configuration = self._called_configuration(block)
        if isinstance(configuration, Unknown):
            return MissingModule(configuration.cause)
        return self._expanded(
            block,
            lambda expansion: ModuleValue(
                Module(self.tree, configuration, parent=self, call=block, expansion=expansion)
            ),
        )

    def _called_configuration(self, block: syntax.Block) -> Configuration | Unknown:
        name = block.labels[0]
        location = location_of(block.file, block.start, block.header_end)
        if block.body.broken:
            return Unknown(f"`module.{name}` could not be parsed")
        attribute = block.body.attributes.get("source")
        source = attribute.expression if attribute is not None else None
        text = source.value if isinstance(source, syntax.Literal) else None
        if not isinstance(text, str):
            message = f"`module.{name}` has no literal source; Terraform needs one"
            self.tree.problems.append(Problem("missing-module", message, location))
            return Unknown(message)
        dotted = f"{self.path}.{name}".lstrip(".")
        if text.startswith(("./", "../")):
            directory = posixpath.normpath(posixpath.join(self.configuration.directory, text))
            advice = "check the path"
        else:
            found = self.tree.downloaded(dotted)
            directory = found if found is not None else ""
            advice = "run `terraform init` to have it read too"
        if self._is_recursive(directory):
            message = f"`module.{name}` calls itself: {text}"
            self.tree.problems.append(Problem("limit", message, location))
            return Unknown(message)
        configuration = self.tree.load(directory) if directory else None
        if configuration is None:
            message = f"the source of `module.{name}` is not in the scanned tree: {text}; {advice}"
            self.tree.problems.append(
                Problem("missing-module", message, location, incomplete=text.startswith("."))
            )
            return Unknown(f"the source of `module.{name}` was not found")
        return configuration

    def _is_recursive(self, directory: str) -> bool:
        if self.depth >= MAX_MODULE_DEPTH:
            return True
        module: Module | None = self
        while module is not None:
            if module.configuration.directory == directory:
                return True
            module = module.parent
        return False

    def _expanded(self, block: syntax.Block, make: Callable[[Expansion], Lazy]) -> Any:
        """One value, a list for ``count``, a map for ``for_each``, or `Uncertain`."""
        expansions = self.expand(block)
        if isinstance(expansions, Unknown) or expansions == _ONCE:
            try:
                self._make_room(block, 1)
            except EvaluationError as error:
                return Unknown(str(error))
        if isinstance(expansions, Unknown):
            names = {
                "count": {"index": Unknown("`count.index` is unknown because count is")},
                "each": {
                    "key": Unknown("`each.key` is unknown because for_each is"),
                    "value": Unknown("`each.value` is unknown because for_each is"),
                },
            }
            return Uncertain(expansions, make(Expansion("", None, names, expansions)))
        if len(expansions) == 1 and expansions[0].key is None:
            return make(expansions[0])
        if "count" in block.body.attributes:
            return [make(expansion) for expansion in expansions]
        return {str(expansion.key): make(expansion) for expansion in expansions}

    def expand(self, block: syntax.Block) -> list[Expansion] | Unknown:
        """The instances that the block's ``count`` or ``for_each`` makes.

        https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
        """
        attributes = block.body.attributes
        if "count" in attributes:
            return self._expand_count(block, attributes["count"])
        if "for_each" in attributes:
            return self._expand_for_each(block, attributes["for_each"])
        return _ONCE

    def _make_room(self, block: syntax.Block, count: int) -> None:
        """Account for instances of the block.  Raises `EvaluationError` when it has too many."""
        if self.session.take_instances(count):
            return
        location = location_of(block.file, block.start, block.header_end)
        message = (
            f"the root module would have more than {MAX_INSTANCES:,} instances;"
            " one of this block stands for all of them, or none"
        )
        self.tree.problems.append(Problem("limit", message, location))
        raise EvaluationError(f"there would be more than {MAX_INSTANCES:,} instances")

    def _expand_count(
        self, block: syntax.Block, attribute: syntax.Attribute
    ) -> list[Expansion] | Unknown:
        count = _unmarked(evaluate_safely(attribute.expression, self.scope))
        if isinstance(count, Unknown):
            return Unknown(count.cause, count.references)
        try:
            number = as_number(count)
            if not isinstance(number, int) or number < 0:
                raise EvaluationError("count must be a whole number, not below zero")
            self._make_room(block, number)
        except EvaluationError as error:
            return Unknown(str(error))
        return [
            Expansion(f"[{index}]", index, {"count": {"index": index}}) for index in range(number)
        ]

    def _expand_for_each(
        self, block: syntax.Block, attribute: syntax.Attribute
    ) -> list[Expansion] | Unknown:
        collection = _unmarked(evaluate_safely(attribute.expression, self.scope))
        if isinstance(collection, Unknown):
            return Unknown(collection.cause, collection.references)
        if isinstance(collection, dict):
            entries = list(collection.items())
        elif isinstance(collection, SetValue) and all(isinstance(one, str) for one in collection):
            entries = [(one, one) for one in collection]
        elif isinstance(collection, SetValue):
            unknown = next((one for one in collection if isinstance(one, Unknown)), None)
            return unknown or Unknown("for_each takes a map or a set of strings")
        else:
            return Unknown("for_each takes a map or a set of strings")
        try:
            self._make_room(block, len(entries))
        except EvaluationError as error:
            return Unknown(str(error))
        return [
            Expansion(f"[{_quote(key)}]", key, {"each": {"key": key, "value": value}})
            for key, value in entries
        ]

    # Providers

    def tags_all(self, resource: ResourceValue) -> Any:
        """A resource's tags with the provider's ``default_tags``, its own ones winning.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block
        """
        defaults = self._tags_of_provider(resource.block)
        given = resource.block.body.attributes.get("tags")
        own: Any = {} if given is None else _unmarked(resource.attribute("tags"))
        if (
            given is not None
            and isinstance(own, Unknown)
            and own.references[:1] == (Reference(resource.address, "tags"),)
        ):
            own = Unknown(own.cause, own.references[1:], document=own.document, keys=own.keys)
        return _merge_tags(defaults, {} if own is None else own)

    def _tags_of_provider(self, block: syntax.Block) -> Any:
        found = self.provider(block)
        if found is None:
            return {}
        if isinstance(found, Unknown):
            return found
        module, provider = found
        known = module._default_tags.get(id(provider), _ABSENT)
        if known is not _ABSENT:
            return known
        body: Mapping[str, Any] = raise_body(provider.body, module.scope, None)
        if provider.body.broken:
            tags: Any = Unknown("the provider's block could not be parsed")
        else:
            blocks = body.get("default_tags")
            # A list of one block; in JSON syntax the block itself; or why it is unknown.
            first = blocks[0] if isinstance(blocks, list) and blocks else blocks
            tags = first.get("tags") if isinstance(first, dict) else first
            tags = tags if isinstance(tags, (dict, Unknown)) else {}
        module._default_tags[id(provider)] = tags
        return tags

    def region(self, block: syntax.Block, scope: Scope) -> Any:
        """The region that the block's provider is configured for, or Unknown."""
        own = block.body.attributes.get("region")
        if own is not None:
            return evaluate_safely(own.expression, scope)
        found = self.provider(block)
        if found is None or isinstance(found, Unknown):
            return Unknown("the region is set outside the configuration")
        module, provider = found
        region = provider.body.attributes.get("region")
        if region is None:
            return Unknown("the region is set outside the configuration")
        return evaluate_safely(region.expression, module.scope)

    def provider(self, block: syntax.Block) -> tuple[Module, syntax.Block] | Unknown | None:
        """The provider block that configures a resource, and the module that it stands in.

        ``None`` when no block does: the provider is configured from outside.
        """
        kind = block.labels[0].partition("_")[0]
        attribute = block.body.attributes.get("provider")
        name = kind if attribute is None else _provider_name(attribute.expression)
        return self.provider_named(name)

    def passed_providers(self) -> Mapping[str, str]:
        """The caller's name of each provider that the call passes on, by the name in here."""
        passed = self.call.body.attributes.get("providers") if self.call is not None else None
        if passed is None or not isinstance(passed.expression, syntax.Object):
            return {}
        return {
            _provider_name(key): _provider_name(value) for key, value in passed.expression.items
        }

    def provider_named(self, name: str) -> tuple[Module, syntax.Block] | Unknown | None:
        """As `provider`, by the name that it has in this module: ``aws``, ``aws.west``."""
        kind, _, alias = name.partition(".")
        for block in self.configuration.providers:
            if block.labels[0] != kind:
                continue
            if alias_of(block) == alias:
                return self, block
        if self.parent is None or self.call is None:
            return None
        passed = self.passed_providers().get(name)
        if passed is not None:
            return self.parent.provider_named(passed)
        if alias:
            return Unknown(f"the provider `{name}` is not passed to `{self.address}`")
        return self.parent.provider_named(name)

    # Walking

    def children(self) -> Iterator[Module]:
        """The modules that this one calls, instance by instance, in source order."""
        for name in self.configuration.calls:
            for value in instances(self.called(name)):
                if isinstance(value, ModuleValue):
                    yield value.module

    def unread_calls(self) -> Iterator[tuple[syntax.Block, Scope]]:
        """The calls of modules whose source is not at hand, and a scope for their arguments."""
        for name, block in self.configuration.calls.items():
            if isinstance(self.called(name), MissingModule):
                unread = Unknown(f"`module.{name}` was not read")
                names = {"count": {"index": unread}, "each": {"key": unread, "value": unread}}
                yield block, Scope(self, names)

    def resource_values(self) -> Iterator[ResourceValue]:
        """The instances of the module's own resource blocks, in source order."""
        for kind, name in self.configuration.resources:
            for value in instances(self.resource("resource", kind, name)):
                if isinstance(value, ResourceValue):
                    yield value


def _ephemeral(kind: str) -> Namespace:
    """https://developer.hashicorp.com/terraform/language/block/ephemeral"""
    return Namespace(
        kind, lambda name: Unknown(f"`ephemeral.{kind}.{name}` is there only while Terraform runs")
    )


def instances(value: Any) -> Iterator[Any]:
    """The single values of what a block was expanded to."""
    if isinstance(value, Uncertain):
        yield value.representative
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    else:
        yield value


def _convert(value: Any, constraint: Type) -> Any:
    if isinstance(value, Sensitive):
        return Sensitive(convert(value.value, constraint))
    return convert(value, constraint)


def _merge_tags(defaults: Any, own: Any) -> Any:
    defaults, own = _unmarked(defaults), _unmarked(own)
    if isinstance(defaults, dict) and isinstance(own, dict):
        merged = {**defaults, **own}
        return {name: merged[name] for name in sorted(merged)}
    unknown = own if isinstance(own, Unknown) else defaults
    if not isinstance(unknown, Unknown):
        return Unknown("the tags are not a map")
    keys: set[str] = set()
    for side in (defaults, own):
        if isinstance(side, Unknown):
            keys.update(side.keys)
        else:
            keys.update(key for key, value in side.items() if value is not None and value != "")
    return Unknown(unknown.cause, unknown.references, keys=tuple(sorted(keys)))


def _unmarked(value: Any) -> Any:
    return value.value if isinstance(value, Sensitive) else value


def _is_true(attribute: syntax.Attribute | None) -> bool:
    return _literal_of(attribute) is True


def _is_false(attribute: syntax.Attribute | None) -> bool:
    return _literal_of(attribute) is False


def _literal_of(attribute: syntax.Attribute | None) -> Any:
    if attribute is None or not isinstance(attribute.expression, syntax.Literal):
        return None
    return attribute.expression.value


def _provider_name(expression: syntax.Expression) -> str:
    """``aws`` or ``aws.west``, from a reference or, in JSON, a string."""
    if isinstance(expression, syntax.Variable):
        return expression.name
    if isinstance(expression, syntax.GetAttribute):
        return f"{_provider_name(expression.source)}.{expression.name}"
    if isinstance(expression, syntax.Literal):
        return str(expression.value)
    return ""


def _partition(region: str) -> str:
    """https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html"""
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return "aws"


def _quote(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _read_manifest(directory: Path) -> dict[str, str]:
    path = directory / ".terraform" / "modules" / "modules.json"
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return {}
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    modules = document.get("Modules") if isinstance(document, dict) else None
    found: dict[str, str] = {}
    for entry in modules if isinstance(modules, list) else []:
        if isinstance(entry, dict):
            key, place = entry.get("Key"), entry.get("Dir")
            if isinstance(key, str) and isinstance(place, str):
                found[key] = place
    return found
