"""One case from the first signal to the third day, as everybody in it sees it."""

import sqlite3
from contextlib import closing

import pytest

from benchmarks.support.cast import (
    ATANG,
    DANGER_TEXT,
    LAOZHOU,
    QIQI,
    STAFF,
    WATCHED,
    staffed_group,
)
from benchmarks.support.reckoning import case_number
from benchmarks.support.rig import Rig
from simulator import SimulatorConfig
from simulator.ledger import Sent

PATIENCE_MIN = 0.1
WITHIN_S = 90.0


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    # In words, so that the story can be read; as a rule the same stands on a card.
    return {
        "STAFF_GROUP": STAFF,
        "API_TIMEOUT": 5,
        "ACK_MINUTES": PATIENCE_MIN,
        "ALERT_CARDS": False,
    }


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    return staffed_group(members=20)


class Story:
    """The bot, the people, and what they hear."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.subject = rig.bystander()
        self.number = 0

    async def says_in_the_group(self, words: str) -> None:
        await self.rig.sim.say(self.subject, words)

    async def hears(self, who: int, words: str, after: int = 0) -> Sent:
        """Wait until a person or a group is told something."""

        def fits(sent: Sent) -> bool:
            return who in (sent.user_id, sent.group_id) and words in sent.text

        return await self.rig.sim.wait_sent(fits, WITHIN_S, after)

    async def asks(self, who: int | str, words: str) -> str:
        """Say something to the bot in private; return its answer."""
        return (await self.rig.ask(who, words, private=True)).text

    async def says_among_staff(self, who: str, words: str, reply_to: Sent) -> str:
        """Say something in the staff group, quoting the bot; return its answer."""
        before = len(self.rig.sim.sent)
        await self.rig.sim.say(who, words, group=STAFF, reply_to=reply_to.message_id)
        return (await self.hears(STAFF, f"案件 {self.number}", before)).text

    def hours_pass(self, hours: int) -> None:
        """Put forward what is due, as if the clock on the wall had gone on."""
        with closing(sqlite3.connect(self.rig.bot.database, timeout=20)) as connection, connection:
            connection.execute(
                "UPDATE desk_timers SET due_ms = due_ms - ? WHERE fired_ms IS NULL",
                (hours * 3_600_000,),
            )


async def test_one_case_from_the_first_signal_to_the_third_day(rig: Rig) -> None:
    story = Story(rig)
    rig.sim.stage.befriend(story.subject, friend=True)

    # A member writes what must not be overlooked. Both moderators whom the bot knows are told
    # in private, with the words; the third has not befriended it and is reached among the staff.
    await story.says_in_the_group(DANGER_TEXT)
    alert = await story.hears(ATANG, DANGER_TEXT)
    await story.hears(LAOZHOU, DANGER_TEXT)
    notice = await story.hears(STAFF, "有一位成员可能正处在危险里")
    assert DANGER_TEXT not in notice.text
    assert DANGER_TEXT not in alert.text.splitlines()[0], "a notification shows no quotation"
    story.number = case_number(alert) or 0

    # Nobody is at the telephone. When the time is up the staff group is asked who can.
    call = await story.hears(STAFF, "还没有人接手")
    assert DANGER_TEXT not in call.text

    # 七七 is there. She answers the call with one word, and the others hear of it.
    assert "由你接手了" in await story.says_among_staff("qiqi", "接手", reply_to=call)
    await story.hears(ATANG, "由 七七 接手了")
    assert "已经由 七七 接手" in await story.asks("atang", f"接手 {story.number}")

    # She has to leave and hands the case to 老周, who is told in private what this is about.
    answer = await story.says_among_staff("qiqi", f"转交 {LAOZHOU} 我要上班", reply_to=call)
    assert "转交给 老周" in answer
    handed = await story.hears(LAOZHOU, "七七 把案件")
    assert "我要上班" in handed.text

    # He reads what happened, and what was said around it. Both are noted.
    card = await story.asks("laozhou", f"案件 {story.number}")
    assert DANGER_TEXT in card
    assert "七七 转交给老周" in card
    assert DANGER_TEXT in await story.asks("laozhou", f"前后文 {story.number}")

    # The bot drafts a gentle message. It goes out when he has seen it and says so, not before.
    draft = await story.asks("laozhou", f"送上资源 {story.number}")
    assert "12356" in draft
    assert not any(sent.user_id == story.subject for sent in rig.sim.sent)
    assert "发出去了" in await story.asks("laozhou", "确认")
    letter = await story.hears(story.subject, "12356")
    assert letter.text.endswith("的管理团队")

    # They talk. He writes it down, closes the case, and is asked how he himself is.
    assert "记下了" in await story.asks("laozhou", f"备注 {story.number} 打通了电话，姐姐在路上")
    closed = await story.asks("laozhou", f"完结 {story.number} 在姐姐家")
    assert "24 小时和 72 小时" in closed
    assert "我需要休息" in closed

    # A day later, and two more days after that, he is reminded to ask how they are. The bot was
    # restarted in between.
    before = len(rig.sim.sent)
    story.hours_pass(24)
    await story.hears(LAOZHOU, "完结后 24 小时到了", before)
    await rig.bot.kill()
    await rig.bot.start()
    await rig.sim.wait_connected(60)
    story.hours_pass(48)
    await story.hears(LAOZHOU, "完结后 72 小时到了", before)

    # The member may know how often they were looked at, and by whom only in kind.
    seen = await story.asks(story.subject, "谁看过我")
    assert "被打开过 2 次：管理 2 次" in seen
    assert "老周" not in seen

    # All that time the group was told nothing, and nobody was told the same thing twice.
    assert not any(sent.leaked or sent.group_id == WATCHED for sent in rig.sim.sent)
    told = [(one.user_id or one.group_id, one.text) for one in rig.sim.sent]
    unasked = [entry for entry in told if entry[1].startswith("【留灯】案件")]
    assert len(unasked) == len(set(unasked))
    assert all(one.user_id != QIQI for one in rig.sim.sent), "who is no friend gets no letter"
