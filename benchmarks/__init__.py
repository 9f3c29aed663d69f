"""How fast auditkit is, and how much it needs, beside checkov on the same trees."""
