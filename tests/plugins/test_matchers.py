"""Which matcher takes which message: by whom, where, in which form."""

from typing import Any

import pytest
from nonebot.adapters.onebot.v11 import Adapter, Bot, MessageEvent
from nonebug import App

from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    SELF_ID,
    STAFF_GROUP,
    STRANGER,
    group_message,
    private_message,
    segment,
    text,
)

pytestmark = pytest.mark.usefixtures("roster")

HERE = {"group_id": GROUP}
STAFF = {"group_id": STAFF_GROUP}
PRIVATE: dict[str, Any] = {}


def event_of(payload: dict[str, Any]) -> MessageEvent:
    event = Adapter.json_to_event(payload)
    assert isinstance(event, MessageEvent)
    return event


def spoken(typed: Any, place: dict[str, Any], user: int) -> MessageEvent:
    make = group_message if place else private_message
    return event_of(make(typed, user_id=user, **place))


async def takes(app: App, matcher: Any, event: MessageEvent, taken: bool) -> None:
    """Check whether a matcher takes an event; the bot is not connected, so nothing is sent."""
    async with app.test_matcher(matcher) as context:
        adapter = context.create_adapter(base=Adapter)
        bot = context.create_bot(
            base=Bot, adapter=adapter, self_id=str(SELF_ID), auto_connect=False
        )
        context.receive_event(bot, event)
        if taken:
            context.should_pass_rule(matcher)
        else:
            context.should_not_pass_rule(matcher)


def matcher_of(command: str) -> Any:
    from plugins import commands, desk, search

    return {
        "帮助": commands.help_command,
        "搜": search.search,
        "下一页": search.next_page,
        "上下文": search.context,
        "案件": desk.cases,
        "接手": desk.claim,
        "误报": desk.dismiss,
        "完结": desk.resolve,
    }[command]


EVERYONES = ("帮助", "搜", "下一页", "上下文")
DESK = ("案件", "接手", "误报", "完结")


@pytest.mark.parametrize("prefix", ["", "/", "／"])
@pytest.mark.parametrize("place", [HERE, PRIVATE], ids=["group", "private"])
@pytest.mark.parametrize("user", [MEMBER, ADMIN], ids=["member", "moderator"])
@pytest.mark.parametrize("command", EVERYONES)
async def test_everybody_s_commands_work_everywhere(
    command: str, user: int, place: dict[str, Any], prefix: str, app: App
) -> None:
    await takes(app, matcher_of(command), spoken(prefix + command, place, user), True)


@pytest.mark.parametrize("prefix", ["", "/", "／"])
@pytest.mark.parametrize("command", DESK)
async def test_the_desk_s_commands_are_the_moderators_in_private(
    command: str, prefix: str, app: App
) -> None:
    typed = f"{prefix}{command} 1"
    for user, taken in ((OWNER, True), (ADMIN, True), (MEMBER, False), (STRANGER, False)):
        await takes(app, matcher_of(command), spoken(typed, PRIVATE, user), taken)


@pytest.mark.parametrize("command", DESK)
async def test_they_do_not_exist_in_a_watched_group(command: str, app: App) -> None:
    await takes(app, matcher_of(command), spoken(f"/{command} 1", HERE, OWNER), False)


@pytest.mark.parametrize("command", DESK)
@pytest.mark.parametrize("user", [OWNER, ADMIN, STRANGER])
async def test_in_the_staff_group_all_but_the_card(command: str, user: int, app: App) -> None:
    event = spoken(f"{command} 1", STAFF, user)
    await takes(app, matcher_of(command), event, command != "案件" and user != STRANGER)


@pytest.mark.parametrize("command", ["搜", "上下文"])
@pytest.mark.parametrize(
    "opening",
    [
        [segment("at", qq=str(SELF_ID))],
        [segment("reply", id="5")],
        [segment("reply", id="5"), segment("at", qq=str(MEMBER)), text(" ")],
    ],
    ids=["mention", "quotation", "both"],
)
async def test_behind_quotation_and_mention(
    command: str, opening: list[dict[str, Any]], app: App
) -> None:
    """The event is as the adapter leaves it: `message` stripped, `original_message` whole."""
    event = event_of(group_message([*opening, text(f" {command} 12")]))
    event.message.clear()
    await takes(app, matcher_of(command), event, True)


@pytest.mark.parametrize("typed", ["帮助我", "帮助 我", "我要帮助", "帮助帮助"])
async def test_a_conversation_stays_one(typed: str, app: App) -> None:
    await takes(app, matcher_of("帮助"), spoken(typed, HERE, MEMBER), False)


async def test_a_group_s_moderator_moderates_that_group_alone(app: App) -> None:
    from plugins.commands.asking import Asker

    def asker(user_id: int, group_id: int | None) -> Asker:
        return Asker(SELF_ID, user_id, group_id, message_id=1, time=1, rest="")

    assert asker(ADMIN, GROUP).is_moderator
    assert not asker(OTHER_MEMBER, GROUP).is_moderator
    assert asker(OTHER_MEMBER, None).is_moderator
    assert not asker(MEMBER, None).is_moderator


async def test_the_hint_is_for_private_talk(app: App) -> None:
    from plugins.commands import small_talk

    await takes(app, small_talk, spoken("在吗", PRIVATE, STRANGER), True)
    await takes(app, small_talk, spoken("在吗", PRIVATE, SELF_ID), False)
    await takes(app, small_talk, spoken("在吗", HERE, MEMBER), False)
