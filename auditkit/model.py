"""The vocabulary that every part of auditkit shares: frozen data, no input or output."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, Union

Value = Union[None, bool, int, float, str, "Unknown", Sequence["Value"], Mapping[str, "Value"]]
"""A state-shaped value: JSON's types, and `Unknown` wherever one could not be told."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of another resource, as an expression named it."""

    address: str
    """The resource's address, with its module path: ``module.a.aws_kms_key.this[0]``."""
    attribute: str = ""
    """The attribute that was read, e.g. ``arn``; empty when the whole resource was."""


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A value that could not be told, and why.

    It has no truth value and equals only itself, so that no code can take it for false,
    empty or absent by accident.
    """

    cause: str
    """Why, in words for the user: ```var.size` has no value``."""
    references: tuple[Reference, ...] = ()
    """The resources whose attributes this value is made of, if any."""
    parts: tuple[str | Unknown, ...] = ()
    """Of a string with unknown pieces: all pieces in order; empty when nothing is known."""
    document: Value = None
    """Of an encoded JSON document with unknown pieces: what it decodes to, if known."""
    keys: tuple[str, ...] = ()
    """Of a map with unknown entries, such as a merge with one: keys that it certainly has."""
    sensitive: bool = False
    """Whether the value was known but is withheld because it is marked sensitive."""
    present: bool = False
    """Whether it is certain to be neither null nor empty, as a resource's own ``arn`` is.

    With `references` it also says that the value is exactly what they name: no choice between
    branches, no wildcard.
    """

    def __bool__(self) -> bool:
        raise TypeError(f"an unknown value has no truth value: {self.cause}")


class Source(enum.Enum):
    """Where a resource was read from."""

    CODE = "code"
    PLAN = "plan"
    STATE = "state"
    LIVE = "live"
    PIPELINE = "pipeline"


class Severity(enum.IntEnum):
    """How bad a finding is; a higher number is worse."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word that files and reports use."""
        return self.name.lower()


class Verdict(enum.IntEnum):
    """Kleene's three values, ordered so that ``min`` is *and* and ``max`` is *or*."""

    FAIL = 0
    UNKNOWN = 1
    PASS = 2

    @property
    def label(self) -> str:
        """The lower-case word that files and reports use."""
        return self.name.lower()


class Status(enum.Enum):
    """What triage made of a finding; every finding stays in the report under its status."""

    OPEN = "open"
    WAIVED = "waived"
    BASELINE = "baseline"


CATEGORIES = (
    "tagging",
    "encryption",
    "exposure",
    "identity",
    "logging",
    "monitoring",
    "resilience",
    "lifecycle",
    "cost",
    "network",
    "pipeline",
    "state",
)
"""The closed list of rule categories."""


CONFIDENCES = ("high", "medium", "low")
"""How sure a failure is, the surest first."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A range in a file.

    Lines and columns count from 1, columns in Unicode code points; the end is exclusive,
    as in SARIF: the column after the last character.
    """

    file: str
    """Path relative to `Report.root`, with forward slashes."""
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Step:
    """One station on the way that a value came by, for the reader of a finding."""

    text: str
    """What happens there, e.g. ```var.encrypted` is set by `module.db```."""
    location: Location


class SourceMap(Protocol):
    """Finds the place that a resource's value was written; asked only for findings."""

    def locate(self, path: Sequence[str | int]) -> Location:
        """The narrowest range for the attribute path, e.g. ``("ingress", 1, "cidr_blocks")``.

        Where the attribute is not written, the header line of the nearest block that is.
        """

    def trace(self, path: Sequence[str | int]) -> tuple[Step, ...]:
        """The variables, locals and module calls that the value came through, inmost first."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One cloud object, described in the vocabulary of the Terraform AWS provider."""

    type: str
    """Terraform type, e.g. ``aws_s3_bucket``; live objects use it too."""
    address: str
    """``module.logs.aws_s3_bucket.this[0]`` in code, plan and state; the ARN when live."""
    attributes: Mapping[str, Value]
    """State-shaped: snake_case, blocks are lists of mappings, unresolved parts are `Unknown`."""
    source: Source = Source.CODE
    id: str | None = None
    """The provider's id; joins declared to live. ``None`` until the object exists."""
    location: Location | None = None
    """The header line of the block that declares it."""
    block: Location | None = None
    """The whole block that declares it, to its closing brace."""
    calls: tuple[Location, ...] = ()
    """The module call blocks that lead to it, outermost first."""
    doubt: Unknown | None = None
    """Why it may not exist at all: its ``count`` could not be told, so it stands for any."""
    source_map: SourceMap | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the world that could not be read; the run goes on without it."""

    kind: str
    """A slug: ``syntax``, ``unreadable``, ``missing-module``, ``limit``, ``ignore`` …"""
    message: str
    """One line: what, and what to do."""
    location: Location | None = None
    snippet: str = ""
    """The source line that the location points at, if it helps."""
    incomplete: bool = True
    """Whether findings may be missing because of it."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment that waives findings on the block or attribute that it belongs to."""

    rules: tuple[str, ...]
    """Rule ids, aliases or globs; ``*`` for all of them."""
    reason: str
    """Empty when the syntax of another tool gave none."""
    until: date | None
    """The last day on which it holds."""
    location: Location
    """The comment itself."""
    target: Location
    """The block or attribute that it waives findings on."""
    dialect: str = "auditkit"
    """Whose syntax it is: ``auditkit``, ``checkov``, ``trivy`` or ``tfsec``."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one source saw: one root module, plan, state or account and region."""

    source: Source
    name: str
    """The root module's directory relative to `Report.root`, or account and region."""
    resources: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    files: tuple[str, ...] = ()
    """Files that were read, relative to `Report.root`."""
    is_fixed: bool = True
    """Whether the same `files` give the same inventory; not so after a look into a directory."""
    covered: frozenset[str] | None = None
    """Types that were listed completely; ``None`` when all of them were."""
    gaps: Mapping[str, Unknown] = field(default_factory=dict)
    """Types that were not listed completely, and why."""
    removed: tuple[Resource, ...] = ()
    """Objects that the plan destroys or forgets, and deposed ones in a state: on their way out.

    Only rules about this source alone judge them, and nothing else takes them for being there.
    """


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a condition came out as it did, for one attribute."""

    path: tuple[str | int, ...]
    """Where in the resource: ``("ingress", 0, "cidr_blocks")``; empty for the whole of it."""
    verdict: Verdict
    expected: str
    """What would pass, in words: ``equals true``, ``at least 7``."""
    actual: Value = None
    """The value found; `Unknown` with its cause when it could not be told."""


class Subject(Protocol):
    """What a condition looks at: a linked resource, or an element of one of its blocks."""

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where in its resource it stands; empty for the resource itself."""

    def attribute(self, name: str) -> Value:
        """One attribute, folded companions and provider defaults included; ``None`` if absent."""

    def related(self, types: Sequence[str], via: tuple[str | int, ...]) -> Neighbours:
        """The resources of these types (names or globs) that the attribute `via` names.

        A name in `via` steps through every element of a list, a number picks one.
        """

    def referrers(self, types: Sequence[str], via: tuple[str | int, ...]) -> Neighbours:
        """The resources of these types that name this one, through `via` unless it is empty."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The answer to a question about other resources."""

    subjects: tuple[Subject, ...] = ()
    doubt: Unknown | None = None
    """Set when there may be more of them: an attribute that could not be told, say."""


class Condition(Protocol):
    """A compiled ``require`` or ``when``: judges a subject, and explains when asked."""

    def judge(self, subject: Subject) -> Verdict:
        """The verdict alone: the fast path, taken for every resource."""

    def explain(self, subject: Subject) -> Iterator[Evidence]:
        """The attributes that made the verdict what it is; taken only for findings."""


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a finding."""

    advice: str
    set: Mapping[str, Value] = field(default_factory=dict)
    """Attributes to set, as HCL would: path to value."""
    replaces: bool = False
    """Whether AWS or the provider replaces the object when the attribute changes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check, as its YAML file says it."""

    id: str
    title: str
    severity: Severity
    category: str
    resources: tuple[str, ...]
    """Type names or globs."""
    require: Condition
    when: Condition | None
    why: str
    fix: Fix
    links: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sources: frozenset[Source] = frozenset(Source)
    params: Mapping[str, Value] = field(default_factory=dict)
    """The rule's knobs with the values in force."""
    confidence: str = CONFIDENCES[0]
    """How sure a failure is."""
    unused: bool = False
    """Whether a failure says that the resource is unused, so that its cost is wasted."""
    examples: Mapping[str, tuple[str | Inventory, ...]] = field(default_factory=dict)
    """``pass`` and ``fail`` to Terraform texts, or to what another source than code would see."""
    path: str = ""
    """The file that it was read from, for messages."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one definition, with all instances that share it."""

    rule: str
    severity: Severity
    category: str
    verdict: Verdict
    source: Source
    address: str
    """The first instance's address."""
    message: str
    """One line that says what is wrong, with actual and expected value."""
    aliases: tuple[str, ...] = ()
    location: Location | None = None
    """The narrowest range: the attribute, or the header line of the block that lacks it."""
    block: Location | None = None
    """The whole block of the resource."""
    calls: tuple[Location, ...] = ()
    """The module call blocks that lead to the first instance, outermost first."""
    attribute: str = ""
    """The attribute's path as text: ``ingress[1].cidr_blocks``."""
    actual: Value = None
    expected: str = ""
    chain: tuple[Step, ...] = ()
    """The variables and module calls that the value came through, inmost first."""
    instances: tuple[str, ...] = ()
    """Every address that shares this finding, sorted; at least `address`."""
    fingerprint: str = ""
    """Identity over time: rule, defining directory, definition, attribute; not the line."""
    confidence: str = CONFIDENCES[0]
    """How sure it is, one of `CONFIDENCES`."""
    monthly_cost_usd: float | None = None
    """Of something unused, what it costs: US dollars a month, by list prices."""
    searched: tuple[str, ...] = ()
    """Of something unused, where uses were looked for: ``aws_instance (12)``."""
    status: Status = Status.OPEN
    waiver: str = ""
    """Why it is waived, and until when, for the reader."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at, so that silence can be told from blindness."""

    files: int = 0
    roots: tuple[str, ...] = ()
    resources: int = 0
    types: Mapping[str, int] = field(default_factory=dict)
    """Resource type to number of instances."""
    rules: int = 0
    judged: int = 0
    """Pairs of rule and resource instance to which the rule applied."""
    notes: tuple[str, ...] = ()
    """What was not covered, a line each."""
    places: tuple[str, ...] = ()
    """Accounts and regions that were read live: ``123456789012/eu-west-1``."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found; what every reporter renders."""

    root: str
    """Absolute directory that `Location.file` is relative to."""
    rules: Mapping[str, Rule]
    """The rules that ran, by id."""
    findings: Iterable[Finding]
    """Sorted by file, line, column, rule; failures, unknowns and, on request, passes.

    Those of large accounts are not in memory: go through them, as often as needed.
    """
    problems: tuple[Problem, ...]
    coverage: Coverage
    counts: Mapping[str, int]
    """``pass``, ``fail``, ``unknown``, ``waived``, ``baseline``: by definition, not instance."""
    complete: bool = True
    """False when a problem may have hidden findings."""
