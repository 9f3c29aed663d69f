"""What evaluating Terraform can fail with."""

from __future__ import annotations


class EvaluationError(Exception):
    """An expression has no value; the text says why, as Terraform does, in short."""
