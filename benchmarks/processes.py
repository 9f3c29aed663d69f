"""What one run of a program costs: wall time, CPU time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FINISHED = (0, 1)
"""Exit codes of a scan that did its work: without and with findings, in both programs."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and the children that it waited for took."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float


class FailedRun(Exception):
    """A program did not do what was to be measured."""


def run(command: Sequence[str], *, environment: Mapping[str, str], output: Path) -> Cost:
    """The cost of `command`, whose standard output goes to the file `output`.

    Raises `FailedRun` when the exit code is none of `FINISHED` or nothing was printed: a
    crash is quick, and must not count as a fast run.

    Linux counts the memory of the parent into the peak of a child that it starts, so that
    this process has to stay small: trees are generated, and files are read, in others.
    """
    errors = output.with_suffix(".err")
    with output.open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=dict(environment)
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in FINISHED or not output.stat().st_size:
        tail = errors.read_text(errors="replace")[-2000:]
        raise FailedRun(f"{' '.join(command)}: exit code {process.returncode}\n{tail}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def median(costs: Iterable[Cost]) -> Cost:
    """The median of each figure on its own."""
    known = list(costs)
    return Cost(
        statistics.median(cost.wall_seconds for cost in known),
        statistics.median(cost.cpu_seconds for cost in known),
        statistics.median(cost.peak_mb for cost in known),
    )
