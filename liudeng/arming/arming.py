"""守望, 布防, 撤防: how a group's moderators see what the watcher does, and let it alert or not."""

import logging
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage, shown_text
from liudeng.arming import texts
from liudeng.arming.firings import Firing, Held, alerts_among, firings, messages_of
from liudeng.arming.stances import Stance, Stances
from liudeng.db import Database, now_ms
from liudeng.desk import Desk
from liudeng.roster import Roster, choose_group

log = logging.getLogger(__name__)

_LOOK_BACK_MS = 30 * 24 * 3600_000
_SHOWN = 5
_QUOTE = 60


class Arming:
    """Answers moderators; `groups` are always those that the asker moderates."""

    def __init__(
        self, database: Database, stances: Stances, roster: Roster, desk: Desk, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._stances = stances
        self._roster = roster
        self._desk = desk
        self._zone = zone

    async def overview(
        self, actor: int, groups: Sequence[int], typed: str, *, private: bool
    ) -> str:
        """守望: what the watcher did in each group; of one group, in private, the held messages."""
        if not groups:
            return texts.NO_GROUPS
        one = choose_group(self._roster, groups, typed)
        if one is None and typed.strip():
            return texts.which_group("守望", self._named(groups))
        if one is None or not private:
            shown = groups if one is None else [one]
            return "\n".join([await self._line(group) for group in shown])
        return "\n".join([await self._line(one), *await self._held_lines(actor, one)])

    async def decide(self, actor: int, groups: Sequence[int], typed: str, *, armed: bool) -> str:
        """布防 and 撤防: let alerts out, or hold them back; the other moderators are told."""
        if not groups:
            return texts.NO_GROUPS
        group = choose_group(self._roster, groups, typed)
        if group is None:
            command = "布防" if armed else "撤防"
            return texts.which_group(command, self._named(groups))
        name = self._roster.group_name(group)
        if not await self._stances.decide(group, actor, armed=armed):
            return texts.already(name, is_armed=armed)
        log.info("一个群%s了", "布防" if armed else "撤防")
        who = self._roster.member_name(group, actor)
        key = f"stance:{group}:{self._stances.of(group).since_ms}"
        for colleague in sorted(self._roster.moderators(group) - {actor}):
            told = texts.told_of(name, who, is_armed=armed)
            await self._desk.tell_privately(colleague, key, told)
        return texts.armed(name) if armed else texts.disarmed(name)

    def _named(self, groups: Sequence[int]) -> list[tuple[int, str]]:
        return [(group, self._roster.group_name(group)) for group in groups]

    async def _line(self, group: int) -> str:
        stance = self._stances.of(group)
        since = now_ms() - _LOOK_BACK_MS
        async with self._database.read() as connection:
            recent = await firings(connection, group, since)
            found = await messages_of(connection, recent)
        authors = {row: message.user_id for row, message in found.items()}
        told = len({one.case_id for one in recent if one.held is Held.NOT})
        held = len(alerts_among([one for one in recent if one.held is Held.DRY_RUN], authors))
        weak = sum(one.held is Held.TOO_WEAK for one in recent)
        name = self._roster.group_name(group)
        parts = [f"最近 30 天提醒 {told} 件"]
        if held or not stance.armed:
            parts.append(f"试运行时只记数的 {held} 件")
        if weak:
            parts.append(f"不到门槛的 {weak} 句")
        head = f"「{name}」{self._stance_text(group, stance)}：{'，'.join(parts)}。"
        return head if stance.armed else f"{head}发「布防 {group}」开始提醒。"

    def _stance_text(self, group: int, stance: Stance) -> str:
        state = "布防着" if stance.armed else "在试运行"
        if stance.since_ms is None:
            return state
        when = texts.day(stance.since_ms, self._zone)
        if not stance.actor.isdecimal():
            return f"{state}（{when} 起）"
        who = self._roster.member_name(group, int(stance.actor))
        return f"{state}（{when} 起，{who} 定的）"

    async def _held_lines(self, actor: int, group: int) -> list[str]:
        """The last messages that were held back; never one by whoever asks."""
        since = now_ms() - _LOOK_BACK_MS
        async with self._database.read() as connection:
            recent = await firings(connection, group, since)
            held = [one for one in recent if one.held is not Held.NOT]
            found = await messages_of(connection, held)
        lines = [
            line
            for one in reversed(held)
            if (line := self._held_line(actor, one, found)) is not None
        ][:_SHOWN]
        return ["最近没有提醒的几句（撤回的不列）：", *lines] if lines else []

    def _held_line(self, actor: int, one: Firing, found: Mapping[int, StoredMessage]) -> str | None:
        message = found.get(one.message_row or 0)
        if message is None or message.user_id == str(actor):
            return None
        words = " ".join(shown_text(message.segments).split())
        words = words if len(words) <= _QUOTE else words[: _QUOTE - 1] + "…"
        return f"· {texts.day(one.at_ms, self._zone)} 「{words}」（上下文 {message.seq}）"
