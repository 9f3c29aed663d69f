"""Plans as a source: what Terraform is about to do, and what will be there afterwards.

Every resource that there will be has its planned values.  What the plan does to it stands in an
attribute of its own, ``terraform_plan``; docs/plan-and-state.md describes it.  What the plan
takes away is in `Inventory.removed`.

Format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditkit.errors import SourceError
from auditkit.model import Inventory, Problem, Resource, Source, Value
from auditkit.rules.paths import format_path
from auditkit.sources.terraform.addresses import is_address, is_name, module_path, without_keys
from auditkit.sources.terraform.code import CodeOptions, Project
from auditkit.sources.terraform.differences import differences
from auditkit.sources.terraform.documents import list_of, mapping_of, read_document, text_of
from auditkit.sources.terraform.instances import (
    Complaints,
    lifecycle_of,
    raise_instance,
    resources_of,
)
from auditkit.sources.terraform.placement import Code, find_code, relative_to
from auditkit.sources.terraform.plan_configuration import Configuration
from auditkit.sources.terraform.plan_values import Origin, merge
from auditkit.sources.terraform.program import is_binary_plan, show_plan
from auditkit.sources.terraform.sensitivity import Marks, conceal, marks_of

_FORMAT = re.compile(r"1\.\d+")
_MOST_PATHS = 50
_ACTIONS = frozenset(["create", "update", "delete", "read", "no-op", "forget"])


def read_plan(
    path: Path, *, project: Project | None = None, options: CodeOptions | None = None
) -> Inventory:
    """What the plan in the file at `path` says: its JSON form, or the binary one.

    For a binary plan ``terraform show -json`` is run in the plan's directory, which has to be
    initialised.  `project` is the code that places come from.

    Raises `SourceError` when the file cannot be read or is no plan.
    """
    file = relative_to(project, path)
    name = file or str(path)
    try:
        with path.open("rb") as stream:
            if is_binary_plan(stream):
                document = read_document(show_plan(path), name)
            else:
                document = read_document(stream, name)
    except OSError as error:
        raise SourceError(f"{name}: {error.strerror}") from error
    return parse_plan(document, name=name, file=file, project=project, options=options)


def parse_plan(
    document: Mapping[str, Value],
    *,
    name: str = "plan",
    file: str = "",
    project: Project | None = None,
    options: CodeOptions | None = None,
) -> Inventory:
    """What a plan says, given as ``terraform show -json`` prints it.

    `file` is its path relative to the project's root, if it lies there.  Attributes that are
    known after apply are `Unknown` and refer to what they are made of; sensitive ones are
    `Unknown`, too.

    Raises `SourceError` when the document is no plan, or one of a version before 1.0 of the
    format.
    """
    _check_format(document, name)
    configuration = Configuration(document.get("configuration"), _modules(document))
    given = replace(options or CodeOptions(), values=_variables(document))
    code = find_code(project, given, configuration.definitions(), file=file)
    reader = _Reader(document, name, configuration, code)
    resources = [*reader.resources(), *reader.outputs()]
    removed = tuple(reader.removed)
    return Inventory(
        source=Source.PLAN,
        name=name,
        resources=(_summary(document, [*resources, *removed]), *resources),
        problems=(*code.problems, *_problems(document, name), *reader.complaints.problems(code)),
        ignores=code.ignores,
        files=(file,) if file else (),
        removed=removed,
    )


def _check_format(document: Mapping[str, Value], name: str) -> None:
    version = document.get("format_version")
    if "planned_values" not in document and "resource_changes" not in document:
        if "values" in document or ("version" in document and "serial" in document):
            raise SourceError(f"{name}: this is a state; give it with --state")
        if isinstance(version, str):
            raise SourceError(f"{name}: there is no plan in it; make one with terraform plan -out")
    if not isinstance(version, str):
        raise SourceError(f"{name}: no plan as `terraform show -json` prints it")
    if not _FORMAT.fullmatch(version):
        raise SourceError(
            f"{name}: plans of format {version[:20]!r} are not read, only 1.x (Terraform 1.1 on)"
        )


def _variables(document: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values that the plan was made with, by variable."""
    variables = mapping_of(document.get("variables"))
    return {
        name: mapping_of(entry)["value"]
        for name, entry in variables.items()
        if "value" in mapping_of(entry)
    }


def _modules(document: Mapping[str, Value]) -> frozenset[str]:
    """The addresses of all module instances with resources."""
    changes = [mapping_of(each) for each in list_of(document.get("resource_changes"))]
    return frozenset(text_of(change.get("module_address")) for change in changes) - {""}


def _problems(document: Mapping[str, Value], name: str) -> Iterator[Problem]:
    if document.get("errored") is True:
        yield Problem("plan", f"{name}: planning ended with an error, so the plan is not whole")
    elif document.get("complete") is False:
        yield Problem("plan", f"{name}: the plan is not whole: changes were left out or deferred")


def _summary(document: Mapping[str, Value], resources: Sequence[Resource]) -> Resource:
    """The pseudo-resource ``plan``: what the plan does in all."""
    described = [mapping_of(entry) for each in resources for entry in _entries_of(each)]
    counts = Counter(key for entry in described for key in _COUNTED if entry.get(key) is True)
    attributes: dict[str, Value] = {
        "terraform_version": text_of(document.get("terraform_version")) or None,
        "complete": document.get("complete") is not False and document.get("errored") is not True,
        **{key: counts[key] for key in _COUNTED},
    }
    return Resource("plan", "plan", attributes, Source.PLAN)


_COUNTED = ("creates", "updates", "replaces", "destroys", "forgets", "imports", "drifted")


def _entries_of(resource: Resource) -> Sequence[Value]:
    return list_of(resource.attributes.get("terraform_plan"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One resource instance of the plan, wherever in it that was found."""

    address: str
    type: str
    values: Mapping[str, Value]
    sensitive: Value
    unknown: Value = False
    entry: Mapping[str, Value] = field(default_factory=dict)
    """Its element of ``resource_changes``, if it has one."""

    @property
    def change(self) -> Mapping[str, Value]:
        """What is done to it."""
        return mapping_of(self.entry.get("change"))

    @property
    def actions(self) -> tuple[str, ...]:
        """The words for that; ``no-op`` where nothing is said."""
        words = (text_of(word) for word in list_of(self.change.get("actions")))
        return tuple(word for word in words if word in _ACTIONS) or ("no-op",)

    @property
    def goes_away(self) -> bool:
        """Whether no object is left under this address, or this is what is left of an old one."""
        remains = {"create", "update", "read", "no-op"}.intersection(self.actions)
        return not remains or text_of(self.entry.get("deposed")) != ""


class _Reader:
    """Turns the parts of a plan into resources, and notes what cannot be."""

    def __init__(
        self,
        document: Mapping[str, Value],
        name: str,
        configuration: Configuration,
        code: Code,
    ) -> None:
        self._document = document
        self._name = name
        self._configuration = configuration
        self._code = code
        self._drift = {
            text_of(entry.get("address")): mapping_of(entry.get("change"))
            for entry in map(mapping_of, list_of(document.get("resource_drift")))
        }
        self.removed: list[Resource] = []
        self.complaints = Complaints(name)

    def resources(self) -> Iterator[Resource]:
        """Every managed instance that there will be; fills `removed` on the way."""
        seen: set[str] = set()
        for entry in self._entries():
            if entry.goes_away:
                self.removed.append(self._remove(entry))
            elif entry.address in seen:
                self.complaints.repeated.add(entry.address)
                continue
            else:
                yield self._raise(entry)
            if not text_of(entry.entry.get("deposed")):
                seen.add(entry.address)

    def outputs(self) -> Iterator[Resource]:
        """The root module's outputs, as code has them."""
        planned = mapping_of(mapping_of(self._document.get("planned_values")).get("outputs"))
        changes = mapping_of(self._document.get("output_changes"))
        for name, output in planned.items():
            if not is_name(name):
                self.complaints.malformed.add(f"output {name[:40]!r}")
                continue
            address = f"output.{name}"
            change = mapping_of(changes.get(name))
            value = mapping_of(output).get("value")
            unknown: Marks = {"value": marks_of(change.get("after_unknown"))}
            expressions = {"value": self._configuration.output(name)}
            written = self._code.instance(address)
            origin = Origin("output", "", self._configuration, expressions, written)
            attributes = merge({"value": value}, unknown, origin)
            is_sensitive = mapping_of(output).get("sensitive") is True
            sensitive = is_sensitive or marks_of(change.get("after_sensitive"))
            hidden = mapping_of(conceal(attributes, {"value": sensitive}, ""))
            yield self._code.place(Resource("output", address, hidden, Source.PLAN))

    def _entries(self) -> Iterator[_Entry]:
        """All managed instances: changed ones, and those that the plan leaves alone."""
        seen: set[str] = set()
        for number, item in enumerate(list_of(self._document.get("resource_changes"))):
            found = self._entry(item, f"element {number} of `resource_changes`")
            if found is not None:
                change = mapping_of(mapping_of(item).get("change"))
                values, sensitive = change.get("after"), change.get("after_sensitive")
                seen.add(found.address)
                yield replace(
                    found,
                    values=mapping_of(values),
                    sensitive=sensitive,
                    unknown=change.get("after_unknown"),
                    entry=mapping_of(item),
                )
        # A plan with -target, or with -refresh-only, says nothing of the others.
        for part in ("planned_values", "prior_state"):
            document = mapping_of(self._document.get(part))
            if part == "prior_state":
                document = mapping_of(document.get("values"))
            for item in resources_of(document):
                found = self._entry(item, f"a resource in `{part}`")
                if found is not None and found.address not in seen:
                    seen.add(found.address)
                    yield found

    def _entry(self, item: Value, label: str) -> _Entry | None:
        entry = mapping_of(item)
        if entry.get("mode") == "data":
            return None
        address, type = text_of(entry.get("address")), text_of(entry.get("type"))
        if not is_address(address) or not is_name(type):
            self.complaints.malformed.add(label)
            return None
        return _Entry(address, type, mapping_of(entry.get("values")), entry.get("sensitive_values"))

    def _raise(self, entry: _Entry) -> Resource:
        origin = self._origin(entry)
        resource = raise_instance(
            entry.type,
            entry.address,
            merge(entry.values, marks_of(entry.unknown), origin),
            source=Source.PLAN,
            marks=marks_of(entry.sensitive),
            extra={
                **lifecycle_of(origin.written),
                "terraform_plan": [self._describe(entry, origin)],
            },
        )
        placed = self._code.place(resource)
        if self._code.inventory is not None and placed is resource:
            self.complaints.unplaced.add(entry.address)
        return placed

    def _remove(self, entry: _Entry) -> Resource:
        """What was there, with what becomes of it."""
        before = mapping_of(entry.change.get("before"))
        resource = raise_instance(
            entry.type,
            entry.address,
            {name: value for name, value in before.items() if value is not None},
            source=Source.PLAN,
            marks=marks_of(entry.change.get("before_sensitive")),
            extra={"terraform_plan": [self._describe(entry, self._origin(entry))]},
        )
        return self._code.place(resource)

    def _origin(self, entry: _Entry) -> Origin:
        module = module_path(entry.address)
        definition = without_keys(entry.address.removeprefix(module).lstrip("."))
        expressions = self._configuration.expressions(module, definition)
        written = self._code.instance(entry.address)
        return Origin(entry.type, module, self._configuration, expressions, written)

    def _describe(self, entry: _Entry, origin: Origin) -> Mapping[str, Value]:
        """The attribute ``terraform_plan``: what the plan does to the resource."""
        change, actions = entry.change, entry.actions
        drift = mapping_of(self._drift.get(entry.address))
        before, after = mapping_of(drift.get("before")), mapping_of(drift.get("after"))
        drift_paths = (
            differences(entry.type, before, after, is_written=origin.is_written) if after else []
        )
        is_gone = "delete" in actions or "forget" in actions
        return {
            "type": entry.type,
            "actions": list(actions),
            "creates": "create" in actions and not is_gone,
            "updates": "update" in actions,
            "replaces": "create" in actions and is_gone,
            "destroys": "delete" in actions,
            "forgets": "forget" in actions,
            "imports": "importing" in change,
            "changes": _changes(change) if len(actions) > 1 or "update" in actions else [],
            "reason": text_of(entry.entry.get("action_reason")) or None,
            "replace_paths": [_path_text(path) for path in list_of(change.get("replace_paths"))],
            "drifted": bool(drift_paths) or bool(before and not after),
            "drift_paths": [format_path(path) for path in drift_paths[:_MOST_PATHS]],
            "previous_address": text_of(entry.entry.get("previous_address")) or None,
            "deposed": text_of(entry.entry.get("deposed")) or None,
        }


def _changes(change: Mapping[str, Value]) -> list[Value]:
    """The names of the attributes that an update or replacement changes."""
    before, after = mapping_of(change.get("before")), mapping_of(change.get("after"))
    unknown = mapping_of(change.get("after_unknown"))
    return [
        name
        for name in dict.fromkeys((*before, *after, *unknown))
        if before.get(name) != after.get(name) or marks_of(unknown.get(name))
    ]


def _path_text(path: Value) -> str:
    return format_path(
        tuple(step for step in list_of(path) if isinstance(step, str) or type(step) is int)
    )
