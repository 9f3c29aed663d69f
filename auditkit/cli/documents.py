"""The plans and states of a scan: which code they are of, and what they hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from auditkit.model import Inventory
from auditkit.sources.terraform.code import CodeOptions, Project
from auditkit.sources.terraform.configuration import is_configuration_file
from auditkit.sources.terraform.stores.store import Access

STANDARD_INPUT = "-"
"""The name of a plan that is read from there."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The plans and states that a scan is given."""

    plans: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    access: Access = Access()
    standard_input: BinaryIO | None = None

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.plans or self.states)

    @property
    def names(self) -> tuple[str, ...]:
        """What the user calls them, credentials left out."""
        return (*self.plans, *map(_without_credentials, self.states))

    def directories(self) -> tuple[Path, ...]:
        """Where their code is looked for when no paths are given: here, else beside them."""
        # Outside of a repository, what is below may be the whole disk.
        if _has_code(Path()) or _is_in_repository(Path.cwd()):
            return (Path(),)
        places = [
            path if path.is_dir() else path.parent
            for name in (*self.plans, *(name.removeprefix("pull:") for name in self.states))
            if (path := Path(name).absolute()).exists()
        ]
        return tuple(place for place in dict.fromkeys(places) if _has_code(place))

    def read(self, project: Project, options: CodeOptions) -> Iterator[Inventory]:
        """The inventory of each, plans first."""
        if not self:
            return
        # A scan of code alone needs none of it.
        from auditkit.sources.terraform.documents import read_document
        from auditkit.sources.terraform.plan import parse_plan, read_plan
        from auditkit.sources.terraform.state import read_state

        for name in self.plans:
            if name == STANDARD_INPUT and self.standard_input is not None:
                document = read_document(self.standard_input, "standard input")
                yield parse_plan(document, name="standard input", project=project, options=options)
            else:
                yield read_plan(Path(name), project=project, options=options)
        for location in self.states:
            yield read_state(location, project=project, options=options, access=self.access)


def _without_credentials(location: str) -> str:
    """An address without what may let somebody in."""
    if not location.startswith(("http://", "https://")):
        return location
    return re.sub("//[^/]*@", "//", location.partition("?")[0])


def _is_in_repository(directory: Path) -> bool:
    return any((each / ".git").exists() for each in (directory, *directory.parents))


def _has_code(directory: Path) -> bool:
    try:
        return any(is_configuration_file(name) for name in os.listdir(directory))
    except OSError:
        return False
