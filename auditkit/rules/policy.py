"""IAM policy documents as values that rules can ask about.

The shape is ``{version, statements: [statement…]}`` with a statement being ``{sid, effect,
actions, not_actions, resources, not_resources, principals, not_principals, conditions,
public}``.  What a document may say with one text or a list is always a list here.  A principal
is ``*``, or its kind and name, ``AWS:arn:…``, ``Service:ec2.amazonaws.com``; the two ways to
say everyone, ``"*"`` and ``{"AWS": "*"}``, are both ``*``.  A condition is ``{operator, key,
values}``.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.addresses import is_public, judge_public
from auditkit.rules.documents import UNKNOWN_IN_KEY, decode
from auditkit.rules.paths import Path
from auditkit.rules.values import (
    FAIL,
    PASS,
    UNKNOWN,
    is_concrete,
    known_texts,
    pieces,
    same,
    to_text,
)

LIST_FIELDS: Mapping[str, str] = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
"""Fields of a statement that hold texts, and the elements of IAM that they come from."""

FIELDS: Mapping[str, str] = {
    "sid": "Sid",
    "effect": "Effect",
    **LIST_FIELDS,
    "principals": "Principal",
    "not_principals": "NotPrincipal",
    "conditions": "Condition",
    "public": "Principal",
}
"""All fields of a statement, and the elements of IAM that they come from."""

CONDITION_FIELDS = ("operator", "key", "values")
"""The fields of a statement's condition."""


def read_policy(value: Value) -> Value:
    """The policy document in `value`, in the shape that the module describes.

    `value` is JSON text, such text with unknown pieces, or what it decodes to.  Null and empty
    text are a document without statements.  `Unknown` when it cannot be told.
    """
    return _read_text(value) if isinstance(value, str) else _normalise(decode(value))


@lru_cache(maxsize=512)
def _read_text(text: str) -> Value:
    """The policy in a text; shared between calls, so never to be changed."""
    return _normalise(decode(text))


def find_written(value: Value, path: Path) -> tuple[Path, Value]:
    """Where the part `path` of the policy stands in the document as it was written, and what.

    ``("statements", 0, "actions", 1)`` is ``("Statement", 0, "Action", 1)``, or less where the
    document has a single text or mapping in place of a list.
    """
    here = decode(value)
    written: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            if not isinstance(here, list):
                continue
            here = here[step] if step < len(here) else None
            written.append(step)
            continue
        name = _spelling(here, _ELEMENTS.get(step, step)) if isinstance(here, dict) else None
        if name is None or not isinstance(here, dict):
            break
        here = here[name]
        written.append(name)
        if step in _RESHAPED:
            break
    return tuple(written), here


_ELEMENTS = {"statements": "Statement", "version": "Version", **FIELDS}
_RESHAPED = frozenset(("principals", "not_principals", "conditions", "public"))
"""Fields whose inside has no counterpart in the document."""


def _spelling(mapping: Mapping[str, Value], name: str) -> str | None:
    return next((key for key in mapping if key.lower() == name.lower()), None)


def _normalise(document: Value) -> Value:
    if isinstance(document, Unknown):
        return document
    if document is None:
        return {"version": None, "statements": []}
    if not isinstance(document, dict):
        return Unknown("the text is not an IAM policy document")
    elements = {key.lower(): member for key, member in document.items()}
    statements = elements.get("statement")
    return {
        "version": elements.get("version"),
        "statements": statements
        if isinstance(statements, Unknown)
        else [_read_statement(statement) for statement in _as_list(statements)],
    }


def _as_list(value: Value) -> Sequence[Value]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _read_statement(statement: Value) -> Value:
    if isinstance(statement, Unknown):
        return statement
    if not isinstance(statement, dict):
        return Unknown("the statement is not a JSON object")
    elements = {key.lower(): member for key, member in statement.items()}
    fields: dict[str, Value] = {
        "sid": elements.get("sid"),
        "effect": elements.get("effect"),
        **{field: _read_texts(elements.get(key.lower())) for field, key in LIST_FIELDS.items()},
        "principals": _read_principals(elements.get("principal")),
        "not_principals": _read_principals(elements.get("notprincipal")),
        "conditions": _read_conditions(elements.get("condition")),
    }
    fields["public"] = _tell_public(fields)
    return fields


def _read_texts(value: Value) -> Value:
    """A list; of something wholly unknown it cannot be told how many it holds."""
    if isinstance(value, Unknown) and not (value.parts or is_concrete(value)):
        return value
    return list(_as_list(value))


def _read_principals(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, dict):
        return list(_as_list(value))
    return [
        _read_principal(kind, name) for kind, names in value.items() for name in _as_list(names)
    ]


def _read_principal(kind: str, name: Value) -> Value:
    if isinstance(name, Unknown):
        # A variable may hold "*", and then the kind is no part of the principal.
        is_named = kind != "AWS" or is_concrete(name) or bool(known_texts(name))
        return Unknown(name.cause, name.references, parts=(f"{kind}:", name)) if is_named else name
    if kind == "AWS" and name == "*":
        return "*"
    return f"{kind}:{to_text(name)}"


def _read_conditions(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, dict):
        return []
    return list(_list_conditions(value))


def _list_conditions(value: Mapping[str, Value]) -> Iterator[Value]:
    for operator, keys in value.items():
        if isinstance(keys, Unknown):
            yield {"operator": operator, "key": keys, "values": keys}
        elif isinstance(keys, dict):
            for key, values in keys.items():
                yield {"operator": operator, "key": _read_key(key), "values": _read_texts(values)}


def _read_key(key: str) -> Value:
    """The condition key; the one of an OIDC provider often has its unknown URL in it."""
    known = UNKNOWN_IN_KEY.split(key)
    if len(known) == 1:
        return key
    hole = Unknown("the condition key holds an unknown value")
    parts: list[str | Unknown] = [known[0]]
    for text in known[1:]:
        parts += [hole, text]
    return Unknown(hole.cause, parts=tuple(part for part in parts if part is hole or part != ""))


def _tell_public(fields: Mapping[str, Value]) -> Value:
    """Whether the statement allows everyone, as far as it can be told.

    It does when it is an ``Allow``, its principal is ``*``, or all but some
    (``NotPrincipal``), and no condition limits who calls.  ``Deny`` statements beside it are
    not taken into account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    verdict = min(
        same(fields["effect"], "Allow"),
        max(_names_everyone(fields["principals"]), _is_filled(fields["not_principals"])),
        Verdict(PASS - _limits_caller(fields["conditions"])),
    )
    if verdict is UNKNOWN:
        told = (fields[name] for name in ("effect", "principals", "not_principals", "conditions"))
        unclear = Unknown("who may call depends on an unknown value")
        return next(_find_unknown(list(told)), unclear)
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
    return max((same(principal, "*") for principal in _as_list(principals)), default=FAIL)


def _is_filled(principals: Value) -> Verdict:
    if isinstance(principals, Unknown):
        return UNKNOWN
    return PASS if _as_list(principals) else FAIL


def _limits_caller(conditions: Value) -> Verdict:
    if isinstance(conditions, Unknown):
        return UNKNOWN
    verdicts = (
        _condition_limits(condition)
        for condition in _as_list(conditions)
        if isinstance(condition, dict)
    )
    return max(verdicts, default=FAIL)


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


def _condition_limits(condition: Mapping[str, Value]) -> Verdict:
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
    return min((value_limits(value) for value in _as_list(values)), default=FAIL)


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


def covers(pattern: Value, name: str) -> Verdict:
    """Whether an IAM pattern, with ``*`` and ``?``, covers an action or ARN.

    Actions are compared without regard to case, ARNs with it.  Of a pattern with unknown pieces
    it is told when it certainly does not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    if not name.startswith("arn:"):
        return _covers(pattern, name.lower(), str.lower)
    return _covers(pattern, name, str)


def _covers(pattern: Value, name: str, fold: Callable[[str], str]) -> Verdict:
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
