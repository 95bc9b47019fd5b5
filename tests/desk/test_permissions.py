"""Who may do what with a case, whatever way they ask: every command of the desk for everybody."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from liudeng.db import Database
from liudeng.desk import CaseKind, Concern, Desk, Page
from liudeng.desk.tables import case_events
from liudeng.roster import Roster
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, STRANGER

OTHER_OWNER = 7
LEAD = 31
OPERATOR = 3_141_592_653
"""Runs the machine, moderates nothing."""
PEOPLE = {
    "member": MEMBER,
    "moderator of another group": OTHER_OWNER,
    "moderator": ADMIN,
    "lead": LEAD,
    "owner": OWNER,
    "operator": OPERATOR,
    "stranger": STRANGER,
}
THOSE_OF_THE_GROUP = ("moderator", "lead", "owner")
Command = Callable[[Desk, int, int], Awaitable[str | Page]]
OF_A_CASE: dict[str, tuple[Command, str]] = {
    "案件": (lambda desk, case, who: desk.viewing.show(case, who), "状态"),
    "前后文": (lambda desk, case, who: desk.viewing.context(case, who), "前后文"),
    "接手": (lambda desk, case, who: desk.handling.claim(case, who), "由你接手了"),
    "转交": (
        lambda desk, case, who: desk.handing.hand_over(case, who, _other(who), ""),
        "转交给",
    ),
    "备注": (lambda desk, case, who: desk.handling.note(case, who, "打过电话"), "记下了"),
    "升级": (lambda desk, case, who: desk.handling.escalate(case, who, ""), "再叫一次管理"),
    "误报": (lambda desk, case, who: desk.handling.dismiss(case, who), "已完结：误报"),
    "属实": (lambda desk, case, who: desk.handling.confirm(case, who), "属实"),
    "回访": (lambda desk, case, who: desk.handling.check_in(case, who, "24h"), "我私聊提醒你"),
    "完结": (lambda desk, case, who: desk.handling.resolve(case, who, "好了"), "已完结：好了"),
    "送上资源": (lambda desk, case, who: desk.resources.draft(case, who), "好友"),
}


async def answer_to(command: Command, desk: Desk, case: int, user: int) -> str:
    said = await command(desk, case, user)
    return said if isinstance(said, str) else said.words


def _other(user: int) -> int:
    return OWNER if user == ADMIN else ADMIN


@pytest.fixture(autouse=True)
async def _people(roster: Roster, desk: Desk) -> None:
    roster.set_friends([OWNER, ADMIN, LEAD, MEMBER, OTHER_OWNER])
    roles = {OWNER: "owner", ADMIN: "admin", LEAD: "admin", MEMBER: "member"}
    roster.set_members(GROUP, [{"user_id": one, "role": role} for one, role in roles.items()])
    await desk.duty.lead(OWNER, LEAD, leads=True)


async def opened_case(desk: Desk, subject: int = 501, group_id: int = GROUP) -> int:
    concern = Concern(
        room="测试",
        kind=CaseKind.DISTRESS,
        group_id=group_id,
        subject_id=subject,
        text="让人担心",
        level=3,
    )
    return (await desk.take_up(concern)).id


async def touched(database: Database) -> int:
    async with database.read() as connection:
        query = select(func.count()).select_from(case_events)
        return (await connection.execute(query)).scalar_one()


@pytest.mark.parametrize("who", THOSE_OF_THE_GROUP)
async def test_moderators_handle_the_cases_of_their_group(who: str, desk: Desk) -> None:
    for number, (name, (command, allowed)) in enumerate(OF_A_CASE.items()):
        case = await opened_case(desk, 501 + number)
        assert allowed in await answer_to(command, desk, case, PEOPLE[who]), name


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in THOSE_OF_THE_GROUP])
async def test_nobody_else_touches_a_case_or_learns_of_it(
    who: str, desk: Desk, database: Database
) -> None:
    case, before = await opened_case(desk), await touched(database)
    for name, (command, _) in OF_A_CASE.items():
        answer = await answer_to(command, desk, case, PEOPLE[who])
        assert answer == f"没有案件 {case}，或者它不归你管。发「案件」看看你能处理的。", name
        nothing = await answer_to(command, desk, 9_999, PEOPLE[who])
        assert nothing.replace("9999", str(case)) == answer, "whether it exists is not told"
    assert await touched(database) == before


@pytest.mark.parametrize("who", THOSE_OF_THE_GROUP)
async def test_whom_a_case_is_about_sees_nothing_of_it(
    who: str, desk: Desk, database: Database
) -> None:
    case = await opened_case(desk, PEOPLE[who])
    before = await touched(database)
    for name, (command, _) in OF_A_CASE.items():
        assert "没有案件" in await answer_to(command, desk, case, PEOPLE[who]), name
    assert await touched(database) == before
    assert str(case) not in await desk.viewing.overview(PEOPLE[who])
    assert "未完结 0 件" in (await desk.summary(PEOPLE[who])).words


@pytest.mark.parametrize("who", PEOPLE)
async def test_lists_hold_what_one_may_handle(who: str, desk: Desk) -> None:
    here, elsewhere = await opened_case(desk), await opened_case(desk, group_id=OTHER_GROUP)
    mine = {who: [here] for who in THOSE_OF_THE_GROUP}
    mine["moderator of another group"] = [elsewhere]
    overview = await desk.viewing.overview(PEOPLE[who])
    summary = (await desk.summary(PEOPLE[who])).words
    for case in (here, elsewhere):
        listed = case in mine.get(who, [])
        assert (f"\n{case}｜" in overview) == (f"\n{case}｜" in summary) == listed


@pytest.mark.parametrize("who", PEOPLE)
async def test_only_the_owner_names_a_lead(who: str, desk: Desk) -> None:
    answer = await desk.duty.lead(PEOPLE[who], ADMIN, leads=True)
    wanted = {"owner": "现在是组长", "moderator of another group": "不是你群里的管理"}
    assert wanted.get(who, "由群主来定") in answer


@pytest.mark.parametrize(
    ("who", "answered"),
    [("moderator", "请 TA 自己转"), ("lead", "在你手里了"), ("owner", "在你手里了")],
)
async def test_only_a_lead_takes_a_case_from_a_colleague(
    who: str, answered: str, desk: Desk
) -> None:
    case = await opened_case(desk)
    holder = LEAD if who != "lead" else ADMIN
    await desk.handling.claim(case, holder)
    assert answered in await desk.handing.hand_over(case, PEOPLE[who], PEOPLE[who], "")
