"""Findings on disk are those that were given, in the report's order."""

from __future__ import annotations

import resource
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditkit.cli.spool import Spool
from auditkit.engine import merge
from auditkit.errors import AuditkitError
from auditkit.model import Finding, Location, Severity, Source, Unknown, Verdict

FOUND = Finding(
    rule="ebs-volume-encrypted",
    severity=Severity.HIGH,
    category="encryption",
    verdict=Verdict.FAIL,
    source=Source.LIVE,
    address="arn:aws:ec2:eu-west-1:123456789012:volume/vol-1",
    message="encrypted is false",
    aliases=("CKV_AWS_3",),
    attribute="encrypted",
    actual={"a": [False, None, 1.5]},
    expected="equals true",
    instances=("arn:aws:ec2:eu-west-1:123456789012:volume/vol-1",),
    fingerprint="0123",
    confidence="low",
    monthly_cost_usd=8.8,
    searched=("aws_instance (12)",),
)


def found(name: str, **fields: object) -> Finding:
    """A finding with an identity of its own."""
    named = replace(FOUND, address=name, instances=(name,), **fields)  # type: ignore[arg-type]
    return replace(named, fingerprint=f"{named.rule} {name}")


def spooled(*findings: Finding) -> Spool:
    spool = Spool()
    spool.add(findings)
    return spool


def test_nothing_of_a_finding_is_lost():
    assert list(spooled(FOUND)) == [FOUND]
    (unknown,) = spooled(replace(FOUND, actual={"a": Unknown("denied", sensitive=True)}))
    actual = unknown.actual["a"]
    assert (actual.cause, actual.sensitive) == ("denied", True)


NAMES = ("b", "a", "é", "z", "\ud800", "\U0001f600", "\uffff", "a\0b", "")


@pytest.mark.parametrize("batch", [1, 4, 100])
def test_the_order_is_that_of_a_report_in_memory(batch):
    every = [
        found(name, rule=rule, attribute=attribute)
        for rule in ("r2", "r1")
        for name in NAMES
        for attribute in ("tags", "[10]", "[9]")
    ]
    spool = Spool()
    for start in range(0, len(every), batch):
        spool.add(every[start : start + batch])
    assert tuple(spool) == merge(every)


def test_it_can_be_gone_through_while_it_is_gone_through():
    spool = spooled(*map(found, NAMES))
    assert [(one, list(spool)) for one in spool] == [(one, list(spool)) for one in list(spool)]


def test_what_comes_later_takes_its_place():
    spool = spooled(found("b"))
    assert len(list(spool)) == 1
    spool.add([found("a"), found("c")])
    assert [each.address for each in spool] == ["a", "b", "c"]


def test_an_object_that_was_read_twice_is_told_once():
    then = found("a", verdict=Verdict.UNKNOWN)
    every = [found("a"), then, found("a"), replace(found("a"), attribute="kms_key_id")]
    spool = Spool()
    for each in every:
        spool.add([each])
    assert tuple(spool) == merge(every)
    assert len(list(spool)) == 3
    assert len({each.fingerprint for each in spool}) == 3


def test_findings_of_code_come_first_and_those_of_states_between():
    place = Location("main.tf", 3, 1, 3, 9)
    code = found("aws_ebs_volume.z", location=place, block=place, source=Source.CODE)
    states = [found(name, source=Source.STATE) for name in ("aws_x.a", "zz.a")]
    live = [found(name) for name in ("arn:b", "arn:a", "aws_y/1/eu-west-1/k")]
    every = spooled(*live).among(merge([code, *states]))
    assert tuple(every) == merge([code, *states, *live]) == tuple(every)


def many(number: int) -> Iterator[Finding]:
    return (found(f"arn:aws:ec2:::volume/vol-{n:08}", message="x" * 500) for n in range(number))


def test_memory_does_not_grow_with_the_findings():
    spool = Spool()
    tracemalloc.start()
    try:
        spool.add(many(5_000))
        assert sum(1 for _ in spool) == 5_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_a_full_disk_is_told_in_a_line():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(AuditkitError, match=r"can't keep the findings on disk: .*TMPDIR"):
            spooled(*many(20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
