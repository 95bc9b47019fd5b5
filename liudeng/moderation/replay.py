"""A rule over the archive: what it would have acted upon, sampled for a person to mark."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import select

from liudeng.archive import StoredMessage, stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.moderation.assessment import Assessor
from liudeng.moderation.groups import Arming, GroupChoice
from liudeng.moderation.judging import Judge, Verdict
from liudeng.moderation.model import load_model
from liudeng.moderation.rules import RuleProblem, RuleSet, load_sets
from liudeng.moderation.tables import arrivals
from liudeng.settings import Settings

_BATCH = 500
_SEED = 20_260_213
"""The same archive gives the same sample."""


class ReplayProblem(Exception):
    """It cannot be replayed; the text is one Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many messages were read, and which the rule would have acted upon."""

    read: int
    hits: tuple[Verdict, ...]

    def sampled(self, count: int) -> list[str]:
        """A random sample as JSON lines; a person writes true or false behind `right`."""
        chosen = random.Random(_SEED).sample(self.hits, min(count, len(self.hits)))
        chosen.sort(key=lambda one: one.message.id)
        return [json.dumps(_as_json(one), ensure_ascii=False) for one in chosen]


async def replay_rule(settings: Settings, group_id: int, rule: str, since: str) -> Replayed:
    """Judge every message of a group since a day.

    Raises:
        ReplayProblem: there is no such rule, or the day is none.
    """
    try:
        start = datetime.combine(date.fromisoformat(since), time(), settings.zone)
        sets = _chosen(load_sets(settings.rules_dir), rule)
    except RuleProblem as problem:
        raise ReplayProblem(str(problem)) from problem
    except ValueError:
        raise ReplayProblem("日期写成 2026-02-13 这样。") from None
    judge = Judge(Assessor(load_model()), sets)
    choice = GroupChoice(group_id=group_id, armings={one.name: Arming.DRY for one in sets})
    database = Database(settings.database_path)
    try:
        return await _walk(database, judge, choice, int(start.timestamp() * 1000))
    finally:
        await database.close()


def precision_of(marks: Path) -> str:
    """Say how many of a marked sample were right.

    Raises:
        ReplayProblem: the file cannot be read or nothing in it is marked.
    """
    try:
        rows = [json.loads(line) for line in marks.read_text("utf-8").splitlines() if line.strip()]
        told = [row["right"] for row in rows if isinstance(row.get("right"), bool)]
    except (OSError, ValueError, AttributeError) as error:
        raise ReplayProblem(
            f"读不了 {marks.name}：每行是一条抽样，right 写 true 或 false。"
        ) from error
    if not told:
        raise ReplayProblem("还没有标：把每行的 right 改成 true 或 false。")
    return f"标了 {len(told)} 条，对 {sum(told)} 条，准确率 {sum(told) / len(told):.3f}。"


async def _walk(database: Database, judge: Judge, choice: GroupChoice, since_ms: int) -> Replayed:
    hits: list[Verdict] = []
    read, last = 0, 0
    async with database.read() as connection:
        came = await connection.execute(
            select(arrivals).where(arrivals.c.group_id == choice.group_id)
        )
        joined = {(row.group_id, row.user_id): row.joined_ms for row in came}
        while True:
            query = (
                select(messages)
                .where(messages.c.group_id == choice.group_id, messages.c.id > last)
                .where(messages.c.time_ms >= since_ms, messages.c.recalled_ms.is_(None))
                .order_by(messages.c.id)
                .limit(_BATCH)
            )
            rows = (await connection.execute(query)).mappings().all()
            batch = [stored_message(row) for row in rows]
            if batch:
                found = await asyncio.to_thread(
                    judge.judge, batch, {choice.group_id: choice}, joined
                )
                hits += found
                read, last = read + len(batch), batch[-1].id
            if len(batch) < _BATCH:
                return Replayed(read, tuple(hits))


def _chosen(sets: Sequence[RuleSet], wanted: str) -> list[RuleSet]:
    for one in sets:
        if one.name == wanted:
            return [one]
        for rule in one.rules:
            if rule.id == wanted:
                return [one.model_copy(update={"rules": (rule,)})]
    known = "、".join(one.name for one in sets)
    raise ReplayProblem(f"没有叫「{wanted}」的规则。现成的有：{known}；也可以写一条规则的编号。")


def _as_json(verdict: Verdict) -> dict[str, object]:
    message: StoredMessage = verdict.message
    return {
        "message": message.seq,
        "time_ms": message.time_ms,
        "text": message.spoken[:300],
        "rules": [one.rule.id for one in verdict.dry],
        "evidence": [word for one in verdict.dry for word in one.evidence],
        "right": None,
    }
