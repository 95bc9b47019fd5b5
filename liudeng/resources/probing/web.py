"""Opens pages of strangers: public addresses only, every redirect checked, on a budget."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

import httpcore
import httpx

from liudeng.media import GuardedBackend
from liudeng.media.addresses import ForbiddenAddress
from liudeng.resources.probing.limits import ProbeLimits

_REDIRECTS = (301, 302, 303, 307, 308)


class Trouble(StrEnum):
    """Why there is no answer."""

    BAD_URL = "bad_url"
    FORBIDDEN = "forbidden"
    """It leads to an address that is not public."""
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TLS = "tls"
    REDIRECTS = "redirects"
    PROTOCOL = "protocol"


class WebTrouble(Exception):
    """A page could not be opened."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered."""

    status: int
    url: str
    """Where the redirects ended."""
    content_type: str = ""
    body: bytes = b""
    """As much of it as was read."""
    location: str = ""
    """Where a redirect that was not followed leads."""
    retry_after: str = ""


class Web:
    """Keeps no connection and no cookie: each look is a stranger's."""

    def __init__(self, limits: ProbeLimits, backend: GuardedBackend | None = None) -> None:
        self._limits = limits
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=limits.connections + 1,
            max_keepalive_connections=0,
            network_backend=backend or GuardedBackend(limits.trusted_hosts),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def head(self, url: str) -> Page:
        """Ask for a page's headers, following redirects.

        Raises:
            WebTrouble: there was no answer.
        """
        return await self._followed("HEAD", url, 0)

    async def get(self, url: str, most: int | None = None) -> Page:
        """Read the beginning of a page, following redirects.

        Raises:
            WebTrouble: there was no answer.
        """
        return await self._followed("GET", url, most or self._limits.page_bytes)

    async def hop(self, url: str) -> Page:
        """Ask where a URL leads, and follow nothing.

        Raises:
            WebTrouble: there was no answer.
        """
        async with self._bounded():
            return await self._ask("GET", _checked(url), 0)

    async def _followed(self, method: str, url: str, most: int) -> Page:
        async with self._bounded():
            seen: set[str] = set()
            for _ in range(self._limits.header_redirects + 1):
                checked = _checked(url)
                if str(checked) in seen:
                    break
                seen.add(str(checked))
                page = await self._ask(method, checked, most)
                if page.status not in _REDIRECTS or not page.location:
                    return page
                url = page.location
            raise WebTrouble(Trouble.REDIRECTS)

    async def _ask(self, method: str, url: httpx.URL, most: int) -> Page:
        connect, total = self._limits.connect_timeout, self._limits.total_timeout
        timeouts = {"connect": connect, "pool": total, "read": total, "write": total}
        headers = [
            (b"User-Agent", self._limits.agent.encode()),
            (b"Accept", b"text/html,*/*;q=0.5"),
            (b"Accept-Language", b"zh-CN,zh;q=0.9,en;q=0.6"),
            (b"Accept-Encoding", b"identity"),
            (b"Connection", b"close"),
        ]
        async with self._pool.stream(
            method, str(url), headers=headers, extensions={"timeout": timeouts}
        ) as response:
            told = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            body = await _beginning(response.aiter_stream(), most) if most else b""
        return Page(
            status=response.status,
            url=str(url),
            content_type=told.get(b"content-type", ""),
            body=body,
            location=_joined(url, told.get(b"location", "")),
            retry_after=told.get(b"retry-after", ""),
        )

    @contextlib.asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound the time, and turn whatever goes wrong into `WebTrouble`."""
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                yield
        except ForbiddenAddress:
            raise WebTrouble(Trouble.FORBIDDEN) from None
        except (TimeoutError, httpcore.TimeoutException):
            raise WebTrouble(Trouble.SLOW) from None
        except ssl.SSLError:
            raise WebTrouble(Trouble.TLS) from None
        except httpcore.NetworkError as error:
            raise WebTrouble(Trouble.TLS if _is_tls(error) else Trouble.UNREACHABLE) from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            raise WebTrouble(Trouble.PROTOCOL) from None
        except (OSError, httpcore.ConnectionNotAvailable):
            raise WebTrouble(Trouble.UNREACHABLE) from None


def _is_tls(error: BaseException | None) -> bool:
    """Tell whether it was the encryption that failed: other libraries wrap what went wrong."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _beginning(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """Read until there is enough; what comes after it is never asked for."""
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) >= most:
            break
    return bytes(read[:most])


def _checked(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise WebTrouble(Trouble.BAD_URL) from None
    port = parsed.port or 80
    web = parsed.scheme in ("http", "https") and parsed.host and 0 < port < 65_536
    if not web or parsed.userinfo:
        raise WebTrouble(Trouble.BAD_URL)
    return parsed.copy_with(fragment=None)


def _joined(url: httpx.URL, location: str) -> str:
    if not location:
        return ""
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        return location
