"""The entries on a shelf of the library's index, so that 搜 finds them, too."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.entry import EVERY_GROUP, Entry, State
from liudeng.faq.store import counts_for, entries_where
from liudeng.faq.tables import faq_entries
from liudeng.library import Viewer, Visibility
from liudeng.library.entries import chunks
from liudeng.library.index import Document, Kind

_LIVE = faq_entries.c.state == State.LIVE.value


class FaqShelf:
    """Lends the entries to the index."""

    kind = Kind.FAQ

    async def ids(self, connection: AsyncConnection) -> Sequence[int]:
        """Return the live entries."""
        return list(await connection.scalars(select(faq_entries.c.id).where(_LIVE)))

    async def documents(
        self, connection: AsyncConnection, ids: Collection[int]
    ) -> Mapping[int, Document]:
        """Return the live ones of these entries."""
        return {entry.id: _document(entry) for entry in await _live(connection, ids)}

    def doors(self, viewer: Viewer) -> frozenset[str]:
        """Return the doors of the groups whose entries a viewer may read, and everybody's."""
        return frozenset(map(_door, {EVERY_GROUP, *viewer.reach}))

    async def lines(
        self, connection: AsyncConnection, viewer: Viewer, ids: Collection[int]
    ) -> Mapping[int, str]:
        """Return the line that 搜 shows of each entry that still answers."""
        today = datetime.now(UTC).date()
        mine = counts_for(viewer.reach), faq_entries.c.id.in_(list(ids)), _LIVE
        return {
            entry.id: f"问答：{entry.body.question}　问答 {entry.id}"
            for entry in await entries_where(connection, *mine)
            if entry.answers_on(today)
        }


async def _live(connection: AsyncConnection, ids: Collection[int]) -> list[Entry]:
    return [
        entry
        for chunk in chunks(sorted(ids))
        for entry in await entries_where(connection, faq_entries.c.id.in_(chunk), _LIVE)
    ]


def _document(entry: Entry) -> Document:
    return Document(
        kind=Kind.FAQ,
        id=entry.id,
        group_id=entry.group_id,
        author_id="",
        author_name="",
        visibility=Visibility.GROUP,
        title=entry.body.question,
        companion="",
        words=entry.body.answer,
        seen_text="\n".join(entry.body.variants),
        tags=entry.body.tags,
        day=entry.body.verified_on or entry.created_on,
        doors=(_door(entry.group_id),),
    )


def _door(group_id: int) -> str:
    return f"faq {group_id}"
