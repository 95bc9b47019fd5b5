"""Links of the log become candidates; look-alikes are warned of once."""

from typing import Any

import pytest
from sqlalchemy import select

from liudeng.archive import Source
from liudeng.db import Database
from liudeng.resources.entry import State
from liudeng.resources.ledger import resource_at
from liudeng.resources.sightings import forget_unsaid
from liudeng.resources.staff import LinkStaff
from liudeng.resources.tables import link_sightings, resources, short_links
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER, SELF_ID, segment
from tests.resources.conftest import Enter, Log, moderator

URL = "https://letters.example/one"
FALSE = "快来 https://0penai.com/login 登录"


async def keys(database: Database, state: State = State.CANDIDATE) -> list[str]:
    async with database.read() as connection:
        query = select(resources.c.key).where(resources.c.state == state.value)
        return sorted(await connection.scalars(query))


async def test_every_link_becomes_a_candidate_once(log: Log, database: Database) -> None:
    await log.say(f"看这个 {URL}?utm_source=qq 写得真好")
    await log.say(f"也看了 {URL}/", user_id=OTHER_MEMBER)
    await log.say([segment("share", url="https://b.example/2", title="另一封")])
    assert await keys(database) == ["b.example/2", "letters.example/one"]


async def test_moderators_see_who_was_first_how_often_and_the_words(
    log: Log, staff: LinkStaff
) -> None:
    await log.say(f"看这个 {URL} 写得真好")
    await log.say(f"顶一下 {URL}", user_id=OTHER_MEMBER)
    answer = await staff.waiting(moderator(), "")
    assert "letters.example/one" in answer
    assert "满月" in answer
    assert "共 2 次" in answer
    assert "看这个 写得真好" in answer


async def test_a_candidate_belongs_to_its_group(log: Log, staff: LinkStaff) -> None:
    await log.say(URL)
    assert "letters.example" not in await staff.waiting(moderator(OTHER_GROUP), "")


async def test_a_recalled_message_takes_its_candidate_with_it(
    log: Log, staff: LinkStaff, database: Database
) -> None:
    first = await log.say(f"先发的 {URL}")
    second = await log.say(f"后发的 {URL}", user_id=OTHER_MEMBER)
    await log.recall(first)
    answer = await staff.waiting(moderator(), "")
    assert "后发的" in answer
    assert "先发的" not in answer
    await log.recall(second)
    assert "letters.example" not in await staff.waiting(moderator(), ""), "gone at once"
    async with database.write() as connection:
        assert await forget_unsaid(connection) == 1
        assert list(await connection.scalars(select(link_sightings.c.resource_id))) == []
    assert await keys(database) == []


async def test_what_was_listed_stays_when_the_message_goes(
    log: Log, staff: LinkStaff, database: Database
) -> None:
    message = await log.say(URL)
    async with database.read() as connection:
        entry = await resource_at(connection, "letters.example/one", (GROUP,))
    assert entry is not None
    await staff.take_in(moderator(), str(entry.id))
    await log.recall(message)
    async with database.write() as connection:
        await forget_unsaid(connection)
    assert await keys(database, State.LISTED) == ["letters.example/one"]


async def test_a_rejected_link_is_no_candidate_again(
    log: Log, staff: LinkStaff, database: Database
) -> None:
    await log.say(URL)
    async with database.read() as connection:
        entry = await resource_at(connection, "letters.example/one", (GROUP,))
    assert entry is not None
    assert "驳回了" in await staff.reject(moderator(), str(entry.id))
    await log.say(f"再发一次 {URL}")
    assert await keys(database) == []


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("https://127.0.0.1/admin", {}),
        ("https://gchat.qpic.cn/a.png", {}),
        (URL, {"user_id": SELF_ID}),
        (URL, {"source": Source.IMPORT}),
    ],
    ids=["an address", "QQ's own", "the bot's own", "years old"],
)
async def test_what_is_no_resource(
    words: str, fields: dict[str, Any], log: Log, database: Database
) -> None:
    await log.say(words, **fields)
    assert await keys(database) == []


async def test_a_short_link_waits_to_be_followed(log: Log, database: Database) -> None:
    await log.say("https://t.cn/A6xyz")
    await log.say("又是 https://t.cn/A6xyz")
    async with database.read() as connection:
        assert list(await connection.scalars(select(short_links.c.key))) == ["t.cn/A6xyz"]


async def test_a_look_alike_is_warned_of_once_in_one_calm_sentence(log: Log) -> None:
    await log.say(FALSE)
    await log.say("是这个 0penai.com/other", user_id=OTHER_MEMBER)
    [warning] = await log.warnings()
    assert "0penai[.]com" in warning
    assert "openai.com" in warning
    assert "https://0penai" not in warning, "nobody can tap it"


async def test_each_group_is_warned(log: Log) -> None:
    await log.say(FALSE)
    await log.say(FALSE, group_id=OTHER_GROUP)
    assert len(await log.warnings()) == 2


async def test_a_flood_of_look_alikes_makes_no_flood_of_warnings(log: Log) -> None:
    await log.say(" ".join(f"0penai{number}.com" for number in range(15)))
    assert 1 <= len(await log.warnings()) <= 4


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("https://chat.openai.com/ 和 https://github.com/a", {}),
        (FALSE, {"user_id": ADMIN}),
        (FALSE, {"source": Source.HISTORY}),
        (FALSE, {"time": 1_790_000_000}),
    ],
    ids=["honest", "a moderator's", "from before", "hours old"],
)
async def test_what_needs_no_warning(words: str, fields: dict[str, Any], log: Log) -> None:
    await log.say(words, **fields)
    assert await log.warnings() == []


async def test_what_a_moderator_has_listed_is_no_look_alike(log: Log, listing: Enter) -> None:
    await listing("https://chatgpt-club.com/wall", GROUP)
    await log.say("https://chatgpt-club.com/new", user_id=MEMBER)
    assert await log.warnings() == []
