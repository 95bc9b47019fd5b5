"""Alerts that people have judged: on the desk by 属实 and 误报, or on a replay's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.arming import Firing, Held, firings
from liudeng.desk import CaseKind
from liudeng.desk.case import EventKind, Verdict
from liudeng.desk.tables import case_events, cases
from liudeng.review.marks import Marks


@dataclass(frozen=True, slots=True)
class Judged:
    """One alert with what a person said of it."""

    group_id: int
    is_true: bool
    rules: frozenset[str]
    score: float | None
    """Of the single message that alerted; None where several did."""
    rows: tuple[int, ...]
    """Messages by their `id`."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that the tables know of how the watcher did."""

    firings: tuple[Firing, ...]
    judged: tuple[Judged, ...]
    missed: int
    """Confirmed cases of danger that a member told of while the watcher was silent."""


async def read_record(connection: AsyncConnection, group_id: int | None) -> Record:
    """Read what fired and what moderators said of it, of one group or of all."""
    fired = await firings(connection, group_id)
    ids = {one.case_id for one in fired if one.case_id is not None}
    verdicts: dict[int, bool] = {}
    query = select(cases.c.id, cases.c.verdict).where(cases.c.verdict.is_not(None))
    for row in await connection.execute(query):
        if row.id in ids:
            verdicts[row.id] = row.verdict == Verdict.TRUE.value
    return Record(
        tuple(fired),
        tuple(_of_cases(fired, verdicts)),
        await _missed(connection, group_id, ids),
    )


def of_marks(marks: Marks, known: Iterable[Judged]) -> list[Judged]:
    """Return what was marked on a page, without what the desk has judged already."""
    seen = {row for one in known for row in one.rows}
    return [
        Judged(
            group_id=marks.group,
            is_true=mark.verdict == "true",
            rules=frozenset(mark.rules),
            score=mark.score,
            rows=(int(mark.id),),
        )
        for mark in marks.marks
        if mark.verdict != "unsure" and int(mark.id) not in seen
    ]


def _of_cases(fired: Sequence[Firing], verdicts: dict[int, bool]) -> Iterable[Judged]:
    """One for each case: what fired on it spoke for the same person."""
    by_case: dict[int, list[Firing]] = {}
    for one in fired:
        if one.case_id in verdicts and one.held is Held.NOT and one.case_id is not None:
            by_case.setdefault(one.case_id, []).append(one)
    for case_id, some in by_case.items():
        scores = [one.score for one in some if one.score is not None]
        yield Judged(
            group_id=some[0].group_id,
            is_true=verdicts[case_id],
            rules=frozenset(rule for one in some for rule in one.rules),
            score=max(scores) if len(scores) == len(some) else None,
            rows=tuple(one.message_row for one in some if one.message_row is not None),
        )


async def _missed(connection: AsyncConnection, group_id: int | None, known: set[int]) -> int:
    """Count confirmed cases that people told of and the watcher never joined."""
    told = exists().where(
        case_events.c.case_id == cases.c.id, case_events.c.kind == EventKind.REPORT.value
    )
    query = select(cases.c.id).where(
        told, cases.c.kind == CaseKind.DISTRESS.value, cases.c.verdict == Verdict.TRUE.value
    )
    if group_id is not None:
        query = query.where(cases.c.group_id == group_id)
    return sum(one not in known for one in await connection.scalars(query))


async def unjudged(connection: AsyncConnection, group_id: int | None) -> int:
    """Count closed cases of the watcher of which nobody said whether the alert was right."""
    fired = {one.case_id for one in await firings(connection, group_id)} - {None}
    query = select(cases.c.id).where(cases.c.verdict.is_(None), cases.c.closed_ms.is_not(None))
    return sum(one in fired for one in await connection.scalars(query))
