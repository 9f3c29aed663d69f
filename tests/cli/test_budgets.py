"""What a live scan asks of AWS and takes of memory, held against what we promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from aws_proxy import run_proxy
from moto_server import REGION

CHECKOUT = Path(__file__).resolve().parents[2]
SERVICES = ("s3", "kms", "ec2", "iam")
MOST_MB = 150
# They go to a host with the account's number before its name, which nobody resolves here.
UNSEEN_CALLS = len(("s3control:GetPublicAccessBlock", "s3control:ListAccessPoints"))

# It runs the program and says how it ended and what its peak memory was.  A process of its own,
# and a small one: Linux counts the memory of the parent into the peak of a child.
MEASURE = """\
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


def fill(number):
    """So many each of buckets, keys, security groups, volumes and users."""
    import boto3

    s3, kms, ec2, iam = (boto3.client(name) for name in SERVICES)
    for index in range(number):
        s3.create_bucket(Bucket=f"budget-{index}")
        kms.create_key()
        ec2.create_security_group(GroupName=f"budget-{index}", Description="-")
        ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)
        iam.create_user(UserName=f"budget-{index}")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
@pytest.mark.parametrize(("number", "most_calls"), [(5, 110), (205, 2500)])
def test_calls_and_memory(aws, project, number, most_calls):
    aws.reset()
    fill(number)
    program = (sys.executable, "-m", "auditkit", "scan", "--live", "--regions", REGION)
    with run_proxy(aws.endpoint) as proxy:
        run = subprocess.run(
            [sys.executable, "-c", MEASURE, *program, "--services", ",".join(SERVICES), "--strict"],
            env={**os.environ, "AWS_ENDPOINT_URL": proxy.endpoint, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
            check=True,
        )
    code, peak_kb = map(int, run.stdout.split())
    # Strictly, for moto lacks a few things, which the scan says.
    assert code == 3, run.stderr
    asked = proxy.asked()
    assert asked["s3:GetBucketPolicy"] == asked["kms:DescribeKey"] == number
    assert not [name for name in asked if name.startswith("?")]
    assert asked.total() + UNSEEN_CALLS <= most_calls, asked
    # What moto answers with an error of its own is tried again, and nothing else.
    assert not proxy.duplicates()
    assert {request.status for request in proxy.repeated()} <= {500}
    assert peak_kb <= MOST_MB * 1024
