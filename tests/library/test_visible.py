"""Who may see what, asked of the function and of the database."""

import pytest

from liudeng.db import Database
from liudeng.library import Standing, Viewer, Visibility, farewell, may_see, random_farewell, wall
from tests.fakes.payloads import GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER, STRANGER
from tests.library.conftest import Room

PRIVATE, SHARED, PUBLIC = Visibility.PRIVATE, Visibility.GROUP, Visibility.PUBLIC
BOTH = frozenset({GROUP, OTHER_GROUP})


def viewer(user_id: int, groups: frozenset[int], place_group: int | None = None) -> Viewer:
    return Viewer(str(user_id), groups, place_group)


RULE = [
    (viewer(MEMBER, frozenset({GROUP})), {PRIVATE, SHARED, PUBLIC}),
    (viewer(MEMBER, frozenset({GROUP}), GROUP), {SHARED, PUBLIC}),
    (viewer(MEMBER, BOTH, OTHER_GROUP), set()),
    (viewer(MEMBER, frozenset()), {PRIVATE, SHARED, PUBLIC}),
    (viewer(OTHER_MEMBER, BOTH), {SHARED, PUBLIC}),
    (viewer(OTHER_MEMBER, BOTH, GROUP), {SHARED, PUBLIC}),
    (viewer(OTHER_MEMBER, BOTH, OTHER_GROUP), set()),
    (viewer(STRANGER, frozenset({OTHER_GROUP})), {PUBLIC}),
    (viewer(STRANGER, frozenset({OTHER_GROUP}), OTHER_GROUP), set()),
    (viewer(STRANGER, frozenset()), {PUBLIC}),
    (viewer(STRANGER, frozenset(), GROUP), set()),
]


async def test_the_rule_is_one_for_models_and_for_the_database(
    room: Room, database: Database
) -> None:
    entries = [await room.place(visibility) for visibility in Visibility]
    for looking, seen in RULE:
        assert {entry.visibility for entry in entries if may_see(looking, entry)} == seen, looking
        async with database.read() as connection:
            page = await wall(connection, looking)
            by_chance = await random_farewell(connection, looking)
        assert {entry.visibility for entry in page.entries} == seen, looking
        assert page.total == len(seen)
        assert (by_chance.visibility in seen) if by_chance else not seen, looking


@pytest.mark.parametrize("state", [Standing.PROPOSED, Standing.WITHDRAWN])
async def test_what_is_not_kept_is_seen_by_nobody(
    state: Standing, room: Room, database: Database
) -> None:
    placed = await room.place(PUBLIC)
    async with database.read() as connection:
        entry = await farewell(connection, placed.id)
    assert entry is not None
    author = viewer(MEMBER, frozenset({GROUP}))
    assert may_see(author, entry)
    assert not may_see(author, entry.model_copy(update={"state": state}))
