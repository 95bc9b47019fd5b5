"""What an import tells: how far it is, what became of the records, why it cannot go on."""

from dataclasses import dataclass

MOST_EXAMPLES = 5


class ImportProblem(Exception):
    """The file cannot be imported; the text is one Chinese sentence that says what to do."""


class RecordRefused(ValueError):
    """One record cannot be imported; the text says why, in Chinese, without quoting it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come; what it counts is in the archive already."""

    bytes_read: int
    bytes_total: int
    messages: int
    """Records read so far, whatever became of them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that was not imported. It never holds anything of the message."""

    number: int
    """From 1: the line of the file, or the place among the file's messages."""
    unit: str
    """What the number counts: 行 (lines) or 条 (messages)."""
    reason: str

    def __str__(self) -> str:
        return f"第 {self.number} {self.unit}：{self.reason}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: `read` = `inserted` + `duplicates` + `left_out` + `refused`."""

    format_name: str
    read: int
    inserted: int
    duplicates: int
    """Messages the archive had already."""
    left_out: int
    """Notices of the system, messages their authors had recalled or do not want kept."""
    refused: int
    """Records that could not be understood."""
    mended_times: int
    """Imported messages with an impossible time: they took that of the message before them."""
    examples: tuple[Refusal, ...]
    """The first few refusals."""
    complete: bool
    """False when the file breaks off: what came before the break was imported."""
    seconds: float
