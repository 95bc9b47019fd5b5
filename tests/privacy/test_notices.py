"""New members are told once: privately where that goes, together where it does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.outbox.tables import outbox
from liudeng.privacy import Mode, Pseudonyms, Register
from liudeng.privacy.notices import Notices, Terms
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
