"""Where the results go: which format to which file, and in which colours."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from auditkit.errors import AuditkitError
from auditkit.reporters.terminal import escape


@dataclass(frozen=True, slots=True)
class Output:
    """One format and its place."""

    format: str
    path: Path | None = None
    """``None`` is standard output."""


def parse_outputs(
    ctx: click.Context, parameter: click.Parameter, value: Sequence[str]
) -> tuple[Output, ...]:
    """The outputs that ``FORMAT`` and ``FORMAT=FILE`` name; ``-`` is standard output."""
    outputs = []
    for text in value:
        name, equals, file = text.partition("=")
        if not name or (equals and not file):
            raise click.BadParameter(f"{text!r} is not FORMAT or FORMAT=FILE", ctx, parameter)
        outputs.append(Output(name, Path(file) if file not in ("", "-") else None))
    return tuple(outputs)


def arrange(outputs: Sequence[Output], *, file: str | None) -> tuple[Output, ...]:
    """The outputs of a run: text if none is asked for, and the nameless one into `file`.

    Raises `click.UsageError` when two would go to the same place.
    """
    outputs = outputs or (Output("text"),)
    nameless = [output for output in outputs if output.path is None]
    if len(nameless) > 1:
        formats = ", ".join(output.format for output in nameless)
        raise click.UsageError(
            f"only one format can go to standard output, not {formats};"
            f" write the others to files: -f {nameless[-1].format}=FILE"
        )
    if file is not None and not nameless:
        raise click.UsageError("--output has no format left; give the file as -f FORMAT=FILE alone")
    if file not in (None, "-"):
        place = Path(str(file))
        outputs = [output if output.path else Output(output.format, place) for output in outputs]
    paths = [os.path.abspath(output.path) for output in outputs if output.path]
    if len(set(paths)) < len(paths):
        raise click.UsageError("two formats go to the same file")
    return tuple(outputs)


def write(pieces: Iterable[str], path: Path | None) -> None:
    """Puts a text on standard output, or into a file that is never seen half written."""
    if path is None:
        _print(pieces)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # A pipe or a device, such as /dev/stderr, can't be replaced.
            with path.open("w", encoding="utf-8", errors="replace") as file:
                file.writelines(pieces)
            return
        _replace(path, pieces)
    except OSError as error:
        raise AuditkitError(f"{path}: can't write: {error.strerror or error}") from error


def has_color(choice: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to colour: what was asked for, then the conventions, then the terminal.

    https://no-color.org, https://force-color.org
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] not in ("0", "false")
    return is_terminal and environment.get("TERM") != "dumb"


def note(message: str, *, kind: str = "note") -> None:
    """Prints a line beside the results, on standard error."""
    # A file may be called anything; its name must not steer the terminal.
    click.echo(f"{kind}: {escape(message)}", err=True)


def number(count: int, noun: str) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _print(pieces: Iterable[str]) -> None:
    # A console that can't show a character gets a question mark, not a traceback.
    encoding = sys.stdout.encoding or "utf-8"
    for piece in pieces:
        sys.stdout.write(piece.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def _replace(path: Path, pieces: Iterable[str]) -> None:
    # A symbolic link is replaced, not followed: a scanned repository may have put it there.
    # Only output to files needs it, and it takes milliseconds to import.
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.writelines(pieces)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    # mkstemp makes private files; a report is as readable as any file that is redirected into.
    mask = os.umask(0)
    os.umask(mask)
    return mask
