"""``auditkit init``."""

from __future__ import annotations

from pathlib import Path

import click

from auditkit.cli import output
from auditkit.cli.options import CONTEXT_SETTINGS, display_path
from auditkit.config import NAMES
from auditkit.errors import ConfigError

TEMPLATE = """\
# Configuration of auditkit. Every key is optional; what stands here behind a `#` is an example.
# The command line and the environment (AUDITKIT_FAIL_ON=high) go before this file.

# Exit with 1 when a finding is at least this severe:
# critical, high, medium, low, info, or never.
fail_on: low

# Run only rules of at least this severity.
# severity: medium

# Run only some rules, or leave some out: ids, aliases of other tools, categories, globs.
# select: [encryption, exposure, CKV_AWS_18, "s3-*"]
# ignore: [cost]

# Exit with 3 when something could not be judged, too.
# strict: true

# Files and directories to leave out.
# exclude: ["**/examples/**", "**/test/**"]

# Parameters of rules: `auditkit rules show RULE` lists what a rule has.
# params:
#   tags-required:
#     required_keys: [Environment, Owner]

# Rules of your own: directories, relative to this file.
# rules: [policy/rules]

# Whether auditkit's own rules run, too.
# builtin_rules: false

# Values of Terraform variables that no tfvars file sets, and the files that Terraform would
# be given with -var-file.
# variables:
#   environment: prod
# var_files: [prod.tfvars]

# What terraform.workspace is.
# workspace: default

# When to colour the text for people: auto, always or never.
# color: auto
"""
"""The file that ``init`` writes."""


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument(
    "directory",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option("--force", is_flag=True, help="Replace a configuration file that is there.")
def init(directory: Path, *, force: bool) -> None:
    """Write a commented .auditkit.yaml into DIRECTORY."""
    path = directory / NAMES[0]
    present = [name for name in NAMES if (directory / name).exists()]
    if present and not (force and present == [path.name]):
        hint = "use --force to replace it" if present == [path.name] else "remove it first"
        raise ConfigError(f"{directory / present[0]} is there already; {hint}")
    output.write([TEMPLATE], path)
    output.note(f"wrote {display_path(path)}; next: auditkit scan {directory}")
