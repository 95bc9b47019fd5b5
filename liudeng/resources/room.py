"""The links as the house opens them: desks, the reader, probes, what keeps the ledger tidy."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from liudeng.db import Database, explain
from liudeng.pictures import Studio
from liudeng.resources.cards import LinkCards
from liudeng.resources.chat import LinkDesk, Names
from liudeng.resources.keeping import LedgerKeeper
from liudeng.resources.pinning import Pinning
from liudeng.resources.probing import ProbeLimits, Prober, ShortLinks
from liudeng.resources.reader import LinkReader
from liudeng.resources.seeding import plant
from liudeng.resources.staff import LinkStaff
from liudeng.roster import Roster

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wakes:
    """Whom the room tells that it has done something."""

    sender: Callable[[], None]
    """There are letters to send."""
    index: Callable[[], None]
    """What is listed changed."""


class LinkRoom:
    """Owns what the links keep running."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        studio: Studio,
        zone: ZoneInfo,
        wakes: Wakes,
        *,
        probes: bool = True,
        limits: ProbeLimits | None = None,
    ) -> None:
        self._database = database
        self._probes = probes
        self._wakes = wakes
        limits = limits or ProbeLimits()
        self.reader = LinkReader(lambda group, user: user in roster.moderators(group))
        self.cards = LinkCards(studio, zone)
        self.desk = LinkDesk(database, zone, Names(roster.group_name, roster.known_name))
        self.prober = Prober(database, limits, on_hidden=self._hidden)
        self.staff = LinkStaff(database, zone, on_changed=self._changed)
        self.pinning = Pinning(database, zone, on_posted=wakes.sender)
        self.short_links = ShortLinks(database, limits, on_posted=wakes.sender)
        self.keeper = LedgerKeeper(database, roster, zone, wakes.sender)

    async def start(self) -> None:
        """Plant the seeds that are new, then begin to look after the ledger."""
        try:
            await plant(self._database)
        except (OSError, ValueError) as error:  # the bot can do without them
            log.warning("种子资源读不了：%s", explain(error).advice)
        await self.keeper.start()
        if self._probes:
            await self.short_links.start()
            await self.prober.start()
        self._wakes.index()

    async def close(self) -> None:
        """Stop; what was under way is due again after the next start."""
        await self.prober.close()
        await self.short_links.close()
        await self.keeper.close()

    def read_some(self) -> None:
        """Tell that the reader noted links and perhaps warned of some."""
        self._wakes.sender()
        self.short_links.wake()

    def _changed(self) -> None:
        self._wakes.index()
        self.prober.wake()

    def _hidden(self) -> None:
        self._wakes.index()
        self.keeper.wake()
