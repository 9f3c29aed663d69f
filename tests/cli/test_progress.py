"""The bar that shows how far a live run has come."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from auditkit.cli.progress import show_progress
from auditkit.sources.aws.collecting import Place
from auditkit.sources.aws.selection import Selection
from auditkit.sources.aws.sessions import Access
from auditkit.sources.aws.units import Unit

UNIT = Unit(
    Access(),
    Place("123456789012", "eu-west-1"),
    Selection(("aws_kms_key", "aws_kms_alias")),
    datetime(2026, 1, 1, tzinfo=timezone.utc),
)


@pytest.mark.parametrize("is_shown", [True, False])
def test_calls_are_counted_whether_anybody_looks_or_not(capsys, monkeypatch, is_shown):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with show_progress([UNIT], is_shown=is_shown) as progress:
        progress.called(UNIT, "kms:ListKeys")
        progress.called(UNIT, "kms:ListAliases")
        progress.listed()
    assert progress.calls == 2
    told = capsys.readouterr()
    assert told.out == ""
    if is_shown:
        assert "123456789012/eu-west-1 kms" in told.err
        assert "2 calls" in told.err
    else:
        assert told.err == ""
