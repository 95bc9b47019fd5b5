"""Every room that keeps something of people besides the log and its pictures.

A room that is added later adds its holder here; a test finds tables that name people and no holder
accounts for.
"""

from liudeng.arming.personal import WatchHolder
from liudeng.desk.personal import CaseHolder
from liudeng.entrance.personal import EntranceHolder
from liudeng.faq.personal import FaqHolder
from liudeng.holding import Holder
from liudeng.library.personal import DatesHolder, WallHolder
from liudeng.moderation.personal import ActionsHolder
from liudeng.resources.personal import LinkHolder
from liudeng.timeline.personal import MilestoneHolder


def all_holders() -> list[Holder]:
    """Return one holder of each room."""
    return [
        WallHolder(),
        DatesHolder(),
        MilestoneHolder(),
        LinkHolder(),
        FaqHolder(),
        CaseHolder(),
        WatchHolder(),
        ActionsHolder(),
        EntranceHolder(),
    ]
