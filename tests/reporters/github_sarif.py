"""What GitHub code scanning demands of a SARIF file, as assertions.

The JSON schema and Microsoft's validator both let some of it pass, and GitHub rejects the whole
file.  https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import gzip
import json
import re
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

LEVELS = {"none", "note", "warning", "error"}
KINDS = {"fail", "open", "pass"}
PRECISIONS = {"very-high", "high", "medium", "low"}
OFFLINE = """\
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled"
      Type="Microsoft.CodeAnalysis.Sarif.Driver.RuleEnabledState" />
  </Properties>
</Properties>
"""
"""Settings without the one rule that calls every link in the file."""
URI = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-F]{2})+")
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)+\]\((\d+)\)")


def assert_github_sarif(text: str, *, root: Path | None = None) -> None:
    """Fails with every demand that the file does not meet.

    `root` is the checkout; without it, it is not checked that the files exist.
    """
    assert list(violations(text, root=root)) == []


def violations(text: str, *, root: Path | None = None) -> Iterator[str]:
    if text.startswith("\ufeff"):
        yield "the file starts with a byte order mark"
    if len(gzip.compress(text.encode())) > 10_000_000:
        yield "the file is larger than 10 MB compressed"
    log = json.loads(text, parse_constant=_reject_constant)
    if not log.get("$schema") or log.get("version") != "2.1.0":
        yield "$schema or version 2.1.0 is missing"
    if len(log["runs"]) != 1:
        yield "there is not exactly one run, so categories could clash"
    for run in log["runs"]:
        yield from _check_run(run, root)


def read_schema(node_modules: Path) -> dict[str, Any]:
    """The JSON schema of SARIF 2.1.0, which comes with Microsoft's validator."""
    package = _find_validator(node_modules)
    schema: dict[str, Any] = json.loads((package / "sarif-2.1.0.json").read_text("utf-8-sig"))
    return schema


def validate(folder: Path, names: Sequence[str], *, node_modules: Path) -> list[str]:
    """The errors and warnings of ``Sarif.Multitool``, whose exit code says nothing."""
    package = _find_validator(node_modules)
    tool = package / ("Sarif.Multitool.exe" if sys.platform == "win32" else "Sarif.Multitool")
    # npm leaves it without the right to be executed when it runs no install scripts.
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    command = [str(tool), "validate", *names, "--rule-kind", "Sarif;Ghas"]
    output = ["--level", "Error;Warning", "--output", "out.json", "--log", "ForceOverwrite"]
    (folder / "settings.xml").write_text(OFFLINE, encoding="utf-8")
    options = [*output, "--config", "settings.xml"]
    subprocess.run([*command, *options], cwd=folder, check=True, capture_output=True)
    log = json.loads((folder / "out.json").read_text("utf-8-sig"))
    return [
        f"{result['ruleId']}: {result['message']}"
        for run in log["runs"]
        for result in run.get("results", [])
    ]


def _find_validator(node_modules: Path) -> Path:
    return node_modules / "@microsoft" / f"sarif-multitool-{sys.platform}"


def _check_run(run: dict[str, Any], root: Path | None) -> Iterator[str]:
    driver = run["tool"]["driver"]
    if not driver.get("name"):
        yield "the tool has no name"
    if not (driver.get("version") or driver.get("semanticVersion")):
        yield "the tool has no version"
    if not re.fullmatch(r"[^/].*/[^/]*", run.get("automationDetails", {}).get("id", "")):
        yield "automationDetails.id has no category"
    if run.get("columnKind") not in ("utf16CodeUnits", "unicodeCodePoints"):
        yield "columnKind is missing"
    if not isinstance(run["invocations"][0].get("executionSuccessful"), bool):
        yield "executionSuccessful is missing"
    rules = driver["rules"]
    if len(rules) > 25_000:
        yield "there are more than 25,000 rules"
    yield from _repeated("rule", [rule["id"] for rule in rules])
    for rule in rules:
        yield from (f"rule {rule['id']}: {text}" for text in _check_rule(rule))
    if "results" not in run:
        yield "results is missing: old alerts would stay open"
        return
    if len(run["results"]) > 5000:
        yield "there are more than 5,000 results"
    for index, result in enumerate(run["results"]):
        yield from (f"result {index}: {text}" for text in _check_result(result, rules, root))
    identities = map(_identity, run["results"])
    yield from _repeated("alert", identities)


def _check_rule(rule: dict[str, Any]) -> Iterator[str]:
    for key in ("shortDescription", "fullDescription", "help"):
        if not rule.get(key, {}).get("text"):
            yield f"{key}.text is missing or empty"
    for key in ("shortDescription", "fullDescription"):
        if len(rule.get(key, {}).get("text", "")) > 1024:
            yield f"{key}.text is longer than 1,024 characters"
    if len(rule.get("name", "")) > 255:
        yield "name is longer than 255 characters"
    if rule.get("defaultConfiguration", {}).get("level") not in LEVELS:
        yield "the level is none of SARIF's"
    if "helpUri" in rule and not re.match(r"https?://[^/\s]+", rule["helpUri"]):
        yield "helpUri is not absolute"
    properties = rule.get("properties", {})
    tags = properties.get("tags", [])
    if len(tags) > 10:
        yield "there are more than 10 tags"
    yield from _repeated("tag", tags)
    if properties.get("precision") not in PRECISIONS:
        yield "precision is none of GitHub's"
    if "security-severity" not in properties:
        return
    score = properties["security-severity"]
    if not isinstance(score, str) or not 0 < float(score) <= 10:
        yield "security-severity is not a string between 0.1 and 10.0"
    if "security" not in tags:
        yield "security-severity without the tag security"


def _check_result(
    result: dict[str, Any], rules: list[dict[str, Any]], root: Path | None
) -> Iterator[str]:
    index = result.get("ruleIndex", -1)
    if not 0 <= index < len(rules) or rules[index]["id"] != result["ruleId"]:
        yield "ruleIndex is not that of ruleId"
    if result.get("level") not in LEVELS or result.get("kind", "fail") not in KINDS:
        yield "level or kind is none of SARIF's"
    if (result.get("kind", "fail") == "fail") == (result.get("level") == "none"):
        yield "level none belongs to what did not fail, and only to it"
    text = result.get("message", {}).get("text")
    if not text or len(text) > 1024:
        yield "the message is empty or longer than 1,024 characters"
    locations = result.get("locations") or []
    if len(locations) != 1:
        yield "there is not exactly one location"
    if not result.get("partialFingerprints", {}).get("primaryLocationLineHash"):
        yield "primaryLocationLineHash is missing"
    related = result.get("relatedLocations", [])
    if len(related) > 1000:
        yield "there are more than 1,000 related locations"
    ids = [location["id"] for location in related]
    yield from _repeated("related location", ids)
    links = {int(match[1]) for match in LINK.finditer(text or "")}
    if not links <= set(ids):
        yield f"the message links to {links - set(ids)}, which is not there"
    steps = [
        step["location"]
        for flow in result.get("codeFlows", [])
        for thread in flow["threadFlows"]
        for step in thread["locations"]
    ]
    if len(steps) > 1000:
        yield "there are more than 1,000 steps"
    if len(result.get("suppressions", [])) > 1:
        yield "there are several suppressions"
    for location in (*locations, *related, *steps):
        yield from _check_location(location.get("physicalLocation"), root)


def _check_location(place: dict[str, Any] | None, root: Path | None) -> Iterator[str]:
    if not place:
        yield "a location is not physical"
        return
    uri = place.get("artifactLocation", {}).get("uri", "")
    if not URI.fullmatch(uri) or {"", ".", ".."} & set(uri.split("/")):
        yield f"{uri!r} is not a relative URI from the top of the checkout"
    if ".terraform" in uri.split("/"):
        yield f"{uri!r} is not a file that anyone commits"
    if root is not None and not (root / unquote(uri)).is_file():
        yield f"{uri!r} does not exist"
    region = place.get("region", {})
    numbers = [region.get(key) for key in ("startLine", "startColumn", "endLine", "endColumn")]
    if not all(isinstance(number, int) and number >= 1 for number in numbers):
        yield f"{uri}: the region is incomplete or does not count from 1: {numbers}"
    elif (numbers[2], numbers[3]) < (numbers[0], numbers[1]):
        yield f"{uri}: the region ends before it starts: {numbers}"


def _identity(result: dict[str, Any]) -> tuple[str, ...]:
    """By what GitHub tells two alerts of a repository apart."""
    location = next(iter(result.get("locations") or []), {})
    artifact = location.get("physicalLocation", {}).get("artifactLocation", {})
    line_hash = result.get("partialFingerprints", {}).get("primaryLocationLineHash", "")
    return result["ruleId"], artifact.get("uri", ""), line_hash


def _repeated(what: str, items: Iterable[object]) -> Iterator[str]:
    for item, number in Counter(items).items():
        if number > 1:
            yield f"{what} {item} is there {number} times"


def _reject_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
