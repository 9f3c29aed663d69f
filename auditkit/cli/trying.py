"""What ``doctor`` does with its options: a table of what is allowed."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

import click

from auditkit.cli import exit_codes, output
from auditkit.cli.collecting import chosen_rules
from auditkit.cli.extras import needs_extra
from auditkit.cli.live_options import LiveOptions

with needs_extra("aws", "doctor"):
    from auditkit.cli.live import Live
    from auditkit.sources.aws.accounts import Targets, find_accounts, find_regions
    from auditkit.sources.aws.sessions import session_of
    from auditkit.sources.aws.trying import Outcome, Trial, sum_up, try_regions, try_unit
    from auditkit.sources.aws.units import Pace, units_of

_STYLES = {
    Outcome.OK: "green",
    Outcome.NOT_TRIED: "dim",
    Outcome.ERROR: "yellow",
    Outcome.DENIED: "bold red",
}


def run(context: click.Context) -> int:
    """The exit code of ``doctor`` with the options of `context`, after the table is printed."""
    given = context.params
    now = datetime.now(timezone.utc)
    options = LiveOptions(is_live=True, services=given["services"], types=given["types"])
    selection = Live(options, now=now).selection(chosen_rules(context))
    targets = Targets(given["accounts"], given["role"], given["external_id"])
    accounts, problems = find_accounts(targets)
    trials: list[Trial] = []
    for account in accounts:
        if given["regions"]:
            regions = find_regions(account, given["regions"])
        else:
            trials.append(try_regions(account))
            regions = find_regions(account, [session_of(account.access).region or account.home])
        for unit in units_of(account, regions, selection, now=now, pace=Pace()):
            trials += try_unit(unit)
    summed = sum_up(trials)
    if given["format"] == "json":
        output.write(_json(summed, [problem.message for problem in problems]), None)
    else:
        _print_table(summed, has_accounts=len(accounts) > 1)
    for problem in problems:
        output.note(problem.message, kind="warning")
    _advise(summed)
    is_well = not problems and all(each.outcome <= Outcome.OK for each in summed)
    return exit_codes.CLEAN if is_well else exit_codes.INCOMPLETE


def _json(trials: Sequence[Trial], problems: Sequence[str]) -> Iterator[str]:
    document = {
        "actions": [
            {
                "account": each.account,
                "service": _parts(each)[0],
                "action": each.action,
                "result": each.outcome.label,
                "cause": each.cause,
            }
            for each in trials
        ],
        "problems": problems,
    }
    yield json.dumps(document, indent=2)
    yield "\n"


def _print_table(trials: Sequence[Trial], *, has_accounts: bool) -> None:
    # Only this table is worth the 50 ms that rich takes.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    names = ("account", "service", "action", "result", "")
    for name in names if has_accounts else names[1:]:
        # What a pipe reads is not cut off.
        table.add_column(name, no_wrap=name != "", overflow="fold")
    for each in trials:
        # What was denied or failed is told in the words that name action and region.
        style = _STYLES[each.outcome]
        cells: list[str | Text] = [
            *_parts(each),
            Text(each.outcome.label, style=style),
            Text(each.cause),
        ]
        table.add_row(*([each.account, *cells] if has_accounts else cells))
    is_terminal = sys.stdout.isatty()
    has_color = output.has_color("auto", os.environ, is_terminal=is_terminal)
    console = Console(
        width=None if is_terminal else 160, no_color=not has_color, force_terminal=has_color
    )
    console.print(table)


def _parts(trial: Trial) -> tuple[str, str]:
    service, _, action = trial.action.partition(":")
    return service, action


def _advise(trials: Sequence[Trial]) -> None:
    counts = Counter(each.outcome for each in trials)
    told = ", ".join(f"{counts[each]} {each.label}" for each in Outcome if counts[each])
    output.note(f"{output.number(len(trials), 'action')}: {told or 'none'}")
    output.note("`auditkit iam-policy` prints the policy that allows all of it")
