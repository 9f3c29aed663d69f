"""Organizations: https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html.

An organization and what is in it belong to its management account, which alone may list it all.
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, each_of, inside, tagged

_ORGANIZATION = "aws_organizations_organization"
_ACCOUNT = "{arn: Arn, email: Email, id: Id, name: Name, status: Status}"
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html
_POLICY_TYPES = (
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "INSPECTOR_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
    "BEDROCK_POLICY",
    "S3_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "GUARDDUTY_POLICY",
)

TYPES = (
    LiveType(
        _ORGANIZATION,
        listing=Call(
            "organizations:DescribeOrganization",
            take="Organization",
            absent=("AWSOrganizationsNotInUseException",),
        ),
        id="Id",
        arn="Arn",
        is_global=True,
        is_single=True,
        only="MasterAccountId == _account",
        completing=(
            Call("organizations:ListRoots", take="Roots"),
            Call("organizations:ListAccounts", take="Accounts"),
            Call(
                "organizations:ListAWSServiceAccessForOrganization",
                take="EnabledServicePrincipals",
                into="services",
            ),
        ),
        attributes={
            "accounts": f"ListAccounts[].{_ACCOUNT}",
            "aws_service_access_principals": "services[].ServicePrincipal",
            "enabled_policy_types": "ListRoots[].PolicyTypes[] | [?Status == 'ENABLED'].Type",
            "master_account_name": "where(ListAccounts, 'Id', MasterAccountId) | [0].Name",
            "non_master_accounts": f"where_not(ListAccounts, 'Id', MasterAccountId)[].{_ACCOUNT}",
            "roots": "ListRoots[].{arn: Arn, id: Id, name: Name,"
            " policy_types: PolicyTypes[].{status: Status, type: Type}}",
        },
    ),
    LiveType(
        "aws_organizations_account",
        each=_ORGANIZATION,
        listing=inside("ListAccounts"),
        id="Id",
        arn="Arn",
        is_global=True,
        completing=(
            Call("organizations:ListParents", {"ChildId": "Id"}, take="Parents"),
            tagged(),
        ),
        attributes={"parent_id": "ListParents[0].Id"},
        tags=TAGS,
        observed={"created": "JoinedTimestamp"},
    ),
    LiveType(
        "aws_organizations_organizational_unit",
        each=_ORGANIZATION,
        nests=True,
        listing=Call(
            "organizations:ListOrganizationalUnitsForParent",
            {"ParentId": "ListRoots[0].Id || Id"},
            take="OrganizationalUnits",
        ),
        id="Id",
        arn="Arn",
        is_global=True,
        completing=(tagged(),),
        attributes={"parent_id": "_parent.ListRoots[0].Id || _parent.Id"},
        tags=TAGS,
    ),
    LiveType(
        "aws_organizations_policy",
        each=_ORGANIZATION,
        listing=Call(
            "organizations:ListPolicies",
            {"Filter": "_over"},
            take="Policies",
            over=each_of(_POLICY_TYPES),
            # A partition of AWS may lack a type.
            absent=("InvalidInputException",),
        ),
        id="Id",
        arn="Arn",
        is_global=True,
        owned_by_aws="AwsManaged",
        completing=(
            Call("organizations:DescribePolicy", {"PolicyId": "Id"}, take="Policy"),
            Call("organizations:ListTargetsForPolicy", {"PolicyId": "Id"}, take="Targets"),
            tagged(),
        ),
        attributes={"content": "DescribePolicy.Content"},
        tags=TAGS,
        observed={"attachment_count": "length(ListTargetsForPolicy)"},
    ),
    LiveType(
        "aws_organizations_policy_attachment",
        each="aws_organizations_policy",
        listing=inside("ListTargetsForPolicy"),
        id="text('{}:{}', TargetId, _parent.Id)",
        is_global=True,
        attributes={"policy_id": "_parent.Id"},
    ),
    LiveType(
        "aws_organizations_resource_policy",
        each=_ORGANIZATION,
        listing=Call(
            "organizations:DescribeResourcePolicy",
            take="ResourcePolicy",
            absent=("ResourcePolicyNotFoundException",),
        ),
        id="ResourcePolicySummary.Id",
        arn="ResourcePolicySummary.Arn",
        is_global=True,
        completing=(tagged(),),
        tags=TAGS,
    ),
    LiveType(
        "organizations_administrator",
        each=_ORGANIZATION,
        listing=Call("organizations:ListDelegatedAdministrators", take="DelegatedAdministrators"),
        id="Id",
        is_global=True,
    ),
    LiveType(
        "aws_organizations_delegated_administrator",
        each="organizations_administrator",
        listing=Call(
            "organizations:ListDelegatedServicesForAccount",
            {"AccountId": "Id"},
            take="DelegatedServices",
        ),
        id="text('{}/{}', _parent.Id, ServicePrincipal)",
        is_global=True,
        attributes={
            "account_id": "_parent.Id",
            "arn": "_parent.Arn",
            "delegation_enabled_date": "_parent.DelegationEnabledDate",
            "email": "_parent.Email",
            "joined_method": "_parent.JoinedMethod",
            "joined_timestamp": "_parent.JoinedTimestamp",
            "name": "_parent.Name",
            "status": "_parent.Status",
        },
        observed={"created": "DelegationEnabledDate"},
    ),
)
