"""What an album shows of an entry: nothing here leads to a person."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from liudeng.library import Farewell


@dataclass(frozen=True, slots=True)
class Shot:
    """A covered picture."""

    copy: Path
    """Outside the album, to be copied into it."""
    words: str
    """What can be read in it, one turn a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One farewell as everybody may see it."""

    id: int
    title: str
    companion: str
    author: str
    """Empty where the entry knows no more than a number."""
    day: date
    words: str
    tags: tuple[str, ...]
    shots: tuple[Shot, ...]

    @property
    def page(self) -> str:
        """Its address from the album's folder."""
        return f"e/{self.id}.html"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A group's entries, oldest first, and what had to stay out."""

    name: str
    """The group's; empty if it is not known."""
    entries: tuple[Entry, ...]
    unread: int = 0
    """Pictures whose words are not known yet."""
    unreadable: int = 0
    """Pictures whose words cannot be known, or that are no longer there."""
    left_out: int = 0
    """Entries of which nothing but a title would be left."""


def shown(farewell: Farewell, shots: tuple[Shot, ...]) -> Entry:
    """Return an entry, as `Showing` shows it to everybody, with its covered pictures."""
    return Entry(
        id=farewell.id,
        title=farewell.title,
        companion=farewell.companion,
        author=farewell.author_name,
        day=farewell.day,
        words=farewell.words,
        tags=farewell.tags,
        shots=shots,
    )
