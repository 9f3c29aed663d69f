"""Operators on IP address ranges."""

from __future__ import annotations

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.addresses import Network, judge_public, lies_within, overlaps, parse_network
from auditkit.rules.expectations import Expectation, Opposite, Simple, of_elements
from auditkit.rules.operands import take_bool, take_texts
from auditkit.rules.values import FAIL, PASS, UNKNOWN, format_value, list_words


def within_cidr(operand: Value) -> Expectation:
    """Is an address range that lies inside the given one, or inside one of several.

    Of a list every element has to; an empty list passes. Null and what is no address range
    fails.
    """
    outer = _take_networks(operand)

    def one(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        network = parse_network(value) if isinstance(value, str) else None
        if network is None:
            return FAIL
        return PASS if any(lies_within(network, range_) for range_ in outer) else FAIL

    words = list_words(take_texts(operand), "or")
    return Simple(
        of_elements(one, every=True),
        f"within {words}",
        f"not within {words}",
        one=one,
        every=True,
    )


def overlaps_cidr(operand: Value) -> Expectation:
    """Is an address range that shares an address with the given one, or with one of several.

    Of a list some element has to; an empty list fails. Null and what is no address range fails.
    """
    others = _take_networks(operand)

    def one(value: Value) -> Verdict:
        if isinstance(value, Unknown):
            return UNKNOWN
        network = parse_network(value) if isinstance(value, str) else None
        if network is None:
            return FAIL
        return PASS if any(overlaps(network, other) for other in others) else FAIL

    words = list_words(take_texts(operand), "or")
    return Simple(
        of_elements(one),
        f"an overlap with {words}",
        f"no overlap with {words}",
        verb="has",
        one=one,
    )


def is_public_cidr(operand: Value) -> Expectation:
    """Is an address range that is open to the Internet at large (`true`), or is none (`false`).

    That is a range broader than /8 (IPv6: /32) that is not private, multicast or reserved:
    `0.0.0.0/0`, `::/0`, and `0.0.0.0/1` too, with which the former is sometimes disguised. It is
    Amazon's definition for `aws:SourceIp`. A list is open when some element is. Null, an empty
    list and what is no address range are not open.
    """
    test = Simple(
        of_elements(judge_public),
        "open to the Internet",
        "not open to the Internet",
        one=judge_public,
    )
    return test if take_bool(operand) else Opposite(test)


def _take_networks(operand: Value) -> tuple[Network, ...]:
    networks = []
    for text in take_texts(operand):
        network = parse_network(text)
        if network is None:
            raise ValueError(f"not an address range: {format_value(text)}")
        networks.append(network)
    return tuple(networks)
