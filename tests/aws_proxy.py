"""A proxy between boto3 and moto: it writes down each request, and spoils those it is told to.

What is asked is recognised from the request alone, so any program that speaks to AWS can be looked
at.  The bodies of errors are those of each protocol:
https://smithy.io/2.0/aws/protocols/index.html
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.model import OperationModel

from auditkit.sources.aws.accounts import DISCOVERY
from auditkit.sources.aws.catalogue import operations
from auditkit.sources.aws.shapes import service_model

HANG_SECONDS = 30
_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_PARAMETER = re.compile(r"({\w+\+?})")
_CBOR = re.compile(r"/service/[^/]+/operation/(\w+)$")
_PAGE = (
    b"<html><head><title>Sign in</title></head><body>The network asks who you are.</body></html>"
)


@dataclass(frozen=True)
class Request:
    """What was asked, and how it was answered."""

    operation: str
    """``client:Operation``; ``?`` and the path if it was not recognised."""
    region: str
    parameters: str
    status: int


@dataclass
class Fault:
    """What is done to the requests for some operations."""

    kind: str
    """``denied``, ``throttled``, ``expired``, ``failed`` (500), ``page`` (of HTML, with 200),
    ``error page`` (with 503), ``truncated`` (half of the answer), ``cut`` (the connection ends in
    the answer), ``empty`` or ``hung``."""
    operations: str = "*"
    """A pattern for ``client:Operation``."""
    times: int = 1_000_000


@dataclass
class Proxy:
    """The proxy while it runs."""

    endpoint: str = ""
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    answers: dict[str, bytes] = field(default_factory=dict)
    """What operations are answered with that the server lacks."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget what was asked and what is to be spoilt."""
        self.requests.clear()
        self.faults.clear()

    def asked(self) -> Counter[str]:
        """How often each operation was asked."""
        return Counter(request.operation for request in self.requests)

    def duplicates(self) -> Mapping[Request, int]:
        """What was asked more than once although it had been answered."""
        answered = Counter(request for request in self.requests if request.status < 400)
        return {request: times for request, times in answered.items() if times > 1}

    def repeated(self) -> Sequence[Request]:
        """What was asked more than once, however it was answered."""
        asked = Counter((each.operation, each.region, each.parameters) for each in self.requests)
        return [
            each
            for each in self.requests
            if asked[each.operation, each.region, each.parameters] > 1
        ]

    def fault_for(self, operation: str) -> str:
        """The kind of fault for a request; empty if it is let through."""
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fnmatchcase(operation, fault.operations):
                    fault.times -= 1
                    return fault.kind
        return ""


class QuietServer(ThreadingHTTPServer):
    """A server whose clients may go away, which is no error to write of amid other tests."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: what matters of a request is in what the client makes of it."""


@contextlib.contextmanager
def run_proxy(target: str) -> Iterator[Proxy]:
    """A proxy before the server at `target`, on a free port, for as long as the block lasts."""
    proxy = Proxy()
    ended = threading.Event()

    class Handler(_Handler):
        pass

    Handler.proxy, Handler.target, Handler.ended = proxy, urlsplit(target).netloc, ended
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy
    target: str
    ended: threading.Event

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the proxy writes down what matters."""

    def handle_one_request(self) -> None:
        """One request of a connection that may end at any time."""
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = recognise(self.command, self.path, self.headers, body)
        fault = self.proxy.fault_for(asked.name)
        status, headers, answer = self._answer(fault, asked, body)
        self.proxy.requests.append(
            Request(asked.name, asked.region, _parameters(self.path, body), status)
        )
        if fault == "hung":
            self.ended.wait(HANG_SECONDS)
            self.close_connection = True
            return
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        half = answer[: len(answer) // 2]
        self.send_header("Content-Length", str(len(half if fault == "truncated" else answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(half if fault in ("truncated", "cut") else answer)
        if fault == "cut":
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _handle

    def _answer(
        self, fault: str, asked: Asked, body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if fault in ("", "truncated", "cut"):
            answer = self.proxy.answers.get(asked.name)
            return self._forward(body) if answer is None else (200, {}, answer)
        if fault in ("page", "error page"):
            return 200 if fault == "page" else 503, {"Content-Type": "text/html"}, _PAGE
        if fault in ("empty", "hung"):
            return 200, {}, b""
        return error(fault, asked)

    def _forward(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection(self.target, timeout=60)
        try:
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("connection", "transfer-encoding", "expect")
            }
            connection.request(self.command, self.path, body, kept)
            response = connection.getresponse()
            answer = response.read()
            left_out = ("content-length", "connection", "transfer-encoding", "date", "server")
            headers = {
                name: value for name, value in response.getheaders() if name.lower() not in left_out
            }
            return response.status, headers, answer
        finally:
            connection.close()


@dataclass(frozen=True)
class Asked:
    """The operation that a request is for."""

    name: str
    region: str
    model: OperationModel | None = None

    @property
    def protocol(self) -> str:
        """How it is spoken."""
        return "" if self.model is None else str(self.model.service_model.resolved_protocol)


def recognise(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """The operation that a signed request is for."""
    scope = _SCOPE.search(headers.get("Authorization") or "")
    if scope is None:
        return Asked(f"? {method} {path}", "")
    region, signing_name = scope.groups()
    for client in _clients(signing_name):
        name = _operation_name(client, method, path, headers, body)
        if name:
            model = service_model(client).operation_model(name)
            return Asked(f"{client}:{name}", region, model)
    return Asked(f"? {signing_name} {method} {path}", region)


@cache
def _clients(signing_name: str) -> tuple[str, ...]:
    clients = {operation.partition(":")[0] for operation in operations()}
    clients |= {call.client for call in DISCOVERY}
    return tuple(
        sorted(name for name in clients if service_model(name).signing_name == signing_name)
    )


def _operation_name(
    client: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> str:
    model = service_model(client)
    target = headers.get("X-Amz-Target")
    if target is not None:
        prefix, _, name = target.rpartition(".")
        return name if model.metadata.get("targetPrefix") == prefix else ""
    called = _CBOR.search(path)
    if called is not None:
        return called.group(1) if called.group(1) in model.operation_names else ""
    if (headers.get("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(body.decode()))
        is_own = form.get("Version") == model.api_version
        return form.get("Action", "") if is_own else ""
    return _by_path(client, method, path)


def _by_path(client: str, method: str, path: str) -> str:
    parts = urlsplit(path)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name, pattern, needed in _paths(client, method):
        if pattern.fullmatch(parts.path) and needed <= given.items():
            return name
    return ""


@cache
def _paths(client: str, method: str) -> list[tuple[str, re.Pattern[str], set[tuple[str, str]]]]:
    """The operations of a REST service, those with the narrowest paths first."""
    found = []
    model = service_model(client)
    for name in model.operation_names:
        shape = model.operation_model(name).http
        if shape["method"] != method:
            continue
        # A client for S3 takes it out of the model that all share, once it has made a request.
        bucket = "/{Bucket}" if "authPath" in shape else ""
        uri = urlsplit(bucket + shape["requestUri"])
        needed = set(parse_qsl(uri.query, keep_blank_values=True))
        fixed = len(_PARAMETER.sub("", uri.path))
        found.append((name, _pattern_of(uri.path), needed, fixed))
    found.sort(key=lambda row: (-len(row[2]), -row[3], row[0]))
    return [row[:3] for row in found]


def _pattern_of(path: str) -> re.Pattern[str]:
    """What matches ``/{Bucket}/{Key+}`` with anything in the place of its parameters."""
    pieces = (
        (".+" if piece.endswith("+}") else "[^/]+") if piece.startswith("{") else re.escape(piece)
        for piece in _PARAMETER.split(path)
    )
    return re.compile("".join(pieces) + "/?")


def _parameters(path: str, body: bytes) -> str:
    parts = urlsplit(path)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return f"{unquote(parts.path)} {query} {sorted(body.decode(errors='replace').split('&'))}"


_CODES = {
    "denied": {"ec2": "UnauthorizedOperation", "query": "AccessDenied", "rest-xml": "AccessDenied"},
    "throttled": {"ec2": "RequestLimitExceeded", "query": "Throttling", "rest-xml": "SlowDown"},
    "expired": {"ec2": "RequestExpired", "query": "ExpiredToken", "rest-xml": "ExpiredToken"},
    "failed": {"ec2": "InternalError", "query": "InternalFailure", "rest-xml": "InternalError"},
}
_JSON_CODES = {
    "denied": "AccessDeniedException",
    "throttled": "ThrottlingException",
    "expired": "ExpiredTokenException",
    "failed": "InternalServerError",
}
_STATUSES = {"denied": 403, "throttled": 400, "expired": 400, "failed": 500}


def error(kind: str, asked: Asked) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of an error as the operation's service would send it."""
    protocol = asked.protocol
    code = _CODES[kind].get(protocol, _JSON_CODES[kind])
    status = 503 if code == "SlowDown" else _STATUSES[kind]
    message = f"{kind} by the proxy"
    xml = {"Content-Type": "text/xml"}
    if protocol == "ec2":
        text = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
            "</Errors><RequestID>0</RequestID></Response>"
        )
        return status, xml, text.encode()
    if protocol in ("query", "rest-xml"):
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
        is_s3 = asked.name.startswith("s3:")
        text = f"{inner}</Error>" if is_s3 else f"<ErrorResponse>{inner}</Error></ErrorResponse>"
        return status, xml, text.encode()
    if protocol == "smithy-rpc-v2-cbor":
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return status, headers, _cbor({"__type": code, "message": message})
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return status, headers, json.dumps({"__type": code, "message": message}).encode()


def _cbor(texts: Mapping[str, str]) -> bytes:
    """https://www.rfc-editor.org/rfc/rfc8949: a map of short texts to short texts."""
    words: Iterable[Any] = (word.encode() for pair in texts.items() for word in pair)
    return bytes([0xA0 + len(texts)]) + b"".join(b"\x78" + bytes([len(w)]) + w for w in words)
