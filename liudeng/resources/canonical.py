"""One page, one address: what differs between two copies of a link and does not matter goes.

RFC 3986 section 6 (case, ports, percent-encoding, dot segments), IDNA 2008, and the tracking
parameters of `data/links/links.toml`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from liudeng.resources.hosts import ascii_host, is_address, shown_host
from liudeng.resources.lists import link_lists

LONGEST_URL = 2_048
_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = "%/:@!$&'()*+,;=-._~"
_IN_QUERY = _IN_PATH + "?"
_INVISIBLE = re.compile(
    r"[\x00-\x20\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_ROUTES = ("/", "!")
"""Fragments that begin so choose a page; others a place on it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in its canonical form."""

    url: str
    """To be opened: ASCII, at most `LONGEST_URL` characters."""
    key: str
    """The same for links that lead to the same page: without scheme and `www.`."""
    host: str
    """ASCII, lower case, without a port."""

    @property
    def shown(self) -> str:
        """As a person reads it: no scheme, letters of any script."""
        rest = self.url.partition("://")[2]
        if not rest.startswith(self.host):
            return self.url
        rest = rest.removeprefix(self.host)
        readable = unquote(rest, errors="replace")
        if _INVISIBLE.search(readable) or "\ufffd" in readable:
            readable = rest
        return f"{shown_host(self.host)}{readable}".rstrip("/")

    @property
    def is_short(self) -> bool:
        """Whether it only leads to another one."""
        return self.host in link_lists().shorteners


@lru_cache(maxsize=4_096)
def canonical(text: str) -> Link | None:
    """Return the canonical form of a web link; None for what is none. Never raises.

    A link with a user name in it is none: nobody shares one in good faith.
    """
    if len(text) > LONGEST_URL * 2:
        return None
    text = _INVISIBLE.sub("", text).replace("\\", "/")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.casefold()
    host = ascii_host(parts.hostname or "")
    if scheme not in _PORTS or host is None or "@" in parts.netloc or port == 0:
        return None
    shown = f"[{host}]" if ":" in host else host
    place = shown if port in (None, _PORTS[scheme]) else f"{shown}:{port}"
    rest = _path(parts.path) + _query(parts.query, host) + _fragment(parts.fragment)
    url = f"{scheme}://{place}{rest or '/'}"
    if len(url) > LONGEST_URL:
        return None
    known_as = place if is_address(host) else place.removeprefix("www.")
    return Link(url, f"{known_as}{rest}", host)


def _path(path: str) -> str:
    """Return a path without dot segments and without slashes at its end.

    Doubled slashes inside stay: an archive's copy has the whole address of a page in its own.
    """
    kept: list[str] = []
    for segment in _escaped(path, _IN_PATH).split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept).rstrip("/")


def _query(query: str, host: str) -> str:
    tracking = link_lists().tracking
    kept = [
        part
        for part in _escaped(query, _IN_QUERY).split("&")
        if part and not tracking.drops(host, unquote(part.partition("=")[0]).casefold())
    ]
    return f"?{'&'.join(kept)}" if kept else ""


def _fragment(fragment: str) -> str:
    if not fragment.startswith(_ROUTES) or len(fragment) < 2:
        return ""
    return f"#{_escaped(fragment, _IN_QUERY)}"


def _escaped(text: str, safe: str) -> str:
    """Return a text with exactly what must be escaped escaped, in upper case."""
    return quote(_ESCAPE.sub(_escape, text), safe=safe)


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else f"%{match[1].upper()}"
