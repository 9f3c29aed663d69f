"""What AWS tells of credentials, keys and accounts, where moto has no say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from answering import Answer, read

TIME = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
TIME_TEXT = "2025-03-01T09:30:00Z"
ACCOUNT = "123456789012"
TAGS = [{"Key": "Owner", "Value": "tests"}]
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/ci"
CERTIFICATE_ARN = f"arn:aws:iam::{ACCOUNT}:server-certificate/cloudfront/shop"
MFA_ARN = f"arn:aws:iam::{ACCOUNT}:mfa/alice"
RESOURCE_POLICY_ARN = f"arn:aws:organizations::{ACCOUNT}:resourcepolicy/o-1/rp-1"
PRIMARY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/mrk-1"


def tagged(*arns: str) -> Mapping[str, Answer]:
    mappings = [{"ResourceARN": arn, "Tags": TAGS} for arn in arns]
    return {"resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": mappings}}


USER: Mapping[str, Answer] = {
    **tagged(),
    "iam:GetAccountAuthorizationDetails": {
        "UserDetailList": [{"UserName": "ci", "Arn": USER_ARN, "Path": "/", "CreateDate": TIME}]
    },
    "iam:ListSSHPublicKeys": {
        "SSHPublicKeys": [
            {
                "UserName": "ci",
                "SSHPublicKeyId": "APKA1",
                "Status": "Inactive",
                "UploadDate": TIME,
            }
        ]
    },
    "iam:ListSigningCertificates": {
        "Certificates": [
            {
                "UserName": "ci",
                "CertificateId": "CERT1",
                "CertificateBody": "-----BEGIN CERTIFICATE-----",
                "Status": "Active",
                "UploadDate": TIME,
            }
        ]
    },
}


def key(arn: str, **metadata: Any) -> Mapping[str, Answer]:
    name = arn.rpartition("/")[2]
    told = {
        "KeyId": name,
        "Arn": arn,
        "AWSAccountId": ACCOUNT,
        "CreationDate": TIME,
        "Description": "For the shop",
        "KeyManager": "CUSTOMER",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "MultiRegion": True,
        "MultiRegionConfiguration": {
            "MultiRegionKeyType": "REPLICA",
            "PrimaryKey": {"Arn": PRIMARY_ARN, "Region": "eu-west-1"},
            "ReplicaKeys": [{"Arn": arn, "Region": "us-east-1"}],
        },
        **metadata,
    }
    return {
        **tagged(arn),
        "kms:ListKeys": {"Keys": [{"KeyId": name, "KeyArn": arn}]},
        "kms:DescribeKey": {"KeyMetadata": told},
        "kms:GetKeyPolicy": {"Policy": POLICY},
        "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True},
    }


REPLICA_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-1"

CASES: list[tuple[str, Mapping[str, Answer], str, Mapping[str, Any]]] = [
    (
        "aws_iam_user_ssh_key",
        USER,
        "APKA1",
        {"ssh_public_key_id": "APKA1", "status": "Inactive", "username": "ci"},
    ),
    (
        "aws_iam_signing_certificate",
        USER,
        "CERT1:ci",
        {"certificate_id": "CERT1", "status": "Active", "user_name": "ci"},
    ),
    (
        "aws_iam_server_certificate",
        {
            **tagged(CERTIFICATE_ARN),
            "iam:ListServerCertificates": {
                "ServerCertificateMetadataList": [
                    {
                        "Path": "/cloudfront/",
                        "ServerCertificateName": "shop",
                        "ServerCertificateId": "ASCA1",
                        "Arn": CERTIFICATE_ARN,
                        "UploadDate": TIME,
                        "Expiration": TIME,
                    }
                ]
            },
        },
        "ASCA1",
        {
            "arn": CERTIFICATE_ARN,
            "expiration": TIME_TEXT,
            "name": "shop",
            "path": "/cloudfront/",
            "tags": {"Owner": "tests"},
            "upload_date": TIME_TEXT,
        },
    ),
    (
        "aws_iam_service_specific_credential",
        {
            "iam:ListServiceSpecificCredentials": {
                "ServiceSpecificCredentials": [
                    {
                        "UserName": "ci",
                        "Status": "Active",
                        "ServiceUserName": "ci-at-123456789012",
                        "CreateDate": TIME,
                        "ServiceSpecificCredentialId": "ACCA1",
                        "ServiceName": "codecommit.amazonaws.com",
                    }
                ]
            }
        },
        "codecommit.amazonaws.com:ci:ACCA1",
        {
            "service_name": "codecommit.amazonaws.com",
            "service_specific_credential_id": "ACCA1",
            "service_user_name": "ci-at-123456789012",
            "status": "Active",
            "user_name": "ci",
        },
    ),
    (
        "aws_iam_virtual_mfa_device",
        {
            **tagged(MFA_ARN),
            "iam:ListVirtualMFADevices": {
                "VirtualMFADevices": [
                    {
                        "SerialNumber": MFA_ARN,
                        "User": {"UserName": "alice", "Arn": USER_ARN},
                        "EnableDate": TIME,
                    }
                ]
            },
        },
        MFA_ARN,
        {
            "arn": MFA_ARN,
            "enable_date": TIME_TEXT,
            "tags": {"Owner": "tests"},
            "user_name": "alice",
            "virtual_mfa_device_name": "alice",
        },
    ),
    (
        "aws_kms_replica_key",
        key(REPLICA_ARN, Origin="AWS_KMS", KeyState="Enabled", Enabled=True),
        "mrk-1",
        {
            "arn": REPLICA_ARN,
            "description": "For the shop",
            "enabled": True,
            "key_id": "mrk-1",
            "key_rotation_enabled": True,
            "key_spec": "SYMMETRIC_DEFAULT",
            "key_usage": "ENCRYPT_DECRYPT",
            "policy": POLICY,
            "primary_key_arn": PRIMARY_ARN,
            "tags": {"Owner": "tests"},
        },
    ),
    (
        "aws_kms_replica_external_key",
        key(
            REPLICA_ARN,
            Origin="EXTERNAL",
            KeyState="PendingImport",
            Enabled=False,
            ExpirationModel="KEY_MATERIAL_EXPIRES",
            ValidTo=TIME,
        ),
        "mrk-1",
        {
            "enabled": False,
            "expiration_model": "KEY_MATERIAL_EXPIRES",
            "key_state": "PendingImport",
            "primary_key_arn": PRIMARY_ARN,
            "valid_to": TIME_TEXT,
        },
    ),
    (
        "aws_kms_custom_key_store",
        {
            "kms:DescribeCustomKeyStores": {
                "CustomKeyStores": [
                    {
                        "CustomKeyStoreId": "cks-1",
                        "CustomKeyStoreName": "outside",
                        "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
                        "ConnectionState": "CONNECTED",
                        "CreationDate": TIME,
                        "XksProxyConfiguration": {
                            "Connectivity": "VPC_ENDPOINT_SERVICE",
                            "AccessKeyId": "ABCDE12345670EXAMPLE",
                            "UriEndpoint": "https://keys.example.com",
                            "UriPath": "/shop/kms/xks/v1",
                            "VpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-1",
                        },
                    }
                ]
            }
        },
        "cks-1",
        {
            "custom_key_store_name": "outside",
            "custom_key_store_type": "EXTERNAL_KEY_STORE",
            "xks_proxy_connectivity": "VPC_ENDPOINT_SERVICE",
            "xks_proxy_uri_endpoint": "https://keys.example.com",
            "xks_proxy_uri_path": "/shop/kms/xks/v1",
            "xks_proxy_vpc_endpoint_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-1",
        },
    ),
    (
        "aws_organizations_resource_policy",
        {
            **tagged(RESOURCE_POLICY_ARN),
            "organizations:DescribeOrganization": {
                "Organization": {
                    "Id": "o-1",
                    "Arn": f"arn:aws:organizations::{ACCOUNT}:organization/o-1",
                    "MasterAccountId": ACCOUNT,
                    "FeatureSet": "ALL",
                }
            },
            "organizations:DescribeResourcePolicy": {
                "ResourcePolicy": {
                    "ResourcePolicySummary": {"Id": "rp-1", "Arn": RESOURCE_POLICY_ARN},
                    "Content": POLICY,
                }
            },
        },
        "rp-1",
        {"arn": RESOURCE_POLICY_ARN, "content": POLICY, "tags": {"Owner": "tests"}},
    ),
    (
        "aws_config_retention_configuration",
        {
            "config:DescribeRetentionConfigurations": {
                "RetentionConfigurations": [{"Name": "default", "RetentionPeriodInDays": 90}]
            }
        },
        "default",
        {"name": "default", "retention_period_in_days": 90},
    ),
]


@pytest.mark.parametrize(
    ("type", "answers", "id", "expected"), CASES, ids=[row[0] for row in CASES]
)
def test_attributes_from_answers(
    type: str, answers: Mapping[str, Answer], id: str, expected: Mapping[str, Any]
) -> None:
    (resource,) = read(answers, type)
    assert resource.id == id
    assert {name: resource.attributes.get(name) for name in expected} == expected


@pytest.mark.parametrize("type", ["aws_kms_key", "aws_kms_external_key"])
def test_a_replica_is_not_taken_for_a_key_of_its_own(type: str) -> None:
    origin = "EXTERNAL" if type == "aws_kms_external_key" else "AWS_KMS"
    assert not read(key(REPLICA_ARN, Origin=origin, KeyState="Enabled", Enabled=True), type)
