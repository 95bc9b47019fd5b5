"""Straight to the driver, within SQLAlchemy's transaction.

To compile a statement and to shape its rows takes SQLAlchemy longer than SQLite needs to answer the
shortest ones: where thousands are asked in a row, this does without.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]
Values = Sequence[Any] | Mapping[str, Any]


async def fetch(connection: AsyncConnection, query: str, values: Values = ()) -> list[Row]:
    """Return all rows of a query.

    Raises:
        sqlalchemy.exc.DBAPIError: the database refused, as SQLAlchemy would tell it.
    """
    driver = await _driver(connection)
    with _as_sqlalchemy_tells_it(query):
        return await driver.execute_fetchall(query, values)


async def execute_many(
    connection: AsyncConnection, statement: str, rows: Sequence[Sequence[Any]]
) -> None:
    """Execute a statement with each row of values.

    Raises:
        sqlalchemy.exc.DBAPIError: the database refused, as SQLAlchemy would tell it.
    """
    driver = await _driver(connection)
    with _as_sqlalchemy_tells_it(statement):
        await driver.executemany(statement, rows)


async def _driver(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


@contextmanager
def _as_sqlalchemy_tells_it(statement: str) -> Iterator[None]:
    """Raise the driver's error as SQLAlchemy's, without the values: they are what people said."""
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error
