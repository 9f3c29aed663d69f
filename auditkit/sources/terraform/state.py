"""States as a source: what Terraform believes to be there.

A state is read a resource at a time, and what is not needed of it is dropped at once, so that
one of any size takes no more memory than its resources do.

Format: https://developer.hashicorp.com/terraform/language/state
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

from auditkit.errors import SourceError
from auditkit.model import Inventory, Location, Problem, Resource, Source, Value
from auditkit.sources.terraform.addresses import (
    is_address,
    is_module_path,
    is_name,
    join,
    key_suffix,
)
from auditkit.sources.terraform.code import CodeOptions, Project
from auditkit.sources.terraform.documents import mapping_of, read_members, text_of
from auditkit.sources.terraform.instances import (
    Complaints,
    lifecycle_of,
    raise_instance,
    resources_of,
)
from auditkit.sources.terraform.placement import Code, find_code
from auditkit.sources.terraform.sensitivity import Marks, conceal, marks_of, marks_of_paths
from auditkit.sources.terraform.stores.locations import open_state
from auditkit.sources.terraform.stores.store import Access, Store

VERSION = 4
"""The version of the format that is read: that of Terraform 0.12 and everything since."""

_HERE = Store("state", "")


def read_state(
    location: str,
    *,
    project: Project | None = None,
    options: CodeOptions | None = None,
    access: Access | None = None,
) -> Inventory:
    """What the state at `location` says.

    That is a file, a directory with a backend, ``s3://BUCKET/KEY``, ``https://…`` of an HTTP
    backend or of a workspace in HCP Terraform, ``remote:ORGANIZATION/WORKSPACE``, or
    ``pull:DIRECTORY`` to have Terraform fetch it.  `project` is the code that places come from;
    `access` is what is needed to get at it.

    Raises `SourceError` when it cannot be had, or is no state of version 4.
    """
    options = options or CodeOptions()
    store, stream = open_state(location, project, options, access or Access())
    with closing(stream):
        members = read_members(stream, store.name, lists=("resources",))
        return _read(members, store, project, options)


def parse_state(
    document: Mapping[str, Value],
    *,
    store: Store = _HERE,
    project: Project | None = None,
    options: CodeOptions | None = None,
) -> Inventory:
    """The resources of a Terraform state.

    `document` is state format 4, as ``terraform state pull`` prints it, or what ``terraform show
    -json`` prints of a state.  One resource per element of ``instances``; data sources are left
    out, and deposed objects are in `Inventory.removed`.  Sensitive attributes are `Unknown`.

    Raises `SourceError` when ``version`` is not 4.
    """
    return _read(_members_of(document), store, project, options or CodeOptions())


def _members_of(document: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    for key, value in document.items():
        if key == "resources" and isinstance(value, list):
            yield from ((key, item) for item in value)
        else:
            yield key, value


def _read(
    members: Iterable[tuple[str, Value]],
    store: Store,
    project: Project | None,
    options: CodeOptions,
) -> Inventory:
    reader = _Reader(store.name)
    for key, value in members:
        reader.take(key, value)
    reader.finish()
    code = find_code(project, options, reader.definitions, file=store.file, backend=store.roots)
    resources = tuple(_place(reader.resources, code, reader.complaints))
    removed = tuple(_place(reader.removed, code, reader.complaints))
    problems: tuple[Problem, ...] = (*code.problems, *reader.complaints.problems(code))
    return Inventory(
        source=Source.STATE,
        name=store.name,
        resources=(_summary(reader, store), *resources),
        problems=problems,
        ignores=code.ignores,
        files=(store.file,) if store.file else (),
        removed=removed,
    )


def _place(resources: list[Resource], code: Code, complaints: Complaints) -> Iterator[Resource]:
    if code.inventory is None:
        yield from resources
        return
    for resource in resources:
        written = code.instance(resource.address)
        if written is not None and resource.type != "output":
            rest = {name: v for name, v in resource.attributes.items() if name != "lifecycle"}
            attributes = {**rest, **lifecycle_of(written)}
            resource = Resource(
                resource.type, resource.address, attributes, resource.source, resource.id
            )
        placed = code.place(resource)
        if placed is resource and resource.type != "output":
            complaints.unplaced.add(resource.address)
        yield placed


def _summary(reader: _Reader, store: Store) -> Resource:
    """The pseudo-resource ``state``: where it is kept, and what wrote it."""
    attributes: dict[str, Value] = {
        "version": VERSION,
        "terraform_version": text_of(reader.about.get("terraform_version")) or None,
        "store": store.kind,
        "committed": store.committed,
        "resources": sum(resource.type != "output" for resource in reader.resources),
        "deposed": len(reader.removed),
    }
    place = Location(store.file, 1, 1, 1, 1) if store.file else None
    return Resource("state", "state", attributes, Source.STATE, location=place)


class _Reader:
    """Gathers the resources of a state, one after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[str] = set()
        self._number = 0
        self._described: dict[object, Value] = {}
        self.about: dict[str, Value] = {}
        self.resources: list[Resource] = []
        self.removed: list[Resource] = []
        self.definitions: set[str] = set()
        self.complaints = Complaints(name)

    def take(self, key: str, value: Value) -> None:
        """Takes a member of the document, or an element of its ``resources``."""
        if key == "resources":
            self._number += 1
            self._take_resource(mapping_of(value), f"element {self._number - 1} of `resources`")
        elif key == "values":
            self.about["values"] = True
            self._take_outputs(mapping_of(value).get("outputs"))
            for item in resources_of(value):
                self._take_shown(mapping_of(item))
        elif key == "outputs":
            self._take_outputs(value)
        elif key == "version":
            self._check_version(value)
            self.about[key] = value
        elif key in ("planned_values", "resource_changes"):
            raise SourceError(f"{self._name}: this is a plan; give it with --plan")
        elif key == "encrypted_data":
            raise SourceError(
                f"{self._name}: OpenTofu encrypted this state; give what `tofu state pull` prints"
            )
        elif key in ("terraform_version", "format_version"):
            self.about[key] = value

    def finish(self) -> None:
        """Raises `SourceError` when what was taken was no state."""
        is_shown = "values" in self.about or "format_version" in self.about
        if "version" not in self.about and not is_shown:
            raise SourceError(f"{self._name}: this is no Terraform state: it has no `version`")

    def _check_version(self, version: Value) -> None:
        number = version if type(version) is int else 0
        if number == VERSION:
            return
        if 0 < number < VERSION:
            raise SourceError(
                f"{self._name}: a state of version {version}; Terraform 0.12 or later makes"
                f" version {VERSION} of it: run `terraform apply -refresh-only`"
            )
        if number > VERSION:
            raise SourceError(
                f"{self._name}: a state of version {version}, and only {VERSION} can be read; is"
                " there a newer auditkit?"
            )
        raise SourceError(f"{self._name}: this is no Terraform state: its `version` is no number")

    def _take_resource(self, entry: Mapping[str, Value], label: str) -> None:
        if entry.get("mode") == "data":
            return
        type, name = text_of(entry.get("type")), text_of(entry.get("name"))
        module = text_of(entry.get("module"))
        instances = entry.get("instances")
        is_whole = is_name(type) and is_name(name) and is_module_path(module)
        if not is_whole or not isinstance(instances, list):
            self.complaints.malformed.add(label)
            return
        self._define(module, f"{type}.{name}")
        for item in instances:
            instance = mapping_of(item)
            suffix = key_suffix(instance.get("index_key"))
            address = join(module, f"{type}.{name}{suffix or ''}")
            values = instance.get("attributes")
            if "attributes_flat" in instance and values is None:
                self.complaints.flat.add(address)
            elif suffix is None or not isinstance(values, Mapping):
                self.complaints.malformed.add(f"an instance of {join(module, f'{type}.{name}')}")
            else:
                self._add(
                    sys.intern(type),
                    address,
                    values,
                    marks_of_paths(instance.get("sensitive_attributes")),
                    is_tainted=instance.get("status") == "tainted",
                    deposed=text_of(instance.get("deposed")),
                )

    def _take_shown(self, entry: Mapping[str, Value]) -> None:
        if entry.get("mode") == "data":
            return
        type, address = text_of(entry.get("type")), text_of(entry.get("address"))
        if not is_name(type) or not is_address(address):
            self.complaints.malformed.add("a resource in `values`")
            return
        module, _, _ = address.rpartition(f"{type}.")
        self._define(module.rstrip("."), f"{type}.{text_of(entry.get('name'))}")
        self._add(
            sys.intern(type),
            address,
            mapping_of(entry.get("values")),
            marks_of(entry.get("sensitive_values")),
            is_tainted=entry.get("tainted") is True,
            deposed=text_of(entry.get("deposed_key")),
        )

    def _define(self, module: str, definition: str) -> None:
        """Remember which blocks the root module has to have."""
        if module:
            definition = ".".join(module.split(".")[:2]).partition("[")[0]
        self.definitions.add(definition)

    def _add(
        self,
        type: str,
        address: str,
        values: Mapping[str, Value],
        marks: Marks,
        *,
        is_tainted: bool,
        deposed: str,
    ) -> None:
        if not deposed and address in self._seen:
            self.complaints.repeated.add(address)
            return
        described: Mapping[str, Value] = {
            "type": type,
            "tainted": is_tainted,
            "deposed": deposed or None,
        }
        # All resources of a type have the very same one, as a rule.
        said = self._described.setdefault((type, is_tainted, deposed), [described])
        resource = raise_instance(
            type,
            address,
            # The names of attributes are texts that each resource brings again.
            {sys.intern(name): value for name, value in values.items() if value is not None},
            source=Source.STATE,
            marks=marks,
            extra={
                **lifecycle_of(None),
                "terraform_state": said,
            },
        )
        if deposed:
            self.removed.append(resource)
        else:
            self._seen.add(address)
            self.resources.append(resource)

    def _take_outputs(self, value: Value) -> None:
        for name, item in mapping_of(value).items():
            output = mapping_of(item)
            if not is_name(name):
                self.complaints.malformed.add(f"output {name[:40]!r}")
                continue
            marks: Marks = {"value": output.get("sensitive") is True}
            attributes = mapping_of(conceal({"value": output.get("value")}, marks, ""))
            address = f"output.{name}"
            self.resources.append(Resource("output", address, attributes, Source.STATE))
