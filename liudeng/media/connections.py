"""Connections that go to the very address that was checked.

A name is resolved once, by us, and the connection is made to what came out: a name server that
answers differently the second time (DNS rebinding) is never asked a second time. TLS still
verifies the name, and the server still sees it as its Host.
"""

from collections.abc import Collection, Iterable
from typing import Any, cast

import httpcore

from liudeng.media.addresses import ForbiddenAddress, Resolver, public_addresses, resolve


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to public addresses, and to hosts that are trusted by name."""

    def __init__(
        self,
        trusted_hosts: Collection[str] = (),
        resolver: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._trusted = trusted_hosts
        self._resolver = resolver
        self._network = network or cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers.

        Raises:
            ForbiddenAddress: an address of the host is not public.
            httpcore.ConnectError, httpcore.ConnectTimeout: nobody answers.
        """
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the host is not known") from error
        if f"{host}:{port}" not in self._trusted:
            public_addresses(addresses)
        failure: Exception = httpcore.ConnectError("the host has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """No file is fetched from a socket on this machine."""
        raise ForbiddenAddress

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts to connect."""
        await self._network.sleep(seconds)
