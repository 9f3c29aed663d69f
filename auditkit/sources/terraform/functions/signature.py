"""How a function says what it takes, and what it may ask of the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from auditkit.model import Unknown
from auditkit.sources.terraform.types import ListType, Type, convert
from auditkit.sources.terraform.values import HclValue, to_bool, to_number, to_string


class FunctionContext(Protocol):
    """The world as functions see it: files of the scanned tree, and the template renderer."""

    @property
    def base_directory(self) -> str:
        """The directory that relative file names start from."""

    def read_file(self, path: str, /) -> bytes:
        """A file's content.  Raises `EvaluationError` outside the tree and for large files."""

    def file_exists(self, path: str, /) -> bool:
        """Whether `path` is a regular file in the tree."""

    def list_files(self, directory: str, /) -> Iterable[str]:
        """Regular files below `directory`, relative to it."""

    def render_template(self, text: str, name: str, variables: Mapping[str, HclValue], /) -> Any:
        """The value of a template in which only `variables` and functions can be named."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What one argument may be."""

    name: str
    convert: Callable[[HclValue], HclValue] | None = None
    """Applied to arguments that are neither null nor unknown."""
    nullable: bool = False
    partial: bool = False
    """Whether the implementation deals with unknown elements."""
    unknown: bool = False
    """Whether the implementation deals with an argument that is unknown, wholly or partly."""


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function.

    `implementation` takes the arguments by position, and the context first if `context`.
    Unless their parameters say otherwise, unknown arguments make an unknown result without
    a call.
    """

    implementation: Callable[..., Any]
    parameters: tuple[Parameter, ...] = ()
    variadic: Parameter | None = None
    context: bool = False


def text(name: str, *, unknown: bool = False) -> Parameter:
    """A parameter of type string."""
    return Parameter(name, to_string, unknown=unknown)


def number(name: str) -> Parameter:
    """A parameter of type number."""
    return Parameter(name, to_number)


def boolean(name: str) -> Parameter:
    """A parameter of type bool."""
    return Parameter(name, to_bool)


def typed(name: str, type_: Type, *, partial: bool = False) -> Parameter:
    """A parameter of any other type."""
    return Parameter(name, lambda value: convert(value, type_), partial=partial)


def list_of(name: str, element: Type, *, partial: bool = False) -> Parameter:
    """A parameter of type list."""
    return typed(name, ListType(element), partial=partial)


def unknown_arguments(*arguments: HclValue) -> list[Unknown]:
    """The arguments that are unknown as a whole."""
    return [argument for argument in arguments if isinstance(argument, Unknown)]
