"""What was read in a message's pictures joins it in search, and leaves with it."""

from liudeng.archive import LogWriter
from liudeng.archive.seen_text import add_seen_text
from liudeng.db import Database
from liudeng.search.log_index import refresh_index
from tests.fakes.archive import found, kept, recall_of, store
from tests.fakes.payloads import said


async def add(database: Database, message_row: int, words: str) -> bool:
    async with database.write() as connection:
        return await add_seen_text(connection, message_row, words)


async def test_words_are_added_to_words(writer: LogWriter, database: Database) -> None:
    await store(writer, said("图"))
    [message] = await kept(database)
    assert await add(database, message.id, "月亮")
    assert await add(database, message.id, "面馆")
    [message] = await kept(database)
    assert (message.text, message.seen_text) == ("图", "月亮\n面馆")
    for words in ("图", "月亮", "面馆"):
        assert await found(database, words) == ["图"], "the earlier tokens stay right"


async def test_a_message_of_a_picture_alone_comes_into_search(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, said(""))
    [message] = await kept(database)
    await add(database, message.id, "月亮")
    assert len(await found(database, "月亮")) == 1


async def test_a_rebuilt_index_holds_the_same(writer: LogWriter, database: Database) -> None:
    message = said("图")
    await store(writer, message)
    [stored] = await kept(database)
    await add(database, stored.id, "月亮")
    await refresh_index(database, force=True)
    assert await found(database, "月亮") == ["图"]
    await store(writer, recall_of(message))
    assert await found(database, "月亮") == await found(database, "图") == []


async def test_recalled_messages_and_commands_stay_out(
    writer: LogWriter, database: Database
) -> None:
    recalled = said("收回")
    command = said("搜 月亮").model_copy(update={"addressed": True})
    await store(writer, recalled, command, recall_of(recalled))
    for message in await kept(database):
        assert await add(database, message.id, "月亮")
    assert await found(database, "月亮") == []
    await refresh_index(database, force=True)
    assert await found(database, "月亮") == []


async def test_nothing_to_add_changes_nothing(writer: LogWriter, database: Database) -> None:
    await store(writer, said("图"))
    [message] = await kept(database)
    assert not await add(database, message.id, " \n")
    assert not await add(database, message.id + 1, "月亮")
    assert (await kept(database))[0].seen_text == ""
