"""The data source ``aws_iam_policy_document``, which needs no AWS to be read.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence

from auditkit.model import Reference, Unknown, Value
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.values import from_plain, to_string

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
    items = _strings(value)
    if not items:
        return None
    if all(isinstance(item, str) for item in items):
        texts = sorted({str(item) for item in items}, reverse=True)
        items = list(texts)
    return items[0] if len(items) == 1 else items


def _principals(blocks: Value) -> Value:
    if isinstance(blocks, Unknown) or not blocks:
        return blocks if isinstance(blocks, Unknown) else None
    # JSON syntax may write a single block as an object.
    blocks = _as_list(blocks)
    result: dict[str, Value] = {}
    for block in _in_set_order(blocks, "identifiers", "type"):
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
    for block in _in_set_order(_as_list(blocks), "test", "values", "variable"):
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
            values = [*_as_list(known[str(variable)]), *_strings(values)]
        known[str(variable)] = _single(values)
    return {
        test: {variable: result[test][variable] for variable in sorted(result[test])}
        for test in sorted(result)
    }


def _single(values: Value) -> Value:
    """Condition values keep their order."""
    if isinstance(values, Unknown):
        return values
    items = _strings(values)
    return items[0] if len(items) == 1 else items


def _as_list(value: Value) -> list[Value]:
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return [value]


def _strings(value: Value) -> list[Value]:
    """The elements of a list of strings: numbers and booleans are converted."""
    return [item if isinstance(item, Unknown) else _string(item) for item in _as_list(value)]


def _string(value: Value) -> Value:
    try:
        text = to_string(from_plain(value))
    except EvaluationError:
        return Unknown("a string is needed in the policy document")
    # A policy variable may be written with `&`, which is no interpolation of Terraform's.
    return text.replace("&{", "${") if isinstance(text, str) else None


def _in_set_order(blocks: Sequence[Value], *names: str) -> list[Value]:
    """Blocks of a set in the order in which the provider goes through them: that of a hash.

    https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/serialize.go
    """
    if len(blocks) < 2 or _unknowns(list(blocks)):
        return list(blocks)
    keyed = [(_hash(_serialize(block, names)), block) for block in blocks]
    return [block for _, block in sorted(keyed, key=lambda pair: pair[0])]


def _serialize(block: Value, names: Sequence[str]) -> str:
    members = block if isinstance(block, Mapping) else {}
    text = ""
    for name in names:
        value = members.get(name)
        texts = [f"{item};" for item in _strings(value)]
        if name == "identifiers":
            text += f"{name}:{{{''.join(sorted(dict.fromkeys(texts), key=_hash))}}};"
        elif name == "values":
            text += f"{name}:({''.join(texts)});"
        else:
            text += f"{name}:{value};"
    return text


def _hash(text: str) -> str:
    return str(zlib.crc32(text.encode()))


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
