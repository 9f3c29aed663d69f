"""A region summed up, so that rules can ask what is there at all: the type ``live_region``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from auditkit.model import Resource, Source, Unknown, Value
from auditkit.pseudo_types import WORKLOADS
from auditkit.sources.aws.catalogue import is_listed_once, live_types

TYPE = "live_region"
GLOBAL = "global"
"""The name of the place where the objects are that live in no region."""


def sum_up(
    account: str,
    region: str,
    counts: Mapping[str, int],
    doubts: Mapping[str, Unknown],
    listed: Collection[str],
) -> Resource:
    """The resource that stands for a region of an account, or for what lives in none (`GLOBAL`).

    Its ``counts`` are of all the types that live in such a place.  One that is not in `listed`,
    or was not listed completely with the cause in `doubts`, is Unknown, and so is ``is_in_use``
    where that decides.
    """
    told: dict[str, Value] = {
        type: Unknown(f"`{type}` was not listed")
        for type in live_types()
        if is_listed_once(type) is (region == GLOBAL)
    }
    told |= {type: doubts.get(type, counts.get(type, 0)) for type in listed}
    return Resource(
        type=TYPE,
        address=f"{TYPE}/{account}/{region}/{region}",
        attributes={
            "account": account,
            "name": region,
            "is_in_use": None if region == GLOBAL else _is_in_use(told),
            "counts": told,
        },
        source=Source.LIVE,
        id=f"{account}/{region}",
    )


def _is_in_use(counts: Mapping[str, Value]) -> Value:
    found = {type: counts.get(type, Unknown(f"`{type}` was not listed")) for type in WORKLOADS}
    if any(isinstance(count, int) and count for count in found.values()):
        return True
    unread = (count for _, count in sorted(found.items()) if isinstance(count, Unknown))
    return next(unread, False)
