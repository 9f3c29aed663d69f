"""Findings as they may be shown: without the secrets that they are about."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model import Finding
from auditkit.redaction import MASK, mask_text, mask_value
from auditkit.reporters.hcl import format_value

_RECOGNISABLE = 6
"""From how many characters on a secret is looked for in a message even without quotes."""


def hide_secrets(finding: Finding) -> Finding:
    """`finding` with secrets masked in what it found, and in the message that quotes it.

    Whoever made the finding has seen to it already; this is for the one who forgot.
    """
    actual = mask_value(finding.actual, finding.attribute)
    message = finding.message
    if actual == MASK and isinstance(finding.actual, str):
        message = message.replace(format_value(finding.actual), f'"{MASK}"')
        if len(finding.actual) >= _RECOGNISABLE:
            message = message.replace(finding.actual, MASK)
    message = mask_text(message)
    if message == finding.message and actual == finding.actual:
        return finding
    return replace(finding, actual=actual, message=message)
