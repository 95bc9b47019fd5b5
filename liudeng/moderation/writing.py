"""规则 新增, 看, 删 and 拦图: a group's own rules, written in the chat."""

import asyncio
import re

from liudeng.archive import StoredMessage, find_quoted, message_by_seq
from liudeng.db import Database
from liudeng.media import images_of, looks_of
from liudeng.moderation.audit import Entry, record
from liudeng.moderation.groups import Arming, arm, forget_own, keep_own
from liudeng.moderation.rulebook import Rulebook
from liudeng.moderation.rules import RuleProblem, RuleSet, parse_set
from liudeng.moderation.rules.telling import as_toml, tell_set, told_in_chinese
from liudeng.moderation.rules.typed import TypedProblem, TypedRule, read_typed
from liudeng.moderation.state import Choices

MOST_OWN = 50
MOST_IMAGES = 100
_AUDITED = 500
_NO_PICTURE = "那条消息里没有存下来的图，可能还没存好，过一会儿再试。"
HOW_TO_SHOW = "要记哪张图？在群里回复那张图发「拦图 名字」，或私聊：规则 图片 名字 #128"


class Writing:
    """Takes down rules, tells them, forgets them. What is written begins with a dry run."""

    def __init__(self, database: Database, choices: Choices, rulebook: Rulebook) -> None:
        self._database = database
        self._choices = choices
        self._rulebook = rulebook
        self._turn = asyncio.Lock()
        """Two who add to one rule at once would both add to what it was before."""

    async def add(self, group_id: int, typed: str, actor: int) -> str:
        """规则 新增: a rule in one message."""
        try:
            rule = read_typed(typed)
        except TypedProblem as problem:
            return f"没有存：{problem}"
        async with self._turn:
            return await self._keep(group_id, rule, actor)

    async def show(self, group_id: int, name: str) -> str:
        """规则 看: what a set says, and how far it may go here."""
        one = self._rulebook.sets.get(name) or self._own(group_id, name)
        if one is None:
            return self._unknown(group_id, name)
        state = self._rulebook.state_in_words(group_id, name)
        return "\n".join((*tell_set(one), f"现在：{state}。"))

    async def remove(self, group_id: int, name: str, actor: int) -> str:
        """规则 删: forget a rule of one's own."""
        async with self._turn, self._database.write() as connection:
            gone = await forget_own(connection, group_id, name)
            if gone:
                await arm(connection, group_id, name, None, actor)
                told = (("set", name), ("state", "deleted"))
                await record(connection, Entry(group_id, actor, "rule", 0, 0, told))
            await self._choices.read(connection)
        if name in self._rulebook.sets:
            return f"「{name}」是现成的一套，删不掉；不想用它发「规则 停用 {name}」。"
        return f"「{name}」删掉了。" if gone else self._unknown(group_id, name)

    async def add_quoted_picture(self, group_id: int, name: str, quoted: str, actor: int) -> str:
        """拦图 as a reply: keep what the picture looks like."""
        message = await find_quoted(self._database, group_id, quoted)
        return await self._add_picture(group_id, name, message, actor)

    async def add_picture(self, group_id: int, typed: str, actor: int) -> str:
        """规则 图片 名字 #128: the same by the number of the message."""
        match = re.fullmatch(r"(\S+)\s+[#＃]?(\d{1,12})", typed.strip())
        if match is None:
            return HOW_TO_SHOW
        async with self._database.read() as connection:
            message = await message_by_seq(connection, int(match[2]), [group_id])
        return await self._add_picture(group_id, match[1], message, actor)

    async def _add_picture(
        self, group_id: int, name: str, message: StoredMessage | None, actor: int
    ) -> str:
        if message is None:
            return "存档里没有这条消息。" + HOW_TO_SHOW
        looks = await self._looks_of(message)
        if not looks:
            return _NO_PICTURE
        async with self._turn:
            return await self._add_looks(group_id, name or "拦图", looks, actor)

    async def _add_looks(self, group_id: int, name: str, looks: list[str], actor: int) -> str:
        rule = TypedRule(name, do=["recall", "desk"])
        before = self._own(group_id, rule.name)
        known = (before.rules[0].when.images or ()) if before else ()
        if before is not None and not known:
            return f"「{rule.name}」是另一条规则的名字，换一个吧。"
        rule.when["images"] = list(dict.fromkeys((*known, *looks)))[-MOST_IMAGES:]
        if before is not None:
            first = before.rules[0]
            rule.do = [one.value for one in first.then]
        return await self._keep(group_id, rule, actor)

    async def _looks_of(self, message: StoredMessage) -> list[str]:
        async with self._database.read() as connection:
            found = await images_of(connection, [message.id])
            kept = [one.sha256 for one in found.get(message.id, []) if one.sha256]
            return list((await looks_of(connection, kept)).values())

    async def _keep(self, group_id: int, rule: TypedRule, actor: int) -> str:
        if rule.name in self._rulebook.sets:
            return f"「{rule.name}」是现成的一套的名字，换一个吧。"
        before = self._own(group_id, rule.name)
        if before is None and len(self._choices.of(group_id).own) >= MOST_OWN:
            return f"自己的规则已经有 {MOST_OWN} 条了，先删掉用不着的：规则 删 名字"
        body = as_toml(rule, before.version + 1 if before else 1)
        try:
            one = parse_set(body, rule.name)
        except RuleProblem as problem:
            return f"没有存：{told_in_chinese(problem.problem)}。"
        async with self._database.write() as connection:
            await keep_own(connection, group_id, one.name, body, actor)
            await arm(connection, group_id, one.name, Arming.DRY, actor)
            told = (("set", one.name), ("version", str(one.version)), ("body", body[:_AUDITED]))
            await record(connection, Entry(group_id, actor, "rule", 0, 0, told))
            await self._choices.read(connection)
        told_back = "\n".join(tell_set(one)[1:])
        return (
            f"存好了，先试运行。我读作：\n{told_back}\n"
            f"准了再回「规则 生效 {one.name}」；不要了回「规则 删 {one.name}」。"
        )

    def _own(self, group_id: int, name: str) -> RuleSet | None:
        return next((one for one in self._choices.of(group_id).own if one.name == name), None)

    def _unknown(self, group_id: int, name: str) -> str:
        own = [one.name for one in self._choices.of(group_id).own]
        known = "、".join((*self._rulebook.sets, *own))
        return f"没有叫「{name}」的规则。现在有：{known}。"
