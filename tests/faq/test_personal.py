"""Who is erased leaves no vote and no name behind; what they wrote is the group's."""

from sqlalchemy import select

from liudeng.faq.personal import FaqHolder
from liudeng.faq.tables import faq_entries, faq_versions, faq_votes
from liudeng.timeline.milestones import add_milestone
from liudeng.timeline.personal import MilestoneHolder
from liudeng.timeline.tables import milestones
from tests.fakes.payloads import GROUP
from tests.faq.conftest import HERE, MODERATOR, NOW, Room, number_in


async def test_nothing_of_a_person_is_left(room: Room) -> None:
    number = number_in(await room.editing.add(MODERATOR, "水母灯怎么充电｜用原来的线。"), "发布 ")
    await room.desk.rate(HERE, 3, useful=True)
    async with room.database.write() as connection:
        day = room.desk.today()
        await add_milestone(connection, GROUP, day, "看日出", MODERATOR.user_id, NOW)
        for holder in (FaqHolder(), MilestoneHolder()):
            for person in (HERE.user_id, MODERATOR.user_id):
                await holder.erase(connection, person)
                assert (await holder.held(connection, person)).count == 0
            assert await holder.people(connection) == set()
        assert (await connection.execute(select(faq_votes))).first() is None
        names = select(faq_entries.c.owner).where(faq_entries.c.id == number)
        assert (await connection.execute(names)).scalar() == ""
        editors = select(faq_versions.c.editor_id).where(faq_versions.c.entry_id == number)
        assert set(await connection.scalars(editors)) == {""}
        assert (await connection.execute(select(milestones.c.title))).scalar() == "看日出"


async def test_a_group_that_ends_takes_its_own_along(room: Room) -> None:
    await room.editing.add(MODERATOR, "水母灯怎么充电｜用原来的线。")
    async with room.database.write() as connection:
        await FaqHolder().erase_group(connection, GROUP)
        left = set(await connection.scalars(select(faq_entries.c.group_id)))
    assert left == {0}
