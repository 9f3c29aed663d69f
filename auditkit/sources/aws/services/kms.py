"""KMS: https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, of_settled, settled, tagged

_CUSTOMER = "KeyManager == 'CUSTOMER'"
_REPLICA = "MultiRegionConfiguration.MultiRegionKeyType == 'REPLICA'"
_ALIVE = "!contains(['PendingDeletion', 'PendingReplicaDeletion'], KeyState)"
_SETTLED, _OF_SETTLED = settled("CreationDate"), of_settled("CreationDate")
_LAST_USAGE = "GetKeyLastUsage.KeyLastUsage"
# Accounts by number or ARN, organizations and their units, which a policy names; not this account.
_SHARED_WITH = (
    "found(replace(GetKeyPolicy, _account, 'own'),"
    """ '"((?:arn:[^":]*:(?:iam|sts)::)?[0-9]{12}[^"]*|o-[a-z0-9]{10,32}[^"]*)"')"""
)
_TRACKING_STARTED = "time(GetKeyLastUsage.TrackingStartDate)"


def _key(type: str, only: str, attributes: Mapping[str, str]) -> LiveType:
    return LiveType(
        type,
        listing=Call("kms:ListKeys", take="Keys"),
        id="KeyId",
        arn="KeyArn",
        only=only,
        completing=(
            Call("kms:DescribeKey", {"KeyId": "KeyId"}, take="KeyMetadata", into="."),
            Call(
                "kms:GetKeyRotationStatus",
                {"KeyId": "KeyId"},
                # AWS rotates no other keys.
                # https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
                when=f"{_CUSTOMER} && KeySpec == 'SYMMETRIC_DEFAULT'"
                " && Origin == 'AWS_KMS' && KeyState == 'Enabled'",
            ),
            Call(
                "kms:GetKeyPolicy",
                {"KeyId": "KeyId", "PolicyName": "'default'"},
                take="Policy",
                when=_CUSTOMER,
            ),
            # https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
            Call(
                "kms:GetKeyLastUsage",
                {"KeyId": "KeyId"},
                when=f"{_CUSTOMER} && {_ALIVE} && {_SETTLED}",
            ),
            Call(
                "kms:ListGrants",
                {"KeyId": "KeyId"},
                take="Grants",
                when=f"{_CUSTOMER} && {_ALIVE} && {_SETTLED}",
            ),
            tagged(),
        ),
        attributes={
            "bypass_policy_lockout_safety_check": "`false`",
            "policy": "GetKeyPolicy",
            **attributes,
        },
        tags=TAGS,
        owned_by_aws="KeyManager == 'AWS'",
        observed={
            "created": "CreationDate",
            "deletion_date": "DeletionDate",
            "grants": f"{_OF_SETTLED} && length(ListGrants)",
            "key_manager": "KeyManager",
            "key_spec": "KeySpec",
            "key_state": "KeyState",
            "last_used": f"{_OF_SETTLED} && {_LAST_USAGE}.Timestamp",
            "last_used_for": f"{_OF_SETTLED} && {_LAST_USAGE}.Operation",
            "multi_region_keys": "MultiRegionConfiguration.[PrimaryKey, ReplicaKeys][].Arn",
            "origin": "Origin",
            # What they have encrypted with it is not in this account's inventory.
            "shared_with": _SHARED_WITH,
            # Only then is no recorded use no use at all; the later of two texts is the later time.
            # https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
            "tracked_since_creation": f"{_OF_SETTLED} && GetKeyLastUsage"
            f" && sort([time(CreationDate), {_TRACKING_STARTED}])[0] == {_TRACKING_STARTED}",
            "tracking_started": f"{_OF_SETTLED} && GetKeyLastUsage.TrackingStartDate",
        },
    )


TYPES = (
    _key(
        "aws_kms_key",
        f"Origin != 'EXTERNAL' && !({_REPLICA})",
        {
            "customer_master_key_spec": "KeySpec",
            "enable_key_rotation": "GetKeyRotationStatus.KeyRotationEnabled || `false`",
            "is_enabled": "Enabled",
            "rotation_period_in_days": "GetKeyRotationStatus.RotationPeriodInDays",
            "xks_key_id": "XksKeyConfiguration.Id",
        },
    ),
    _key("aws_kms_external_key", f"Origin == 'EXTERNAL' && !({_REPLICA})", {}),
    _key(
        "aws_kms_replica_key",
        f"Origin != 'EXTERNAL' && {_REPLICA}",
        {
            "key_rotation_enabled": "GetKeyRotationStatus.KeyRotationEnabled || `false`",
            "primary_key_arn": "MultiRegionConfiguration.PrimaryKey.Arn",
        },
    ),
    _key(
        "aws_kms_replica_external_key",
        f"Origin == 'EXTERNAL' && {_REPLICA}",
        {"primary_key_arn": "MultiRegionConfiguration.PrimaryKey.Arn"},
    ),
    LiveType(
        "aws_kms_grant",
        each="aws_kms_key",
        each_also=(
            "aws_kms_external_key",
            "aws_kms_replica_key",
            "aws_kms_replica_external_key",
        ),
        listing=Call("kms:ListGrants", {"KeyId": "KeyId"}, take="Grants"),
        id="text('{}:{}', _parent.KeyId, GrantId)",
        attributes={
            "grantee_principal": "GranteePrincipal || GranteeServicePrincipal",
            "key_id": "_parent.KeyId",
            "retiring_principal": "RetiringPrincipal || RetiringServicePrincipal",
        },
        observed={"created": "CreationDate", "issuing_account": "IssuingAccount"},
    ),
    LiveType(
        "aws_kms_alias",
        listing=Call("kms:ListAliases", take="Aliases"),
        id="AliasName",
        arn="AliasArn",
        owned_by_aws="starts_with(AliasName, 'alias/aws/')",
        attributes={
            "name": "AliasName",
            "target_key_arn": "text('arn:{}:kms:{}:{}:key/{}', _partition, _region, _account,"
            " TargetKeyId)",
        },
        observed={"created": "CreationDate"},
    ),
    LiveType(
        "aws_kms_custom_key_store",
        listing=Call("kms:DescribeCustomKeyStores", take="CustomKeyStores"),
        id="CustomKeyStoreId",
        attributes={
            "xks_proxy_connectivity": "XksProxyConfiguration.Connectivity",
            "xks_proxy_uri_endpoint": "XksProxyConfiguration.UriEndpoint",
            "xks_proxy_uri_path": "XksProxyConfiguration.UriPath",
            "xks_proxy_vpc_endpoint_service_name": "XksProxyConfiguration.VpcEndpointServiceName",
        },
        # The identifier of a credential, and its secret.
        uncollected=("xks_proxy_authentication_credential",),
        observed={"created": "CreationDate", "state": "ConnectionState"},
    ),
)
