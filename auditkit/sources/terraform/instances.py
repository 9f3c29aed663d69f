"""Resource instances as plans and states hold them become `Resource`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditkit.model import Problem, Resource, Source, Unknown, Value
from auditkit.schema import coerce
from auditkit.sources.terraform.documents import list_of, mapping_of
from auditkit.sources.terraform.placement import Code
from auditkit.sources.terraform.sensitivity import Marks, conceal, schema_marks

_NAMED = 3


def raise_instance(
    type: str,
    address: str,
    values: Mapping[str, Value],
    *,
    source: Source,
    marks: Marks = False,
    extra: Mapping[str, Value],
) -> Resource:
    """The resource with these values; what `marks` or the provider calls sensitive is withheld.

    `extra` are attributes that Terraform says of it, not the provider.
    """
    attributes = coerce(type, values)
    if marks is True:
        marks = dict.fromkeys(attributes, True)
    attributes = mapping_of(conceal(attributes, marks, ""))
    attributes = mapping_of(conceal(attributes, schema_marks(type, attributes), ""))
    found = attributes.get("id")
    return Resource(
        type,
        address,
        {**attributes, **extra},
        source,
        id=found if isinstance(found, str) else None,
    )


def resources_of(values: Value) -> Iterator[Value]:
    """The resources in the representation of values that plans and shown states share.

    https://developer.hashicorp.com/terraform/internals/json-format#values-representation
    """
    pending: list[Value] = [mapping_of(values).get("root_module")]
    while pending:
        module = mapping_of(pending.pop())
        yield from list_of(module.get("resources"))
        pending.extend(reversed(list_of(module.get("child_modules"))))


def lifecycle_of(written: Resource | None) -> Mapping[str, Value]:
    """The ``lifecycle`` block of a resource, which only code tells."""
    if written is None:
        return {"lifecycle": _NO_LIFECYCLE}
    lifecycle = written.attributes.get("lifecycle")
    return {} if lifecycle is None else {"lifecycle": lifecycle}


_NO_LIFECYCLE = Unknown("`lifecycle` stands in the code, which is not at hand")


@dataclass(slots=True)
class Names:
    """A number of things to tell of, of which the first few are named."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Counts one."""
        self.count += 1
        if len(self.first) < _NAMED:
            self.first.append(name)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more:,} more" if more else "")


@dataclass(slots=True)
class Complaints:
    """What was left out of a plan or state, and why."""

    name: str
    """The document's."""
    malformed: Names = field(default_factory=Names)
    repeated: Names = field(default_factory=Names)
    flat: Names = field(default_factory=Names)
    unplaced: Names = field(default_factory=Names)

    def problems(self, code: Code) -> Iterator[Problem]:
        """A problem for each reason."""
        if self.malformed.count:
            text = f"{self.name}: left out, because it cannot be read: {self.malformed}"
            yield Problem("malformed", text)
        if self.repeated.count:
            text = f"{self.name}: there more than once, of which the first counts: {self.repeated}"
            yield Problem("duplicate", text)
        if self.flat.count:
            text = (
                f"{self.name}: left out, because Terraform 0.11 wrote it and nothing since:"
                f" {self.flat}; run `terraform apply -refresh-only`"
            )
            yield Problem("old-format", text)
        if self.unplaced.count:
            text = f"{self.name}: in no block of {code.directory}: {self.unplaced}"
            yield Problem("placement", f"{text}; is it of other code?", incomplete=False)
