"""Fetches one URL into the incoming folder, believing nothing it is told on the way."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpcore
import httpx

from liudeng.media.addresses import ForbiddenAddress
from liudeng.media.connections import GuardedBackend
from liudeng.media.limits import MediaLimits
from liudeng.media.model import Reason
from liudeng.media.store import Incoming

_REDIRECTS = (301, 302, 303, 307, 308)
_EXPIRED = (400, 401, 403, 404, 410)
_EXPIRED_SIGN = b"invalid rkey"
_SIGN_WITHIN = 512
"""Some servers say "invalid rkey" with status 200: in a text as short as this."""
_WRITE_AT = 256 * 1024
_HEADERS = [(b"User-Agent", b"Mozilla/5.0"), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]


class DownloadRefused(Exception):
    """It is not fetched, now or later."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class DownloadFailed(Exception):
    """It did not work this time."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Expired(Exception):
    """The server no longer serves this URL; a fresh one may work."""


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


class Downloader:
    """Keeps a few connections; each goes where `GuardedBackend` lets it."""

    def __init__(self, limits: MediaLimits, backend: GuardedBackend | None = None) -> None:
        self._limits = limits
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=limits.concurrency,
            max_keepalive_connections=limits.concurrency,
            keepalive_expiry=15.0,
            network_backend=backend or GuardedBackend(limits.trusted_hosts),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def download(self, url: str, incoming: Incoming, max_bytes: int) -> None:
        """Fetch `url` into `incoming`, following a few redirects, each checked like the first.

        Raises:
            DownloadRefused: the URL leads where nothing is fetched from, or to something too large.
            Expired: the server says that the URL is no longer good.
            DownloadFailed: the network, the server or the disk failed.
        """
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                for _ in range(self._limits.redirects + 1):
                    redirect = await self._request(checked_url(url), incoming, max_bytes)
                    if redirect is None:
                        return
                    url = _joined(url, redirect.location)
        except ForbiddenAddress:
            raise DownloadRefused(Reason.FORBIDDEN_ADDRESS) from None
        except (TimeoutError, httpcore.TimeoutException):
            raise DownloadFailed(Reason.TIMEOUT) from None
        except (httpcore.NetworkError, ssl.SSLError):
            raise DownloadFailed(Reason.UNREACHABLE) from None
        except (httpcore.ProtocolError, httpcore.ConnectionNotAvailable):
            raise DownloadFailed(Reason.SERVER) from None
        except OSError:
            raise DownloadFailed(Reason.DISK) from None
        raise DownloadRefused(Reason.REDIRECTS)

    async def _request(
        self, url: httpx.URL, incoming: Incoming, max_bytes: int
    ) -> _Redirect | None:
        connect, total = self._limits.connect_timeout, self._limits.total_timeout
        timeouts = {"connect": connect, "pool": total, "read": total, "write": total}
        async with self._pool.stream(
            "GET", str(url), headers=_HEADERS, extensions={"timeout": timeouts}
        ) as response:
            headers = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS:
                return _Redirect(headers.get(b"location", b"").decode("latin-1"))
            if response.status in _EXPIRED:
                raise Expired
            if response.status != 200:
                raise DownloadFailed(Reason.SERVER)
            declared = headers.get(b"content-length", b"")
            if declared.isdigit() and len(declared) < 20 and int(declared) > max_bytes:
                raise DownloadRefused(Reason.TOO_LARGE)
            await _pour(response.aiter_stream(), incoming, max_bytes)
        return None


async def _pour(chunks: AsyncIterator[bytes], incoming: Incoming, max_bytes: int) -> None:
    """Write a body in large pieces, in a thread: hashing and disks may be slow."""
    piece, size = bytearray(), 0
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise DownloadRefused(Reason.TOO_LARGE)
        piece += chunk
        if len(piece) >= _WRITE_AT:
            await asyncio.to_thread(incoming.write, bytes(piece))
            piece.clear()
    if size <= _SIGN_WITHIN and _EXPIRED_SIGN in bytes(piece).lower():
        raise Expired
    if piece:
        await asyncio.to_thread(incoming.write, bytes(piece))


def checked_url(url: str) -> httpx.URL:
    """Read a URL; where it leads is checked when the connection is made.

    Raises:
        DownloadRefused: it is not an http(s) URL with a host, or it carries a password.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise DownloadRefused(Reason.BAD_URL) from None
    port = parsed.port or 80
    web = parsed.scheme in ("http", "https") and parsed.host and 0 < port < 65_536
    if not web or parsed.userinfo:
        raise DownloadRefused(Reason.BAD_URL)
    return parsed


def _joined(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, ValueError):
        raise DownloadRefused(Reason.BAD_URL) from None
