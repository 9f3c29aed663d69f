"""What a broken network, a broken service and a broken login leave of a run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from aws_proxy import Fault, Proxy, run_proxy
from botocore.config import Config
from losses import lies
from moto_server import REGION, MotoServer

from auditkit.model import Problem, Resource, Unknown
from auditkit.sources.aws.calling import Reader
from auditkit.sources.aws.catalogue import live_types, operations
from auditkit.sources.aws.collecting import Listed, Place, Plan, collect
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.permissions import action_of
from auditkit.sources.aws.policies import needed_calls

# A type for each protocol: rest-xml (as S3 speaks it, and as others do), json, ec2, rest-json.
TYPES = (
    "aws_s3_bucket",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_public_access_block",
    "aws_kms_key",
    "aws_kms_alias",
    "aws_ebs_volume",
    "aws_lambda_event_source_mapping",
    "aws_route53_zone",
)
OPERATIONS = (
    "s3:ListBuckets",
    "s3:GetBucketVersioning",
    "kms:ListKeys",
    "kms:DescribeKey",
    "ec2:DescribeVolumes",
    "lambda:ListEventSourceMappings",
    "route53:ListHostedZones",
    "resourcegroupstaggingapi:GetResources",
)
MOST_SECONDS = 20.0
# It keeps the service models that it has read.
SESSION = boto3.Session("testing", "testing", region_name=REGION)
PATIENT, IMPATIENT = (
    Config(
        retries={"mode": "standard", "total_max_attempts": 2},
        connect_timeout=seconds,
        read_timeout=seconds,
    )
    # Whatever else the machine is doing, moto answers within the first of them.
    for seconds in (30, 3)
)


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    resources: tuple[Resource, ...]
    problems: tuple[Problem, ...]
    gaps: dict[str, Unknown]
    seconds: float


class Session:
    """Clients for the proxy."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def client(self, service_name: str, **given: Any) -> Any:
        """A client."""
        return SESSION.client(service_name, endpoint_url=self._endpoint, **given)


@pytest.fixture(scope="module")
def proxy(moto: MotoServer) -> Iterator[Proxy]:
    moto.reset()
    session = Session(moto.endpoint)
    s3, kms, ec2 = (session.client(name) for name in ("s3", "kms", "ec2"))
    for name in ("logs-1", "logs-2"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(
            Bucket=name, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
        )
    for name in ("a", "b"):
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
        ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, Encrypted=True)
        session.client("route53").create_hosted_zone(Name=f"{name}.test", CallerReference=name)
    with run_proxy(moto.endpoint) as running:
        running.answers["kms:GetKeyLastUsage"] = b'{"TrackingStartDate": 1735689600}'
        yield running
    moto.reset()


def run(proxy: Proxy, *faults: Fault, types: Sequence[str] = TYPES) -> Run:
    proxy.clear()
    proxy.faults.extend(faults)
    config = IMPATIENT if any(fault.kind == "hung" for fault in faults) else PATIENT
    reader = Reader(Session(proxy.endpoint), allowed=operations(), config=config)
    known = live_types()
    started = time.monotonic()
    plan = Plan({name: known[name] for name in types})
    events = list(collect(Place("123456789012", REGION), plan, reader))
    return Run(
        tuple(event for event in events if isinstance(event, Resource)),
        tuple(event for event in events if isinstance(event, Problem)),
        {e.type: e.doubt for e in events if isinstance(e, Listed) and e.doubt is not None},
        time.monotonic() - started,
    )


@pytest.fixture(scope="module")
def whole(proxy: Proxy) -> Run:
    found = run(proxy)
    assert not found.problems
    assert {each.type for each in found.resources} >= set(TYPES) - {
        "aws_lambda_event_source_mapping"
    }
    assert not [name for name in proxy.asked() if name.startswith("?")]
    assert proxy.asked().keys() >= set(OPERATIONS)
    assert not proxy.duplicates()
    return found


def around(operation: str) -> list[str]:
    """The types that the operation tells something of, and one that it does not."""
    known = live_types()
    used = [
        name for name in TYPES if operation in {c.operation for c in needed_calls([known[name]])}
    ]
    return [*used, "aws_ebs_volume" if "aws_ebs_volume" not in used else "aws_kms_alias"]


def check(whole: Run, less: Run, operation: str) -> None:
    action = action_of(Call(operation))
    types = around(operation)
    expected = [each for each in whole.resources if each.type in types]
    assert not list(lies(expected, less.resources, less.gaps, action))
    assert any(action in problem.message for problem in less.problems)
    assert less.seconds < MOST_SECONDS


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "kind",
    ["denied", "throttled", "expired", "failed", "page", "error page", "truncated", "cut", "empty"],
)
def test_a_fault_leaves_a_gap_and_nothing_else(
    proxy: Proxy, whole: Run, kind: str, operation: str
) -> None:
    less = run(proxy, Fault(kind, operation), types=around(operation))
    check(whole, less, operation)


@pytest.mark.parametrize("operation", ["s3:GetBucketVersioning", "kms:ListKeys"])
def test_what_hangs_is_given_up(proxy: Proxy, whole: Run, operation: str) -> None:
    less = run(proxy, Fault("hung", operation), types=around(operation))
    check(whole, less, operation)
    assert any("got no answer" in problem.message for problem in less.problems)


@pytest.mark.parametrize("kind", ["throttled", "failed", "cut"])
def test_what_passes_is_tried_again(proxy: Proxy, whole: Run, kind: str) -> None:
    again = run(proxy, Fault(kind, "kms:DescribeKey", times=1))
    assert not again.problems
    assert not list(lies(whole.resources, again.resources, {}, "nothing"))


def test_a_dead_network_ends_the_run(proxy: Proxy) -> None:
    less = run(proxy, Fault("hung"))
    assert less.seconds < 2 * MOST_SECONDS
    assert {each.type for each in less.resources} == set(TYPES) == less.gaps.keys()
    assert all(each.doubt is not None for each in less.resources)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("denied", "was denied"),
        ("throttled", "throttled to the end"),
        ("expired", "the credentials expired"),
        ("page", "can't be read"),
        # botocore itself takes half of an answer of S3 for a failure of the server.
        ("truncated", r"can't be read|s3:\w+ failed \(500\)"),
    ],
)
def test_the_reason_is_told(proxy: Proxy, kind: str, word: str) -> None:
    less = run(proxy, Fault(kind))
    assert {each.type for each in less.resources} == set(TYPES)
    causes = [gap.cause for gap in less.gaps.values()] + [each.message for each in less.problems]
    assert [cause for cause in causes if not re.search(word, cause)] == []
