"""Reads a file into batches of messages. Everything here blocks: it runs in a thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.archive import Message
from liudeng.db import now_ms
from liudeng.importing.detect import Format, detect
from liudeng.importing.draft import NotImported
from liudeng.importing.records import FileBreaksOff, Numbered, Record
from liudeng.importing.report import ImportProblem, RecordRefused, Refusal
from liudeng.importing.source import ExportFile
from liudeng.importing.validation import MessageMaker

BATCH_LIMIT = 2_000
"""Records of one batch, which is one transaction."""
_BATCH_CHARACTERS = 2_000_000
"""Batches of long messages end sooner, so that memory stays bounded."""


@dataclass
class Batch:
    """What became of a part of the file."""

    messages: list[Message] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    left_out: int = 0
    mended_times: int = 0
    bytes_read: int = 0
    """From the start of the file."""
    broke_off: bool = False

    @property
    def read(self) -> int:
        """Records of this batch."""
        return len(self.messages) + len(self.refusals) + self.left_out


class Reading:
    """A file being read."""

    def __init__(self, path: Path, group_id: int, zone: ZoneInfo) -> None:
        """Open a file and find out its format.

        Raises:
            ImportProblem: it cannot be imported.
        """
        self._file = ExportFile(path)
        try:
            self.format: Format = detect(self._file)
            self._records: Iterator[Numbered] = self.format.records(self._file)
        except BaseException:
            self._file.close()
            raise
        self._maker = MessageMaker(group_id, zone, now_ms(), self._file.modified_ms)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._file.size

    def next_batch(self) -> Batch | None:
        """Return the next part of the file; None at its end.

        Raises:
            ImportProblem: the file cannot be read any further.
        """
        batch = Batch()
        mended_before, characters, ended = self._maker.mended_times, 0, True
        try:
            for number, record in islice(self._records, BATCH_LIMIT):
                ended = False
                characters += self._take(number, record, batch)
                if characters >= _BATCH_CHARACTERS:
                    break
        except OSError as error:
            raise ImportProblem(
                f"文件读到一半出错（{error.strerror}）：请检查磁盘，再导入一次，不会重复。"
            ) from None
        if ended:
            return None
        batch.mended_times = self._maker.mended_times - mended_before
        batch.bytes_read = self._file.position
        return batch

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _take(self, number: int, record: Record | RecordRefused, batch: Batch) -> int:
        """Put one record into the batch; return how long its text is."""
        try:
            if isinstance(record, RecordRefused):
                raise record
            draft = self.format.dialect.read(record)
            if isinstance(draft, NotImported):
                batch.left_out += draft is NotImported.LEFT_OUT
                return 0
            message = self._maker.message(draft)
        except RecordRefused as refused:
            batch.broke_off = isinstance(refused, FileBreaksOff)
            batch.refusals.append(Refusal(number, self.format.unit, str(refused)))
            return 0
        except Exception as error:  # whatever a hostile record provokes, the next one is read
            reason = f"读不懂（{type(error).__name__}）"
            batch.refusals.append(Refusal(number, self.format.unit, reason))
            return 0
        batch.messages.append(message)
        return len(message.text)
