"""A new key for what cases have sealed; the old one opens nothing afterwards."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.desk.seal import Seal
from liudeng.desk.tables import desk_drafts, sealed_contexts, sealed_pictures


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of a rotation."""

    contexts: int
    drafts: int
    unopened: int
    """Sealed by a key that is gone: nothing opens them any more."""


async def rotate_key_file(database: Database, key_file: Path) -> Rotated:
    """Make a new key, seal everything with it, and let the old one go.

    The bot may run meanwhile: it reads the file when that has changed. Whenever the process dies,
    the file holds a key for whatever is sealed.

    Raises:
        SealKeyProblem: the file holds no key.
        OSError: it can be neither read nor written.
    """
    await asyncio.to_thread(Seal("", key_file).unlock)  # makes one where there is none
    old = (await asyncio.to_thread(key_file.read_text, "ascii")).strip()
    new = Fernet.generate_key().decode("ascii")
    await asyncio.to_thread(_replace, key_file, f"{new},{old}")
    rotated = await seal_anew(database, Seal("", key_file))
    await asyncio.to_thread(_replace, key_file, new)
    return rotated


async def seal_anew(database: Database, seal: Seal) -> Rotated:
    """Seal everything with the first of a seal's keys, in one transaction.

    Raises:
        SealKeyProblem: what is set is no key.
    """
    async with database.write() as connection:
        contexts, unopened = await _contexts(connection, seal)
        drafts = await _drafts(connection, seal)
    return Rotated(contexts, drafts, unopened)


async def _contexts(connection: AsyncConnection, seal: Seal) -> tuple[int, int]:
    sealed = unopened = 0
    for table in (sealed_contexts, sealed_pictures):
        # One after the other: pictures are too many bytes to hold all at once.
        for number in list(await connection.scalars(select(table.c.id))):
            mine = table.c.id == number
            query = select(table.c.body).where(mine)
            body = seal.anew((await connection.execute(query)).scalar_one())
            if body is None:
                unopened += 1
                continue
            await connection.execute(update(table).where(mine).values(body=body))
            sealed += table is sealed_contexts
    return sealed, unopened


async def _drafts(connection: AsyncConnection, seal: Seal) -> int:
    rows = (await connection.execute(select(desk_drafts.c.user_id, desk_drafts.c.text))).all()
    for row in rows:
        text = seal.words(seal.read_words(row.text))
        mine = desk_drafts.c.user_id == row.user_id
        await connection.execute(update(desk_drafts).where(mine).values(text=text))
    return len(rows)


def _replace(path: Path, key: str) -> None:
    """Give the file other contents, wholly or not at all."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
