"""IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import LiveType

TYPES: tuple[LiveType, ...] = ()
