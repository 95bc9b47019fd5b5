"""What is said in the group is archived exactly once, whatever the line does."""

import json
import re
from typing import Any

import pytest

from benchmarks.support.reckoning import Reckoning
from benchmarks.support.rig import Rig, quoted_id, wall_ms
from benchmarks.support.waiting import until
from simulator import GroupSpec, SimulatorConfig
from simulator.faults import FaultOrder

GROUP = 714400213
NOTHING_WRONG = Reckoning(lost=(), twice=())
_HIT = re.compile(r"^#(\d+) ", re.MULTILINE)


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    return {"SEARCH_PAGE_SIZE": 20, "API_TIMEOUT": 5}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    """Members enough that nobody asks more often than the bot answers one person."""
    return SimulatorConfig(groups=(GroupSpec(group_id=GROUP, name="守夜群", members=60),))


async def test_a_flood_is_archived_once_and_found_whole(rig: Rig) -> None:
    """A thousand leaves of five trees; five members page through all leaves of one tree each."""
    trees = ("银杏", "红枫", "梧桐", "香樟", "乌桕")
    leaves = {tree: [f"{tree}的落叶 第{number}片" for number in range(200)] for tree in trees}
    for same in zip(*leaves.values(), strict=True):
        await rig.say_all("xiaoman", list(same))
    await rig.complete()
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG

    texts = dict(rig.archive.rows("SELECT seq, text FROM messages"))
    before = len(rig.sim.sent)
    for tree in trees:
        asker = rig.bystander()
        pages = [await rig.ask(asker, f"搜 {tree} 显示:全部")]
        assert "共 200 条，第 1–20 条" in pages[0].text
        pages += [await rig.ask(asker, "下一页") for _ in range(9)]
        found = [texts[int(number)] for page in pages for number in _HIT.findall(page.text)]
        assert found == leaves[tree][::-1]
        assert "没有可以往下翻的搜索" in (await rig.ask(asker, "下一页")).text
    assert len(rig.sim.sent) == before + 5 * 11
    assert "共 1000 条" in (await rig.ask(rig.bystander(), "搜 落叶")).text


async def test_the_answer_quotes_the_asker_and_leads_to_the_context(rig: Rig) -> None:
    await rig.say_all("hezi", ["开头第一句", "开头第二句", "想找回那只蓝鹦鹉", "结尾第一句"])
    await rig.flush()
    before = rig.sim.sent_rows()
    asked = await rig.sim.say("laozhou", "搜 蓝鹦鹉")
    answer = await rig.sim.wait_sent(lambda sent: quoted_id(sent) == asked.message_id)
    assert (answer.target, answer.group_id) == ("group", rig.group_id)
    [number] = _HIT.findall(answer.text)

    [[parrot]] = rig.archive.rows("SELECT message_id FROM messages WHERE seq = ?", int(number))
    await rig.sim.say("laozhou", f"上下文 {number}")
    context = await rig.sim.wait_sent(lambda sent: str(quoted_id(sent)) == parrot)
    lines = [line.partition("：")[2] for line in context.text.splitlines()[1:]]
    around = lines.index("【想找回那只蓝鹦鹉】")
    assert lines[around - 2 : around] == ["开头第一句", "开头第二句"]
    assert lines[around + 1] == "结尾第一句"
    assert len(rig.sim.sent) == len(before) + 2


async def test_repeated_and_reordered_events_change_nothing(rig: Rig) -> None:
    rig.sim.accident(FaultOrder(repeat=0.3, reorder=0.3))
    duplicates = (await rig.bot.health())["duplicates"]
    await rig.say_all("xiaoman", [f"来回 {number}" for number in range(300)])
    asked = await rig.sim.say(rig.bystander(), "搜 来回")
    await rig.complete()
    rig.sim.accident(FaultOrder(reset=True))
    # Its card takes a moment to be drawn; a second answer would come before the flush is over.
    await rig.sim.wait_sent(lambda sent: quoted_id(sent) == asked.message_id, timeout=30)
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
    assert (await rig.bot.health())["duplicates"] > duplicates + 30
    answers = [sent for sent in rig.sim.sent if quoted_id(sent) == asked.message_id]
    assert len(answers) == 1


async def test_a_line_cut_in_a_flood_loses_nothing(rig: Rig) -> None:
    since = wall_ms()
    rig.sim.start_flood(rig.group_id, 800, 800)
    said = len(rig.sim.world.messages)
    await until(lambda: len(rig.sim.world.messages) > said + 200, "a quarter was said")
    rig.sim.drop_connection(reconnect_after=0.3)
    await until(lambda: len(rig.sim.world.messages) >= said + 800, "everything was said")
    await rig.reconnected(since)
    await rig.complete()
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
    assert _backfilled(rig) > 0


async def test_what_was_said_while_offline_comes_back(rig: Rig) -> None:
    before = _backfilled(rig)
    rig.sim.accident(FaultOrder(offline=True))
    await rig.say_all("hezi", [f"断网时说的 {number}" for number in range(250)])
    rig.sim.accident(FaultOrder(offline=False))
    await rig.reconnect()
    await rig.say_all("hezi", ["又连上了"])
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
    assert _backfilled(rig) == before + 250
    assert "共 250 条" in (await rig.ask(rig.bystander(), "搜 断网时说的")).text


@pytest.mark.parametrize("operator", [None, "laozhou"])
async def test_a_recalled_message_leaves_search_at_once(rig: Rig, operator: str | None) -> None:
    text = f"这句要收回 {operator or 'author'}"
    message = await rig.sim.say("hezi", text)
    await rig.flush()
    assert "共 1 条" in (await rig.ask(rig.bystander(), f"搜 “{text}”")).text
    await rig.sim.recall(message.message_id, operator)
    await until(lambda: _is_recalled(rig, message.message_id), "the recall is archived")
    assert "没有找到" in (await rig.ask(rig.bystander(), f"搜 “{text}”")).text


async def test_a_recall_that_overtakes_its_message_counts(rig: Rig) -> None:
    """Said while offline; the page of history with it is on its way when it is recalled."""
    rig.sim.accident(FaultOrder(offline=True))
    message = await rig.sim.say("hezi", "没人听见就收回了")
    kept = await rig.sim.say("hezi", "没人听见但留着")
    rig.sim.accident(FaultOrder(offline=False, answer_delay=0.4))
    since, calls = wall_ms(), len(rig.sim.calls)
    rig.sim.drop_connection()
    await rig.sim.wait_call(
        lambda call: call.action == "get_group_msg_history", timeout=15, after=calls
    )
    await rig.sim.recall(message.message_id)
    await rig.reconnected(since)
    rig.sim.accident(FaultOrder(reset=True))
    assert {message.seq, kept.seq} <= rig.copies().keys()
    assert "共 1 条" in (await rig.ask(rig.bystander(), "搜 没人听见")).text


async def test_a_recall_of_a_message_nobody_heard_leaves_no_trace(rig: Rig) -> None:
    rig.sim.accident(FaultOrder(offline=True))
    message = await rig.sim.say("hezi", "谁也不会知道的话")
    rig.sim.accident(FaultOrder(offline=False))
    await rig.sim.recall(message.message_id)
    await rig.reconnect()
    await rig.flush()
    assert message.seq not in rig.copies()
    assert "没有找到" in (await rig.ask(rig.bystander(), "搜 谁也不会知道")).text


def hostile_payloads(group_id: int) -> list[str]:
    """Frames that no sane implementation sends."""
    good: dict[str, Any] = {
        "time": 1_770_000_000,
        "self_id": 10001,
        "post_type": "message",
        "message_type": "group",
        "sub_type": "normal",
        "message_id": 77,
        "group_id": group_id,
        "user_id": 2840011003,
        "message": [{"type": "text", "data": {"text": "x"}}],
        "raw_message": "x",
        "font": 0,
        "sender": {"user_id": 2840011003, "nickname": "小满"},
    }
    bad: list[dict[str, Any]] = [
        {"message_id": None},
        {"message_id": "9" * 5_000},
        {"message_id": {"$gt": 0}},
        {"group_id": 2**80},
        {"user_id": []},
        {"time": "1e999", "message_id": []},
        {"message": None},
        {"message": 7},
        {"message_id": True},
    ]
    recall = {"post_type": "notice", "notice_type": "group_recall", "group_id": "x"}
    half_emoji = [{"type": "text", "data": {"text": "\ud83c 半个表情"}}]
    frames = [json.dumps(good | change) for change in bad]
    frames += [json.dumps(good | {"message_id": 78, "message": half_emoji})]
    frames += [json.dumps({"self_id": 10001, "time": 0} | recall)]
    return [*frames, "null", "[]", '"text"', "17", "", "[" * 50_000, '{"echo": "1"}', "\0"]


def odd_messages() -> list[list[dict[str, Any]]]:
    """Messages that are strange and yet must be archived."""
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"deeper": deep}
    return [
        [{"type": "text", "data": {"text": "'; DROP TABLE messages; --"}}],
        [{"type": "text", "data": {"text": "零\0字节"}}],
        [{"type": "text", "data": {"text": "长" * 50_000}}],
        [{"type": "json", "data": {"data": "{" * 5_000}}],
        [{"type": "no_such_segment", "data": deep}],
        [{"type": "at", "data": {"qq": "all"}}] * 1_500,
    ]


async def test_broken_and_hostile_frames_stop_nothing(rig: Rig) -> None:
    connections = rig.sim.connection.times_connected
    refused = (await rig.bot.health())["refused"]
    for number, frame in enumerate(hostile_payloads(rig.group_id)):
        rig.sim.connection.post(frame)
        await rig.sim.say("hezi", f"好好的一句 {number}")
    for message in odd_messages():
        await rig.sim.say("hezi", message)
    rig.sim.send_malformed(10)
    await rig.complete()
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
    health = await rig.bot.health()
    assert health["ok"]
    assert health["refused"] > refused
    assert rig.sim.connection.times_connected == connections
    assert "共 1 条" in (await rig.ask(rig.bystander(), "搜 半个表情")).text


def _is_recalled(rig: Rig, message_id: int) -> bool:
    query = "SELECT 1 FROM messages WHERE message_id = ? AND recalled_ms IS NOT NULL"
    return bool(rig.archive.rows(query, str(message_id)))


def _backfilled(rig: Rig) -> int:
    return rig.archive.rows("SELECT count(*) FROM messages WHERE source = 1")[0][0]
