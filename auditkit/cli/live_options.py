"""The options that say what is read of live AWS, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from auditkit.cli.options import Decorated, apply, words

THREADS = "threads"


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What was said of live AWS; nothing of it is looked at yet."""

    is_live: bool
    inventories: tuple[Path, ...] = ()
    """Saved ones, to be judged again, or to tell how many objects there are."""
    accounts: tuple[str, ...] = ()
    role: str = ""
    external_id: str = ""
    regions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    workers: int = 32
    max_rps: float = 0.0
    executor: str = THREADS
    save: Path | None = None
    resumes: bool = False
    shows_progress: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to read."""
        return self.is_live or bool(self.inventories)


def target_options(command: Decorated) -> Decorated:
    """Adds the options that say what is read: accounts, regions, services and types."""
    return apply(
        command,
        click.option(
            "--accounts",
            multiple=True,
            metavar="ACCOUNT",
            callback=words,
            help="Live: read these accounts: profiles, role ARNs, account numbers (with --role),"
            " or organization (all of its accounts, with --role); else that of the default"
            " credentials.",
        ),
        click.option(
            "--role",
            metavar="NAME",
            default="",
            help="Live: assume the role of this name in accounts that are named by number.",
        ),
        click.option(
            "--external-id",
            metavar="TEXT",
            default="",
            help="Live: the external id that the roles want.",
        ),
        click.option(
            "--regions",
            multiple=True,
            metavar="REGION",
            callback=words,
            help="Live: read these regions; else all that are enabled.",
        ),
        click.option(
            "--services",
            multiple=True,
            metavar="SERVICE",
            callback=words,
            help="Live: read only these services, such as s3 or ec2.",
        ),
        click.option(
            "--types",
            multiple=True,
            metavar="TYPE",
            callback=words,
            help="Live: read only these resource types.",
        ),
    )


def live_options(command: Decorated) -> Decorated:
    """Adds the options that say what is read, and how."""
    return apply(
        command,
        target_options,
        click.option(
            "--workers",
            type=click.IntRange(min=1, max=256),
            default=32,
            show_default=True,
            metavar="N",
            help="Live: requests at once.",
        ),
        click.option(
            "--max-rps",
            type=click.FloatRange(min=0),
            default=0.0,
            metavar="N",
            help="Live: requests a second at most, beside the limits of each operation.",
        ),
        click.option(
            "--executor",
            default=THREADS,
            show_default=True,
            metavar="WHERE",
            help="Live: where accounts and regions are read: threads, or dask://HOST:PORT.",
        ),
        click.option(
            "--dry-run",
            is_flag=True,
            help="Live: print the calls that would be made, and make none of them; with"
            " --inventory, as many as it has objects.",
        ),
    )


def read_live_options(context: click.Context) -> LiveOptions:
    """What the command that is running was given."""
    given: dict[str, Any] = context.params
    return LiveOptions(
        is_live=bool(given.get("live", True)),
        inventories=tuple(given["inventories"]),
        accounts=given["accounts"],
        role=given["role"],
        external_id=given["external_id"],
        regions=given["regions"],
        services=given["services"],
        types=given["types"],
        workers=given["workers"],
        max_rps=given["max_rps"],
        executor=given["executor"],
        save=given["save"],
        resumes=given["resume"],
        shows_progress=not given["quiet"],
    )
