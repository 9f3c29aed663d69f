"""AWS as moto plays it, over HTTP: what the provider and boto3 talk to in tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest


@contextmanager
def moto_server() -> Iterator[Mapping[str, str]]:
    """Runs a server; the environment in which AWS is where it listens.

    Skips the test without moto.
    """
    with warnings.catch_warnings():
        # What moto imports warns of deprecations that are not ours.
        warnings.simplefilter("ignore")
        server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", port=0)
        server.start()
    try:
        host, port = server.get_host_and_port()
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
        }
    finally:
        server.stop()
