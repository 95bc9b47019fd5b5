"""The roster: who is where, who moderates, who can be written to."""

from typing import Any

import pytest

from liudeng.roster import Roster
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, STRANGER

MEMBERS = [
    {"user_id": OWNER, "nickname": "阿棠", "card": "", "role": "owner"},
    {"user_id": str(ADMIN), "nickname": "zhou", "card": "老周", "role": "admin"},
    {"user_id": MEMBER, "nickname": None},
]


@pytest.fixture
def roster() -> Roster:
    known = Roster({})
    known.set_friends([ADMIN])
    known.set_groups({GROUP: "守灯人", OTHER_GROUP: ""})
    known.set_members(GROUP, MEMBERS)
    return known


def test_owner_and_admins_moderate(roster: Roster) -> None:
    assert roster.moderators(GROUP) == {OWNER, ADMIN}
    assert roster.moderated_by(ADMIN) == [GROUP]
    assert roster.moderated_by(MEMBER) == []
    assert roster.moderators(OTHER_GROUP) == frozenset()


def test_configured_moderators_take_their_place() -> None:
    roster = Roster({GROUP: frozenset({STRANGER}), OTHER_GROUP: frozenset()})
    roster.set_members(GROUP, MEMBERS)
    roster.set_members(OTHER_GROUP, MEMBERS)
    assert roster.moderators(GROUP) == {STRANGER}
    assert roster.moderators(OTHER_GROUP) == {OWNER, ADMIN}, "an empty list configures nobody"
    assert roster.moderated_by(STRANGER) == [GROUP]


def test_names_fall_back_to_numbers(roster: Roster) -> None:
    assert roster.group_name(GROUP) == "守灯人"
    assert roster.group_name(OTHER_GROUP) == str(OTHER_GROUP)
    assert roster.group_name(5) == "5"
    names = [roster.member_name(GROUP, user_id) for user_id in (OWNER, ADMIN, MEMBER, STRANGER)]
    assert names == ["阿棠", "老周", str(MEMBER), str(STRANGER)]


def test_it_knows_a_group_once_friends_and_members_were_read() -> None:
    roster = Roster({})
    assert not roster.knows(GROUP)
    roster.set_members(GROUP, MEMBERS)
    assert not roster.knows(GROUP)
    roster.set_friends([])
    assert roster.knows(GROUP)
    assert not roster.knows(OTHER_GROUP)


@pytest.mark.parametrize("role", ["member", "admin"])
def test_a_notice_about_a_group_that_was_not_read_yet_does_not_make_it_known(role: str) -> None:
    """Else an alert would look for moderators in a list of one."""
    roster = Roster({})
    roster.set_friends([ADMIN])
    roster.joined(GROUP, MEMBER)
    roster.set_role(GROUP, MEMBER, role)
    roster.left(GROUP, MEMBER)
    assert not roster.knows(GROUP)


def test_people_come_and_go(roster: Roster) -> None:
    roster.joined(GROUP, STRANGER)
    assert roster.groups_of(STRANGER) == [GROUP]
    roster.joined(GROUP, ADMIN)
    assert ADMIN in roster.moderators(GROUP), "who joins twice keeps the role"
    roster.left(GROUP, STRANGER)
    roster.left(GROUP, STRANGER)
    roster.left(OTHER_GROUP, STRANGER)
    assert roster.groups_of(STRANGER) == []


def test_roles_change(roster: Roster) -> None:
    roster.set_role(GROUP, MEMBER, "admin")
    roster.set_role(GROUP, ADMIN, "member")
    roster.set_role(GROUP, STRANGER, "admin")
    assert roster.moderators(GROUP) == {OWNER, MEMBER, STRANGER}
    assert roster.member_name(GROUP, OWNER) == "阿棠"


def test_friends(roster: Roster) -> None:
    assert roster.is_friend(ADMIN)
    assert not roster.is_friend(OWNER)
    roster.add_friend(OWNER)
    assert roster.is_friend(OWNER)
    assert roster.is_friend(ADMIN)
    assert not Roster({}).is_friend(ADMIN)


def test_a_group_the_account_left_is_forgotten(roster: Roster) -> None:
    roster.set_groups({OTHER_GROUP: ""})
    assert roster.groups_of(MEMBER) == []
    assert not roster.knows(GROUP)
    assert set(roster.groups) == {OTHER_GROUP}


@pytest.mark.parametrize("entry", [{}, {"user_id": None}, {"user_id": "x"}, {"user_id": []}])
def test_an_entry_that_names_nobody_is_skipped(entry: dict[str, Any], roster: Roster) -> None:
    roster.set_members(GROUP, [entry, *MEMBERS])
    assert roster.moderators(GROUP) == {OWNER, ADMIN}


def test_a_new_friend_before_the_list_was_read_does_not_pass_for_all_of_them() -> None:
    roster = Roster({})
    roster.set_members(GROUP, MEMBERS)
    roster.add_friend(ADMIN)
    assert not roster.knows(GROUP)
    roster.set_friends([OWNER])
    assert roster.is_friend(OWNER)


def test_a_group_is_forgotten_at_once(roster: Roster) -> None:
    roster.forget_group(GROUP)
    roster.forget_group(5)
    assert not roster.knows(GROUP)
    assert roster.groups_of(MEMBER) == []
    assert set(roster.groups) == {OTHER_GROUP}


def test_the_account_itself_moderates_nothing(roster: Roster) -> None:
    roster.set_account(OWNER)
    assert roster.moderators(GROUP) == {ADMIN}
    assert roster.moderated_by(OWNER) == []
    configured = Roster({GROUP: frozenset({OWNER, STRANGER})})
    configured.set_account(OWNER)
    assert configured.moderators(GROUP) == {STRANGER}


def test_names_are_one_line(roster: Roster) -> None:
    roster.set_groups({GROUP: "守灯人\n假的一行"})
    roster.set_members(GROUP, [{"user_id": MEMBER, "card": "\u202e\n", "nickname": "小\r满"}])
    assert roster.group_name(GROUP) == "守灯人 假的一行"
    assert roster.member_name(GROUP, MEMBER) == "小 满"
