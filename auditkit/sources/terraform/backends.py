"""Where a root module keeps its state, as its ``backend`` or ``cloud`` block says.

https://developer.hashicorp.com/terraform/language/backend
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.model import Value
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.configuration import Configuration
from auditkit.sources.terraform.documents import mapping_of, text_of


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend and how it is configured; ``cloud`` is the kind of a ``cloud`` block."""

    kind: str
    settings: Mapping[str, Value] = field(default_factory=dict, repr=False)
    """What is written as a literal, which is all that Terraform allows; blocks are mappings."""

    def text(self, *path: str) -> str:
        """A setting; empty where there is none."""
        value: Value = self.settings
        for name in path:
            inner = mapping_of(value).get(name)
            # A block is a list of one in JSON, and in what `terraform init` writes.
            value = inner[0] if isinstance(inner, list) and inner else inner
        return text_of(value)


CLOUD_HOST = "app.terraform.io"
"""HCP Terraform, where no other host is named."""

LOCAL = Backend("local")
"""What counts where nothing is said."""


def backend_of(configuration: Configuration | None, directory: Path) -> Backend:
    """The backend of the root module in `directory`, whose code is `configuration`.

    What ``terraform init`` noted there goes before the code, which may leave settings open.
    """
    noted = _read_note(directory)
    if noted is not None:
        return noted
    written = None if configuration is None else _find_block(configuration)
    return LOCAL if written is None else written


def _read_note(directory: Path) -> Backend | None:
    path = directory / ".terraform" / "terraform.tfstate"
    try:
        document: Value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    backend = mapping_of(mapping_of(document).get("backend"))
    kind = text_of(backend.get("type"))
    return Backend(kind, mapping_of(backend.get("config"))) if kind else None


def _find_block(configuration: Configuration) -> Backend | None:
    """The block of the last file that has one: override files come last."""
    found = None
    for file in configuration.files:
        for block in file.body.blocks:
            if block.type != "terraform":
                continue
            for inner in block.body.blocks:
                if inner.type == "backend" and len(inner.labels) == 1:
                    found = Backend(inner.labels[0], _literals(inner.body))
                elif inner.type == "cloud":
                    found = Backend("cloud", _literals(inner.body))
    return found


def _literals(body: syntax.Body) -> dict[str, Value]:
    settings = {name: _literal(each.expression) for name, each in body.attributes.items()}
    for block in body.blocks:
        settings[block.type] = _literals(block.body)
    return {name: value for name, value in settings.items() if value is not None}


def _literal(expression: syntax.Expression) -> Value:
    if isinstance(expression, syntax.Literal):
        value = expression.value
        return value if isinstance(value, (str, int, bool)) else None
    if isinstance(expression, syntax.Tuple):
        return [_literal(element) for element in expression.elements]
    if isinstance(expression, syntax.Object):
        return {
            str(key.value): _literal(value)
            for key, value in expression.items
            if isinstance(key, syntax.Literal)
        }
    return None


def local_path(backend: Backend, workspace: str) -> str:
    """Where the ``local`` backend keeps a workspace's state, seen from the root module."""
    if workspace == "default":
        return backend.text("path") or "terraform.tfstate"
    directory = backend.text("workspace_dir") or "terraform.tfstate.d"
    return f"{directory}/{workspace}/terraform.tfstate"


def s3_key(backend: Backend, workspace: str) -> str:
    """The key under which the ``s3`` backend keeps a workspace's state; empty if not said."""
    key = backend.text("key")
    if workspace == "default" or not key:
        return key
    return f"{backend.text('workspace_key_prefix') or 'env:'}/{workspace}/{key}"


def workspace_name(backend: Backend, workspace: str) -> str:
    """The name that a workspace has in HCP Terraform; empty if nothing says it."""
    name = backend.text("workspaces", "name")
    if name:
        return name
    prefix = backend.text("workspaces", "prefix")
    return f"{prefix}{workspace}" if workspace != "default" else ""
