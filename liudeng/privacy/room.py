"""The privacy room as the house opens it."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.holding import Holder
from liudeng.outbox import Enclosures, Gateway
from liudeng.privacy.absences import Absences
from liudeng.privacy.consent import Mode, Watching
from liudeng.privacy.daily import Chores, Daily
from liudeng.privacy.desk import PrivacyDesk
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.gate import Gate
from liudeng.privacy.handing_out import HandingOut
from liudeng.privacy.holders import all_holders
from liudeng.privacy.journal import Journal
from liudeng.privacy.leaving import Leaving
from liudeng.privacy.leaving_export import ExportPlaces, LeavingExports
from liudeng.privacy.notices import Notices, Terms
from liudeng.privacy.passing import Passing
from liudeng.privacy.permissions import open_to_others, warning
from liudeng.privacy.pseudonyms import Pseudonyms
from liudeng.privacy.register import Register
from liudeng.privacy.retention import Retention, RetentionKind, Rules, days_of
from liudeng.privacy.sending import DirectMail
from liudeng.privacy.sweeping import Places, Sweeper
from liudeng.privacy.wall_only import WallOnly
from liudeng.privacy.wording import load_wording
from liudeng.roster import Roster

log = logging.getLogger(__name__)

_HOUR_MS = 3600_000


@dataclass(frozen=True, slots=True)
class PrivacyOptions:
    """What an operator can set."""

    key: str
    data_dir: Path
    wording_dir: Path
    zone: ZoneInfo
    default: Mode = Mode.OPEN
    wipe_hours: int = 24
    retention: Rules | None = None
    operators: Collection[int] = ()


class Privacy:
    """Owns consents, erasures and notices. The gate stands before it is open: it lets all in."""

    def __init__(self, database: Database, options: PrivacyOptions) -> None:
        """Raises OSError or ValueError when the notices cannot be read."""
        self._database = database
        self._options = options
        self._wording = load_wording(options.wording_dir)
        pseudonyms = Pseudonyms(options.key, options.data_dir / "privacy.key")
        journal = Journal(options.data_dir / "consents.jsonl")
        self.register = Register(database, pseudonyms, options.default, journal)
        self.gate = Gate(self.register)
        self.passing = Passing()
        self.holders: list[Holder] = all_holders()
        """What keeps something of people besides the log; a room that does adds itself."""

    def wire(
        self,
        writer: LogWriter,
        places: Places,
        roster: Roster,
        mail: tuple[Gateway, Enclosures],
        on_posted: Callable[[], None],
    ) -> None:
        """Take what the house has opened by now."""
        options, database, register = self._options, self._database, self.register
        rules = options.retention or {}
        gateway, enclosures = mail
        self._writer = writer
        self.sweeper = Sweeper(database, places, self.holders)
        self.handing_out = HandingOut(
            database, places.store, self.holders, options.data_dir / "handed_out", options.zone
        )
        self.mail = DirectMail(gateway, self.handing_out)
        self.erasure = Erasure(
            database, register, self.sweeper, self.holders, enclosures, writer.drain
        )
        self.leaving = Leaving(
            database,
            register,
            self.sweeper,
            self.holders,
            options.operators,
            may_be_in=lambda group_id: not roster.knows_groups or group_id in roster.groups,
        )
        self.absences = Absences(database, self.leaving)
        self.leaving_exports = LeavingExports(
            database,
            self.leaving,
            ExportPlaces(places.store, options.data_dir / "exports", options.zone),
            options.operators,
            on_posted,
        )
        self.desk = PrivacyDesk(
            database, register, self.sweeper, self.erasure, self.leaving, writer.drain
        )
        self.wall_only = WallOnly(database, register, self.passing, self.sweeper)
        self.retention = Retention(database, self.sweeper, rules)
        terms = Terms(
            lambda group_id: days_of(rules, group_id, RetentionKind.MESSAGES), options.wipe_hours
        )
        self.notices = Notices(database, register, roster, self._wording, terms, on_posted)
        self.daily = Daily(
            database,
            register,
            self.sweeper,
            Chores(self.erasure, self.retention, self.leaving, self.wall_only),
            options.wipe_hours * _HOUR_MS,
            options.zone,
        )
        writer.on_passing(self.passing.hear)

    async def open(self) -> None:
        """Read who said what, before the first message is heard.

        Raises:
            PrivacyKeyProblem: the key does not fit what was said so far.
            OSError: it can be neither read nor made.
        """
        await self.register.open()
        if found := await asyncio.to_thread(open_to_others, self._options.data_dir):
            log.warning("%s", warning(found))

    async def start(self) -> None:
        """Begin what runs by itself."""
        await asyncio.to_thread(self.handing_out.clear)
        await self.notices.start()
        await self.daily.start()
        await self.leaving_exports.start()

    async def close(self) -> None:
        """Stop; what is under way goes on at the next start."""
        await self.desk.close()
        await self.leaving_exports.close()
        await self.daily.close()
        await self.notices.close()

    def watches_fully(self, group_id: int, user_id: str) -> bool:
        """Tell whether the watcher may look at somebody's days, and judge by its model."""
        return self.register.watches_fully(group_id, user_id)

    def only_danger(self, group_id: int, user_id: str) -> bool:
        """Tell whether somebody wants no more than plain danger to be seen."""
        return self.register.standing(group_id, user_id).watching is Watching.DANGER

    async def for_the_wall(self, group_id: int, message_id: str, user_id: int) -> bool:
        """Keep a message for the wall whose author keeps nothing else; False when it cannot be."""
        return await self.wall_only.take(self._writer, group_id, message_id, str(user_id))
