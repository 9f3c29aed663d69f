"""``--executor dask://…``: accounts and regions on the workers of a cluster."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
import time

import pytest

from auditkit.cli import executors
from cli.test_live import TYPES

distributed = pytest.importorskip("distributed", reason="pip install distributed")

# What the library leaves open, and calls by old names, is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

REGIONS = ("us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "eu-north-1", "sa-east-1")
GIVEN = ("--regions", ",".join(REGIONS), "--types", ",".join(TYPES), "-f", "json")


@pytest.fixture
def cluster(aws):
    """Two workers, each a process that works on one region at a time."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


def kill_a_busy_worker(cluster, killed):
    """Ends the first worker that has begun something."""
    end = time.monotonic() + 60
    while not killed and time.monotonic() < end:
        for worker in list(cluster.workers.values()):
            state = cluster.scheduler.workers.get(worker.worker_address)
            if state is not None and state.processing:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGKILL)
                    killed.append(worker.pid)
                break
        time.sleep(0.01)


def test_a_killed_worker_loses_nothing(cluster, auditkit):
    alone = json.loads(auditkit("scan", "--live", *GIVEN).out)
    killed: list[int] = []
    killer = threading.Thread(target=kill_a_busy_worker, args=(cluster, killed))
    killer.start()
    address = cluster.scheduler_address.replace("tcp://", "dask://")
    result = auditkit("scan", "--live", *GIVEN, "--executor", address)
    killer.join()
    assert killed
    spread = json.loads(result.out)
    assert spread["findings"] == alone["findings"]
    assert spread["coverage"] == alone["coverage"]
    assert spread["problems"] == alone["problems"]


def test_no_scheduler(aws, auditkit, monkeypatch):
    monkeypatch.setattr(executors, "_CONNECT_SECONDS", 1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = auditkit("scan", "--live", *GIVEN, "--executor", f"dask://127.0.0.1:{port}")
    assert result.code == 2
    assert "no scheduler answers there" in result.err
