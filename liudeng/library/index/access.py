"""Who may find what, as tokens: an entry is found through the doors it stands behind."""

from collections.abc import Iterable

from liudeng.library.entry import Visibility

_EVERYBODY = "everybody"


def doors_of(visibility: Visibility, group_id: int, author_id: str) -> list[str]:
    """Return the doors behind which an entry stands; its author has one to each."""
    doors = [_author(author_id)]
    if visibility is not Visibility.PRIVATE:
        doors.append(_group(group_id))
    if visibility is Visibility.PUBLIC:
        doors.append(_EVERYBODY)
    return doors


def doors_open_to(viewer_id: str, groups: Iterable[int], *, in_private: bool) -> frozenset[str]:
    """Return the doors open to somebody: in a group chat, only those of `groups`."""
    inside = frozenset(map(_group, groups))
    return inside | {_author(viewer_id), _EVERYBODY} if in_private else inside


def _author(author_id: str) -> str:
    return f"author {author_id}"


def _group(group_id: int) -> str:
    return f"group {group_id}"
