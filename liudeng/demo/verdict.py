"""Whether the evening was kept: the simulator's truth against the archive."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.demo.pictures import Pictures, drawn_pictures, judge_pictures, key_of
from liudeng.desk.tables import case_events, cases
from liudeng.health import Percentiles, percentiles
from liudeng.outbox import Kind, State, Target
from liudeng.outbox.tables import outbox
from liudeng.search import LogSearch, QueryProblem, parse_query

_ALARMING = ("danger", "worry")
_PROBE_LENGTH = 30
_QUOTES = re.compile('["＂“”「」]')


class Alerts(BaseModel):
    """Alerts raised, by what the scenario says of the message that raised them."""

    model_config = ConfigDict(frozen=True)

    raised: int
    """Cases opened."""
    delivered: int
    """Cases of which at least one moderator was told privately."""
    by_label: dict[str, int]
    false_alarms: int
    """Cases opened for a message that is neither danger nor worry."""
    missed: int
    leaked: int
    """Private messages that ended up in a group."""


class Verdict(BaseModel):
    """The demo's result."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    sent: int
    archived: int
    searchable: int
    lost: int
    unsearchable: int
    duplicates: int
    alerts_raised: int
    alerts_delivered: int
    alerts: Alerts
    pictures: Pictures
    seconds: float
    event_to_durable_ms: Percentiles
    event_to_alert_ms: Percentiles


class Evening(BaseModel):
    """What the simulator and the bot say about the evening."""

    model_config = ConfigDict(frozen=True)

    truth: list[dict[str, Any]]
    sent: list[dict[str, Any]]
    durable_ms: Percentiles
    seconds: float
    pictures_are_read: bool
    """Whether the bot reads the words in pictures."""


async def judge(database: Database, evening: Evening, staff_group: int | None) -> Verdict:
    """Compare what was said with what was kept, found and told."""
    said = [
        entry for entry in evening.truth if not entry["self"] and entry["group_id"] != staff_group
    ]
    rows = await _archived_rows(database)
    counts = Counter((row.group_id, row.message_id, row.time_ms // 1000) for row in rows)
    archived = sum(1 for entry in said if counts[key_of(entry)] > 0)
    duplicates = sum(count - 1 for count in counts.values() if count > 1)
    expected, found = await _searchable(database, rows)
    alerts = await _alerts(database, said, evening.sent)
    alert_times = await _alert_times(database)
    pictures = await judge_pictures(database, drawn_pictures(said))
    pictures_good = pictures.all_found if evening.pictures_are_read else pictures.all_kept
    lost, unsearchable = len(said) - archived, expected - found
    return Verdict(
        ok=pictures_good
        and not (lost or duplicates or unsearchable or alerts.missed or alerts.false_alarms)
        and alerts.delivered == alerts.raised
        and not alerts.leaked,
        sent=len(said),
        archived=archived,
        searchable=found,
        lost=lost,
        unsearchable=unsearchable,
        duplicates=duplicates,
        alerts_raised=alerts.raised,
        alerts_delivered=alerts.delivered,
        alerts=alerts,
        pictures=pictures,
        seconds=round(evening.seconds, 2),
        event_to_durable_ms=evening.durable_ms,
        event_to_alert_ms=percentiles(alert_times),
    )


async def _archived_rows(database: Database) -> Sequence[Any]:
    columns = messages.c
    query = select(
        columns.id,
        columns.group_id,
        columns.message_id,
        columns.time_ms,
        columns.text,
        columns.addressed,
        columns.recalled_ms,
    )
    async with database.read() as connection:
        return (await connection.execute(query)).all()


async def _searchable(database: Database, rows: Iterable[Any]) -> tuple[int, int]:
    """Search every message that has words by its own words: (to be found, found)."""
    search = LogSearch(database)
    expected = found = 0
    for row in rows:
        if row.addressed or row.recalled_ms is not None:
            continue
        words = max(_QUOTES.split(row.text), key=len).strip()[:_PROBE_LENGTH]
        if not words:
            continue  # a picture without a word
        try:
            query = parse_query(f'"{words}"')
        except QueryProblem:
            continue  # nothing but invisible characters
        expected += 1
        page = await search.search(query, [row.group_id], 1, below_id=row.id + 1)
        found += bool(page.hits) and page.hits[0].id == row.id
    return expected, found


async def _alerts(
    database: Database, said: Sequence[dict[str, Any]], sent: Sequence[dict[str, Any]]
) -> Alerts:
    labels = {key_of(entry): entry.get("expect") or "none" for entry in said}
    opened = (
        select(cases.c.id, messages.c.group_id, messages.c.message_id, messages.c.time_ms)
        .join(case_events, case_events.c.case_id == cases.c.id)
        .join(messages, messages.c.id == case_events.c.message_row)
        .order_by(case_events.c.id)
    )
    told = select(outbox.c.case_id).where(
        outbox.c.kind == Kind.ALERT.value,
        outbox.c.target == Target.PRIVATE.value,
        outbox.c.state == State.DONE.value,
    )
    label_of_case: dict[int, str] = {}
    async with database.read() as connection:
        for row in await connection.execute(opened):
            key = (row.group_id, row.message_id, row.time_ms // 1000)
            label_of_case.setdefault(row.id, labels.get(key, "none"))
        delivered = set(await connection.scalars(told))
    by_label = Counter(label_of_case.values())
    wanted = Counter(label for label in labels.values() if label in _ALARMING)
    return Alerts(
        raised=len(label_of_case),
        delivered=len(delivered & set(label_of_case)),
        by_label=dict(by_label),
        false_alarms=sum(count for label, count in by_label.items() if label not in _ALARMING),
        missed=sum(max(0, count - by_label[label]) for label, count in wanted.items()),
        leaked=sum(1 for entry in sent if entry.get("leaked")),
    )


async def _alert_times(database: Database) -> list[float]:
    """Milliseconds from the message's arrival to the private alert handed to the socket."""
    query = select(outbox.c.handed_ms - outbox.c.origin_ms).where(
        outbox.c.kind == Kind.ALERT.value,
        outbox.c.target == Target.PRIVATE.value,
        outbox.c.handed_ms.is_not(None),
    )
    async with database.read() as connection:
        return [float(value) for value in await connection.scalars(query) if value is not None]
