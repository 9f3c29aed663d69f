"""What the AWS provider knows of its resource types: attributes, nested blocks, flags."""

from auditkit.schema.coercion import coerce
from auditkit.schema.paths import OBSERVED, check_path, observed_names
from auditkit.schema.table import (
    AttributeSchema,
    BlockSchema,
    Body,
    TypeSchema,
    resource_types,
    schema_of,
)

__all__ = [
    "OBSERVED",
    "AttributeSchema",
    "BlockSchema",
    "Body",
    "TypeSchema",
    "check_path",
    "coerce",
    "observed_names",
    "resource_types",
    "schema_of",
]
