"""How one gets at an account: boto3 sessions that renew their credentials by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from auditkit.sources.aws.shapes import loader

ROLE_SESSION_NAME = "auditkit"
"""How CloudTrail names who was here."""

HOME_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
}
"""The region of each partition in which its global services are asked."""
DEFAULT_REGION = HOME_REGIONS["aws"]


@dataclass(frozen=True, slots=True)
class Access:
    """How one gets at an account.

    It holds no secret: the credentials are those that boto3 finds where the calls are made.
    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html
    """

    profile: str = ""
    """The profile; empty for the default credentials."""
    role: str = ""
    """The ARN of the role to assume with them, if any."""
    external_id: str = ""

    def __str__(self) -> str:
        return self.role or (f"profile {self.profile}" if self.profile else "default credentials")

    @property
    def partition(self) -> str:
        """The partition that the role's ARN names; empty without a role."""
        return self.role.split(":")[1] if self.role else ""


class SharedSession:
    """A session that several threads may make clients with."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._lock = threading.Lock()
        self.region: str = session.region_name or ""
        """The region that its configuration names, if any."""

    def client(self, service_name: str, *, region_name: str, config: Config) -> Any:
        """A boto3 client."""
        # Sessions are not safe in threads; clients are.
        # https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html
        with self._lock:
            return self._session.client(service_name, region_name=region_name, config=config)


@cache
def session_of(access: Access) -> SharedSession:
    """The session for an account, one for all that ask for it in this process.

    Raises `botocore.exceptions.ProfileNotFound`.
    """
    outer = _with_shared_models()
    session = boto3.Session(profile_name=access.profile or None, botocore_session=outer)
    # Else a profile that there is not is found out when the first request is made.
    outer.get_scoped_config()
    if not access.role:
        return SharedSession(session)
    source = session.get_credentials()
    region = session.region_name or HOME_REGIONS.get(access.partition, DEFAULT_REGION)

    def create_client(name: str, **given: Any) -> Any:
        return session.client(name, region_name=region, **given)

    inner = _with_shared_models()
    if session.region_name:
        inner.set_config_variable("region", session.region_name)
    if source is not None:
        resolver = _Fixed(assume(access, source, create_client))
        inner.register_component("credential_provider", resolver)
    return SharedSession(boto3.Session(botocore_session=inner))


def _with_shared_models() -> botocore.session.Session:
    session = botocore.session.Session()
    session.register_component("data_loader", loader())
    return session


class _Fixed:
    """Stands where botocore looks for credentials."""

    def __init__(self, credentials: DeferredRefreshableCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> DeferredRefreshableCredentials:
        """The credentials."""
        return self._credentials


def assume(
    access: Access, source: Any, create_client: Callable[..., Any]
) -> DeferredRefreshableCredentials:
    """The role's credentials, which are got when they are needed, and anew before they expire.

    `source` are the credentials that may assume it; `create_client` makes the STS client.
    """
    extra = {"RoleSessionName": ROLE_SESSION_NAME}
    if access.external_id:
        extra["ExternalId"] = access.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=create_client,
        source_credentials=source,
        role_arn=access.role,
        extra_args=extra,
    )
    return DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
