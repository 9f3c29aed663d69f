from __future__ import annotations

import pytest

from auditkit.schema import resource_types, schema_of
from auditkit.schema.table import TABLE


def test_all_types_are_listed_and_have_a_schema():
    types = resource_types()
    assert len(types) == 1526
    assert all(name.startswith("aws_") for name in types)
    assert all(schema_of(name) is not None for name in types)


def test_a_type_that_the_provider_lacks_has_no_schema():
    assert schema_of("aws_sqs_queu") is None
    assert schema_of("sqs_queue") is None


def test_the_table_is_sorted_and_small():
    types, shared = [], []
    for line in TABLE.read_text(encoding="ascii").splitlines()[1:]:
        name = line.partition("\t")[0]
        (shared if name.startswith("%") else types).append(name)
    assert types == sorted(types)
    assert shared == sorted(shared)
    assert TABLE.stat().st_size < 1_200_000


@pytest.mark.parametrize(
    ("type", "name", "kind", "flags"),
    [
        ("aws_sqs_queue", "arn", "string", "c"),
        ("aws_sqs_queue", "kms_master_key_id", "string", "o"),
        ("aws_sqs_queue", "policy", "string", "oc"),
        ("aws_iam_role", "assume_role_policy", "string", "r"),
        ("aws_db_instance", "password", "string", "os"),
        ("aws_lb", "subnets", "set(string)", "oc"),
        ("aws_security_group", "ingress", "set(object)", "oc"),
    ],
)
def test_attributes_carry_kind_and_flags(type, name, kind, flags):
    attribute = schema_of(type).attributes[name]
    assert attribute.kind == kind
    assert flags == "".join(
        flag
        for flag, word in zip(
            "rocs", ("required", "optional", "computed", "sensitive"), strict=True
        )
        if getattr(attribute, word)
    )


def test_blocks_carry_their_limits():
    bucket = schema_of("aws_s3_bucket")
    rule = bucket.blocks["lifecycle_rule"]
    assert (rule.nesting, rule.min_items, rule.max_items, rule.repeats) == ("list", 0, 0, True)
    assert rule.blocks["expiration"].max_items == 1
    assert not rule.blocks["expiration"].repeats
    assert rule.attributes["enabled"].kind == "bool"


def test_objects_in_attributes_carry_their_fields():
    ingress = schema_of("aws_security_group").attributes["ingress"]
    assert ingress.fields["cidr_blocks"].kind == "list(string)"
    assert ingress.fields["cidr_blocks"].base == "string"


def test_recursive_schemas_are_whole():
    statement = schema_of("aws_wafv2_web_acl").blocks["rule"].blocks["statement"]
    inner = statement.blocks["not_statement"].blocks["statement"].blocks["or_statement"]
    assert "geo_match_statement" in inner.blocks["statement"].blocks


def test_what_a_type_says_of_itself():
    instance = schema_of("aws_db_instance")
    assert instance.has_tags_all
    assert "arn" in instance.computed_only
    assert "engine" not in instance.computed_only
    assert {"password"} <= instance.sensitive
    assert not schema_of("aws_s3_bucket_versioning").has_tags_all
    # A sensitive attribute may stand inside a block.
    assert "password" in schema_of("aws_mq_broker").sensitive
