"""``auditkit collect``."""

from __future__ import annotations

from pathlib import Path

import click

from auditkit.cli.live_options import live_options
from auditkit.cli.options import (
    CONTEXT_SETTINGS,
    Configured,
    config_options,
    rule_options,
    selection_options,
)


@click.command(cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.option(
    "-o",
    "--output",
    "save",
    metavar="FILE",
    envvar="AUDITKIT_OUTPUT",
    default="inventory.jsonl.gz",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the inventory to FILE.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option(
    "--inventory",
    "inventories",
    multiple=True,
    metavar="FILE",
    envvar="AUDITKIT_INVENTORY",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --dry-run: count the objects in this inventory of an earlier run.",
)
@live_options
@selection_options
@rule_options
@config_options
@click.option("-q", "--quiet", is_flag=True, help="No notes and no progress.")
@click.pass_context
def collect(context: click.Context, /, **_: object) -> int:
    """Read AWS accounts and save what there is, for scan --inventory.

    Everything in the catalogue is read, or with --select, --ignore or --severity what these rules
    look at. Secrets are neither asked for nor kept. docs/live.md describes the file.

    Exit codes: 0 everything was read, 2 wrong usage or configuration, 3 something could not be
    read, 70 a bug of auditkit, 130 interrupted; --resume goes on from there.
    """
    # What reads AWS is imported when there is something to read.
    from auditkit.cli.collecting import run

    return run(context)
