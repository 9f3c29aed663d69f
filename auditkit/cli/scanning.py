"""What ``scan`` does with its options: a job, its report in every format, an exit code."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.cli import exit_codes, output
from auditkit.cli.access import read_access
from auditkit.cli.documents import STANDARD_INPUT, Documents
from auditkit.cli.live_options import LiveOptions, read_live_options
from auditkit.cli.options import configured_values, display_path
from auditkit.cli.packs import choose, load_all, read_rule_options
from auditkit.cli.run import Job, run_scan
from auditkit.errors import ConfigError, suggest
from auditkit.model import Problem, Report, Severity, Status, Value, Verdict
from auditkit.reporters import REPORTERS, RenderOptions, find_reporter
from auditkit.sources.terraform.code import CodeOptions
from auditkit.sources.terraform.stores.store import Access

if TYPE_CHECKING:
    from auditkit.cli.live import Live

_VARIABLE = "TF_VAR_"
_MOST_PROBLEMS = 20
"""How many are told on standard error when no text report tells them."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When a run fails."""

    fail_on: Severity | None
    """``None`` is never."""
    strict: bool = False
    exit_zero: bool = False

    def exit_code(self, report: Report) -> int:
        """The exit code for the report; see docs/exit-codes.md."""
        verdicts = {
            finding.verdict
            for finding in report.findings
            if finding.status is Status.OPEN
            and self.fail_on is not None
            and finding.severity >= self.fail_on
        }
        is_told = report.complete and Verdict.UNKNOWN not in verdicts
        if self.strict and not is_told:
            return exit_codes.INCOMPLETE
        if Verdict.FAIL in verdicts and not self.exit_zero:
            return exit_codes.FINDINGS
        return exit_codes.CLEAN if report.complete else exit_codes.INCOMPLETE


def run(context: click.Context) -> int:
    """The exit code of ``scan`` with the options of `context`, after the reports are written."""
    given = context.params
    started = time.perf_counter()
    outputs = output.arrange(given["outputs"], file=given["output"])
    for each in outputs:
        if each.format not in REPORTERS:
            known = ", ".join(REPORTERS)
            hint = suggest(each.format, REPORTERS) or f"; there are {known}"
            raise ConfigError(f"unknown format {each.format!r}{hint}")
    live_options = read_live_options(context)
    if given["dry_run"]:
        return _predict(live_options, context)
    live = open_live(live_options)
    job = _job(context, live)
    report = run_scan(job) if job.paths or job.documents or live else None
    if report is None or not _is_anything(report):
        return _nothing(job, is_hook=given["hook"])
    gate = Gate(
        None if given["fail_on"] == "never" else Severity[given["fail_on"].upper()],
        strict=given["strict"],
        exit_zero=given["exit_zero"],
    )
    code = gate.exit_code(report)
    if not (given["hook"] and code == exit_codes.CLEAN):
        _render(context, report, outputs)
    if not given["quiet"]:
        _tell(report, outputs)
    if given["verbose"]:
        _tell_more(context, report, time.perf_counter() - started)
    return exit_codes.INTERRUPTED if live is not None and live.is_interrupted else code


def _is_anything(report: Report) -> bool:
    coverage = report.coverage
    return bool(coverage.roots or coverage.places) or not report.complete


def open_live(options: LiveOptions) -> Live | None:
    """What reads live AWS; `None` if nothing is to be read.  Raises `ConfigError` without boto3."""
    if not options:
        return None
    # Only live AWS needs boto3, and it takes longer to import than most scans take.
    try:
        from auditkit.cli.live import Live
    except ModuleNotFoundError as error:
        if error.name not in ("boto3", "botocore", "jmespath"):
            raise
        raise ConfigError("live AWS needs boto3: pip install 'auditkit[aws]'") from error
    return Live(options, now=datetime.now(timezone.utc))


def _predict(options: LiveOptions, context: click.Context) -> int:
    """Prints the calls that a live scan would make."""
    live = open_live(replace(options, is_live=True))
    assert live is not None
    from auditkit.cli.forecasts import forecast

    rules = read_rule_options(context)
    output.write(forecast(live, choose(load_all(rules, examples=False), rules).rules), None)
    return exit_codes.CLEAN


def _job(context: click.Context, live: Live | None) -> Job:
    given = context.params
    variables = {
        name: _as_variable(value) for name, value in configured_values(context, "variables").items()
    }
    documents = _documents(context)
    has_others = bool(documents or live)
    paths = _paths(given["paths"], given["files_from"], has_documents=has_others)
    return Job(
        paths=paths if paths or not documents else documents.directories(),
        needed=tuple(given["var"]),
        code=CodeOptions(
            variables={**variables, **given["var"]},
            environment={
                name.removeprefix(_VARIABLE): text
                for name, text in os.environ.items()
                if name.startswith(_VARIABLE)
            },
            var_files=tuple(given["var_files"]),
            workspace=given["workspace"] or os.environ.get("TF_WORKSPACE", ""),
            exclude=tuple(given["exclude"]),
        ),
        rules=read_rule_options(context),
        today=datetime.now(timezone.utc).date(),
        keep_passes=given["show_all"],
        processes=given["jobs"],
        cache=None if given["no_cache"] else _cache_directory(os.environ),
        documents=documents,
        judges_code=bool(paths),
        live=live,
    )


def _documents(context: click.Context) -> Documents:
    """The plans and states, with what is needed to get at them."""
    plans, states = context.params["plans"], context.params["states"]
    access = read_access(os.environ, Path.home()) if states else Access()
    is_piped = STANDARD_INPUT in plans
    return Documents(
        plans=tuple(plans),
        states=tuple(states),
        access=access,
        standard_input=sys.stdin.buffer if is_piped else None,
    )


def _cache_directory(environment: Mapping[str, str]) -> Path | None:
    """https://specifications.freedesktop.org/basedir-spec/latest/, or the platform's own."""
    base = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    if base and os.path.isabs(base):
        return Path(base) / "auditkit"
    home = environment.get("HOME")
    return Path(home) / ".cache" / "auditkit" if home and os.path.isabs(home) else None


def _as_variable(value: Value) -> str:
    """A configured value as ``--var`` would give it: text as it is, the rest as HCL."""
    return value if isinstance(value, str) else json.dumps(value)


def _paths(
    paths: Sequence[Path], files_from: Path | None, *, has_documents: bool
) -> tuple[Path, ...]:
    """The code to scan; the working directory if nothing was named."""
    if files_from is None:
        return tuple(paths) if paths or has_documents else (Path(),)
    with click.open_file(str(files_from), "rb") as file:
        content = os.fsdecode(file.read())
    separator = "\0" if "\0" in content else "\n"
    return (*paths, *(Path(name) for name in content.split(separator) if name.strip()))


def _nothing(job: Job, *, is_hook: bool) -> int:
    """Tells that there is no Terraform code; a hook is called with any file of a module."""
    if is_hook:
        return exit_codes.CLEAN
    places = ", ".join(display_path(path) for path in job.paths) or "an empty list of files"
    output.note(f"nothing to scan: no Terraform files in {places}", kind="error")
    return exit_codes.INCOMPLETE


def _terminal_width() -> int:
    # Imports what reads archives, too, so only where there is a terminal.
    import shutil

    return shutil.get_terminal_size().columns


def _render(context: click.Context, report: Report, outputs: Sequence[output.Output]) -> None:
    given = context.params
    color = "never" if given["no_color"] else given["color"]
    for each in outputs:
        is_terminal = each.path is None and sys.stdout.isatty()
        options = RenderOptions(
            now=datetime.now(timezone.utc),
            read_source=_Sources(Path(report.root)),
            cwd=str(Path.cwd()),
            repository=str(_repository(Path(report.root))),
            anchor=_anchor(context, report),
            colour=output.has_color(color, os.environ, is_terminal=is_terminal),
            width=_terminal_width() if is_terminal else 100,
            show_all=given["show_all"],
            include_waived=given["sarif_include_waived"],
        )
        if given["sarif_category"]:
            options = replace(options, sarif_category=given["sarif_category"])
        output.write(find_reporter(each.format)(report, options), each.path)


class _Sources:
    """Reads the files that a report shows lines of, and no others."""

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))

    def __call__(self, name: str) -> str | None:
        """The text of a file below the root; ``None`` if there is none, or it leads outside."""
        path = Path(os.path.realpath(self._root / name))
        if not path.is_relative_to(self._root) or not path.is_file():
            return None
        try:
            return path.read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            return None


def _repository(root: Path) -> Path:
    """The top of the checkout that `root` lies in, else `root`."""
    tops = (each for each in (root, *root.parents) if (each / ".git").exists())
    return next(tops, root)


def _anchor(context: click.Context, report: Report) -> str:
    """The configuration file, as findings without a file of their own name it."""
    path = context.meta.get("auditkit.config")
    if path is None or not path.is_relative_to(report.root):
        return ""
    return str(path.relative_to(report.root).as_posix())


def _tell(report: Report, outputs: Sequence[output.Output]) -> None:
    """What must not be overlooked, on standard error."""
    for each in outputs:
        if each.path is not None:
            output.note(f"wrote {each.format} to {each.path}")
    hidden = [problem for problem in report.problems if problem.incomplete]
    if not hidden:
        return
    if not any(each.format == "text" and each.path is None for each in outputs):
        for problem in hidden[:_MOST_PROBLEMS]:
            output.note(_line(problem), kind="warning")
    count = output.number(len(hidden), "problem")
    output.note(f"the scan is incomplete ({count}): findings may be missing", kind="warning")


def _tell_more(context: click.Context, report: Report, seconds: float) -> None:
    config = context.meta.get("auditkit.config")
    output.note(f"configuration: {display_path(config) if config else 'none'}")
    output.note(f"root modules: {', '.join(report.coverage.roots)}")
    output.note(f"{output.number(report.coverage.judged, 'judgement')} in {seconds:.2f} s")


def _line(problem: Problem) -> str:
    place = problem.location
    return (
        f"{place.file}:{place.line}:{place.column}: {problem.message}" if place else problem.message
    )
