"""The rules of a run: which are loaded, with which parameters, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from auditkit.cli.options import configured_values, display_path
from auditkit.config import parse_value, read_params
from auditkit.errors import ConfigError, suggest
from auditkit.model import Rule, Severity, Value
from auditkit.rulepack import RuleSet, load_rules, plugin_directories


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What was said about rules; goes to other processes, which load for themselves."""

    directories: tuple[Path, ...] = ()
    builtin: bool = True
    """Whether auditkit's own rules and those of plugins are loaded."""
    params: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = Severity.INFO


def read_rule_options(context: click.Context) -> RuleOptions:
    """The options of the command that is running, those that it has."""
    given = context.params
    severity = given.get("severity")
    return RuleOptions(
        directories=tuple(Path(display_path(path)) for path in given.get("rules", ())),
        builtin=bool(given.get("builtin_rules", True)),
        params=_params(context),
        select=tuple(given.get("select", ())),
        ignore=tuple(given.get("ignore", ())),
        severity=Severity[severity.upper()] if severity else Severity.INFO,
    )


def load_all(
    options: RuleOptions, *, examples: bool = True, now: datetime | None = None
) -> RuleSet:
    """Every rule that the options load, chosen or not; a scan needs no `examples`.

    Ages count up to `now`.
    """
    directories = [*(plugin_directories() if options.builtin else ()), *options.directories]
    if not directories:
        return load_rules(
            params=options.params, builtin=options.builtin, examples=examples, now=now
        )
    # What types and attributes there are is asked only about rules that are not our own.
    from auditkit import schema

    return load_rules(
        directories,
        params=options.params,
        builtin=options.builtin,
        schema=schema,
        examples=examples,
        now=now,
    )


def choose(rules: RuleSet, options: RuleOptions) -> RuleSet:
    """The rules that the options choose.  Raises `ConfigError` when none is left."""
    chosen = rules.select(options.select, options.ignore, options.severity)
    if not chosen.rules:
        raise ConfigError("no rule is left to run; look at --select, --ignore and --severity")
    return chosen


def find(rules: RuleSet, name: str) -> tuple[Rule, ...]:
    """The rules of that id or alias.  Raises `ConfigError` when there is none."""
    folded = name.lower()
    if folded in rules.rules:
        return (rules.rules[folded],)
    ids = rules.aliases.get(folded)
    if not ids:
        raise ConfigError(f"no rule is called {name!r}{suggest(folded, _names(rules))}")
    return tuple(rules.rules[id] for id in ids)


def _names(rules: RuleSet) -> list[str]:
    return [*rules.rules, *rules.aliases]


def _params(context: click.Context) -> Mapping[str, Mapping[str, Value]]:
    """The files' parameters, under those of ``--params``, under those of ``--param``."""
    params: dict[str, dict[str, Value]] = {}
    layers = [configured_values(context, "params")]
    file = context.params.get("params")
    if file is not None:
        layers.append(read_params(file, name=display_path(file)))
    for layer in layers:
        for rule, values in layer.items():
            params.setdefault(rule, {}).update(values)
    for name, text in context.params.get("param", {}).items():
        rule, dot, parameter = name.partition(".")
        if not dot:
            raise ConfigError(f"--param {name}={text}: expected RULE.NAME=VALUE")
        params.setdefault(rule, {})[parameter] = parse_value(text)
    return params
