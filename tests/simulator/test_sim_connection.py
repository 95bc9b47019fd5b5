"""The reverse WebSocket: handshake, first words, coming back."""

from simulator import Simulator
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot


async def test_handshake_carries_the_headers_of_a_universal_client(
    bot: FakeBot, start: Start
) -> None:
    await start(token="s3cret", self_id=10002)
    headers = bot.handshakes[0]
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["X-Self-ID"] == "10002"
    assert headers["X-Client-Role"] == "Universal"


async def test_without_a_token_no_authorization_is_sent(bot: FakeBot, sim: Simulator) -> None:
    assert "Authorization" not in bot.handshakes[0]


async def test_lifecycle_connect_is_the_first_frame(bot: FakeBot, sim: Simulator) -> None:
    await sim.say("xiaoman", "在吗")
    await bot.until(lambda: len(bot.events) >= 2)
    assert bot.events[0]["meta_event_type"] == "lifecycle"
    assert bot.events[0]["sub_type"] == "connect"
    assert bot.events[1]["raw_message"] == "在吗"


async def test_heartbeats_come_in_the_configured_interval(bot: FakeBot, start: Start) -> None:
    await start(heartbeat=0.01)
    beat = await bot.event(meta_event_type="heartbeat")
    assert beat["interval"] == 10
    assert beat["status"] == {"online": True, "good": True}


async def test_it_comes_back_by_itself(bot: FakeBot, sim: Simulator) -> None:
    await bot.hang_up()
    await bot.until(lambda: len(bot.events) == 2)
    assert [event["meta_event_type"] for event in bot.events] == ["lifecycle", "lifecycle"]
    assert sim.connection.times_connected == 2


async def test_it_keeps_calling_a_bot_that_refuses(bot: FakeBot, start: Start) -> None:
    bot.refusing = 3
    simulator = await start()
    await simulator.wait_connected()
    assert len(bot.handshakes) == 4


async def test_what_is_said_while_disconnected_is_lost_but_stays_in_history(
    bot: FakeBot, sim: Simulator
) -> None:
    sim.drop_connection(reconnect_after=0.2)
    lost = await sim.say("xiaoman", "断线的时候说的")
    await sim.wait_connected()
    heard = await sim.say("xiaoman", "回来以后说的")
    await bot.event(message_id=heard.message_id)
    assert [event["message_id"] for event in bot.messages] == [heard.message_id]
    assert sim.truth()[0]["sent_at"] is None
    history = await bot.data("get_group_msg_history", group_id=GROUP)
    found = [message["message_id"] for message in history["messages"]]
    assert found == [lost.message_id, heard.message_id]


async def test_nothing_connects_without_a_url(bot: FakeBot, start: Start) -> None:
    simulator = await start(url=None)
    message = await simulator.say("xiaoman", "自言自语")
    assert not simulator.connected
    assert simulator.truth()[0]["message_id"] == message.message_id
