"""资源 and 公告, as members ask."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.library import Viewer
from liudeng.resources.chat import PAGE, Answer, LinkDesk
from liudeng.resources.entry import State
from liudeng.resources.pinning import Pinning
from liudeng.resources.seeding import plant
from tests.fakes.payloads import GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER
from tests.resources.conftest import Clock, Enter, member, moderator


@pytest.fixture
async def seeded(database: Database) -> None:
    await plant(database)


@pytest.mark.usefixtures("seeded")
async def test_the_bare_word_shows_the_best_of_each_category(desk: LinkDesk) -> None:
    answer = await desk.ask(member(), "")
    assert answer.card is not None
    assert [row.title.partition(" ")[0] for row in answer.card.rows][:2] == [
        "导出与备份",
        "请愿与公开信",
    ]
    assert "心理支持（6）" in answer.listing


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("asked", ["导出", "导出与备份", "备份", "EXPORT"])
async def test_a_category_by_any_of_its_words(asked: str, desk: LinkDesk) -> None:
    answer = await desk.ask(member(), asked)
    assert answer.card is not None
    assert answer.card.title == "导出与备份"
    assert len(answer.card.rows) == PAGE
    assert "第 1/2 页 · 共 8 条" in answer.card.page
    assert "https://export-guide.example/chatgpt" in answer.text


@pytest.mark.usefixtures("seeded")
async def test_the_next_page_and_no_more(desk: LinkDesk) -> None:
    answer = await desk.ask(member(), "导出 2")
    assert answer.card is not None
    assert len(answer.card.rows) == 2
    assert "只有 2 页" in (await desk.ask(member(), "导出 3")).text


@pytest.mark.usefixtures("seeded")
async def test_petitions_say_until_when(desk: LinkDesk) -> None:
    answer = await desk.ask(member(), "请愿")
    assert "keep4o 请愿主页（群公告认证）（12月31日截止）" in answer.listing
    assert "已于6月30日截止" in answer.listing
    assert answer.listing.index("12月31日截止") < answer.listing.index("已于6月30日截止")


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("热线", "12356 心理援助热线说明"),
        ("7z", "给备份加密码：7z 五分钟教程"),
        ("导出包 查看器", "导出包离线查看器"),
    ],
)
async def test_other_words_are_searched_for(asked: str, expected: str, desk: LinkDesk) -> None:
    answer = await desk.ask(member(), asked)
    assert expected in answer.listing.partition("\n")[2].partition("\n")[0]


async def test_one_link_with_its_state_and_its_date(desk: LinkDesk, listing: Enter) -> None:
    number = await listing(
        "https://letter.example/open",
        title="公开信",
        verified_on=date(2026, 11, 20),
        version="3",
        needs_login=True,
        deadline=date(2026, 12, 31),
        source="https://source.example/a",
    )
    answer = await desk.ask(member(), f"#{number}")
    assert "12月31日截止 · 11月20日核实 · 要登录 · 第 3 版" in answer.plain
    assert "https://letter.example/open" in answer.text
    assert "依据：https://source.example/a" in answer.text


@pytest.mark.parametrize("state", [State.CANDIDATE, State.HIDDEN, State.REJECTED])
async def test_what_is_not_listed_is_not_shown(
    state: State, desk: LinkDesk, listing: Enter
) -> None:
    number = await listing("https://a.example/x", GROUP, state)
    for asked in (str(number), f"有用 {number}", "x"):
        answer = await desk.ask(member(), asked)
        assert "没有" in answer.text
        assert "a.example" not in answer.plain


async def test_another_groups_link_is_not_shown(desk: LinkDesk, listing: Enter) -> None:
    number = await listing("https://a.example/x", OTHER_GROUP)
    assert "没有" in (await desk.ask(member(), str(number))).text
    both = Viewer(str(MEMBER), frozenset({GROUP, OTHER_GROUP}))
    assert "a.example" in (await desk.ask(both, str(number))).plain, "in private, from any group"


async def test_members_say_what_helped_and_what_is_dead(desk: LinkDesk, listing: Enter) -> None:
    number = await listing("https://a.example/x")
    assert "谢谢" in (await desk.ask(member(), f"有用 {number}")).text
    assert "说过" in (await desk.ask(member(), f"有用 {number}")).text
    other = member(user=OTHER_MEMBER)
    assert "请管理看看" in (await desk.ask(other, f"失效 {number}")).text
    assert "1 人说有用 · 1 人说失效" in (await desk.ask(member(), str(number))).plain


@pytest.mark.parametrize("asked", ["有用", "失效 那个", "有用 abc"])
async def test_a_vote_needs_a_number(asked: str, desk: LinkDesk) -> None:
    assert "写上编号" in (await desk.ask(member(), asked)).text


@pytest.mark.parametrize("asked", ["不存在的东西", "999999", "0", "％", "1 2 3 4 5 6 7"])
async def test_whatever_is_asked_gets_one_clear_sentence(asked: str, desk: LinkDesk) -> None:
    answer = await desk.ask(member(), asked)
    assert answer.card is None
    assert answer.text.startswith(("没有", "还没有"))


async def test_an_announcement_stands_above_the_links_until_its_day(
    desk: LinkDesk, pinning: Pinning, clock: Clock, zone: ZoneInfo
) -> None:
    assert "置顶了" in await pinning.pin(moderator(), "周六八点一起寄信 到 11-28")

    async def shown() -> list[Answer]:
        return [await desk.ask(member(), ""), await desk.announcements(member())]

    assert all("周六八点一起寄信（到11月28日）" in answer.plain for answer in await shown())
    elsewhere = await desk.announcements(member(OTHER_GROUP))
    assert "没有置顶" in elsewhere.text
    clock.now = clock.now.replace(day=28, hour=23, minute=59)
    assert all("寄信" in answer.plain for answer in await shown())
    clock.pass_by(minutes=2)
    assert not any("寄信" in answer.plain for answer in await shown())
