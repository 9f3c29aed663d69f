"""Times auditkit, and checkov on the same trees, and compares the ratios with the budgets.

Each figure is the median of several runs; the two programs take turns, every run is a process
of its own, and every run of auditkit starts without any cache unless the row says otherwise.
docs/benchmarks.md describes the method.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.processes import Cost, FailedRun, median, run

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / "build" / "benchmarks"

BARE_PROGRAM = """\
import click


@click.group()
@click.version_option("1.0", message="bare %(version)s")
def cli():
    pass


if __name__ == "__main__":
    cli()
"""
"""What a click program costs that does nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    auditkit: str
    peer: str
    ratio: str
    """Peer by auditkit, or what the budget is about."""
    budget: str
    kept: bool | None
    """Whether the budget is kept; ``None`` for a figure without one."""


class Bench:
    """Where trees, caches and outputs lie, and how both programs are called."""

    def __init__(self, scratch: Path, checkov: Path | None, runs: int) -> None:
        self.scratch = scratch
        self.checkov = checkov
        self.runs = runs
        self._cache = scratch / "cache"
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AUDITKIT_")},
            "XDG_CACHE_HOME": str(self._cache),
            "XDG_CONFIG_HOME": str(scratch / "config"),
        }

    def tree(self, shape: str, *, lines: int = 0, resources: int = 0) -> Path:
        """A generated tree; made once, in a process of its own."""
        directory = self.scratch / f"{shape}-{lines or resources}"
        if not directory.exists():
            size = ["--resources", str(resources)] if resources else ["--lines", str(lines)]
            command = [sys.executable, "-m", "benchmarks.generate", str(directory)]
            subprocess.run(
                [*command, "--shape", shape, *size],
                cwd=HERE.parent,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        return directory

    def start(self, command: Sequence[str]) -> Cost:
        """One run of a command."""
        return run(command, environment=self._environment, output=self.scratch / "out")

    def scan(self, tree: Path, *, cold: bool = True) -> Cost:
        """One scan with auditkit; `cold` without anything that an earlier run left."""
        if cold:
            shutil.rmtree(self._cache, ignore_errors=True)
        return self.start([sys.executable, "-m", "auditkit", "scan", str(tree)])

    def scan_with_checkov(self, tree: Path) -> Cost:
        """One scan with checkov, of Terraform alone and without the network."""
        options = ["--framework", "terraform", "--quiet", "--compact", "--skip-download"]
        options += ["--download-external-modules", "false"]
        return self.start([str(self.checkov), "-d", str(tree), *options])

    def several(self, *, runs: int, **measures: Callable[[], Cost]) -> dict[str, Cost]:
        """The median cost of each measure; they take turns."""
        costs: dict[str, list[Cost]] = {name: [] for name in measures}
        for _ in range(runs):
            for name, measure in measures.items():
                costs[name].append(measure())
        return {name: median(found) for name, found in costs.items()}

    def lines_per_second(self, tree: Path) -> float:
        """How fast our reader reads the files of `tree`."""
        command = [sys.executable, "-m", "benchmarks.reading", str(tree)]
        done = subprocess.run(
            command, cwd=HERE.parent, check=True, capture_output=True, env=self._environment
        )
        return float(done.stdout)


def start_up(bench: Bench) -> Iterator[Row]:
    """``auditkit --version`` beside a click program that does nothing."""
    bare = bench.scratch / "bare.py"
    bare.write_text(BARE_PROGRAM, encoding="utf-8")
    costs = bench.several(
        runs=max(bench.runs, 15),
        auditkit=lambda: bench.start([sys.executable, "-m", "auditkit", "--version"]),
        bare=lambda: bench.start([sys.executable, str(bare), "--version"]),
    )
    ours, theirs = costs["auditkit"], costs["bare"]
    times = ours.wall_seconds / theirs.wall_seconds
    yield Row(
        "--version (peer: bare click program)",
        seconds(ours.wall_seconds),
        seconds(theirs.wall_seconds),
        f"{times:.2f} x",
        "<= 2 x",
        times <= 2,
    )


def reading(bench: Bench) -> Iterator[Row]:
    """The reader alone."""
    tree = bench.tree("tree", lines=150_000)
    speed = sorted(bench.lines_per_second(tree) for _ in range(3))[1]
    yield Row("reading HCL", f"{speed:,.0f} lines/s", "", "", ">= 40,000", speed >= 40_000)


def small(bench: Bench) -> Iterator[Row]:
    """A root module of 1,500 lines."""
    directory = bench.tree("root", lines=1500)
    yield from compare(bench, "root module, 1,500 lines", directory, 12, runs=bench.runs)


def tree(bench: Bench) -> Iterator[Row]:
    """A tree of 15,000 lines with nested module calls."""
    directory = bench.tree("tree", lines=15_000)
    # A run of the peer takes minutes, beside which what disturbs it is small.
    runs = min(bench.runs, 3)
    yield from compare(bench, "module tree, 15,000 lines", directory, 50, runs=runs)


def compare(bench: Bench, name: str, directory: Path, factor: int, *, runs: int) -> Iterator[Row]:
    """Rows for wall time, CPU time and memory; checkov should take `factor` times as long."""
    measures = {"auditkit": lambda: bench.scan(directory)}
    if bench.checkov:
        measures["checkov"] = lambda: bench.scan_with_checkov(directory)
    costs = bench.several(runs=runs, **measures)
    ours, theirs = costs["auditkit"], costs.get("checkov")
    figures: tuple[tuple[str, Callable[[Cost], float], Callable[[float], str], int], ...] = (
        ("wall", lambda cost: cost.wall_seconds, seconds, factor),
        ("CPU", lambda cost: cost.cpu_seconds, seconds, 0),
        ("memory", lambda cost: cost.peak_mb, megabytes, 0),
    )
    for label, figure, show, least in figures:
        ratio = figure(theirs) / figure(ours) if theirs else None
        yield Row(
            f"{name}: {label}",
            show(figure(ours)),
            show(figure(theirs)) if theirs else "",
            f"1/{ratio:.1f}" if ratio else "",
            f"<= 1/{least}" if least else "",
            ratio >= least if ratio and least else None,
        )


def again(bench: Bench) -> Iterator[Row]:
    """A second scan after one file changed, beside the first."""
    directory = bench.tree("tree", lines=15_000)
    changed = sorted(directory.rglob("main.tf"))[0]

    def second() -> Cost:
        with changed.open("a", encoding="utf-8") as file:
            file.write("\n# Changed.\n")
        return bench.scan(directory, cold=False)

    # They take turns, so that each second scan follows a first one.
    costs = bench.several(runs=bench.runs, first=lambda: bench.scan(directory), second=second)
    first, later = costs["first"], costs["second"]
    ratio = first.wall_seconds / later.wall_seconds
    yield Row(
        "second scan, one file changed (peer: first)",
        seconds(later.wall_seconds),
        seconds(first.wall_seconds),
        f"1/{ratio:.1f}",
        "<= 1/3",
        ratio >= 3,
    )


def large(bench: Bench) -> Iterator[Row]:
    """The memory that 150,000 lines take."""
    cost = bench.scan(bench.tree("tree", lines=150_000))
    yield Row(
        "150,000 lines: memory", megabytes(cost.peak_mb), "", "", "<= 400 MB", cost.peak_mb <= 400
    )
    yield Row("150,000 lines: wall", seconds(cost.wall_seconds), "", "", "", None)


def scaling(bench: Bench) -> Iterator[Row]:
    """Root modules of 10 to 10,000 resources; what a resource takes should stay the same."""
    counts = (10, 100, 1000, 10_000)
    walls = [bench.scan(bench.tree("root", resources=count)).wall_seconds for count in counts]
    # Start-up is in every figure, so only the growth beyond the smallest one is compared.
    growth = [
        (wall - walls[0]) / (count - counts[0])
        for wall, count in zip(walls[1:], counts[1:], strict=True)
    ]
    for index, (count, wall) in enumerate(zip(counts, walls, strict=True)):
        each = growth[index - 1] if index else None
        linear = count == counts[-1]
        ratio = growth[-1] / growth[-2]
        yield Row(
            f"root module, {count:,} resources",
            seconds(wall),
            "",
            f"{each * 1000:.2f} ms each" if each is not None else "",
            f"<= 1.5 x of {counts[-2]:,}" if linear else "",
            ratio <= 1.5 if linear else None,
        )


PARTS: Mapping[str, Callable[[Bench], Iterator[Row]]] = {
    "start": start_up,
    "reading": reading,
    "root": small,
    "tree": tree,
    "again": again,
    "large": large,
    "scaling": scaling,
}
"""What can be measured on its own."""


def seconds(value: float) -> str:
    """As people read it."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def megabytes(value: float) -> str:
    """As people read it."""
    return f"{value:.0f} MB"


def install_checkov() -> Path:
    """checkov's program, in an environment of its own that is made the first time.

    It must not share ours: it pins versions of what we use, too.
    """
    directory = ENVIRONMENTS / "checkov"
    program = directory / "bin" / "checkov"
    if not program.exists():
        print(f"installing checkov in {directory}", file=sys.stderr)
        venv.create(directory, with_pip=True, clear=True)
        pip = [str(directory / "bin" / "pip"), "install", "--quiet", "checkov"]
        subprocess.run([*pip, "--disable-pip-version-check"], check=True)
    return program


def print_table(rows: Sequence[Row]) -> None:
    """The rows in columns as wide as they need."""
    head = Row("", "auditkit", "peer", "ratio", "budget", None)
    cells = [
        (
            row.name,
            row.auditkit,
            row.peer,
            row.ratio,
            row.budget,
            "" if row.kept is None else "kept" if row.kept else "MISSED",
        )
        for row in (head, *rows)
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for name, *rest in cells:
        columns = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        print("  ".join([name.ljust(widths[0]), *columns]).rstrip())


def main(argv: Sequence[str] | None = None) -> int:
    """Measures what the command line asks for; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; or all")
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--checkov", type=Path, metavar="PROGRAM", help="one that is installed")
    group.add_argument("--no-checkov", action="store_true", help="time auditkit alone")
    options = parser.parse_args(argv)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    wanted = options.parts or list(PARTS)
    checkov = None
    if not options.no_checkov and {"root", "tree"} & set(wanted):
        checkov = options.checkov or install_checkov()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as scratch:
        bench = Bench(Path(scratch), checkov, options.runs)
        for part in wanted:
            print(f"measuring {part} ...", file=sys.stderr)
            try:
                rows.extend(PARTS[part](bench))
            except FailedRun as error:
                print(f"{part}: {error}", file=sys.stderr)
                return 1
    print_table(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 0 if all(row.kept is not False for row in rows) else 1
