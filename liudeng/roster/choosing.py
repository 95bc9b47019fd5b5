"""Which of their groups somebody means: by number, by name, or the only one."""

from collections.abc import Sequence

from liudeng.roster.roster import Roster


def choose_group(roster: Roster, groups: Sequence[int], typed: str) -> int | None:
    """Return the one group of `groups` that `typed` means; None when that is not plain.

    Empty text means the only one; otherwise its number, its name, or a part of one name alone.
    """
    typed = typed.strip()
    if not typed:
        return groups[0] if len(groups) == 1 else None
    exact = [group for group in groups if typed in (str(group), roster.group_name(group))]
    found = exact or [group for group in groups if typed in roster.group_name(group)]
    return found[0] if len(found) == 1 else None
