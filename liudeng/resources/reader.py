"""The reader that collects every link of the log, and notices the look-alikes among them."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.db import now_ms
from liudeng.resources.canonical import Link, canonical
from liudeng.resources.entry import Draft, State
from liudeng.resources.finding import Posted, is_worth_keeping, links_in
from liudeng.resources.hosts import ascii_host, host_in
from liudeng.resources.ledger import enter, resource_at
from liudeng.resources.lookalike import judge
from liudeng.resources.queue import MOST_CANDIDATES, candidates_in
from liudeng.resources.sightings import note_sightings
from liudeng.resources.tables import short_links
from liudeng.resources.warning import Doubt, may_warn, warn

Trusts = Callable[[int, int], bool]
"""Tells whether somebody (group, user) needs no warning about what they post: a moderator."""


@dataclass(frozen=True, slots=True)
class _Seen:
    message: StoredMessage
    link: Link
    title: str


@dataclass
class LinkEffects:
    """Candidates, sightings and warnings, ready to be written."""

    seen: list[_Seen] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    async def apply(self, connection: AsyncConnection) -> None:
        """Note the links, and post the warnings."""
        now = now_ms()
        pairs: list[tuple[int, int]] = []
        known: dict[tuple[int, str], int | None] = {}
        for seen in self.seen:
            place = (seen.message.group_id, seen.link.key)
            if place not in known:
                known[place] = await _number_of(connection, seen, now)
            number = known[place]
            if number is not None:
                pairs.append((seen.message.id, number))
        await note_sightings(connection, pairs)
        await ask_where_they_lead(connection, [seen.link for seen in self.seen], now)
        await warn(connection, self.doubts, now)


class LinkReader:
    """Finds links in what people say."""

    name = "links"
    # An imported file is years of links at once: they would bury what is asked about tonight.
    sources = frozenset(Source) - {Source.IMPORT}

    def __init__(self, trusts: Trusts = lambda _group, _user: False) -> None:
        self._trusts = trusts

    async def read(self, batch: Sequence[StoredMessage]) -> LinkEffects | None:
        """Find and judge the links of a batch, in a thread."""
        telling = [
            message
            for message in batch
            if message.recalled_ms is None and message.user_id != str(message.self_id)
        ]
        effects = await asyncio.to_thread(self._effects, telling) if telling else None
        return effects if effects and (effects.seen or effects.doubts) else None

    def _effects(self, batch: Sequence[StoredMessage]) -> LinkEffects:
        effects = LinkEffects()
        now = now_ms()
        for message in batch:
            for posted in links_in(message.segments):
                doubt = self._doubt(message, posted, now)
                if doubt is not None:
                    effects.doubts.append(doubt)
                if posted.link is not None and is_worth_keeping(posted.link):
                    effects.seen.append(_Seen(message, posted.link, posted.title))
        return effects

    def _doubt(self, message: StoredMessage, posted: Posted, now: int) -> Doubt | None:
        if not may_warn(message, now):
            return None
        verdict = judge(posted.written)
        if not verdict.suspicious:
            return None
        sender = int(message.user_id) if message.user_id.isdecimal() else 0
        if self._trusts(message.group_id, sender):
            return None
        host = ascii_host(host_in(posted.written))
        return Doubt(message, host, verdict) if host else None


async def ask_where_they_lead(
    connection: AsyncConnection, links: Collection[Link], now: int
) -> None:
    """Put the short ones among some links down to be followed, each once."""
    short = {link.key[:512]: link for link in links if link.is_short}
    if not short:
        return
    query = select(short_links.c.key).where(short_links.c.key.in_(short))
    for key in short.keys() - set(await connection.scalars(query)):
        await connection.execute(
            insert(short_links).values(
                key=key, url=short[key].url, target="", attempts=0, due_ms=now
            )
        )


async def _number_of(connection: AsyncConnection, seen: _Seen, now: int) -> int | None:
    """Return the resource a link is, entering it as a candidate if it is new."""
    group_id, link = seen.message.group_id, await _followed(connection, seen.link)
    known = await resource_at(connection, link.key, (group_id,))
    if known is not None:
        return known.id
    if await candidates_in(connection, group_id) >= MOST_CANDIDATES:
        return None
    draft = Draft(url=link.url, title=seen.title)
    return await enter(connection, group_id, link, draft, State.CANDIDATE, now)


async def _followed(connection: AsyncConnection, link: Link) -> Link:
    """Return where a short link is known to lead, or the link itself."""
    if not link.is_short:
        return link
    query = select(short_links.c.target).where(short_links.c.key == link.key[:512])
    target = (await connection.execute(query)).scalar()
    return (canonical(target) if target else None) or link
