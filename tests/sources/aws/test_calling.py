"""The client that can only read: what its errors mean, and when it stops asking."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from auditkit.sources.aws.calling import Failure, Reader
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.limits import FAILURES_IN_A_ROW, Fuse

KEYS = Call("kms:ListKeys", take="Keys")
ALIASES = Call("kms:ListAliases", take="Aliases")


class Scripted:
    """A session whose clients do what they are told, and count how often."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked = 0

    def client(self, service_name: str, **_: object) -> Any:
        """A client of KMS."""
        events = SimpleNamespace(register=lambda *_: None)
        names = {"list_keys": "ListKeys", "list_aliases": "ListAliases"}
        meta = SimpleNamespace(events=events, method_to_api_mapping=names)
        return SimpleNamespace(
            meta=meta,
            can_paginate=lambda _: False,
            list_keys=self._answer,
            list_aliases=self._answer,
        )

    def _answer(self, **_: object) -> Any:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def failing(code: str, status: int = 400) -> ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "ListKeys")  # type: ignore[arg-type]


def ask(reader: Reader, call: Call = KEYS, region: str = "eu-west-1") -> str:
    """The kind of failure."""
    with pytest.raises(Failure) as raised:
        list(reader.pages(call, {}, region))
    assert raised.value.action == call.operation
    return raised.value.kind


def reader_of(session: Scripted) -> Reader:
    return Reader(session, allowed=frozenset())


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDeniedException", 400, "denied"),
        ("UnauthorizedOperation", 403, "denied"),
        ("", 403, "denied"),
        ("403", 403, "denied"),
        ("ThrottlingException", 400, "throttled"),
        ("RequestLimitExceeded", 503, "throttled"),
        ("ExpiredToken", 400, "expired"),
        ("UnrecognizedClientException", 400, "unavailable"),
        ("NotFoundException", 404, "gone"),
        ("UnknownOperationException", 404, "unsupported"),
        # The page of some proxy, not AWS's word that there is none.
        ("404", 404, "malformed"),
        ("500", 500, "failed"),
        ("InternalFailure", 500, "failed"),
    ],
)
def test_what_a_code_means(code, status, kind):
    assert ask(reader_of(Scripted(failing(code, status)))) == kind


def test_a_service_that_hangs_is_not_asked_for_ever():
    session = Scripted(ReadTimeoutError(endpoint_url="https://kms"))
    reader = reader_of(session)
    for _ in range(3 * FAILURES_IN_A_ROW):
        assert ask(reader) == "unreachable"
    assert session.asked == FAILURES_IN_A_ROW
    assert ask(reader, ALIASES) == "unreachable"
    assert session.asked == FAILURES_IN_A_ROW
    # Another region may do better.
    ask(reader, region="eu-west-3")
    assert session.asked == FAILURES_IN_A_ROW + 1


@pytest.mark.parametrize("error", [failing("ThrottlingException"), failing("InternalFailure", 500)])
def test_an_operation_that_always_fails_slowly_is_not_asked_for_ever(error):
    session = Scripted(error)
    reader = reader_of(session)
    for _ in range(3 * FAILURES_IN_A_ROW):
        ask(reader)
    assert session.asked == FAILURES_IN_A_ROW
    ask(reader, ALIASES)
    assert session.asked == FAILURES_IN_A_ROW + 1


def test_what_is_denied_is_asked_for_each_object():
    session = Scripted(failing("AccessDenied"))
    reader = reader_of(session)
    for _ in range(3 * FAILURES_IN_A_ROW):
        assert ask(reader) == "denied"
    assert session.asked == 3 * FAILURES_IN_A_ROW


def test_an_answer_in_between_counts():
    fuse = Fuse[str](2)
    fuse.count("first")
    fuse.held()
    fuse.count("second")
    assert fuse.blown is None
    fuse.count("third")
    fuse.count("fourth")
    assert fuse.blown == "third"
