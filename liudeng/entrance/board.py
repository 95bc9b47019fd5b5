"""入群 in the chat: what a group chooses for its entrance, and whom it does not let in."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from liudeng.archive.reading import one_line
from liudeng.db import Database, now_ms
from liudeng.entrance.answers import Answers
from liudeng.entrance.blocks import Blocks
from liudeng.entrance.choice import Choice, Mode, Otherwise, Silence, choice_of, choose
from liudeng.entrance.doorkeeper import Doorkeeper
from liudeng.entrance.judging import bare
from liudeng.entrance.request import Kind, State, change, open_in
from liudeng.entrance.wording import (
    HOW,
    MODES,
    OTHERWISE,
    SILENCE,
    WORDS_HOW,
    cleared_or_kept,
    overview,
)
from liudeng.moderation import Entry, in_words, parse_duration, record
from liudeng.roster import Roster

MOST_WORDS = 20
MOST_BLOCKED_SHOWN = 20
LONGEST_TEXT = 800
_WORD_CHARS = 40
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 600, 7 * 86_400
_DAY_S = 86_400
NOT_ADMIN = "\n⚠ 我还不是这个群的管理员，QQ 不让我处理申请，请群主加上我。"
LEFT_TO_QQ = "可现在入群是「关」，申请我不碰，要我拦下先回「入群 人工」。"
Handler = Callable[[int, str, int], Awaitable[str]]


class Board:
    """Answers moderators about the entrance and changes it."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        blocks: Blocks,
        answers: Answers,
        doorkeeper: Doorkeeper,
    ) -> None:
        self._database = database
        self._roster = roster
        self._blocks = blocks
        self._answers = answers
        self._doorkeeper = doorkeeper
        self._handlers: dict[str, Handler] = {
            "暗号": self._words,
            "等级": self._level,
            "号龄": self._days,
            "答错": self._otherwise,
            "时限": self._wait,
            "超时": self._silence,
            "拉黑": self._block,
            "解除": self._unblock,
            "黑名单": self._blocked,
            "待办": self._waiting,
        }

    async def answer(self, group_id: int, typed: str, actor: int) -> str:
        """入群 …: show or change."""
        word, _, rest = typed.strip().partition(" ")
        if not word:
            return overview(self._roster.group_name(group_id), await self._choice(group_id))
        if word in MODES:
            return await self._mode(group_id, MODES[word], actor)
        handler = self._handlers.get(word)
        if handler is None:
            return f"没看懂「{word[:10]}」。可以发：\n{HOW}"
        return await handler(group_id, rest.strip(), actor)

    async def welcome(self, group_id: int, typed: str, actor: int) -> str:
        """欢迎: what a newcomer is told first."""
        return await self._set_text(group_id, "welcome", typed, actor)

    async def set_rules(self, group_id: int, typed: str, actor: int) -> str:
        """群规, by a moderator in private."""
        return await self._set_text(group_id, "house_rules", typed, actor)

    async def rules_of(self, group_id: int) -> str:
        """群规, as everybody may read them; empty where there are none."""
        return (await self._choice(group_id)).house_rules

    async def _choice(self, group_id: int) -> Choice:
        async with self._database.read() as connection:
            return await choice_of(connection, group_id)

    async def _change(self, group_id: int, actor: int, **values: Any) -> tuple[Choice, Choice]:
        async with self._database.write() as connection:
            before, after = await choose(connection, group_id, actor, **values)
            told = tuple((name, str(value)[:100]) for name, value in values.items())
            await record(connection, Entry(group_id, actor, "entrance", 0, 0, told))
        return before, after

    async def _mode(self, group_id: int, mode: Mode, actor: int) -> str:
        if mode is Mode.WORDS and not (await self._choice(group_id)).can_decide:
            return f"先定凭什么放行：{WORDS_HOW}"
        await self._change(group_id, actor, mode=mode)
        if mode is Mode.OFF:
            await self._leave_to_qq(group_id)
        account = self._roster.account
        role = self._roster.role_of(group_id, account) if account is not None else None
        able = "" if mode is Mode.OFF or role in ("owner", "admin") else NOT_ADMIN
        return {
            Mode.OFF: "好，入群申请我不碰了，你们在 QQ 里处理。",
            Mode.PEOPLE: "好，有人申请入群就私下告诉值班的管理，回「放行 编号」或「婉拒 编号」。",
            Mode.WORDS: "好，对得上的我放行，其余的交给你们。炸群的时候一个也不自动放行。",
        }[mode] + able

    async def _leave_to_qq(self, group_id: int) -> None:
        """Nobody is reminded any more of who waits; 放行 still works for those who were told."""
        async with self._database.write() as connection:
            waiting = await open_in(connection, group_id, (State.NEW, State.WAITING))
            theirs = [one.id for one in waiting if one.kind is Kind.JOIN]
            gone = {"state": State.LEFT.value, "settled_ms": now_ms()}
            await change(connection, theirs, **gone)

    async def _words(self, group_id: int, typed: str, actor: int) -> str:
        words = tuple(dict.fromkeys(one_line(word)[:_WORD_CHARS] for word in typed.split()))
        if typed in ("清空", "不要"):
            words = ()
        elif not words or len(words) > MOST_WORDS:
            return f"写上答案，空格隔开，最多 {MOST_WORDS} 个：入群 暗号 守灯人 四月的灯"
        short = next((word for word in words if len(bare(word)) < 2), None)
        if short is not None:
            return f"「{short}」太短了，谁都可能碰上；至少两个字。"
        _, after = await self._change(group_id, actor, words=words)
        if after.mode is Mode.WORDS and not after.can_decide:
            await self._change(group_id, actor, mode=Mode.PEOPLE)
            return "暗号清空了，现在没有凭据可以自动放行，改成都交给管理看。"
        if not words:
            return "暗号清空了。"
        tail = "" if after.mode is Mode.WORDS else "要照它自动放行，再回「入群 自动」。"
        return f"记下了 {len(words)} 个暗号；大小写、繁简、标点、空格不计较。{tail}"

    async def _level(self, group_id: int, typed: str, actor: int) -> str:
        if not typed.isdecimal() or int(typed) > 200:
            return "至少几级？例如：入群 等级 16；不要求发「入群 等级 0」"
        return await self._least(group_id, actor, f"QQ 等级至少 {typed} 级", min_level=int(typed))

    async def _days(self, group_id: int, typed: str, actor: int) -> str:
        seconds = 0 if typed == "0" else parse_duration(typed, "d")
        if seconds is None or seconds > 20 * 365 * _DAY_S:
            return "账号至少多久？例如：入群 号龄 90天；不要求发「入群 号龄 0」"
        days = -(-seconds // _DAY_S)
        return await self._least(group_id, actor, f"账号至少注册 {days} 天", min_days=days)

    async def _least(self, group_id: int, actor: int, said: str, **value: int) -> str:
        _, after = await self._change(group_id, actor, **value)
        if after.mode is Mode.WORDS and not after.can_decide:
            await self._change(group_id, actor, mode=Mode.PEOPLE)
            return "好，不要求了。现在没有凭据可以自动放行，改成都交给管理看。"
        if not any(value.values()):
            return "好，不要求了。"
        tail = "" if after.mode is Mode.WORDS else "要照它自动放行，再回「入群 自动」。"
        return f"好，{said}；QQ 不告诉我的，就请管理看。{tail}"

    async def _otherwise(self, group_id: int, typed: str, actor: int) -> str:
        if typed not in OTHERWISE:
            return "答错或不够的怎么办？入群 答错 人工（请管理看），或 入群 答错 婉拒"
        await self._change(group_id, actor, otherwise=OTHERWISE[typed])
        refuses = OTHERWISE[typed] is Otherwise.REFUSE
        return "好，答错或不够的我直接婉拒。" if refuses else "好，答错或不够的请管理看。"

    async def _wait(self, group_id: int, typed: str, actor: int) -> str:
        seconds = parse_duration(typed, "h")
        if seconds is None or not _SHORTEST_WAIT_S <= seconds <= _LONGEST_WAIT_S:
            return "多久没人回就提醒？十分钟到七天，例如：入群 时限 6小时"
        await self._change(group_id, actor, wait_ms=seconds * 1000)
        return f"好，{in_words(seconds)}没人回就提醒一次，再过同样久就算过时。"

    async def _silence(self, group_id: int, typed: str, actor: int) -> str:
        if typed not in SILENCE:
            return "过时了怎么办？入群 超时 不管（留给 QQ），或 入群 超时 放行"
        await self._change(group_id, actor, on_silence=SILENCE[typed])
        admits = SILENCE[typed] is Silence.ADMIT
        told = "好，过时没人回的我放行，并告诉你们；炸群的时候不放。"
        return told if admits else "好，过时没人回的留给 QQ，我不放行。"

    async def _block(self, group_id: int, typed: str, actor: int) -> str:
        user_id, reason = _number_and_rest(typed)
        if user_id is None:
            return "拉黑谁？例如：入群 拉黑 12345678 骗过人"
        if user_id in self._roster.moderators(group_id) or user_id == self._roster.account:
            return "这是你们的管理或我自己，不能拉黑。"
        async with self._database.write() as connection:
            await self._blocks.add(connection, group_id, user_id, reason[:100], actor)
            await record(connection, Entry(group_id, actor, "join_block", user_id))
            waiting = await open_in(connection, group_id, (State.NEW, State.WAITING))
            theirs = [one.id for one in waiting if (one.user_id, one.kind) == (user_id, Kind.JOIN)]
            values = {"state": State.REFUSING.value, "why": "在黑名单里", "decided_by": actor}
            await change(connection, theirs, **values)
        self._doorkeeper.wake()
        inside = self._roster.role_of(group_id, user_id) is not None
        tail = f"TA 现在还在群里，要移出发「踢 {user_id} {group_id}」。" if inside else ""
        refused = "，等着的申请也婉拒了" if theirs else ""
        off = (await self._choice(group_id)).mode is Mode.OFF
        then = LEFT_TO_QQ if off else "以后申请入群我直接婉拒。"
        return f"{user_id} 进黑名单了{refused}；{then}{tail}"

    async def _unblock(self, group_id: int, typed: str, actor: int) -> str:
        user_id, _ = _number_and_rest(typed)
        if user_id is None:
            return "解除谁？例如：入群 解除 12345678"
        async with self._database.write() as connection:
            gone = await self._blocks.remove(connection, group_id, user_id)
            if gone:
                await record(connection, Entry(group_id, actor, "join_unblock", user_id))
        return f"{user_id} 不在黑名单里了。" if gone else f"黑名单里没有 {user_id}。"

    async def _blocked(self, group_id: int, _typed: str, _actor: int) -> str:
        async with self._database.read() as connection:
            found = await self._blocks.listed(connection, group_id, MOST_BLOCKED_SHOWN)
        if not found:
            return "黑名单是空的。加人：入群 拉黑 QQ号 理由"
        lines = [
            f"· {user_id or '（已删除的人，还拦着）'}{f'：{reason}' if reason else ''}"
            for user_id, reason in found
        ]
        return "\n".join(("黑名单（新的在前）：", *lines, "移出：入群 解除 QQ号"))

    async def _waiting(self, group_id: int, _typed: str, _actor: int) -> str:
        return await self._answers.waiting(group_id)

    async def _set_text(self, group_id: int, name: str, typed: str, actor: int) -> str:
        text = "\n".join(filter(None, (one_line(line) for line in typed.splitlines())))
        if text in ("清空", "不要"):
            text = ""
        elif len(text) > LONGEST_TEXT:
            return f"太长了（{len(text)} 字），最多 {LONGEST_TEXT} 字：新人是在群里一口气读完的。"
        before, _ = await self._change(group_id, actor, **{name: text})
        return cleared_or_kept(name, text, getattr(before, name))


def _number_and_rest(typed: str) -> tuple[int | None, str]:
    match = re.match(r"[@＠]?(\d{5,12})(?!\d)\s*", typed)
    return (int(match[1]), one_line(typed[match.end() :])) if match else (None, typed)
