"""AWS as a table of answers, for what moto lacks; each is checked against the service's model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Union

import boto3
from botocore.config import Config
from botocore.exceptions import ParamValidationError
from botocore.validate import validate_parameters

from auditkit.model import Resource
from auditkit.sources.aws.calling import Reader
from auditkit.sources.aws.catalogue import live_types, operations
from auditkit.sources.aws.collecting import Collected, Place, Plan, collect

PLACE = Place("123456789012", "eu-west-1")
Answer = Union[Mapping[str, Any], str, Callable[[Mapping[str, Any]], Any]]
"""The answer, or AWS's error code, or a function from the arguments to one of them."""


class Answers:
    """A session whose clients answer from a table, and note in `asked` what they were asked.

    An operation that the table lacks is not authorized.
    """

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def client(self, service_name: str, *, region_name: str, config: Config) -> Any:
        """A client that never sends a request."""
        client = boto3.client(
            service_name,
            region_name=region_name,
            config=config,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

        def note(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
            context["given"] = dict(params)

        def answer(model: Any, context: Mapping[str, Any], **_: object) -> Any:
            operation = f"{service_name}:{model.name}"
            given = context["given"]
            self.asked.append((operation, given))
            told = self._answers.get(operation, "AccessDeniedException")
            if callable(told):
                told = told(given)
            if isinstance(told, str):
                return _Response(400), {"Error": {"Code": told, "Message": told}}
            try:
                validate_parameters(told, model.output_shape)
            except ParamValidationError as error:
                raise AssertionError(f"{operation} never answers so: {error}") from error
            return _Response(200), {**told, "ResponseMetadata": {}}

        client.meta.events.register("before-parameter-build", note)
        client.meta.events.register("before-call", answer)
        return client


class _Response:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def collect_from(session: Answers, *types: str) -> list[Collected]:
    """All that is collected of these types from such answers."""
    known = live_types()
    reader = Reader(session, allowed=operations())
    return list(collect(PLACE, Plan({name: known[name] for name in types}), reader))


def resources_from(answers: Mapping[str, Answer], *types: str) -> list[Resource]:
    """The resources of these types, as such answers tell them, sorted by type and address."""
    found = [each for each in collect_from(Answers(answers), *types) if isinstance(each, Resource)]
    return sorted(found, key=lambda each: (each.type, each.address))
