"""氛围: what a moderator is shown of a group's moods, as a chart with words to stand in for it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database, now_ms
from liudeng.pictures import PictureUnavailable, PulseCard, Studio, render_pulse, theme_at
from liudeng.pulse import ledger
from liudeng.pulse.chart import Span, portray, shown
from liudeng.pulse.hours import HOUR_MS
from liudeng.pulse.reader import PulseReader
from liudeng.roster import Roster, choose_group

_WHEN = re.compile(
    r"(?:^|\s)(24\s*(?:h|小时|时)|1\s*(?:天|d)|今天|7\s*(?:天|d)|一周|本周)\s*$", re.I
)
_WEEKS = ("7", "一", "本")
_DAY = (24, 1)
_WEEK = (28, 6)
"""Columns, and the hours of each."""
_CAPTION = "只给管理看，请不要转到群里。"
_NO_GROUPS = "你没有在管的群，或者我还没看清成员名单。过一会儿再试。"


@dataclass(frozen=True, slots=True)
class PulseAnswer:
    """What is answered: words, and a card if there is something to draw."""

    text: str
    """All of it; where there is a card, in its place."""
    card: PulseCard | None = None
    caption: str = ""
    """Stands below the card."""


class Pulse:
    """Shows moderators how their groups sound."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        studio: Studio,
        zone: ZoneInfo,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._reader: PulseReader | None = None
        self._database = database
        self._roster = roster
        self._studio = studio
        self._zone = zone
        self._clock = clock

    def read_by(self, reader: PulseReader) -> None:
        """Tell who counts: before anything is shown, all that is counted is written."""
        self._reader = reader

    async def close(self) -> None:
        """Write what is counted and not yet written; call once the reader has stopped."""
        if self._reader is not None:
            await self._reader.flush()

    async def show(self, groups: Sequence[int], typed: str) -> PulseAnswer:
        """氛围 [group] [24h|7天]; `groups` are those that the asker moderates."""
        if not groups:
            return PulseAnswer(_NO_GROUPS)
        when = _WHEN.search(typed)
        rest = typed[: when.start()] if when else typed
        group = choose_group(self._roster, groups, rest)
        if group is None:
            return PulseAnswer(self._which(groups))
        columns, hours = _WEEK if when and when[1].startswith(_WEEKS) else _DAY
        return await self._portrait(group, columns, hours)

    async def draw(self, card: PulseCard) -> bytes | None:
        """Return the chart as PNG; None when it cannot be drawn."""
        try:
            theme = theme_at(datetime.fromtimestamp(self._clock() / 1000, self._zone))
            return await self._studio.draw(render_pulse, card, theme)
        except PictureUnavailable:
            return None

    async def _portrait(self, group: int, columns: int, hours: int) -> PulseAnswer:
        name = self._roster.group_name(group)
        length = columns * hours * HOUR_MS
        if self._reader is not None:
            await self._reader.flush()
        async with self._database.read() as connection:
            newest = await ledger.newest_hour(connection, group)
            if newest is None:
                return PulseAnswer(f"「{name}」还没有可以看的：等群里有人说过话再来。")
            end = self._clock() // HOUR_MS * HOUR_MS + HOUR_MS
            if newest < end - length:
                end = newest + HOUR_MS  # nobody has spoken since: show when they last did
            end = self._aligned(end, hours)
            span = Span(end - length, columns, hours)
            found = await ledger.counts(connection, group, span.since_ms, span.until_ms)
            floods = await ledger.floods_between(connection, group, span.since_ms, span.until_ms)
        portrait = portray(name, shown(found, span), floods, self._zone)
        return PulseAnswer(portrait.text, portrait.card, _CAPTION)

    def _aligned(self, end_ms: int, hours: int) -> int:
        """Return the next full stretch of hours, so that a column is 12 to 18 o'clock."""
        moment = datetime.fromtimestamp(end_ms / 1000, self._zone)
        return end_ms + -moment.hour % hours * HOUR_MS

    def _which(self, groups: Sequence[int]) -> str:
        lines = [f"· {self._roster.group_name(group)}（{group}）" for group in groups]
        return "\n".join(["看哪个群？", *lines, f"例如：氛围 {groups[0]} 7天"])
