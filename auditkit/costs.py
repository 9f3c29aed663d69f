"""What a live resource costs in a month, by list prices that ship with auditkit.

``prices.tsv`` has a row for each type, region (``*`` for all alike), and condition on one
attribute; its price is for one resource, or for each unit of a quantity: a number, or the length
of a list.  Rows that differ in nothing but the quantity add up.  A region without a row takes the
price of us-east-1, which is rarely off by more than a third.  It is an estimate for the reader,
who decides what to clean up first, and no bill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditkit.graph import leaves
from auditkit.identity import region_of
from auditkit.linking import LinkedResource
from auditkit.model import Unknown

PRICES = Path(__file__).with_name("prices.tsv")
"""The table; its head says of which day it is."""
_REFERENCE = "us-east-1"


@dataclass(frozen=True, slots=True)
class Price:
    """One row of the table."""

    region: str
    attribute: str
    """The attribute of the condition; empty when there is none."""
    value: str
    quantity: str
    """The attribute that is multiplied with; empty for one resource."""
    usd: float
    """US dollars a month."""
    source: str
    """The address of AWS's price list."""


@cache
def prices() -> Mapping[str, tuple[Price, ...]]:
    """The table, by type; rows with a condition first."""
    found: dict[str, list[Price]] = {}
    for line in PRICES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type, region, condition, quantity, usd, source = line.split("\t")
            attribute, _, value = condition.partition("=")
            price = Price(region, attribute, value, quantity, float(usd), source)
            found.setdefault(type, []).append(price)
    return {type: tuple(rows) for type, rows in found.items()}


def priced_by(type: str) -> frozenset[str]:
    """The paths of the attributes that the price of a resource depends on."""
    rows = prices().get(type, ())
    return frozenset({name for row in rows for name in (row.attribute, row.quantity)} - {""})


def monthly_cost(linked: LinkedResource) -> float | None:
    """US dollars a month; ``None`` if nothing is known of its price, or of its size."""
    rows = prices().get(linked.type, ())
    regions = (region_of(linked.resource), "*", _REFERENCE)
    for region in regions:
        found = [price for price in rows if price.region == region and _applies(price, linked)]
        if found:
            condition = found[0].attribute
            return _sum(linked, [price for price in found if price.attribute == condition])
    return None


def _sum(linked: LinkedResource, found: Sequence[Price]) -> float | None:
    total = 0.0
    for price in found:
        units = _units(price, linked)
        if units is None:
            return None
        total += price.usd * units
    return round(total, 2)


def _applies(price: Price, linked: LinkedResource) -> bool:
    if not price.attribute:
        return True
    name, *rest = price.attribute.split(".")
    return price.value in leaves(linked.attribute(name), tuple(rest))


def _units(price: Price, linked: LinkedResource) -> float | None:
    if not price.quantity:
        return 1
    name, *rest = price.quantity.split(".")
    found = list(leaves(linked.attribute(name), tuple(rest)))
    if any(isinstance(value, Unknown) for value in found):
        return None
    if all(isinstance(value, (int, float)) for value in found):
        return sum(value for value in found if isinstance(value, (int, float))) if found else None
    return len(found)
