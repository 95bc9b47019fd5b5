"""One look at one page: what it showed, and what follows from that."""

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from liudeng.resources.entry import Outcome
from liudeng.resources.hosts import is_reserved, read_host
from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.page import FAR, Text, distance, fingerprint, read_page
from liudeng.resources.probing.robots import Robots
from liudeng.resources.probing.web import Page, Trouble, Web, WebTrouble

_TROUBLES = {
    Trouble.BAD_URL: Outcome.BROKEN,
    Trouble.FORBIDDEN: Outcome.FORBIDDEN,
    Trouble.UNREACHABLE: Outcome.UNREACHABLE,
    Trouble.SLOW: Outcome.SLOW,
    Trouble.TLS: Outcome.TLS,
    Trouble.REDIRECTS: Outcome.BROKEN,
    Trouble.PROTOCOL: Outcome.BROKEN,
}
_GONE = (404, 410)
_CLOSED = (401, 402, 403, 407, 451)
_BUSY = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)


@dataclass(frozen=True, slots=True)
class Face:
    """By what a page is known again; all empty for one nobody has looked at."""

    fingerprint: str = ""
    title: str = ""
    landed_on: str = ""
    """The registered name of the host where the redirects ended."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look showed."""

    outcome: Outcome
    status: int = 0
    face: Face = Face()

    @property
    def answered(self) -> bool:
        """Whether somebody out there answered: our own line is up."""
        return self.status > 0


class Looker:
    """Looks at pages: robots.txt first, HEAD before GET."""

    def __init__(self, web: Web, limits: ProbeLimits) -> None:
        self._web = web
        self.robots = Robots(web, limits)

    async def look(self, url: str, known: Face) -> Look:
        """Look at a page and compare it with how it was. Never raises `WebTrouble`."""
        parts = urlsplit(url)
        if is_reserved(parts.hostname or ""):
            return Look(Outcome.UNASKED)
        try:
            if not await self.robots.allows(f"{parts.scheme}://{parts.netloc}", url):
                return Look(Outcome.UNASKED)
            return await self._seen(url, known)
        except WebTrouble as trouble:
            return Look(_TROUBLES[trouble.trouble])

    async def _seen(self, url: str, known: Face) -> Look:
        page = await self._web.head(url)
        if page.status in _GONE or page.status < 400 or page.status in (400, 403, 405, 501):
            # Many servers answer HEAD wrongly: only a GET is believed.
            page = await self._web.get(url)
        if page.status >= 400:
            return Look(_refused(page.status), page.status)
        if page.status >= 300:
            return Look(Outcome.BROKEN, page.status)
        text = await asyncio.to_thread(read_page, page.body, page.content_type)
        face = await asyncio.to_thread(_face, page, text)
        looked = Look(Outcome.GOOD, page.status, face)
        if text.is_for_sale or is_another(known, face):
            return replace(looked, outcome=Outcome.CHANGED)
        return looked


def is_another(known: Face, now: Face) -> bool:
    """Tell whether a page turned into something else since somebody vouched for it."""
    if not known.landed_on:
        return False
    if now.landed_on != known.landed_on:
        return True
    far = distance(known.fingerprint, now.fingerprint) >= FAR
    return far and now.title != known.title


def _refused(status: int) -> Outcome:
    if status in _GONE:
        return Outcome.GONE
    if status in _CLOSED:
        return Outcome.CLOSED
    return Outcome.BUSY if status in _BUSY else Outcome.BROKEN


def _face(page: Page, text: Text) -> Face:
    host = read_host(urlsplit(page.url).hostname or "")
    return Face(fingerprint(text), text.title, host.registered if host else "")
