"""Who may call what a statement of an IAM policy allows: some, or everyone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.addresses import is_public, judge_public
from auditkit.rules.values import FAIL, PASS, UNKNOWN, as_list, is_concrete, pieces, same, to_text


def tell_public(
    elements: Mapping[str, Value], principals: Value, conditions: Sequence[Value]
) -> Value:
    """Whether a statement allows everyone: true, false or `Unknown`.

    `elements` are the statement's, with names in lower case; `principals` and `conditions` are
    those that `auditkit.rules.policy` has made of them.

    It does when it is an ``Allow``, its principal is ``*``, or all but some
    (``NotPrincipal``), and no condition limits who calls.  ``Deny`` statements beside it are
    not taken into account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    verdict = min(
        same(elements.get("effect"), "Allow"),
        max(_names_everyone(principals), _is_given(elements.get("notprincipal"))),
        Verdict(PASS - max(map(_condition_limits, conditions), default=FAIL)),
    )
    if verdict is UNKNOWN:
        told = ("effect", "principal", "notprincipal", "condition")
        unclear = Unknown("who may call depends on an unknown value")
        return next(_find_unknown([elements.get(name) for name in told]), unclear)
    return verdict is PASS


def _find_unknown(value: Value) -> Iterator[Unknown]:
    """What is unknown in a statement and could be anything."""
    if isinstance(value, Unknown):
        for piece in pieces(value):
            if isinstance(piece, Unknown) and not is_concrete(piece):
                yield Unknown(piece.cause, piece.references)
    elif isinstance(value, dict):
        for member in value.values():
            yield from _find_unknown(member)
    elif isinstance(value, list):
        for item in value:
            yield from _find_unknown(item)


def _names_everyone(principals: Value) -> Verdict:
    if isinstance(principals, Unknown):
        return UNKNOWN
    return max((same(principal, "*") for principal in as_list(principals)), default=FAIL)


def _is_given(element: Value) -> Verdict:
    if isinstance(element, Unknown):
        return UNKNOWN
    return FAIL if element is None else PASS


# A negated operator is met by everyone else, and one with ForAllValues or IfExists by a request
# that lacks the key; so none of them limits who calls, and neither does Null.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
LIMITING_OPERATORS = frozenset(
    (
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
        "ipaddress",
        "bool",
    )
)
"""Condition operators, in lower case, that only certain callers meet."""


def _condition_limits(condition: Value) -> Verdict:
    """Whether only certain callers meet a condition."""
    if not isinstance(condition, dict):
        return UNKNOWN
    operator = str(condition["operator"]).lower().removeprefix("foranyvalue:")
    key, values = condition["key"], condition["values"]
    if operator not in LIMITING_OPERATORS:
        return FAIL
    if not isinstance(key, str):
        return UNKNOWN
    value_limits = LIMITING_KEYS.get(key.lower())
    if value_limits is None:
        return FAIL
    if isinstance(values, Unknown):
        return UNKNOWN
    # One of several values is enough to meet the condition, so each of them has to limit.
    return min((value_limits(value) for value in as_list(values)), default=FAIL)


_WILD = re.compile(r"[*?]|\$\{")


_CONCRETE, _VARIABLE = "\ue000", "\ue001"


def _template(value: Value) -> str:
    """A condition's value, with marks for the pieces that are unknown."""
    if not isinstance(value, Unknown):
        return to_text(value) or ""
    return "".join(
        piece if isinstance(piece, str) else _CONCRETE if is_concrete(piece) else _VARIABLE
        for piece in pieces(value)
    )


def _is_fixed(value: Value) -> Verdict:
    """Whether it is one value: no wildcard and no policy variable, which the caller fills."""
    text = _template(value)
    if not text or _WILD.search(text):
        return FAIL
    return UNKNOWN if _VARIABLE in text else PASS


def _is_fixed_arn(value: Value) -> Verdict:
    """Whether it names one account's objects; where ARNs have no account, one object."""
    text = _template(value)
    if text.startswith(_CONCRETE):
        return PASS
    if text.startswith(_VARIABLE):
        return UNKNOWN
    fields = text.split(":", 5)
    if len(fields) < 6:
        return _is_fixed(text)
    account, name = fields[4:]
    return _is_fixed(account or name)


def _is_fixed_organisation(value: Value) -> Verdict:
    """Whether an organisation path, ``o-a1b2c3/r-ab12/*``, names one organisation."""
    return _is_fixed(_template(value).partition("/")[0])


def _is_narrow_range(value: Value) -> Verdict:
    """Whether it is an address range that is not open to the Internet at large."""
    if isinstance(value, Unknown):
        return Verdict(PASS - judge_public(value))
    return PASS if is_public(to_text(value) or "") is False else FAIL


def _is_true(value: Value) -> Verdict:
    return same(value, True)


# kms:ViaService is not among them: it says through which service the caller comes, not who it
# is, and the key policies of AWS itself add kms:CallerAccount to it.
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
LIMITING_KEYS: Mapping[str, Callable[[Value], Verdict]] = {
    "aws:principalaccount": _is_fixed,
    "aws:principalarn": _is_fixed_arn,
    "aws:principalorgid": _is_fixed,
    "aws:principalorgpaths": _is_fixed_organisation,
    "aws:principalservicename": _is_fixed,
    "aws:sourceaccount": _is_fixed,
    "aws:sourcearn": _is_fixed_arn,
    "aws:sourceip": _is_narrow_range,
    "aws:sourceorgid": _is_fixed,
    "aws:sourceorgpaths": _is_fixed_organisation,
    "aws:sourceowner": _is_fixed,
    "aws:sourcevpc": _is_fixed,
    "aws:sourcevpce": _is_fixed,
    "aws:userid": _is_fixed,
    # https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    "elasticfilesystem:accessedviamounttarget": _is_true,
    "kms:calleraccount": _is_fixed,
    "s3:dataaccesspointaccount": _is_fixed,
    "s3:dataaccesspointarn": _is_fixed_arn,
}
"""Condition keys that say who calls, in lower case, and when a value of theirs limits that."""
