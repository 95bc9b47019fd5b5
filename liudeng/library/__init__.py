"""The library: what members chose to keep, curated, and found by more than its exact words."""

from typing import TYPE_CHECKING

from liudeng.on_demand import names_of

if TYPE_CHECKING:
    from liudeng.library.anniversaries import (
        Anniversary,
        add_anniversary,
        anniversaries_of,
        due,
        parse_anniversary,
        remind_of_anniversaries,
        remove_anniversary,
    )
    from liudeng.library.asker import Answer, Asker
    from liudeng.library.chat import FarewellDesk
    from liudeng.library.draft import FarewellDraft
    from liudeng.library.entry import Farewell, Standing, Visibility
    from liudeng.library.farewells import (
        FAREWELL,
        accept,
        decline,
        farewell,
        farewells_by_id,
        note_reading,
        place,
        propose,
        retitle,
        set_tags,
        set_visibility,
        sweep_recalled,
        withdraw,
    )
    from liudeng.library.label import Label, parse_label
    from liudeng.library.remembrance import is_remembering, remind_of_that_day, set_remembrance
    from liudeng.library.reminders import Reminders
    from liudeng.library.taking import CannotKeep, draft_from_message
    from liudeng.library.visible import Viewer, may_see, visible_to
    from liudeng.library.wall_pages import WallPage, public_farewells, random_farewell, wall

__all__ = [
    "FAREWELL",
    "Anniversary",
    "Answer",
    "Asker",
    "CannotKeep",
    "Farewell",
    "FarewellDesk",
    "FarewellDraft",
    "Label",
    "Reminders",
    "Standing",
    "Viewer",
    "Visibility",
    "WallPage",
    "accept",
    "add_anniversary",
    "anniversaries_of",
    "decline",
    "draft_from_message",
    "due",
    "farewell",
    "farewells_by_id",
    "is_remembering",
    "may_see",
    "note_reading",
    "parse_anniversary",
    "parse_label",
    "place",
    "propose",
    "public_farewells",
    "random_farewell",
    "remind_of_anniversaries",
    "remind_of_that_day",
    "remove_anniversary",
    "retitle",
    "set_remembrance",
    "set_tags",
    "set_visibility",
    "sweep_recalled",
    "visible_to",
    "wall",
    "withdraw",
]

_MODULES = (
    "entry",
    "draft",
    "label",
    "visible",
    "anniversaries",
    "asker",
    "chat",
    "farewells",
    "remembrance",
    "reminders",
    "taking",
    "wall_pages",
)

__getattr__ = names_of(__name__, __all__, _MODULES)
