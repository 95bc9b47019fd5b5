"""Who is where: groups, members, roles and friends, as the implementation tells them."""

from liudeng.roster.choosing import choose_group
from liudeng.roster.roster import Member, Roster

__all__ = ["Member", "Roster", "choose_group"]
