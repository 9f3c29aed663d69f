"""The reports of the examples, from the command line to what their readers demand."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from auditkit.cli.main import main
from reporters.github_sarif import assert_github_sarif, read_schema, validate

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = ("flawed", "clean")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A directory with ``EXAMPLE.FORMAT`` for each example and format."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CHECKOUT)
        for example in EXAMPLES:
            formats = {"txt": "text", "json": "json", "jsonl": "jsonl", "sarif": "sarif"}
            outputs = [f"-f{name}={folder / example}.{end}" for end, name in formats.items()]
            code = main(["scan", f"examples/{example}", "--no-config", *outputs])
            assert code in (0, 1)
    return folder


@pytest.mark.parametrize("example", EXAMPLES)
def test_github_takes_the_sarif(reports, example):
    text = (reports / f"{example}.sarif").read_text("utf-8")
    assert_github_sarif(text, root=CHECKOUT)
    assert json.loads(text)["runs"][0]["invocations"][0]["executionSuccessful"]


@pytest.mark.node
@pytest.mark.parametrize("example", EXAMPLES)
def test_sarif_is_what_its_schema_says(reports, node_modules, example):
    log = json.loads((reports / f"{example}.sarif").read_text("utf-8"))
    Draft202012Validator(read_schema(node_modules)).validate(log)


@pytest.mark.node
def test_microsofts_validator_finds_no_error(reports, node_modules):
    names = [f"{example}.sarif" for example in EXAMPLES]
    assert validate(reports, names, node_modules=node_modules) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_json_is_what_its_schema_says(reports, example):
    schema = resources.files("auditkit.reporters").joinpath("report.schema.json").read_text("utf-8")
    document = json.loads((reports / f"{example}.json").read_text("utf-8"))
    Draft202012Validator(json.loads(schema)).validate(document)
    assert document["root"] == "."


@pytest.mark.parametrize("example", EXAMPLES)
def test_all_formats_have_the_same_findings(reports, example):
    document = json.loads((reports / f"{example}.json").read_text("utf-8"))
    lines = map(json.loads, (reports / f"{example}.jsonl").read_text("utf-8").splitlines())
    assert document["findings"] == [
        {key: value for key, value in line.items() if key != "type"}
        for line in lines
        if line["type"] == "finding"
    ]
    failed = {
        (finding["rule"], finding["file"], finding["line"])
        for finding in document["findings"]
        if finding["verdict"] == "fail" and finding["status"] == "open"
    }
    log = json.loads((reports / f"{example}.sarif").read_text("utf-8"))
    places = [
        (result["ruleId"], result["locations"][0]["physicalLocation"])
        for result in log["runs"][0]["results"]
    ]
    assert failed == {
        (rule, place["artifactLocation"]["uri"], place["region"]["startLine"])
        for rule, place in places
    }
    text = (reports / f"{example}.txt").read_text("utf-8")
    shown = set(re.findall(r"^  [a-z]+ +([a-z0-9-]+):", text, flags=re.MULTILINE))
    assert shown == {rule for rule, _, _ in failed}
