"""Athena: https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_athena_workgroup",
        listing=Call("athena:ListWorkGroups", take="WorkGroups"),
        id="Name",
        arn="text('arn:{}:athena:{}:{}:workgroup/{}', _partition, _region, _account, Name)",
        completing=(
            Call("athena:GetWorkGroup", {"WorkGroup": "Name"}, take="WorkGroup", into="."),
            tagged(),
        ),
        attributes={
            "configuration.result_configuration.encryption_configuration.kms_key_arn": "KmsKey",
        },
        tags=TAGS,
        observed={"created": "CreationTime"},
    ),
)
