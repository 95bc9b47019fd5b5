"""那年今日: only for those who asked, only their own, and not in bad times."""

from datetime import date

from sqlalchemy import insert, update

from liudeng.db import Database
from liudeng.desk import CaseKind, CaseState
from liudeng.desk.tables import cases
from liudeng.library import (
    Visibility,
    is_remembering,
    remind_of_that_day,
    set_remembrance,
    withdraw,
)
from liudeng.outbox import Target
from tests.fakes.payloads import GROUP, MEMBER, OTHER_MEMBER
from tests.library.conftest import Room

TODAY = date(2027, 2, 13)
ME = str(MEMBER)


async def ask_for_it(database: Database, user_id: str = ME, *, active: bool = True) -> None:
    async with database.write() as connection:
        await set_remembrance(connection, user_id, active=active)


async def remind(room: Room, today: date = TODAY) -> list[str]:
    """Return the letters of that morning."""
    before = len(await room.letters())
    async with room.database.write() as connection:
        posted = await remind_of_that_day(connection, today)
    letters = (await room.letters())[before:]
    assert len(letters) == posted
    assert all(letter.target is Target.PRIVATE for letter in letters)
    return [letter.text for letter in letters]


async def test_nobody_is_reminded_who_did_not_ask(room: Room, database: Database) -> None:
    await room.place()
    assert await remind(room) == []
    await ask_for_it(database)
    await ask_for_it(database, active=False)
    assert await remind(room) == []
    async with database.read() as connection:
        assert not await is_remembering(connection, ME)


async def test_an_author_gets_one_private_letter_of_their_own(
    room: Room, database: Database
) -> None:
    await ask_for_it(database)
    await ask_for_it(database, str(OTHER_MEMBER))
    secret = await room.place(Visibility.PRIVATE, title="只给自己", day=date(2025, 2, 13))
    await room.place(title="去年的")
    await room.place(title="别人的", author_id="5")
    await room.place(title="另一天", day=date(2026, 2, 14))
    await room.place(title="今天的", day=TODAY)
    [letter] = await remind(room)
    assert letter.splitlines()[:3] == [
        "那年今日，你留下过：",
        f"1 年前 · {secret.id + 1} 号《去年的》 · 小暖",
        f"2 年前 · {secret.id} 号《只给自己》 · 小暖",
    ]
    assert "那年今日 关" in letter
    assert not any(title in letter for title in ("别人的", "另一天", "今天的"))
    assert (await room.letters())[0].target_id == MEMBER
    assert await remind(room) == [], "once a day"
    assert len(await remind(room, date(2028, 2, 13))) == 1


async def test_29_february_is_remembered_on_the_28th_in_common_years(
    room: Room, database: Database
) -> None:
    await ask_for_it(database)
    await room.place(title="闰日的", day=date(2024, 2, 29))
    assert await remind(room, date(2026, 3, 1)) == []
    assert "闰日的" in (await remind(room, date(2026, 2, 28)))[0]
    assert await remind(room, date(2028, 2, 28)) == []
    assert "闰日的" in (await remind(room, date(2028, 2, 29)))[0]


async def test_what_was_recalled_or_withdrawn_is_not_brought_up(
    room: Room, database: Database
) -> None:
    await ask_for_it(database)
    message = await room.say()
    await room.place(message_row=message.id)
    entry = await room.place()
    await room.recall(message)
    async with database.write() as connection:
        await withdraw(connection, entry.id, 2)
    assert await remind(room) == []


async def test_while_a_case_is_open_the_past_is_left_alone(room: Room, database: Database) -> None:
    await ask_for_it(database)
    await room.place()
    async with database.write() as connection:
        await connection.execute(
            insert(cases).values(
                group_id=GROUP,
                subject_id=ME,
                subject_name="满月",
                kind=CaseKind.DISTRESS.value,
                level=3,
                state=CaseState.OPEN.value,
                alerts=1,
                opened_ms=0,
            )
        )
    assert await remind(room) == []
    for state, letters in ((CaseState.CLAIMED, 0), (CaseState.CLOSED, 1)):
        async with database.write() as connection:
            await connection.execute(update(cases).values(state=state.value))
        assert len(await remind(room)) == letters


async def test_a_long_list_is_cut(room: Room, database: Database) -> None:
    await ask_for_it(database)
    for _ in range(7):
        await room.place()
    [letter] = await remind(room)
    assert "……还有 2 封" in letter
