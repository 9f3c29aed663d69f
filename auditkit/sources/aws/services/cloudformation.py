"""CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudformation_stack",
        listing=Call("cloudformation:DescribeStacks", take="Stacks"),
        id="StackId",
        attributes={"iam_role_arn": "RoleARN", "name": "StackName"},
        # They may hold what nobody should read.
        uncollected=("outputs", "parameters"),
        tags="Tags",
        observed={
            "created": "CreationTime",
            "deletion_date": "DeletionTime",
            "drift": "DriftInformation.StackDriftStatus",
            "has_termination_protection": "EnableTerminationProtection",
            "parent": "ParentId",
            "state": "StackStatus",
            "state_reason": "StackStatusReason",
            "updated": "LastUpdatedTime",
        },
    ),
)
