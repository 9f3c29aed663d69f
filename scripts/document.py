"""Rewrites the pages of docs/ that are made from the program itself: ``make docs``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from auditkit.cli.main import cli
from scripts import conformance, live_proof

DOCS = Path(__file__).resolve().parent.parent / "docs"

INTRODUCTION = """\
# Commands

<!-- Written by `make docs` from the program; tests/test_docs.py holds it in step. -->

Results go to standard output, everything else to standard error. What a command may end with is
on the page about [exit codes](exit-codes.md). Each option `--some-option` is also the variable
`AUDITKIT_SOME_OPTION`; some are keys of the [configuration file](configuration.md) as well.
"""


def main() -> None:
    """Writes every page."""
    for name, text in pages():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of every page."""
    yield "conformance.md", conformance.page()
    yield "live-types.md", live_proof.page()
    yield "cli.md", "\n".join([INTRODUCTION, *_describe(context_of(cli, "auditkit"))])


def context_of(
    command: click.Command, name: str, parent: click.Context | None = None
) -> click.Context:
    """The context that click would call the command in."""
    return click.Context(command, parent=parent, info_name=name, **command.context_settings)


def subcommands(context: click.Context) -> Iterator[click.Context]:
    """The contexts of the commands of a group; none if it is no group."""
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            yield context_of(command, name, context)


def _describe(context: click.Context) -> Iterator[str]:
    if context.parent is not None:
        yield from _section(context)
    for inner in subcommands(context):
        yield from _describe(inner)


def _section(context: click.Context) -> Iterator[str]:
    command = context.command
    level = context.command_path.count(" ") + 1
    yield f"{'#' * level} {context.command_path}\n"
    yield f"```\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```\n"
    yield f"{_paragraphs(command.help or '')}\n"
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        yield "| option | |"
        yield "|---|---|"
        yield from (_row(option) for option in options)
        yield ""


def _paragraphs(text: str) -> str:
    blocks = text.strip().split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def _row(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    if isinstance(option.type, click.Choice):
        value = " " + "|".join(option.type.choices)
    else:
        value = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    default = f" Default: `{option.default}`." if option.show_default else ""
    flag = f"{names}{value}".replace("|", "\\|")
    return f"| `{flag}` | {option.help or ''}{default} |"


if __name__ == "__main__":
    main()
