"""Rule packs: directories of YAML files become rules, are checked, and run their examples."""

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
