"""Cognito.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_MFA = "GetUserPoolMfaConfig"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cognito_user_pool",
        listing=Call("cognito-idp:ListUserPools", {"MaxResults": "`60`"}, take="UserPools"),
        id="Id",
        arn="text('arn:{}:cognito-idp:{}:{}:userpool/{}', _partition, _region, _account, Id)",
        completing=(
            Call("cognito-idp:DescribeUserPool", {"UserPoolId": "Id"}, take="UserPool", into="."),
            Call("cognito-idp:GetUserPoolMfaConfig", {"UserPoolId": "Id"}),
        ),
        attributes={
            "account_recovery_setting.recovery_mechanism": "RecoveryMechanisms",
            "email_configuration.from_email_address": "From",
            "email_mfa_configuration": f"{_MFA}.EmailMfaConfiguration",
            "endpoint": "text('cognito-idp.{}.amazonaws.com/{}', _region, Id)",
            "lambda_config": "LambdaConfig != `{}` && LambdaConfig",
            "password_policy": "Policies.PasswordPolicy",
            "sign_in_policy": "Policies.SignInPolicy",
            "software_token_mfa_configuration": f"{_MFA}.SoftwareTokenMfaConfiguration",
            "web_authn_configuration": f"{_MFA}.WebAuthnConfiguration",
        },
        tags="UserPoolTags",
        observed={"created": "CreationDate"},
    ),
    # Its description is the only call that tells of it, and tells the secret, too, which is
    # forgotten at once.
    LiveType(
        "aws_cognito_user_pool_client",
        each="aws_cognito_user_pool",
        listing=Call(
            "cognito-idp:ListUserPoolClients",
            {"UserPoolId": "Id", "MaxResults": "`60`"},
            take="UserPoolClients",
        ),
        id="ClientId",
        completing=(
            Call(
                "cognito-idp:DescribeUserPoolClient",
                {"UserPoolId": "UserPoolId", "ClientId": "ClientId"},
                take="UserPoolClient",
                into=".",
            ),
        ),
        attributes={"name": "ClientName"},
        uncollected=("client_secret",),
        observed={"created": "CreationDate", "has_secret": "ClientSecret != null"},
    ),
    LiveType(
        "aws_cognito_identity_pool",
        listing=Call(
            "cognito-identity:ListIdentityPools", {"MaxResults": "`60`"}, take="IdentityPools"
        ),
        id="IdentityPoolId",
        arn="text('arn:{}:cognito-identity:{}:{}:identitypool/{}', _partition, _region,"
        " _account, IdentityPoolId)",
        completing=(
            Call(
                "cognito-identity:DescribeIdentityPool",
                {"IdentityPoolId": "IdentityPoolId"},
                into=".",
            ),
        ),
        tags="IdentityPoolTags",
    ),
)
