"""Rule packs: directories of YAML files become rules, and their authors are told what is wrong."""

from auditkit.rulepack.lint import Complaint, lint_rules
from auditkit.rulepack.load import (
    RuleSet,
    Schema,
    builtin_directory,
    load_rules,
    plugin_directories,
)

__all__ = [
    "Complaint",
    "RuleSet",
    "Schema",
    "builtin_directory",
    "lint_rules",
    "load_rules",
    "plugin_directories",
]
