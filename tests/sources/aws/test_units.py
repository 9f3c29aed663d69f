"""Regions of accounts as units of work: sent, spread, stopped and lost."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from auditkit.model import Problem
from auditkit.sources.aws.accounts import Account, Regions
from auditkit.sources.aws.collecting import Listed
from auditkit.sources.aws.selection import Selection
from auditkit.sources.aws.sessions import Access
from auditkit.sources.aws.units import Ended, Pace, read_units, units_of

ROLE = Access(role="arn:aws:iam::123456789012:role/Audit", external_id="x")
ACCOUNT = Account("123456789012", "aws", ROLE, "arn:aws:sts::123456789012:assumed-role/Audit/x")
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
TYPES = Selection(("aws_iam_group", "aws_kms_key"), {"aws_kms_key": frozenset({"id"})})


def units(*regions, is_all=False, account=ACCOUNT, selection=TYPES):
    return list(units_of(account, Regions(regions, is_all), selection, now=NOW, pace=Pace()))


def test_a_unit_is_small_and_can_be_sent():
    (unit,) = units("us-east-1")
    sent = pickle.dumps(unit)
    assert len(sent) < 2_000
    assert pickle.loads(sent) == unit


@pytest.mark.parametrize(
    ("regions", "is_all", "expected"),
    [
        (
            ("eu-west-1", "us-east-1"),
            True,
            {"us-east-1": {"aws_iam_group", "aws_kms_key"}, "eu-west-1": {"aws_kms_key"}},
        ),
        (
            ("eu-west-1",),
            False,
            {"us-east-1": {"aws_iam_group"}, "eu-west-1": {"aws_kms_key"}},
        ),
    ],
)
def test_global_types_are_read_in_the_home_region(regions, is_all, expected):
    found = units(*regions, is_all=is_all)
    told = {unit.place.region: {t for ts in unit.listings() for t in ts} for unit in found}
    assert told == expected
    limits = {unit.place.regions for unit in found}
    assert limits == {None if is_all else frozenset(regions)}


@pytest.mark.parametrize(
    ("partition", "home"),
    [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")],
)
def test_every_partition_has_a_home(partition, home):
    account = Account("123456789012", partition, ROLE, "")
    assert [unit.place.region for unit in units(home, account=account)] == [home]
    assert all(unit.place.is_home for unit in units(home, account=account))


def test_a_home_region_without_global_types_is_left_alone():
    only = Selection(("aws_kms_key",))
    assert [unit.place.region for unit in units("eu-west-1", selection=only)] == ["eu-west-1"]


class Losing:
    """An executor whose work never comes back."""

    def submit(self, function, unit):
        future = Future()
        future.set_exception(RuntimeError("the worker died"))
        return future


def test_what_a_cluster_loses_is_in_doubt():
    events = read_units(units("eu-west-1"), Losing(), stop=threading.Event(), is_local=False)
    told = [event for unit, event in events if unit.place.region == "eu-west-1"]
    problem, listed, ended = told
    assert isinstance(problem, Problem)
    assert problem.message.endswith("eu-west-1: what was read there was lost (RuntimeError)")
    assert isinstance(listed, Listed)
    assert listed.doubt is not None
    assert isinstance(ended, Ended)


def test_nothing_is_begun_after_a_stop():
    stop = threading.Event()
    stop.set()
    with ThreadPoolExecutor(1) as executor:
        events = list(read_units(units("eu-west-1"), executor, stop=stop))
    doubts = [event.doubt.cause for _, event in events if isinstance(event, Listed)]
    assert doubts == ["the run was interrupted"] * 2
    assert sum(isinstance(event, Ended) for _, event in events) == 2


def test_a_bug_of_ours_is_not_swallowed():
    broken = Selection(("aws_kms_key", "aws_nobody_knows"))
    (unit,) = units("us-east-1")
    from dataclasses import replace

    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyError):
        list(read_units([replace(unit, selection=broken)], executor, stop=threading.Event()))
