"""``python -m benchmarks.estate``: AWS accounts of any size, as moto plays them, over HTTP.

They are filled inside of the server, which takes a thousandth of the time that calls would take.
The path ``/benchmark/calls`` tells how many requests came, besides those for it.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

ACCOUNTS = ("123456789012", "210987654321", "345678901234")
REGIONS = ("us-east-1", "eu-west-1")
COUNT_PATH = "/benchmark/calls"


@dataclass(frozen=True, slots=True)
class Size:
    """How many objects there are, over all accounts and regions."""

    buckets: int = 0
    groups: int = 0
    keys: int = 0
    volumes: int = 0
    users: int = 0


def fill(size: Size, accounts: Sequence[str], regions: Sequence[str]) -> None:
    """Puts so many objects into moto, as many into each account and region as into any other."""
    from moto.ec2.models import ec2_backends
    from moto.iam.models import iam_backends
    from moto.kms.models import kms_backends
    from moto.s3.models import s3_backends

    places = [(account, region) for account in accounts for region in regions]
    for number in range(size.buckets):
        account, region = places[number % len(places)]
        s3_backends[account]["aws"].create_bucket(f"estate-{number}", region)
    for number in range(size.groups):
        account, region = places[number % len(places)]
        backend = ec2_backends[account][region]
        vpc = next(iter(backend.vpcs))
        group = backend.create_security_group(f"estate-{number}", "Of the benchmark", vpc_id=vpc)
        backend.authorize_security_group_ingress(
            group.id, "tcp", "443", "443", [{"CidrIp": "10.0.0.0/8"}]
        )
    for number in range(size.keys):
        account, region = places[number % len(places)]
        kms_backends[account][region].create_key(
            policy="",
            key_usage="ENCRYPT_DECRYPT",
            key_spec="SYMMETRIC_DEFAULT",
            description=f"estate-{number}",
            tags=[],
        )
    for number in range(size.volumes):
        account, region = places[number % len(places)]
        ec2_backends[account][region].create_volume(size=1, zone_name=f"{region}a")
    for number in range(size.users):
        account, _ = places[number % len(places)]
        iam_backends[account]["aws"].create_user("us-east-1", f"estate-{number}")


class Counting:
    """A WSGI application around another one, which counts the requests."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._calls = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer."""
        if environ["PATH_INFO"] == COUNT_PATH:
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(self._calls).encode()]
        with self._lock:
            self._calls += 1
        return self._application(environ, start)


def main() -> None:
    """Fills the accounts, prints the port and serves until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in Size.__slots__:
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--accounts", type=int, default=1)
    parser.add_argument("--regions", type=int, default=1)
    options = parser.parse_args()
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    size = Size(**{name: getattr(options, name) for name in Size.__slots__})
    fill(size, ACCOUNTS[: options.accounts], REGIONS[: options.regions])
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, Counting(application), threaded=True)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
