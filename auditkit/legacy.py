"""Old inline blocks in the shape of the resources that replaced them.

Version 4 of the provider took a bucket's settings out into companions, and gave some of them
other names.  `LEGACY` brings what is still inline, or what a state repeats there, into the
shape that `auditkit.companions` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from auditkit.companions import Companion, companions_of
from auditkit.model import Unknown, Value


@dataclass(frozen=True, slots=True)
class Legacy:
    """How an old inline block reads in the shape of the companion that replaced it."""

    type: str
    attribute: str
    """The attribute in the new shape."""
    convert: Callable[[Mapping[str, Value]], dict[str, Value]]
    """From an element of the old block to an element of the new one."""
    marker: str = ""
    """An attribute that only a block in the new shape has."""
    old: str = ""
    """The old block's name, if it differs."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """New names inside the block to old ones, to find where a value was written."""

    def read(self, block: Value) -> Value:
        """The block in the new shape, if it is not in it already."""
        if not isinstance(block, list):
            return block
        return [
            self.convert(item) if isinstance(item, Mapping) and self.marker not in item else item
            for item in block
        ]

    def origin(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Where the value stands in the old block, for a path in the new shape."""
        return (self.old or self.attribute, *(self._rename(step) for step in path[1:]))

    def _rename(self, step: str | int) -> str | int:
        return self.renames.get(step, step) if isinstance(step, str) else step


def _word(value: Value, *, no: str = "Disabled") -> Value:
    """``Enabled`` or its opposite, of a bool."""
    if isinstance(value, Unknown):
        return value
    return "Enabled" if value is True or value == "true" else no


def _elements(value: Value) -> list[Mapping[str, Value]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _convert_versioning(old: Mapping[str, Value]) -> dict[str, Value]:
    return {
        "status": _word(old.get("enabled")),
        "mfa_delete": _word(old.get("mfa_delete")),
    }


def _convert_lifecycle_rule(old: Mapping[str, Value]) -> dict[str, Value]:
    new = {name: value for name, value in old.items() if name not in ("enabled", "tags")}
    new["status"] = _word(old.get("enabled"))
    for name in ("noncurrent_version_expiration", "noncurrent_version_transition"):
        if isinstance(old.get(name), list):
            new[name] = [_rename(item, days="noncurrent_days") for item in _elements(old[name])]
    days = new.pop("abort_incomplete_multipart_upload_days", None)
    if days is not None:
        new["abort_incomplete_multipart_upload"] = [{"days_after_initiation": days}]
    if old.get("tags") is not None:
        new["filter"] = [{"and": [{"prefix": old.get("prefix"), "tags": old["tags"]}]}]
    return new


def _convert_grant(old: Mapping[str, Value]) -> dict[str, Value]:
    grantee = {name: old.get(name) for name in ("id", "type", "uri")}
    permissions = old.get("permissions")
    each = permissions if isinstance(permissions, list) else [permissions]
    return {"grant": [{"grantee": [grantee], "permission": permission} for permission in each]}


def _convert_replication(old: Mapping[str, Value]) -> dict[str, Value]:
    rules = old.get("rules")
    converted: Value = (
        [_convert_replication_rule(rule) for rule in _elements(rules)]
        if isinstance(rules, list)
        else rules
    )
    return {"role": old.get("role"), "rule": converted}


def _convert_replication_rule(old: Mapping[str, Value]) -> dict[str, Value]:
    new = dict(old)
    status = new.pop("delete_marker_replication_status", None)
    if status is not None:
        new["delete_marker_replication"] = [{"status": status}]
    destinations: list[Value] = []
    for destination in _elements(old.get("destination")):
        moved = _rename(destination, account_id="account")
        key = moved.pop("replica_kms_key_id", None)
        if key is not None:
            moved["encryption_configuration"] = [{"replica_kms_key_id": key}]
        destinations.append(moved)
    new["destination"] = destinations
    return new


def _convert_website(old: Mapping[str, Value]) -> dict[str, Value]:
    new = dict(old)
    for name, inner in (
        ("index_document", "suffix"),
        ("error_document", "key"),
        ("redirect_all_requests_to", "host_name"),
    ):
        value = old.get(name)
        if isinstance(value, (str, Unknown)):
            new[name] = [{inner: value}] if value != "" else []
    return new


def _rename(old: Mapping[str, Value], **names: str) -> dict[str, Value]:
    return {names.get(name, name): value for name, value in old.items()}


LEGACY: tuple[Legacy, ...] = (
    Legacy(
        "aws_s3_bucket",
        "versioning",
        _convert_versioning,
        marker="status",
        renames={"status": "enabled"},
    ),
    Legacy(
        "aws_s3_bucket",
        "lifecycle_rule",
        _convert_lifecycle_rule,
        marker="status",
        renames={
            "status": "enabled",
            "noncurrent_days": "days",
            "abort_incomplete_multipart_upload": "abort_incomplete_multipart_upload_days",
        },
    ),
    Legacy("aws_s3_bucket", "access_control_policy", _convert_grant, old="grant"),
    Legacy(
        "aws_s3_bucket",
        "replication_configuration",
        _convert_replication,
        marker="rule",
        renames={"rule": "rules", "account": "account_id"},
    ),
    Legacy("aws_s3_bucket", "website", _convert_website),
)
"""Old inline blocks whose inside differs from the companion's."""


@cache
def legacy_of(target: str) -> Mapping[str, Legacy]:
    """The rows for old inline blocks of the type `target`, by attribute in the new shape."""
    return {row.attribute: row for row in LEGACY if row.type == target}


def companions_filling(target: str, name: str) -> Sequence[Companion]:
    """The companions that fill an attribute of the type `target`, which may have its old name."""
    renamed = {row.old: row.attribute for row in legacy_of(target).values() if row.old}
    return companions_of(target).get(renamed.get(name, name), ())
