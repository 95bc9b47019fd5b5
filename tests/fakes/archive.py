"""Looking into an archive."""

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from liudeng.archive import LogWriter, Message, Recall, StoredMessage, parse_recall, stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.search import LogSearch, parse_query
from tests.fakes.payloads import GROUP, NOW_MS, group_recall


async def kept(database: Database) -> list[StoredMessage]:
    """Return every row of the log in commit order."""
    async with database.read() as connection:
        rows = (await connection.execute(select(messages).order_by(messages.c.seq))).mappings()
        return [stored_message(row) for row in rows]


async def texts(database: Database) -> list[str]:
    """Return the texts of the log in commit order."""
    return [message.text for message in await kept(database)]


async def found(database: Database, query: str, *groups: int, limit: int = 1_000) -> list[str]:
    """Return the texts of a search's hits, newest first."""
    page = await LogSearch(database).search(parse_query(query), groups or (GROUP,), limit)
    return [hit.text for hit in page.hits]


async def index_is_sound(database: Database) -> bool:
    """Let FTS5 verify the structure of the log index."""
    check = text("INSERT INTO log_index(log_index) VALUES ('integrity-check')")
    try:
        async with database.write() as connection:
            await connection.execute(check)
    except DBAPIError:
        return False
    return True


async def store(writer: LogWriter, *entries: Message | Recall) -> None:
    """Put entries into the archive and wait until they are durable."""
    for entry in entries:
        await writer.put(entry)
    await writer.drain()


def recall_of(message: Message | StoredMessage, **fields: object) -> Recall:
    """Return the recall of a message by its author."""
    payload = group_recall(message.message_id, group_id=message.group_id, **fields)
    return parse_recall(payload, NOW_MS)
