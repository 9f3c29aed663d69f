"""Locations of states, as users write them, become streams of bytes."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from auditkit.errors import SourceError
from auditkit.model import Unknown, Value
from auditkit.sources.terraform.backends import (
    CLOUD_HOST,
    Backend,
    backend_of,
    local_path,
    s3_key,
    workspace_name,
)
from auditkit.sources.terraform.code import CodeOptions, Project, selected_workspace
from auditkit.sources.terraform.configuration import read_directory
from auditkit.sources.terraform.placement import relative_to
from auditkit.sources.terraform.program import is_tracked, pull_state
from auditkit.sources.terraform.stores.cloud import fetch_workspace, workspace_of_page
from auditkit.sources.terraform.stores.http import fetch_url
from auditkit.sources.terraform.stores.s3 import fetch_object
from auditkit.sources.terraform.stores.store import Access, Store, Stream


def open_state(
    location: str, project: Project | None, options: CodeOptions, access: Access
) -> tuple[Store, Stream]:
    """The state at `location` (see `state.read_state`), ready to be read.

    Raises `SourceError` in one line that says which state, why, and what to try.
    """
    kind, _, rest = location.partition(":")
    if kind == "pull":
        return _pull(location, Path(rest), project)
    if kind == "s3":
        return _open_object(location, project, options, access)
    if kind == "remote":
        *server, organization, workspace = ["", *rest.split("/")]
        host = "/".join(server).strip("/") or CLOUD_HOST
        if not organization or not workspace or "/" in host:
            raise SourceError(f"{location}: write remote:ORGANIZATION/WORKSPACE")
        page = f"https://{host}", organization, workspace
        return _open_workspace(page, project, options, access)
    if kind in ("http", "https"):
        found = workspace_of_page(location)
        if found is not None:
            return _open_workspace(found, project, options, access)
        return _open_url(location, project, options, access)
    path = Path(location)
    if path.is_dir():
        return _open_directory(path, project, options, access)
    return _open_file(path, project, options)


def _open_file(path: Path, project: Project | None, options: CodeOptions) -> tuple[Store, Stream]:
    file = relative_to(project, path)
    name = file or str(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise SourceError(f"{name}: {error.strerror}") from error
    tracked = is_tracked(path)
    committed: Value = (
        Unknown("git does not tell whether it keeps the file") if tracked is None else tracked
    )

    def keeps(root: str, backend: Backend, workspace: str) -> bool:
        place = posixpath.normpath(posixpath.join(root, local_path(backend, workspace)))
        return backend.kind == "local" and place == file

    roots = _keepers(project, options, keeps) if file else {}
    return Store(name, "local", file, committed, tuple(roots)), stream


def _open_directory(
    directory: Path, project: Project | None, options: CodeOptions, access: Access
) -> tuple[Store, Stream]:
    """The state of the root module in `directory`, wherever its backend keeps it."""
    backend = backend_of(read_directory(directory, "."), directory)
    workspace = options.workspace or selected_workspace(directory)
    if backend.kind == "local":
        path = directory / local_path(backend, workspace)
        if not path.is_file():
            raise SourceError(f"{path}: there is no state; has anything been applied from here?")
        store, stream = _open_file(path, project, options)
    elif backend.kind == "s3":
        bucket, key = backend.text("bucket"), s3_key(backend, workspace)
        if not bucket or not key:
            raise SourceError(_unsaid(directory, "the bucket and key of its backend"))
        store, stream = fetch_object(bucket, key, backend, access.region)
    elif backend.kind == "http":
        address = backend.text("address") or access.http_address
        if not address:
            raise SourceError(_unsaid(directory, "the address of its backend"))
        store, stream = _fetch_url(address, backend, access)
    elif backend.kind in ("remote", "cloud"):
        organization, name = backend.text("organization"), workspace_name(backend, workspace)
        if not organization or not name:
            raise SourceError(_unsaid(directory, "its organization and workspace"))
        server = f"https://{backend.text('hostname') or CLOUD_HOST}"
        store, stream = fetch_workspace(server, organization, name, access.tokens)
    else:
        raise SourceError(
            f"{directory}: states of the backend {backend.kind!r} are not read; have Terraform"
            f" do it: --state pull:{directory}"
        )
    return replace(store, roots=_root_in(project, directory)), stream


def _pull(location: str, directory: Path, project: Project | None) -> tuple[Store, Stream]:
    if not directory.is_dir():
        raise SourceError(f"{location}: there is no directory {directory}")
    return Store(location, "pull", roots=_root_in(project, directory)), pull_state(directory)


def _open_object(
    location: str, project: Project | None, options: CodeOptions, access: Access
) -> tuple[Store, Stream]:
    bucket, _, key = location.removeprefix("s3:").lstrip("/").partition("/")
    if not bucket or not key:
        raise SourceError(f"{location}: write s3://BUCKET/KEY")

    def keeps(root: str, backend: Backend, workspace: str) -> bool:
        is_s3 = backend.kind == "s3" and backend.text("bucket") == bucket
        return is_s3 and s3_key(backend, workspace) == key

    roots = _keepers(project, options, keeps)
    backend = next(iter(roots.values()), Backend("s3"))
    store, stream = fetch_object(bucket, key, backend, access.region)
    return replace(store, roots=tuple(roots)), stream


def _open_url(
    location: str, project: Project | None, options: CodeOptions, access: Access
) -> tuple[Store, Stream]:
    def keeps(root: str, backend: Backend, workspace: str) -> bool:
        return backend.kind == "http" and backend.text("address") == location

    roots = _keepers(project, options, keeps)
    backend = next(iter(roots.values()), Backend("http"))
    store, stream = _fetch_url(location, backend, access)
    return replace(store, roots=tuple(roots)), stream


def _fetch_url(address: str, backend: Backend, access: Access) -> tuple[Store, Stream]:
    username = backend.text("username") or access.http_username
    password = backend.text("password") or access.http_password
    return fetch_url(address, username, password)


def _open_workspace(
    page: tuple[str, str, str], project: Project | None, options: CodeOptions, access: Access
) -> tuple[Store, Stream]:
    server, organization, name = page

    def keeps(root: str, backend: Backend, workspace: str) -> bool:
        return (
            backend.kind in ("remote", "cloud")
            and server.endswith(f"://{backend.text('hostname') or CLOUD_HOST}")
            and backend.text("organization") == organization
            and workspace_name(backend, workspace) == name
        )

    roots = _keepers(project, options, keeps)
    store, stream = fetch_workspace(server, organization, name, access.tokens)
    return replace(store, roots=tuple(roots)), stream


def _keepers(
    project: Project | None, options: CodeOptions, keeps: Callable[[str, Backend, str], bool]
) -> Mapping[str, Backend]:
    """The root modules whose backend keeps the state, with that backend."""
    found: dict[str, Backend] = {}
    for root in project.roots if project is not None else ():
        assert project is not None
        directory = project.root / root
        backend = backend_of(project.loader.load(root), directory)
        if keeps(root, backend, options.workspace or selected_workspace(directory)):
            found[root] = backend
    return found


def _root_in(project: Project | None, directory: Path) -> tuple[str, ...]:
    """The root module in `directory`, if it is one."""
    root = relative_to(project, directory)
    return (root,) if project is not None and root in project.roots else ()


def _unsaid(directory: Path, what: str) -> str:
    return (
        f"{directory}: neither the code nor .terraform/terraform.tfstate says {what}; run"
        " `terraform init`, or name the state itself"
    )
