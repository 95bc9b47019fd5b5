"""`liudeng search`: the log from the command line."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from liudeng.archive.message import StoredMessage
from liudeng.db import Database
from liudeng.search.answers import TOO_SLOW, counted
from liudeng.search.budget import Times
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.language import Calendar, QueryProblem, in_words, parse_query
from liudeng.search.lines import hit_line
from liudeng.search.log_index import refresh_index
from liudeng.search.query import Sort
from liudeng.settings import Settings

_WIDTH = 80
_ORDERS = {Sort.NEWEST: "最新", Sort.OLDEST: "最早", Sort.RELEVANCE: "最相关"}
_TIMES = Times(whole=30.0)


async def print_results(
    settings: Settings, queries: Iterable[str], group_id: int, limit: int, *, as_json: bool
) -> bool:
    """Print the hits of each query, one JSON object a line or as text.

    Returns:
        False when a query could not be searched.
    """
    database = Database(settings.database_path)
    search, calendar = LogSearch(database, _TIMES), Calendar.now(settings.zone)
    understood = True
    try:
        for raw in queries:
            try:
                page = await search.search(parse_query(raw, calendar), [group_id], limit)
            except QueryProblem as problem:
                understood = False
                _print_problem(raw, problem, as_json=as_json)
                continue
            if as_json:
                typer.echo(json.dumps(_as_json(raw, page, settings), ensure_ascii=False))
            else:
                _print_page(page, settings)
    finally:
        await database.close()
    return understood


async def rebuild(settings: Settings) -> int:
    """Rebuild the log index; return how many messages it holds."""
    database = Database(settings.database_path)
    try:
        return await refresh_index(database, force=True) or 0
    finally:
        await database.close()


def _as_json(raw: str, page: SearchPage, settings: Settings) -> dict[str, Any]:
    return {
        "query": raw,
        "total": page.total,
        "at_least": page.at_least,
        "cut_off": page.cut_off,
        "hits": [
            {
                "id": hit.seq,
                "message_id": _number(hit.message_id),
                "user": _number(hit.user_id),
                "name": hit.display_name,
                "time": _when(hit, settings).isoformat(),
                "text": hit.text,
            }
            for hit in page.hits
        ],
    }


def _number(identifier: str) -> int | str:
    """QQ's ids are numbers; ids of other origins stay text."""
    try:
        number = int(identifier)
    except ValueError:
        return identifier
    return number if str(number) == identifier else identifier


def _print_problem(raw: str, problem: QueryProblem, *, as_json: bool) -> None:
    if as_json:
        answer = {"query": raw, "total": 0, "hits": [], "error": str(problem)}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(str(problem), err=True)


def _print_page(page: SearchPage, settings: Settings) -> None:
    console = Console(highlight=False)
    console.print(f"共 {counted(page)}，显示{_ORDERS[page.query.sort]}的 {len(page.hits)} 条。")
    if page.cut_off:
        console.print(TOO_SLOW)
    if page.query.taken_as_text:
        console.print(f"我是这样理解的：{in_words(page.query, settings.zone)}", markup=False)
    for hit in page.hits:
        line = Text(f"#{hit.seq} ", style="dim")
        line.append(f"{_when(hit, settings):%Y-%m-%d %H:%M} {hit.display_name}  ", style="dim")
        line.append(hit_line(hit, page.query.words, _WIDTH), style="default")
        console.print(line)


def _when(hit: StoredMessage, settings: Settings) -> datetime:
    return datetime.fromtimestamp(hit.time_ms / 1000, settings.zone)
