"""States in HCP Terraform and Terraform Enterprise, over their API.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import quote, urljoin, urlsplit

from auditkit.errors import SourceError
from auditkit.model import Value
from auditkit.sources.terraform.documents import mapping_of, read_document, text_of
from auditkit.sources.terraform.stores.http import download
from auditkit.sources.terraform.stores.store import Store, Stream

_PAGE = re.compile(r"/app/(?P<organization>[\w-]+)/workspaces/(?P<workspace>[\w-]+)(?:/.*)?")


def workspace_of_page(address: str) -> tuple[str, str, str] | None:
    """Scheme with host, organization and workspace, if the address is of a workspace's page."""
    parts = urlsplit(address)
    match = _PAGE.fullmatch(parts.path)
    if match is None:
        return None
    return f"{parts.scheme}://{parts.netloc}", match["organization"], match["workspace"]


def fetch_workspace(
    server: str, organization: str, workspace: str, tokens: Mapping[str, str]
) -> tuple[Store, Stream]:
    """The current state of a workspace; `server` is a scheme with a host.

    Raises `SourceError` when it cannot be had.
    """
    host = urlsplit(server).netloc
    name = f"{host}/{organization}/{workspace}"
    token = tokens.get(host, "")
    if not token:
        variable = "TF_TOKEN_" + host.replace("-", "__").replace(".", "_")
        raise SourceError(
            f"{name}: there is no token for {host}; set {variable}, or run `terraform login {host}`"
        )
    headers = {"Authorization": f"Bearer {token}"}
    api = f"{server}/api/v2"
    path = f"organizations/{quote(organization, safe='')}/workspaces/{quote(workspace, safe='')}"
    found = _ask(f"{api}/{path}", headers, name)
    identifier = quote(text_of(found.get("id")), safe="")
    version = _ask(f"{api}/workspaces/{identifier}/current-state-version", headers, name)
    address = text_of(mapping_of(version.get("attributes")).get("hosted-state-download-url"))
    if not address:
        raise SourceError(f"{name}: the server does not say where the state can be downloaded")
    address = urljoin(f"{server}/", address)
    # Another host has signed its address, and must not see the token.
    is_same = urlsplit(address)[:2] == urlsplit(server)[:2]
    return Store(name, "remote"), download(address, headers if is_same else {})


def _ask(address: str, headers: Mapping[str, str], name: str) -> Mapping[str, Value]:
    """The object under ``data`` of the answer."""
    with closing(download(address, headers)) as stream:
        data = read_document(stream, address).get("data")
    if not isinstance(data, Mapping):
        raise SourceError(f"{name}: the server's answer is not that of the API of HCP Terraform")
    return data
