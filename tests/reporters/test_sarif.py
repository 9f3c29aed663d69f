from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from auditkit.model import Fix, Location, Severity, Step
from auditkit.reporters import sarif
from auditkit.reporters.fingerprints import hash_lines
from reporters.github_sarif import assert_github_sarif, read_schema, validate
from reporters.samples import (
    CLEAN,
    KNOWN_BEFORE,
    NO_FLOW_LOGS,
    NO_TAGS,
    NO_VERSIONING,
    NOT_ENCRYPTED,
    OPEN_TO_ALL,
    PASSED,
    REPORT,
    RULES,
    SOURCES,
    UNKNOWN_SIZE,
    WAIVED,
    finding,
    options,
    report_of,
    rule,
)

HOSTILE = "a b\u202e\x1b[2J](1) [x](y) 日本\udcff%2F:?#\\"
EVERYTHING = {"show_all": True, "include_waived": True}


def render(report, **fields) -> str:
    return "".join(sarif.render(report, options(**fields)))


def run_of(report, **fields):
    (run,) = json.loads(render(report, **fields))["runs"]
    return run


def results_of(report, **fields):
    return run_of(report, **fields)["results"]


def result_of(report, **fields):
    (result,) = results_of(report, **fields)
    return result


def place_of(result):
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def hostile_report():
    location = Location(f"{HOSTILE}.tf", 0, 0, 0, 0)
    item = finding(
        f"rule {HOSTILE}",
        HOSTILE,
        HOSTILE * 200,
        location=location,
        instances=(HOSTILE, HOSTILE + "2"),
        attribute=HOSTILE,
        actual=HOSTILE,
        expected=HOSTILE,
        chain=(Step(HOSTILE, location), Step(HOSTILE, Location("../out.tf", 3, 9, 2, 1))),
    )
    bad = rule(
        "x" * 300,
        Severity.LOW,
        "cost",
        title=HOSTILE * 200,
        why=HOSTILE * 200,
        links=("", "not a link", "https://example.org/a b", "javascript:alert(1)"),
        resources=tuple(f"aws_{n}" for n in range(30)) * 2,
        fix=Fix(HOSTILE, {HOSTILE: HOSTILE}),
    )
    return report_of(
        item,
        rules={bad.id: bad},
        problems=tuple(replace(p, message=HOSTILE * 99) for p in REPORT.problems),
    )


REPORTS = [
    pytest.param(REPORT, {}, id="sample"),
    pytest.param(REPORT, {**EVERYTHING, "repository": "/checkout"}, id="everything"),
    pytest.param(CLEAN, {}, id="clean"),
    pytest.param(hostile_report(), {}, id="hostile"),
    pytest.param(report_of(finding("live", "arn:aws:s3:::b", "m")), {}, id="without a file"),
]


def test_log(golden):
    golden("report.sarif", render(REPORT))


@pytest.mark.parametrize(("report", "fields"), REPORTS)
def test_github_takes_it(report, fields):
    assert_github_sarif(render(report, **fields))


def test_files_exist_in_the_checkout(tmp_path):
    for name, text in SOURCES.items():
        file = tmp_path / "infra" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert_github_sarif(render(REPORT, repository="/checkout", **EVERYTHING), root=tmp_path)


@pytest.mark.node
@pytest.mark.parametrize(("report", "fields"), REPORTS)
def test_log_is_what_the_sarif_schema_says(node_modules, report, fields):
    schema = read_schema(node_modules)
    Draft202012Validator(schema).validate(json.loads(render(report, **fields)))


@pytest.mark.node
def test_microsofts_validator_finds_no_error(node_modules, tmp_path):
    names = []
    for index, (report, fields) in enumerate(case.values for case in REPORTS):
        names.append(f"{index}.sarif")
        (tmp_path / names[-1]).write_text(render(report, **fields), encoding="utf-8")
    assert validate(tmp_path, names, node_modules=node_modules) == []


@pytest.mark.parametrize(
    ("version", "semantic"),
    [("1.2.3", "1.2.3"), ("1.2.3-rc.1+abc", "1.2.3-rc.1+abc"), ("1.2.3.dev4", None)],
)
def test_version(version, semantic):
    driver = run_of(CLEAN, version=version)["tool"]["driver"]
    assert driver["version"] == version
    assert driver.get("semanticVersion") == semantic


@pytest.mark.parametrize(
    ("category", "identity"),
    [("auditkit/terraform/", "auditkit/terraform/"), ("mine", "mine/"), ("a/b/7", "a/b/7")],
)
def test_category(category, identity):
    assert run_of(CLEAN, sarif_category=category)["automationDetails"]["id"] == identity


def test_results_are_there_even_if_there_are_none():
    assert results_of(CLEAN) == []


def test_all_rules_that_ran_are_there_whatever_was_found():
    ids = [item["id"] for item in run_of(CLEAN)["tool"]["driver"]["rules"]]
    assert ids == sorted(RULES)


def test_rule_that_only_a_finding_names_is_described():
    run = run_of(report_of(finding("drift-changed", "a.b", "m", severity=Severity.HIGH)))
    described = {item["id"]: item for item in run["tool"]["driver"]["rules"]}
    assert described["drift-changed"]["properties"]["security-severity"] == "8.0"


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "2.0"),
        (Severity.INFO, "note", None),
    ],
)
def test_severity(severity, level, score):
    report = report_of(finding("r", "a.b", "m", severity=severity))
    report = replace(report, rules={"r": rule("r", severity, "cost")})
    (described,) = run_of(report)["tool"]["driver"]["rules"]
    assert described["properties"].get("security-severity") == score
    assert described["defaultConfiguration"]["level"] == level
    assert result_of(report)["level"] == level


def test_help_has_all_that_one_needs_to_mend_it():
    described = run_of(REPORT)["tool"]["driver"]["rules"][1]
    text = described["help"]["markdown"]
    known = RULES["rds-storage-encrypted"]
    for part in (known.why, known.fix.advice, "replaces", "storage_encrypted = true", "CKV_AWS_16"):
        assert part in text
    assert "auditkit explain rds-storage-encrypted" in text
    assert described["helpUri"] == known.links[0]


def test_region_is_the_narrowest():
    region = result_of(report_of(NOT_ENCRYPTED))["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "startColumn": 23, "endLine": 4, "endColumn": 36}


def test_paths_start_from_the_top_of_the_checkout():
    report = report_of(NO_TAGS)
    assert place_of(result_of(report))[0] == "main.tf"
    assert place_of(result_of(report, repository="/checkout"))[0] == "infra/main.tf"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ü.tf", "a%20b/%C3%BC.tf"),
        ("c:d.tf", "c%3Ad.tf"),
        ("100%.tf", "100%25.tf"),
        ("./a/../b.tf", "b.tf"),
        ("a?b#c.tf", "a%3Fb%23c.tf"),
    ],
)
def test_paths_are_encoded(file, uri):
    report = report_of(finding("r", "a.b", "m", location=Location(file, 1, 1, 1, 2)))
    assert place_of(result_of(report))[0] == uri


def test_finding_in_a_downloaded_module_is_shown_at_the_call():
    result = result_of(report_of(NO_FLOW_LOGS))
    assert place_of(result) == ("main.tf", 6)
    assert ".terraform/modules/vpc/main.tf:1" in result["message"]["text"]


def test_finding_outside_of_the_checkout_is_shown_at_the_call():
    item = replace(NO_FLOW_LOGS, location=Location("../shared/main.tf", 1, 1, 1, 2))
    assert place_of(result_of(report_of(item))) == ("main.tf", 6)


def test_findings_without_a_file_are_shown_at_the_anchor_and_kept_apart():
    items = [finding("r", f"arn:aws:s3:::{name}", "m") for name in "ab"]
    results = results_of(report_of(*items), anchor="envs/prod/.auditkit.yaml")
    assert [place_of(result) for result in results] == [("envs/prod/.auditkit.yaml", 1)] * 2
    hashes = {result["partialFingerprints"]["primaryLocationLineHash"] for result in results}
    assert f"{hashlib.sha256(b'r|code|arn:aws:s3:::a|').hexdigest()[:16]}:1" in hashes
    assert len(hashes) == 2


def test_anchor_is_a_file_of_the_report_unless_one_is_named():
    live = finding("r", "arn:aws:s3:::b", "m")
    first, second = results_of(report_of(NO_TAGS, live))
    assert place_of(second) == ("main.tf", 1)
    assert place_of(result_of(report_of(live))) == (".auditkit.yaml", 1)


def test_fingerprint_is_githubs_own():
    result = result_of(report_of(NOT_ENCRYPTED))
    expected = hash_lines(SOURCES["modules/db/main.tf"])[3]
    assert result["partialFingerprints"]["primaryLocationLineHash"] == expected
    assert result["partialFingerprints"]["auditkitFindingHash/v1"] == NOT_ENCRYPTED.fingerprint


def test_fingerprint_of_a_file_that_cannot_be_read_does_not_hang_on_the_line():
    item = replace(NOT_ENCRYPTED, location=Location("gone.tf", 3, 1, 3, 9), chain=())
    moved = replace(item, location=Location("gone.tf", 9, 1, 9, 9))
    first, second = (result_of(report_of(it))["partialFingerprints"] for it in (item, moved))
    assert first == second


def test_findings_of_one_rule_on_one_line_are_one_alert():
    first = replace(NO_TAGS, message="`tags` lacks Owner")
    second = replace(NO_TAGS, message="`tags_all` lacks Owner", attribute="tags_all")
    text = result_of(report_of(first, second))["message"]["text"]
    assert first.message in text
    assert second.message in text


def test_findings_of_two_rules_on_one_line_are_two_alerts():
    assert len(results_of(report_of(NO_TAGS, NO_VERSIONING))) == 2


def test_message_links_to_the_stations_of_the_value():
    result = result_of(report_of(NOT_ENCRYPTED))
    assert "[`var.encrypted` is set by `module.db`](1)" in result["message"]["text"]
    assert [
        (item["id"], item["physicalLocation"]["artifactLocation"]["uri"])
        for item in result["relatedLocations"]
    ] == [(1, "main.tf"), (2, "variables.tf")]


def test_code_flow_leads_from_the_origin_to_the_finding():
    (flow,) = result_of(report_of(NOT_ENCRYPTED))["codeFlows"]
    (thread,) = flow["threadFlows"]
    uris = [
        step["location"]["physicalLocation"]["artifactLocation"]["uri"]
        for step in thread["locations"]
    ]
    assert uris == ["variables.tf", "main.tf", "modules/db/main.tf"]


def test_brackets_in_the_text_of_a_link_are_escaped():
    step = replace(NOT_ENCRYPTED.chain[0], text="local.sizes[0] is set")
    text = result_of(report_of(replace(NOT_ENCRYPTED, chain=(step,))))["message"]["text"]
    assert r"[local.sizes\[0\] is set](1)" in text


def test_text_that_looks_like_a_link_is_none():
    text = result_of(report_of(replace(OPEN_TO_ALL, message="see [this](1)")))["message"]["text"]
    assert "[this](1)" not in text


@pytest.mark.parametrize("item", [UNKNOWN_SIZE, WAIVED, PASSED])
def test_what_github_would_show_as_open_is_left_out(item):
    assert results_of(report_of(item)) == []


def test_unknown_verdicts_are_open_on_request_and_noted_otherwise():
    assert result_of(report_of(UNKNOWN_SIZE), show_all=True)["kind"] == "open"
    notes = run_of(REPORT)["invocations"][0]["toolExecutionNotifications"]
    assert "verdicts-unknown" in [note["descriptor"]["id"] for note in notes]


def test_waived_findings_are_suppressed_once_on_request():
    (suppression,) = result_of(report_of(WAIVED), include_waived=True)["suppressions"]
    assert suppression["justification"] == WAIVED.waiver


def test_waived_finding_does_not_merge_with_an_open_one():
    still_open = replace(NO_TAGS, rule=WAIVED.rule)
    results = results_of(report_of(still_open, WAIVED), include_waived=True)
    assert len({item["partialFingerprints"]["primaryLocationLineHash"] for item in results}) == 2


def test_baseline_state_is_told_when_there_is_a_baseline():
    states = [item["baselineState"] for item in results_of(report_of(NO_TAGS, KNOWN_BEFORE))]
    assert states == ["new", "unchanged"]
    assert "baselineState" not in result_of(report_of(NO_TAGS))


def test_problems_are_told_and_the_run_is_called_unsuccessful():
    (invocation,) = run_of(REPORT)["invocations"]
    assert invocation["executionSuccessful"] is False
    syntax, ignore, *_ = invocation["toolExecutionNotifications"]
    assert (syntax["descriptor"]["id"], syntax["level"]) == ("syntax", "error")
    assert (ignore["descriptor"]["id"], ignore["level"]) == ("ignore", "warning")
    assert run_of(CLEAN)["invocations"][0]["executionSuccessful"] is True


def test_more_results_than_github_keeps_are_cut_by_severity():
    many = [
        replace(NO_TAGS, severity=severity, location=Location(f"{n}.tf", 1, 1, 1, 2))
        for n, severity in enumerate([Severity.LOW, Severity.HIGH] * 3000)
    ]
    run = run_of(report_of(*many))
    levels = [result["level"] for result in run["results"]]
    assert (levels.count("error"), levels.count("note")) == (3000, 2000)
    (note, *_) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1,000 omitted")


def test_of_a_large_account_as_many_are_kept_as_github_keeps():
    severities = [Severity.LOW, Severity.HIGH, Severity.LOW]
    many = [
        finding(f"rule{number % 3}", f"arn:{number // 3:05}", "wrong", severity=severity)
        for number, severity in enumerate(severities * 4500)
    ]
    located = replace(NO_TAGS, severity=Severity.LOW, location=Location("a.tf", 1, 1, 1, 2))
    run = run_of(report_of(located, *many))
    levels = [result["level"] for result in run["results"]]
    assert (levels.count("error"), levels.count("note")) == (4500, 500)
    # The first ones of those that are as bad as each other, in the report's order.
    told = [
        (result["ruleId"], place["logicalLocations"][0]["fullyQualifiedName"])
        for result in run["results"]
        for place in result["locations"]
    ]
    lows = [one for one, level in zip(told, levels, strict=True) if level == "note"]
    assert (
        lows
        == [
            (located.rule, located.address),
            *((each.rule, each.address) for each in many if each.severity is Severity.LOW),
        ][:500]
    )
    assert [one for one in told if one not in set(lows)] == [
        (each.rule, each.address) for each in many if each.severity is Severity.HIGH
    ]
    (note, *_) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("8,501 omitted")
