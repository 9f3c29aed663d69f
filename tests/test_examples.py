"""The examples do what their texts say."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from terraform_binary import require_provider

from auditkit.cli.main import main
from auditkit.model import CATEGORIES

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLES = CHECKOUT / "examples"
STACKS = ("flawed", "clean", "custom-rules/stack", "plugin/stack")


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """A copy of the examples, away from the checkout's own configuration."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))


def scan(
    capsys: pytest.CaptureFixture[str], directory: Path, *options: str
) -> tuple[int, Mapping[str, Any]]:
    """The exit code and the JSON report of a scan."""
    code = main(["scan", str(directory), "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)


def lines(findings: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """File, address and ``LINE VERDICT RULE`` of each finding, as expected.yaml has them."""
    for finding in findings:
        count = len(finding["instances"])
        address = finding["address"] + (f" ({count})" if count > 1 else "")
        yield finding["file"], address, f"{finding['line']} {finding['verdict']} {finding['rule']}"


def test_flawed_example_gives_exactly_the_expected_findings(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = scan(capsys, examples / "flawed", "--all")
    expected = yaml.safe_load((examples / "flawed" / "expected.yaml").read_text(encoding="utf-8"))
    wanted = {
        (file, address, line)
        for file, addresses in expected.items()
        for address, found in addresses.items()
        for line in found
    }
    found = set(lines([each for each in report["findings"] if each["verdict"] != "pass"]))
    assert {"missing": sorted(wanted - found), "unexpected": sorted(found - wanted)} == {
        "missing": [],
        "unexpected": [],
    }
    assert code == 1
    assert report["problems"] == []


def test_flawed_example_hits_every_category(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = scan(capsys, examples / "flawed")
    hit = {finding["category"] for finding in report["findings"]}
    assert set(CATEGORIES) - hit == set()


def test_value_that_came_through_a_module_tells_its_way(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = scan(capsys, examples / "flawed", "--select", "s3-versioning")
    by_line = {(finding["file"], finding["line"]): finding for finding in report["findings"]}
    finding = by_line["modules/bucket/main.tf", 45]
    assert finding["address"] == 'module.bucket["assets"].aws_s3_bucket.this'
    assert [step["file"] for step in finding["chain"]][:1] == ["storage.tf"]
    assert [call["file"] for call in finding["calls"]] == ["storage.tf"]


def test_clean_example_gives_nothing(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = scan(capsys, examples / "clean", "--all", "--strict")
    assert [line for line in lines(report["findings"]) if " pass " not in line[2]] == []
    assert report["problems"] == []
    assert code == 0
    assert report["summary"]["counts"]["pass"] > 200


def test_custom_rules_run_as_their_configuration_says(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A configuration is looked for up to the top of the repository.
    (examples / ".git").mkdir()
    code, report = scan(capsys, examples / "custom-rules" / "stack")
    assert code == 1
    # The configuration sets the prefix, and leaves the built-in rules out.
    assert sorted((each["rule"], each["address"]) for each in report["findings"]) == [
        ("acme-bucket-name", "aws_s3_bucket.scratch"),
        ("acme-lambda-runtime", "aws_lambda_function.mail"),
        ("acme-topic-reaches-somebody", "aws_sns_topic.invoices"),
    ]


def test_examples_of_custom_rules_hold(examples: Path) -> None:
    assert main(["rules", "test", str(examples / "custom-rules" / "rules")]) == 0


def test_plugin_brings_a_rule_and_its_check(examples: Path, tmp_path: Path) -> None:
    plugin = examples / "plugin"
    installed = install(plugin, tmp_path / "site")
    command = [sys.executable, "-m", "auditkit", "scan", str(plugin / "stack"), "--format", "json"]
    done = subprocess.run(
        [*command, "--select", "acme-subnet-size"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(CHECKOUT)])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()
    findings = json.loads(done.stdout)["findings"]
    assert list(lines(findings)) == [
        ("main.tf", "aws_subnet.endpoints", "12 fail acme-subnet-size")
    ]


def install(plugin: Path, site: Path) -> Path:
    """A directory that Python takes for one in which the plugin is installed.

    Its packages and the entry points that its ``setup.cfg`` declares are there; pip would take
    several seconds for the same.
    """
    declared = configparser.ConfigParser()
    declared.read(plugin / "setup.cfg", encoding="utf-8")
    for package in declared["options"]["packages"].split():
        shutil.copytree(plugin / package, site / package)
    name, version = declared["metadata"]["name"], declared["metadata"]["version"]
    metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = declared["options.entry_points"].items()
    (metadata / "entry_points.txt").write_text(
        "\n".join(f"[{group}]\n{value.strip()}" for group, value in points)
    )
    return site


def test_hook_example_uses_hooks_that_there_are(tmp_path: Path) -> None:
    from pre_commit.clientlib import load_config, load_manifest

    config = load_config(EXAMPLES / "hooks" / ".pre-commit-config.yaml")
    offered = {hook["id"] for hook in load_manifest(CHECKOUT / ".pre-commit-hooks.yaml")}
    assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} <= offered


def test_workflow_asks_for_little_and_pins_what_it_uses() -> None:
    text = (EXAMPLES / "github" / "auditkit.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    job = workflow["jobs"]["scan"]
    assert job["permissions"] == {
        "contents": "read",
        "security-events": "write",
        "actions": "read",
    }
    used = re.findall(r"uses: (\S+) # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    assert len(used) == text.count("uses:")
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


def test_command_of_the_workflow_writes_sarif(
    examples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = yaml.safe_load((examples / "github" / "auditkit.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["scan"]["steps"]
    command = next(step["run"] for step in steps if step.get("name") == "Scan")
    upload = next(step["with"] for step in steps if "sarif_file" in step.get("with", {}))
    monkeypatch.chdir(examples / "flawed")
    assert main(command.split()[1:]) == 0
    assert "findings" in capsys.readouterr().out
    assert json.loads(Path(upload["sarif_file"]).read_text(encoding="utf-8"))["runs"]


@pytest.mark.terraform
@pytest.mark.parametrize("stack", STACKS)
def test_stack_is_valid(stack: str, examples: Path) -> None:
    require_provider().validate(examples / stack)


@pytest.mark.terraform
def test_stacks_are_formatted(examples: Path) -> None:
    require_provider().run("fmt", "-check", "-recursive", ".", directory=examples)
