"""What the AWS provider knows of its resource types: attributes, nested blocks, flags."""

from auditkit.schema.coercion import coerce
from auditkit.schema.paths import check_path
from auditkit.schema.table import (
    AttributeSchema,
    BlockSchema,
    Body,
    TypeSchema,
    resource_types,
    schema_of,
)

__all__ = [
    "AttributeSchema",
    "BlockSchema",
    "Body",
    "TypeSchema",
    "check_path",
    "coerce",
    "resource_types",
    "schema_of",
]
