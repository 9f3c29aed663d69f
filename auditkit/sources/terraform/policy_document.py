"""The data source ``aws_iam_policy_document``, which needs no AWS to be read.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from auditkit.model import Reference, Unknown, Value

_VERSION = "2012-10-17"
_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)
_ORDER = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)
"""The order in which the provider writes a statement, its own and others'."""


def render(arguments: Mapping[str, Value], *, minified: bool = False) -> str | Unknown:
    """The JSON text that the data source makes of its arguments.

    `arguments` is the state-shaped body of the block.  Where a part of it is unknown the
    result is an `Unknown` whose ``document`` is the policy as far as it is known.
    """
    document: dict[str, Value] = {"Version": _VERSION}
    statements: list[Value] = []
    for source in _texts(arguments.get("source_policy_documents")):
        _merge(document, statements, source)
    version, policy_id = arguments.get("version"), arguments.get("policy_id")
    document["Version"] = _VERSION if version is None else version
    if policy_id is not None and policy_id != "":
        document["Id"] = policy_id
    own = arguments.get("statement")
    if isinstance(own, Unknown):
        statements.append(own)
    else:
        for statement in _as_list(own):
            raised = _statement(statement) if isinstance(statement, Mapping) else statement
            _put(statements, raised)
    for override in _texts(arguments.get("override_policy_documents")):
        _merge(document, statements, override)
    if statements:
        document["Statement"] = statements
    unknowns = list(_unknowns(document))
    if unknowns:
        references: dict[Reference, None] = {}
        for unknown in unknowns:
            references.update(dict.fromkeys(unknown.references))
        return Unknown(unknowns[0].cause, tuple(references), document=document)
    if minified:
        return _escape(json.dumps(document, separators=(",", ":"), ensure_ascii=False))
    return _escape(json.dumps(document, indent=2, ensure_ascii=False))


def _statement(block: Mapping[str, Value]) -> dict[str, Value]:
    """One statement in the order and the forms that the provider writes."""
    statement: dict[str, Value] = {}
    sid = block.get("sid")
    if sid is not None and sid != "":
        statement["Sid"] = sid
    effect = block.get("effect")
    statement["Effect"] = "Allow" if effect is None else effect
    for name, key in _LISTS:
        value = _collapse(block.get(name))
        if value is not None:
            statement[key] = value
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _principals(block.get(name))
        if principals is not None:
            statement[key] = principals
    conditions = _conditions(block.get("condition"))
    if conditions is not None:
        statement["Condition"] = conditions
    return statement


def _collapse(value: Value) -> Value:
    """A list as the provider writes it: in reverse order, a single element without brackets."""
    if value is None or isinstance(value, Unknown):
        return value
    items = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not items:
        return None
    if len(items) == 1:
        return items[0]
    if all(isinstance(item, str) for item in items):
        return sorted((str(item) for item in items), reverse=True)
    return items


def _principals(blocks: Value) -> Value:
    if isinstance(blocks, Unknown) or not blocks:
        return blocks if isinstance(blocks, Unknown) else None
    # JSON syntax may write a single block as an object.
    blocks = _as_list(blocks)
    result: dict[str, Value] = {}
    for block in blocks:
        if not isinstance(block, Mapping):
            return block if isinstance(block, Unknown) else None
        kind, identifiers = block.get("type"), block.get("identifiers")
        if isinstance(kind, Unknown):
            return kind
        if kind == "*" and identifiers == ["*"] and len(blocks) == 1:
            return "*"
        present = result.get(str(kind))
        if present is not None and not isinstance(identifiers, Unknown):
            # A second block of the same type is appended, each sorted on its own.
            result[str(kind)] = [*_as_list(present), *_as_list(_collapse(identifiers))]
        else:
            result[str(kind)] = _collapse(identifiers)
    return {name: result[name] for name in sorted(result)}


def _conditions(blocks: Value) -> Value:
    if isinstance(blocks, Unknown) or not blocks:
        return blocks if isinstance(blocks, Unknown) else None
    result: dict[str, dict[str, Value]] = {}
    for block in _as_list(blocks):
        if not isinstance(block, Mapping):
            return block if isinstance(block, Unknown) else None
        test, variable = block.get("test"), block.get("variable")
        if isinstance(test, Unknown):
            return test
        if isinstance(variable, Unknown):
            return variable
        values = block.get("values")
        known = result.setdefault(str(test), {})
        if str(variable) in known and not isinstance(values, Unknown):
            values = [*_as_list(known[str(variable)]), *_as_list(values)]
        known[str(variable)] = _single(values)
    return {
        test: {variable: result[test][variable] for variable in sorted(result[test])}
        for test in sorted(result)
    }


def _single(values: Value) -> Value:
    """Condition values keep their order."""
    items = _as_list(values) if not isinstance(values, Unknown) else None
    if items is None:
        return values
    return items[0] if len(items) == 1 else items


def _as_list(value: Value) -> list[Value]:
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return [value]


def _texts(value: Value) -> list[Value]:
    return [value] if isinstance(value, Unknown) else _as_list(value)


def _merge(document: dict[str, Value], statements: list[Value], text: Value) -> None:
    """Add another document: its statements, and its id and version over the present ones."""
    if isinstance(text, Unknown):
        other = text.document
        if not isinstance(other, Mapping):
            statements.append(text)
            return
    else:
        try:
            other = json.loads(str(text)) if text else {}
        except ValueError:
            statements.append(Unknown("a policy document is not valid JSON"))
            return
        if not isinstance(other, Mapping):
            statements.append(Unknown("a policy document is not a JSON object"))
            return
    for key in ("Version", "Id"):
        value = other.get(key)
        if value is not None and value != "":
            document[key] = value
    found = other.get("Statement")
    for statement in [found] if isinstance(found, Unknown) else _as_list(found):
        if isinstance(statement, Mapping):
            statement = {key: statement[key] for key in _ORDER if key in statement}
        _put(statements, statement)


def _put(statements: list[Value], statement: Value) -> None:
    sid = statement.get("Sid") if isinstance(statement, Mapping) else None
    if isinstance(sid, str) and sid:
        for position, present in enumerate(statements):
            if isinstance(present, Mapping) and present.get("Sid") == sid:
                statements[position] = statement
                return
    statements.append(statement)


def _unknowns(value: Value) -> list[Unknown]:
    if isinstance(value, Unknown):
        return [value]
    if isinstance(value, Mapping):
        return [one for member in value.values() for one in _unknowns(member)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for member in value for one in _unknowns(member)]
    return []


def _escape(text: str) -> str:
    """Go's JSON encoder writes these as escapes, and so the provider's text has them."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
