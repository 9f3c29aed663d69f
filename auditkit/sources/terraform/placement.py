"""The code behind a plan or a state: which root module it is, and where each resource stands.

Values in a plan or state are in the provider's order, those in code in the order they were
written, so a path into one is translated before it is looked up in the other.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Union

from auditkit.model import (
    Ignore,
    Inventory,
    Location,
    Problem,
    Resource,
    SourceMap,
    Step,
    Unknown,
    Value,
)
from auditkit.sources.terraform.addresses import without_keys
from auditkit.sources.terraform.code import CodeOptions, Project, read_root

Steps = tuple[Union[str, int], ...]

_LONGEST_ALIGNED = 200
"""Elements of a list up to which they are compared one with another."""


@dataclass(frozen=True, slots=True)
class Code:
    """The evaluated code that a plan or a state was made of, if it is at hand."""

    directory: str = ""
    """The root module's directory; empty when there is no code."""
    inventory: Inventory | None = None
    problems: tuple[Problem, ...] = ()
    _instances: Mapping[str, Resource] = field(default_factory=dict, repr=False)
    _definitions: Mapping[str, Resource] = field(default_factory=dict, repr=False)

    @property
    def ignores(self) -> tuple[Ignore, ...]:
        """The comments in it that waive findings."""
        return () if self.inventory is None else self.inventory.ignores

    def instance(self, address: str) -> Resource | None:
        """What code says of exactly this instance."""
        return self._instances.get(address)

    def place(self, resource: Resource) -> Resource:
        """The resource with the block that declares it, if there is one.

        An instance that code does not make, or not yet, has the place of the others.
        """
        written = self._instances.get(resource.address)
        if written is None:
            written = self._definitions.get(without_keys(resource.address))
        if written is None:
            return resource
        return replace(
            resource,
            location=written.location,
            block=written.block,
            calls=written.calls,
            source_map=PlacedMap(written, resource.attributes),
        )


NO_CODE = Code()
"""Nothing is at hand."""


def find_code(
    project: Project | None,
    options: CodeOptions,
    definitions: Collection[str],
    *,
    file: str = "",
    backend: Collection[str] = (),
) -> Code:
    """The root module that declares these blocks, evaluated with `options`.

    `definitions` are ``aws_s3_bucket.logs`` and ``module.network`` of the root module; `file`
    is the path of the plan or state, if it lies in the project; `backend` are root modules that
    are known to keep this state.  Where several declare the same, none is chosen at random.
    """
    if project is None or not project.roots:
        return NO_CODE
    roots = [root for root in project.roots if not backend or root in backend]
    scores = {root: len(_declared(project, root).intersection(definitions)) for root in roots}
    best = max(scores.values(), default=0)
    candidates = [root for root, score in scores.items() if score == best]
    if file and (near := posixpath.dirname(file) or ".") in candidates:
        candidates = [near]
    is_alike = best and best * 2 >= len(definitions)
    if not candidates or not (is_alike or backend):
        return NO_CODE
    if len(candidates) > 1:
        named = ", ".join(candidates[:3]) + (", …" if len(candidates) > 3 else "")
        message = f"several root modules may be its code: {named}; name the one that is"
        return Code(problems=(Problem("placement", message, incomplete=False),))
    inventory = read_root(project, candidates[0], options)
    instances = {resource.address: resource for resource in inventory.resources}
    by_definition: dict[str, Resource] = {}
    for address, resource in instances.items():
        by_definition.setdefault(without_keys(address), resource)
    return Code(candidates[0], inventory, (), instances, by_definition)


def _declared(project: Project, directory: str) -> frozenset[str]:
    """The blocks that a root module's own files declare."""
    configuration = project.loader.load(directory)
    if configuration is None:
        return frozenset()
    resources = (f"{type}.{name}" for type, name in configuration.resources)
    return frozenset([*resources, *(f"module.{name}" for name in configuration.calls)])


def relative_to(project: Project | None, path: Path) -> str:
    """A file's path as locations have it; empty if it lies outside of the project."""
    if project is None:
        return ""
    absolute = Path(os.path.abspath(path))
    inside = absolute.is_relative_to(project.root)
    return absolute.relative_to(project.root).as_posix() if inside else ""


class PlacedMap:
    """Finds where values of a plan or state stand in the code; implements `model.SourceMap`."""

    __slots__ = ("_attributes", "_written")

    def __init__(self, written: Resource, attributes: Mapping[str, Value]) -> None:
        self._written = written
        self._attributes = attributes

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path; the header of the block that lacks it."""
        return self._map().locate(self._translate(path))

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The variables, locals and module calls that the value came through, inmost first."""
        return self._map().trace(self._translate(path))

    def _map(self) -> SourceMap:
        source_map = self._written.source_map
        assert source_map is not None, "code always says where it stands"
        return source_map

    def _translate(self, path: Sequence[str | int]) -> Steps:
        found: Value = self._attributes
        written: Value = self._written.attributes
        steps: list[str | int] = []
        for step in path:
            if isinstance(step, int):
                ours = found if isinstance(found, list) else []
                theirs = written if isinstance(written, list) else []
                found = ours[step] if step < len(ours) else None
                order = align(ours, theirs)
                aligned = order[step] if step < len(order) else None
                step = step if aligned is None else aligned
                written = theirs[step] if step < len(theirs) else None
            else:
                found = found.get(step) if isinstance(found, Mapping) else None
                written = written.get(step) if isinstance(written, Mapping) else None
            steps.append(step)
        return tuple(steps)


def align(elements: Sequence[Value], written: Sequence[Value]) -> list[int | None]:
    """For each element the index of the one in code that it was made of, if one can be."""
    if max(len(elements), len(written)) > _LONGEST_ALIGNED:
        return [index if index < len(written) else None for index in range(len(elements))]
    free = dict.fromkeys(range(len(written)))
    order: list[int | None] = []
    for index, element in enumerate(elements):
        candidates: Iterable[int] = [index, *free] if index in free else free
        chosen = next((one for one in candidates if _may_be(element, written[one])), None)
        if chosen is not None:
            del free[chosen]
        order.append(chosen)
    return order


def _may_be(value: Value, written: Value) -> bool:
    """Whether what is written can have become the value; what is not written can be anything."""
    if isinstance(value, Unknown) or isinstance(written, Unknown) or written is None:
        return True
    if isinstance(written, Mapping):
        return isinstance(value, Mapping) and all(
            _may_be(value.get(name), inner) for name, inner in written.items()
        )
    if isinstance(written, list):
        # What is in a list is compared no deeper: names and numbers tell blocks apart.
        return isinstance(value, list) and len(value) == len(written) and _overlap(value, written)
    return value == written


def _overlap(values: Sequence[Value], written: Sequence[Value]) -> bool:
    """Whether two lists of the same length, scalars of both, may hold the same in any order."""
    scalars = [value for value in values if isinstance(value, (str, int, float))]
    theirs = {value for value in written if isinstance(value, (str, int, float))}
    doubtful = sum(isinstance(value, (Unknown, Mapping, list)) for value in written)
    return sum(value not in theirs for value in scalars) <= doubtful
