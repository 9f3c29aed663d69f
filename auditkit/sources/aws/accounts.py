"""Which accounts are read, and which of their regions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ProfileNotFound

from auditkit.errors import ConfigError, SourceError, suggest
from auditkit.model import Problem
from auditkit.sources.aws.calling import Failure, Reader
from auditkit.sources.aws.declarations import Call
from auditkit.sources.aws.expressions import Json
from auditkit.sources.aws.sessions import DEFAULT_REGION, HOME_REGIONS, Access, session_of

ORGANIZATION = "organization"
"""The word for every active account of the organization."""
ALL_REGIONS = "all"
"""The word for every region that is enabled in an account."""

IDENTITY_CALL = Call("sts:GetCallerIdentity")
REGIONS_CALL = Call("ec2:DescribeRegions")
MEMBERS_CALL = Call("organizations:ListAccounts")
DISCOVERY = (IDENTITY_CALL, REGIONS_CALL, MEMBERS_CALL)
"""What is asked beside the catalogue's calls."""

_NUMBER = re.compile(r"\d{12}")
_ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_ROLE_NAME = re.compile(r"[\w+=,.@/-]+")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that one got into."""

    number: str
    partition: str
    access: Access
    caller: str
    """The ARN of who one is there."""

    @property
    def home(self) -> str:
        """The region where its global services are asked."""
        return HOME_REGIONS.get(self.partition, DEFAULT_REGION)


@dataclass(frozen=True, slots=True)
class Targets:
    """What the user says of accounts."""

    names: tuple[str, ...] = ()
    """Profiles, role ARNs, account numbers, or `ORGANIZATION`; empty for the default account."""
    role: str = ""
    """The name of the role to assume in accounts that are named by number."""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Regions:
    """Where an account is read."""

    names: tuple[str, ...]
    is_all: bool
    """Whether that is every enabled region."""
    closed: tuple[str, ...] = ()
    """Regions that are not enabled in the account."""
    problem: Problem | None = None


def find_accounts(targets: Targets) -> tuple[tuple[Account, ...], tuple[Problem, ...]]:
    """The accounts that one can get into, each once, and why not into the others.

    Raises `ConfigError` for what is no account, and `SourceError` when there is no account
    left.
    """
    accounts: dict[str, Account] = {}
    problems: list[Problem] = []
    for found in _enter_all(targets):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            accounts.setdefault(found.number, found)
    if not accounts:
        raise SourceError("\n".join(problem.message for problem in problems))
    return tuple(accounts.values()), tuple(problems)


def _enter_all(targets: Targets) -> Iterator[Account | Problem]:
    names = targets.names or ("",)
    by_number = [name for name in names if name == ORGANIZATION or _NUMBER.fullmatch(name)]
    if by_number and not targets.role:
        raise ConfigError(f"--accounts {by_number[0]} needs --role NAME, the role to assume there")
    if targets.role and not _ROLE_NAME.fullmatch(targets.role):
        raise ConfigError(f"--role {targets.role}: not the name of a role")
    own = _enter(Access()) if by_number else None
    if isinstance(own, Problem):
        yield own
        return
    for name in names:
        if name == ORGANIZATION:
            assert own is not None
            for number in _members(own):
                yield _enter_by_number(number, own, targets)
        elif _NUMBER.fullmatch(name):
            assert own is not None
            yield _enter_by_number(name, own, targets)
        elif name.startswith("arn:"):
            if not _ROLE_ARN.fullmatch(name):
                raise ConfigError(f"--accounts {name}: not the ARN of a role")
            yield _enter(Access(role=name, external_id=targets.external_id))
        else:
            yield _enter(Access(profile=name))


def _enter_by_number(number: str, own: Account, targets: Targets) -> Account | Problem:
    if number == own.number:
        # An organization's own account has no such role, and needs none.
        return own
    role = f"arn:{own.partition}:iam::{number}:role/{targets.role}"
    return _enter(Access(role=role, external_id=targets.external_id))


def _enter(access: Access) -> Account | Problem:
    """The account that the access leads to; a `Problem` if it does not lead there."""
    try:
        answer = _ask(access, IDENTITY_CALL)[0]
        arn = str(answer["Arn"])
        return Account(str(answer["Account"]), arn.split(":")[1], access, arn)
    except ProfileNotFound as error:
        import boto3

        known = boto3.Session().available_profiles
        hint = suggest(access.profile, known)
        raise ConfigError(f"--accounts {access.profile}: no such profile{hint}") from error
    except (BotoCoreError, KeyError, IndexError) as error:
        return _not_entered(access, type(error).__name__)
    except Failure as failure:
        return _not_entered(access, failure.code)


def _not_entered(access: Access, code: str) -> Problem:
    hint = ""
    if code in ("NoCredentialsError", "PartialCredentialsError"):
        hint = "; set AWS_PROFILE, log in with `aws sso login`, or see docs/live.md"
    verb = "can't assume" if access.role else "can't use"
    what = str(access) if access.role or access.profile else "the default AWS credentials"
    return Problem("account", f"{verb} {what} ({code}){hint}")


def _members(own: Account) -> Iterator[str]:
    """The numbers of the organization's active accounts.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    try:
        pages = _ask(own.access, MEMBERS_CALL, region=own.home)
    except Failure as failure:
        raise SourceError(
            f"--accounts {ORGANIZATION}: {failure.cause}; only its management account, or a"
            " delegated administrator, may list its accounts"
        ) from failure
    for page in pages:
        for member in page["Accounts"]:
            if member.get("State", member.get("Status")) == "ACTIVE":
                yield str(member["Id"])


def find_regions(account: Account, wanted: Sequence[str] = ()) -> Regions:
    """The regions to read: those `wanted`, or all that are enabled.

    Where they can't be told, the home region and that of the configuration are read, and the
    `Regions.problem` says so.  Raises `ConfigError` for what can't be a region.
    """
    named = tuple(dict.fromkeys(name for name in wanted if name != ALL_REGIONS))
    for name in named:
        if not _REGION.fullmatch(name):
            raise ConfigError(f"--regions {name}: not a region, such as {account.home}")
    if named and ALL_REGIONS not in wanted:
        return Regions(named, is_all=False)
    region = session_of(account.access).region or account.home
    try:
        pages = _ask(account.access, REGIONS_CALL, {"AllRegions": True}, region=region)
    except Failure as failure:
        names = tuple(dict.fromkeys((account.home, region)))
        message = f"{account.number}: {failure.cause}: only {', '.join(names)} was read"
        return Regions(names, is_all=False, problem=Problem(failure.kind, message))
    statuses = {each["RegionName"]: each["OptInStatus"] for p in pages for each in p["Regions"]}
    return Regions(*_by_status(statuses))


def _by_status(
    statuses: Mapping[str, str],
) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html
    is_open = {name: status != "not-opted-in" for name, status in sorted(statuses.items())}
    opened = tuple(name for name, open in is_open.items() if open)
    return opened, True, tuple(name for name, open in is_open.items() if not open)


def _ask(
    access: Access,
    call: Call,
    arguments: Mapping[str, Json] | None = None,
    *,
    region: str = "",
) -> list[Json]:
    session = session_of(access)
    allowed = frozenset(call.operation for call in DISCOVERY)
    reader = Reader(session, allowed=allowed)
    home = HOME_REGIONS.get(access.partition, DEFAULT_REGION)
    return list(reader.pages(call, arguments or {}, region or session.region or home))


def describe_closed(closed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """A line for each set of regions that accounts have not enabled, by account."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for number, names in closed.items():
        grouped.setdefault(tuple(names), []).append(number)
    for regions, numbers in grouped.items():
        if regions:
            yield f"regions that {', '.join(numbers)} has not enabled: {', '.join(regions)}"
