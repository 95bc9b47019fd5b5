"""The audit from the command line: verified and exported."""

import json
from collections.abc import AsyncIterator

from sqlalchemy import select

from liudeng.db import Database
from liudeng.moderation.audit import Verification, verify
from liudeng.moderation.tables import audit
from liudeng.settings import Settings

_BATCH = 1_000


async def verify_chain(settings: Settings) -> Verification:
    """Walk along the whole audit of an archive."""
    database = Database(settings.database_path)
    try:
        async with database.read() as connection:
            return await verify(connection)
    finally:
        await database.close()


async def export_rows(settings: Settings, group_id: int | None) -> AsyncIterator[str]:
    """One JSON object for each row, oldest first."""
    database = Database(settings.database_path)
    last = 0
    try:
        async with database.read() as connection:
            while True:
                query = select(audit).where(audit.c.seq > last).order_by(audit.c.seq)
                if group_id is not None:
                    query = query.where(audit.c.group_id == group_id)
                rows = (await connection.execute(query.limit(_BATCH))).mappings().all()
                for row in rows:
                    told = {**row, "detail": json.loads(row["detail"])}
                    yield json.dumps(told, ensure_ascii=False)
                if len(rows) < _BATCH:
                    return
                last = rows[-1]["seq"]
    finally:
        await database.close()
