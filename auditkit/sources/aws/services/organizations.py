"""organizations."""

from __future__ import annotations

from auditkit.sources.aws.declarations import LiveType

TYPES: tuple[LiveType, ...] = ()
