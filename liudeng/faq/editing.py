"""What moderators do with entries: write, review, publish, merge, switch off, undo.

A moderator changes what their own group is answered. A shared entry is replaced by the group's own
the first time somebody changes it there: no group decides what others are told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, now_ms
from liudeng.faq import texts, typed
from liudeng.faq.counting import set_speaks_unasked
from liudeng.faq.entry import MOST_PHRASINGS, Body, Change, Entry, State
from liudeng.faq.gaps import close_gap, open_gap, open_gaps
from liudeng.faq.store import (
    Editor,
    Place,
    Version,
    add,
    entry_by_id,
    fork_of,
    history,
    propose,
    save,
)

_LISTED_GAPS = 15


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who moderates, and for which group."""

    user_id: str
    name: str
    group_id: int


class FaqEditing:
    """Moderators' commands; every answer is one text."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        on_changed: Callable[[], None],
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._zone = zone
        self._on_changed = on_changed
        self._clock = clock

    async def add(self, moderator: Moderator, text: str) -> str:
        """新增问答: write an entry, to be looked at before it is published."""
        typed_entry = typed.new_entry(text)
        if typed_entry is None:
            return texts.HOW_TO_ADD
        body = Body(
            question=typed_entry.question,
            answer=typed_entry.answer,
            variants=typed_entry.variants[:MOST_PHRASINGS],
            tags=typed_entry.tags,
            state=State.DRAFT,
        )
        async with self._database.write() as connection:
            entry = await self._new(connection, moderator, body)
        return texts.preview_text(entry.id, entry.body)

    async def edit(self, moderator: Moderator, text: str) -> str:
        """改问答 <number> …: propose another answer, question, way to ask, tags, source, end."""
        number, rest = typed.number_and_rest(text)
        if number is None or not rest:
            return texts.HOW_TO_EDIT
        async with self._database.write() as connection:
            entry = await self._own(connection, moderator, number)
            if entry is None:
                return texts.unknown_text(number)
            base = entry.pending or entry.body
            try:
                changed = _changed(base, *typed.labelled(rest))
            except (ValidationError, ValueError):
                return texts.HOW_TO_EDIT
            if entry.body.state is State.DRAFT:
                await save(connection, entry.id, changed, Change.EDITED, self._editor(moderator))
            else:
                await propose(connection, entry.id, changed)
        self._on_changed()
        return texts.preview_text(entry.id, changed)

    async def publish(self, moderator: Moderator, text: str) -> str:
        """发布 <number>: what was written or proposed counts from now on."""
        number, _ = typed.number_and_rest(text)
        async with self._database.write() as connection:
            entry = await self._known(connection, moderator, number)
            if entry is None or entry.group_id != moderator.group_id:
                return texts.unknown_text(number)
            if entry.pending is None and entry.body.state is State.LIVE:
                return f"{entry.id} 号没有等着发布的改动。"
            today = self._today()
            body = (entry.pending or entry.body).model_copy(
                update={"state": State.LIVE, "verified_on": today}
            )
            entry = await save(
                connection, entry.id, body, Change.PUBLISHED, self._editor(moderator)
            )
        self._on_changed()
        return texts.published_text(entry)

    async def switch_off(self, moderator: Moderator, text: str) -> str:
        """停用 <number>: an entry answers nobody in this group any more."""
        number, _ = typed.number_and_rest(text)
        done = await self._change(
            moderator, number, Change.SWITCHED_OFF, {"state": State.OFF}, drafts=True
        )
        if done is None:
            return texts.unknown_text(number)
        return f"停用了，{done.id} 号不再回答。想恢复就发「改回 {done.id}」。"

    async def verify(self, moderator: Moderator, text: str) -> str:
        """核实 <number> [source]: somebody looked, and the answer is true today."""
        number, source = typed.number_and_rest(text)
        values: dict[str, object] = {"verified_on": self._today()}
        if source:
            values["source"] = source[:300]
        done = await self._change(moderator, number, Change.VERIFIED, values)
        if done is None:
            return texts.unknown_text(number)
        return f"记下了，{done.id} 号 {self._today():%Y-%m-%d} 核实过。"

    async def merge(self, moderator: Moderator, text: str) -> str:
        """合并 <one> 到 <other>: the ways to ask the one lead to the other."""
        numbers = typed.two_numbers(text)
        if numbers is None or numbers[0] == numbers[1]:
            return texts.HOW_TO_MERGE
        async with self._database.write() as connection:
            for number in numbers:
                known = await self._known(connection, moderator, number)
                if known is None or known.body.state is not State.LIVE:
                    return texts.unknown_text(number)
            gone = await self._own(connection, moderator, numbers[0])
            kept = await self._own(connection, moderator, numbers[1])
            if gone is None or kept is None or gone.id == kept.id:
                return texts.HOW_TO_MERGE
            asked = tuple(
                dict.fromkeys((*kept.body.variants, gone.body.question, *gone.body.variants))
            )
            more = tuple(dict.fromkeys((*kept.body.phrasings, *gone.body.phrasings)))
            editor = self._editor(moderator)
            body = kept.body.model_copy(update={"variants": asked, "phrasings": more})
            await save(connection, kept.id, body, Change.MERGED, editor)
            off = gone.body.model_copy(update={"state": State.MERGED})
            await save(connection, gone.id, off, Change.MERGED, editor, merged_into=kept.id)
        self._on_changed()
        return f"合并了：问到 {gone.id} 号的，以后都答 {kept.id} 号。反悔就发「改回 {gone.id}」。"

    async def undo(self, moderator: Moderator, text: str) -> str:
        """改回 <number>: drop what is not published yet, or go back to the version before."""
        number, _ = typed.number_and_rest(text)
        async with self._database.write() as connection:
            entry = await self._known(connection, moderator, number)
            if entry is None or entry.group_id != moderator.group_id:
                return texts.unknown_text(number)
            if entry.pending is not None:
                await propose(connection, entry.id, None)
                return f"{entry.id} 号没发布的改动丢掉了，回答还是原来的。"
            versions = await history(connection, entry.id, entry.version)
            before = _before(versions, entry)
            if before is None:
                return f"{entry.id} 号没有更早的版本；不想要它就发「停用 {entry.id}」。"
            editor = self._editor(moderator)
            await save(connection, entry.id, before, Change.UNDONE, editor, merged_into=None)
            await _take_apart(connection, entry, editor)
        self._on_changed()
        return f"回到了上一版：\n问：{before.question}\n答：{before.answer}"

    async def history(self, moderator: Moderator, text: str) -> str:
        """问答历史 <number>: who changed what when."""
        number, _ = typed.number_and_rest(text)
        async with self._database.read() as connection:
            entry = await self._known(connection, moderator, number)
            if entry is None:
                return texts.unknown_text(number)
            return texts.history_text(entry, await history(connection, entry.id), self._zone)

    async def gaps(self, moderator: Moderator) -> str:
        """待答: what was asked and has no answer."""
        async with self._database.read() as connection:
            found = await open_gaps(connection, moderator.group_id, _LISTED_GAPS)
        return texts.gaps_text(found)

    async def fill_gap(self, moderator: Moderator, text: str) -> str:
        """补答 <gap> <answer>: write the entry that was missing."""
        number, answer = typed.number_and_rest(text)
        if number is None or not answer:
            return texts.HOW_TO_ANSWER
        async with self._database.write() as connection:
            gap = await open_gap(connection, number)
            if gap is None or gap.group_id != moderator.group_id:
                return f"没有 {number} 号待答。发「待答」看看有哪些。"
            body = Body(question=gap.question, answer=answer[:2_000], state=State.DRAFT)
            entry = await self._new(connection, moderator, body)
            await close_gap(connection, gap.id, entry.id)
        return texts.preview_text(entry.id, entry.body)

    async def drop_gap(self, moderator: Moderator, text: str) -> str:
        """不答 <gap>: nobody need answer it."""
        number, _ = typed.number_and_rest(text)
        async with self._database.write() as connection:
            gap = await open_gap(connection, number or 0)
            if gap is None or gap.group_id != moderator.group_id:
                return "没有这一号待答。发「待答」看看有哪些。"
            await close_gap(connection, gap.id, None)
        return f"好，{gap.id} 号不等回答了。"

    async def switch_unasked(self, moderator: Moderator, text: str) -> str:
        """自动回答 开/关: whether the bot answers in this group without being asked."""
        wanted = {"开": True, "关": False}.get(text.strip()[:1])
        if wanted is None:
            return texts.HOW_TO_SWITCH
        async with self._database.write() as connection:
            await set_speaks_unasked(connection, moderator.group_id, wanted)
        return texts.UNASKED_ON if wanted else texts.UNASKED_OFF

    async def _change(
        self,
        moderator: Moderator,
        number: int | None,
        change: Change,
        values: dict[str, object],
        *,
        drafts: bool = False,
    ) -> Entry | None:
        """Change the group's own entry, or its copy of a shared one; None when there is none."""
        async with self._database.write() as connection:
            known = await self._known(connection, moderator, number)
            states = (State.LIVE, State.DRAFT) if drafts else (State.LIVE,)
            if known is None or known.body.state not in states:
                return None
            entry = await self._own(connection, moderator, known.id)
            if entry is None:
                return None
            body = entry.body.model_copy(update=values)
            saved = await save(connection, entry.id, body, change, self._editor(moderator))
        self._on_changed()
        return saved

    async def _known(
        self, connection: AsyncConnection, moderator: Moderator, number: int | None
    ) -> Entry | None:
        """Return the entry that counts for the group under a number, also a shared one's copy."""
        entry = await entry_by_id(connection, number or 0)
        if entry is None or entry.group_id == moderator.group_id:
            return entry
        if not entry.is_shared:
            return None
        return await fork_of(connection, entry.id, moderator.group_id) or entry

    async def _own(
        self, connection: AsyncConnection, moderator: Moderator, number: int
    ) -> Entry | None:
        """Return the group's own entry; a shared one is copied for the group."""
        entry = await self._known(connection, moderator, number)
        if entry is None or not entry.is_shared:
            return entry
        place = Place(moderator.group_id, entry.code, entry.id)
        return await add(connection, place, entry.body, self._editor(moderator))

    async def _new(self, connection: AsyncConnection, moderator: Moderator, body: Body) -> Entry:
        return await add(connection, Place(moderator.group_id), body, self._editor(moderator))

    def _editor(self, moderator: Moderator) -> Editor:
        return Editor(moderator.user_id, moderator.name, self._clock())

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock() / 1000, self._zone).date()


def _changed(body: Body, name: str, text: str) -> Body:
    """Return a body with one field as typed.

    Raises:
        ValueError: the text does not fit the field.
    """
    match name:
        case "variant":
            value = {"variants": tuple(dict.fromkeys((*body.variants, text)))[:MOST_PHRASINGS]}
        case "tags":
            value = {"tags": typed.tags_in(text)}
        case "expires_on":
            value = {"expires_on": date.fromisoformat(text)}
        case _:
            value = {name: text}
    return Body.model_validate({**body.model_dump(), **value})


def _before(versions: Sequence[Version], entry: Entry) -> Body | None:
    """Return what the entry said before its last change; undone twice it is as it was."""
    older = [version.body for version in versions[1:] if version.body != entry.body]
    return older[0] if older else None


async def _take_apart(connection: AsyncConnection, gone: Entry, editor: Editor) -> None:
    """What was merged into another entry and is itself again leaves no question behind there."""
    kept = await entry_by_id(connection, gone.merged_into) if gone.merged_into else None
    if kept is None:
        return
    theirs = frozenset(gone.body.asked)
    body = kept.body.model_copy(
        update={
            "variants": tuple(text for text in kept.body.variants if text not in theirs),
            "phrasings": tuple(text for text in kept.body.phrasings if text not in theirs),
        }
    )
    await save(connection, kept.id, body, Change.UNDONE, editor)
