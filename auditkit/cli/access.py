"""What the environment and the user's files say about getting at remote states."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from auditkit.errors import ConfigError
from auditkit.sources.terraform.stores.store import Access

_TOKEN = "TF_TOKEN_"
_MOST_BYTES = 1_000_000


def read_access(environment: Mapping[str, str], home: Path) -> Access:
    """The tokens and passwords that Terraform would use.

    https://developer.hashicorp.com/terraform/cli/config/config-file#credentials
    https://developer.hashicorp.com/terraform/language/backend/http#configuration-variables

    Raises `ConfigError` when the file that ``terraform login`` writes is broken.
    """
    return Access(
        tokens={**_read_tokens(environment, home), **_tokens_of(environment)},
        http_address=environment.get("TF_HTTP_ADDRESS", ""),
        http_username=environment.get("TF_HTTP_USERNAME", ""),
        http_password=environment.get("TF_HTTP_PASSWORD", ""),
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", ""),
    )


def _tokens_of(environment: Mapping[str, str]) -> Mapping[str, str]:
    """``TF_TOKEN_app_terraform_io``: dots are underscores, hyphens are two of them."""
    return {
        name.removeprefix(_TOKEN).replace("__", "-").replace("_", "."): value
        for name, value in environment.items()
        if name.startswith(_TOKEN) and value
    }


def _read_tokens(environment: Mapping[str, str], home: Path) -> Mapping[str, str]:
    """The tokens that ``terraform login`` has put into its file."""
    appdata = environment.get("APPDATA")
    directory = Path(appdata) / "terraform.d" if appdata else home / ".terraform.d"
    path = directory / "credentials.tfrc.json"
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_MOST_BYTES))
    except OSError:
        return {}
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not JSON; run `terraform login` again") from error
    hosts = document.get("credentials") if isinstance(document, dict) else None
    return {
        host: entry["token"]
        for host, entry in (hosts.items() if isinstance(hosts, dict) else ())
        if isinstance(entry, dict) and isinstance(entry.get("token"), str)
    }
