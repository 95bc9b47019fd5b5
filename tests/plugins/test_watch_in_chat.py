"""守望, 布防, 撤防 and 氛围 as moderators type them; members find none of them."""

from collections.abc import AsyncIterator

import pytest

from liudeng.house import House
from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    GROUP,
    MEMBER,
    OWNER,
    STAFF_GROUP,
    group_message,
    private_message,
)
from tests.plugins.conftest import QQ

_members = iter(range(80_001, 90_000))


async def ask(qq: QQ, typed: str, user: int = OWNER, **place: int) -> list[Call]:
    make = group_message if place else private_message
    said = await qq.tell(make(typed, user_id=user, **place))
    return [call for call in said if not call.text.startswith("【留灯】")]


@pytest.fixture(autouse=True)
async def _armed_again(house: House) -> AsyncIterator[None]:
    """Other tests of this bot expect alerts."""
    yield
    await house.lookout.stances.decide(GROUP, OWNER, armed=True)


async def test_a_group_is_disarmed_and_armed_by_its_moderators(qq: QQ) -> None:
    [off] = await ask(qq, f"撤防 {GROUP}")
    assert "撤防了" in off.text
    assert not qq.house.lookout.stances.of(GROUP).armed
    [seen] = await ask(qq, f"守望 {GROUP}")
    assert "在试运行" in seen.text

    [on] = await ask(qq, f"布防 {GROUP}", group_id=STAFF_GROUP)
    assert "布防了" in on.text
    assert qq.house.lookout.stances.of(GROUP).armed


async def test_a_dry_run_tells_what_is_said_plainest_and_counts_the_rest(qq: QQ) -> None:
    await ask(qq, f"撤防 {GROUP}")

    plain = await qq.tell(group_message("我不想活了，今晚就从楼顶跳下去", user_id=next(_members)))

    assert any("试运行" in call.text and "案件" in call.text for call in plain)
    assert {call.parameters.get("group_id") for call in plain} <= {None, STAFF_GROUP}


async def test_members_find_no_such_command(qq: QQ) -> None:
    for typed in ("布防", "撤防", "守望", f"氛围 {GROUP}"):
        assert await ask(qq, typed, MEMBER, group_id=GROUP) == []
    assert qq.house.lookout.stances.of(GROUP).armed


async def test_in_the_watched_group_nothing_is_said_even_to_moderators(qq: QQ) -> None:
    for typed in ("布防", "撤防", "守望", "氛围"):
        assert await ask(qq, typed, OWNER, group_id=GROUP) == []
    assert qq.house.lookout.stances.of(GROUP).armed


async def test_the_moods_of_a_group_are_a_picture(qq: QQ) -> None:
    await qq.tell(*(group_message("好难过", user_id=next(_members)) for _ in range(6)))
    [answer] = await ask(qq, "氛围 24h")
    assert "image" in str(answer.parameters["message"])
    assert "不要转到群里" in answer.text
