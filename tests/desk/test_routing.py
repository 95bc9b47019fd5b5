"""Where an alert goes: privately to moderators who are friends, never to a watched group."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.desk import Desk, DeskOptions
from liudeng.outbox import Letter, Pace, PostedLetter, Refused, Sender, State, Target
from liudeng.roster import Roster
from tests.desk.conftest import Clock, MakeDesk, Room
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, STAFF_GROUP
from tests.fakes.waiting import until

WORDS = "我今晚就走"


@pytest.fixture
async def alert(room: Room) -> PostedLetter:
    await room.signal(WORDS)
    (letter,) = await room.letters()
    return letter


def addresses(letters: Sequence[Letter] | None) -> set[tuple[Target, int]]:
    assert letters is not None
    return {(letter.target, letter.target_id) for letter in letters}


async def test_every_moderator_who_is_a_friend_is_told_privately(
    alert: PostedLetter, desk: Desk
) -> None:
    letters = await desk.route(alert)
    assert addresses(letters) == {(Target.PRIVATE, OWNER), (Target.PRIVATE, ADMIN)}
    assert all(WORDS in letter.text for letter in letters or ())
    assert len({letter.key for letter in letters or ()}) == 2


async def test_who_is_no_friend_is_reached_through_the_staff_group_without_the_words(
    alert: PostedLetter, desk: Desk, roster: Roster
) -> None:
    roster.set_friends([OWNER])
    letters = await desk.route(alert)
    assert addresses(letters) == {(Target.PRIVATE, OWNER), (Target.GROUP, STAFF_GROUP)}
    for letter in letters or ():
        assert (WORDS in letter.text) == (letter.target is Target.PRIVATE)


async def test_if_no_moderator_is_a_friend_the_staff_group_gets_all(
    alert: PostedLetter, desk: Desk, roster: Roster
) -> None:
    roster.set_friends([])
    (letter,) = await desk.route(alert) or []
    assert (letter.target, letter.target_id) == (Target.GROUP, STAFF_GROUP)
    assert WORDS in letter.text


async def test_without_a_staff_group_there_may_be_nobody(
    alert: PostedLetter, make_desk: MakeDesk, roster: Roster
) -> None:
    roster.set_friends([])
    assert await make_desk(staff_group=None).route(alert) == []
    roster.set_groups({GROUP: "守灯人"})
    assert await make_desk().route(alert) == [], "the bot is not in the staff group"


async def test_it_waits_until_it_is_known_who_they_are(
    alert: PostedLetter, database: Database, zone: ZoneInfo, clock: Clock
) -> None:
    unknown = Roster({})
    desk = Desk(database, unknown, STAFF_GROUP, zone, DeskOptions(clock=clock))
    assert await desk.route(alert) is None
    unknown.set_friends([OWNER])
    assert await desk.route(alert) is None
    unknown.set_members(GROUP, [{"user_id": OWNER, "role": "owner"}])
    assert addresses(await desk.route(alert)) == {(Target.PRIVATE, OWNER)}


async def test_whom_a_case_is_about_is_not_told(room: Room, desk: Desk) -> None:
    await room.signal(user_id=ADMIN)
    (letter,) = await room.letters()
    assert addresses(await desk.route(letter)) == {(Target.PRIVATE, OWNER)}


async def test_configured_moderators_take_the_place_of_owner_and_admins(
    alert: PostedLetter, database: Database, zone: ZoneInfo
) -> None:
    roster = Roster({GROUP: frozenset({MEMBER + 1})})
    roster.set_friends([OWNER, MEMBER + 1])
    configured = Desk(database, roster, None, zone)
    assert addresses(await configured.route(alert)) == {(Target.PRIVATE, MEMBER + 1)}


class Wired:
    """The desk with its sender and a gateway in memory."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self.gateway = FakeGateway()
        self.sender = Sender(database, self.gateway, Pace(0, 1), desk.route, desk.fall_back)

    async def settle(self, room: Room) -> dict[str, State]:
        """Let the sender do all it can; return what became of each letter."""

        async def done() -> bool:
            states = {letter.state for letter in await room.letters()}
            return not states & {State.PENDING, State.SENDING, State.UNKNOWN}

        await self.sender.start()
        await until(done, "all letters are settled")
        await self.sender.close()
        return {letter.key: letter.state for letter in await room.letters()}


@pytest.fixture
def wired(database: Database, desk: Desk) -> Wired:
    return Wired(database, desk)


@pytest.mark.usefixtures("alert")
async def test_an_alert_never_carries_a_group_and_never_reaches_a_watched_one(
    wired: Wired, room: Room, roster: Roster
) -> None:
    roster.set_friends([OWNER])
    await wired.settle(room)
    sent = wired.gateway.sent()
    assert [set(call.parameters) for call in sent if call.action == "send_private_msg"] == [
        {"user_id", "message"}
    ]
    assert {call.parameters.get("group_id") for call in sent} == {None, STAFF_GROUP}
    assert wired.gateway.delivered(GROUP) == []


@pytest.mark.usefixtures("alert")
async def test_a_moderator_who_cannot_be_reached_is_replaced_by_a_notice_without_words(
    wired: Wired, room: Room
) -> None:
    wired.gateway.next("send_private_msg", Refused(1200, "not a friend"))
    states = await wired.settle(room)
    assert sorted(states.values()) == ["done", "done", "refused", "routed"]
    (notice,) = wired.gateway.delivered(STAFF_GROUP)
    assert WORDS not in notice
    assert "详情已私聊值班管理" in notice


@pytest.mark.usefixtures("alert")
async def test_if_no_moderator_can_be_reached_the_staff_group_gets_the_words_once(
    wired: Wired, room: Room
) -> None:
    wired.gateway.next("send_private_msg", *[Refused(1200, "not a friend")] * 2)
    await wired.settle(room)
    assert sum(WORDS in text for text in wired.gateway.delivered(STAFF_GROUP)) == 1


@pytest.mark.usefixtures("alert")
async def test_while_nobody_was_told_even_a_refusal_by_the_staff_group_is_tried_again(
    wired: Wired, room: Room, roster: Roster
) -> None:
    roster.set_friends([])
    wired.gateway.next("send_group_msg", Refused(120, "muted"))
    states = await wired.settle(room)
    assert sorted(states.values()) == ["done", "routed"]
    assert len(wired.gateway.sent()) == 2


async def test_a_reminder_that_is_refused_tells_nobody_twice(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await room.pass_time(clock, minutes=6)
    (reminder, _) = await room.pass_time(clock, minutes=6)
    assert await desk.fall_back(reminder) == []


async def test_an_alert_without_its_case_is_an_error(alert: PostedLetter, desk: Desk) -> None:
    with pytest.raises(LookupError):
        await desk.route(alert.model_copy(update={"case_id": 99}))
