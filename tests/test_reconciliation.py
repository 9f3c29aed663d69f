"""Code, plan and state of one block: what is told, and by whom."""

from __future__ import annotations

import pytest

from auditkit.engine import Evaluation
from auditkit.model import Finding, Location, Severity, Source, Verdict
from auditkit.reconciliation import reconcile

CODE, PLAN, STATE = Source.CODE, Source.PLAN, Source.STATE
PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
BLOCK = Location("main.tf", 1, 1, 9, 2)


def finding(source, verdict, address="aws_vpc.v", line=2, block=BLOCK):
    return Finding(
        rule="r",
        severity=Severity.HIGH,
        category="network",
        verdict=verdict,
        source=source,
        address=address,
        message="",
        location=block and Location("main.tf", line, 1, line, 9),
        block=block,
        instances=(address,),
    )


def evaluation(source, *verdicts, **options):
    """What a source says of one block: a finding for each verdict but a pass."""
    findings = [finding(source, each, **options) for each in verdicts if each is not PASS]
    passed = {"r": frozenset({("main.tf", 1, 1)})} if PASS in verdicts else {}
    return source, Evaluation(tuple(findings), len(verdicts), passed)


def told(*judged):
    return {
        (each.source.value, each.verdict.label)
        for evaluation in reconcile(judged)
        for each in evaluation.findings
    }


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        # One source speaks for itself.
        ({CODE: [FAIL]}, {("code", "fail")}),
        ({STATE: [UNKNOWN, FAIL]}, {("state", "unknown"), ("state", "fail")}),
        # The plan knows what code leaves open, and with which values.
        ({CODE: [UNKNOWN], PLAN: [FAIL]}, {("plan", "fail")}),
        ({CODE: [UNKNOWN], PLAN: [PASS]}, set()),
        ({CODE: [FAIL], PLAN: [PASS]}, set()),
        ({CODE: [FAIL], PLAN: [FAIL]}, {("plan", "fail")}),
        ({CODE: [UNKNOWN], PLAN: [UNKNOWN]}, {("plan", "unknown")}),
        ({CODE: [FAIL], PLAN: [UNKNOWN]}, {("code", "fail")}),
        ({CODE: [FAIL], PLAN: [PASS, UNKNOWN]}, {("code", "fail")}),
        ({CODE: [PASS], PLAN: [FAIL]}, {("plan", "fail")}),
        # The plan says nothing of the block: it is of another root module, or of fewer resources.
        ({CODE: [FAIL], PLAN: []}, {("code", "fail")}),
        # A state is of another time.
        ({CODE: [FAIL], STATE: [FAIL]}, {("code", "fail")}),
        ({CODE: [FAIL], STATE: [PASS]}, {("code", "fail")}),
        ({CODE: [PASS], STATE: [FAIL]}, {("state", "fail")}),
        ({CODE: [UNKNOWN], STATE: [FAIL]}, {("state", "fail")}),
        ({CODE: [UNKNOWN], STATE: [PASS]}, {("code", "unknown")}),
        ({PLAN: [PASS], STATE: [FAIL]}, {("state", "fail")}),
        ({CODE: [UNKNOWN], PLAN: [UNKNOWN], STATE: [FAIL]}, {("state", "fail")}),
        ({CODE: [FAIL], PLAN: [FAIL], STATE: [FAIL]}, {("plan", "fail")}),
    ],
)
def test_who_speaks(verdicts, expected):
    assert told(*(evaluation(source, *each) for source, each in verdicts.items())) == expected


def test_failures_of_one_line_have_the_instances_of_all_sources():
    code = evaluation(CODE, FAIL, address="aws_vpc.v[0]")
    state = evaluation(STATE, FAIL, address="aws_vpc.v[1]")
    (told,) = (each for every in reconcile([code, state]) for each in every.findings)
    assert (told.source, told.instances) == (CODE, ("aws_vpc.v[0]", "aws_vpc.v[1]"))


def test_failures_of_several_lines_stay_apart():
    code = evaluation(CODE, FAIL, line=2)
    state = evaluation(STATE, FAIL, line=3)
    assert told(code, state) == {("code", "fail"), ("state", "fail")}


def test_without_a_block_every_source_speaks_for_itself():
    plan = evaluation(PLAN, FAIL, block=None)
    state = evaluation(STATE, FAIL, UNKNOWN, block=None)
    assert told(plan, state) == {("plan", "fail"), ("state", "fail"), ("state", "unknown")}


def test_a_pass_that_is_listed_is_listed_once():
    def listed(source):
        return source, Evaluation(
            (finding(source, PASS),), 1, {"r": frozenset({("main.tf", 1, 1)})}
        )

    assert told(listed(CODE), listed(PLAN), listed(STATE)) == {("plan", "pass")}


def test_two_states_are_both_heard():
    first, second = evaluation(STATE, FAIL), evaluation(STATE, UNKNOWN)
    assert told(first, second) == {("state", "fail"), ("state", "unknown")}
