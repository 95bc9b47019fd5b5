"""The page of a replay: sampled would-be alerts to mark, in one file that needs no network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from liudeng.archive import StoredMessage, neighbours
from liudeng.covering import redacted
from liudeng.db import Database
from liudeng.desk import CaseKind
from liudeng.review.replay import Replayed, WouldBe
from liudeng.watch.reader import Consents

_BEFORE, _AFTER = 3, 2
_LONGEST = 600
_REASONS = 4
_KINDS = {CaseKind.DISTRESS: "本人可能有危险", CaseKind.WORRY: "在担心别人"}


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said; people are told apart, not named."""

    who: str
    text: str
    is_it: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One would-be alert as the page shows it."""

    number: int
    id: str
    when: str
    kind: str
    score: float | None
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]


async def items_of(
    database: Database, replayed: Replayed, zone: ZoneInfo, fully: Consents
) -> list[Item]:
    """Return the sampled alerts with what was said around them by who may be looked at."""
    return [
        await _item(database, number, one, zone, fully)
        for number, one in enumerate(replayed.sample, start=1)
    ]


def write_page(
    path: Path, replayed: Replayed, items: Sequence[Item], name: str, zone: ZoneInfo
) -> None:
    """Write the page; only its owner may read it.

    Raises:
        OSError: the disk refuses.
    """
    page = (
        _environment()
        .get_template("replay.html")
        .render(
            name=name,
            made=datetime.now(zone).strftime("%Y-%m-%d %H:%M"),
            found=replayed,
            months=sorted(replayed.months.items()),
            highest=max(replayed.months.values(), default=1),
            kinds=[(_KINDS.get(kind, kind), count) for kind, count in replayed.kinds.items()],
            items=items,
            data=_data(replayed, items),
        )
    )
    path.touch(mode=0o600)
    path.write_text(page, "utf-8")


async def _item(
    database: Database, number: int, one: WouldBe, zone: ZoneInfo, fully: Consents
) -> Item:
    async with database.read() as connection:
        found = await neighbours(connection, one.message, before=_BEFORE, after=_AFTER)
    names = {message.display_name for message in found}
    around = [message for message in found if fully(message.group_id, message.user_id)]
    return Item(
        number=number,
        id=str(one.message.id),
        when=datetime.fromtimestamp(one.message.time_ms / 1000, zone).strftime("%Y-%m-%d %H 点"),
        kind=_KINDS.get(one.signal.kind, one.signal.kind.value),
        score=one.signal.score,
        rules=one.signal.rules,
        reasons=tuple(redacted(reason, names) for reason in one.signal.reasons[:_REASONS]),
        lines=tuple(_lines(one.message, around, names)),
    )


def _lines(message: StoredMessage, around: Sequence[StoredMessage], names: set[str]) -> list[Line]:
    labels = {message.user_id: "TA"}
    lines = []
    for one in around:
        others = len(labels) - 1
        who = labels.setdefault(one.user_id, "别人" + "甲乙丙丁戊"[min(others, 4)])
        words = redacted(one.text[:_LONGEST], names).strip() or "（没有文字）"
        lines.append(Line(who, words, one.id == message.id))
    return lines


def _data(replayed: Replayed, items: Sequence[Item]) -> str:
    """Return what the page's script exports, as JSON that cannot end its script element."""
    value = {
        "group": replayed.group_id,
        "alerts": replayed.alerts,
        "items": {item.id: {"rules": item.rules, "score": item.score} for item in items},
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("liudeng.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
