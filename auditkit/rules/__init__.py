"""The rule language: conditions, operators, paths, and IAM policies as values; all pure."""
