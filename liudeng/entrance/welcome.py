"""What a newcomer is told by the group itself, in the same message as the notice of consent."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.entrance.choice import choice_of

COMMANDS = "常用三句：「搜 关键词」找说过的话，「资源」看大家攒的链接，「帮助」看其余的。"


class Welcome:
    """Adds the group's own words to the notice that privacy gives."""

    def __init__(self, in_raid: Callable[[int], bool]) -> None:
        self._in_raid = in_raid

    def waits(self, group_id: int) -> bool:
        """Whether nobody is to be greeted now: a raid is no welcome's time."""
        return self._in_raid(group_id)

    async def words_for(self, connection: AsyncConnection, group_id: int) -> tuple[str, str]:
        """Return the group's own welcome, or nothing, and what stands below the notice."""
        choice = await choice_of(connection, group_id)
        rules = f"群规：\n{choice.house_rules}\n" if choice.house_rules else ""
        return choice.welcome, f"{rules}{COMMANDS}"
