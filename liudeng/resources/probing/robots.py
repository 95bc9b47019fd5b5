"""robots.txt: asked once a day and host, and obeyed."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

from protego import Protego

from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.web import Web, WebTrouble


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Protego | None
    """None where everything is allowed."""
    since: float


class Robots:
    """What hosts let the bot look at."""

    def __init__(self, web: Web, limits: ProbeLimits) -> None:
        self._web = web
        self._limits = limits
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def allows(self, origin: str, url: str) -> bool:
        """Tell whether a page of `origin` (scheme, host and port) may be looked at.

        RFC 9309: no file, or one that is refused, allows everything; the page itself will tell
        whether a server that gives no answer is down.
        """
        rules = await self._rules(origin)
        return rules is None or rules.can_fetch(url, self._limits.agent)

    def delay(self, origin: str) -> float:
        """Return the seconds a host wants between two looks; 0 if it does not say."""
        kept = self._kept.get(origin)
        if kept is None or kept.rules is None:
            return 0.0
        delay = kept.rules.crawl_delay(self._limits.agent) or 0.0
        return min(max(0.0, float(delay)), self._limits.longest_host_pause)

    async def _rules(self, origin: str) -> Protego | None:
        kept = self._kept.get(origin)
        if kept is None or monotonic() - kept.since > self._limits.robots_kept:
            kept = _Kept(await self._fetched(origin), monotonic())
            self._kept[origin] = kept
            if len(self._kept) > self._limits.hosts_remembered:
                self._kept.popitem(last=False)
        return kept.rules

    async def _fetched(self, origin: str) -> Protego | None:
        try:
            page = await self._web.get(f"{origin}/robots.txt", self._limits.robots_bytes)
        except WebTrouble:
            return None
        if page.status != 200 or "html" in page.content_type.casefold():
            return None
        text = page.body.decode("utf-8", "replace")
        try:
            return await asyncio.to_thread(Protego.parse, text)
        except (ValueError, IndexError, RecursionError):  # what nobody can read forbids nothing
            return None
