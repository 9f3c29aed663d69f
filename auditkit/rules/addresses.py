"""IP address ranges as rules see them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Union

from auditkit.model import Unknown, Value, Verdict
from auditkit.rules.values import FAIL, PASS, UNKNOWN, known_end

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network = Union[IPv4Network, IPv6Network]
else:
    Network = object

# The ranges that no host on the Internet can have.
# https://www.iana.org/assignments/iana-ipv4-special-registry/
# https://www.iana.org/assignments/iana-ipv6-special-registry/
_NOT_INTERNET = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
)

_WIDEST_PREFIX = {4: 8, 6: 32}
_PREFIX_LENGTH = re.compile(r"/(\d{1,3})$")


@lru_cache(maxsize=4096)
def parse_network(text: str) -> Network | None:
    """The range that a CIDR or a single address names, host bits ignored; else ``None``."""
    # ipaddress takes milliseconds to import, and most runs that start need no address.
    import ipaddress

    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def is_public(text: str) -> bool | None:
    """Whether the range is open to the Internet at large; ``None`` when it is no range.

    That is what S3 says of ``aws:SourceIp``: a range broader than /8 (IPv6: /32) that is not
    private space.  So ``0.0.0.0/0`` and ``::/0`` are, and so are the halves ``0.0.0.0/1`` and
    ``128.0.0.0/1``; a single public address and a provider's /16 are not.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    network = parse_network(text)
    if network is None:
        return None
    if network.prefixlen >= _WIDEST_PREFIX[network.version]:
        return False
    return not any(lies_within(network, parse_network(private)) for private in _NOT_INTERNET)


def judge_public(value: Value) -> Verdict:
    """Whether one value is a range that is open to the Internet at large.

    Of a string with unknown pieces a known prefix length can tell: ``${var.address}/32`` is
    not.  What is not a string is no range.
    """
    if isinstance(value, Unknown):
        length = _PREFIX_LENGTH.search(known_end(value))
        return FAIL if length and int(length[1]) >= _WIDEST_PREFIX[6] else UNKNOWN
    return PASS if isinstance(value, str) and is_public(value) else FAIL


def lies_within(network: Network, outer: Network | None) -> bool:
    """Whether every address of `network` is in `outer`; never so between IPv4 and IPv6."""
    if outer is None or network.version != outer.version or network.prefixlen < outer.prefixlen:
        return False
    host_bits = outer.max_prefixlen - outer.prefixlen
    return int(network.network_address) >> host_bits == int(outer.network_address) >> host_bits


def overlaps(network: Network, other: Network | None) -> bool:
    """Whether the two ranges share an address; never so between IPv4 and IPv6."""
    return other is not None and (lies_within(network, other) or lies_within(other, network))
