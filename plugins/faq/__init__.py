"""问 · 问答 · 有用 · 没用 · 不用答，和管理怎么照看问答。"""

from collections.abc import Awaitable, Callable

from nonebot import require
from nonebot.plugin import PluginMetadata

require("recorder")
require("commands")

from liudeng.faq import texts
from liudeng.faq.asking import Told
from liudeng.faq.cards import reads_better_drawn
from liudeng.faq.editing import Moderator
from liudeng.faq.typed import answered_number, number_and_rest
from liudeng.library import Viewer
from liudeng.resources.typed import quoted_number
from plugins.commands import Asked, Asker, QuotedWords, on_chat_command
from plugins.recorder import house

from . import commands

__plugin_meta__ = PluginMetadata(
    name="问答",
    description="用大白话问，答案有人核实过；没有答案的记下来请管理补",
    usage="问 怎么导出｜问答｜问答 12｜有用｜没用｜不用答｜新增问答 问题｜答案",
    type="application",
    supported_adapters={"~onebot.v11"},
)

ask = on_chat_command(commands.ASK)
entries = on_chat_command(commands.ENTRIES)
useful = on_chat_command(commands.USEFUL)
useless = on_chat_command(commands.USELESS)
hush = on_chat_command(commands.HUSH)
house.commands.answer_mentions_with(commands.ASK)


@ask.handle()
async def _ask(asker: Asked) -> None:
    answer = await house.faq.desk.ask(_viewer(asker), asker.rest, mentioned=asker.mentioned)
    if answer is not None:
        await _tell(asker, answer)


@entries.handle()
async def _entries(asker: Asked) -> None:
    number, _ = number_and_rest(asker.rest)
    if number is not None:
        await _tell(asker, await house.faq.desk.entry(_viewer(asker), number))
        return
    listing = await house.faq.desk.listing(_viewer(asker))
    if not listing.entries:
        await asker.answer(listing.text)
        return
    await asker.show(
        lambda: house.faq_pictures.draw(listing.entries),
        "用大白话问就行，例如「问 怎么导出」。",
        listing.text,
    )


@useful.handle()
async def _useful(asker: Asked, quoted: QuotedWords) -> None:
    await _rate(asker, quoted, useful=True)


@useless.handle()
async def _useless(asker: Asked, quoted: QuotedWords) -> None:
    await _rate(asker, quoted, useful=False)


@hush.handle()
async def _hush(asker: Asked) -> None:
    number, _ = number_and_rest(asker.rest)
    await asker.answer(await house.faq.desk.hush(_viewer(asker), number))


async def _tell(asker: Asker, told: Told) -> None:
    """Answer in words, or with a card where that reads better."""
    card = told.card
    if card is None or not reads_better_drawn(card, house.settings.faq_cards):
        await asker.answer(told.text)
    else:
        await asker.show(lambda: house.faq_pictures.draw_answer(card), told.below, told.text)


async def _rate(asker: Asker, quoted: str, *, useful: bool) -> None:
    """有用 and 没用 are said of whatever is quoted: an answer, or a link."""
    number, _ = number_and_rest(asker.rest)
    if number is None and quoted_number(quoted) is not None:
        desk = house.resources.desk
        found = await desk.rate(_viewer(asker), "", quoted, useful=useful)
        await asker.answer(found.text)
        return
    chosen = number or answered_number(quoted)
    await asker.answer(await house.faq.desk.rate(_viewer(asker), chosen, useful=useful))


def _viewer(asker: Asker) -> Viewer:
    return Viewer(str(asker.user_id), frozenset(asker.groups), asker.group_id)


def _moderator(asker: Asker) -> Moderator | None:
    """Return who changes something, and for which group; None when that is not clear."""
    if asker.group_id is not None and asker.group_id != house.settings.staff_group:
        return Moderator(str(asker.user_id), asker.name, asker.group_id)
    moderated = [one for one in house.roster.moderated_by(asker.user_id) if _is_kept(one)]
    return Moderator(str(asker.user_id), asker.name, moderated[0]) if len(moderated) == 1 else None


def _is_kept(group_id: int) -> bool:
    return house.settings.archives(group_id)


_Edit = Callable[[Moderator, str], Awaitable[str]]


async def _edited(asker: Asker, edit: _Edit) -> None:
    moderator = _moderator(asker)
    if moderator is None:
        await asker.answer(texts.WHICH_GROUP)
        return
    answer = await edit(moderator, asker.rest)
    house.library.index.wake()
    await asker.answer(answer)


async def _gaps(moderator: Moderator, _text: str) -> str:
    return await house.faq.editing.gaps(moderator)


_EDITS: tuple[tuple[commands.Command, _Edit], ...] = (
    (commands.ADD, house.faq.editing.add),
    (commands.EDIT, house.faq.editing.edit),
    (commands.PUBLISH, house.faq.editing.publish),
    (commands.MERGE, house.faq.editing.merge),
    (commands.SWITCH_OFF, house.faq.editing.switch_off),
    (commands.VERIFY, house.faq.editing.verify),
    (commands.UNDO, house.faq.editing.undo),
    (commands.HISTORY, house.faq.editing.history),
    (commands.GAPS, _gaps),
    (commands.FILL, house.faq.editing.fill_gap),
    (commands.DROP, house.faq.editing.drop_gap),
    (commands.SWITCH, house.faq.editing.switch_unasked),
)


def _register(command: commands.Command, edit: _Edit) -> None:
    async def handle(asker: Asked) -> None:
        await _edited(asker, edit)

    on_chat_command(command).handle()(handle)


for _command, _edit in _EDITS:
    _register(_command, _edit)
