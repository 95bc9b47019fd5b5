"""The archive: a log of messages that everything else reads with a bookmark."""

from liudeng.archive.backfill import (
    Backfill,
    BackfillLimits,
    FetchPage,
    HistoryRefused,
    PageRequest,
)
from liudeng.archive.ear import Ear
from liudeng.archive.gaps import count_gaps, has_open_gap, open_known_gaps
from liudeng.archive.message import Message, Recall, Segment, Source, StoredMessage
from liudeng.archive.payload import (
    PayloadRefused,
    is_group_message,
    parse_message,
    parse_recall,
    parse_segments,
)
from liudeng.archive.queries import (
    committed_after,
    find_quoted,
    heard_after,
    last_seq,
    message_by_seq,
    messages_by_id,
    neighbours,
    stored_message,
)
from liudeng.archive.readers import Effects, Lag, Reader, ReaderRun, reader_lags
from liudeng.archive.reading import readable_text, shown_text
from liudeng.archive.writer import LogWriter, WriterStatus

__all__ = [
    "Backfill",
    "BackfillLimits",
    "Ear",
    "Effects",
    "FetchPage",
    "HistoryRefused",
    "Lag",
    "LogWriter",
    "Message",
    "PageRequest",
    "PayloadRefused",
    "Reader",
    "ReaderRun",
    "Recall",
    "Segment",
    "Source",
    "StoredMessage",
    "WriterStatus",
    "committed_after",
    "count_gaps",
    "find_quoted",
    "has_open_gap",
    "heard_after",
    "is_group_message",
    "last_seq",
    "message_by_seq",
    "messages_by_id",
    "neighbours",
    "open_known_gaps",
    "parse_message",
    "parse_recall",
    "parse_segments",
    "readable_text",
    "reader_lags",
    "shown_text",
    "stored_message",
]
