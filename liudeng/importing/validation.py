"""From a draft to a `Message`, through the same checks as what is heard live."""

import hashlib
from zoneinfo import ZoneInfo

from liudeng.archive import Message, PayloadRefused, Source, parse_message, readable_text
from liudeng.importing.draft import Draft, identifier
from liudeng.importing.report import RecordRefused
from liudeng.importing.times import EARLIEST_MS, FUTURE_TOLERANCE_MS, parse_time

_IDS_REMEMBERED = 100_000


class MessageMaker:
    """Makes the messages of one file, in the file's order."""

    def __init__(self, group_id: int, zone: ZoneInfo, read_ms: int, written_ms: int) -> None:
        """`read_ms` is now, `written_ms` when the file was written."""
        self._group_id = group_id
        self._zone = zone
        self._read_ms = read_ms
        self._last_ms = min(written_ms, read_ms)
        self._counter = _OccurrenceCounter()
        self.mended_times = 0

    def message(self, draft: Draft) -> Message:
        """Make a message.

        Raises:
            RecordRefused: a part without which it is no message is missing or malformed.
        """
        user_id = identifier(draft.user)
        if user_id is None:
            raise RecordRefused("没有发送者")
        time_ms = self._time_ms(draft)
        message_id = identifier(draft.message_id)
        try:
            return parse_message(
                {
                    "group_id": self._group_id,
                    "message_id": message_id or self._made_id(draft, user_id, time_ms),
                    "user_id": user_id,
                    "time": time_ms,
                    "sender": {"nickname": draft.name, "card": draft.card},
                    "message": draft.segments,
                    "real_seq": draft.seq,
                },
                self._read_ms,
                Source.IMPORT,
            )
        except PayloadRefused as error:
            raise RecordRefused(f"格式不对（{error}）") from None

    def _time_ms(self, draft: Draft) -> int:
        """Return the time; in place of an impossible one that of the message before it.

        The time of the import would not do: with the next import it would be another message.
        """
        time_ms = parse_time(draft.time, self._zone)
        if EARLIEST_MS <= time_ms <= self._read_ms + FUTURE_TOLERANCE_MS:
            self._last_ms = time_ms
        else:
            self.mended_times += 1
        return self._last_ms

    def _made_id(self, draft: Draft, user_id: str, time_ms: int) -> str:
        """Return an id that the same message of the same file always gets.

        It begins with the time, so that the ids of a file grow and the database appends to its
        index instead of writing all over it.
        """
        said = f"{user_id}\0{time_ms}\0{readable_text(draft.segments)}"
        digest = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        again = self._counter.count(digest)
        return f"import-{time_ms // 1000:x}-{digest.hex()}" + (f"-{again}" if again else "")


class _OccurrenceCounter:
    """Counts equal messages: people do type 哈 twice in a second.

    Two generations keep it small. A repetition that comes after a hundred thousand other
    messages counts as the same message: it is what a file has that was joined from two exports.
    """

    def __init__(self) -> None:
        self._young: dict[bytes, int] = {}
        self._old: dict[bytes, int] = {}

    def count(self, digest: bytes) -> int:
        """Return how often it was counted before."""
        before = self._young.get(digest)
        if before is None:
            before = self._old.get(digest, 0)
            if len(self._young) >= _IDS_REMEMBERED:
                self._old, self._young = self._young, {}
        self._young[digest] = before + 1
        return before
