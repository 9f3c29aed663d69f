"""The file that ``auditkit rules new`` writes: a rule that works, about an attribute at hand."""

from __future__ import annotations

from auditkit.errors import ConfigError, suggest
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.rules.compile import ID
from auditkit.schema import TypeSchema, resource_types, schema_of

TEMPLATE = """\
# yaml-language-server: $schema=https://raw.githubusercontent.com/auditkit/auditkit/main/rules/rule.schema.json
id: {id}
# What holds when the rule passes, in a short sentence.
title: {title}
severity: medium # critical, high, medium, low or info
category: {category}
resource: {resource}
# Without this condition, the rule applies to every {resource}.
# when:
#   some_attribute: {{exists: true}}
require:
  {attribute}: {wanted}
why: >-
  What may happen otherwise, in one or two sentences.
fix:
  advice: Set {attribute}.
links:
  - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/{page}
# What checkov, trivy, tfsec and prowler call it.
# aliases: [CKV_AWS_000]
examples:
  pass: |
    resource "{resource}" "example" {{
      {attribute} = {good}
    }}
  fail: |
    resource "{resource}" "example" {{}}
"""


def render(id: str, resource: str, *, category: str) -> str:
    """The text of a rule file.  Raises `ConfigError` for a bad id or an unknown type."""
    if not ID.fullmatch(id):
        raise ConfigError(f"{id!r} is no id; write words of a-z and 0-9 with hyphens between")
    schema = schema_of(resource)
    if schema is None or resource in PSEUDO_TYPES:
        raise ConfigError(
            f"the AWS provider has no type {resource!r}{suggest(resource, resource_types())}"
        )
    attribute, wanted, good = _attribute(schema)
    return TEMPLATE.format(
        id=id,
        title=id.replace("-", " ").capitalize(),
        category=category,
        resource=resource,
        page=resource.removeprefix("aws_"),
        attribute=attribute,
        wanted=wanted,
        good=good,
    )


def _attribute(schema: TypeSchema) -> tuple[str, str, str]:
    """An attribute that people set, what the rule wants of it, and a value that satisfies it."""
    settable = {
        name: attribute
        for name, attribute in schema.attributes.items()
        if (attribute.optional or attribute.required) and name not in ("id", "region")
    }
    for name, attribute in settable.items():
        if attribute.kind == "bool":
            return name, "true", "true"
    for name, attribute in settable.items():
        if attribute.kind == "string":
            return name, "{exists: true}", '"example"'
    return "id", "{exists: true}", '"example"'
