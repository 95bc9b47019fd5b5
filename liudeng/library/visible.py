"""Who may see an entry: one rule, as a function and as SQL."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_

from liudeng.library.entries import is_kept
from liudeng.library.entry import Farewell, Standing, Visibility
from liudeng.library.tables import farewells


@dataclass(frozen=True)
class Viewer:
    """Who looks, and from where."""

    user_id: str
    groups: frozenset[int]
    """The groups in which this person is a member."""
    place_group: int | None = None
    """The group in which they ask; None in private chat."""

    @property
    def in_private(self) -> bool:
        """Whether nobody else reads the answer."""
        return self.place_group is None

    @property
    def reach(self) -> frozenset[int]:
        """The groups whose entries may be shown here: in a group only its own."""
        return self.groups if self.place_group is None else self.groups & {self.place_group}


def may_see(viewer: Viewer, farewell: Farewell) -> bool:
    """Tell whether an entry may be shown to a viewer where they are.

    In private chat authors see what is theirs and everybody sees what is public; otherwise it
    takes to be in the entry's group. Nobody sees what is not kept.
    """
    if farewell.state is not Standing.KEPT:
        return False
    mine = farewell.author_id == viewer.user_id
    if viewer.in_private and (mine or farewell.visibility is Visibility.PUBLIC):
        return True
    return farewell.visibility is not Visibility.PRIVATE and farewell.group_id in viewer.reach


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return `may_see` as a condition on `farewells`; recalled messages' entries never meet it."""
    shared = and_(
        farewells.c.visibility != Visibility.PRIVATE.value,
        farewells.c.group_id.in_(viewer.reach),
    )
    if not viewer.in_private:
        return and_(is_kept(), shared)
    mine = farewells.c.author_id == viewer.user_id
    public = farewells.c.visibility == Visibility.PUBLIC.value
    return and_(is_kept(), or_(shared, mine, public))
