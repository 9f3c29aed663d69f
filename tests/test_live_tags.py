"""Tags of everything that live AWS can tell of: what the rules on tags make of it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown, Value, Verdict
from auditkit.rulepack import load_rules
from auditkit.rules.needs import needs
from auditkit.schema import schema_of
from auditkit.sources.aws.catalogue import live_types
from auditkit.sources.aws.selection import select

REQUIRED = load_rules(now=datetime(2026, 1, 1, tzinfo=timezone.utc)).rules["tags-required"]
ALL: dict[str, Value] = dict.fromkeys(("Environment", "Project", "Owner", "CostCenter"), "x")


def is_taggable(type: str) -> bool:
    schema = schema_of(type)
    assert schema is not None
    return "tags_all" in schema.attributes


TAGGABLE = [type for type in live_types() if is_taggable(type)]


def test_all_that_can_have_tags_is_asked_for_them() -> None:
    selection = select([needs(REQUIRED)])
    assert set(TAGGABLE) <= set(selection.types)
    assert selection.wanted is not None
    assert all("tags_all" in selection.wanted[type] for type in TAGGABLE)
    assert [type for type in TAGGABLE if not live_types()[type].tags] == []


@pytest.mark.parametrize("type", TAGGABLE)
def test_live_tags_are_judged(type: str) -> None:
    tags: list[Value] = [ALL, {}, Unknown("tag:GetResources was denied in eu-west-1")]
    resources = tuple(
        Resource(type, f"{type}/1/eu-west-1/{number}", {"tags_all": each}, Source.LIVE)
        for number, each in enumerate(tags)
    )
    inventory = link(Inventory(Source.LIVE, "111111111111", resources))
    findings = evaluate([REQUIRED], inventory, keep_passes=True).findings
    judged = {finding.address.rpartition("/")[2]: finding.verdict for finding in findings}
    assert judged == {"0": Verdict.PASS, "1": Verdict.FAIL, "2": Verdict.UNKNOWN}
