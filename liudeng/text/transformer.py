"""What a small transformer says of a text as a whole: one for every room that judges texts.

It was fine-tuned for this bot from multilingual-e5-small (`training/transformer`, and
`docs/model-card.md`); its weights are kept in a byte each and computed with in single precision. It
takes some 100 MB and a second to load, so a command line loads it for the first text that needs it;
the bot at its start. A text takes a few milliseconds.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

MODEL = Path(__file__).with_name("transformer.onnx")
PIECES = Path(__file__).with_name("transformer_pieces.model")
MOST_CHARS = 300
"""What is read of a text at once: the time it takes grows with its length."""
LONG = 60
"""Characters of a window: in a longer text one sentence would drown among others."""
MOST_WINDOWS = 4
MOST_TOKENS = 96
TOKENS_TOGETHER = 384
"""Tokens of one run, of texts of like length; more at once takes memory and no less time."""
DIGITS = 3
"""The last bits depend on what a text was computed together with."""
_BEGIN, _PADDING, _END = 0, 1, 2
_PAUSES = re.compile(r"(?:[,，。!！;；、~…·\s]|\.(?![0-9A-Za-z]))+")


class Output(StrEnum):
    """What it can be asked about a text; the order of the numbers is that of training."""

    WATCH = "watch"
    """The writer's danger, the writer's pain, worry about somebody else: log odds each."""
    MODERATION = "moderation"
    """Nothing, scam, ad, abuse, incite, flood, outsider: scores of which the highest is right."""


class _Loaded(NamedTuple):
    session: Any
    """An `onnxruntime.InferenceSession`, which brings no types."""
    pieces: "SentencePieceProcessor"


class Transformer:
    """Judges texts. Fit for several threads."""

    def __init__(self) -> None:
        self._loaded: _Loaded | None = None
        self._lock = Lock()

    def load(self) -> None:
        """Load it, if it is not yet. Blocks for a second.

        Raises:
            OSError: a file cannot be read.
        """
        self._ready()

    def says(self, texts: Sequence[str], output: Output) -> NDArray[np.float64]:
        """One row of numbers a text, as `Output` tells; never asks anybody outside."""
        if not texts:
            return np.zeros((0, 0))
        session, pieces = self._ready()
        read = tokens_of(pieces, texts)
        rows: list[NDArray[np.float32] | None] = [None] * len(read)
        for batch in _batches(read):
            filled = {"tokens": _filled([read[row] for row in batch])}
            for row, said in zip(batch, session.run([output], filled)[0], strict=True):
                rows[row] = said
        return np.round(np.array(rows, dtype=np.float64), DIGITS)

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load()
            return self._loaded


def _load() -> _Loaded:
    # Imported late: whoever only searches the archive must not wait for them.
    import onnxruntime
    from sentencepiece import SentencePieceProcessor

    options: Any = onnxruntime.SessionOptions()  # pyright: ignore[reportAttributeAccessIssue]
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the most that one long batch ever took
    session = onnxruntime.InferenceSession(
        MODEL.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    pieces = SentencePieceProcessor()
    pieces.LoadFromSerializedProto(PIECES.read_bytes())
    return _Loaded(session, pieces)


def without_pauses(text: str) -> str:
    """A text with spaces for its stops, as it is read.

    How somebody punctuates says who is writing, not how they are; read as written, a full stop
    alone turned a yes into a no, because those who write training sentences seldom set one. And
    nobody can fill up what is read of a message with three hundred commas.
    """
    return _PAUSES.sub(" ", text).strip()


def windows_of(text: str) -> list[str]:
    """A text without pauses or, if it is long, windows spread over it from beginning to end."""
    text = without_pauses(text)
    if len(text) <= LONG:
        return [text]
    count = min(MOST_WINDOWS, -(-len(text) // LONG))
    starts = np.linspace(0, len(text) - LONG, count, dtype=int).tolist()
    return [text[start : start + LONG] for start in starts]


def tokens_of(pieces: "SentencePieceProcessor", texts: Sequence[str]) -> list[list[int]]:
    """Each text as the numbers of its pieces, between a beginning and an end."""
    # Half of a surrogate pair is no text to the library; it comes from pictures and broken clients.
    cut = [without_pauses(text)[:MOST_CHARS] for text in texts]
    whole = [text.encode("utf-8", "replace").decode() for text in cut]
    read = pieces.Encode(whole, out_type=int, num_threads=1)
    return [[_BEGIN, *each[: MOST_TOKENS - 2], _END] for each in read]


def _batches(read: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    for row in sorted(range(len(read)), key=lambda row: len(read[row])):
        if batch and len(read[row]) * (len(batch) + 1) > TOKENS_TOGETHER:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _filled(read: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    filled = np.full((len(read), max(map(len, read))), _PADDING, dtype=np.int64)
    for row, ids in enumerate(read):
        filled[row, : len(ids)] = ids
    return filled


@cache
def fingerprint() -> str:
    """SHA-256 of the network, to tell which one spoke."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()


@cache
def transformer() -> Transformer:
    """The one transformer of this process."""
    return Transformer()
