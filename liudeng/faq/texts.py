"""What the chat says about questions and answers."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from liudeng.faq.entry import Body, Change, Entry, State
from liudeng.faq.gaps import Gap
from liudeng.faq.store import Version

HOW_TO_ASK = "想问什么？发「问 你的问题」，用大白话就行。"
NOTHING_LISTED = "这里还没有问答。"
NOT_NOW = "你最近没有问过我。先发「问 你的问题」。"
THANKS = "谢谢，记下了。"
NOT_USEFUL = "记下了，管理会看看怎么改。急的话直接在群里问问大家。"
HOW_TO_ADD = "这样写：新增问答 问题｜答案｜#标签\n另起几行写别的问法也行，一行一个。"
HOW_TO_EDIT = (
    "这样写：改问答 编号 新的答案\n"
    "也能改：改问答 编号 问题：新问题（问法：标签：来源：到期：同样写）"
)
HOW_TO_MERGE = "这样写：合并 编号 到 编号，前一条的问法会并进后一条。"
HOW_TO_ANSWER = "这样写：补答 待答编号 答案"
WHICH_GROUP = "你管理的群不止一个，请到那个群里发这条。"
EXPIRES = "到期"
UNASKED_ON = "好，群里有人问到问答里有的，我会接一句。"
UNASKED_OFF = "好，没人问我，我就不接话。"
HOW_TO_SWITCH = "发「自动回答 开」或「自动回答 关」。"
NO_GAPS = "没有等着回答的问题。"
_TO_TOUCH = re.compile(r"https?://[\w./?=&%#~-]+|(?<!\d)1(?:10|20|23\d\d)(?!\d)|(?<!\d)96110(?!\d)")
"""Addresses, and numbers to dial in an emergency."""
_SHOWN_TAGS = 12
_SHOWN_OF_TAG = 4
_CHANGES = {
    Change.ADDED: "新增",
    Change.PUBLISHED: "发布",
    Change.EDITED: "修改",
    Change.MERGED: "合并",
    Change.SWITCHED_OFF: "停用",
    Change.VERIFIED: "核实",
    Change.UNDONE: "撤销",
    Change.FORKED: "复制自共用",
}
_STATES = {
    State.DRAFT: "还没发布",
    State.LIVE: "",
    State.OFF: "已停用",
    State.MERGED: "已并入别条",
}


def answer_text(entry: Entry, today: date, similar: Sequence[Entry] = ()) -> str:
    """Return an answer, how fresh it is, and what else may be meant."""
    lines = [f"{entry.body.question}", entry.body.answer, footnote(entry, today)]
    if similar:
        lines.append("也可能想问：" + "　".join(f"{one.id} {one.body.question}" for one in similar))
    return "\n".join(filter(None, lines))


def unasked_text(entry: Entry, today: date) -> str:
    """Return an answer that nobody asked the bot for."""
    return f"{entry.body.answer}\n{footnote(entry, today)}　不想我接话就发「不用答」。"


def footnote(entry: Entry, today: date) -> str:
    """Return the small print of an answer."""
    known = f"{entry.body.verified_on:%Y-%m-%d} 核实" if entry.body.verified_on else ""
    stale = "很久没人核实了，可能变了，以官方页面为准" if entry.is_stale(today) else ""
    return "（" + "，".join(filter(None, (f"问答 {entry.id}", known, stale))) + "）"


def below_card(entry: Entry) -> str:
    """Return what is said below an answer that is a picture: addresses cannot be touched there."""
    to_touch = dict.fromkeys(_TO_TOUCH.findall(entry.body.answer))
    how = f"（问答 {entry.id}：回复这条发「有用」或「没用」）"
    return "\n".join(filter(None, ("　".join(to_touch), how)))


def facts_text(entry: Entry, today: date, counts: tuple[int, int] = (0, 0)) -> str:
    """Return who answers for an entry, since when, and what people found."""
    body, (useful, useless) = entry.body, counts
    stale = "很久没人核实了，可能变了，以官方页面为准" if entry.is_stale(today) else ""
    facts = (
        f"{body.verified_on:%Y-%m-%d} 核实" if body.verified_on else "还没有人对过来源",
        f"{entry.owner}写的" if entry.owner else "",
        f"到 {body.expires_on:%Y-%m-%d} 为止" if body.expires_on else "",
        f"来源 {_shortened(body.source)}" if body.source else "",
        f"{useful} 人说有用" if useful else "",
        f"{useless} 人说没用" if useless else "",
        stale,
    )
    return " · ".join(filter(None, facts))


def _shortened(source: str) -> str:
    """Return an address as its host: nobody types the rest off a picture."""
    return urlsplit(source).hostname or source


def suggestions_text(entries: Sequence[Entry]) -> str:
    """Return what may have been meant."""
    listed = "\n".join(f"{entry.id}　{entry.body.question}" for entry in entries)
    return f"你是不是想问：\n{listed}\n发「问答 编号」看答案；都不是的话，我先记下，请管理补上。"


def no_answer_text(gap: Gap) -> str:
    """Return that nobody knows yet."""
    others = f"（已经有 {gap.times} 次问到）" if gap.times > 1 else ""
    return f"这个还没有答案，我记下了{others}，管理会补上。急的话也可以直接在群里问问大家。"


def entry_text(entry: Entry, today: date, counts: tuple[int, int]) -> str:
    """Return an entry in full."""
    useful, useless = counts
    state = _STATES[entry.body.state]
    lines = [
        f"【{entry.id}】{entry.body.question}" + (f"（{state}）" if state else ""),
        entry.body.answer,
        "也有人这样问：" + "／".join(entry.body.variants[:3]) if entry.body.variants else "",
        "标签：" + " ".join(f"#{tag}" for tag in entry.body.tags) if entry.body.tags else "",
        f"来源：{entry.body.source}" if entry.body.source else "",
        footnote(entry, today),
        f"有用 {useful}　没用 {useless}" if useful or useless else "",
    ]
    return "\n".join(filter(None, lines))


def listing_text(entries: Sequence[Entry]) -> str:
    """Return what can be asked, by tag."""
    lines = [f"问答 {len(entries)} 条，用大白话问就行，例如「问 怎么导出」。"]
    for tag, listed in by_tag(entries)[:_SHOWN_TAGS]:
        names = "；".join(f"{one.id} {one.body.question}" for one in listed[:_SHOWN_OF_TAG])
        lines.append(f"— {tag} —　{names}")
    return "\n".join(lines)


def by_tag(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the entries under their first tag, the largest group first."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.body.tags[0] if entry.body.tags else "其他", []).append(entry)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def preview_text(entry_id: int, body: Body) -> str:
    """Return what is about to be published."""
    ways = f"（另有 {len(body.asked) - 1} 种问法）" if len(body.asked) > 1 else ""
    return (
        f"先看看，还没有发布：\n问：{body.question}{ways}\n答：{body.answer}\n"
        f"没问题就发「发布 {entry_id}」；要改就再发一次「改问答 {entry_id} …」。"
    )


def published_text(entry: Entry) -> str:
    """Return that an entry answers from now on."""
    return f"发布了，{entry.id} 号从现在起就这样回答。反悔就发「改回 {entry.id}」。"


def history_text(entry: Entry, versions: Sequence[Version], zone: ZoneInfo) -> str:
    """Return who changed what when."""
    lines = [f"{entry.id} 号的历史（{entry.body.question}）："]
    for version in versions:
        when = f"{datetime.fromtimestamp(version.at_ms / 1000, zone):%Y-%m-%d %H:%M}"
        change = _CHANGES[version.change]
        lines.append(f"第 {version.number} 版　{when}　{change}　{version.editor}")
    lines.append(f"回到上一版：改回 {entry.id}")
    return "\n".join(lines)


def gaps_text(gaps: Sequence[Gap]) -> str:
    """Return what waits for an answer."""
    if not gaps:
        return NO_GAPS
    listed = "\n".join(f"待答 {gap.id}　{gap.question}（{gap.times} 次）" for gap in gaps)
    return f"等着回答的：\n{listed}\n回答：补答 编号 答案　不用回答：不答 编号"


def unknown_text(number: int | None) -> str:
    """Return that there is no such entry here."""
    return "要写上编号，例如「问答 12」。" if number is None else f"这里没有 {number} 号问答。"
