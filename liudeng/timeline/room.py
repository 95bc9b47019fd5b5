"""时间线: what happened when, as a picture and in words."""

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.db import Database, now_ms
from liudeng.pictures import (
    Hint,
    PictureUnavailable,
    Studio,
    TimelineCard,
    TimelineEvent,
    render_timeline,
    theme_at,
)
from liudeng.timeline.facts import load_facts
from liudeng.timeline.milestones import (
    MOST,
    add_milestone,
    milestones_of,
    remove_milestone,
)

HOW_TO_ADD = "这样写：时间线 新增 2026-02-13 那天我们一起熬到天亮"
HOW_TO_REMOVE = "这样写：时间线 删除 编号（编号写在图上，灯字后面的数字）"
NOTHING = "时间线上还什么都没有。"
_ADD = re.compile(r"\s*(?:新增|添加|加)\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s+(.+)", re.S)
_REMOVE = re.compile(r"\s*(?:删除|删)\s*[#＃]?(\d{1,9})\s*")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is shown."""

    card: TimelineCard
    text: str


class TimelineDesk:
    """Shows the timeline, and keeps the milestones of groups."""

    def __init__(
        self,
        database: Database,
        studio: Studio,
        zone: ZoneInfo,
        folder: Path,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._studio = studio
        self._zone = zone
        self._folder = folder
        self._clock = clock

    async def show(self, groups: Collection[int]) -> Timeline:
        """时间线: return the facts and the groups' milestones, in order.

        Raises:
            TimelineProblem: a file of facts does not load.
        """
        facts = await asyncio.to_thread(load_facts, self._folder)
        async with self._database.read() as connection:
            own = await milestones_of(connection, groups)
        events = [
            TimelineEvent(day=fact.day, title=fact.title, detail=fact.detail, source=fact.source)
            for fact in facts
        ] + [TimelineEvent(day=one.day, title=one.title, number=one.id) for one in own]
        events.sort(key=lambda event: event.day)
        hint = Hint(command="问 4o 什么时候下线的", summary="前后经过")
        card = TimelineCard(title="时间线", events=tuple(events), hints=(hint,))
        return Timeline(card, _text(events))

    async def draw(self, timeline: Timeline) -> bytes | None:
        """Return the timeline as PNG; None when it cannot be drawn."""
        theme = theme_at(datetime.fromtimestamp(self._clock() / 1000, self._zone))
        try:
            return await self._studio.draw(render_timeline, timeline.card, theme)
        except PictureUnavailable:
            return None

    async def add(self, group_id: int, user_id: str, text: str) -> str:
        """时间线 新增 <day> <title>: a moderator adds a milestone of the group."""
        found = _ADD.fullmatch(text)
        title = " ".join(found[4].split())[:_LONGEST] if found else ""
        if found is None or not title:
            return HOW_TO_ADD
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return f"没有 {found[1]}-{found[2]}-{found[3]} 这一天，看看日期。"
        async with self._database.write() as connection:
            number = await add_milestone(connection, group_id, day, title, user_id, self._clock())
        if number is None:
            return f"已经有 {MOST} 条了，先删掉几条再加。"
        return f"加上了：{day:%Y-%m-%d} {title}。不要了就发「时间线 删除 {number}」。"

    async def remove(self, group_id: int, text: str) -> str:
        """时间线 删除 <number>: a moderator takes a milestone away."""
        found = _REMOVE.fullmatch(text)
        if found is None:
            return HOW_TO_REMOVE
        async with self._database.write() as connection:
            gone = await remove_milestone(connection, group_id, int(found[1]))
        return "删掉了。" if gone else f"这个群没有 {found[1]} 号里程碑。"


def _text(events: Collection[TimelineEvent]) -> str:
    if not events:
        return NOTHING
    lines = []
    for event in events:
        number = f"（#{event.number}）" if event.number else ""
        detail = f"，{event.detail}" if event.detail else ""
        lines.append(f"{event.day:%Y-%m-%d}　{event.title}{detail}{number}")
    return "\n".join(lines)
