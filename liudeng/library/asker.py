"""Who asks for something in the chat, and what is answered."""

from dataclasses import dataclass

from liudeng.library.entry import Farewell
from liudeng.library.visible import Viewer
from liudeng.library.wall_pages import WallPage


@dataclass(frozen=True)
class Asker(Viewer):
    """A viewer who may also want to change something."""

    name: str = ""
    """As the group knows them."""
    moderated: frozenset[int] = frozenset()
    """The groups that they moderate."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    text: str
    """Said in any case, below the card if there is one."""
    entry: Farewell | None = None
    """To be shown as a card; the asker may see it where they asked."""
    wall: WallPage | None = None
    """To be shown as a picture."""
    listing: str = ""
    """What the card or picture shows, in words, for when none can be drawn."""
