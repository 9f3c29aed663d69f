"""``auditkit scan``."""

from __future__ import annotations

from pathlib import Path

import click

from auditkit.cli.live_options import live_options
from auditkit.cli.options import (
    CONTEXT_SETTINGS,
    Configured,
    assignments,
    color_option,
    config_options,
    rule_options,
    selection_options,
    words,
)
from auditkit.cli.output import parse_outputs
from auditkit.config import SEVERITIES


@click.command(cls=Configured, context_settings=CONTEXT_SETTINGS)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "-f",
    "--format",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    envvar="AUDITKIT_FORMAT",
    callback=parse_outputs,
    help="text, json, jsonl or sarif, to standard output or a file; can be repeated.",
)
@click.option("-o", "--output", metavar="FILE", help="Write the format without a file to FILE.")
@click.option(
    "--plan",
    "plans",
    multiple=True,
    metavar="FILE",
    envvar="AUDITKIT_PLAN",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Check this plan, as terraform show -json prints it (- for standard input), or binary.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="LOCATION",
    envvar="AUDITKIT_STATE",
    help="Check this state: a file, a directory with a backend, s3://BUCKET/KEY, https://…,"
    " remote:ORGANIZATION/WORKSPACE, or pull:DIRECTORY.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Check what runs in AWS; the credentials are those of the AWS command line.",
)
@click.option(
    "--inventory",
    "inventories",
    multiple=True,
    metavar="FILE",
    envvar="AUDITKIT_INVENTORY",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Check what `auditkit collect` saved in FILE, as it was then.",
)
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Live: save what is read in FILE, for --inventory.",
)
@click.option("--resume", is_flag=True, help="Live: go on with a --save that was interrupted.")
@live_options
@selection_options
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="low",
    show_default=True,
    help="Exit with 1 when a finding is at least this severe.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 when a verdict is unknown, too.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 in spite of findings.")
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    envvar="AUDITKIT_ALL",
    help="List what passed or is unknown, too.",
)
@rule_options
@click.option(
    "--var",
    multiple=True,
    metavar="NAME=VALUE",
    callback=assignments,
    help="Set a Terraform variable.",
)
@click.option(
    "--var-file",
    "var_files",
    multiple=True,
    metavar="FILE",
    envvar="AUDITKIT_VAR_FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Set the Terraform variables in this file.",
)
@click.option(
    "--workspace",
    default="",
    metavar="NAME",
    help="What terraform.workspace is; else TF_WORKSPACE, the selected one, or default.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    callback=words,
    help="Leave out files and directories that match.",
)
@click.option(
    "--files-from",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False),
    help="Also scan the files named in FILE, or on standard input for -; a line each, or NUL.",
)
@click.option("--hook", is_flag=True, help="Run as a git hook: print nothing when all is well.")
@config_options
@color_option
@click.option("--no-color", is_flag=True, help="The same as --color never.")
@click.option("-q", "--quiet", is_flag=True, help="No notes beside the results.")
@click.option("-v", "--verbose", is_flag=True, help="Tell what is done and how long it took.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Processes for a tree of many root modules; 0 chooses.",
)
@click.option("--no-cache", is_flag=True, help="Neither use nor write what a scan remembers.")
@click.option("--sarif-category", metavar="TEXT", help="SARIF: the category of the analysis.")
@click.option("--sarif-include-waived", is_flag=True, help="SARIF: suppressed results, too.")
@click.pass_context
def scan(context: click.Context, /, **_: object) -> int:
    """Check the Terraform code in PATHS, files or directories; by default, in this one.

    Of a file, the whole module is loaded, and those that call it, but only what is wrong in the
    file itself, or because of it, is reported. Every option can be set in the environment, as
    AUDITKIT_FAIL_ON=high, and most in .auditkit.yaml.

    With --plan, --state, --live or --inventory, these are checked, and PATHS only if they are
    given, too; lines are those of the code in PATHS, or else of the code here or beside the plan
    or state.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 nothing to scan or an
    incomplete scan, 70 a bug of auditkit, 130 interrupted.
    """
    # What reads and judges is imported when there is something to read.
    from auditkit.cli.scanning import run

    return run(context)
