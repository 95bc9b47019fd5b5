"""What is exported, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.archive import Segment

Pseudonym = Callable[[str], str]
"""Gives a person the same made-up name every time; fits `Pseudonyms.of`."""


class ExportProblem(Exception):
    """The export cannot be written; the text is one Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What to export, and how."""

    group_id: int
    zone: ZoneInfo
    """Of the days and times on the pages."""
    pseudonym: Pseudonym | None = None
    """With it nobody is named; without it everything is as it was said."""
    page: int = 1_000
    """Messages read at once: memory does not grow with the group."""

    @property
    def kind(self) -> str:
        """What the export says of itself."""
        return "pseudonymous" if self.pseudonym else "full"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a message carries, as it lies in the export."""

    path: str
    """From the export's folder: `media/ab/cd/….png`."""
    mime: str
    size: int
    """Bytes."""
    position: int
    """Of the segment that carries it; -1 where it came inside a merged forward."""

    @property
    def is_picture(self) -> bool:
        """Whether a page shows it."""
        return self.mime.startswith("image/")

    @property
    def name(self) -> str:
        """Its name without folders."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message as it is exported."""

    row: int
    """`messages.id`: how far an export has come. Not written anywhere."""
    number: int
    """The short number that members type; 0 where nobody is named."""
    message_id: str
    platform_seq: int
    user_id: str
    name: str
    card: str
    time_ms: int
    text: str
    segments: tuple[Segment, ...]
    reply_to: str | None
    files: tuple[FileRef, ...] = ()

    @property
    def display_name(self) -> str:
        """The name the group saw."""
        return self.card or self.name or self.user_id


@dataclass(frozen=True, slots=True)
class Speaker:
    """A member as the export lists them: under the names of their last message."""

    user_id: str
    name: str
    card: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    messages: int
    files: int
    left_out_files: int
    """Files that are not in the archive any longer, or cannot be shown without naming somebody."""
    taken_back: int
    """Messages that were recalled while the export was written, and are not in it."""
    resumed: bool
    """Whether an earlier, interrupted export was gone on with."""
