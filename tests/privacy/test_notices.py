"""New members are told once: privately where that goes, together where it does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.outbox.tables import outbox
from liudeng.privacy import Mode, Pseudonyms, Register
from liudeng.privacy.notices import Notices, Terms
from liudeng.privacy.tables import greetings
from liudeng.privacy.wording import load_wording
from liudeng.roster import Roster
from liudeng.settings import DATA_ROOT
from tests.fakes.payloads import GROUP, MEMBER, NOW_MS
from tests.fakes.waiting import until

FRIEND = 31_415_926


class Told:
    """Counts how often letters were posted."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def notices(database: Database, tmp_path: Path, told: Told) -> AsyncIterator[Notices]:
    register = Register(database, Pseudonyms("", tmp_path / "privacy.key"))
    await register.open()
    roster = Roster({})
    roster.set_friends([FRIEND])
    roster.set_groups({GROUP: "守灯人"})
    terms = Terms(lambda _group_id: 365, 24)
    wording = load_wording(DATA_ROOT / "privacy")
    made = Notices(database, register, roster, wording, terms, told, gather_s=0.01)
    await made.start()
    yield made
    await made.close()


async def letters(database: Database) -> list[tuple[str, int, str]]:
    async with database.read() as connection:
        query = select(outbox.c.target, outbox.c.target_id, outbox.c.body).order_by(outbox.c.id)
        return [tuple(row) for row in await connection.execute(query)]


async def test_a_crowd_gets_one_sentence_and_a_friend_a_letter(
    notices: Notices, database: Database, told: Told
) -> None:
    for user_id in (FRIEND, MEMBER, MEMBER + 1, MEMBER + 2):
        notices.member_joined(GROUP, user_id)
    await until(lambda: told.times == 1, "they are greeted")
    (_, friend, private), (_, group, short) = await letters(database)
    assert (friend, group) == (FRIEND, GROUP)
    assert "守灯人" in private
    assert "存 365 天" in private
    assert "不要存我" in short
    assert str(MEMBER) not in short


class Hosts:
    """A group with a welcome and rules of its own."""

    def __init__(self) -> None:
        self.raid = False
        self.asked = 0

    def waits(self, group_id: int) -> bool:
        self.asked += 1
        return self.raid

    async def words_for(self, connection: AsyncConnection, group_id: int) -> tuple[str, str]:
        return "来了就是家人。", "群规：不卖东西"


async def test_the_group_s_own_words_and_the_notice_are_one_message(
    notices: Notices, database: Database, told: Told
) -> None:
    notices.greet_with(Hosts())
    for user_id in (FRIEND, MEMBER):
        notices.member_joined(GROUP, user_id)
    await until(lambda: told.times == 1, "they are greeted")
    for _, _, body in await letters(database):
        assert body.index("来了就是家人") < body.index("不要存我") < body.index("群规：不卖东西")
        assert "欢迎" not in body
    assert len(await letters(database)) == 2


async def test_in_a_raid_nobody_is_greeted_until_it_is_over(
    notices: Notices, database: Database, told: Told
) -> None:
    hosts = Hosts()
    hosts.raid = True
    notices.greet_with(hosts)
    notices._roster.set_members(GROUP, [{"user_id": MEMBER, "role": "member"}])
    for user_id in (MEMBER, MEMBER + 1):  # one of whom is gone by then
        notices.member_joined(GROUP, user_id)
    await until(lambda: hosts.asked > 2, "it was thought of more than once")
    assert await letters(database) == []
    hosts.raid = False

    async def greeted() -> bool:
        return bool(await letters(database))

    await until(greeted, "they are greeted")
    ((_, group, _),) = await letters(database)
    assert group == GROUP
    async with database.read() as connection:
        assert len((await connection.execute(select(greetings))).all()) == 1


async def test_a_group_that_asks_first_does_not_say_that_it_keeps(
    notices: Notices, database: Database, told: Told
) -> None:
    await notices._register.set_mode(GROUP, Mode.ASKED, NOW_MS)
    for user_id in (FRIEND, MEMBER):
        notices.member_joined(GROUP, user_id)
    await until(lambda: told.times == 1, "they are greeted")
    for _, _, body in await letters(database):
        assert "发「存我」" in body
        assert "不要存我" not in body


async def test_where_nothing_is_kept_only_the_group_itself_greets(
    notices: Notices, database: Database, told: Told
) -> None:
    await notices._register.set_mode(GROUP, Mode.OFF, NOW_MS)
    notices.member_joined(GROUP, MEMBER)
    await until(lambda: told.times == 1, "it was their turn")
    assert await letters(database) == []
    notices.greet_with(Hosts())
    notices.member_joined(GROUP, MEMBER + 1)
    await until(lambda: told.times == 2, "it was their turn")
    ((_, _, body),) = await letters(database)
    assert "来了就是家人" in body
    assert "存" not in body


async def test_nobody_is_told_twice(notices: Notices, database: Database, told: Told) -> None:
    for times in (1, 2):
        notices.member_joined(GROUP, MEMBER)
        await until(lambda times=times: told.times == times, "it was their turn")
    assert len(await letters(database)) == 1


async def test_the_first_words_in_a_group_fit_what_it_keeps(
    notices: Notices, database: Database
) -> None:
    await notices.joined_group(GROUP, NOW_MS)
    await notices.joined_group(GROUP, NOW_MS)
    await notices._register.set_mode(GROUP, Mode.ASKED, NOW_MS)
    await notices.joined_group(GROUP, NOW_MS + 1)
    await notices._register.set_mode(GROUP, Mode.OFF, NOW_MS)
    await notices.joined_group(GROUP, NOW_MS + 2)
    everybody, asked = [body for _, _, body in await letters(database)]
    assert "不要存我" in everybody
    assert "发「存我」" in asked


def test_a_text_with_an_unknown_place_is_refused(tmp_path: Path) -> None:
    text = (DATA_ROOT / "privacy" / "notices.toml").read_text("utf-8")
    (tmp_path / "notices.toml").write_text(text.replace("{group}", "{gruppe}"), "utf-8")
    with pytest.raises(ValueError, match="gruppe"):
        load_wording(tmp_path)
