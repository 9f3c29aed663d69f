"""How fast AWS may be asked, so that a scan does not take its quota from what the account runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

RATES: Mapping[str, float] = {
    # https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
    "kms:DescribeKey": 100.0,
    "kms:ListGrants": 50.0,
    "kms:GetKeyRotationStatus": 50.0,
    "kms:GetKeyPolicy": 50.0,
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    "logs:DescribeLogStreams": 20.0,
    "logs:DescribeLogGroups": 8.0,
    "logs:DescribeSubscriptionFilters": 2.5,
    "logs:DescribeMetricFilters": 2.5,
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    "cloudwatch:GetMetricData": 20.0,
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
    "route53:*": 4.0,
    "organizations:*": 4.0,
    "cloudfront:*": 8.0,
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    "apigateway:*": 5.0,
    "s3:*": 100.0,
    # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
    "ec2:*": 10.0,
    "ce:*": 1.0,
    "config:*": 5.0,
}
"""Requests a second for an operation, or for each one of a client; half of the published quota."""
DEFAULT_RATE = 15.0
"""Requests a second for an operation that `RATES` does not name."""
_BURST_SECONDS = 2.0
FAILURES_IN_A_ROW = 5
"""After so many, what fails slowly is not tried again."""

_Cause = TypeVar("_Cause")


def rate_of(operation: str) -> float:
    """How often a second ``client:Operation`` is asked at most, in one account and region."""
    client = operation.partition(":")[0]
    return RATES.get(operation) or RATES.get(f"{client}:*", DEFAULT_RATE)


class Bucket:
    """A token bucket: `take` waits until there is a token; tokens come at a steady rate.

    `clock` tells seconds, and `sleep` waits for so many.
    """

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._rate = rate
        self._most = max(1.0, rate * _BURST_SECONDS)
        self._tokens = self._most
        self._clock = clock
        self._sleep = sleep
        self._filled = clock()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take a token, waiting for it if need be; those who wait are served in their order."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._most, self._tokens + (now - self._filled) * self._rate)
            self._filled = now
            self._tokens -= 1
            wait = -self._tokens / self._rate
        if wait > 0:
            self._sleep(wait)


class Fuse(Generic[_Cause]):
    """Remembers what failed several times in a row, each time after long waits.

    Many threads may use it at once.
    """

    def __init__(self, most: int = FAILURES_IN_A_ROW) -> None:
        self._left = self._most = most
        self.blown: _Cause | None = None
        """Why there is no point in trying again; it stays so."""

    def count(self, cause: _Cause) -> None:
        """Takes note of a failure."""
        self._left -= 1
        if self._left <= 0 and self.blown is None:
            self.blown = cause

    def held(self) -> None:
        """Takes note of a success, after which failures are counted anew."""
        self._left = self._most
