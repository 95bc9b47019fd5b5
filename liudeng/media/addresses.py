"""Which addresses may be asked for a file: public ones, and nothing on or around this machine."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Finds the addresses of a host; raises OSError when there are none."""

_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32 = 0xFFFF_FFFF


class ForbiddenAddress(Exception):
    """The host is, or may be, a machine that nobody outside could reach."""


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them.

    Raises:
        OSError: the name is not known.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def public_addresses(addresses: list[str]) -> list[str]:
    """Return the addresses if every one of them is public.

    One private address among public ones is enough to refuse them all: a name that answers with
    both is after something.

    Raises:
        ForbiddenAddress: one of them is not public, or there is none.
    """
    if not addresses or not all(is_public(address) for address in addresses):
        raise ForbiddenAddress
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an address can be reached from anywhere, whatever it is written as."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return all(_is_public(part) for part in _with_embedded(parsed))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special


def _with_embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return the address, or what it leads to: several kinds of IPv6 carry an IPv4 inside."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(int(address) & _LOW_32)]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    if address.teredo is not None:
        return [address, *address.teredo]
    return [address]
