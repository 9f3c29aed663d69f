"""The program: its commands, and the one place that turns what went wrong into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module

import click

from auditkit import __version__
from auditkit.cli import exit_codes
from auditkit.errors import AuditkitError, suggest

ISSUES = "https://github.com/auditkit/auditkit/issues"
"""Where a bug is reported."""

COMMANDS: Mapping[str, tuple[str, str]] = {
    "scan": ("auditkit.cli.scan:scan", "Check Terraform code against the rules."),
    "collect": ("auditkit.cli.collect:collect", "Read AWS accounts and save what there is."),
    "explain": ("auditkit.cli.explain:explain", "Say what a rule wants, why, and how to mend it."),
    "rules": ("auditkit.cli.rules:rules", "List, show, test, lint and create rules."),
    "doctor": ("auditkit.cli.doctor:doctor", "Try what a live scan asks, and say what is denied."),
    "demo": ("auditkit.cli.demo:demo", "Scan a sample, without an AWS account."),
    "iam-policy": (
        "auditkit.cli.iam_policy:iam_policy",
        "Print the least that a live scan has to be allowed.",
    ),
    "init": ("auditkit.cli.init:init", "Write a commented configuration file."),
}
"""The commands: name to where it is and what it does.

Start-up and ``--help`` import none of them.
"""


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or ``None`` if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What click says, with a suggestion for a name that is nearly right."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"No such command {name!r}{suggest(name, COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without asking them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="auditkit %(version)s")
def cli() -> None:
    """Check AWS infrastructure written in Terraform.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 nothing to scan or an
    incomplete scan, 70 a bug of auditkit, 130 interrupted.
    """


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one call with these arguments, or with those of the process."""
    try:
        return _invoke(list(sys.argv[1:] if argv is None else argv))
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return exit_codes.USAGE
    except AuditkitError as error:
        from auditkit.cli.output import note

        for line in str(error).splitlines():
            note(line, kind="error")
        return exit_codes.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        # Python would complain when it flushes what it still holds back at exit:
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.CLOSED_PIPE
    except Exception:  # noqa: BLE001 - Python's own exit code, 1, would read as findings.
        import traceback

        traceback.print_exc()
        click.echo(f"This is a bug of auditkit {__version__}, please report it: {ISSUES}", err=True)
        return exit_codes.BUG


def run() -> None:
    """The console script."""
    code = main()
    # Taking the interpreter down object by object is a tenth of a short scan; nothing of ours
    # waits for it.
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _invoke(arguments: list[str]) -> int:
    if "_AUDITKIT_COMPLETE" in os.environ:
        cli.main(arguments, prog_name="auditkit")
    with cli.make_context("auditkit", arguments) as context:
        code = cli.invoke(context)
    sys.stdout.flush()
    return code if isinstance(code, int) else exit_codes.CLEAN
