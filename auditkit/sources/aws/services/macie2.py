"""Macie: https://docs.aws.amazon.com/macie/latest/APIReference/welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_macie2_account",
        # Where Macie is off, it says the same as to whom it denies, but for the message.
        listing=Call(
            "macie2:GetMacieSession", absent=("AccessDeniedException: Macie is not enabled",)
        ),
        id="_account",
        attributes={"created_at": "time(createdAt)", "updated_at": "time(updatedAt)"},
        observed={"created": "createdAt"},
    ),
)
