"""删掉我 reaches moderation, and the audit still holds."""

from liudeng.moderation import Order
from liudeng.moderation.action import BOT, Action, Kind, plan
from liudeng.moderation.audit import verify
from liudeng.moderation.personal import ActionsHolder
from tests.fakes.payloads import ADMIN, GROUP, MEMBER
from tests.moderation.conftest import Scene


async def test_who_is_erased_is_forgotten_and_the_chain_holds(scene: Scene) -> None:
    by_hand, holder = scene.room.by_hand, ActionsHolder()
    await by_hand.warn(Order(GROUP, ADMIN, MEMBER, "别连着发"))
    await by_hand.note(Order(GROUP, ADMIN, MEMBER, "是小满的同学"))
    async with scene.database.write() as connection:
        assert (await holder.held(connection, str(MEMBER))).count == 2
        assert [row["kind"] for row in await holder.hand_out(connection, str(MEMBER))] == ["warn"]
        await holder.erase(connection, str(MEMBER))
        assert (await holder.held(connection, str(MEMBER))).count == 0
        found = await verify(connection)
    assert found.broken_at is None
    assert found.rows >= 2
    told = await scene.room.rulebook.audit_of(GROUP)
    assert "（已删除的人）" in told
    assert str(MEMBER) not in told


async def test_an_erased_moderator_is_no_bot(scene: Scene) -> None:
    await scene.room.by_hand.warn(Order(GROUP, ADMIN, MEMBER, "别连着发"))
    async with scene.database.write() as connection:
        await ActionsHolder().erase(connection, str(ADMIN))
    (action,) = await scene.actions()
    assert action.actor == -1


async def test_who_has_no_number_is_not_the_bot(scene: Scene) -> None:
    await scene.arm()
    await scene.say("今天复活套餐打折")
    async with scene.database.write() as connection:
        await plan(connection, Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_MUTE))
        assert (await ActionsHolder().held(connection, "u_imported")).count == 0
        await ActionsHolder().erase(connection, "u_imported")
    assert [one.actor for one in await scene.actions()] == [BOT, BOT]
