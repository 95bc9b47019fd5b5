"""Dates as they are kept in the chat: 纪念日, 忘掉纪念日, 那年今日."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database
from liudeng.library import texts
from liudeng.library.anniversaries import (
    NotADate,
    TooMany,
    add_anniversary,
    anniversaries_of,
    parse_anniversary,
    remove_anniversary,
)
from liudeng.library.asker import Answer, Asker
from liudeng.library.month_day import NoSuchDay
from liudeng.library.remembrance import is_remembering, set_remembrance
from liudeng.library.typed import split_number, switch_in


class DatesDesk:
    """Answers members about the days they keep."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock or (lambda: datetime.now(zone))

    async def anniversary(self, asker: Asker, text: str) -> Answer:
        """纪念日 <date> <what>: keep a date; without anything, list them."""
        if not text.strip():
            return await self.anniversaries(asker)
        try:
            draft = parse_anniversary(text)
            async with self._database.write() as connection:
                kept = await add_anniversary(connection, asker.user_id, draft, self._clock())
        except (NoSuchDay, NotADate) as problem:
            return Answer(str(problem))
        except TooMany:
            return Answer(texts.TOO_MANY_DATES)
        return Answer(texts.date_kept_text(kept))

    async def anniversaries(self, asker: Asker) -> Answer:
        """纪念日: list the asker's dates, in private chat alone."""
        if not asker.in_private:
            return Answer(texts.DATES_ARE_PRIVATE)
        async with self._database.read() as connection:
            kept = await anniversaries_of(connection, asker.user_id)
        return Answer(texts.dates_text(kept) if kept else texts.NO_DATES)

    async def forget_anniversary(self, asker: Asker, text: str) -> Answer:
        """忘掉纪念日 <number>: keep a date no longer."""
        number, _ = split_number(text)
        if number is None:
            return Answer(texts.WHICH_DATE)
        async with self._database.write() as connection:
            found = await remove_anniversary(connection, asker.user_id, number)
        return Answer(texts.date_forgotten_text(number, found=found))

    async def remember(self, asker: Asker, text: str) -> Answer:
        """那年今日 开/关: let the asker have their own entries of the day, or no longer."""
        wanted = switch_in(text)
        if wanted is None:
            async with self._database.read() as connection:
                active = await is_remembering(connection, asker.user_id)
            return Answer(texts.remembrance_text(active=active))
        async with self._database.write() as connection:
            await set_remembrance(connection, asker.user_id, active=wanted)
        return Answer(texts.REMEMBERING if wanted else texts.NOT_REMEMBERING)
