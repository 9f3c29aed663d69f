"""The IAM policies that let auditkit read what it is asked to read, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from auditkit.sources.aws.catalogue import calls_of, parents_of
from auditkit.sources.aws.declarations import Call, LiveType
from auditkit.sources.aws.permissions import DATA_READS, action_of, resource_of

MOST_CHARACTERS = 6144
"""How long a managed policy may be, not counting white space.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
_VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)

    def document(self) -> Mapping[str, object]:
        """The statement as IAM takes it."""
        return {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources) if len(self.resources) > 1 else self.resources[0],
        }


Policy = tuple[Statement, ...]
"""The statements of one managed policy."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a scan does beside reading types."""

    finds_regions: bool = True
    finds_accounts: bool = False
    assumes: str = ""
    """The name of the role that it takes in each account, if any."""
    partition: str = "aws"


def least_privilege(
    types: Iterable[LiveType], needs: Needs, *, denies_data: bool = True
) -> tuple[Policy, ...]:
    """The policies for reading these types: one, or several if one would be too long.

    All of them belong to the same role or user.  With `denies_data` the last one forbids what
    reads data, whatever else the role is allowed.
    """
    statements = list(_reads(types, needs))
    if needs.assumes:
        role = f"arn:{needs.partition}:iam::*:role/{needs.assumes}"
        statements.append(Statement("AssumeAuditRole", "Allow", ("sts:AssumeRole",), (role,)))
    if denies_data:
        statements.append(Statement("NeverReadData", "Deny", DATA_READS))
    return _packed(statements)


def document_of(policy: Policy) -> Mapping[str, object]:
    """The policy as IAM takes it."""
    return {"Version": _VERSION, "Statement": [statement.document() for statement in policy]}


def length_of(policy: Policy) -> int:
    """How many characters of `MOST_CHARACTERS` it takes."""
    return len(json.dumps(document_of(policy), separators=(",", ":")))


def needed_calls(types: Iterable[LiveType]) -> tuple[Call, ...]:
    """All calls that these types may need, those that tell of their parents included."""
    calls: list[Call] = []
    for live in types:
        for each in (live, *parents_of(live)):
            calls += calls_of(each)
    return tuple(calls)


def _reads(types: Iterable[LiveType], needs: Needs) -> Iterable[Statement]:
    allowed: dict[str, set[str]] = {}
    for call in needed_calls(types):
        allowed.setdefault(action_of(call), set()).add(resource_of(call, needs.partition))
    # Who asks may always know who it is: sts:GetCallerIdentity needs no permission.
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    if needs.finds_regions:
        allowed["ec2:DescribeRegions"] = {"*"}
    if needs.finds_accounts:
        allowed["organizations:ListAccounts"] = {"*"}
    everywhere = sorted(action for action, resources in allowed.items() if resources == {"*"})
    if everywhere:
        yield Statement("Read", "Allow", tuple(everywhere))
    for action, resources in sorted(allowed.items()):
        if action not in everywhere:
            service = action.partition(":")[0].replace("-", " ").title().replace(" ", "")
            yield Statement(f"Read{service}", "Allow", (action,), _widest(resources))


def _widest(resources: Iterable[str]) -> tuple[str, ...]:
    """The patterns that no other one covers, sorted."""
    patterns = set(resources)
    return tuple(
        sorted(
            pattern
            for pattern in patterns
            if not any(fnmatchcase(pattern, other) for other in patterns - {pattern})
        )
    )


def _packed(statements: Iterable[Statement]) -> tuple[Policy, ...]:
    """The statements in as few policies as they fit in, in order.

    One that does not fit goes on in the next policy under the same name.
    """
    policies: list[Policy] = []
    room: Policy = ()
    for statement in statements:
        for action in statement.actions:
            filled = _with(room, statement, action)
            if room and length_of(filled) > MOST_CHARACTERS:
                policies.append(room)
                filled = _with((), statement, action)
            room = filled
    return (*policies, room) if room else ()


def _with(policy: Policy, statement: Statement, action: str) -> Policy:
    """The policy with one more action of a statement."""
    if policy and policy[-1].sid == statement.sid:
        last = policy[-1]
        return (*policy[:-1], replace(last, actions=(*last.actions, action)))
    return (*policy, replace(statement, actions=(action,)))
