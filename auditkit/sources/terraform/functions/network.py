"""cidrhost, cidrnetmask, cidrsubnet, cidrsubnets.

https://developer.hashicorp.com/terraform/language/functions/cidrsubnet and its neighbours.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditkit.sources.terraform.arithmetic import Number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements
from auditkit.sources.terraform.functions.signature import Function, number, text
from auditkit.sources.terraform.metering import METER
from auditkit.sources.terraform.values import HclValue

_STEPS_PER_RANGE = 10


@dataclass(frozen=True, slots=True)
class _Network:
    """A range of addresses, as numbers."""

    address: int
    length: int
    bits: int

    def __str__(self) -> str:
        return f"{self.show(self.address)}/{self.length}"

    def show(self, address: int) -> str:
        """An address of this family as text."""
        kind = ipaddress.IPv4Address if self.bits == 32 else ipaddress.IPv6Address
        return str(kind(address))


def _parse(prefix: str) -> _Network:
    METER.steps += _STEPS_PER_RANGE
    # Terraform takes leading zeros in IPv4 addresses, which Python and Go refuse.
    text_, slash, length = prefix.partition("/")
    try:
        if ":" not in text_:
            text_ = ".".join(part.lstrip("0") or part[:1] for part in text_.split("."))
        address = ipaddress.ip_address(text_)
    except ValueError:
        raise _invalid(prefix) from None
    bits = address.max_prefixlen
    if not slash or not re.fullmatch("[0-9]{1,3}", length) or int(length) > bits:
        raise _invalid(prefix)
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.scope_id):
        raise EvaluationError("addresses of IPv4 written as IPv6 are not evaluated")
    host = bits - int(length)
    return _Network(int(address) >> host << host, int(length), bits)


def _invalid(prefix: str) -> EvaluationError:
    return EvaluationError(f"invalid CIDR expression: invalid CIDR address: {prefix}")


def _whole(value: Number) -> int:
    if not isinstance(value, int):
        raise EvaluationError("value must be a whole number")
    return value


def host(prefix: str, number_: Number) -> str:
    """The address with the given number in the range; negative ones count from its end."""
    network = _parse(prefix)
    size = 1 << (network.bits - network.length)
    place = _whole(number_)
    if not -size <= place < size:
        raise EvaluationError(
            f"prefix of {network.length} does not accommodate a host numbered {place}"
        )
    return network.show(network.address + place % size)


def netmask(prefix: str) -> str:
    """The netmask of an IPv4 range."""
    network = _parse(prefix)
    if network.bits != 32:
        raise EvaluationError(f"IPv6 addresses cannot have a netmask: {prefix}")
    return network.show((1 << 32) - (1 << (32 - network.length)))


def subnet(prefix: str, new_bits: Number, number_: Number) -> str:
    """The range with the given number among those that are `new_bits` longer."""
    network = _parse(prefix)
    extension, place = _whole(new_bits), _whole(number_)
    length = network.length + extension
    if length > network.bits:
        raise EvaluationError(
            f"insufficient address space to extend prefix of {network.length} by {extension}"
        )
    if extension < 0 or not 0 <= place < 1 << extension:
        raise EvaluationError(
            f"prefix extension of {extension} does not accommodate a subnet numbered {place}"
        )
    address = network.address + (place << (network.bits - length))
    return str(_Network(address, length, network.bits))


def subnets(prefix: str, *new_bits: Number) -> HclValue:
    """Consecutive ranges, each longer by the given number of bits."""
    network = _parse(prefix)
    end = network.address + (1 << (network.bits - network.length))
    check_elements(len(new_bits))
    METER.steps += _STEPS_PER_RANGE * len(new_bits)
    result: list[HclValue] = []
    address = network.address
    for extension in map(_whole, new_bits):
        length = network.length + extension
        if extension < 1:
            raise EvaluationError("must extend prefix by at least one bit")
        if extension > 32:
            raise EvaluationError("may not extend prefix by more than 32 bits")
        if length > network.bits:
            raise EvaluationError(f"would extend prefix to {length} bits, which is too long")
        size = 1 << (network.bits - length)
        address = -(-address // size) * size
        if address + size > end:
            raise EvaluationError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits"
            )
        result.append(str(_Network(address, length, network.bits)))
        address += size
    return result


FUNCTIONS: Mapping[str, Function] = {
    "cidrhost": Function(host, (text("prefix"), number("hostnum"))),
    "cidrnetmask": Function(netmask, (text("prefix"),)),
    "cidrsubnet": Function(subnet, (text("prefix"), number("newbits"), number("netnum"))),
    "cidrsubnets": Function(subnets, (text("prefix"),), number("newbits")),
}
