"""A record in our terms, before it is validated: what every format is turned into."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from liudeng.archive import Segment
from liudeng.archive.reading import clean
from liudeng.importing.records import Record


class NotImported(Enum):
    """A record that is understood and becomes no message."""

    NO_MESSAGE = "a header, a member: not counted"
    LEFT_OUT = "a notice of the system, or a message that was recalled"


@dataclass(frozen=True, slots=True)
class Draft:
    """One message as a format tells it. All but the segments is still raw."""

    user: Any
    time: Any
    segments: list[Segment]
    message_id: Any = None
    """None when the format has none; then one is made from what was said."""
    name: Any = None
    card: Any = None
    seq: Any = None
    """The group's own sequence number, if told."""


class Dialect(Protocol):
    """One format's records."""

    name: str

    def read(self, record: Record) -> Draft | NotImported:
        """Turn a record into a draft.

        Raises:
            RecordRefused: it is no record of this format.
        """
        ...


def text_segment(text: str) -> Segment:
    """Return a segment of plain words."""
    return {"type": "text", "data": {"text": text}}


def reply_segment(message_id: str) -> Segment:
    """Return a segment that quotes a message of the same export."""
    return {"type": "reply", "data": {"id": message_id}}


def identifier(value: Any) -> str | None:
    """Return an id that may be a number or text; None when there is none.

    Spreadsheet programs and Python's pandas turn numbers into `123.0`.
    """
    if isinstance(value, str):
        return clean(value).strip() or None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def first_identifier(*values: Any) -> str | None:
    """Return the first id that is there; exporters write 0 where they have none."""
    for value in values:
        found = identifier(value)
        if found is not None and found != "0":
            return found
    return None
