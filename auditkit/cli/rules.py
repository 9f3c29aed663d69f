"""``auditkit rules``: look at rules, check them, and begin new ones."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditkit.cli import exit_codes, output
from auditkit.cli.options import (
    CONTEXT_SETTINGS,
    Configured,
    config_options,
    display_path,
    rule_options,
    selection_options,
)
from auditkit.errors import ConfigError
from auditkit.model import CATEGORIES


@click.group(context_settings=CONTEXT_SETTINGS)
def rules() -> None:
    """List, show, test, lint and create rules."""


@rules.command("list", cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.option(
    "-f",
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@selection_options
@rule_options
@config_options
@click.pass_context
def list_rules(context: click.Context, /, format: str, **_: object) -> None:
    """List the rules that a scan with these options would run."""
    from auditkit.cli.explain import describe
    from auditkit.cli.packs import choose, load_all, read_rule_options

    options = read_rule_options(context)
    chosen = choose(load_all(options), options).rules.values()
    if format == "json":
        document = [describe(rule) for rule in chosen]
        output.write([json.dumps(document, indent=2, ensure_ascii=False), "\n"], None)
        return
    width = max(len(rule.id) for rule in chosen)
    lines = (f"{rule.severity.label:<8}  {rule.id:<{width}}  {rule.title}\n" for rule in chosen)
    output.write(lines, None)
    output.note(f"{len(chosen)} rules; read on with: auditkit explain RULE")


@rules.command(cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.argument("rule")
@rule_options
@config_options
@click.pass_context
def show(context: click.Context, /, rule: str, **_: object) -> None:
    """Print the file of RULE, an id or an alias: what it asks for, and its parameters."""
    from auditkit.cli.packs import find, load_all, read_rule_options

    for each in find(load_all(read_rule_options(context)), rule):
        output.write([f"# {each.path}\n", Path(each.path).read_text(encoding="utf-8")], None)


@rules.command(context_settings=CONTEXT_SETTINGS)
@click.argument("id")
@click.option("--resource", required=True, metavar="TYPE", help="The type that it judges.")
@click.option(
    "--category",
    type=click.Choice(CATEGORIES),
    default=CATEGORIES[1],
    show_default=True,
    help="What it is about.",
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default="rules",
    show_default=True,
    help="Where to put the file.",
)
def new(id: str, *, resource: str, category: str, directory: Path) -> None:
    """Write DIR/ID.yaml: a rule that works, to be changed into the one that is wanted."""
    from auditkit.cli.new_rule import render

    path = directory / f"{id}.yaml"
    if path.exists():
        raise ConfigError(f"{path} is there already")
    output.write([render(id, resource, category=category)], path)
    output.note(f"wrote {display_path(path)}; next: auditkit rules test {display_path(path)}")
