"""The text of a new rule file."""

from __future__ import annotations

import json

from auditkit.model import CATEGORIES
from auditkit.rules.values import list_words

_SCHEMA_URL = "https://raw.githubusercontent.com/auditkit/auditkit/main/rules/rule.schema.json"


def new_rule_text(rule_id: str, resource: str) -> str:
    """A rule file to start from: it loads, and its comments say what to write where."""
    title = rule_id.replace("-", " ").capitalize()
    return f"""\
# yaml-language-server: $schema={_SCHEMA_URL}
# The language: docs/rule-language.md. Try it: auditkit rules test FILE, auditkit rules lint FILE
id: {rule_id}
# What holds when the rule passes, as a sentence of at most 80 characters.
title: {json.dumps(title, ensure_ascii=False)}
# critical, high, medium, low or info
severity: medium
# {list_words(CATEGORIES, "or")}
category: encryption
# A resource type of the Terraform AWS provider, a list of them, or a glob like "aws_*".
resource: {json.dumps(resource)}

# Resources that do not satisfy this are not judged. Leave it out to judge all of them.
# when: {{replicate_source_db: {{exists: false}}}}

# What has to hold: a path, and the value that has to stand there, or operators.
#   storage_encrypted: true                          equals
#   backup_retention_period: {{gte: 7}}                an operator
#   none: {{of: ingress, match: {{cidr_blocks: {{contains: 0.0.0.0/0}}}}}}
#   related: {{type: aws_kms_key, via: kms_key_id}}    what an attribute names
require:
  tags: {{has_keys: [Owner]}}

# What may happen otherwise, in one or two sentences.
why: Nobody can be asked about it.
fix:
  advice: Add the tag.
  # set: {{storage_encrypted: true}}                   attributes to set, path to value
links:
  - https://docs.aws.amazon.com/
# The rule's names in other tools, so that their inline ignores work: [CKV_AWS_16, AVD-AWS-0080]
aliases: []

# Terraform texts that are the rule's tests: a text or a list of texts each.
examples:
  pass: |
    resource "{resource}" "good" {{
      tags = {{ Owner = "web" }}
    }}
  fail: |
    resource "{resource}" "bad" {{
    }}
"""
