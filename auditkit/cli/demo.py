"""``auditkit demo``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from auditkit.cli import exit_codes, output
from auditkit.cli.extras import needs_extra
from auditkit.cli.options import CONTEXT_SETTINGS
from auditkit.config import SEVERITIES

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
_FOREIGN = ("AWS_", "AUDITKIT_", "BOTO", "TF_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@click.command(context_settings=CONTEXT_SETTINGS)
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="medium",
    show_default=True,
    help="Show what is at least this severe.",
)
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the sample's code and state in this directory.",
)
def demo(*, severity: str, keep: Path | None) -> int:
    """Scan a sample: its Terraform code, its state, and an AWS account that is played here.

    It needs no AWS account and no network, and never speaks to a real one.

    Exit codes: 0 the sample was scanned and has findings, as it should, 2 wrong usage or something
    is not installed, 70 a bug of auditkit.
    """
    with tempfile.TemporaryDirectory(prefix="auditkit-demo-") as directory:
        return _run(keep or Path(directory), severity)


def _run(directory: Path, severity: str) -> int:
    # What is played must be on before anything looks for AWS.
    with _environment({"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}), needs_extra("demo", "demo"):
        from auditkit.cli.scan import scan
        from auditkit.sources.aws.sample import (
            REGION,
            embedded_aws,
            load_account,
            sample_types,
            state_of,
        )
        from auditkit.sources.aws.sessions import session_of

        output.note("starting an AWS account that is played in this process")
        with embedded_aws() as endpoint:
            made = load_account(endpoint)
            code = [(SAMPLE / "main.tf").read_text(encoding="utf-8")]
            output.write(code, directory / "main.tf")
            output.write([state_of(made)], directory / "terraform.tfstate")
            given = [".", "--state", "terraform.tfstate", "--live"]
            output.note(f"in {directory}: auditkit scan {' '.join(given)}")
            given += ["--regions", REGION, "--types", ",".join(sample_types())]
            given += ["--severity", severity, "--var", f"vpc_id={made.vpc}"]
            given += ["--no-config", "--no-cache", "--quiet"]
            session_of.cache_clear()
            with _environment(_played(endpoint, REGION)), _working_in(directory):
                result: int = scan.main(given, "auditkit scan", standalone_mode=False)
            session_of.cache_clear()
    if result != exit_codes.FINDINGS:
        return result
    if severity != "low":
        output.note("less severe ones, and what nobody uses: auditkit demo --severity low")
    output.note("these findings are the sample's; for yours: auditkit scan DIRECTORY --live")
    return exit_codes.CLEAN


@contextmanager
def _working_in(directory: Path) -> Iterator[None]:
    """Places are told as one who stands in the directory sees them."""
    before = Path.cwd()
    os.chdir(directory)
    try:
        yield
    finally:
        os.chdir(before)


def _played(endpoint: str, region: str) -> Mapping[str, str]:
    """What leads everything that looks for AWS to the endpoint."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Endpoints and profiles of the user's files must not count, either.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables instead of those that say where AWS is and who asks."""
    before = dict(os.environ)
    for name in before:
        if name.upper().startswith(_FOREIGN) or name.upper() == "NO_PROXY":
            del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
