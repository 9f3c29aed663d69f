"""What a state is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditkit.model import Value
from auditkit.sources.terraform.documents import ByteStream


class Stream(ByteStream, Protocol):
    """Bytes that are read once and then let go."""

    def close(self) -> None:
        """Lets go of the file or connection."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to get at states, out of the environment and the user's files."""

    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """For HCP Terraform and Terraform Enterprise: host to token."""
    http_address: str = ""
    """Of an HTTP backend whose block names none."""
    http_username: str = ""
    http_password: str = field(default="", repr=False)
    region: str = ""
    """Of AWS, where no backend block says it."""


@dataclass(frozen=True, slots=True)
class Store:
    """One state, and where it is kept."""

    name: str
    """For people; without credentials."""
    kind: str
    """``local``, ``s3``, ``http``, ``remote`` or ``pull``."""
    file: str = ""
    """Its path relative to the project's root, if it is a file there."""
    committed: Value = False
    """Whether it is a file that git keeps."""
    roots: tuple[str, ...] = ()
    """The root modules whose state it is, if any is known."""
