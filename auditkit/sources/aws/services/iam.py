"""IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import (
    TAGS,
    Call,
    LiveType,
    inside,
    of_settled,
    settled,
    tagged,
)


def _details(take: str) -> Call:
    """One paged call tells of all users, groups, roles and policies with what is in them.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    return Call(
        "iam:GetAccountAuthorizationDetails",
        {"Filter": "['User', 'Group', 'Role', 'LocalManagedPolicy']"},
        take=take,
    )


# A table of all users, which AWS makes at most every four hours.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
CREDENTIAL_REPORT = Call(
    "iam:GetCredentialReport",
    take="csv(Content)",
    into="report",
    key="user",
    by="UserName",
    starts="iam:GenerateCredentialReport",
    pending=("ReportNotPresent", "ReportExpired", "ReportInProgress"),
)


REPORTED = "known(report[0], 'the credential report is older than the user')"


def reported(column: str, row: str = REPORTED) -> str:
    """The time that the report has in a column, null for its words for "none"."""
    time = f"replace({row}.{column}, '+00:00', 'Z')"
    return f"starts_with({time} || '', '2') && {time} || `null`"


def _inline(owner: str, told: str) -> LiveType:
    name = f"_parent.{owner.capitalize()}Name"
    return LiveType(
        f"aws_iam_{owner}_policy",
        each=f"aws_iam_{owner}",
        listing=inside(told),
        id=f"text('{{}}:{{}}', {name}, PolicyName)",
        is_global=True,
        attributes={owner: name, "name": "PolicyName", "policy": "json(PolicyDocument)"},
    )


def _attached(owner: str) -> LiveType:
    name = f"_parent.{owner.capitalize()}Name"
    return LiveType(
        f"aws_iam_{owner}_policy_attachment",
        each=f"aws_iam_{owner}",
        listing=inside("AttachedManagedPolicies"),
        id=f"text('{{}}/{{}}', {name}, PolicyArn)",
        identity=(owner, "policy_arn"),
        is_global=True,
        attributes={owner: name},
    )


# Of the provider's two resources for a role, one is for those that services make.
_LINKED = "starts_with(Path, '/aws-service-role/')"
_ROLE: Mapping[str, str] = {
    "assume_role_policy": "json(AssumeRolePolicyDocument)",
    # The details lack these two.
    "description": "ListRoles[0].Description",
    "max_session_duration": "ListRoles[0].MaxSessionDuration",
    "name": "RoleName",
    "permissions_boundary": "PermissionsBoundary.PermissionsBoundaryArn",
    "unique_id": "RoleId",
}
_ROLES = Call("iam:ListRoles", take="Roles", key="RoleName", by="RoleName")
_ROLE_OBSERVED: Mapping[str, str] = {
    "created": "CreateDate",
    # The identity providers whose users may take the role.
    "federated": "block(AssumeRolePolicyDocument.Statement)[].block(Principal.Federated)[]",
    "last_used": "RoleLastUsed.LastUsedDate",
    "last_used_in": "RoleLastUsed.Region",
}
_KEY_NUMBERS = ("1", "2")
# The report does not say which key it speaks of, but when it was made.
_MADE_AS = {
    number: f"time(CreateDate) == replace(_parent.report[0].access_key_{number}_last_rotated,"
    " '+00:00', 'Z')"
    for number in _KEY_NUMBERS
}


def _key_reported(column: str, told: str) -> str:
    first, second = (
        f"{_MADE_AS[number]} && ({reported(f'access_key_{number}_{column}', '_parent.report[0]')})"
        for number in _KEY_NUMBERS
    )
    return f"{told} || {first} || {second} || `null`"


TYPES = (
    LiveType(
        "aws_iam_user",
        listing=_details("UserDetailList"),
        id="UserName",
        arn="Arn",
        is_global=True,
        completing=(
            CREDENTIAL_REPORT,
            Call(
                "iam:ListAccessKeys",
                {"UserName": "UserName"},
                take="AccessKeyMetadata",
            ),
            Call(
                "iam:GetLoginProfile",
                {"UserName": "UserName"},
                take="LoginProfile",
                absent=("NoSuchEntity",),
            ),
            Call("iam:ListSSHPublicKeys", {"UserName": "UserName"}, take="SSHPublicKeys"),
            Call(
                "iam:ListSSHPublicKeys",
                {"UserName": "UserName"},
                take="SSHPublicKeys",
                into="ssh_keys",
                when=settled("CreateDate"),
            ),
            Call("iam:ListSigningCertificates", {"UserName": "UserName"}, take="Certificates"),
        ),
        attributes={
            "name": "UserName",
            "permissions_boundary": "PermissionsBoundary.PermissionsBoundaryArn",
            "unique_id": "UserId",
        },
        tags="Tags",
        observed={
            "created": "CreateDate",
            "mfa_active": f"{REPORTED}.mfa_active == 'true'",
            "password_enabled": f"{REPORTED}.password_enabled == 'true'",
            "password_last_changed": reported("password_last_changed"),
            "password_last_used": reported("password_last_used"),
            # Of these AWS does not tell when they were used.
            "signing_certificates": f"{REPORTED}.cert_1_active == 'true'"
            f" || {REPORTED}.cert_2_active == 'true'",
            "ssh_keys": f"{of_settled('CreateDate')} && length(ssh_keys[?Status == 'Active'])",
            **{
                f"access_key_{number}_active": f"{REPORTED}.access_key_{number}_active == 'true'"
                for number in _KEY_NUMBERS
            },
            **{
                f"access_key_{number}_{name}": reported(f"access_key_{number}_{column}")
                for number in _KEY_NUMBERS
                for name, column in (
                    ("last_rotated", "last_rotated"),
                    ("last_used", "last_used_date"),
                )
            },
        },
    ),
    LiveType(
        "aws_iam_group",
        listing=_details("GroupDetailList"),
        id="GroupName",
        arn="Arn",
        is_global=True,
        attributes={"name": "GroupName", "unique_id": "GroupId"},
        observed={"created": "CreateDate"},
    ),
    LiveType(
        "aws_iam_role",
        listing=_details("RoleDetailList"),
        id="RoleName",
        arn="Arn",
        is_global=True,
        only=f"!{_LINKED}",
        # Roles of IAM Identity Center, which nobody else can change.
        # https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        owned_by_aws="starts_with(Path, '/aws-reserved/')",
        completing=(_ROLES,),
        attributes=_ROLE,
        tags="Tags",
        observed=_ROLE_OBSERVED,
    ),
    LiveType(
        "aws_iam_service_linked_role",
        listing=_details("RoleDetailList"),
        id="Arn",
        arn="Arn",
        is_global=True,
        only=_LINKED,
        completing=(_ROLES,),
        attributes={
            "aws_service_name": "part(Path, '/', `2`)",
            "custom_suffix": "part(RoleName, '_', `1`)",
            **{name: _ROLE[name] for name in ("description", "name", "unique_id")},
        },
        tags="Tags",
        observed=_ROLE_OBSERVED,
    ),
    LiveType(
        "aws_iam_policy",
        listing=_details("Policies"),
        id="Arn",
        arn="Arn",
        is_global=True,
        completing=(
            # The details lack the description.
            Call("iam:GetPolicy", {"PolicyArn": "Arn"}, take="Policy"),
            tagged(),
        ),
        attributes={
            "description": "GetPolicy.Description",
            "name": "PolicyName || part(Arn, '/', `-1`)",
            "policy": "json(PolicyVersionList[?IsDefaultVersion].Document | [0])",
            "policy_id": "PolicyId || GetPolicy.PolicyId",
        },
        # It changes with every attachment; a state has it as it was at the last refresh.
        uncollected=("attachment_count",),
        tags=TAGS,
        observed={
            "attachment_count": "AttachmentCount",
            "created": "CreateDate",
            "permissions_boundary_usage_count": "PermissionsBoundaryUsageCount",
            "updated": "UpdateDate",
        },
    ),
    _inline("user", "UserPolicyList"),
    _inline("group", "GroupPolicyList"),
    _inline("role", "RolePolicyList"),
    _attached("user"),
    _attached("group"),
    _attached("role"),
    LiveType(
        "aws_iam_user_group_membership",
        each="aws_iam_user",
        listing=inside("GroupList && [{Groups: GroupList}]"),
        id="_parent.UserName",
        identity=("user",),
        is_global=True,
        attributes={"user": "_parent.UserName", "groups": "_parent.GroupList"},
    ),
    LiveType(
        "aws_iam_access_key",
        each="aws_iam_user",
        listing=inside("ListAccessKeys"),
        id="AccessKeyId",
        is_global=True,
        completing=(
            # One that is not active is not in the report.
            Call(
                "iam:GetAccessKeyLastUsed",
                {"AccessKeyId": "AccessKeyId"},
                take="AccessKeyLastUsed",
                when=f"!({_MADE_AS['1']}) && !({_MADE_AS['2']})",
            ),
        ),
        attributes={"user": "UserName"},
        observed={
            "created": "CreateDate",
            "last_used": _key_reported("last_used_date", "time(GetAccessKeyLastUsed.LastUsedDate)"),
        },
    ),
    LiveType(
        "aws_iam_user_login_profile",
        each="aws_iam_user",
        listing=inside("GetLoginProfile"),
        id="UserName",
        is_global=True,
        attributes={"user": "UserName"},
        uncollected=("password",),
        observed={"created": "CreateDate"},
    ),
    LiveType(
        "aws_iam_user_ssh_key",
        each="aws_iam_user",
        listing=inside("ListSSHPublicKeys"),
        id="SSHPublicKeyId",
        is_global=True,
        attributes={"ssh_public_key_id": "SSHPublicKeyId"},
        observed={"created": "UploadDate"},
    ),
    LiveType(
        "aws_iam_signing_certificate",
        each="aws_iam_user",
        listing=inside("ListSigningCertificates"),
        id="text('{}:{}', CertificateId, UserName)",
        is_global=True,
        uncollected=("certificate_body",),
        observed={"created": "UploadDate"},
    ),
    LiveType(
        "aws_iam_service_specific_credential",
        listing=Call(
            "iam:ListServiceSpecificCredentials",
            {"AllUsers": "`true`"},
            take="ServiceSpecificCredentials",
        ),
        id="text('{}:{}:{}', ServiceName, UserName, ServiceSpecificCredentialId)",
        is_global=True,
        observed={"created": "CreateDate", "expires": "ExpirationDate"},
    ),
    LiveType(
        "aws_iam_virtual_mfa_device",
        listing=Call("iam:ListVirtualMFADevices", take="VirtualMFADevices"),
        id="SerialNumber",
        arn="SerialNumber",
        is_global=True,
        completing=(tagged(),),
        attributes={
            "enable_date": "EnableDate",
            "user_name": "User.UserName",
            "virtual_mfa_device_name": "part(SerialNumber, '/', `-1`)",
        },
        uncollected=("base_32_string_seed", "qr_code_png"),
        tags=TAGS,
    ),
    LiveType(
        "aws_iam_instance_profile",
        listing=Call("iam:ListInstanceProfiles", take="InstanceProfiles"),
        id="InstanceProfileName",
        arn="Arn",
        is_global=True,
        completing=(tagged(),),
        attributes={
            "name": "InstanceProfileName",
            "role": "Roles[0].RoleName",
            "unique_id": "InstanceProfileId",
        },
        tags=TAGS,
        observed={"created": "CreateDate"},
    ),
    LiveType(
        "aws_iam_openid_connect_provider",
        listing=Call("iam:ListOpenIDConnectProviders", take="OpenIDConnectProviderList"),
        id="Arn",
        arn="Arn",
        is_global=True,
        completing=(
            Call("iam:GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": "Arn"}, into="."),
        ),
        tags="Tags",
        observed={"created": "CreateDate"},
    ),
    LiveType(
        "aws_iam_saml_provider",
        listing=Call("iam:ListSAMLProviders", take="SAMLProviderList"),
        id="Arn",
        arn="Arn",
        is_global=True,
        completing=(Call("iam:GetSAMLProvider", {"SAMLProviderArn": "Arn"}, into="."),),
        attributes={"name": "part(Arn, '/', `-1`)"},
        uncollected=("valid_until",),
        tags="Tags",
        observed={"created": "CreateDate", "valid_until": "ValidUntil"},
    ),
    LiveType(
        "aws_iam_server_certificate",
        listing=Call("iam:ListServerCertificates", take="ServerCertificateMetadataList"),
        id="ServerCertificateId",
        arn="Arn",
        is_global=True,
        completing=(tagged(),),
        attributes={"name": "ServerCertificateName"},
        tags=TAGS,
        observed={"created": "UploadDate"},
    ),
    LiveType(
        "aws_iam_account_alias",
        listing=Call("iam:ListAccountAliases", take="AccountAliases"),
        id="Item",
        is_global=True,
        is_single=True,
        attributes={"account_alias": "Item"},
    ),
    LiveType(
        "aws_iam_account_password_policy",
        listing=inside("{Account: _account}"),
        id="'iam-account-password-policy'",
        is_global=True,
        is_single=True,
        completing=(
            Call(
                "iam:GetAccountPasswordPolicy",
                take="PasswordPolicy",
                into="told",
                absent=("NoSuchEntity",),
            ),
        ),
        attributes={
            # What holds where there is none.
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
            "minimum_password_length": "told.MinimumPasswordLength || `8`",
            "allow_users_to_change_password": "told.AllowUsersToChangePassword || `false`",
            "expire_passwords": "told.ExpirePasswords || `false`",
            "hard_expiry": "told.HardExpiry || `false`",
            "max_password_age": "told.MaxPasswordAge",
            "password_reuse_prevention": "told.PasswordReusePrevention",
            "require_lowercase_characters": "told.RequireLowercaseCharacters || `false`",
            "require_numbers": "told.RequireNumbers || `false`",
            "require_symbols": "told.RequireSymbols || `false`",
            "require_uppercase_characters": "told.RequireUppercaseCharacters || `false`",
        },
        observed={"is_configured": "told != `null`"},
    ),
)
