"""Links as moderators look after them: 候选, 收录, 驳回, 归类, 核实链接, 下架, 改资源."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.resources import texts
from liudeng.resources.canonical import Link, canonical
from liudeng.resources.copies import copies_among
from liudeng.resources.editing import CannotEdit, edits
from liudeng.resources.entry import UNSORTED, Draft, Resource, State, Why, category_meant
from liudeng.resources.finding import is_worth_keeping
from liudeng.resources.ledger import (
    LONGEST_CATEGORY,
    change,
    enter,
    forget_votes,
    resource,
    resource_at,
)
from liudeng.resources.lookalike import judge
from liudeng.resources.probing.records import look_anew
from liudeng.resources.queue import queue
from liudeng.resources.typed import split_aim, split_group, split_page

_PAGE = 5


@dataclass(frozen=True)
class Moderator:
    """Who asks, and which groups they look after."""

    user_id: str
    groups: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Meant:
    """A resource a moderator named, and the group it is to be changed for."""

    entry: Resource
    group_id: int
    rest: str


class _Refused(Exception):
    """The command cannot be carried out; the text says why and what to do."""


class LinkStaff:
    """Answers moderators; who may do what is decided here."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        on_changed: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`on_changed` is called after each commit that changed what is listed."""
        self._database = database
        self._zone = zone
        self._on_changed = on_changed
        self._clock = clock or (lambda: datetime.now(zone))

    async def waiting(self, asker: Moderator, text: str) -> str:
        """候选 [page]: what was posted, and what needs another look."""
        if not asker.groups:
            return texts.NO_MODERATOR
        _, page = split_page(f"候选 {text}")
        today = self._today()
        async with self._database.read() as connection:
            found = await queue(connection, asker.groups, today, _PAGE, (page - 1) * _PAGE)
            posted = [candidate.entry for candidate in found.candidates]
            originals = await copies_among(connection, asker.groups, posted)
        lines: list[str] = []
        if found.troubled and page == 1:
            lines += ["要再看一眼的（好的发「核实链接 编号」，不要的发「下架 编号」）："]
            lines += [texts.trouble_line(entry, today) for entry in found.troubled]
        if found.candidates:
            lines.append(f"群里发过、还没收录的，共 {found.waiting} 条：")
            for candidate in found.candidates:
                original = originals.get(candidate.entry.id)
                lines += texts.candidate_lines(candidate, original, self._zone, today)
            lines.append("要的发「收录 编号 类别 标题」，不要的发「驳回 编号」。")
        if found.waiting > page * _PAGE:
            lines.append(f"下一页：候选 {page + 1}")
        return "\n".join(lines) or texts.NOTHING_WAITS

    async def take_in(self, asker: Moderator, text: str) -> str:
        """收录 <number or link> [category] [title]: list it, vouched for as of today."""
        first = text.strip().partition(" ")[0]
        link = canonical(first) if "." in first else None
        if link is None and "://" in first:
            return texts.NO_LINK
        if link is not None:
            return await self._carried_out(self._take_in_link(asker, link, text))
        return await self._carried_out(self._take_in_known(asker, text))

    async def reject(self, asker: Moderator, text: str) -> str:
        """驳回 <number>: a candidate that is not wanted, however often it is posted again."""
        return await self._carried_out(self._reject(asker, text))

    async def sort(self, asker: Moderator, text: str) -> str:
        """归类 <number> <category>: put a link into a category."""
        return await self._carried_out(self._sort(asker, text))

    async def verify(self, asker: Moderator, text: str) -> str:
        """核实链接 <number>: somebody looked, and it is as it should be."""
        return await self._carried_out(self._verify(asker, text))

    async def take_down(self, asker: Moderator, text: str) -> str:
        """下架 <number>: show a link no longer."""
        return await self._carried_out(self._take_down(asker, text))

    async def edit(self, asker: Moderator, text: str) -> str:
        """改资源 <number> 标题=… 截止=…: change what is said of a link."""
        return await self._carried_out(self._edit(asker, text))

    async def _carried_out(self, work: Awaitable[str]) -> str:
        try:
            answer = await work
        except (_Refused, CannotEdit) as refused:
            return str(refused)
        self._on_changed()
        return answer

    async def _take_in_known(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "收录")
            category, title = _split_label(meant.rest)
            values = self._vouched(asker)
            if category or meant.entry.category == UNSORTED:
                values["category"] = category or UNSORTED
            if title or not meant.entry.title:
                values["title"] = title or texts.address_of(meant.entry)[:40]
            number = await self._changed(connection, meant, **values)
        return self._listed_text(number, values, meant.entry.host)

    async def _take_in_link(self, asker: Moderator, link: Link, text: str) -> str:
        rest, group = split_group(text.strip().partition(" ")[2])
        category, title = _split_label(rest)
        if not is_worth_keeping(link):
            raise _Refused(texts.NO_LINK)
        values = {**self._vouched(asker), "category": category or UNSORTED}
        values["title"] = title or link.shown[:40]
        async with self._database.write() as connection:
            group_id = _group_meant(asker, group, "收录 网址")
            known = await resource_at(connection, link.key, (group_id,))
            if known is None:
                draft = Draft(url=link.url, **{**values, "tags": ()})
                number = await enter(
                    connection, group_id, link, draft, State.LISTED, self._now_ms()
                )
            else:
                number = await self._changed(connection, _Meant(known, group_id, ""), **values)
        return self._listed_text(number, values, link.host)

    async def _reject(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "驳回")
            if meant.entry.state is not State.CANDIDATE:
                raise _Refused(
                    f"{meant.entry.id} 号不在候选里；要收起来，发「下架 {meant.entry.id}」。"
                )
            await self._changed(connection, meant, state=State.REJECTED)
        number = meant.entry.id
        return f"驳回了 {number} 号，再有人发也不会进候选。改主意就发「收录 {number}」。"

    async def _sort(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "归类")
            category = _category(meant.rest)
            if not category:
                raise _Refused(f"归到哪一类？例如：归类 {meant.entry.id} 导出")
            number = await self._changed(connection, meant, category=category)
        return f"{number} 号归到「{category}」了。"

    async def _verify(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "核实链接")
            if meant.entry.state in (State.CANDIDATE, State.REJECTED):
                raise _Refused(f"{meant.entry.id} 号还没收录：发「收录 {meant.entry.id}」。")
            number = await self._changed(connection, meant, **self._vouched(asker))
            await forget_votes(connection, number)
        over = meant.entry.is_over(self._today())
        late = f"\n它过了日期，要延长就发：改资源 {number} 到期=12-31" if over else ""
        return f"记下了：《{meant.entry.name}》今天核实过。{late}"

    async def _take_down(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "下架")
            number = await self._changed(connection, meant, state=State.HIDDEN, why=Why.BY_HAND)
        return f"收起了 {number} 号《{meant.entry.name}》。要放回去，发「核实链接 {number}」。"

    async def _edit(self, asker: Moderator, text: str) -> str:
        async with self._database.write() as connection:
            meant = await self._meant(connection, asker, text, "改资源")
            values = edits(meant.rest, self._today())
            number = await self._changed(connection, meant, **values)
            entry = await resource(connection, number, asker.groups)
        today = self._today()
        return f"改好了。\n{texts.whole_of(entry, today, self._zone)}" if entry else "改好了。"

    async def _meant(
        self, connection: AsyncConnection, asker: Moderator, text: str, command: str
    ) -> _Meant:
        """Return the resource a moderator named, if it is theirs to change.

        Raises:
            _Refused: none was named, or it is none of theirs, or it is not plain for which group.
        """
        aimed = split_aim(text)
        if aimed.number is None:
            raise _Refused(texts.WHICH_ONE.format(command=command))
        entry = await resource(connection, aimed.number, asker.groups) if asker.groups else None
        if entry is None:
            raise _Refused(texts.NOT_HERE.format(number=aimed.number))
        group_id = entry.group_id
        if entry.is_shared:
            group_id = _group_meant(asker, aimed.group, f"{command} {aimed.number}")
        return _Meant(entry, group_id, aimed.rest)

    async def _changed(self, connection: AsyncConnection, meant: _Meant, **values: Any) -> int:
        number = await change(connection, meant.entry, meant.group_id, self._now_ms(), **values)
        if "verified_on" in values:
            await look_anew(connection, number)
        return number

    def _vouched(self, asker: Moderator) -> dict[str, Any]:
        return {
            "state": State.LISTED,
            "why": Why.NOTHING,
            "verified_on": self._today(),
            "owner_id": asker.user_id,
        }

    def _listed_text(self, number: int, values: dict[str, Any], host: str) -> str:
        """Return what is said of a link that is listed now, with what it still lacks."""
        category = values.get("category", "")
        sorted_in = f"，在「{category}」里" if category else ""
        doubt = f"\n⚠ 注意：{judge(host).reason}。" if judge(host).suspicious else ""
        more = f"\n想写摘要、日期：改资源 {number} 摘要=… 到期=12-31"
        return f"收录了，{number} 号{sorted_in}。发「资源 {number}」看看。{more}{doubt}"

    def _today(self) -> date:
        return self._clock().date()

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _group_meant(asker: Moderator, stated: int | None, example: str) -> int:
    """Return the group a moderator means.

    Raises:
        _Refused: they look after several and named none, or after none.
    """
    if stated is not None and stated in asker.groups:
        return stated
    if len(asker.groups) == 1 and stated is None:
        return next(iter(asker.groups))
    raise _Refused(
        texts.WHICH_GROUP.format(example=example) if asker.groups else texts.NO_MODERATOR
    )


def _split_label(text: str) -> tuple[str, str]:
    """Read `导出 新标题`: a first word that is no usual category begins the title."""
    first, _, rest = text.strip().partition(" ")
    category = category_meant(first) if first else None
    return (category, rest.strip()) if category else ("", text.strip())


def _category(text: str) -> str:
    """Return the category a text names: a usual one by any of its words, or a new one."""
    word = " ".join(text.split())
    return category_meant(word) or word[:LONGEST_CATEGORY]
