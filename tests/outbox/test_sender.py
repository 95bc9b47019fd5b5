"""The sender: done, refused or unknown, and each letter exactly once as far as can be known."""

import asyncio
from typing import Any

import pytest

from liudeng.db import Database
from liudeng.outbox import (
    Kind,
    NotConnected,
    OutcomeUnknown,
    Pace,
    Refused,
    Sender,
    Target,
    count_letters,
    others_on_their_way,
    post,
)
from tests.fakes import trouble
from tests.fakes.gateway import Call, FakeGateway
from tests.fakes.payloads import ADMIN, GROUP, OWNER, STAFF_GROUP
from tests.fakes.waiting import closes, until
from tests.outbox.conftest import Clock, MakeSender, Outbox, Routes, letter

RISK = Refused(100, "SEND_MSG_API_ERROR")
NO_FRIEND = Refused(1200, "not a friend")


async def test_a_letter_is_sent_once_with_proof(box: Outbox, gateway: FakeGateway) -> None:
    await box.post(letter("a"))
    await box.until("a", "done")
    assert gateway.sent() == [
        Call(
            "send_private_msg",
            {"user_id": ADMIN, "message": [{"type": "text", "data": {"text": "【a】"}}]},
        )
    ]
    row = (await box.rows())["a"]
    assert (row.sent_message_id, row.attempts) == ("9000", 1)
    assert row.handed_ms is not None
    assert row.done_ms is not None


async def test_an_ok_to_what_was_never_sent_is_found_out(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    """The implementation has shown that it knows what the account says."""
    gateway.next("get_msg", {"message_id": 9000}, Refused(1200, "no such message"))
    await box.post(letter("known"))
    await box.until("known", "done")
    gateway.next("send_private_msg", {"message_id": 4711})
    await box.post(letter("pretended"))
    await box.until("pretended", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("pretended", "done")
    assert gateway.delivered(ADMIN) == ["【known】", "【pretended】"]


async def test_where_its_own_messages_cannot_be_looked_up_an_ok_is_believed(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("get_msg", Refused(1404, "no such action"))
    await box.post(letter("a"))
    await box.until("a", "done")
    clock.forward(60)
    await box.post(letter("b"))
    await box.until("b", "done")
    assert gateway.delivered(ADMIN) == ["【a】", "【b】"]


async def test_before_it_has_shown_anything_an_ok_is_looked_up_too(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    """The very first alert may be the one that is answered "ok" and not sent."""
    gateway.next("get_msg", Refused(1200, "no such message"))
    gateway.next("send_private_msg", {"message_id": 4711})
    await box.post(letter("pretended"))
    await box.until("pretended", "unknown")
    clock.forward(6)
    box.sender.wake()
    await box.until("pretended:again", "done")
    (text,) = gateway.delivered(ADMIN)
    assert text == "（网络不稳，这条可能已经发过一次）\n【pretended】"


async def test_one_that_shows_nothing_at_all_repeats_one_alert_and_no_more(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("get_msg", *[Refused(1200, "no such message")] * 5)
    gateway.next("get_friend_msg_history", *[{"messages": []}] * 5)
    await box.post(letter("a"))
    await box.until("a", "unknown")
    clock.forward(6)
    box.sender.wake()
    await box.until("a:again", "unknown")
    clock.forward(6)
    box.sender.wake()
    await box.until("a:again", "done")
    await box.post(letter("b"))
    await box.until("b", "done")
    assert [text[-3:] for text in gateway.delivered(ADMIN)] == ["【a】", "【a】", "【b】"]


async def test_a_group_is_addressed_by_its_number_alone(box: Outbox, gateway: FakeGateway) -> None:
    await box.post(letter("a", target=Target.GROUP, kind=Kind.REPLY))
    await box.until("a", "done")
    (call,) = gateway.calls
    assert call.action == "send_group_msg"
    assert set(call.parameters) == {"group_id", "message"}


async def test_the_same_key_is_said_once(box: Outbox, gateway: FakeGateway) -> None:
    await box.post(letter("a"), letter("a", text="另一句"))
    await box.until("a", "done")
    await box.post(letter("a"), letter("b"))
    await box.until("b", "done")
    assert gateway.delivered(ADMIN) == ["【a】", "【b】"]


async def test_say_posts_and_sends(box: Outbox, gateway: FakeGateway) -> None:
    await box.sender.say(letter("a"))
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]


async def test_alerts_wait_for_nobody_and_answers_go_before_notices(
    box: Outbox, gateway: FakeGateway
) -> None:
    gateway.connected = False
    await box.post(
        letter("notice", kind=Kind.NOTICE),
        letter("reply", kind=Kind.REPLY),
        letter("alert"),
        letter("second alert"),
    )
    gateway.connected = True
    box.sender.wake()
    await box.until("notice", "done")
    await box.until("second alert", "done")
    said = gateway.delivered(ADMIN)
    assert [text for text in said if "alert" in text] == ["【alert】", "【second alert】"]
    assert [text for text in said if "alert" not in text] == ["【reply】", "【notice】"]


class _CountingPace(Pace):
    """Asks for a moment's patience before each message, and counts."""

    def __init__(self) -> None:
        super().__init__(60, 1)
        self.spent = 0
        self._patient = False

    def wait_s(self) -> float:
        self._patient = not self._patient
        return 0.001 if self._patient else 0.0

    def spend(self) -> None:
        self.spent += 1


async def test_every_message_keeps_the_pace(
    database: Database, gateway: FakeGateway, routes: Routes
) -> None:
    pace = _CountingPace()
    box = Outbox(database, Sender(database, gateway, pace, routes.route, routes.fall_back))
    await box.post(letter("a"), letter("b"), letter("to all", target=Target.MODERATORS))
    await box.sender.start()
    await until(lambda: len(gateway.sent()) == 2)
    await box.sender.close()
    assert pace.spent == 2, "what is only routed costs nothing"


async def test_an_answer_that_hangs_holds_up_no_alert(box: Outbox, gateway: FakeGateway) -> None:
    handed_over = gateway.never_answer("send_group_msg")
    await box.post(letter("answer", kind=Kind.REPLY, target=Target.GROUP, target_id=GROUP))
    await handed_over.wait()
    await box.post(letter("alert"))
    await box.until("alert", "done")


async def test_an_alert_that_reached_nobody_is_tried_again(
    box: Outbox, gateway: FakeGateway, routes: Routes, clock: Clock
) -> None:
    routes.instead = None
    gateway.next("send_private_msg", *[Refused(1200, "not now")] * 3)
    await box.post(letter("a"))
    await _advance_until(box, clock, "a", "done")
    assert len(gateway.sent()) == 4


async def test_an_alert_that_is_never_confirmed_is_said_twice_at_most(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    for _ in range(2):
        gateway.lose_answer("send_private_msg")
    gateway.next("get_friend_msg_history", *[Refused(1404, "no such action")] * 20)
    await box.post(letter("a"))
    await _advance_until(box, clock, "a:again", "expired")
    assert len(gateway.delivered(ADMIN)) == 2


async def test_without_a_connection_letters_wait(box: Outbox, gateway: FakeGateway) -> None:
    gateway.connected = False
    await box.post(letter("a"))
    gateway.connected = True
    gateway.next("send_private_msg", NotConnected("just gone"))
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]
    assert (await box.rows())["a"].attempts == 1, "what was not handed over is no attempt"


async def test_what_is_stale_is_not_said(box: Outbox, gateway: FakeGateway, clock: Clock) -> None:
    gateway.connected = False
    await box.post(letter("answer", kind=Kind.REPLY, lifetime_ms=60_000), letter("alert"))
    clock.forward(61)
    gateway.connected = True
    box.sender.wake()
    await box.until("answer", "expired")
    await box.until("alert", "done")
    assert gateway.delivered(ADMIN) == ["【alert】"]


async def test_what_an_answer_quoted_does_not_outlive_it_and_an_alert_does(box: Outbox) -> None:
    await box.post(letter("answer", kind=Kind.REPLY), letter("alert"))
    await box.until("answer", "done")
    rows = await box.rows()
    assert rows["answer"].body == "[]"
    assert "alert" in rows["alert"].body


async def test_an_answer_that_was_lost_is_found_in_the_history_and_not_said_again(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.lose_answer("send_private_msg")
    await box.post(letter("a"))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]
    assert gateway.calls[-1].action == "get_friend_msg_history"
    assert (await box.rows())["a"].sent_message_id == "9000"


@pytest.mark.parametrize("string_format", [False, True])
async def test_it_is_found_in_every_format_of_messages(
    string_format: bool, box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.string_format = string_format
    gateway.lose_answer("send_private_msg")
    await box.post(letter("a", text="A&B [值班] 案件 1"))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")
    assert len(gateway.sent()) == 1


async def test_what_did_not_arrive_is_sent_again(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", OutcomeUnknown("timed out"))
    await box.post(letter("a"))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]
    assert len(gateway.sent()) == 2


async def test_a_group_s_history_is_looked_at_for_a_letter_to_a_group(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.lose_answer("send_group_msg")
    await box.post(letter("a", target=Target.GROUP, target_id=STAFF_GROUP))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.calls[-1].parameters["group_id"] == STAFF_GROUP
    assert gateway.delivered(STAFF_GROUP) == ["【a】"]


@pytest.mark.parametrize("answer", [None, {}, [], {"message_id": 0}, {"message_id": None}, "ok"])
async def test_ok_without_a_message_is_no_proof(
    answer: Any, box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", answer)
    await box.post(letter("a"))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]


@pytest.mark.parametrize(
    "history", [None, {}, {"messages": None}, {"messages": [None, "x", {"message": 5}]}, []]
)
async def test_a_history_nobody_can_read_holds_nothing(
    history: Any, box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", OutcomeUnknown("timed out"))
    gateway.next("get_friend_msg_history", history)
    await box.post(letter("a"))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "done")


async def test_an_alert_whose_fate_cannot_be_known_is_said_again_and_says_so(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.lose_answer("send_private_msg")
    gateway.next("get_friend_msg_history", *[Refused(1404, "no such action")] * 5)
    await box.post(letter("a"))
    await _advance_until(box, clock, "a:again", "done")
    first, second = gateway.delivered(ADMIN)
    assert first == "【a】"
    assert second == "（网络不稳，这条可能已经发过一次）\n【a】"
    assert (await box.states())["a"] == "expired"


async def _advance_until(box: Outbox, clock: Clock, key: str, state: str) -> None:
    async def reached() -> bool:
        clock.forward(30)
        box.sender.wake()
        return (await box.states()).get(key) == state

    await until(reached, f"{key} becomes {state}")


async def test_an_answer_whose_fate_is_unknown_is_left_at_that(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", OutcomeUnknown("timed out"))
    await box.post(letter("a", kind=Kind.REPLY))
    await box.until("a", "unknown")
    clock.forward(3)
    box.sender.wake()
    await box.until("a", "expired")
    assert len(gateway.calls) == 1


async def test_a_refused_alert_takes_another_way_and_a_refused_answer_does_not(
    box: Outbox, gateway: FakeGateway, routes: Routes, caplog: pytest.LogCaptureFixture
) -> None:
    routes.instead = [letter("staff", target=Target.GROUP, target_id=STAFF_GROUP)]
    gateway.next("send_private_msg", NO_FRIEND, NO_FRIEND)
    await box.post(letter("alert"), letter("answer", kind=Kind.REPLY))
    await box.until("answer", "refused")
    await box.until("staff", "done")
    assert (await box.states())["alert"] == "refused"
    assert [asked.key for asked in routes.asked] == ["alert"]
    assert gateway.delivered(STAFF_GROUP) == ["【staff】"]
    assert "retcode 1200" in caplog.text
    assert "【alert】" not in caplog.text


async def test_a_refusal_and_the_other_way_are_one_step(
    box: Outbox, gateway: FakeGateway, routes: Routes, new_sender: MakeSender
) -> None:
    """If the process dies before another way was found, the alert is not lost with it."""
    routes.instead = [letter("staff", target=Target.GROUP, target_id=STAFF_GROUP)]
    routes.failures = 1
    gateway.next("send_private_msg", NO_FRIEND, NO_FRIEND)
    await box.post(letter("alert"))
    await until(lambda: len(routes.asked) == 1)
    assert (await box.states()) == {"alert": "sending"}
    box.sender = await new_sender()
    await box.until("staff", "done")
    assert (await box.states())["alert"] == "refused"


async def test_when_the_platform_throttles_it_waits_and_tries_again(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", RISK, RISK)
    await box.post(letter("a"))
    await _advance_until(box, clock, "a", "done")
    assert (await box.rows())["a"].attempts == 3
    assert gateway.delivered(ADMIN) == ["【a】"]


async def test_it_does_not_knock_for_ever(box: Outbox, gateway: FakeGateway, clock: Clock) -> None:
    gateway.next("send_private_msg", *[RISK] * 20)
    await box.post(letter("a"))
    await _advance_until(box, clock, "a", "refused")
    assert len(gateway.sent()) <= 5


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_was_on_its_way_when_the_bot_died_is_looked_up_first(
    arrived: bool, box: Outbox, gateway: FakeGateway, new_sender: MakeSender
) -> None:
    handed_over = gateway.never_answer("send_private_msg")
    await box.post(letter("a"))
    await handed_over.wait()
    await box.sender.close()
    assert (await box.states())["a"] == "sending"
    if arrived:
        await gateway.call("send_private_msg", user_id=ADMIN, message=list(letter("a").segments))
    box.sender = await new_sender()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]


async def test_letters_survive_a_restart(
    box: Outbox, gateway: FakeGateway, new_sender: MakeSender
) -> None:
    gateway.connected = False
    await box.post(letter("a"), letter("b"))
    box.sender = await new_sender()
    gateway.connected = True
    box.sender.wake()
    await box.until("b", "done")
    box.sender = await new_sender()
    await box.post(letter("c"))
    await box.until("c", "done")
    assert gateway.delivered(ADMIN) == ["【a】", "【b】", "【c】"]


async def test_a_letter_to_moderators_becomes_one_to_each(
    box: Outbox, gateway: FakeGateway, routes: Routes
) -> None:
    routes.routed = [letter("a|1", target_id=OWNER), letter("a|2", target_id=ADMIN)]
    await box.post(letter("a", target=Target.MODERATORS))
    await box.until("a|2", "done")
    assert (await box.states())["a"] == "routed"
    assert (gateway.delivered(OWNER), gateway.delivered(ADMIN)) == (["【a|1】"], ["【a|2】"])
    assert gateway.delivered(GROUP) == []


@pytest.mark.parametrize("not_yet", [None, ()])
async def test_it_waits_for_somebody_to_tell(
    not_yet: Any,
    box: Outbox,
    gateway: FakeGateway,
    routes: Routes,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    routes.routed = not_yet
    await box.post(letter("a", target=Target.MODERATORS), letter("b"))
    await box.until("b", "done")
    assert (await box.states())["a"] == "pending"
    assert ("警报送不出去" in caplog.text) == (not_yet == ())
    routes.routed = [letter("a|1", target_id=OWNER)]
    await _advance_until(box, clock, "a|1", "done")


@pytest.mark.parametrize("inject", [trouble.locked, trouble.read_only])
async def test_in_trouble_letters_wait(
    inject: trouble.Trouble,
    box: Outbox,
    gateway: FakeGateway,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gateway.connected = False
    await box.post(letter("a"))
    async with inject(database):
        gateway.connected = True
        box.sender.wake()
        await until(lambda: "发送队列暂停" in caplog.text)
        assert gateway.sent() == [], "nothing is said that could not be noted down first"
    box.sender.wake()
    await box.until("a", "done")
    assert gateway.delivered(ADMIN) == ["【a】"]


async def test_an_error_nobody_thought_of_is_an_unknown_outcome(
    box: Outbox, gateway: FakeGateway, clock: Clock
) -> None:
    gateway.next("send_private_msg", RuntimeError("websocket is closing"))
    await box.post(letter("a"), letter("b"))
    await box.until("b", "done")
    await _advance_until(box, clock, "a", "done")
    assert sorted(gateway.delivered(ADMIN)) == ["【a】", "【b】"]


async def test_letters_are_counted_by_state(box: Outbox, database: Database) -> None:
    await box.post(letter("a"))
    await box.until("a", "done")
    assert await count_letters(database) == {"done": 1}


async def test_whether_another_alert_is_on_its_way(
    box: Outbox, gateway: FakeGateway, database: Database
) -> None:
    gateway.connected = False
    keys = ("alert:1:1|private:1", "alert:1:1|private:2", "alert:11:1|private:1", "alert_1:1|x")
    async with database.write() as connection:
        for key in keys[:1] + keys[2:]:
            await post(connection, letter(key))
    mine = (await box.rows())[keys[0]]
    assert not await others_on_their_way(database, mine, "alert:1:1|private:")
    await box.post(letter(keys[1]))
    assert await others_on_their_way(database, mine, "alert:1:1|private:")


@pytest.mark.parametrize("steps", range(5))
async def test_it_stops_even_at_the_moment_it_is_woken(steps: int, box: Outbox) -> None:
    await box.post(letter("a"))
    await box.until("a", "done")
    await box.sender.close()
    await box.sender.start()
    for _ in range(3):
        box.sender.wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    await closes(box.sender)
