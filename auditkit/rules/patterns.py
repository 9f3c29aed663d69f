"""IAM's patterns of actions and ARNs, with ``*`` and ``?``."""

from __future__ import annotations

from collections.abc import Callable

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.values import FAIL, PASS, UNKNOWN, pieces


def judge_pattern(pattern: Value, name: str) -> Verdict:
    """Whether an IAM pattern, with ``*`` and ``?``, covers an action or ARN.

    Actions are compared without regard to case, ARNs with it.  Of a pattern with unknown pieces
    it is told when it certainly does not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    if not name.startswith("arn:"):
        return _judge(pattern, name.lower(), str.lower)
    return _judge(pattern, name, str)


def _judge(pattern: Value, name: str, fold: Callable[[str], str]) -> Verdict:
    if isinstance(pattern, Unknown):
        text = "".join(piece if isinstance(piece, str) else "*" for piece in pieces(pattern))
        return UNKNOWN if _matches(fold(text), name) else FAIL
    return PASS if isinstance(pattern, str) and _matches(fold(pattern), name) else FAIL


def _matches(pattern: str, text: str) -> bool:
    """Whether the glob matches all of `text`, in time that no pattern can make explode."""
    here = there = 0
    star, resume = -1, 0
    while there < len(text):
        if here < len(pattern) and pattern[here] == "*":
            star, resume = here, there
            here += 1
        elif here < len(pattern) and pattern[here] in ("?", text[there]):
            here += 1
            there += 1
        elif star >= 0:
            # The last star takes one more character; earlier ones need not.
            resume += 1
            here, there = star + 1, resume
        else:
            return False
    return not pattern[here:].strip("*")
