"""置顶 and 取消置顶: what moderators announce, until a day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from liudeng.archive.reading import clean
from liudeng.db import Database
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.resources import texts
from liudeng.resources.announcements import LONGEST, Announcement, pin, unpin
from liudeng.resources.entry import State
from liudeng.resources.ledger import resource
from liudeng.resources.staff import Moderator
from liudeng.resources.typed import split_aim, split_group, split_until

_USUALLY = timedelta(days=7)
_LONGEST = timedelta(days=366)
_LIFETIME_MS = 10 * 60_000
_A_RESOURCE = "资源"


class Pinning:
    """Pins for the groups of a moderator."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        on_posted: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._zone = zone
        self._on_posted = on_posted
        self._clock = clock or (lambda: datetime.now(zone))

    async def pin(self, asker: Moderator, text: str) -> str:
        """置顶 <words or 资源 number> [到 day]: say it in the group once, and keep it in view."""
        today = self._clock().date()
        text, group = split_group(text)
        words, until = split_until(clean(text), today)
        if not words:
            return texts.HOW_TO_PIN
        if until is not None and not today <= until <= today + _LONGEST:
            return "到期的日子要在今天以后、一年以内。"
        group_id = next(iter(asker.groups)) if len(asker.groups) == 1 else group
        if group_id not in asker.groups:
            return texts.WHICH_GROUP.format(example="置顶 …")
        until = until or today + _USUALLY
        return await self._pin(asker, group_id, words, until)

    async def unpin(self, asker: Moderator, text: str) -> str:
        """取消置顶 <number>: take it down before its day."""
        number = split_aim(text).number
        if number is None:
            return "取消哪一条？发「公告」看编号，例如：取消置顶 3"
        async with self._database.write() as connection:
            if not await unpin(connection, number, asker.groups, self._now_ms()):
                return f"没有在置顶的 {number} 号。发「公告」看看有哪些。"
        return f"取消了 {number} 号置顶。"

    async def _pin(self, asker: Moderator, group_id: int, words: str, until: date) -> str:
        named = (
            split_aim(words.removeprefix(_A_RESOURCE)) if words.startswith(_A_RESOURCE) else None
        )
        async with self._database.write() as connection:
            number = named.number if named else None
            link = ""
            if named is not None and number is not None:
                entry = await resource(connection, number, (group_id,))
                if entry is None or entry.state is not State.LISTED:
                    return f"没有收录 {number} 号链接，先收录再置顶。"
                words, link = named.rest or entry.name, entry.url
            made = Announcement(0, group_id, words[:LONGEST], number, self._end_of(until))
            pinned = await pin(connection, made, asker.user_id, self._now_ms())
            if pinned is None:
                return texts.PINNED_ENOUGH
            day = texts.shown_day(until, self._clock().date())
            said = "\n".join(filter(None, [f"【公告】{words[:LONGEST]}", link, f"（到{day}）"]))
            await post(connection, _letter(group_id, pinned, said))
        self._on_posted()
        return f"置顶了，{pinned} 号，到{day}。群里说过一遍，之后在「资源」和「公告」里看得到。"

    def _end_of(self, day: date) -> int:
        end = datetime.combine(day + timedelta(days=1), time(), self._zone)
        return int(end.timestamp() * 1000)

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _letter(group_id: int, number: int, words: str) -> Letter:
    return Letter(
        key=f"announcement:{number}",
        kind=Kind.NOTICE,
        target=Target.GROUP,
        target_id=group_id,
        segments=(text_segment(words),),
        lifetime_ms=_LIFETIME_MS,
    )
