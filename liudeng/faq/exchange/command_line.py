"""`liudeng faq export|import|fork`: the archive opened for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, migrate, now_ms
from liudeng.faq.exchange.formats import FormatProblem, read_rows, write_rows
from liudeng.faq.exchange.transfer import Taken, fork_all, rows_of, take_rows
from liudeng.faq.seed import SeedProblem, load_seed
from liudeng.faq.store import Editor
from liudeng.settings import SettingsProblem, get_settings

_T = TypeVar("_T")
_EDITOR = "命令行"


class ExchangeProblem(Exception):
    """It did not work; the text is one Chinese sentence for the operator."""


def export_entries(out: Path, group: int) -> int:
    """Write a group's entries to a file; return how many.

    Raises:
        ExchangeProblem: the file or the archive refuses.
    """
    rows = _in_archive(lambda connection: rows_of(connection, group))
    try:
        out.write_text(write_rows(rows, out.suffix), encoding="utf-8", newline="")
    except FormatProblem as problem:
        raise ExchangeProblem(str(problem)) from None
    except OSError as error:
        raise ExchangeProblem(f"写不进 {out}：{error.strerror}。") from error
    return len(rows)


def import_entries(file: Path, group: int) -> Taken:
    """Read a file into a group's entries.

    Raises:
        ExchangeProblem: the file or the archive refuses.
    """
    try:
        rows = read_rows(file.read_text(encoding="utf-8"), file.suffix)
    except FormatProblem as problem:
        raise ExchangeProblem(str(problem)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExchangeProblem(f"读不了 {file}：{type(error).__name__}。") from error
    return _in_archive(lambda connection: take_rows(connection, group, rows, _editor()))


def fork_entries(group: int) -> int:
    """Give a group its own copies of what all groups share; return how many.

    Raises:
        ExchangeProblem: the archive refuses.
    """
    return _in_archive(lambda connection: fork_all(connection, group, _editor()))


def _in_archive(work: Callable[[AsyncConnection], Awaitable[_T]]) -> _T:
    try:
        return asyncio.run(_opened(work))
    except (SettingsProblem, SeedProblem) as problem:
        raise ExchangeProblem(str(problem)) from None
    except DBAPIError as error:
        raise ExchangeProblem(explain(error).advice) from error


async def _opened(work: Callable[[AsyncConnection], Awaitable[_T]]) -> _T:
    """A new archive gets the seed first, as the bot would load it."""
    path = get_settings().database_path
    await asyncio.to_thread(migrate, path)
    database = Database(path)
    try:
        async with database.write() as connection:
            await load_seed(connection, now_ms())
            return await work(connection)
    finally:
        await database.close()


def _editor() -> Editor:
    return Editor("", _EDITOR, now_ms())
