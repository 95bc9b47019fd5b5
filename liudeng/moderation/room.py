"""The room of moderation: its parts, wired; opened and closed with the house."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.archive import ReaderRun
from liudeng.db import Database, explain, now_ms
from liudeng.desk import Desk
from liudeng.moderation import texts
from liudeng.moderation.action import KeptAction
from liudeng.moderation.appeals import Appeals
from liudeng.moderation.assessment import Assessor
from liudeng.moderation.byhand import ByHand
from liudeng.moderation.hands import INTERVAL_S, Hands
from liudeng.moderation.judging import Judge
from liudeng.moderation.model import load_model
from liudeng.moderation.planning import HOUR_MS, Limits, Planner
from liudeng.moderation.raids import Raids
from liudeng.moderation.reader import ModerationReader
from liudeng.moderation.rulebook import Rulebook
from liudeng.moderation.rules import load_sets
from liudeng.moderation.rules.loading import RULES_DIRECTORY
from liudeng.moderation.seeing import Acting, PictureJudging
from liudeng.moderation.standing import Standing
from liudeng.moderation.state import Choices
from liudeng.moderation.writing import Writing
from liudeng.outbox import Gateway
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

_TICK_S = 5.0


@dataclass(frozen=True, slots=True)
class ModerationOptions:
    """What an operator may want otherwise."""

    rules_dir: Path = RULES_DIRECTORY
    bots: Collection[int] = ()
    limits: Limits = field(default_factory=Limits)
    interval_s: float = INTERVAL_S


class Moderation:
    """Rules, hands and what people do by hand."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        roster: Roster,
        gateway: Gateway,
        zone: ZoneInfo,
        options: ModerationOptions,
    ) -> None:
        self._database = database
        self._roster = roster
        self._options = options
        self._on_posted: Callable[[], None] = lambda: None
        standing = Standing(roster, options.bots)
        self.choices = Choices()
        self._planner = Planner(desk, roster, standing, zone, options.limits)
        self._raids = Raids(self._planner, standing, self.choices, roster, options.limits)
        self.hands = Hands(database, gateway, options.interval_s)
        self.hands.on_failed(self._failed)
        self.by_hand = ByHand(database, roster, standing, self._planner, self.hands, zone)
        self.appeals = Appeals(database, desk, roster, zone)
        self.rulebook = Rulebook(database, roster, self.choices, zone)
        self.writing = Writing(database, self.choices, self.rulebook)
        self._reader: ModerationReader | None = None
        self._pictures: PictureJudging | None = None
        self._run: ReaderRun | None = None
        self._ticker: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Read rules and the model; before the database is touched.

        Raises:
            liudeng.moderation.rules.RuleProblem: a file of rules does not load.
            OSError: a file cannot be read.
        """
        sets = await asyncio.to_thread(load_sets, self._options.rules_dir)
        assessor = Assessor(await asyncio.to_thread(load_model))
        judge = Judge(assessor, sets)
        self.rulebook.use(assessor, sets)
        self._reader = ModerationReader(judge, self._planner, self._raids, self.choices)
        hands = Acting(self._planner, self._raids, self.choices, self._reader.thread)
        self._pictures = PictureJudging(self._database, judge, hands, self.wake)

    async def open(self, on_posted: Callable[[], None]) -> ReaderRun:
        """Begin to act; `on_posted` is called when letters may have been posted.

        Returns:
            The reader to be woken with the others.
        """
        assert self._reader is not None, "prepare() comes first"
        self._on_posted = on_posted
        async with self._database.write() as connection:
            await self.choices.read(connection)
            await self.choices.read_arrivals(connection)
            await self._raids.remember(connection)
        self._run = ReaderRun(self._database, self._reader, self.wake)
        await self._run.start()
        await self.hands.start()
        await self.pictures.start()
        self._ticker = asyncio.create_task(self._tick(), name="moderation-ticker")
        return self._run

    @property
    def reader_run(self) -> ReaderRun:
        """The reader at work; it is there once the room is open."""
        assert self._run is not None, "open() comes first"
        return self._run

    @property
    def pictures(self) -> PictureJudging:
        """Whom to tell of pictures that were read; it is there once the room is prepared."""
        assert self._pictures is not None, "prepare() comes first"
        return self._pictures

    async def close(self) -> None:
        """Stop acting; the reader is closed with the others."""
        await end(self._ticker)
        if self._pictures is not None:
            await self._pictures.close()
        await self.hands.close()
        if self._reader is not None:
            self._reader.close()

    def in_raid(self, group_id: int) -> bool:
        """Whether a raid of a group goes on, as far as it has its raids watched."""
        return self._raids.is_on(group_id)

    def wake(self) -> None:
        """Something was planned or written."""
        self.hands.wake()
        self._on_posted()

    async def arrived(self, group_id: int, user_id: int) -> None:
        """Somebody has come into a group."""
        at_ms = now_ms()
        async with self._database.write() as connection:
            await self.choices.arrived(connection, group_id, user_id, at_ms)
            await self._raids.joined(connection, group_id, user_id, at_ms)
        self.wake()

    async def _tick(self) -> None:
        failed = False
        while True:
            await asyncio.sleep(_TICK_S)
            try:
                async with self._database.write() as connection:
                    if failed:  # an end that was noted in memory alone: everybody is still muted
                        await self._raids.remember(connection)
                    ended = await self._raids.pass_time(connection)
                failed = False
                if ended:
                    self.wake()
            except Exception as error:
                failed = True
                log.error("群管的定时检查出错：%s", explain(error).advice)

    async def _failed(self, action: KeptAction, trouble: str) -> None:
        """Tell the moderators, once an hour, that something could not be done."""
        if action.actor:
            return  # whoever asked is waiting for the answer
        words = texts.FAILED.format(
            group=self._roster.group_name(action.group_id),
            kind=texts.KIND_NAMES[action.kind],
            number=action.id,
            trouble=trouble,
        )
        key = f"failed:{now_ms() // HOUR_MS}"
        async with self._database.write() as connection:
            await self._planner.to_moderators(connection, action.group_id, key, words)
        self._on_posted()
