from __future__ import annotations

import pytest

from auditkit.model import Unknown
from auditkit.reporters.hcl import format_resource, format_value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        ('a "b"', r'"a \"b\""'),
        ("日本", '"日本"'),
        ([], "[]"),
        (["a", 1], '["a", 1]'),
        ({}, "{}"),
        ({"a": 1, "b c": [True]}, '{ a = 1, "b c" = [true] }'),
        (Unknown("`var.x` has no value"), "(unknown: `var.x` has no value)"),
    ],
)
def test_values(value, text):
    assert format_value(value) == text


def test_resource_is_formatted_as_terraform_does():
    attributes = {
        "storage_encrypted": True,
        "kms_key_id": "arn:aws:kms:…",
        "versioning.status": "Enabled",
        "rule[0].apply.sse_algorithm": "aws:kms",
        "tags": {"Owner": "team"},
    }
    assert (
        format_resource("aws_thing", attributes)
        == """\
resource "aws_thing" "example" {
  storage_encrypted = true
  kms_key_id        = "arn:aws:kms:…"
  tags              = { Owner = "team" }

  versioning {
    status = "Enabled"
  }

  rule {
    apply {
      sse_algorithm = "aws:kms"
    }
  }
}"""
    )
