from __future__ import annotations

import pytest

from auditkit.companions import COMPANIONS, companions_of
from auditkit.identity import IDENTITY, STANDS_FOR, TYPE_ALIASES, definition_of, module_of
from auditkit.legacy import LEGACY
from auditkit.schema import check_path, schema_of


def names(type):
    schema = schema_of(type)
    assert schema is not None, type
    return {*schema.attributes, *schema.blocks}


@pytest.mark.parametrize("row", COMPANIONS, ids=lambda row: f"{row.type}-{row.attribute}")
def test_rows_speak_of_what_the_provider_has(row):
    read = {row.join, *(source.removesuffix("[]") for source in row.fields.values())}
    read |= {row.take, row.scope} - {""}
    if row.only is not None:
        read.add(row.only[0])
    assert read <= names(row.type)
    for target in row.targets:
        attribute = schema_of(target).attributes.get(row.attribute)
        if row.scope:
            assert row.scope in names(target)
        # Where the target has such an attribute of its own, both have one shape.
        if attribute is not None and attribute.fields and target != "aws_default_route_table":
            assert set(row.fields) <= set(attribute.fields)


@pytest.mark.parametrize("row", LEGACY, ids=lambda row: row.attribute)
def test_old_blocks_are_what_the_provider_has(row):
    assert (row.old or row.attribute) in names(row.type)
    assert row.attribute in companions_of(row.type)
    # The marker tells the new shape from the old one.
    if row.marker:
        assert check_path(row.type, (row.attribute, row.marker)) is None
        assert row.marker not in schema_of(row.type).blocks[row.attribute].attributes


def test_identities_are_attributes():
    for type, attributes in IDENTITY.items():
        assert set(attributes) <= names(type)
    for type, attribute in STANDS_FOR.items():
        assert attribute in names(type)
    for old, new in TYPE_ALIASES.items():
        assert names(old) == names(new)


@pytest.mark.parametrize(
    ("address", "definition", "module"),
    [
        ("aws_s3_bucket.b", "aws_s3_bucket.b", ""),
        ("aws_s3_bucket.b[0]", "aws_s3_bucket.b", ""),
        ('aws_s3_bucket.b["x.y[0]"]', "aws_s3_bucket.b", ""),
        ('module.m["a.b"].aws_vpc.v', 'module.m["a.b"].aws_vpc.v', 'module.m["a.b"]'),
        (
            "module.a[1].module.b.aws_vpc.v[0]",
            "module.a[1].module.b.aws_vpc.v",
            "module.a[1].module.b",
        ),
        ("output.o", "output.o", ""),
    ],
)
def test_addresses_are_taken_apart(address, definition, module):
    assert (definition_of(address), module_of(address)) == (definition, module)
