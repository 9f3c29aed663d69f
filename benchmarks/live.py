"""``python -m benchmarks.live``: what a live scan takes, beside its peers, and how that grows.

The accounts are moto's, on this machine; see `benchmarks.estate`.  docs/benchmarks.md describes
the method.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from benchmarks.estate import ACCOUNTS, COUNT_PATH, REGIONS, Size
from benchmarks.processes import Cost, FailedRun, median, run
from benchmarks.run import Row, megabytes, print_table, seconds

HERE = Path(__file__).parent
WHOLE = Size(buckets=5000, groups=5000, keys=1000)
PARTS = (100, 10, 1)
"""What the estate is divided by, the smallest one first."""
MOST_MB = 250
"""The memory that the whole estate may take."""
MOST_PEER_MB = 150
"""The memory that a scan of the smaller accounts may take."""
SERVICES = ("s3", "kms", "ec2", "iam")
PEER_SIZES = {5: 110, 205: 2500}
"""So many of each kind, and the calls that a scan may take."""

CUSTODIAN_POLICIES = """\
policies:
  - name: buckets
    resource: aws.s3
    filters: [{type: bucket-encryption, state: false}]
  - name: keys
    resource: aws.kms-key
    filters: [{type: key-rotation-status, key: KeyRotationEnabled, value: false}]
  - name: groups
    resource: aws.security-group
    filters: [{type: ingress, Cidr: {value: 0.0.0.0/0}}]
  - name: volumes
    resource: aws.ebs
    filters: [{Encrypted: false}]
  - name: users
    resource: aws.iam-user
    filters: [{type: credential, key: password_enabled, value: true}]
"""
"""One policy for each kind of object; auditkit and prowler judge by all of their rules."""


@dataclass(frozen=True, slots=True)
class Estate:
    """A server that plays accounts, while it runs."""

    endpoint: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes programs take it for AWS."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGIONS[0],
            "AWS_DEFAULT_REGION": REGIONS[0],
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONPATH": str(HERE.parent),
        }

    def calls(self) -> int:
        """How many requests came so far."""
        with urllib.request.urlopen(self.endpoint + COUNT_PATH, timeout=60) as answer:
            count: int = json.load(answer)
        return count


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took."""

    cost: Cost
    calls: int


FIGURES: Sequence[tuple[str, Callable[[Taken], float], Callable[[float], str]]] = (
    ("calls", lambda taken: taken.calls, lambda number: f"{number:,.0f}"),
    ("memory", lambda taken: taken.cost.peak_mb, megabytes),
    ("wall", lambda taken: taken.cost.wall_seconds, seconds),
    ("CPU", lambda taken: taken.cost.cpu_seconds, seconds),
)
"""What is told of a run, and how it is shown."""


@contextmanager
def open_estate(size: Size, *, accounts: int = 1, regions: int = 1) -> Iterator[Estate]:
    """Accounts of that size, for as long as the block lasts."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.estate"]
    for name, number in zip(Size.__slots__, astuple(size), strict=True):
        command += [f"--{name}", str(number)]
    command += ["--accounts", str(accounts), "--regions", str(regions)]
    # Else each account has some 1,300 snapshots, of the images that moto knows.
    environment = {**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    server = subprocess.Popen(
        command,
        cwd=HERE.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        if not port:
            raise FailedRun("moto did not start: pip install 'auditkit[demo]'")
        yield Estate(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=30)
        if server.stdout is not None:
            server.stdout.close()


@dataclass(frozen=True, slots=True)
class Bench:
    """Where outputs lie, and where the peers are, if they are there."""

    scratch: Path
    prowler: str | None
    custodian: str | None
    runs: int

    def measure(self, estate: Estate, command: Sequence[str]) -> Taken:
        """What a run of the command takes."""
        before = estate.calls()
        cost = run(command, environment=estate.environment, output=self.scratch / "out")
        return Taken(cost, estate.calls() - before)


def middle(runs: Sequence[Taken]) -> Taken:
    """The median of each figure on its own."""
    cost = median(taken.cost for taken in runs)
    return Taken(cost, int(statistics.median(taken.calls for taken in runs)))


def scan(*options: str) -> list[str]:
    """The command for a live scan."""
    return [sys.executable, "-m", "auditkit", "scan", "--live", "--format", "json", *options]


def growth(bench: Bench) -> Iterator[Row]:
    """Parts of an estate in three accounts and two regions, and all of it."""
    options = ["--accounts", ",".join(ACCOUNTS), "--role", "Audit"]
    options += ["--regions", ",".join(REGIONS), "--services", "s3,kms,ec2"]
    earlier: Taken | None = None
    for part in PARTS:
        size = Size(*(number // part for number in astuple(WHOLE)))
        with open_estate(size, accounts=len(ACCOUNTS), regions=len(REGIONS)) as estate:
            taken = bench.measure(estate, scan(*options))
        name = f"{size.buckets:,} buckets, {size.groups:,} groups, {size.keys:,} keys"
        for label, figure, show in FIGURES:
            now = figure(taken)
            before = figure(earlier) if earlier else 0.0
            is_bound = part == 1 and label == "memory"
            yield Row(
                f"{name}: {label}",
                show(now),
                show(before) if before else "",
                f"{now / before:.1f} x" if before else "",
                f"<= {MOST_MB} MB" if is_bound else "",
                now <= MOST_MB if is_bound else None,
            )
        earlier = taken


def peers(bench: Bench) -> Iterator[Row]:
    """The same account for each program: so many of each kind of object, in one region."""
    region = REGIONS[0]
    for number, most_calls in PEER_SIZES.items():
        programs = {"auditkit": scan("--services", ",".join(SERVICES), "--regions", region)}
        if bench.prowler:
            # It would exit with 3 for findings.
            options = ["--region", region, "--ignore-exit-code-3", "--output-formats", "csv"]
            options += ["--output-directory", str(bench.scratch / "prowler"), "--no-banner"]
            programs["prowler"] = [bench.prowler, "aws", "--services", *SERVICES, *options]
        if bench.custodian:
            policies = bench.scratch / "policies.yml"
            policies.write_text(CUSTODIAN_POLICIES, encoding="utf-8")
            options = ["--region", region, "--cache-period", "0"]
            options += ["--output-dir", str(bench.scratch / "custodian"), str(policies)]
            # It tells everything on standard error.
            shell = ["sh", "-c", 'exec "$@" 2>&1', "sh"]
            programs["custodian"] = [*shell, bench.custodian, "run", *options]
        with open_estate(Size(*[number] * len(Size.__slots__))) as estate:
            found: dict[str, list[Taken]] = {name: [] for name in programs}
            for _ in range(bench.runs):
                for name, command in programs.items():
                    found[name].append(bench.measure(estate, command))
        taken = {name: middle(runs) for name, runs in found.items()}
        yield from _beside(f"{number} of each", taken, most_calls)


def _beside(name: str, taken: Mapping[str, Taken], most_calls: int) -> Iterator[Row]:
    budgets: Mapping[str, tuple[float, str]] = {
        "calls": (most_calls, f"<= {most_calls:,}"),
        "memory": (MOST_PEER_MB, f"<= {MOST_PEER_MB} MB"),
    }
    for label, figure, show in FIGURES:
        ours = figure(taken["auditkit"])
        most, words = budgets.get(label, (0, ""))
        yield Row(f"{name}: {label}", show(ours), "", "", words, ours <= most if words else None)
        for peer in sorted(taken.keys() - {"auditkit"}):
            theirs = figure(taken[peer])
            row = f"{name}: {label} ({peer})"
            yield Row(row, show(ours), show(theirs), f"1/{theirs / ours:.1f}", "", None)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures what the command line asks for; 1 when a bound is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="growth, peers; or both")
    parser.add_argument("--runs", type=int, default=1, help="how often beside peers (default 1)")
    for peer in ("prowler", "custodian"):
        default = os.environ.get(f"AUDITKIT_{peer.upper()}") or shutil.which(peer)
        parser.add_argument(
            f"--{peer}",
            metavar="PROGRAM",
            default=default,
            help=f"else AUDITKIT_{peer.upper()}, or the one on the PATH; without, it is left out",
        )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args(argv)
    known = {"growth": growth, "peers": peers}
    unknown = set(options.parts) - set(known)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as scratch:
        bench = Bench(Path(scratch), options.prowler, options.custodian, options.runs)
        for part in options.parts or list(known):
            print(f"measuring {part} ...", file=sys.stderr)
            try:
                rows.extend(known[part](bench))
            except FailedRun as error:
                print(f"{part}: {error}", file=sys.stderr)
                return 1
    print_table(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 0 if all(row.kept is not False for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
