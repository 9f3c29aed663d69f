"""Findings as they may be shown: without the secrets that they are about."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model import Finding
from auditkit.redaction import MASK, mask_text, mask_value
from auditkit.reporters.hcl import format_value

_RECOGNISABLE = 6
"""From how many characters on a secret is looked for in a message even without quotes."""


def hide_secrets(finding: Finding) -> Finding:
    """`finding` with secrets masked in what it found, and in the message that quotes it."""
    actual = finding.actual
    if actual is None or isinstance(actual, bool | int | float):
        message = mask_text(finding.message)
        return finding if message == finding.message else replace(finding, message=message)
    masked = mask_value(actual, finding.attribute)
    message = finding.message
    if isinstance(actual, str) and masked == MASK:
        message = message.replace(format_value(actual), f'"{MASK}"')
        if len(actual) >= _RECOGNISABLE:
            message = message.replace(actual, MASK)
    return replace(finding, actual=masked, message=mask_text(message))
