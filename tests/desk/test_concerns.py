"""What other rooms ask the desk to take up."""

import contextlib

import pytest
from pydantic import ValidationError

from liudeng.db import Database
from liudeng.desk import CaseKind, Concern, Desk
from liudeng.outbox import Target
from tests.desk.conftest import Room
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, said

LINK = "发了和已知骗局一样的链接"


def scam(**fields: object) -> Concern:
    values = {"room": "群管", "kind": CaseKind.SCAM, "group_id": GROUP, "subject_id": MEMBER}
    return Concern.model_validate({**values, "text": LINK, **fields})


async def test_a_room_opens_a_case_and_the_moderators_are_alerted(room: Room, desk: Desk) -> None:
    message = await room.say(said("点这里领红包"))
    woken: list[None] = []
    await desk.open(lambda: woken.append(None))
    case = await desk.take_up(scam(message=message))
    await desk.close()
    assert woken, "the sender is told"
    arrived = await room.deliver()
    assert {letter.target_id for letter in arrived} == {OWNER, ADMIN}
    for part in ("可能有人在骗大家", "来自：群管", LINK, "「点这里领红包」", "等级 2/3"):
        assert part in arrived[0].text
    assert f"案件 {case.id} 由你接手了" in await desk.handling.claim(case.id, ADMIN)
    assert "点这里领红包" in (await desk.viewing.context(case.id, ADMIN)).words


async def test_the_same_again_is_the_same_case_and_a_rise_alerts(room: Room, desk: Desk) -> None:
    first = await desk.take_up(scam())
    again = await desk.take_up(scam())
    risen = await desk.take_up(scam(level=3))
    assert first.id == again.id == risen.id
    assert len(await room.alerts()) == 2


async def test_inside_a_transaction_that_fails_there_is_no_case(
    room: Room, desk: Desk, database: Database
) -> None:
    with contextlib.suppress(RuntimeError):
        async with database.write() as connection:
            await desk.take_up_in(connection, scam())
            raise RuntimeError
    assert await room.letters() == []


async def test_a_mood_is_about_the_whole_group(room: Room, desk: Desk) -> None:
    mood = {"kind": CaseKind.MOOD, "subject_id": None, "room": "群气象", "text": "连着三晚很沉"}
    case = await desk.take_up(scam(**mood))
    (alert,) = await room.alerts()
    assert "成员：" not in alert.text
    assert "连着三晚很沉" in (await desk.viewing.show(case.id, OWNER)).words
    assert "｜全群｜" in await desk.viewing.overview(OWNER)


@pytest.mark.parametrize("kind", list(CaseKind))
async def test_every_kind_has_words_of_its_own(kind: CaseKind, room: Room, desk: Desk) -> None:
    subject = None if kind is CaseKind.MOOD else MEMBER
    await desk.take_up(scam(kind=kind, subject_id=subject))
    (alert,) = await room.letters()
    assert "接下来：" in alert.text
    assert alert.target is Target.MODERATORS


@pytest.mark.parametrize("fields", [{"subject_id": None}, {"kind": CaseKind.MOOD}, {"level": 4}])
def test_what_makes_no_sense_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        scam(**fields)
