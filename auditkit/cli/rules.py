"""``auditkit rules``: look at rules, check them, and begin new ones."""

from __future__ import annotations

import json
from dataclasses import replace
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


@rules.command(
    "list",
    cls=Configured,
    context_settings=CONTEXT_SETTINGS,
    short_help="List the rules that would run.",
)
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
    output.note(f"{output.number(len(chosen), 'rule')}; read on with: auditkit explain RULE")


@rules.command(cls=Configured, context_settings=CONTEXT_SETTINGS, short_help="Print a rule's file.")
@click.argument("rule")
@rule_options
@config_options
@click.pass_context
def show(context: click.Context, /, rule: str, **_: object) -> None:
    """Print the file of RULE, an id or an alias: what it asks for, and its parameters."""
    from auditkit.cli.packs import find, load_all, read_rule_options

    for each in find(load_all(read_rule_options(context)), rule):
        output.write([f"# {each.path}\n", Path(each.path).read_text(encoding="utf-8")], None)


@rules.command(
    cls=Configured, context_settings=CONTEXT_SETTINGS, short_help="Run the examples of rules."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@rule_options
@config_options
@click.pass_context
def test(context: click.Context, /, **_: object) -> int:
    """Run the examples of the rules in PATHS, files or directories; by default, of all.

    Exits with 1 when an example does not get the verdict that it stands under.
    """
    from auditkit.cli.packs import load_all, read_rule_options
    from auditkit.cli.rule_examples import run_examples

    options = read_rule_options(context)
    if context.params["paths"]:
        # The examples are about the rules as they are written.
        options = replace(options, directories=context.params["paths"], builtin=False, params={})
    loaded = load_all(options).rules.values()
    failures = [(rule.path, told) for rule in loaded for told in run_examples(rule)]
    output.write((f"{display_path(Path(path))}: {told}\n" for path, told in failures), None)
    number = sum(len(texts) for rule in loaded for texts in rule.examples.values())
    outcome = output.number(len(failures), "failure") if failures else "all as they should be"
    output.note(
        f"{output.number(number, 'example')} of {output.number(len(loaded), 'rule')}: {outcome}"
    )
    return exit_codes.FINDINGS if failures else exit_codes.CLEAN


@rules.command(
    cls=Configured, context_settings=CONTEXT_SETTINGS, short_help="Look closely at rule files."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@rule_options
@config_options
@click.pass_context
def lint(context: click.Context, /, **_: object) -> int:
    """Look closely at the rule files in PATHS, files or directories; by default, at all.

    Exits with 1 when one is wrong; advice alone is no reason.
    """
    from auditkit.cli.packs import read_rule_options
    from auditkit.rulepack import builtin_directory
    from auditkit.rulepack.lint import lint_rules

    options = read_rule_options(context)
    builtin = [builtin_directory()] if options.builtin else []
    directories = context.params["paths"] or [*builtin, *options.directories]
    complaints = lint_rules([Path(display_path(path)) for path in directories])
    output.write((f"{complaint}\n" for complaint in complaints), None)
    errors = sum(complaint.is_error for complaint in complaints)
    advice = len(complaints) - errors
    output.note(f"{output.number(errors, 'mistake')}, {output.number(advice, 'warning')}")
    return exit_codes.FINDINGS if errors else exit_codes.CLEAN


@rules.command(context_settings=CONTEXT_SETTINGS, short_help="Write a rule to begin with.")
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
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default="rules",
    show_default=True,
    help="Where to put the file.",
)
def new(id: str, *, resource: str, category: str, directory: Path) -> None:
    """Write ID.yaml: a rule that works, to be changed into the one that is wanted."""
    from auditkit.cli.new_rule import render

    path = directory / f"{id}.yaml"
    if path.exists():
        raise ConfigError(f"{path} is there already")
    output.write([render(id, resource, category=category)], path)
    output.note(f"wrote {display_path(path)}; next: auditkit rules test {display_path(path)}")
