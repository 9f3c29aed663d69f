"""Inspector: https://docs.aws.amazon.com/inspector/v2/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

# In the provider's order, which is the alphabet's.
_SCANNED = (
    "[resourceState.codeRepository.status == 'ENABLED' && 'CODE_REPOSITORY',"
    " resourceState.ec2.status == 'ENABLED' && 'EC2',"
    " resourceState.ecr.status == 'ENABLED' && 'ECR',"
    " resourceState.lambda.status == 'ENABLED' && 'LAMBDA',"
    " resourceState.lambdaCode.status == 'ENABLED' && 'LAMBDA_CODE'][?@]"
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_inspector2_enabler",
        listing=Call(
            "inspector2:BatchGetAccountStatus", {"accountIds": "[_account]"}, take="accounts"
        ),
        id=f"text('{{}}-{{}}', accountId, join(':', {_SCANNED}))",
        only=_SCANNED,
        attributes={"account_ids": "[accountId]", "resource_types": _SCANNED},
        observed={"state": "state.status"},
    ),
)
