"""Writes what is made from the tables of the rule language.

    python -m scripts.rule_language

These are ``rules/rule.schema.json``, and the tables in ``docs/rule-language.md`` that stand
between ``<!-- begin NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from auditkit.model import CATEGORIES, CONFIDENCES, Unknown, Value
from auditkit.rules import compile as rule_files
from auditkit.rules import grammar, policy
from auditkit.rules.conditions import Element
from auditkit.rules.grammar import Context, Grammar, Mistakes
from auditkit.rules.operators import OPERATORS, TIME_OPERATORS

CHECKOUT = Path(__file__).resolve().parent.parent
SCHEMA = CHECKOUT / "rules" / "rule.schema.json"
REFERENCE = CHECKOUT / "docs" / "rule-language.md"

Schema = dict[str, Any]


def main() -> None:
    """Writes both files."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    REFERENCE.write_text(fill(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")


def schema_text() -> str:
    """The JSON Schema of rule files."""
    return json.dumps(rule_schema(), indent=2, ensure_ascii=False) + "\n"


def rule_schema() -> Schema:
    """The JSON Schema of rule files, draft 2020-12, as JSON's types."""
    properties = {
        key: {"description": rule_files.KEYS[key], **schema} for key, schema in _KEYS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://raw.githubusercontent.com/auditkit/auditkit/main/rules/rule.schema.json",
        "title": "auditkit rule",
        "description": "One rule: what a resource of some type has to be like.",
        "type": "object",
        "additionalProperties": False,
        "required": list(rule_files.REQUIRED_KEYS),
        "oneOf": [{"required": ["require"]}, {"required": ["check"]}],
        "properties": properties,
        "$defs": _DEFINITIONS | _conditions() | {"operators": _operators()},
    }


def _text(**more: object) -> Schema:
    return {"type": "string", **more}


def _list(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


def _object(properties: Schema, **more: object) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **more,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_or_more(items: Schema) -> Schema:
    return {"anyOf": [items, _list(items, minItems=1)]}


def _or_param(schema: Schema) -> Schema:
    return {"anyOf": [schema, _ref("param")]}


_EXAMPLE = 'resource "aws_db_instance" "orders" {\n  storage_encrypted = true\n}\n'

_KEYS: Mapping[str, Schema] = {
    "id": _text(pattern=f"^{rule_files.ID.pattern}$", examples=["rds-storage-encrypted"]),
    "title": _text(
        minLength=1,
        maxLength=rule_files.TITLE_LENGTH,
        examples=["RDS instance storage is encrypted"],
    ),
    "severity": {"enum": list(rule_files.SEVERITIES)[::-1]},
    "category": {"enum": list(CATEGORIES)},
    "resource": {
        **_one_or_more(_text(minLength=1)),
        "examples": ["aws_db_instance", ["aws_lb", "aws_alb"], "aws_*"],
    },
    "when": _ref("condition"),
    "require": _ref("condition"),
    "check": _text(pattern=r"^[\w.]+:[\w.]+$", examples=["acme.checks:password_strength"]),
    "why": _text(examples=["Whoever obtains an unencrypted disk can read the database."]),
    "fix": _object(
        {
            "advice": _text(description="What to do, in a sentence."),
            "set": {
                "type": "object",
                "description": "Attributes to set, path to value.",
                "examples": [{"storage_encrypted": True}],
            },
            "replaces": {
                "type": "boolean",
                "description": "Whether the object is replaced when they are set.",
                "default": False,
            },
        }
    ),
    "links": _list(_text(format="uri", pattern="^https://")),
    "aliases": _list(
        _text(minLength=1),
        examples=[["CKV_AWS_16", "AVD-AWS-0080", "prowler:rds_instance_storage_encrypted"]],
    ),
    "sources": _list({"enum": list(rule_files.SOURCES)}, examples=[["live"]]),
    "confidence": {"enum": list(CONFIDENCES), "examples": ["medium"]},
    "unused": {"type": "boolean", "default": False},
    "params": {
        "type": "object",
        "propertyNames": {"pattern": f"^{rule_files.PARAM_NAME.pattern}$"},
        "additionalProperties": _object(
            {
                "default": {
                    "description": "The value unless the user sets another of the same type.",
                    "type": ["boolean", "number", "string", "array", "object"],
                },
                "description": _text(description="What it is for, in a sentence."),
            },
            required=["default"],
        ),
        "examples": [{"min_days": {"default": 7, "description": "Days that backups are kept."}}],
    },
    "examples": _object(
        {
            "pass": {
                "description": "Texts whose resources all pass.",
                **_one_or_more(_ref("example")),
                "examples": [_EXAMPLE],
            },
            "fail": {
                "description": "Texts with a resource that fails.",
                **_one_or_more(_ref("example")),
            },
            "unknown": {
                "description": "Texts with a resource that cannot be judged.",
                **_one_or_more(_ref("example")),
            },
            "exempt": {
                "description": "Texts without a resource that the rule applies to.",
                **_one_or_more(_ref("example")),
            },
        }
    ),
}

_RESOURCES: Schema = _one_or_more(
    _object(
        {
            "type": _text(minLength=1),
            "address": _text(minLength=1),
            "attributes": {"type": "object", "description": "As a state has them."},
        },
        required=["type"],
    )
)

_DEFINITIONS: Schema = {
    "example": {
        "anyOf": [
            _text(description="A root module of Terraform."),
            _object(
                {
                    "source": {"enum": list(rule_files.SOURCES)},
                    "resources": {"description": "What there is.", **_RESOURCES},
                    "removed": {"description": "What is on its way out.", **_RESOURCES},
                    "gaps": {
                        "type": "object",
                        "description": "Types that could not be listed, and why.",
                        "additionalProperties": {"type": "string"},
                    },
                },
                description="What another source than code sees.",
                required=["source"],
            ),
        ]
    },
    "param": _text(
        description="The value of one of the rule's params.", pattern=r"^\$[a-z][a-z0-9_]*$"
    ),
    "path": _text(
        description='A path to an attribute: a, a.b, a[0].b, tags["x.y"].',
        pattern=r"^(\.|\.?([A-Za-z_][\w-]*|\[\d+\]|\[\"[^\"]*\"\])"
        r"(\.[A-Za-z_][\w-]*|\[\d+\]|\[\"[^\"]*\"\])*)$",
    ),
    "types": _one_or_more(_text(minLength=1)),
    "scalar": {"type": ["string", "number", "boolean", "null"]},
    "value": {"anyOf": [_ref("scalar"), _list(_ref("scalar"))]},
    "expectation": {
        "description": "A value is what has to stand there; a mapping has operators.",
        "anyOf": [_ref("value"), _ref("operators")],
    },
}

_BOOL = {"type": "boolean"}
_NUMBER = _or_param({"type": "number"})
_TEXT = _text(minLength=1)
_VALUES = _or_param(_list(_ref("scalar"), minItems=1))
_AGE = {"anyOf": [_text(pattern=r"^\d+\s*[hdw]$"), {"type": "integer"}, _ref("param")]}

_OPERANDS: Mapping[str, Schema] = {
    "equals": {},
    "in": {**_VALUES, "examples": [["gp3", "io2"]]},
    "exists": _or_param(_BOOL),
    "empty": _or_param(_BOOL),
    "gte": {**_NUMBER, "examples": [7, "$min_days"]},
    "gt": _NUMBER,
    "lte": _NUMBER,
    "lt": _NUMBER,
    "matches": _text(minLength=1, format="regex", examples=["^arn:aws:kms:"]),
    "starts_with": _one_or_more(_TEXT),
    "ends_with": _one_or_more(_TEXT),
    "contains": {**_ref("scalar"), "examples": ["0.0.0.0/0"]},
    "contains_all": _VALUES,
    "contains_any": _VALUES,
    "has_keys": {**_one_or_more(_TEXT), "examples": [["Owner", "Project"], "$required_keys"]},
    "within_cidr": {**_one_or_more(_TEXT), "examples": ["10.0.0.0/8"]},
    "overlaps_cidr": _one_or_more(_TEXT),
    "is_public_cidr": _or_param(_BOOL),
    "version_gte": {**_TEXT, "examples": ["1.2"]},
    "covers": {**_TEXT, "examples": ["kms:Decrypt"]},
    "older_than": {**_AGE, "examples": ["90d"]},
    "newer_than": _AGE,
    "length": _ref("expectation"),
    "not": _ref("expectation"),
    "any": _list(_ref("expectation"), minItems=1),
    "json": _ref("element_condition"),
    "policy": _ref("element_condition"),
}


def _operators() -> Schema:
    described = {
        name: {"description": description, **_OPERANDS[name]}
        for name, description in describe_operators()
    }
    return _object(
        described, description="What is asked of a value; all of it has to hold.", minProperties=1
    )


def describe_operators() -> Iterator[tuple[str, str]]:
    """Every operator and what it asks, in a sentence."""
    for name, function in (*OPERATORS.items(), *TIME_OPERATORS.items()):
        yield name, " ".join((function.__doc__ or "").split("\n\n")[0].split())
    for name, description in grammar.NESTING_OPERATORS.items():
        yield name, f"{description[0].upper()}{description[1:]}."


def _conditions() -> Schema:
    """Conditions on resources, and on elements, which may have operators of their own."""
    combinators = {
        "resource": _combinators("condition"),
        "element": _combinators("element_condition"),
    }
    operators = {name: _ref(f"operators/properties/{name}") for name in _OPERANDS}
    return {
        "condition": _condition("a resource", combinators["resource"]),
        "element_condition": _condition(
            "an element, or JSON or a policy", {**operators, **combinators["element"]}
        ),
    }


def _condition(what: str, properties: Schema) -> Schema:
    return {
        "description": f"A condition on {what}; several keys are all asked for. "
        "What is no keyword is the path of an attribute.",
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "additionalProperties": _ref("expectation"),
    }


def _combinators(own: str) -> Schema:
    elements = {"where": _ref("element_condition"), "match": _ref("element_condition")}
    quantifier = _object({"of": _ref("path"), **elements}, required=["of"])
    others = {"where": _ref("condition"), "match": _ref("condition")}
    schemas: Schema = {
        "all": _list(_ref(own), minItems=1),
        "any": _list(_ref(own), minItems=1),
        "not": _ref(own),
        "each": {**quantifier, "required": ["of", "match"]},
        "some": {"anyOf": [_ref("path"), quantifier]},
        "none": {"anyOf": [_ref("path"), quantifier]},
        "related": _object(
            {"type": _ref("types"), "via": _ref("path"), **others}, required=["type", "via"]
        ),
        "referenced_by": _object(
            {
                "types": _ref("types"),
                "via": _ref("path"),
                "match": _ref("condition"),
                "at_least": _or_param({"type": "integer", "minimum": 1, "default": 1}),
            },
            required=["types"],
        ),
    }
    return {
        key: {"description": f"Holds when {description}.", **schemas[key]}
        for key, description in grammar.COMBINATORS.items()
    }


def fill(text: str) -> str:
    """`text` with the generated tables in their places."""

    def table(found: re.Match[str]) -> str:
        return f"{found[1]}\n{_TABLES[found[2]]()}\n{found[3]}"

    return re.sub(r"(<!-- begin (\w+) -->)\n.*?(<!-- end -->)", table, text, flags=re.DOTALL)


def _keys_table() -> str:
    required = (*rule_files.REQUIRED_KEYS, "require")
    rows = (
        f"| `{key}` | {'yes' if key in required else ''} | {description} |"
        for key, description in rule_files.KEYS.items()
    )
    return "\n".join(("| key | required | |", "|---|---|---|", *rows))


def _combinators_table() -> str:
    rows = (f"| `{key}` | {text} |" for key, text in grammar.COMBINATORS.items())
    return "\n".join(("| key | holds when |", "|---|---|", *rows))


def _operators_text() -> str:
    """The docstring of every operator, as a definition."""
    functions = {**OPERATORS, **TIME_OPERATORS}
    paragraphs = []
    for name, function in functions.items():
        blocks = (function.__doc__ or "").strip().split("\n\n")
        text = "\n\n".join(" ".join(block.split()) for block in blocks)
        paragraphs.append(f"### `{name}`\n\n{text}")
    return "\n\n".join(paragraphs)


_SAMPLES: Mapping[str, Value] = {
    "equals": "a",
    "in": ["a", "b"],
    "exists": True,
    "empty": True,
    "gte": 1,
    "gt": 1,
    "lte": 1,
    "lt": 1,
    "matches": ".",
    "starts_with": "a",
    "ends_with": "a",
    "contains": "a",
    "contains_all": ["a", "b"],
    "contains_any": ["a", "b"],
    "has_keys": ["a"],
    "within_cidr": "10.0.0.0/8",
    "overlaps_cidr": "10.0.0.0/8",
    "is_public_cidr": True,
    "version_gte": "1.2",
    "covers": "s3:GetObject",
    "older_than": "90d",
    "newer_than": "90d",
    "length": {"gte": 1},
    "json": {"a": 1},
    "policy": {"some": "statements"},
}

_UNKNOWN = Unknown("no value")
_INPUTS: Mapping[str, Value] = {
    "null or absent": None,
    '`""`': "",
    "`[]`": [],
    "`{}`": {},
    "unknown": _UNKNOWN,
    "`[unknown]`": [_UNKNOWN],
}


def _verdicts_table() -> str:
    """What the operators say about nothing and the unknown."""
    head = ["operator", *_INPUTS]
    rows = [
        [
            f"`{name}: {json.dumps(operand)}`",
            *(_judge(name, operand, value) for value in _INPUTS.values()),
        ]
        for name, operand in _SAMPLES.items()
    ]
    return _format_table(head, rows)


def _quantifiers_table() -> str:
    """What the quantifiers say about lists of nothing, of the unknown, and of everything."""
    match: Value = {"ok": True}
    conditions: Mapping[str, Value] = {
        "each: {of: x, match: …}": {"each": {"of": "x", "match": match}},
        "some: {of: x, match: …}": {"some": {"of": "x", "match": match}},
        "none: {of: x, match: …}": {"none": {"of": "x", "match": match}},
        "some: x": {"some": "x"},
        "none: x": {"none": "x"},
    }
    good, bad, doubtful = {"ok": True}, {"ok": False}, {"ok": _UNKNOWN}
    inputs: Mapping[str, Value] = {
        "null, absent": None,
        "`[]`": [],
        "unknown": _UNKNOWN,
        "all match": [good, good],
        "none matches": [bad, bad],
        "some match": [good, bad],
        "unknown element": [_UNKNOWN],
        "match, unknown": [good, doubtful],
        "no match, unknown": [bad, doubtful],
    }
    rows = [
        [f"`{text}`", *(_judge_elements(condition, value) for value in inputs.values())]
        for text, condition in conditions.items()
    ]
    return _format_table(["condition", *inputs], rows)


def _judge_elements(condition: Value, value: Value) -> str:
    scope = grammar.Scope("document")
    return _compiler().condition(condition, (), scope).judge(Element(None, {"x": value}, ())).label


def _compiler() -> Grammar:
    mistakes = Mistakes(lambda place, of_key: str(place))
    return Grammar(Context(datetime.now(timezone.utc)), {}, mistakes)


def _judge(name: str, operand: Value, value: Value) -> str:
    return _compiler().expectation({name: operand}, ()).judge(value).label


def _format_table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _policy_table() -> str:
    rows = [[f"`{field}`", f"`{element}`"] for field, element in policy.FIELDS.items()]
    return _format_table(["field of a statement", "made from"], rows)


_TABLES: Mapping[str, Callable[[], str]] = {
    "keys": _keys_table,
    "combinators": _combinators_table,
    "operators": _operators_text,
    "verdicts": _verdicts_table,
    "policy": _policy_table,
    "quantifiers": _quantifiers_table,
}

if __name__ == "__main__":
    main()
