"""What the index knows of an entry."""

from datetime import date
from enum import StrEnum
from hashlib import blake2b

from pydantic import BaseModel, ConfigDict

from liudeng.library.entry import Farewell, Visibility


class Kind(StrEnum):
    """What an entry is; also `library_changes.kind`."""

    FAREWELL = "farewell"
    FAQ = "faq"
    RESOURCE = "resource"


class Document(BaseModel):
    """One entry, as it is indexed."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    id: int
    group_id: int
    author_id: str
    author_name: str
    visibility: Visibility
    title: str
    companion: str
    words: str
    seen_text: str
    tags: tuple[str, ...]
    day: date
    doors: tuple[str, ...] = ()
    """Behind which doors it stands; without any, those that its visibility opens."""

    @property
    def key(self) -> str:
        """What tells it from every other document."""
        return f"{self.kind.value}:{self.id}"

    @property
    def digest(self) -> str:
        """What changes when anything in it changes."""
        return blake2b(repr(self).encode("utf-8", "replace"), digest_size=12).hexdigest()


def document_of(entry: Farewell) -> Document:
    """Return a farewell as it is indexed."""
    return Document(
        kind=Kind.FAREWELL,
        id=entry.id,
        group_id=entry.group_id,
        author_id=entry.author_id,
        author_name=entry.author_name,
        visibility=entry.visibility,
        title=entry.title,
        companion=entry.companion,
        words=entry.words,
        seen_text=entry.seen_text,
        tags=entry.tags,
        day=entry.day,
    )
