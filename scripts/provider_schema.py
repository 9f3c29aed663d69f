"""Write ``auditkit/schema/aws.tsv`` from the AWS provider's own schema.

    python scripts/provider_schema.py                # runs terraform, needs the network
    python scripts/provider_schema.py schema.json    # from a dump made earlier

The dump is what ``terraform providers schema -json`` prints in a directory that requires
``hashicorp/aws``.  To move to another provider version, change `VERSION` and run again; the
difference of the table is the difference of the provider.

The table has a line for each resource type, sorted: name, tab, body as JSON.  In a body an
attribute is ``"KIND FLAGS"``, or ``["KIND FLAGS", {fields}]`` if it holds objects; a nested
block is ``[NESTING, MIN_ITEMS, MAX_ITEMS, BODY]``, and 0 means no limit.  Flags are (r)equired,
(o)ptional, (c)omputed, (s)ensitive.  A body that occurs more than once stands on a line of its
own before the types, named ``%`` and a digest of what it holds, so that the names do not move
when the provider grows.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

VERSION = "5.100.0"
TABLE = Path(__file__).resolve().parent.parent / "auditkit" / "schema" / "aws.tsv"
REQUIRE = 'terraform { required_providers { aws = { source = "hashicorp/aws", version = "%s" } } }'
SHARED_FROM_BYTES = 60
"""A shorter body is repeated: a reference would be no gain."""


def main(argv: Sequence[str] | None = None) -> int:
    """Write the table; the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    dump = Path(arguments[0]).read_text(encoding="utf-8") if arguments else run_terraform()
    (provider,) = json.loads(dump)["provider_schemas"].values()
    lines = table_lines({name: t["block"] for name, t in provider["resource_schemas"].items()})
    TABLE.write_text("".join(lines), encoding="ascii")
    return 0


def run_terraform() -> str:
    """The schema dump of provider version `VERSION`."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "main.tf").write_text(REQUIRE % VERSION, encoding="utf-8")
        subprocess.run(["terraform", "init", "-input=false"], cwd=directory, check=True)
        return subprocess.run(
            ["terraform", "providers", "schema", "-json"],
            cwd=directory,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout


def table_lines(types: dict[str, Any]) -> Iterator[str]:
    """The table's lines: header, shared bodies, types; sorted by name."""
    uses: Counter[str] = Counter()
    bodies: dict[str, Any] = {}
    encoded = {name: encode_body(block, uses, bodies) for name, block in sorted(types.items())}
    shared = {
        name
        for name, count in uses.items()
        if count > 1 and len(compact(bodies[name])) > SHARED_FROM_BYTES
    }

    def inline(body: dict[str, Any]) -> dict[str, Any]:
        return {
            name: [*item[:3], item[3] if item[3] in shared else inline(bodies[item[3]])]
            if len(item) == 4 and isinstance(item, list)
            else item
            for name, item in body.items()
        }

    yield f"# hashicorp/aws {VERSION}, written by scripts/provider_schema.py\n"
    for name in sorted(shared):
        yield f"{name}\t{compact(inline(bodies[name]))}\n"
    for name, body in encoded.items():
        yield f"{name}\t{compact(inline(body))}\n"


def encode_body(block: dict[str, Any], uses: Counter[str], bodies: dict[str, Any]) -> Any:
    """One body whose nested bodies are names of entries in `bodies`."""
    body: dict[str, Any] = {}
    for name, attribute in block.get("attributes", {}).items():
        body[name] = encode_attribute(attribute)
    for name, nested in block.get("block_types", {}).items():
        inner = encode_body(nested["block"], uses, bodies)
        key = "%" + hashlib.sha256(compact(inner).encode()).hexdigest()[:8]
        if bodies.setdefault(key, inner) != inner:
            raise ValueError(f"two bodies share the digest {key}")
        uses[key] += 1
        limits = [nested.get("min_items", 0), nested.get("max_items", 0)]
        body[name] = [nested["nesting_mode"], *limits, key]
    return dict(sorted(body.items()))


def encode_attribute(attribute: dict[str, Any]) -> Any:
    """``"string oc"``, or with the fields of its objects ``["list(object) c", {...}]``."""
    flags = "".join(
        flag
        for flag, word in zip(
            "rocs", ("required", "optional", "computed", "sensitive"), strict=True
        )
        if attribute.get(word)
    )
    kind, fields = encode_kind(attribute["type"])
    return [f"{kind} {flags}", fields] if fields is not None else f"{kind} {flags}"


def encode_kind(kind: Any) -> tuple[str, dict[str, Any] | None]:
    """``list(string)`` of a type constraint in JSON, and the fields of the objects in it."""
    if isinstance(kind, str):
        return kind, None
    constructor, inner = kind
    if constructor != "object":
        text, fields = encode_kind(inner)
        return f"{constructor}({text})", fields
    members = {name: encode_kind(member) for name, member in sorted(inner.items())}
    return "object", {
        name: text if fields is None else [text, fields] for name, (text, fields) in members.items()
    }


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    raise SystemExit(main())
