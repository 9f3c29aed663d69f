"""The syntax tree of HCL, native and JSON: what was written, before any of it is evaluated.

Every node knows the bytes that it spans in its file; lines and columns are computed from
these when a finding needs them.  The nodes are plain and mutable only because frozen
dataclasses take four times as long to build; nothing changes them after reading.

Specification: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal


@dataclass(slots=True, repr=False, eq=False)
class Expression:
    """Any expression; `start` and `end` are byte offsets into the file."""

    start: int
    end: int

    # Once for all kinds of node: written for each of them, these are most of the import's time.
    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._values().items())
        return f"{type(self).__name__}({shown})"

    def _values(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(slots=True, repr=False, eq=False)
class Literal(Expression):
    """A number, a boolean, null, or a string without interpolation."""

    value: str | int | Decimal | bool | None


@dataclass(slots=True, repr=False, eq=False)
class Template(Expression):
    """A quoted string or heredoc with interpolations or directives.

    A part is literal text, an expression, or a directive.  A template of one interpolation
    and nothing else has the value of that expression, which need not be a string.
    """

    parts: list[str | Expression]


@dataclass(slots=True, repr=False, eq=False)
class TemplateIf(Expression):
    """``%{ if condition }…%{ else }…%{ endif }``; the branches are templates."""

    condition: Expression
    then: Template
    otherwise: Template | None


@dataclass(slots=True, repr=False, eq=False)
class TemplateFor(Expression):
    """``%{ for key, value in collection }…%{ endfor }``."""

    key: str | None
    value: str
    collection: Expression
    body: Template


@dataclass(slots=True, repr=False, eq=False)
class Variable(Expression):
    """A name that stands first in a traversal: ``var``, ``local``, ``aws_s3_bucket``, ``each``."""

    name: str


@dataclass(slots=True, repr=False, eq=False)
class GetAttribute(Expression):
    """``source.name``; a legacy index ``source.0`` has the name ``"0"``."""

    source: Expression
    name: str


@dataclass(slots=True, repr=False, eq=False)
class Index(Expression):
    """``source[key]``."""

    source: Expression
    key: Expression


@dataclass(slots=True, repr=False, eq=False)
class Splat(Expression):
    """``source[*]`` (`full`) or ``source.*``, followed by what is applied to every element.

    `each` is an expression over `SplatElement`, or that node itself when nothing follows.
    """

    source: Expression
    each: Expression
    full: bool


@dataclass(slots=True, repr=False, eq=False)
class SplatElement(Expression):
    """The current element inside `Splat.each`."""


@dataclass(slots=True, repr=False, eq=False)
class Call(Expression):
    """``name(arguments)``; `name` holds the namespace too: ``provider::aws::arn_parse``."""

    name: str
    arguments: list[Expression]
    expand: bool
    """Whether the last argument is followed by ``...``."""


@dataclass(slots=True, repr=False, eq=False)
class Unary(Expression):
    """``-operand`` or ``!operand``."""

    operator: str
    operand: Expression


@dataclass(slots=True, repr=False, eq=False)
class Binary(Expression):
    """Arithmetic, comparison, equality or logic."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, repr=False, eq=False)
class Conditional(Expression):
    """``condition ? then : otherwise``."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True, repr=False, eq=False)
class Tuple(Expression):
    """``[a, b]``."""

    elements: list[Expression]


@dataclass(slots=True, repr=False, eq=False)
class Object(Expression):
    """``{ a = 1, (b) = 2 }``; a bare identifier key is a `Literal`."""

    items: list[tuple[Expression, Expression]]


@dataclass(slots=True, repr=False, eq=False)
class For(Expression):
    """``[for k, v in c : value if condition]`` and ``{for k, v in c : key => value...}``."""

    key: str | None
    """The name of the first variable when two are given."""
    value: str
    collection: Expression
    result_key: Expression | None
    """Set for the object form."""
    result: Expression
    condition: Expression | None
    group: bool


@dataclass(slots=True, repr=False, eq=False)
class Invalid(Expression):
    """An expression that the parser did not understand; it evaluates to Unknown."""


@dataclass(slots=True)
class Attribute:
    """``name = expression`` in a body."""

    name: str
    expression: Expression
    start: int
    end: int
    file: SourceFile | None = None
    """The override file that it stands in; ``None`` for the file of its block."""


@dataclass(slots=True)
class Block:
    """``type "label" … { body }``."""

    type: str
    labels: list[str]
    body: Body
    start: int
    header_end: int
    """The byte after the last label, before the opening brace."""
    end: int
    file: SourceFile


@dataclass(slots=True)
class Body:
    """What stands between braces, or in a file, in source order."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    broken: bool = False
    """Whether it could not be read: whatever is in it is unknown."""


@dataclass(slots=True, eq=False)
class SourceFile:
    """A file that was read; turns byte offsets into lines and columns when asked."""

    name: str
    """Path relative to the project's root, with forward slashes."""
    data: bytes
    body: Body = field(default_factory=Body)
    comments: list[tuple[int, int]] = field(default_factory=list)
    """Byte ranges of comments, filled only where one holds an ignore."""
    line_starts: list[int] = field(default_factory=list)
    """Byte offset of every line, filled when the first location is asked for."""
