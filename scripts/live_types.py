"""Rewrites what is generated from the live catalogue: ``make docs``."""

from __future__ import annotations

import json

from auditkit.schema import OBSERVED
from auditkit.sources.aws.catalogue import live_types


def main() -> None:
    """Writes the names that rules may use under ``observed``."""
    OBSERVED.write_text(observed_text(), encoding="utf-8")


def observed_text() -> str:
    """What ``observed.json`` should hold: a type a line, sorted."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(sorted({*live.observed, *live.metrics}))}"
        for name, live in sorted(live_types().items())
        if live.observed or live.metrics
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
