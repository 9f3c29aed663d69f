"""What AWS or the provider assumes where a configuration says nothing."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.model import Value

DEFAULTS: Mapping[str, Mapping[str, Value]] = {}
