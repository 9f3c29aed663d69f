"""Asking AWS: a client that can only read, within its rate, and what its errors mean."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.expressions import Json
from auditkit.sources.aws.limits import Bucket, Fuse, rate_of
from auditkit.sources.aws.permissions import action_of
from auditkit.sources.aws.shapes import operation_model

DENIED = re.compile(
    r"AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|^Forbidden|^403$|AuthFailure"
)
_EXPIRED = re.compile(r"ExpiredToken|TokenRefreshRequired|RequestExpired")
_NOT_ENABLED = re.compile(
    r"OptInRequired|UnrecognizedClient|InvalidClientTokenId|SubscriptionRequired"
    r"|InvalidAccessKeyId|InvalidSecurity$|AuthorizationHeaderMalformed"
)
_THROTTLED = re.compile(
    r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimit|LimitExceeded"
    r"|PriorRequestNotComplete|TransactionInProgress|Rate exceeded"
)
_GONE = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExist|InvalidKeyPair\.Duplicate")
# What botocore takes for a code when an error has none: it does not come from AWS's service.
_CODELESS = re.compile(r"^4\d\d$")
_UNSUPPORTED = re.compile(
    r"UnknownOperation|InvalidAction|NotImplemented|UnsupportedOperation|UnsupportedAPI"
)


class Session(Protocol):
    """What clients are made with: a boto3 session with the credentials of one account."""

    def client(self, service_name: str, *, region_name: str, config: Config) -> Any:
        """A boto3 client."""


class Asking(Protocol):
    """What asks AWS: a `Reader`, or what stands between it and who wants to know."""

    def pages(self, call: Call, arguments: Mapping[str, Json], region: str) -> Iterator[Json]:
        """The answers, a page at a time.  Raises `Failure` when there is none."""


@dataclass(frozen=True, slots=True)
class Failure(Exception):
    """A call that told nothing."""

    kind: str
    """``denied``, ``throttled``, ``unavailable``, ``expired``, ``unsupported``, ``malformed``,
    ``unreachable``, ``gone`` or ``failed``."""
    action: str
    """The IAM action: ``kms:ListKeys``."""
    code: str
    """AWS's error code, or the name of our own exception."""
    region: str
    message: str = ""
    """What AWS said; it may hold anything, so nobody is shown it."""

    @property
    def cause(self) -> str:
        """Why, for the reader: ``kms:ListKeys was denied in eu-west-1``."""
        return f"{self.action} {_SAID[self.kind].format(code=self.code)} in {self.region}"


_SAID: Mapping[str, str] = {
    "denied": "was denied ({code})",
    "throttled": "was throttled to the end ({code})",
    "unavailable": "is not available ({code})",
    "expired": "failed because the credentials expired ({code})",
    "unsupported": "is not supported ({code})",
    "malformed": "was answered by something that can't be read ({code})",
    "unreachable": "got no answer ({code})",
    "gone": "found nothing ({code})",
    "failed": "failed ({code})",
}

CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 6},
    connect_timeout=10,
    read_timeout=60,
    max_pool_connections=32,
    user_agent_extra="auditkit",
)
"""How AWS is asked; more than six tries only keep a throttled account throttled."""
_WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""How long to wait, again and again, for what AWS prepares."""


class Reader:
    """Asks one account; its clients refuse everything but the operations in `allowed`.

    `observe`, if given, is told of each request, for the progress bar.  It is called by many
    threads at once.
    """

    def __init__(
        self,
        session: Session,
        *,
        allowed: frozenset[str],
        config: Config = CONFIG,
        max_rps: float = 0.0,
        observe: Callable[[str, str], object] | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._session = session
        self._allowed = allowed
        self._config = config
        self._observe = observe
        self._sleep = sleep
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._fuses: dict[tuple[str, str], Fuse[Failure]] = {}
        self._all = Bucket(max_rps) if max_rps else None

    def pages(self, call: Call, arguments: Mapping[str, Json], region: str) -> Iterator[Json]:
        """The answers, a page at a time.

        Raises `Failure` when there is none, also after some pages.
        """
        if call.starts:
            yield from self._prepared(call, arguments, region)
            return
        # A service that does not answer would hold up each of thousands of calls for minutes.
        fuses = self._fuse(call.client, region), self._fuse(call.operation, region)
        for fuse in fuses:
            if fuse.blown is not None:
                raise replace(fuse.blown, action=action_of(call))
        try:
            for page in self._asked(call, dict(arguments), region):
                for fuse in fuses:
                    fuse.held()
                yield page
        except Failure as failure:
            error = failure.__cause__
            if failure.kind == "unreachable" or isinstance(error, EndpointConnectionError):
                fuses[0].count(failure)
            elif failure.kind == "throttled" or _status_of(error) >= 500:
                fuses[1].count(failure)
            raise

    def _fuse(self, name: str, region: str) -> Fuse[Failure]:
        with self._lock:
            return self._fuses.setdefault((name, region), Fuse())

    def _asked(
        self, call: Call, arguments: dict[str, Json], region: str, *, is_last: bool = False
    ) -> Iterator[Json]:
        """The answers; whatever goes wrong is a `Failure`."""
        action = action_of(call)
        told = False
        try:
            client = self._client(call.client, region)
            for page in self._pages(client, call, dict(arguments), region):
                told = True
                yield page
        except ClientError as error:
            message = str(error.response.get("Error", {}).get("Message") or "")
            raise Failure(_kind_of(error), action, _code_of(error), region, message) from error
        except ResponseParserError as error:
            if told or is_last:
                raise Failure("malformed", action, "not what the API answers", region) from error
            # botocore tries again what was not answered, but not what was cut off.
            yield from self._asked(call, arguments, region, is_last=True)
        except EndpointConnectionError as error:
            raise Failure("unavailable", action, "no such endpoint", region) from error
        except (ConnectionError, HTTPClientError) as error:
            raise Failure("unreachable", action, type(error).__name__, region) from error
        except BotoCoreError as error:
            raise Failure("failed", action, type(error).__name__, region) from error

    def _prepared(self, call: Call, arguments: Mapping[str, Json], region: str) -> Iterator[Json]:
        """The answers of a call that tells what another one makes AWS prepare."""
        refused: Failure | None = None
        try:
            list(self.pages(Call(call.starts), {}, region))
        except Failure as failure:
            # What was prepared before may still be there.
            refused = failure
        asked = replace(call, starts="")
        for wait_seconds in (*_WAITS_SECONDS, None):
            try:
                yield from self.pages(asked, arguments, region)
            except Failure as failure:
                if failure.code not in call.pending:
                    raise
                if refused is not None:
                    raise refused from failure
                if wait_seconds is None:
                    raise
                self._sleep(wait_seconds)
            else:
                return

    def _pages(
        self, client: Any, call: Call, arguments: dict[str, Json], region: str
    ) -> Iterator[Json]:
        method = _method_name(client, call)
        if method is None:
            raise Failure("unsupported", action_of(call), "botocore is too old", region)
        if client.can_paginate(method):
            yield from client.get_paginator(method).paginate(**arguments)
            return
        request = getattr(client, method)
        given_as, told_in, told_as = _token_of(call)
        while True:
            page = request(**arguments)
            yield page
            given = (page.get(told_in) or {} if told_in else page).get(told_as)
            if not given or given == arguments.get(given_as):
                return
            arguments[given_as] = given

    def _before(self, region: str, model: Any) -> None:
        """What comes before each request: it is allowed, and it is its turn."""
        operation = f"{model.service_model.service_name}:{model.name}"
        if operation not in self._allowed:
            raise PermissionError(f"{operation} is no read that auditkit declares")
        with self._lock:
            bucket = self._buckets.get((operation, region))
            if bucket is None:
                bucket = self._buckets[operation, region] = Bucket(rate_of(operation))
        bucket.take()
        if self._all is not None:
            self._all.take()
        if self._observe is not None:
            self._observe(operation, region)

    def _client(self, name: str, region: str) -> Any:
        # To make a client is not safe in threads; to use one is.
        with self._lock:
            client = self._clients.get((name, region))
            if client is None:
                client = self._session.client(name, region_name=region, config=self._config)

                def before(model: Any, **_: object) -> None:
                    self._before(region, model)

                client.meta.events.register("before-call", before)
                client.meta.events.register("after-call", _check_answer)
                self._clients[name, region] = client
            return client


def _check_answer(http_response: Any, model: Any, **_: object) -> None:
    """Raises `ResponseParserError` for an answer that botocore takes for an empty one, and is not.

    It reads JSON that is cut off, or the page of a proxy, as a structure without members, which
    would mean that there is nothing.
    https://github.com/boto/botocore/blob/develop/botocore/parsers.py
    """
    if http_response.status_code != 200 or not _tells_in_body(model):
        return
    body: bytes = http_response.content.strip()
    if not body:
        raise ResponseParserError(f"{model.name} was answered without a body")
    if body[:14].lower().startswith((b"<html", b"<!doctype html")):
        raise ResponseParserError(f"{model.name} was answered with a page")
    if "json" in model.service_model.resolved_protocol:
        try:
            json.loads(body)
        except ValueError as error:
            raise ResponseParserError(f"{model.name} was answered with broken JSON") from error


@cache
def _tells_in_body(model: Any) -> bool:
    """Whether what an operation tells stands in the body of the answer, as a document."""
    shape = model.output_shape
    if shape is None or model.has_streaming_output:
        return False
    payload = shape.serialization.get("payload")
    if payload:
        return bool(shape.members[payload].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())


def _method_name(client: Any, call: Call) -> str | None:
    names: Mapping[str, str] = client.meta.method_to_api_mapping
    return next((method for method, name in names.items() if name == call.name), None)


_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("Marker", "NextMarker"),
    ("Marker", "Marker"),
    ("NextMarker", "NextMarker"),
    ("nextPageToken", "nextPageToken"),
    ("position", "position"),
    ("PaginationToken", "PaginationToken"),
    ("NextPageToken", "NextPageToken"),
    ("ContinuationToken", "NextContinuationToken"),
)


def _token_of(call: Call) -> tuple[str, str, str]:
    """The members of input and answer that lead to the next page; botocore does not know all.

    The one in the middle is the answer's member that has it, if it is not the answer itself, as
    with CloudFront's lists.  All are empty where there are no pages.
    """
    model = operation_model(call)
    if model.input_shape is None or model.output_shape is None:
        return "", "", ""
    inputs, outputs = model.input_shape.members, model.output_shape.members
    inner = [(name, getattr(shape, "members", ())) for name, shape in outputs.items()]
    for where, members in (("", outputs), *inner):
        for given, told in _TOKENS:
            if given in inputs and told in members:
                return given, where, told
    return "", "", ""


def _code_of(error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code") or "")
    # A code comes from the network, and reaches terminals and reports.
    return code[:80] if code.replace(".", "").replace("_", "").isalnum() else "no code"


def _status_of(error: BaseException | None) -> int:
    if not isinstance(error, ClientError):
        return 0
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status


def _kind_of(error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code") or "")
    status = _status_of(error)
    if _CODELESS.search(code) and status not in (401, 403):
        return "malformed"
    for pattern, kind in _KINDS:
        if pattern.search(code):
            return kind
    if status == 404:
        return "gone"
    return "denied" if status in (401, 403) else "failed"


_KINDS: Sequence[tuple[re.Pattern[str], str]] = (
    (_EXPIRED, "expired"),
    (_NOT_ENABLED, "unavailable"),
    (DENIED, "denied"),
    (_THROTTLED, "throttled"),
    (_UNSUPPORTED, "unsupported"),
    (_GONE, "gone"),
)

__all__ = ["CONFIG", "Asking", "Failure", "Reader", "Session"]
