from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditkit.model import Location
from auditkit.reporters import text
from reporters.samples import (
    BROKEN,
    CLEAN,
    KNOWN_BEFORE,
    NO_TAGS,
    NO_VERSIONING,
    NOT_ENCRYPTED,
    OPEN_TO_ALL,
    PASSED,
    REPORT,
    SOURCES,
    UNKNOWN_SIZE,
    WAIVED,
    finding,
    options,
    report_of,
)

ANSI = re.compile(r"\x1b\[[\d;]*m")


def render(report, **fields) -> str:
    return "".join(text.render(report, options(**fields)))


@pytest.mark.parametrize(
    ("name", "report", "fields"),
    [
        ("text/report.txt", REPORT, {}),
        ("text/all.txt", REPORT, {"show_all": True, "cwd": "/checkout"}),
        ("text/narrow-colour.txt", REPORT, {"colour": True, "width": 60}),
        ("text/clean.txt", CLEAN, {}),
    ],
)
def test_report(golden, name, report, fields):
    golden(name, render(report, **fields))


def test_colour_changes_nothing_but_colour():
    assert ANSI.sub("", render(REPORT, colour=True)) == render(REPORT)


@pytest.mark.parametrize("item", [UNKNOWN_SIZE, WAIVED, KNOWN_BEFORE, PASSED])
def test_what_is_not_an_open_failure_is_listed_on_request_alone(item):
    assert item.address not in render(report_of(item))
    assert item.address in render(report_of(item), show_all=True)


def test_waived_findings_are_listed_with_their_reason_on_request():
    shown = render(report_of(WAIVED, UNKNOWN_SIZE), include_waived=True)
    assert WAIVED.waiver in shown
    assert UNKNOWN_SIZE.address not in shown


def test_unknown_verdicts_are_counted_and_said_to_be_listed_by_all():
    assert "1 unknown" in render(REPORT)
    assert "--all" in render(REPORT)
    assert "--all" not in render(REPORT, show_all=True)


def test_findings_on_one_line_share_its_snippet():
    shown = render(report_of(NO_VERSIONING, NO_TAGS))
    assert shown.count('resource "aws_s3_bucket" "logs" {') == 1
    assert shown.count("main.tf:10:1") == 1


def test_findings_with_other_instances_do_not_share_a_place():
    other = replace(NO_TAGS, instances=NO_TAGS.instances[:1])
    assert render(report_of(NO_VERSIONING, other)).count("main.tf:10:1") == 2


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("a.b[0]", "a.b[1]", "a.b[2]"), "a.b[0] and 2 more: [1], [2]"),
        (('module.m["x"].a.b', 'module.m["y"].a.b'), 'module.m["x"].a.b and 1 more: ["y"]'),
        (("m[0].a.b[0]", "m[1].a.b[0]", "m[1].a.b[1]"), "m[0].a.b[0] and 2 more: [1], m[1].a.b[1]"),
        (("a.b", "a.c"), "a.b and 1 more: a.c"),
        (("a.b[0]", "a.c[1]"), "a.b[0] and 1 more: a.c[1]"),
    ],
)
def test_instances_are_named_in_short(names, shown):
    item = replace(NO_TAGS, address=names[0], instances=names)
    assert render(report_of(item)).splitlines()[0] == f"main.tf:10:1  {shown}"


def test_worst_finding_of_a_place_comes_first():
    shown = render(report_of(NO_TAGS, NO_VERSIONING))
    assert shown.index(NO_VERSIONING.rule) < shown.index(NO_TAGS.rule)


def test_many_instances_are_cut():
    names = tuple(f"module.m.aws_s3_bucket.b{number:02}" for number in range(40))
    item = replace(NO_TAGS, address=names[0], instances=names)
    first = render(report_of(item), width=300).splitlines()[0]
    assert "and 39 more: module.m.aws_s3_bucket.b01, module.m.aws_s3_bucket.b02" in first
    assert first.endswith("module.m.aws_s3_bucket.b05, …")
    narrow = render(report_of(item), width=80).splitlines()[0]
    assert len(narrow) <= 80
    assert narrow.endswith("…")


def test_value_that_the_message_does_not_say_is_shown():
    silent = replace(OPEN_TO_ALL, message="it is open")
    assert 'found ["10.0.0.0/8", "0.0.0.0/0"], expected no public range' in render(
        report_of(silent)
    )
    spoken = replace(OPEN_TO_ALL, message="is [], expected no public range")
    assert "found" not in render(report_of(spoken)).split("1 finding")[0]


def test_chain_names_every_station():
    shown = render(report_of(NOT_ENCRYPTED))
    assert "`var.encrypted` is set by `module.db` ← main.tf:3:15\n" in shown
    assert "`var.encrypted` has its default ← variables.tf:2:13\n" in shown


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\u202e", "\u2066", "\x07", "\r", "\u200b", "\x9b0m"]
)
def test_nothing_from_the_input_reaches_the_terminal_raw(hostile):
    address = f"aws_s3_bucket.{hostile}"
    item = finding(
        f"rule{hostile}",
        address,
        f"message {hostile}",
        location=Location(f"{hostile}.tf", 1, 1, 1, 9),
        instances=(address, address + "x"),
        expected=f"not {hostile}",
        actual=f"is {hostile}",
        chain=(replace(NOT_ENCRYPTED.chain[0], text=f"step {hostile}"),),
    )
    problem = replace(BROKEN, kind=f"k{hostile}", message=f"m {hostile}", snippet=f"s {hostile}")
    report = report_of(item, problems=(problem,))
    report = replace(report, coverage=replace(report.coverage, notes=(f"note {hostile}",)))
    sources = {**SOURCES, f"{hostile}.tf": f"line {hostile}", "broken.tf": None}
    shown = "".join(text.render(report, replace(options(), read_source=sources.get)))
    assert hostile not in shown
    assert "message" in shown


def test_long_line_does_not_pass_the_width():
    line = 'policy = "' + "x" * 5000 + '"'
    item = finding("r", "a.b", "m", location=Location("long.tf", 1, 10, 1, len(line)))
    shown = "".join(
        text.render(report_of(item), replace(options(width=80), read_source={"long.tf": line}.get))
    )
    assert max(map(len, shown.splitlines())) == 80


def test_finding_without_a_file_is_shown_with_its_address():
    item = finding("r", "arn:aws:s3:::bucket", "is public")
    assert render(report_of(item)).startswith("arn:aws:s3:::bucket\n  medium   r: is public\n")


def test_finding_in_an_unreadable_file_is_shown_without_code():
    item = finding("r", "a.b", "m", location=Location("gone.tf", 3, 1, 3, 9))
    assert render(report_of(item)).startswith("gone.tf:3:1  a.b\n  medium   r: m\n")


def test_paths_are_relative_to_the_working_directory():
    assert "\n../infra/main.tf:10:1  " in "\n" + render(report_of(NO_TAGS), cwd="/checkout/docs")


def test_incomplete_run_says_so():
    assert "Incomplete: findings may be missing because of 1 problem above." in render(REPORT)
    assert "Incomplete" not in render(CLEAN)
    assert "Incomplete: findings may be missing." in render(replace(CLEAN, complete=False))
