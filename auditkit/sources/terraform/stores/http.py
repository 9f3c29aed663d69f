"""States behind HTTP: of the ``http`` backend, and downloads of HCP Terraform.

https://developer.hashicorp.com/terraform/language/backend/http
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from auditkit import __version__
from auditkit.errors import SourceError
from auditkit.sources.terraform.documents import MAX_BYTES
from auditkit.sources.terraform.stores.store import Store, Stream

TIMEOUT_SECONDS = 30
"""How long a server may be silent."""
TOTAL_SECONDS = 600
"""How long a download may take."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_REASONS: Mapping[int, str] = {
    401: "access is denied: wrong or missing credentials",
    403: "access is denied",
    404: "there is no such state",
    423: "the state is locked",
}


def fetch_url(address: str, username: str, password: str) -> tuple[Store, Stream]:
    """The state that an HTTP backend keeps at `address`, with Basic authentication if given.

    Raises `SourceError` when it cannot be had.
    """
    parts = _split(address)
    username = unquote(parts.username or "") or username
    password = unquote(parts.password or "") or password
    headers = {}
    if username or password:
        text = base64.b64encode(f"{username}:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {text}"
    return Store(display_url(address), "http"), download(address, headers)


def download(address: str, headers: Mapping[str, str]) -> Stream:
    """What a GET request is answered with.

    Redirects are followed to the same scheme or to https, without credentials if the host is
    another.  Credentials are not sent in clear text, but to this machine itself.

    Raises `SourceError` when it is answered with an error, or not at all.
    """
    parts = _split(address)
    name = display_url(address)
    is_secure = parts.scheme == "https" or parts.hostname in _LOOPBACK
    if "Authorization" in headers and not is_secure:
        raise SourceError(f"{name}: credentials are not sent without https")
    url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = Request(url, headers={"User-Agent": f"auditkit/{__version__}"})
    for header, value in headers.items():
        request.add_header(header, value)
    try:
        response = build_opener(_Redirects).open(request, timeout=TIMEOUT_SECONDS)
    except HTTPError as error:
        error.close()
        reason = " ".join(f"the server answered {error.code} {error.reason}".split())
        raise SourceError(f"{name}: {_REASONS.get(error.code, reason)}") from error
    except URLError as error:
        raise SourceError(f"{name}: {' '.join(str(error.reason).split())}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise SourceError(f"{name}: {_one_line(error)}") from error
    return _Response(response, name)


def display_url(address: str) -> str:
    """The address without credentials, which may also stand in its query."""
    parts = urlsplit(address)
    netloc = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=netloc, query="", fragment="").geturl()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - it is only checked when it is asked for
    except ValueError as error:
        raise SourceError(f"{address.partition('?')[0]}: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{display_url(address)}: not an address of a state")
    return parts


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but not to less security, nor with credentials to another host."""

    max_redirections = 5

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """The request for the new address."""
        old, new = urlsplit(req.full_url), urlsplit(urljoin(req.full_url, newurl))
        if new.scheme not in (old.scheme, "https"):
            fp.close()
            raise URLError(f"it redirects to {new.scheme or 'nothing'}, which is not followed")
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request is not None and new.netloc != old.netloc:
            request.remove_header("Authorization")
        return request


class _Response:
    """The body of a response, whose errors are told as those of other states."""

    def __init__(self, response: HTTPResponse, name: str) -> None:
        self._response = response
        self._name = name
        self._end = time.monotonic() + TOTAL_SECONDS
        length = response.headers.get("Content-Length", "")
        if response.status == 204 or length == "0":
            response.close()
            raise SourceError(f"{name}: there is no state yet")
        if length.isdecimal() and int(length) > MAX_BYTES:
            response.close()
            raise SourceError(f"{name}: larger than {MAX_BYTES:,} bytes; it was not read")

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        if time.monotonic() > self._end:
            raise SourceError(f"{self._name}: it took longer than {TOTAL_SECONDS} s to read")
        try:
            # What is there already, so that a slow server cannot take all the time in one call.
            return self._response.read1(size)
        except (OSError, HTTPException) as error:
            raise SourceError(f"{self._name}: {_one_line(error)}") from error

    def close(self) -> None:
        """Lets go of the connection."""
        self._response.close()
