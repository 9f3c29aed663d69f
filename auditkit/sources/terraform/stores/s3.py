"""States in S3, as the ``s3`` backend keeps them.  Nothing is called but ``GetObject``.

https://developer.hashicorp.com/terraform/language/backend/s3
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Protocol

from auditkit.errors import SourceError
from auditkit.sources.terraform.backends import Backend
from auditkit.sources.terraform.stores.store import Store, Stream

if TYPE_CHECKING:
    from boto3.session import Session

CONNECT_SECONDS = 10
READ_SECONDS = 60

_REASONS = {
    "AccessDenied": "access is denied: s3:GetObject is needed, and kms:Decrypt if it is encrypted",
    "ExpiredToken": "the credentials have expired",
    "InvalidAccessKeyId": "AWS does not know the access key",
    "NoSuchBucket": "there is no such bucket",
    "NoSuchKey": "there is no such object; is it of another workspace?",
    "PermanentRedirect": "the bucket is in another region",
    "SignatureDoesNotMatch": "the secret key is wrong",
}


class _Closeable(Protocol):
    def close(self) -> None: ...


class _Body(_Closeable, Protocol):
    def read(self, size: int, /) -> bytes: ...


def fetch_object(bucket: str, key: str, backend: Backend, region: str) -> tuple[Store, Stream]:
    """The object, with the region, profile, role and endpoint that the backend's block names.

    `region` counts where the block says none.  Raises `SourceError` when it cannot be had.
    """
    name = f"s3://{bucket}/{key}"
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError
    except ImportError as error:
        raise SourceError(f"{name}: boto3 is needed: pip install 'auditkit[aws]'") from error
    try:
        session = boto3.session.Session(
            profile_name=backend.text("profile") or None,
            region_name=backend.text("region") or region or None,
            aws_access_key_id=backend.text("access_key") or None,
            aws_secret_access_key=backend.text("secret_key") or None,
            aws_session_token=backend.text("token") or None,
        )
        is_path = backend.settings.get("use_path_style", backend.settings.get("force_path_style"))
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={"addressing_style": "path" if is_path is True else "auto"},
        )
        with ExitStack() as stack:
            client = _in_role(session, backend).client(
                "s3",
                config=config,
                endpoint_url=backend.text("endpoints", "s3") or backend.text("endpoint") or None,
            )
            stack.callback(client.close)
            body: _Body = client.get_object(Bucket=bucket, Key=key)["Body"]
            # It lives as long as what is read from it.
            stack.pop_all()
    except ClientError as error:
        raise SourceError(f"{name}: {_reason(error.response)}") from error
    except (BotoCoreError, ResponseParserError, ValueError) as error:
        raise SourceError(f"{name}: {_one_line(error)}") from error
    return Store(name, "s3"), _Object(name, body, client)


def _in_role(session: Session, backend: Backend) -> Session:
    """The session in the backend's role, if it names one."""
    role = backend.text("assume_role", "role_arn") or backend.text("role_arn")
    if not role:
        return session
    import boto3

    given = {
        "ExternalId": backend.text("assume_role", "external_id") or backend.text("external_id"),
        "Policy": backend.text("assume_role", "policy"),
    }
    name = backend.text("assume_role", "session_name") or backend.text("session_name")
    client = session.client(
        "sts",
        endpoint_url=backend.text("endpoints", "sts") or backend.text("sts_endpoint") or None,
    )
    with closing(client):
        answer = client.assume_role(
            RoleArn=role,
            RoleSessionName=name or "auditkit",
            **{key: value for key, value in given.items() if value},
        )
    credentials = answer["Credentials"]
    return boto3.session.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=session.region_name,
    )


class _Object:
    """The content of an object, whose errors are told as those of other states."""

    def __init__(self, name: str, body: _Body, client: _Closeable) -> None:
        self._name = name
        self._body = body
        self._client = client

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        from botocore.exceptions import BotoCoreError

        try:
            return self._body.read(size)
        except (BotoCoreError, OSError) as error:
            raise SourceError(f"{self._name}: {_one_line(error)}") from error

    def close(self) -> None:
        """Lets go of the connection."""
        self._body.close()
        self._client.close()


def _reason(response: object) -> str:
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    if code in ("403", "404"):
        code = {"403": "AccessDenied", "404": "NoSuchKey"}[code]
    return _REASONS.get(code) or f"{code}: {' '.join(message.split())}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
