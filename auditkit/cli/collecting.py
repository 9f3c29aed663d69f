"""What ``collect`` does with its options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import click

from auditkit.cli import exit_codes, output
from auditkit.cli.live_options import read_live_options
from auditkit.cli.options import display_path
from auditkit.cli.packs import choose, load_all, read_rule_options
from auditkit.cli.scanning import open_live
from auditkit.model import Problem, Resource, Rule

_CHOOSING = ("select", "ignore", "severity")
_MOST_PROBLEMS = 50


def run(context: click.Context) -> int:
    """The exit code of ``collect`` with the options of `context`, after the file is written."""
    given = context.params
    options = read_live_options(context)
    live = open_live(options)
    assert live is not None
    assert options.save is not None
    rules = chosen_rules(context)
    if given["dry_run"]:
        from auditkit.cli.forecasts import forecast

        output.write(forecast(live, rules), None)
        return exit_codes.CLEAN
    header, units = live.prepare(live.selection(rules))
    problems: list[Problem] = list(header.problems)
    types: Counter[str] = Counter()
    for _, event in live.record(header, units, options.save):
        if isinstance(event, Problem):
            problems.append(event)
        elif isinstance(event, Resource) and event.doubt is None:
            types[event.type] += 1
    problems = [*live.merge(problems), *live.problems()]
    for problem in problems[:_MOST_PROBLEMS]:
        output.note(problem.message, kind="warning" if problem.incomplete else "note")
    if len(problems) > _MOST_PROBLEMS:
        more = output.number(len(problems) - _MOST_PROBLEMS, "more problem")
        output.note(f"{more}, which the inventory tells of", kind="warning")
    if live.is_interrupted:
        return exit_codes.INTERRUPTED
    if not given["quiet"]:
        for line in header.notes:
            output.note(f"not covered: {line}")
        found = f"{output.number(types.total(), 'resource')} of {output.number(len(types), 'type')}"
        calls = output.number(live.calls, "call")
        output.note(f"wrote {found} to {display_path(options.save)}, with {calls}")
    is_complete = not any(problem.incomplete for problem in problems)
    return exit_codes.CLEAN if is_complete else exit_codes.INCOMPLETE


def chosen_rules(context: click.Context) -> Mapping[str, Rule] | None:
    """The rules that were chosen; ``None`` if none were, for everything is read then."""
    options = read_rule_options(context)
    if not any(context.params[name] for name in _CHOOSING):
        return None
    return choose(load_all(options, examples=False), options).rules
