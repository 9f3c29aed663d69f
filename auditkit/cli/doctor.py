"""``auditkit doctor``."""

from __future__ import annotations

import click

from auditkit.cli.live_options import target_options
from auditkit.cli.options import (
    CONTEXT_SETTINGS,
    Configured,
    config_options,
    rule_options,
    selection_options,
)


@click.command(cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.option(
    "-f",
    "--format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table, or JSON for programs.",
)
@target_options
@selection_options
@rule_options
@config_options
@click.pass_context
def doctor(context: click.Context, /, **_: object) -> int:
    """Try what a live scan asks of AWS, and say what is allowed and what is not.

    Each operation is asked once or so, in one region of each account unless --regions names others;
    what needs the id of something is asked about the first one that there is. Everything in the
    catalogue is tried, or with --select, --ignore or --severity what these rules look at.

    Exit codes: 0 nothing was denied and nothing failed, 2 wrong usage or configuration, 3 something
    was denied or failed, 70 a bug of auditkit.
    """
    # What reads AWS is imported when there is something to try.
    from auditkit.cli.trying import run

    return run(context)
