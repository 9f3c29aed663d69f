"""Checks that the rule language cannot say."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from auditkit.model import Evidence, Subject, Unknown, Value, Verdict

RESERVED = 5
"""Addresses of every subnet that AWS keeps for itself."""


def subnet_size(subject: Subject, params: Mapping[str, Value]) -> Iterator[Evidence]:
    """Evidence on the range of a subnet: whether it has room for ``least_addresses``."""
    least = params["least_addresses"]
    if not isinstance(least, int):
        raise TypeError(f"least_addresses has to be a whole number, not {least!r}")
    block = subject.attribute("cidr_block")
    expected = f"room for {least} addresses"
    if block is None:
        return
    if isinstance(block, Unknown):
        verdict = Verdict.UNKNOWN
    else:
        try:
            room = ipaddress.ip_network(str(block)).num_addresses - RESERVED
        except ValueError:
            room = 0
        verdict = Verdict.PASS if room >= least else Verdict.FAIL
    yield Evidence((*subject.path, "cidr_block"), verdict, expected, block)
