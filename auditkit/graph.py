"""Which resource names which: by reference in code, by id, ARN or name elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING

from auditkit.companions import rows_of
from auditkit.identity import (
    DEFAULT,
    IDENTITY,
    NAMED_BY,
    STANDS_FOR,
    TYPE_ALIASES,
    definition_of,
    identities,
    keys_of,
    module_of,
    region_of,
)
from auditkit.model import Inventory, Neighbours, Reference, Resource, Source, Unknown, Value
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.schema import schema_of

if TYPE_CHECKING:
    from auditkit.linking import LinkedResource

Path = tuple[str | int, ...]

# Attributes whose text may name a resource; elsewhere only ids and ARNs do, because a role
# that is called "redis" is not what `engine = "redis"` means.
# Keys of maps, such as the dimensions of an alarm, are often in CamelCase.
_NAMING = re.compile(
    r"(?:^|_|(?-i:(?<=[a-z])(?=[A-Z])))(?:id|arn|name|url|identifier|role|user|group|bucket|subnet|key|key_pair|queue|topic|cluster"
    r"|function|target|repository|domain|stream|table|profile|source|destination|resource|value"
    r"|principal|policy|identity|endpoint|vpc|certificate|configuration|template|alarm_action|ok_action"
    r"|alarm|balancer|rule)s?$",
    re.IGNORECASE,
)
# Where only ids and ARNs do, of which nothing is seen when the call that tells them failed.
_NAMING_BY_ID = re.compile(
    r"(?:^|_)(?:ami|uri|instance|interface|layer|(?:id|arn)_(?:list|override)|destination_config"
    r"|dead_letters_to)s?$"
)
_AWS_NAME = re.compile(r"arn:|https://sqs\.|[a-z]+-[0-9a-f]{8,17}$")
# Keys and policies that AWS itself keeps in every account.
_OF_AWS = re.compile(r"alias/aws/|arn:[\w-]+:kms:[^:]*:[^:]*:alias/aws/|arn:[\w-]+:iam::aws:")
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
_SCALABLE = re.compile(r"(?:table|service/[^/]+|cluster|replication-group)[/:](?P<name>[^/]+)")
# web-1.eu-west-1.elb.amazonaws.com, s3-website-us-east-1.amazonaws.com
_HOST = re.compile(
    r"[.-](?P<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d+)\.(?:.*\.)?amazonaws\.com(?:\.cn)?$"
)
# A flow log goes to arn:aws:s3:::logs/networks/
_IN_BUCKET = re.compile(r"(?P<bucket>arn:[\w-]+:s3:::[^/]+)/")
# "sns:GetTopicAttributes was denied (AccessDenied) in eu-west-1", or "AWS answered what can't be
# read as `kms_key_id`"; not what nobody asked for.
_FAILED = re.compile(r"[\w-]+:[A-Z]\w+ |AWS answered ")
_PROSE = frozenset({"tags", "tags_all", "tag", "description", "comment"})


UNREAD_MODULE = "unread_module"
"""The pseudo-type of what was given to a module that could not be read."""


class Graph:
    """The resources of one inventory and how they hang together; see `linking.link`."""

    def __init__(self, inventory: Inventory, resources: Iterable[LinkedResource]) -> None:
        self.inventory = inventory
        # What may be of several types, for the call that tells was denied, is one of each.
        self._subjects = {(linked.type, linked.resource.address): linked for linked in resources}
        self.resources = {linked.resource.address: linked for linked in resources}
        """By address."""
        self.by_type: dict[str, list[LinkedResource]] = {}
        """By type; of a type with two names, under the one that rules use."""
        self.configured: dict[str, set[str]] = {}
        """By the address of a companion: the types of the resources that it was joined to."""
        self.removed: Sequence[LinkedResource] = ()
        """What is on its way out; it names others, and nothing names it."""
        self._definitions: dict[str, list[LinkedResource]] = {}
        self._identities: dict[object, list[LinkedResource]] | None = None
        self._namesakes: dict[object, dict[str, dict[str, list[LinkedResource]]]] = {}
        """Where several have one identity: by it, their type and their module."""
        self._incoming: dict[LinkedResource, list[_Mention]] | None = None
        self._untold: dict[str, Unknown] = {}
        """By type: what could have named others, if the call that tells it had not failed."""
        self._through: dict[str, Unknown] = {}
        """By type: what is named through an alias, if the call that tells its target had not."""
        self._types: dict[tuple[str, ...], frozenset[str]] = {}
        self._doubts: dict[tuple[frozenset[str], Path], Unknown | None] = {}
        self._gaps: dict[tuple[str, ...], Unknown | None] = {}
        self._regions: frozenset[str] | None = None
        for (type, address), linked in self._subjects.items():
            self.by_type.setdefault(type, []).append(linked)
            self._definitions.setdefault(definition_of(address), []).append(linked)

    def subjects(self) -> Iterable[LinkedResource]:
        """All resources, in the inventory's order."""
        return self._subjects.values()

    def types_like(self, patterns: Sequence[str]) -> frozenset[str]:
        """The types in the inventory that match one of the names or globs.

        A glob matches no pseudo-type: "every resource" does not mean variables.
        """
        key = tuple(patterns)
        found = self._types.get(key)
        if found is None:
            # Most patterns are plain names, and to match each as a glob costs a regex.
            globs = [pattern for pattern in key if not pattern.isidentifier()]
            names = {TYPE_ALIASES.get(pattern, pattern) for pattern in key}
            found = self._types[key] = frozenset(
                type
                for type in self.by_type
                if type in names
                or (type not in PSEUDO_TYPES and any(fnmatchcase(type, glob) for glob in globs))
            )
        return found

    def instances(self, definition: str) -> Sequence[LinkedResource]:
        """All instances of what one block declares, in one instance of its module."""
        return self._definitions.get(definition, ())

    def targets(
        self, value: Value, types: frozenset[str], by: Resource
    ) -> tuple[Sequence[LinkedResource], bool]:
        """The resources of the types that a value of `by` names, and whether it certainly does.

        It is uncertain when the value is a choice between several.  What stands for another
        resource, as an alias does for its key, counts as that one.
        """
        found = dict.fromkeys(self._of_types(value, types, module_of(by.address)))
        near = _nearest(found, by)
        return near, _is_certain(value, len(near))

    def related(self, subject: LinkedResource, types: Sequence[str], via: Path) -> Neighbours:
        """The resources of these types that the subject's attribute `via` names."""
        wanted = self.types_like(types)
        found: dict[LinkedResource, None] = {}
        doubt: Unknown | None = None
        for leaf in leaves(subject.attribute(str(via[0])), via[1:]):
            targets, certain = self.targets(leaf, wanted, subject.resource)
            if targets and certain:
                found |= dict.fromkeys(targets)
            elif doubt is None:
                doubt = self._doubt_about(leaf, types)
        return Neighbours(tuple(found), doubt)

    def referrers(self, subject: LinkedResource, types: Sequence[str], via: Path) -> Neighbours:
        """The resources of these types that name the subject, through `via` or anywhere.

        A resource does not refer to itself, and its own companions count only when `types`
        has their name.
        """
        wanted = self.types_like(types)
        found: dict[LinkedResource, None] = {}
        doubt: Unknown | None = None
        for mention in self._mentions().get(subject, ()):
            type = mention.referrer.type
            if type == UNREAD_MODULE:
                doubt = Unknown(
                    f"{call_of(mention.referrer.resource)} was not read, and may use it"
                )
                continue
            if type not in wanted or mention.referrer is subject:
                continue
            if not _runs_through(mention.path, via):
                continue
            if mention.joins and not via and type not in types:
                continue
            if mention.doubt is None:
                found[mention.referrer] = None
            elif doubt is None:
                doubt = mention.doubt
        if doubt is None and via:
            doubt = self._doubt_at(wanted, via)
        if doubt is None and self.inventory.source is Source.LIVE:
            doubt = _first_of(self._through, wanted)
            if doubt is None and not via:
                doubt = _first_of(self._untold, wanted)
        if doubt is None:
            doubt = self._gap_among(tuple(types))
        if doubt is None and subject.type in NAMED_BY:
            doubt = self._gap_among((NAMED_BY[subject.type],))
        return Neighbours(tuple(found), doubt)

    def _gap_among(self, patterns: tuple[str, ...]) -> Unknown | None:
        """Why there may be more resources of these types than were read."""
        if self.inventory.source is not Source.LIVE:
            return None
        if patterns not in self._gaps:
            self._gaps[patterns] = next(self._find_gaps(patterns), None)
        return self._gaps[patterns]

    def _find_gaps(self, patterns: Sequence[str]) -> Iterator[Unknown]:
        gaps, covered = self.inventory.gaps, self.inventory.covered
        for pattern in patterns:
            name = TYPE_ALIASES.get(pattern, pattern)
            if name in gaps:
                yield gaps[name]
            elif not pattern.isidentifier():
                yield from (gaps[type] for type in sorted(gaps) if fnmatchcase(type, pattern))
            elif covered is not None and name not in covered:
                yield Unknown(f"`{name}` was not listed")

    def _named_by(self, value: Value, module: str) -> Sequence[LinkedResource]:
        """The resources that a value in a module names, of whatever type."""
        found = dict.fromkeys(
            linked for key in keys_of(value) for linked in self._identified(key, module)
        )
        if isinstance(value, Unknown):
            for reference in value.references:
                found |= dict.fromkeys(self._referenced(reference))
        return tuple(found)

    def _referenced(self, reference: Reference) -> Sequence[LinkedResource]:
        exact = self.resources.get(reference.address)
        if exact is not None:
            return (exact,)
        definition = definition_of(reference.address)
        instances = self.instances(definition)
        # Where `count` could not be told there is one instance that stands for all of them.
        if definition == reference.address or len(instances) == 1:
            return instances
        return ()

    def _identified(self, identity: object, module: str) -> Sequence[LinkedResource]:
        if self._identities is None:
            self._identities = {}
            for linked in self.subjects():
                for name in dict.fromkeys(identities(linked.resource)):
                    self._identities.setdefault(name, []).append(linked)
        found = self._identities.get(identity)
        if found is None and isinstance(identity, str):
            if (folder := _IN_BUCKET.match(identity)) is not None:
                identity = folder["bucket"]
            elif identity.startswith("arn:"):
                # Log groups are named with ":*" behind, functions with a version or an alias.
                identity = identity.rpartition(":")[0]
            elif (scalable := _SCALABLE.match(identity)) is not None:
                identity = scalable["name"]
            found = self._identities.get(identity)
        if found is None or len(found) == 1 or self.inventory.source is Source.LIVE:
            return found or ()
        return self._in_module(identity, found, module)

    def _in_module(
        self, identity: object, found: Sequence[LinkedResource], module: str
    ) -> Sequence[LinkedResource]:
        """Of the resources with one name, those of the module, for each type that it has.

        The others are in other accounts or regions, or only one of the modules is ever used.
        """
        namesakes = self._namesakes.get(identity)
        if namesakes is None:
            namesakes = self._namesakes[identity] = {}
            for linked in found:
                modules = namesakes.setdefault(linked.type, {})
                modules.setdefault(module_of(linked.resource.address), []).append(linked)
        near: list[LinkedResource] = []
        for modules in namesakes.values():
            own = modules.get(module)
            near += chain.from_iterable(modules.values()) if own is None else own
        return near

    def _of_types(
        self, value: Value, types: frozenset[str], module: str
    ) -> Iterator[LinkedResource]:
        """What a value names of the types, itself or through what stands for another."""
        named = self._named_by(value, module)
        direct = [linked for linked in named if linked.type in types]
        yield from direct
        if direct and not isinstance(value, Unknown):
            # The name of a bucket is also that of all that configures it.
            return
        # What stands for one another would go on for ever.
        seen = set(named)
        others = [linked for linked in named if linked.type not in types]
        while others:
            linked = others.pop()
            for meant in _stands_for(linked, types):
                for target in self._named_by(meant, module_of(linked.resource.address)):
                    if target.type in types:
                        yield target
                    elif target not in seen:
                        seen.add(target)
                        others.append(target)

    def _doubt_about(self, leaf: Value, types: Sequence[str]) -> Unknown | None:
        """Why a value that names none of our resources may name one that we do not see."""
        if isinstance(leaf, Unknown):
            return leaf
        if not isinstance(leaf, str) or not leaf or _OF_AWS.match(leaf):
            return None
        if self.inventory.source is Source.LIVE:
            gap = self._gap_among(tuple(types))
            return self._doubt_elsewhere(leaf) if gap is None else gap
        return Unknown(f"`{leaf}` is not among the resources that were read")

    def _doubt_elsewhere(self, leaf: str) -> Unknown | None:
        """Why an ARN, or AWS's name of a host, may be of an account or region that was not read."""
        if leaf.startswith("arn:") and leaf.count(":") >= 5:
            region, account = leaf.split(":", 5)[3:5]
        elif (host := _HOST.search(leaf)) is not None:
            region, account = host["region"], ""
        else:
            return None
        if account not in ("", self.inventory.name) and self.inventory.name.isdigit():
            return Unknown(f"`{leaf}` is in another account")
        if self._regions is None:
            self._regions = frozenset(region_of(each.resource) for each in self.subjects())
        if region and region not in self._regions and self._regions != {""}:
            return Unknown(f"`{leaf}` is in a region of which nothing was read")
        return None

    def _doubt_at(self, types: frozenset[str], via: Path) -> Unknown | None:
        """The first value at `via`, in resources of the types, that may name anything."""
        key = (types, via)
        if key not in self._doubts:
            self._doubts[key] = next(
                (
                    leaf
                    for type in sorted(types)
                    for linked in self.by_type[type]
                    for leaf in leaves(linked.attribute(str(via[0])), via[1:])
                    if isinstance(leaf, Unknown)
                    and not self._named_by(leaf, module_of(linked.resource.address))
                    and not leaf.references
                ),
                None,
            )
        return self._doubts[key]

    def _mentions(self) -> Mapping[LinkedResource, list[_Mention]]:
        if self._incoming is None:
            self._incoming = {}
            for linked in self.subjects():
                for target, mention in self._outgoing(linked):
                    self._incoming.setdefault(target, []).append(mention)
        return self._incoming

    def _outgoing(self, linked: LinkedResource) -> Iterator[tuple[LinkedResource, _Mention]]:
        own = {"id", "name", *IDENTITY.get(linked.type, DEFAULT)}
        joins = {row.join for row in rows_of(linked.type)}
        module = module_of(linked.resource.address)
        for name in linked.names():
            for path, leaf in walk(linked.attribute(name), (name,)):
                by_reference = isinstance(leaf, Unknown) and leaf.references
                if (
                    isinstance(leaf, Unknown)
                    and name not in own
                    and _FAILED.match(leaf.cause)
                    and (_may_name(path, leaf) or _may_hold_names(linked.type, path))
                ):
                    self._untold.setdefault(linked.type, leaf)
                if not by_reference and (name in own or not _may_name(path, leaf)):
                    continue
                found = _nearest(self._named_by(leaf, module), linked.resource)
                certain = _is_certain(leaf, len(found))
                doubt = leaf if isinstance(leaf, Unknown) and not certain else None
                for target in self._with_what_they_stand_for(found, linked):
                    unsure = (
                        doubt_between(linked.resource, target.resource) if doubt is None else doubt
                    )
                    yield target, _Mention(linked, path, unsure, name in joins)

    def _with_what_they_stand_for(
        self, found: Sequence[LinkedResource], by: LinkedResource
    ) -> Iterable[LinkedResource]:
        every = dict.fromkeys(found)
        for linked in found:
            if linked.type in STANDS_FOR:
                value = linked.resource.attributes.get(STANDS_FOR[linked.type])
                if isinstance(value, Unknown) and _FAILED.match(value.cause):
                    self._through.setdefault(by.type, value)
                every |= dict.fromkeys(self._named_by(value, module_of(linked.resource.address)))
        return every


def _first_of(untold: Mapping[str, Unknown], types: frozenset[str]) -> Unknown | None:
    type = min(untold.keys() & types, default=None)
    return None if type is None else untold[type]


def call_of(unread: Resource) -> str:
    """The module call that an `UNREAD_MODULE` stands for, for the reader."""
    return f"`{unread.address.removeprefix(UNREAD_MODULE + '.')}`"


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place where a resource names another."""

    referrer: LinkedResource
    path: Path
    doubt: Unknown | None
    """Set when it is a choice between several, or the referrer may not exist."""
    joins: bool
    """Whether it is how a companion says what it configures."""


def doubt_between(resource: Resource, other: Resource) -> Unknown | None:
    """Why the first may not exist, or more than once, where the second does."""
    doubt, same = resource.doubt, other.doubt
    # What depends on the same unknown `count` comes and goes together.
    if doubt is None or (same is not None and same.cause == doubt.cause):
        return None
    return Unknown(f"`{resource.address}` may not exist: {doubt.cause}")


def leaves(value: Value, path: Path = ()) -> Iterator[Value]:
    """The single values at `path` below `value`; a name steps through every list element.

    What is not there yields nothing, and an `Unknown` on the way yields itself.
    """
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, list):
        if path and isinstance(path[0], int):
            if path[0] < len(value):
                yield from leaves(value[path[0]], path[1:])
            return
        for item in value:
            yield from leaves(item, path)
    elif isinstance(value, Mapping):
        items = value.values() if not path else [value.get(str(path[0]))]
        for item in items:
            yield from leaves(item, path[1:])
    elif value is not None and not path:
        yield value


def walk(value: Value, path: Path) -> Iterator[tuple[Path, str | Unknown]]:
    """Every text and `Unknown` at or below `value`, with its path; `path` is that of `value`."""
    if isinstance(value, (str, Unknown)):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from walk(item, (*path, name))


def _nearest(found: Iterable[LinkedResource], by: Resource) -> Sequence[LinkedResource]:
    """Of live resources with one name, those in the region of the one that names them.

    Names are unique in a region only, ids and ARNs everywhere.
    """
    every = tuple(found)
    if len(every) < 2 or by.source is not Source.LIVE:
        return every
    own = region_of(by)
    near = tuple(linked for linked in every if region_of(linked.resource) in (own, ""))
    return near if own and near else every


def _is_certain(value: Value, found: int) -> bool:
    return not isinstance(value, Unknown) or value.present or found <= 1


def _stands_for(linked: LinkedResource, types: frozenset[str]) -> Iterator[Value]:
    attributes = linked.resource.attributes
    if linked.type in STANDS_FOR:
        yield attributes.get(STANDS_FOR[linked.type])
    # A policy often names its bucket through the bucket's public access block.
    for row in rows_of(linked.type):
        if not types.isdisjoint(row.targets):
            yield attributes.get(row.join)


def _may_name(path: Path, value: str | Unknown) -> bool:
    if path[0] in _PROSE or path[-1] in _PROSE:
        return False
    if isinstance(value, str) and _AWS_NAME.match(value):
        return True
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    return _NAMING.search(name) is not None


def _may_hold_names(type: str, path: Path) -> bool:
    """Whether what is at the path may name a resource by its id, or has attributes that may."""
    if path[0] in _PROSE:
        return False
    *above, last = (step for step in path if isinstance(step, str))
    if _NAMING_BY_ID.search(last):
        return True
    schema = schema_of(type)
    body = None if schema is None else schema.body
    for step in above:
        block = None if body is None else body.blocks.get(step)
        body = None if block is None else block.body
    if body is None:
        return False
    attribute, block = body.attributes.get(last), body.blocks.get(last)
    names = {*(() if attribute is None else attribute.fields)}
    bodies = [] if block is None else [block.body]
    while bodies:
        body = bodies.pop()
        names |= body.attributes.keys()
        bodies += [block.body for block in body.blocks.values()]
    return any(map(_NAMING.search, names))


def _runs_through(path: Path, via: Path) -> bool:
    """Whether `path` leads to or below `via`, whose names step through every element."""
    steps = iter(path)
    for wanted in via:
        step = next(steps, None)
        while isinstance(step, int) and not isinstance(wanted, int):
            step = next(steps, None)
        if step != wanted:
            return False
    return True
