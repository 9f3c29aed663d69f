"""AWS as moto plays it, over HTTP: see the fixture `moto` in conftest.py."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.error import URLError

REGION = "us-east-1"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class MotoServer:
    """A server that knows of nothing at first, and keeps what it is told until `reset`."""

    endpoint: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes boto3, Terraform and auditkit take it for AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def reset(self) -> None:
        """Forget everything."""
        request = urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")
        urllib.request.urlopen(request, timeout=10).close()


@contextlib.contextmanager
def run_server() -> Iterator[MotoServer]:
    """A server in a process of its own, on a free port, for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "moto.server",
        "-H",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # Else the account owns some 1,300 snapshots, of the images that moto knows.
    kept["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    process = subprocess.Popen(
        command, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = MotoServer(f"http://127.0.0.1:{port}")
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(server: MotoServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.endpoint}/moto-api/", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("moto did not start")
