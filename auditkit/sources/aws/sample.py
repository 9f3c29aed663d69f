"""A small account to look at: AWS as moto plays it in this process, with what usually goes wrong.

https://docs.getmoto.org/en/latest/docs/server_mode.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from typing import Any

import boto3
from moto.backends import get_backend
from moto.kms.responses import KmsResponse
from moto.server import ThreadedMotoServer

from auditkit.sources.aws.catalogue import choose_types

ACCOUNT, REGION = "123456789012", "us-east-1"
CODE_BUCKET, PUBLIC_BUCKET = "acme-shop-invoices", "acme-shop-export"
SERVICES = ("ec2", "iam", "kms", "s3")
NOT_PLAYED = frozenset(
    [
        "aws_ebs_default_kms_key",
        "aws_ebs_snapshot_block_public_access",
        "aws_ec2_image_block_public_access",
        "aws_ec2_instance_metadata_defaults",
        "aws_ec2_serial_console_access",
        "aws_iam_service_specific_credential",
        "aws_placement_group",
        "aws_s3_access_point",
        "aws_s3_account_public_access_block",
        "aws_s3control_access_point_policy",
    ]
)
"""Types of these services that moto has no answers for."""
_OLD = timedelta(days=400)
_TAGS = [{"Key": "Environment", "Value": "prod"}, {"Key": "Owner", "Value": "shop"}]


def _key_last_usage(request: Any) -> str:
    """What moto lacks: none of the sample's keys was ever used.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
    """
    key = request.kms_backend.describe_key(request._get_param("KeyId"))
    created = key.creation_date
    return json.dumps({"KeyId": key.id, "KeyCreationDate": created, "TrackingStartDate": created})


def sample_types() -> tuple[str, ...]:
    """The types that are read of the sample."""
    return tuple(name for name in choose_types(services=SERVICES) if name not in NOT_PLAYED)


@contextmanager
def embedded_aws() -> Iterator[str]:
    """The endpoint of an empty AWS, for as long as the block lasts."""
    # They would tell of each request, and of each that moto does not play.
    for name in ("werkzeug", "moto"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    setattr(KmsResponse, "get_key_last_usage", _key_last_usage)  # noqa: B010
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        # What another server in this process was told is known to this one, too.
        connection = HTTPConnection(host, port)
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()
        connection.close()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the account of the sample has, as far as its code and state speak of it."""

    vpc: str
    volume: str
    group: str
    key: str
    key_arn: str


def load_account(endpoint: str) -> Loaded:
    """Fills the account: what the sample's code declares, and what nobody has declared."""
    made = _declared(endpoint)
    _forgotten(endpoint)
    _age()
    return made


def state_of(made: Loaded) -> str:
    """The state file of the sample's code, as Terraform would have left it."""
    tags = {pair["Key"]: pair["Value"] for pair in _TAGS}
    resources: Mapping[str, Mapping[str, Any]] = {
        "aws_s3_bucket.invoices": {"id": CODE_BUCKET, "bucket": CODE_BUCKET, "tags": tags},
        "aws_s3_bucket_public_access_block.invoices": {
            "id": CODE_BUCKET,
            "bucket": CODE_BUCKET,
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        "aws_s3_bucket_versioning.invoices": {
            "id": CODE_BUCKET,
            "bucket": CODE_BUCKET,
            "versioning_configuration": [{"status": "Enabled"}],
        },
        "aws_ebs_volume.orders": {
            "id": made.volume,
            "availability_zone": f"{REGION}a",
            "size": 100,
            "encrypted": False,
            "tags": tags,
        },
        "aws_security_group.admin": {
            "id": made.group,
            "name": "admin",
            "description": "How the team gets in",
            "vpc_id": made.vpc,
            "tags": tags,
            "ingress": [
                {
                    "description": "SSH",
                    "from_port": 22,
                    "to_port": 22,
                    "protocol": "tcp",
                    "cidr_blocks": ["0.0.0.0/0"],
                }
            ],
        },
        "aws_kms_key.invoices": {
            "id": made.key,
            "key_id": made.key,
            "arn": made.key_arn,
            "description": "Invoices",
            "enable_key_rotation": False,
            "tags": tags,
        },
    }
    document = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "4f1a6a4e-0000-4000-8000-000000000000",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": address.partition(".")[0],
                "name": address.partition(".")[2],
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": 0, "attributes": attributes}],
            }
            for address, attributes in resources.items()
        ],
    }
    return json.dumps(document, indent=2)


def _client(endpoint: str, name: str) -> Any:
    # Nothing of the environment is asked, so that this can never be a real account.
    return boto3.Session("demo", "demo", region_name=REGION).client(name, endpoint_url=endpoint)


def _declared(endpoint: str) -> Loaded:
    """What the code declares; somebody has clicked since, so that not all of it is there."""
    ec2, s3, kms = (_client(endpoint, name) for name in ("ec2", "s3", "kms"))
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    s3.create_bucket(Bucket=CODE_BUCKET)
    s3.put_bucket_tagging(Bucket=CODE_BUCKET, Tagging={"TagSet": _TAGS})
    s3.put_bucket_versioning(Bucket=CODE_BUCKET, VersioningConfiguration={"Status": "Suspended"})
    volume = ec2.create_volume(
        AvailabilityZone=f"{REGION}a",
        Size=100,
        TagSpecifications=[{"ResourceType": "volume", "Tags": _TAGS}],
    )["VolumeId"]
    group = ec2.create_security_group(
        GroupName="admin",
        Description="How the team gets in",
        VpcId=vpc,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": _TAGS}],
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "SSH"}],
            }
        ],
    )
    tags = [{"TagKey": pair["Key"], "TagValue": pair["Value"]} for pair in _TAGS]
    key = kms.create_key(Description="Invoices", Tags=tags)["KeyMetadata"]
    return Loaded(vpc, volume, group, key["KeyId"], key["Arn"])


def _forgotten(endpoint: str) -> None:
    """What no code declares: a public bucket, a volume, an address, a key, and old access keys."""
    ec2, s3, kms, iam = (_client(endpoint, name) for name in ("ec2", "s3", "kms", "iam"))
    s3.create_bucket(Bucket=PUBLIC_BUCKET)
    everyone = {
        "Sid": "Everyone",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{PUBLIC_BUCKET}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [everyone]}
    s3.put_bucket_policy(Bucket=PUBLIC_BUCKET, Policy=json.dumps(policy))
    ec2.create_volume(AvailabilityZone=f"{REGION}b", Size=500)
    ec2.allocate_address(Domain="vpc")
    kms.create_key(Description="From a workshop")
    iam.create_user(UserName="ci-2019", Tags=_TAGS)
    iam.create_access_key(UserName="ci-2019")


def _age() -> None:
    """Makes everything older than it is, for what is new is not yet forgotten."""
    then = datetime.now(timezone.utc) - _OLD
    ec2 = get_backend("ec2")[ACCOUNT][REGION]
    for volume in ec2.volumes.values():
        volume.create_time = then
    for user in get_backend("iam")[ACCOUNT]["aws"].users.values():
        user.create_date = then.replace(tzinfo=None)
        for access_key in user.access_keys:
            access_key.create_date = then.replace(tzinfo=None)
    for key in get_backend("kms")[ACCOUNT][REGION].keys.values():
        key.creation_date = then.timestamp()
