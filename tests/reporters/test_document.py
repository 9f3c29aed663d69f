from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from auditkit.model import CATEGORIES, Finding, Severity, Source, Status, Unknown, Verdict
from auditkit.reporters import document, json_lines
from auditkit.reporters.encoding import encode_value
from reporters.samples import (
    CLEAN,
    NOT_ENCRYPTED,
    REPORT,
    UNKNOWN_SIZE,
    finding,
    options,
    report_of,
)

SCHEMA = json.loads(
    resources.files("auditkit.reporters").joinpath("report.schema.json").read_text("utf-8")
)


def render(report, **fields) -> str:
    return "".join(document.render(report, options(**fields)))


def load(report, **fields):
    return json.loads(render(report, **fields), parse_constant=pytest.fail)


def load_lines(report, **fields):
    lines = "".join(json_lines.render(report, options(**fields))).splitlines()
    return [json.loads(line, parse_constant=pytest.fail) for line in lines]


def test_document(golden):
    golden("report.json", render(REPORT, cwd="/checkout"))


def test_lines(golden):
    golden("report.jsonl", "".join(json_lines.render(REPORT, options())))


def test_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [REPORT, CLEAN, report_of(finding("r", "arn:x", "m"))])
def test_document_is_what_the_schema_says(report):
    Draft202012Validator(SCHEMA).validate(load(report))


def test_schema_names_every_key():
    loaded = load(REPORT)
    assert set(SCHEMA["properties"]) == set(loaded)
    for key, name in [("findings", "finding"), ("problems", "problem"), ("rules", "rule")]:
        assert set(SCHEMA["$defs"][name]["properties"]) == set(loaded[key][0])
    for key in ("summary", "coverage"):
        assert set(SCHEMA["$defs"][key]["properties"]) == set(loaded[key])


def test_schema_requires_what_is_documented():
    assert set(SCHEMA["$defs"]["finding"]["required"]) >= {
        *("rule", "aliases", "severity", "category", "verdict", "status", "address", "source"),
        *("file", "line", "column", "message", "fingerprint"),
    }


def test_lines_hold_the_same_objects_as_the_document():
    loaded = load(REPORT)
    lines = load_lines(REPORT)
    by_type = {}
    for line in lines:
        by_type.setdefault(line.pop("type"), []).append(line)
    assert by_type["finding"] == loaded["findings"]
    assert by_type["problem"] == loaded["problems"]
    assert by_type["rule"] == loaded["rules"]
    assert by_type["coverage"] == [loaded["coverage"]]
    assert by_type["summary"] == [loaded["summary"]]
    assert by_type["report"][0]["schema_version"] == loaded["schema_version"]


def test_lines_begin_with_the_report_and_end_with_the_summary():
    types = [line["type"] for line in load_lines(REPORT)]
    assert (types[0], types[-1]) == ("report", "summary")


def test_every_finding_is_there_whatever_became_of_it():
    assert len(load(REPORT)["findings"]) == len(REPORT.findings)


def test_finding_has_its_place_and_its_chain():
    (encoded,) = load(report_of(NOT_ENCRYPTED))["findings"]
    place = NOT_ENCRYPTED.location
    assert (encoded["file"], encoded["line"], encoded["column"]) == (
        place.file,
        place.line,
        place.column,
    )
    assert [step["file"] for step in encoded["chain"]] == ["main.tf", "variables.tf"]
    assert encoded["fix"] == REPORT.rules[NOT_ENCRYPTED.rule].fix.advice


def test_finding_without_a_place_has_nulls():
    (encoded,) = load(report_of(finding("r", "arn:x", "m")))["findings"]
    assert [encoded[key] for key in ("file", "line", "column", "end_line")] == [None] * 4


def test_unknown_value_says_why():
    (encoded,) = load(report_of(UNKNOWN_SIZE))["findings"]
    assert encoded["actual"] == {"unknown": "`var.x` has no value"}


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, None),
        (True, True),
        ("a", "a"),
        (10**30, 10**30),
        (0.5, 0.5),
        (math.nan, {"unknown": "nan is no JSON number"}),
        (-math.inf, {"unknown": "-inf is no JSON number"}),
        (("a", [Unknown("why")]), ["a", [{"unknown": "why"}]]),
        ({"a": {"b": Unknown("why")}}, {"a": {"b": {"unknown": "why"}}}),
    ],
)
def test_values(value, encoded):
    assert encode_value(value) == encoded


def test_text_is_ascii_so_that_nothing_in_it_is_invisible():
    hostile = finding("r", "a.\u202e\ud800\x1b[2J日", "m \u2028")
    assert re.fullmatch(r"[\n\x20-\x7e]*", render(report_of(hostile)))
    assert load(report_of(hostile))["findings"][0]["address"] == hostile.address


def test_equal_reports_are_equal_texts():
    shuffled = replace(
        REPORT,
        rules=dict(reversed(REPORT.rules.items())),
        coverage=replace(REPORT.coverage, types=dict(reversed(REPORT.coverage.types.items()))),
    )
    assert render(shuffled) == render(REPORT)


def test_a_finding_takes_one_line():
    lines = render(REPORT).splitlines()
    assert sum('"fingerprint"' in line for line in lines) == len(REPORT.findings)


def test_absolute_paths_of_the_machine_are_left_out():
    assert load(REPORT, cwd="/checkout")["root"] == "infra"
    assert "/checkout" not in render(REPORT, cwd="/checkout/docs")


def test_every_field_of_a_finding_is_reported():
    # `block` serves ignores and diffs; `location` is spread over five keys.
    fields = set(Finding.__slots__) - {"block", "location"}
    assert fields <= set(load(REPORT)["findings"][0])


def test_schema_has_the_words_of_the_model():
    defs = SCHEMA["$defs"]
    assert defs["category"]["enum"] == list(CATEGORIES)
    assert set(defs["severity"]["enum"]) == {severity.label for severity in Severity}
    properties = defs["finding"]["properties"]
    assert set(properties["verdict"]["enum"]) == {verdict.label for verdict in Verdict}
    assert set(properties["status"]["enum"]) == {status.value for status in Status}
    assert set(properties["source"]["enum"]) == {source.value for source in Source}
