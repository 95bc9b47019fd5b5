"""Who may be acted upon, and whether the bot can act at all."""

from collections.abc import Collection

from liudeng.roster import Roster

NOT_ADMIN = "我不是这个群的管理员，QQ 不让我撤回和禁言。请群主在「管理员设置」里加上我。"


class Standing:
    """Asks the roster before anything is done."""

    def __init__(self, roster: Roster, bots: Collection[int] = ()) -> None:
        self._roster = roster
        self._bots = frozenset(bots)

    def is_protected(self, group_id: int, user_id: int, role: str = "member") -> bool:
        """Whether nobody may be acted upon: owner, admins, moderators, bots, the account itself."""
        return (
            role in ("owner", "admin")
            or self._roster.role_of(group_id, user_id) in ("owner", "admin")
            or user_id in self._bots
            or user_id == self._roster.account
            or user_id in self._roster.moderators(group_id)
        )

    def bot_can_act(self, group_id: int) -> bool:
        """Whether QQ lets the account recall and mute in this group."""
        account = self._roster.account
        return account is not None and self._roster.role_of(group_id, account) in ("owner", "admin")

    def is_member(self, group_id: int, user_id: int) -> bool:
        """Whether somebody is in the group now, as far as is known."""
        return self._roster.role_of(group_id, user_id) is not None
