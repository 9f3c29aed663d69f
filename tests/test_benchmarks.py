"""What is measured is what it should be: the generated trees, and the cost of a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from terraform_binary import require_provider

from auditkit.sources.terraform.code import CodeOptions, find_project, read_root
from benchmarks.estate import REGIONS, Size
from benchmarks.generate import generate, size_of, write
from benchmarks.live import open_estate
from benchmarks.processes import FailedRun, run


def test_same_seed_gives_the_same_tree() -> None:
    first = generate("tree", lines=5000)
    assert first == generate("tree", lines=5000)
    assert first != generate("tree", lines=5000, seed=2)


def test_no_word_in_capitals_is_left() -> None:
    assert [name for name, text in generate("tree", lines=5000).items() if "__" in text] == []


@pytest.mark.parametrize(("shape", "lines"), [("root", 1500), ("tree", 6000)])
def test_tree_has_about_the_lines_that_were_asked_for(shape: str, lines: int) -> None:
    written = size_of(generate(shape, lines=lines)).lines
    assert lines <= written <= 1.2 * lines


def test_root_has_the_resources_that_were_asked_for() -> None:
    assert 100 <= size_of(generate("root", lines=0, resources=100)).resources <= 110


def test_calls_of_a_tree_lead_to_resources(tmp_path: Path) -> None:
    write(generate("tree", lines=5000), tmp_path)
    options = CodeOptions()
    project = find_project([tmp_path], options)
    assert project.problems == ()
    # The library's modules are all called, so only the environments' stacks are roots.
    assert project.roots
    assert all("/envs/" in f"/{root}" for root in project.roots)
    inventory = read_root(project, project.roots[0], options)
    assert inventory.problems == ()
    assert any(resource.address.count("module.") >= 2 for resource in inventory.resources)


@pytest.mark.terraform
@pytest.mark.parametrize("directory", ["envs/dev/stack-000", "envs/dev/stack-003"])
def test_stack_of_a_tree_is_valid(directory: str, tmp_path: Path) -> None:
    terraform = require_provider()
    write(generate("tree", lines=6000), tmp_path)
    terraform.validate(tmp_path / "billing" / directory)


def test_cost_of_a_process_is_measured(tmp_path: Path) -> None:
    program = "data = bytearray(64 * 1024 * 1024); print(sum(range(3_000_000)))"
    # From a process of its own: a child's peak is never told as less than its parent's size at
    # the fork, and the process of the tests is a large one.
    measure = (
        "import sys, pathlib; from benchmarks.processes import run;"
        f" cost = run([sys.executable, '-c', {program!r}], environment={{}},"
        " output=pathlib.Path(sys.argv[1]));"
        " print(cost.wall_seconds, cost.cpu_seconds, cost.peak_mb)"
    )
    told = subprocess.run(
        [sys.executable, "-c", measure, str(tmp_path / "out")],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        check=True,
    ).stdout
    wall_seconds, cpu_seconds, peak_mb = map(float, told.split())
    assert wall_seconds > 0
    assert cpu_seconds > 0
    assert 64 < peak_mb < 256


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "pass"], ids=["crash", "silence"])
def test_run_that_did_nothing_is_no_fast_run(program: str, tmp_path: Path) -> None:
    with pytest.raises(FailedRun):
        run([sys.executable, "-c", program], environment={}, output=tmp_path / "out")


def test_an_estate_is_as_large_as_was_asked_for() -> None:
    pytest.importorskip("moto.server", reason="pip install 'moto[server]'")
    boto3 = pytest.importorskip("boto3")
    size = Size(buckets=4, groups=2, keys=2, volumes=2, users=3)
    with open_estate(size, regions=2) as estate:
        session = boto3.Session("testing", "testing", region_name=REGIONS[0])

        def client(name: str, region: str = REGIONS[0]) -> Any:
            return session.client(name, region_name=region, endpoint_url=estate.endpoint)

        assert estate.calls() == 0
        assert len(client("s3").list_buckets()["Buckets"]) == 4
        assert len(client("iam").list_users()["Users"]) == 3
        for region in REGIONS:
            assert len(client("kms", region).list_keys()["Keys"]) == 1
            assert len(client("ec2", region).describe_volumes()["Volumes"]) == 1
            found = client("ec2", region).describe_security_groups()["SecurityGroups"]
            assert [each["GroupName"].startswith("estate-") for each in found].count(True) == 1
        assert estate.calls() == 8
