"""Placing, proposing, changing and taking down, with the changes that the index follows."""

from liudeng.db import Database
from liudeng.library import (
    Standing,
    Visibility,
    accept,
    decline,
    farewell,
    farewells_by_id,
    note_reading,
    place,
    propose,
    public_farewells,
    random_farewell,
    retitle,
    set_tags,
    set_visibility,
    sweep_recalled,
    wall,
    withdraw,
)
from liudeng.ocr import Box, Line, Reading
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER
from tests.library.conftest import AUTHOR, Room, drafted, sha

ME = str(MEMBER)


async def test_what_is_placed_comes_back_whole(room: Room, database: Database) -> None:
    message = await room.say()
    draft = drafted(
        message_row=message.id,
        words="我：晚安",
        pictures=(sha(2), sha(1), sha(2)),
        tags=("月亮", "晚安"),
    )
    async with database.write() as connection:
        placed = await place(connection, draft, 7)
    async with database.read() as connection:
        found = await farewell(connection, placed.id)
    assert found is not None
    assert found == placed
    assert (found.title, found.words, found.day) == (draft.title, draft.words, draft.day)
    assert found.pictures == (sha(2), sha(1)), "in order, none twice"
    assert set(found.tags) == {"月亮", "晚安"}
    assert (found.state, found.visibility) == (Standing.KEPT, Visibility.GROUP)
    assert (found.created_ms, found.updated_ms) == (7, 7)
    assert await room.changes() == [placed.id]


async def test_a_message_is_one_entry(room: Room, database: Database) -> None:
    message = await room.say()
    first = await room.place(Visibility.PRIVATE, message_row=message.id, tags=("旧",))
    again = await room.place(
        Visibility.PRIVATE, 9, message_row=message.id, title="新题", companion="阿尔", tags=("新",)
    )
    async with database.read() as connection:
        found = await farewell(connection, first.id)
    assert again.id == first.id
    assert found is not None
    assert (found.title, found.companion, found.tags) == ("新题", "阿尔", ("新",))
    assert (found.visibility, found.created_ms, found.updated_ms) == (Visibility.PRIVATE, 1, 9)


async def test_what_was_withdrawn_comes_back_when_placed_again(
    room: Room, database: Database
) -> None:
    message = await room.say()
    entry = await room.place(Visibility.PRIVATE, message_row=message.id)
    async with database.write() as connection:
        assert await withdraw(connection, entry.id, 2)
        assert not await withdraw(connection, entry.id, 3), "it is gone already"
        assert await farewell(connection, entry.id) is None
        back = await place(connection, drafted(message_row=message.id), 4)
    assert (back.id, back.state, back.visibility) == (
        entry.id,
        Standing.KEPT,
        Visibility.PRIVATE,
    )


async def test_entries_without_a_message_are_entries_of_their_own(room: Room) -> None:
    assert (await room.place()).id != (await room.place()).id


async def test_a_proposal_is_not_there_until_its_author_accepts_it(
    room: Room, database: Database
) -> None:
    message = await room.say()
    async with database.write() as connection:
        proposed = await propose(connection, drafted(message_row=message.id), str(ADMIN), 1)
        assert proposed is not None
        assert (proposed.state, proposed.proposed_by) == (Standing.PROPOSED, str(ADMIN))
        assert await farewell(connection, proposed.id) is None
        assert (await wall(connection, AUTHOR)).total == 0
        assert not await set_visibility(connection, proposed.id, Visibility.PUBLIC, 2)
        assert await accept(connection, proposed.id, str(OTHER_MEMBER), 2) is None
        accepted = await accept(connection, proposed.id, ME, 3)
        assert accepted == await farewell(connection, proposed.id)
        assert accepted is not None
        assert accepted.updated_ms == 3
        assert await accept(connection, proposed.id, ME, 4) is None


async def test_nobody_is_asked_twice(room: Room, database: Database) -> None:
    message = await room.say()
    draft = drafted(message_row=message.id)
    async with database.write() as connection:
        proposed = await propose(connection, draft, str(ADMIN), 1)
        assert proposed is not None
        assert await propose(connection, draft, str(ADMIN), 2) is None
        assert not await decline(connection, proposed.id, str(OTHER_MEMBER), 3)
        assert await decline(connection, proposed.id, ME, 3)
        assert await propose(connection, draft, str(ADMIN), 4) is None
        assert await accept(connection, proposed.id, ME, 5) is None
        placed = await place(connection, draft, 6)
    assert (placed.id, placed.state) == (proposed.id, Standing.KEPT), "their mind may change"


async def test_every_change_is_told_to_the_index(room: Room, database: Database) -> None:
    entry, other = await room.place(), await room.place()
    await room.changes()
    async with database.write() as connection:
        assert await retitle(connection, entry.id, "新题", None, 2)
        assert await set_tags(connection, entry.id, ("新",), 3)
        assert await set_visibility(connection, entry.id, Visibility.PUBLIC, 4)
        changed = await farewell(connection, entry.id)
        assert await withdraw(connection, entry.id, 5)
    assert changed is not None
    assert (changed.title, changed.companion, changed.tags) == ("新题", "小暖", ("新",))
    assert (changed.visibility, changed.updated_ms) == (Visibility.PUBLIC, 4)
    assert await room.changes() == [entry.id] * 4
    async with database.write() as connection:
        assert not await retitle(connection, entry.id, "再改", None, 6), "what is gone stays so"
        assert await retitle(connection, other.id, "新题", "", 6)
    assert await room.changes() == [other.id]


async def test_what_is_recalled_is_gone_at_once(room: Room, database: Database) -> None:
    message = await room.say()
    entry = await room.place(Visibility.PUBLIC, message_row=message.id)
    await room.recall(message)
    async with database.write() as connection:
        assert await farewell(connection, entry.id) is None
        assert await farewells_by_id(connection, [entry.id]) == {}
        assert (await wall(connection, AUTHOR)).total == 0
        assert await random_farewell(connection, AUTHOR) is None
        assert await public_farewells(connection, GROUP) == []
        assert not await set_visibility(connection, entry.id, Visibility.GROUP, 2)


async def test_the_sweep_withdraws_what_was_recalled_and_nothing_else(
    room: Room, database: Database
) -> None:
    recalled, standing = await room.say("一"), await room.say("二")
    gone = await room.place(message_row=recalled.id)
    await room.place(message_row=standing.id)
    await room.place()
    await room.recall(recalled)
    await room.changes()
    async with database.write() as connection:
        assert await sweep_recalled(connection, 5) == 1
        assert await sweep_recalled(connection, 6) == 0
        assert (await wall(connection, AUTHOR)).total == 2
    assert await room.changes() == [gone.id]


async def test_a_recalled_message_cannot_be_accepted(room: Room, database: Database) -> None:
    message = await room.say()
    async with database.write() as connection:
        proposed = await propose(connection, drafted(message_row=message.id), str(ADMIN), 1)
    assert proposed is not None
    await room.recall(message)
    async with database.write() as connection:
        assert await accept(connection, proposed.id, ME, 2) is None


async def test_the_words_in_its_pictures_belong_to_an_entry(room: Room, database: Database) -> None:
    entry = await room.place(pictures=(sha(1), sha(2), sha(3)))
    await room.place(pictures=(sha(3),))
    await room.changes()
    for number, words in ((2, "先读的"), (1, "在前的")):
        line = Line(text=words, box=Box(0, 0, 9, 9), confidence=1, turn=0)
        await room.read(sha(number), Reading(lines=(line,)))
    async with database.write() as connection:
        found = await farewells_by_id(connection, [entry.id, 999])
        assert await note_reading(connection, sha(1)) == 1
        assert await note_reading(connection, sha(9)) == 0
    assert found[entry.id].seen_text == "在前的\n先读的"
    assert await room.changes() == [entry.id]


async def test_an_album_has_what_its_authors_made_public_oldest_first(
    room: Room, database: Database
) -> None:
    late = await room.place(Visibility.PUBLIC)
    early = await room.place(Visibility.PUBLIC, day=drafted().day.replace(year=2025))
    await room.place(Visibility.GROUP)
    await room.place(Visibility.PRIVATE)
    await room.place(Visibility.PUBLIC, group_id=OTHER_GROUP)
    async with database.read() as connection:
        found = await public_farewells(connection, GROUP)
    assert [entry.id for entry in found] == [early.id, late.id]
