"""候选, 收录, 驳回, 归类, 核实链接, 下架, 改资源, 置顶: what moderators do."""

from datetime import date

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.outbox.tables import outbox
from liudeng.resources.chat import LinkDesk
from liudeng.resources.entry import PETITIONS, Resource, State, Why
from liudeng.resources.ledger import resource, resource_at, vote
from liudeng.resources.personal import LinkHolder
from liudeng.resources.pinning import Pinning
from liudeng.resources.probing.records import enroll
from liudeng.resources.staff import LinkStaff, Moderator
from liudeng.resources.tables import link_sightings, resource_probes
from liudeng.resources.typed import read_day, read_fields, split_until
from tests.fakes.payloads import GROUP, OTHER_GROUP, segment
from tests.resources.conftest import Enter, Log, member, moderator

TODAY = date(2026, 11, 22)
URL = "https://letters.example/one"


async def at(database: Database, key: str, group: int = GROUP) -> Resource:
    async with database.read() as connection:
        entry = await resource_at(connection, key, (group,))
    assert entry is not None
    return entry


async def test_a_candidate_is_taken_in_with_category_and_title(
    log: Log, staff: LinkStaff, desk: LinkDesk, database: Database
) -> None:
    await log.say(URL)
    number = (await at(database, "letters.example/one")).id
    answer = await staff.take_in(moderator(), f"{number} 请愿 一封公开信")
    assert f"收录了，{number} 号" in answer
    entry = await at(database, "letters.example/one")
    assert (entry.state, entry.category, entry.title) == (State.LISTED, PETITIONS, "一封公开信")
    assert entry.verified_on == TODAY
    assert "一封公开信" in (await desk.ask(member(), "请愿")).plain


async def test_a_link_can_be_taken_in_as_it_is_typed(staff: LinkStaff, database: Database) -> None:
    answer = await staff.take_in(moderator(), f"{URL}?utm_source=qq 导出 三步")
    assert "收录了" in answer
    entry = await at(database, "letters.example/one")
    assert (entry.category, entry.title, entry.group_id) == ("导出与备份", "三步", GROUP)
    again = await staff.take_in(moderator(), f"{URL}/ 四步")
    assert f"{entry.id} 号" in again
    assert (await at(database, "letters.example/one")).title == "四步"


@pytest.mark.parametrize("typed", ["https://127.0.0.1/a", "ftp://example.com/a", "https://"])
async def test_what_nobody_can_open_is_not_taken_in(typed: str, staff: LinkStaff) -> None:
    assert "收录了" not in await staff.take_in(moderator(), typed)


async def test_a_look_alike_is_taken_in_with_a_warning(staff: LinkStaff) -> None:
    answer = await staff.take_in(moderator(), "https://chatgpt-club.com/a 其他 墙")
    assert "收录了" in answer
    assert "⚠" in answer


async def test_a_shared_link_is_changed_for_the_moderators_group_alone(
    staff: LinkStaff, desk: LinkDesk, listing: Enter
) -> None:
    number = await listing("https://a.example/shared")
    assert "收起了" in await staff.take_down(moderator(), str(number))
    assert "没有" in (await desk.ask(member(), str(number))).text
    assert "a.example" in (await desk.ask(member(OTHER_GROUP), str(number))).plain


async def test_who_looks_after_several_groups_says_which(
    staff: LinkStaff, desk: LinkDesk, listing: Enter
) -> None:
    number = await listing("https://a.example/shared")
    both = moderator(GROUP, OTHER_GROUP)
    assert "写上群号" in await staff.take_down(both, str(number))
    assert "收起了" in await staff.take_down(both, f"{number} 群 {OTHER_GROUP}")
    assert "a.example" in (await desk.ask(member(), str(number))).plain


@pytest.mark.parametrize("command", ["take_in", "reject", "sort", "verify", "take_down", "edit"])
async def test_nobody_touches_another_groups_links(
    command: str, staff: LinkStaff, listing: Enter, database: Database
) -> None:
    number = await listing("https://a.example/x", OTHER_GROUP)
    before = await at(database, "a.example/x", OTHER_GROUP)
    for asker in (moderator(), Moderator("1", frozenset())):
        answer = await getattr(staff, command)(asker, f"{number} 标题=坏")
        assert f"没有 {number} 号" in answer
    assert await at(database, "a.example/x", OTHER_GROUP) == before


async def test_what_is_past_its_date_or_called_broken_waits_for_a_look(
    staff: LinkStaff, listing: Enter, database: Database
) -> None:
    await listing("https://a.example/over", GROUP, title="过期的", expires=date(2026, 10, 1))
    number = await listing("https://a.example/broken", GROUP, title="坏了的")
    async with database.write() as connection:
        for user in ("1", "2"):
            await vote(connection, number, user, 1, useful=False)
    answer = await staff.waiting(moderator(), "")
    assert "过期的：10月1日已过期" in answer
    assert "坏了的：2 人说失效" in answer
    assert "今天核实过" in await staff.verify(moderator(), str(number))
    assert "坏了的" not in await staff.waiting(moderator(), "")


async def test_a_copy_of_a_petition_is_pointed_out(
    log: Log, staff: LinkStaff, listing: Enter
) -> None:
    real = await listing(
        "https://petition.example/keep4o", title="keep4o 请愿主页", category=PETITIONS
    )
    for host in ("copy.example", "petition.example"):
        share = segment("share", url=f"https://{host}/sign", title="keep4o请愿主页！")
        await log.say([share])
    answer = await staff.waiting(moderator(), "")
    assert answer.count(f"和收录的 {real} 号") == 1
    assert "copy.example" in answer.partition("可能是仿页")[0]


async def test_every_command_says_what_it_lacks(staff: LinkStaff) -> None:
    for command in (staff.reject, staff.sort, staff.verify, staff.take_down, staff.edit):
        assert "写上编号" in await command(moderator(), "")
    assert "都看完了" in await staff.waiting(moderator(), "")


async def test_what_is_said_of_a_link_can_be_changed(
    staff: LinkStaff, listing: Enter, database: Database
) -> None:
    number = await listing("https://a.example/x", GROUP)
    typed = (
        f"{number} 标题=新标题 摘要=两句 话 截止：12月31日 版本=3 登录=要 标签=信、请愿 类别=请愿"
    )
    assert "改好了" in await staff.edit(moderator(), typed)
    async with database.read() as connection:
        entry = await resource(connection, number, (GROUP,))
    assert entry is not None
    assert (entry.title, entry.summary, entry.category) == ("新标题", "两句 话", PETITIONS)
    assert (entry.deadline, entry.version) == (date(2026, 12, 31), "3")
    assert (entry.needs_login, entry.tags) == (True, ("信", "请愿"))
    assert "改好了" in await staff.edit(moderator(), f"{number} 截止=无")
    assert "看不懂是哪天" in await staff.edit(moderator(), f"{number} 截止=年底")
    assert "可以改" in await staff.edit(moderator(), f"{number} 颜色=红")


async def test_hidden_by_hand_comes_back_when_vouched_for(
    staff: LinkStaff, listing: Enter, database: Database
) -> None:
    number = await listing("https://a.example/x", GROUP)
    await staff.take_down(moderator(), str(number))
    assert (await at(database, "a.example/x")).why is Why.BY_HAND
    assert "a.example" not in await staff.waiting(moderator(), ""), "nobody need look at it"
    await staff.verify(moderator(), str(number))
    assert (await at(database, "a.example/x")).state is State.LISTED


async def test_a_pinned_link_is_said_once_in_the_group(
    pinning: Pinning, listing: Enter, database: Database
) -> None:
    number = await listing("https://petition.example/sign", GROUP, title="请愿")
    assert "置顶了，1 号" in await pinning.pin(moderator(), f"资源 {number} 今晚一起签 到 明天")
    async with database.read() as connection:
        [row] = (await connection.execute(select(outbox))).all()
    assert (row.target, row.target_id) == ("group", GROUP)
    assert "今晚一起签" in row.body
    assert "https://petition.example/sign" in row.body
    assert "取消了" in await pinning.unpin(moderator(), "1")
    assert "没有在置顶" in await pinning.unpin(moderator(), "1")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "例如"),
        ("寄信 到 2020-01-01", "今天以后"),
        ("资源 999", "没有收录"),
    ],
)
async def test_what_cannot_be_pinned(typed: str, expected: str, pinning: Pinning) -> None:
    assert expected in await pinning.pin(moderator(), typed)


async def test_only_so_much_is_pinned_at_a_time(pinning: Pinning) -> None:
    answers = [await pinning.pin(moderator(), f"第 {number} 件事") for number in range(6)]
    assert [answer.startswith("置顶了") for answer in answers] == [True] * 5 + [False]
    assert "写上群号" in await pinning.pin(moderator(GROUP, OTHER_GROUP), "哪个群")
    assert "没有在置顶" in await pinning.unpin(moderator(OTHER_GROUP), "1")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("12-31", date(2026, 12, 31)),
        ("1月2日", date(2027, 1, 2)),
        ("１２．３１", date(2026, 12, 31)),
        ("明天", date(2026, 11, 23)),
        ("3天", date(2026, 11, 25)),
        ("2w", date(2026, 12, 6)),
        ("2-30", None),
        ("以后", None),
    ],
)
def test_days_as_they_are_typed(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


def test_a_word_about_time_that_is_no_date_stays_in_the_words() -> None:
    assert split_until("写信到天亮", TODAY) == ("写信到天亮", None)
    assert split_until("写信 到 天亮", TODAY) == ("写信 到 天亮", None)
    assert read_fields("标题=一 二 版本:3") == {"标题": "一 二", "版本": "3"}
    assert read_fields("来源= https://a.example/b") == {"来源": "https://a.example/b"}


async def test_who_vouched_is_known_as_somebody_of_whom_something_is_kept(
    staff: LinkStaff, database: Database
) -> None:
    """Else an older copy of the database would bring an erased moderator's number back."""
    await staff.take_in(moderator(), f"{URL} 导出 三步")
    async with database.read() as connection:
        assert await LinkHolder().people(connection) == {moderator().user_id}


async def test_what_hung_on_a_link_goes_with_its_group(
    log: Log, staff: LinkStaff, database: Database
) -> None:
    """Its number may be given to the next link, which must not be called broken for it."""
    await log.say(URL)
    number = (await at(database, "letters.example/one")).id
    await staff.take_in(moderator(), f"{number} 导出 三步")
    async with database.write() as connection:
        await enroll(connection, 1)
        await LinkHolder().erase_group(connection, GROUP)
        for table in (resource_probes, link_sightings):
            assert (await connection.execute(select(table))).all() == []
