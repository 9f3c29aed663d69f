"""Slips of the pen that an expression of a declaration may have, and no shape tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jmespath
import pytest

from auditkit.sources.aws.catalogue import SERVICES
from auditkit.sources.aws.declarations import LiveType

EVERY = [live for types in SERVICES.values() for live in types]


def expressions(live: LiveType) -> Iterator[str]:
    """Each expression of a declaration, and of the calls in it."""
    yield from (live.id, live.arn, live.tags, live.only, live.owned_by_aws, live.region)
    yield from live.attributes.values()
    yield from live.observed.values()
    for call in (live.listing, *live.completing):
        yield from (call.take, call.when, call.key, call.by, *call.arguments.values())


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node["children"]:
        if isinstance(child, dict):
            yield from nodes(child)


@pytest.mark.parametrize("live", EVERY, ids=lambda live: live.type)
def test_a_negation_is_of_the_whole_path(live: LiveType) -> None:
    # JMESPath takes `!a.b` for `(!a).b`, which is always null.
    for text in filter(None, expressions(live)):
        for node in nodes(jmespath.compile(text).parsed):
            if node["type"] in ("subexpression", "index_expression"):
                assert node["children"][0]["type"] != "not_expression", f"{text}: write !(a.b)"
