"""The privacy desk: what members say about being kept, and what they are answered."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from liudeng.archive.people import said_since
from liudeng.db import Database, explain
from liudeng.privacy import texts
from liudeng.privacy.consent import EVERYWHERE, Keeping, Mode, Standing, Watching
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.leaving import Fate, Leaving
from liudeng.privacy.register import Register, Said
from liudeng.privacy.sweeping import Sweeper

log = logging.getLogger(__name__)

CONFIRM_WITHIN_S = 600.0
_ASKED_REMEMBERED = 1_000
_SECOND = 1000
_FATES = {"保留": Fate.KEEP, "导出": Fate.EXPORT, "删除": Fate.ERASE}
_FATE_ANSWERS = {
    Fate.KEEP: "好，「{name}」的存档留着。",
    Fate.EXPORT: (
        "好，这就导出「{name}」，一次写一个群；写好了私聊告诉你放在哪里、怎么核对。"
        "在那之前存档不会删。"
    ),
    Fate.ERASE: "好，「{name}」的存档这就删，找不回来了。",
}
_MODE_WORDS = {"开": Mode.OPEN, "自愿": Mode.ASKED, "关": Mode.OFF}


@dataclass(frozen=True, slots=True)
class Member:
    """Who says something, where and when."""

    user_id: str
    group_id: int | None
    """None in private chat: then it is about every group."""
    at_ms: int


class PrivacyDesk:
    """Answers members. From the moment it answers, what they said holds."""

    def __init__(
        self,
        database: Database,
        register: Register,
        sweeper: Sweeper,
        erasure: Erasure,
        leaving: Leaving,
        drain: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._register = register
        self._sweeper = sweeper
        self._erasure = erasure
        self._leaving = leaving
        self._drain = drain
        self._asked: OrderedDict[str, float] = OrderedDict()
        self._erasing: dict[str, asyncio.Task[None]] = {}
        self._on_choice: list[Callable[[int, str], Awaitable[None]]] = []

    def on_choice(self, listener: Callable[[int, str], Awaitable[None]]) -> None:
        """Call `listener` with the group (0: every one) and member of each new choice."""
        self._on_choice.append(listener)

    async def close(self) -> None:
        """Stop what is under way; it goes on at the next start."""
        running = list(self._erasing.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def standing(self, member: Member) -> Standing:
        """Return how a member stands here; in private, where nothing else was said."""
        return self._register.standing(member.group_id or EVERYWHERE, member.user_id)

    async def refuse(self, member: Member) -> str:
        """不要存我."""
        await self._choose(member, keeping=Keeping.NONE)
        return texts.REFUSED

    async def wall_only(self, member: Member) -> str:
        """只存存档."""
        await self._choose(member, keeping=Keeping.WALL)
        return texts.WALL_ONLY

    async def keep(self, member: Member) -> str:
        """存我."""
        if not await self._choose(member, keeping=Keeping.ALL):
            return texts.REFUSED_SINCE
        off = self._register.book.mode(member.group_id or EVERYWHERE) is Mode.OFF
        return texts.KEPT_WHERE_OFF if off else texts.KEPT

    async def watch_less(self, member: Member) -> str:
        """别看我."""
        await self._choose(member, watching=Watching.DANGER)
        return texts.LESS_WATCHED

    async def watch(self, member: Member) -> str:
        """可以看我."""
        await self._choose(member, watching=Watching.FULL)
        return texts.WATCHED

    async def ask_to_erase(self, member: Member) -> str:
        """删掉我: show what will go, and wait for a second word."""
        if member.user_id in self._erasing:
            return texts.ALREADY_ERASING
        self._asked[member.user_id] = monotonic()
        self._asked.move_to_end(member.user_id)
        while len(self._asked) > _ASKED_REMEMBERED:
            self._asked.popitem(last=False)
        return texts.erase_question(await self._erasure.stock(member.user_id))

    async def erase(self, member: Member, tell: Callable[[str], Awaitable[None]]) -> str:
        """确认删掉我: begin; `tell` gets the receipt when nothing is left."""
        if member.user_id in self._erasing:
            return texts.ALREADY_ERASING
        asked = self._asked.pop(member.user_id, None)
        if asked is None:
            return texts.ASK_AGAIN
        if monotonic() - asked > CONFIRM_WITHIN_S:
            return texts.ASKING_LATE
        task = asyncio.create_task(self._erase(member, tell), name="privacy-erasure")
        self._erasing[member.user_id] = task
        task.add_done_callback(lambda _: self._erasing.pop(member.user_id, None))
        return texts.ERASING

    async def group_mode(self, member: Member, text: str) -> str:
        """群存档 <开/自愿/关>: moderators decide whom their group keeps."""
        if member.group_id is None:
            return texts.GROUP_ONLY
        mode = _MODE_WORDS.get(text.strip())
        if mode is None:
            now = texts.MODE_NAMES[self._register.book.mode(member.group_id)]
            return texts.MODE_HOW.format(now=now)
        await self._register.set_mode(member.group_id, mode, member.at_ms)
        await self._drain()
        return texts.MODES[mode]

    async def decide(self, text: str) -> tuple[str, bool]:
        """退群存档 <group> <保留/导出/删除>: return the answer, and whether to erase now."""
        number, _, word = text.strip().partition(" ")
        fate = _FATES.get(word.strip())
        if not number.isdecimal() or fate is None:
            return texts.LEAVING_HOW, False
        departure = await self._leaving.decide(int(number), fate)
        if departure is None:
            return texts.NO_DEPARTURE, False
        answer = _FATE_ANSWERS[fate].format(name=departure.name)
        return answer, fate is Fate.ERASE

    async def _choose(
        self, member: Member, keeping: Keeping | None = None, watching: Watching | None = None
    ) -> bool:
        """Note a choice. What was said in its second, or came in since, goes with a refusal.

        Returns:
            False when it is an old one that came again after a later refusal; see `Register.say`.
        """
        group_id = member.group_id or EVERYWHERE
        said = Said(member.user_id, group_id, member.at_ms, keeping, watching)
        if not await self._register.say(said):
            return False
        for listener in self._on_choice:
            await listener(group_id, member.user_id)
        if keeping in (Keeping.NONE, Keeping.WALL):
            await self._drain()
            since = member.at_ms // _SECOND * _SECOND
            async with self._database.read() as connection:
                rows = await said_since(connection, member.user_id, group_id, since)
            if rows:
                await self._sweeper.erase(rows)
                await self._sweeper.drop_files()
        return True

    async def _erase(self, member: Member, tell: Callable[[str], Awaitable[None]]) -> None:
        try:
            receipt = await self._erasure.erase(member.user_id, member.at_ms)
        except Exception as error:
            log.error("删除一位成员的记录时出错，会接着做完：%s", explain(error).advice)
            return
        for listener in self._on_choice:
            await listener(EVERYWHERE, member.user_id)
        await tell(texts.receipt_text(receipt))
