"""A library beside an archive in which members say things and post pictures."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from liudeng.archive import LogWriter, Message, StoredMessage
from liudeng.db import Database
from liudeng.library import (
    Asker,
    Farewell,
    FarewellDesk,
    FarewellDraft,
    Viewer,
    Visibility,
    place,
    set_visibility,
)
from liudeng.library.dates_chat import DatesDesk
from liudeng.library.tables import library_changes
from liudeng.media import Kind, State
from liudeng.media.tables import attachments, forwarded, media
from liudeng.ocr import Reading
from liudeng.ocr.readings import ReadingState, keep_reading
from liudeng.outbox import PostedLetter
from liudeng.outbox.letter import posted_letter
from liudeng.outbox.tables import outbox
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER, STRANGER, said

AUTHOR = Asker(str(MEMBER), frozenset({GROUP}), GROUP, "满月")
FRIEND = Asker(str(OTHER_MEMBER), frozenset({GROUP, OTHER_GROUP}), GROUP, "阿梨")
MODERATOR = Asker(str(ADMIN), frozenset({GROUP}), GROUP, "老周", frozenset({GROUP}))
OUTSIDER = Viewer(str(STRANGER), frozenset({OTHER_GROUP}))
NAMES = {GROUP: "守灯人", OTHER_GROUP: "别的群"}


def sha(number: int) -> str:
    """Return the name of a picture."""
    return f"{number:064x}"


def drafted(**fields: Any) -> FarewellDraft:
    """Return a draft by `MEMBER` for `GROUP`."""
    values: dict[str, Any] = {
        "group_id": GROUP,
        "author_id": str(MEMBER),
        "author_name": "满月",
        "title": "最后一个月亮",
        "companion": "小暖",
        "day": date(2026, 2, 13),
    }
    return FarewellDraft(**{**values, **fields})


class Room:
    """Members, their messages, and what the other rooms make of them."""

    def __init__(self, database: Database, writer: LogWriter) -> None:
        self.database = database
        self.writer = writer
        self._said: dict[int, Message] = {}
        self._positions = 0

    async def say(self, message: Any = "晚安", **fields: Any) -> StoredMessage:
        """Somebody says something in the group."""
        spoken = said(message, **fields)
        await store(self.writer, spoken)
        stored = (await kept(self.database))[-1]
        self._said[stored.id] = spoken
        return stored

    async def recall(self, message: StoredMessage) -> None:
        """Its author takes it back."""
        await store(self.writer, recall_of(self._said[message.id]))

    async def recalled(self, message: StoredMessage) -> StoredMessage:
        """Take it back; return it as the archive has it now."""
        await self.recall(message)
        return next(entry for entry in await kept(self.database) if entry.id == message.id)

    async def attach(
        self,
        message: StoredMessage,
        kind: Kind = Kind.IMAGE,
        state: State = State.STORED,
        sha256: str | None = None,
        forwarded_id: int = 0,
    ) -> None:
        """The media room has noted something that the message carries."""
        self._positions += 1
        async with self.database.write() as connection:
            await connection.execute(
                insert(attachments).values(
                    message_row=message.id,
                    forwarded_id=forwarded_id,
                    position=self._positions,
                    kind=kind.value,
                    url="",
                    file="",
                    declared_size=0,
                    sub_type=0,
                    state=state.value,
                    sha256=sha256,
                    reason="",
                    attempts=0,
                    due_ms=0,
                )
            )

    async def settle(self, message: StoredMessage, state: State) -> None:
        """The media room is done with what the message carries."""
        async with self.database.write() as connection:
            await connection.execute(
                update(attachments)
                .where(attachments.c.message_row == message.id)
                .values(state=state.value)
            )

    async def picture(self, message: StoredMessage, number: int, **fields: Any) -> str:
        """The message carries a kept picture of 720 by 1280 pixels."""
        await self.attach(message, sha256=sha(number), **fields)
        async with self.database.write() as connection:
            await connection.execute(
                insert(media).values(
                    sha256=sha(number),
                    size=1,
                    mime="image/png",
                    width=720,
                    height=1280,
                    stored_ms=0,
                )
            )
        return sha(number)

    async def forward(self, message: StoredMessage, *nodes: tuple[int, str, str]) -> None:
        """The message is a merged forward of (user, name, words)."""
        await self.attach(message, kind=Kind.FORWARD)
        rows = [
            {
                "container_row": message.id,
                "position": position,
                "depth": 1,
                "user_id": str(user_id),
                "name": name,
                "time_ms": 0,
                "text": words,
                "segments": "",
            }
            for position, (user_id, name, words) in enumerate(nodes)
        ]
        async with self.database.write() as connection:
            await connection.execute(insert(forwarded), rows)

    async def read(self, sha256: str, reading: Reading) -> None:
        """The picture was read."""
        async with self.database.write() as connection:
            await keep_reading(connection, sha256, reading, ReadingState.READ)

    async def place(
        self, visibility: Visibility = Visibility.GROUP, now_ms: int = 1, **fields: Any
    ) -> Farewell:
        """Place an entry with this visibility."""
        async with self.database.write() as connection:
            entry = await place(connection, drafted(**fields), now_ms)
            await set_visibility(connection, entry.id, visibility, now_ms)
        return entry.model_copy(update={"visibility": visibility})

    async def changes(self) -> list[int]:
        """Return the numbers of changed entries, in order; then forget them."""
        async with self.database.write() as connection:
            rows = (await connection.execute(select(library_changes).order_by("seq"))).all()
            await connection.execute(library_changes.delete())
        assert {row.kind for row in rows} <= {"farewell"}
        return [row.entry_id for row in rows]

    async def letters(self) -> list[PostedLetter]:
        """Return what was posted, in order."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            return [posted_letter(row) for row in rows]


@pytest.fixture
def room(database: Database, writer: LogWriter) -> Room:
    return Room(database, writer)


@pytest.fixture
def now(zone: ZoneInfo) -> datetime:
    """The time at which the desk works."""
    return datetime(2026, 9, 22, 10, 0, tzinfo=zone)


@pytest.fixture
def dates(database: Database, zone: ZoneInfo, now: datetime) -> DatesDesk:
    return DatesDesk(database, zone, lambda: now)


@pytest.fixture
def desk(database: Database, zone: ZoneInfo, now: datetime) -> FarewellDesk:
    return FarewellDesk(database, zone, NAMES.__getitem__, lambda: now)
