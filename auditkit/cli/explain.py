"""``auditkit explain``."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator

import click

from auditkit.cli import output
from auditkit.cli.options import (
    CONTEXT_SETTINGS,
    Configured,
    color_option,
    config_options,
    rule_options,
)
from auditkit.model import Inventory, Rule, Source, Unknown, Value


@click.command(cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.argument("rule")
@click.option(
    "-f",
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@rule_options
@config_options
@color_option
@click.pass_context
def explain(context: click.Context, /, rule: str, format: str, color: str, **_: object) -> None:
    """Say what RULE wants, why, and how to mend what it finds.

    RULE is the id of a rule, or the name that checkov, trivy, tfsec or prowler has for it.
    """
    from auditkit.cli.packs import find, load_all, read_rule_options

    found = find(load_all(read_rule_options(context)), rule)
    if format == "json":
        document = [describe(each) for each in found]
        output.write([json.dumps(document, indent=2, ensure_ascii=False), "\n"], None)
        return
    text = "\n".join(line for each in found for line in _markdown(each))
    if output.has_color(color, os.environ, is_terminal=sys.stdout.isatty()):
        text = _paint(text)
    output.write([text], None)


def describe(rule: Rule) -> dict[str, Value]:
    """Everything about a rule that a program may want to know."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.label,
        "category": rule.category,
        "resources": list(rule.resources),
        "sources": sorted(source.value for source in rule.sources),
        "why": rule.why,
        "fix": {
            "advice": rule.fix.advice,
            "set": dict(rule.fix.set),
            "replaces": rule.fix.replaces,
        },
        "params": dict(rule.params),
        "aliases": list(rule.aliases),
        "links": list(rule.links),
        "examples": {
            verdict: [_describe_example(each) for each in examples]
            for verdict, examples in rule.examples.items()
        },
        "path": rule.path,
    }


def _describe_example(example: str | Inventory) -> Value:
    """An example as its file has it."""
    if isinstance(example, str):
        return example
    told: dict[str, Value] = {"source": example.source.value}
    for key, resources in (("resources", example.resources), ("removed", example.removed)):
        if resources:
            told[key] = [
                {"type": each.type, "attributes": _written(dict(each.attributes))}
                for each in resources
            ]
    if example.gaps:
        told["gaps"] = {type: doubt.cause for type, doubt in example.gaps.items()}
    return told


def _written(value: Value) -> Value:
    """A value as the file of its example writes it."""
    if isinstance(value, Unknown):
        return {"?": value.cause}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    return value


def _markdown(rule: Rule) -> Iterator[str]:
    """Lines of Markdown that read well as they are."""
    from auditkit.reporters.hcl import format_value

    types = ", ".join(f"`{name}`" for name in rule.resources)
    yield f"# {rule.title}\n"
    only = (
        sorted(source.value for source in rule.sources) if len(rule.sources) < len(Source) else []
    )
    of = f" of {', '.join(only)} only" if only else ""
    yield f"`{rule.id}`: {rule.severity.label}, {rule.category}; on {types}{of}\n"
    if rule.why:
        yield f"{rule.why}\n"
    yield f"## Fix\n\n{rule.fix.advice}\n"
    if rule.fix.replaces:
        yield "**The change replaces the resource.**\n"
    for verdict, heading in (("fail", "Fails"), ("pass", "Passes")):
        for example in rule.examples.get(verdict, ())[:1]:
            told = _describe_example(example)
            language = "hcl" if isinstance(told, str) else "json"
            text = told if isinstance(told, str) else json.dumps(told, indent=2)
            yield f"## {heading}\n\n```{language}\n{text.rstrip()}\n```\n"
    if rule.params:
        yield "## Parameters\n"
        for name, value in rule.params.items():
            yield f"- `{name}`: `{format_value(value)}`"
        yield f"\nSet one with `--param {rule.id}.{next(iter(rule.params))}=VALUE`.\n"
    yield "## Ignore it in one place\n"
    yield f'```hcl\n# auditkit:ignore {rule.id} reason="why this is right here"\n```\n'
    if rule.aliases:
        yield f"## Also known as\n\n{', '.join(f'`{alias}`' for alias in rule.aliases)}\n"
    if rule.links:
        yield "## Read on\n"
        yield "\n".join(f"- <{link}>" for link in rule.links) + "\n"


def _paint(text: str) -> str:
    # Only this command, and only on a terminal, is worth the 50 ms that rich takes.
    from rich.console import Console
    from rich.markdown import Markdown

    width = min(100, shutil.get_terminal_size().columns)
    console = Console(force_terminal=True, width=width)
    with console.capture() as capture:
        console.print(Markdown(text))
    return capture.get()
