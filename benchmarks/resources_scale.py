"""Claim: with 10,000 links listed, `资源` is answered at p95 in under 80 ms.

    python -m benchmarks.resources_scale [--links 10000] [--rounds 5]

The shipped links and as many variants of them as it takes, a fifth of them a group's own, with
probes and votes; asked through `LinkDesk.ask`, the card's data included, its drawing not. A
hundred posted messages of ten links each are then read and judged.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from liudeng.db import Database, migrate
from liudeng.library import Viewer
from liudeng.resources.chat import LinkDesk, Names
from liudeng.resources.entry import CATEGORIES, SHARED, Outcome, State
from liudeng.resources.finding import links_in
from liudeng.resources.ledger import folded
from liudeng.resources.lookalike import judge
from liudeng.resources.seeding import SEED_FILE
from liudeng.resources.staff import LinkStaff, Moderator
from liudeng.resources.tables import resource_probes, resources

GROUP = 731_415_926
_ZONE = ZoneInfo("Asia/Shanghai")
_OWN = 0.2
ASKED = {
    "the bare word": ("",),
    "a category": ("导出", "请愿", "心理", "反诈 3", "提示词 10"),
    "words": ("记忆信", "导出 步骤", "热线", "微调 隐私", "没有这样的东西"),
    "one link": ("17", "4021", "9999"),
}


def main(
    links: Annotated[int, typer.Option(min=100)] = 10_000,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "liudeng.sqlite3", links, rounds))


async def _measure(path: Path, links: int, rounds: int) -> None:
    migrate(path)
    database = Database(path)
    await _fill(database, links)
    desk = LinkDesk(database, _ZONE, Names(str, lambda _group, _user: ""))
    staff = LinkStaff(database, _ZONE)
    viewer = Viewer("1", frozenset({GROUP}), GROUP)
    heads = ("asked", "times", "p50 ms", "p95 ms", "worst ms", "CPU p95 ms")
    table = Table(*heads, title=f"{links} links")
    for name, words in ASKED.items():
        asks = [lambda word=word: desk.ask(viewer, word) for word in words]
        _row(table, name, await _timed(asks, rounds * 4))
    asks = [lambda: staff.waiting(Moderator("1", frozenset({GROUP})), "")]
    _row(table, "候选", await _timed(asks, rounds * 4))
    await database.close()
    Console().print(table)
    _judging()


async def _timed(
    asks: Sequence[Callable[[], Awaitable[Any]]], times: int
) -> list[tuple[float, float]]:
    """Return wall and processor time of each answer, in milliseconds."""
    took: list[tuple[float, float]] = []
    for ask in asks:
        await ask()
        for _ in range(times):
            begun, worked = time.perf_counter(), time.process_time()
            await ask()
            spent = (time.perf_counter() - begun, time.process_time() - worked)
            took.append((spent[0] * 1000, spent[1] * 1000))
    return took


def _row(table: Table, name: str, took: list[tuple[float, float]]) -> None:
    walls = [wall for wall, _ in took]
    cuts = quantiles(walls, n=100)
    worked = quantiles([cpu for _, cpu in took], n=100)[94]
    figures = (cuts[49], cuts[94], max(walls), worked)
    table.add_row(name, str(len(took)), *(f"{figure:.1f}" for figure in figures))


def _judging() -> None:
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
    hosts = ["".join(chance.choices(letters, k=12)).strip("-") + ".com" for _ in range(1_000)]
    judge("warm.example")
    begun = time.process_time()
    found = [
        posted
        for start in range(0, len(hosts), 10)
        for posted in links_in(
            [
                {
                    "type": "text",
                    "data": {"text": " ".join(f"https://{h}/a" for h in hosts[start : start + 10])},
                }
            ]
        )
    ]
    for posted in found:
        judge(posted.written)
    spent = (time.process_time() - begun) * 1000
    Console().print(f"found and judged {len(found)} links, {spent / len(found):.2f} ms of CPU each")


async def _fill(database: Database, links: int) -> None:
    seeds = [json.loads(line) for line in SEED_FILE.read_text("utf-8").splitlines()]
    chance = random.Random(4)
    today = datetime.now(_ZONE).date()
    rows = [_resource(number, seeds[number % len(seeds)], chance, today) for number in range(links)]
    probes = [
        {
            "resource_id": number + 1,
            "outcome": chance.choice([Outcome.GOOD, Outcome.GOOD, Outcome.SLOW]).value,
            "status": 200,
            "probed_ms": 1_790_000_000_000,
            "good_ms": None,
            "failures": 0,
            "due_ms": 1_900_000_000_000,
            "fingerprint": "",
            "page_title": "",
            "landed_on": "",
        }
        for number in range(links)
    ]
    async with database.write() as connection:
        await connection.execute(insert(resources), rows)
        await connection.execute(insert(resource_probes), probes)


def _resource(
    number: int, seed: dict[str, Any], chance: random.Random, today: date
) -> dict[str, Any]:
    values = {
        "group_id": GROUP if chance.random() < _OWN else SHARED,
        "key": f"{seed['url'].removeprefix('https://')}/{number}",
        "url": f"{seed['url']}/{number}",
        "host": seed["url"].split("/")[2],
        "title": f"{seed['title']} {number}",
        "summary": seed["summary"],
        "category": chance.choice([seed["category"], *CATEGORIES]),
        "region": seed["region"],
        "needs_login": seed["login"],
        "owner_id": "",
        "tags": json.dumps(seed["tags"], ensure_ascii=False),
        "source": "",
        "version": "",
        "state": State.LISTED.value,
        "why": "",
        "verified_on": today - timedelta(days=chance.randrange(400)),
        "expires": today + timedelta(days=chance.randrange(-100, 400)),
        "deadline": None,
        "seed_id": "",
        "forked_from": None,
        "useful": chance.randrange(30),
        "broken": chance.randrange(3),
        "created_ms": 0,
        "updated_ms": 0,
    }
    return {**values, "folded": folded(values)}


if __name__ == "__main__":
    typer.run(main)
