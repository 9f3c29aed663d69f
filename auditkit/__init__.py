"""auditkit: a compliance and drift auditor for AWS and Terraform."""

__version__ = "0.1.0"
