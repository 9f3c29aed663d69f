"""Rule packs: directories of YAML files become rules, are linted, and run their examples.

Linting is in `auditkit.rulepack.lint`, the examples in `auditkit.rulepack.examples`, and the
text of a new file in `auditkit.rulepack.template`: a scan needs none of them.
"""

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
