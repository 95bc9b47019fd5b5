"""The roster, in memory: read anew at each connection, kept current by notices."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from liudeng.archive.reading import one_line

_MODERATOR_ROLES = ("owner", "admin")
_MAX_NAME = 120


class Member(BaseModel):
    """A member of a group."""

    model_config = ConfigDict(frozen=True)

    user_id: int
    name: str
    role: str

    @property
    def is_moderator(self) -> bool:
        """Whether QQ lets this member moderate the group."""
        return self.role in _MODERATOR_ROLES


class Roster:
    """Groups, their members and the bot's friends."""

    def __init__(self, moderators: Mapping[int, Collection[int]]) -> None:
        self._configured = moderators
        self._groups: dict[int, str] = {}
        self._knows_groups = False
        self._members: dict[int, dict[int, Member]] = {}
        self._friends: frozenset[int] | None = None
        self._account: int | None = None

    @property
    def groups(self) -> Mapping[int, str]:
        """Group id -> name, of all groups the account is in."""
        return self._groups

    @property
    def knows_groups(self) -> bool:
        """Whether the implementation has told since the start which groups the account is in."""
        return self._knows_groups

    @property
    def is_read(self) -> bool:
        """Whether it is known yet who the friends are and who moderates some group."""
        known = self._friends is not None and bool(self._groups)
        return known and any(self.moderators(group_id) for group_id in self._groups)

    def knows(self, group_id: int) -> bool:
        """Whether friends and this group's moderators are known yet."""
        return self._friends is not None and (group_id in self._configured or self.lists(group_id))

    def lists(self, group_id: int) -> bool:
        """Whether a group's members are known; just after a login the list may be empty."""
        return bool(self._members.get(group_id))

    def has_left(self, group_id: int) -> bool:
        """Whether the account is in other groups and not in this one."""
        return bool(self._groups) and group_id not in self._groups

    def set_account(self, user_id: int) -> None:
        """Tell which account the bot itself is."""
        self._account = user_id

    def set_friends(self, friends: Iterable[int]) -> None:
        """Replace the list of verified friends."""
        self._friends = frozenset(friends)

    def add_friend(self, user_id: int) -> None:
        """Note a new friend. Before the list was read, one friend would pass for all of them."""
        if self._friends is not None:
            self._friends |= {user_id}

    @property
    def has_friends(self) -> bool:
        """Whether anybody is a friend; just after a login the list may be empty."""
        return bool(self._friends)

    def set_groups(self, groups: Mapping[int, str]) -> None:
        """Replace the list of groups; forget the members of those the account left."""
        self._knows_groups = True
        self._groups = {group_id: one_line(name) for group_id, name in groups.items()}
        self._members = {
            group_id: members for group_id, members in self._members.items() if group_id in groups
        }

    def forget_group(self, group_id: int) -> None:
        """The account left a group or was removed from it."""
        self._groups.pop(group_id, None)
        self._members.pop(group_id, None)

    def set_members(self, group_id: int, entries: Iterable[Mapping[str, Any]]) -> None:
        """Replace a group's members with entries of `get_group_member_list`."""
        members = (member for entry in entries if (member := _member(entry)) is not None)
        self._members[group_id] = {member.user_id: member for member in members}

    def joined(self, group_id: int, user_id: int) -> None:
        """A member joined. Of a group whose members were not read yet this tells too little."""
        if group_id in self._members:
            member = Member(user_id=user_id, name=str(user_id), role="member")
            self._members[group_id].setdefault(user_id, member)

    def left(self, group_id: int, user_id: int) -> None:
        """A member left or was removed."""
        self._members.get(group_id, {}).pop(user_id, None)

    def set_role(self, group_id: int, user_id: int, role: str) -> None:
        """A member became a moderator or is one no longer."""
        self.joined(group_id, user_id)
        if member := self._members.get(group_id, {}).get(user_id):
            self._members[group_id][user_id] = member.model_copy(update={"role": role})

    def group_name(self, group_id: int) -> str:
        """Return the group's name, or its number when it has none."""
        return self._groups.get(group_id) or str(group_id)

    def member_name(self, group_id: int, user_id: int) -> str:
        """Return a member's card or nickname, or the number when it is not known."""
        member = self._members.get(group_id, {}).get(user_id)
        return member.name if member else str(user_id)

    def known_name(self, group_id: int, user_id: int) -> str:
        """Return the same where the number must not be shown: nothing when it is not known."""
        member = self._members.get(group_id, {}).get(user_id)
        return member.name if member else ""

    def names(self, group_id: int) -> frozenset[str]:
        """Return the names of a group's members, as the group sees them."""
        return frozenset(member.name for member in self._members.get(group_id, {}).values())

    def members_named(self, group_id: int, name: str) -> list[Member]:
        """Return the members of a group with exactly this card or nickname."""
        return [one for one in self._members.get(group_id, {}).values() if one.name == name]

    @property
    def account(self) -> int | None:
        """Which account the bot itself is; None before it ever connected."""
        return self._account

    def role_of(self, group_id: int, user_id: int) -> str | None:
        """Return what QQ calls a member: owner, admin or member; None for who is not there."""
        member = self._members.get(group_id, {}).get(user_id)
        return member.role if member else None

    def is_owner(self, group_id: int, user_id: int) -> bool:
        """Whether QQ calls this member the group's owner."""
        member = self._members.get(group_id, {}).get(user_id)
        return member is not None and member.role == "owner"

    def is_friend(self, user_id: int) -> bool:
        """Whether the account may write to this person privately."""
        return self._friends is not None and user_id in self._friends

    def groups_of(self, user_id: int) -> list[int]:
        """Return the groups in which this person is a member now."""
        return [group_id for group_id, members in self._members.items() if user_id in members]

    def moderators(self, group_id: int) -> frozenset[int]:
        """Return who gets a group's alerts: the configured ones, else owner and admins.

        The account itself is none of them: it writes no letters to itself.
        """
        moderators = self._configured.get(group_id)
        if not moderators:
            members = self._members.get(group_id, {}).values()
            moderators = [member.user_id for member in members if member.is_moderator]
        return frozenset(moderators) - {self._account}

    def moderated_groups(self) -> list[int]:
        """Return the groups that have moderators."""
        return sorted(
            group for group in {*self._groups, *self._configured} if self.moderators(group)
        )

    def moderated_by(self, user_id: int) -> list[int]:
        """Return the groups whose alerts this person gets."""
        known = {*self._groups, *self._configured}
        return [group_id for group_id in known if user_id in self.moderators(group_id)]


def _member(entry: Mapping[str, Any]) -> Member | None:
    try:
        user_id = int(entry["user_id"])
    except (KeyError, TypeError, ValueError):
        return None
    told = (one_line(str(entry.get(field) or "")[:_MAX_NAME]) for field in ("card", "nickname"))
    name = next(filter(None, told), str(user_id))
    return Member(user_id=user_id, name=name, role=str(entry.get("role") or "member"))
