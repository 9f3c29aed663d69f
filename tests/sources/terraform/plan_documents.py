"""Plans as ``terraform show -json`` prints them, written short."""

from __future__ import annotations

import json
import re
from pathlib import Path

from auditkit.model import Inventory, Resource, Unknown
from auditkit.sources.terraform.code import CodeOptions, Project, find_project
from auditkit.sources.terraform.plan import parse_plan

ADDRESS = re.compile(r"(?:(?P<module>.*)\.)?(?P<type>\w+)\.(?P<name>\w+)(?:\[.*\])?$")


def change(address, *actions, before=None, after=None, unknown=None, sensitive=None, **more):
    """An element of ``resource_changes``: a creation, unless it says otherwise."""
    match = ADDRESS.match(address)
    entry = {
        "address": address,
        "mode": "managed",
        "type": match["type"],
        "name": match["name"],
        "change": {
            "actions": list(actions) or ["create"],
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
            "before_sensitive": more.pop("before_sensitive", False),
            "after_sensitive": sensitive or {},
            **{key: more.pop(key) for key in ("replace_paths", "importing") if key in more},
        },
    }
    if match["module"]:
        entry["module_address"] = match["module"]
    return entry | more


def plan(*changes, **members):
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {},
        "resource_changes": list(changes),
        "complete": True,
        **members,
    }


def configuration(*resources, calls=None, outputs=None):
    """The ``root_module`` of a configuration; resources are (address, expressions)."""
    module = {
        "resources": [
            {
                "address": address,
                "mode": "managed",
                "type": address.split(".")[0],
                "name": address.split(".")[1],
                "expressions": expressions,
            }
            for address, expressions in resources
        ],
        "module_calls": calls or {},
        "outputs": outputs or {},
    }
    return {"root_module": module}


def refers(*names):
    return {"references": list(names)}


def write(root: Path, files: dict[str, str]) -> Project:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return find_project([root], CodeOptions())


def read(document, project=None, **options) -> Inventory:
    # As if it came from a file: nothing but JSON's types.
    return parse_plan(json.loads(json.dumps(document)), project=project, **options)


def only(inventory: Inventory) -> Resource:
    """The one resource beside the plan or state itself."""
    (resource,) = (each for each in inventory.resources if each.type not in ("plan", "state"))
    return resource


def references(value) -> list[tuple[str, str]]:
    assert isinstance(value, Unknown)
    return [(each.address, each.attribute) for each in value.references]
