"""Liudeng's own format: JSON Lines of `{"id", "user", "name", "time", "text"}`."""

from liudeng.importing.draft import Draft, NotImported, text_segment
from liudeng.importing.records import Record
from liudeng.importing.report import RecordRefused


class LiudengLines:
    """The simplest format, for everything that has no converter."""

    name = "留灯 JSON Lines"

    @staticmethod
    def matches(record: Record) -> bool:
        """Tell whether a record is of this format."""
        return {"user", "time", "text"} <= record.keys()

    def read(self, record: Record) -> Draft | NotImported:
        """Turn a record into a draft."""
        text = record.get("text")
        if not isinstance(text, str):
            raise RecordRefused("text 没有写，或不是文字")
        return Draft(
            user=record.get("user"),
            time=record.get("time"),
            segments=[text_segment(text)],
            message_id=record.get("id"),
            name=record.get("name"),
        )
