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

from collections.abc import Iterator, Mapping
from functools import lru_cache

from auditkit.model import Unknown, Value
from auditkit.rules.callers import tell_public
from auditkit.rules.documents import UNKNOWN_IN_KEY, decode
from auditkit.rules.paths import Path
from auditkit.rules.values import FAIL, as_list, is_concrete, same, to_text

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
        else [_read_statement(statement) for statement in as_list(statements)],
    }


def _read_statement(statement: Value) -> Value:
    if isinstance(statement, Unknown):
        return statement
    if not isinstance(statement, dict):
        return Unknown("the statement is not a JSON object")
    elements = {key.lower(): member for key, member in statement.items()}
    conditions = list(_read_conditions(elements.get("condition")))
    fields: dict[str, Value] = {
        "sid": elements.get("sid"),
        "effect": elements.get("effect"),
        **{field: _read_texts(elements.get(key.lower())) for field, key in LIST_FIELDS.items()},
        "principals": _read_principals(elements.get("principal")),
        "not_principals": _read_principals(elements.get("notprincipal")),
        # Something unknown may stand for any number of conditions.
        "conditions": next((each for each in conditions if isinstance(each, Unknown)), conditions),
    }
    fields["public"] = tell_public(elements, fields["principals"], conditions)
    return fields


def _read_texts(value: Value) -> Value:
    """A list; of something wholly unknown it cannot be told how many it holds."""
    if isinstance(value, Unknown) and not (value.parts or is_concrete(value)):
        return value
    return list(as_list(value))


def _read_principals(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, dict):
        return list(as_list(value))
    return [_read_principal(kind, name) for kind, names in value.items() for name in as_list(names)]


def _read_principal(kind: str, name: Value) -> Value:
    if isinstance(name, Unknown):
        # It may be "*", and then the kind is no part of the principal.
        if kind == "AWS" and same(name, "*") is not FAIL:
            return name
        return Unknown(name.cause, name.references, parts=(f"{kind}:", name))
    if kind == "AWS" and name == "*":
        return "*"
    return f"{kind}:{to_text(name)}"


def _read_conditions(value: Value) -> Iterator[Value]:
    """The conditions in order; unknown where it cannot be told which they are."""
    if isinstance(value, Unknown):
        yield value
    if not isinstance(value, dict):
        return
    for operator, keys in value.items():
        if isinstance(keys, Unknown):
            yield keys
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
