"""Rule packs: directories of YAML files become rules; `lint` tells authors what is wrong."""

from auditkit.rulepack.load import (
    RuleSet,
    Schema,
    builtin_directory,
    load_rules,
    plugin_directories,
)

__all__ = [
    "RuleSet",
    "Schema",
    "builtin_directory",
    "load_rules",
    "plugin_directories",
]
