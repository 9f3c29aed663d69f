"""Terraform as a source: code, plans and state."""
