"""What a whole sentence means beside its words: a small net over the vector of the sentence.

It is asked about the few messages alone that it could move across a threshold, so that nearly all
of what a group says costs nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.text.sentences import sentence_encoder
from liudeng.watch.evidence import Evidence

REACH = 4.0
"""Log-odds at which its opinion is cut off, either way."""
SHARE = 0.5
"""What its opinion counts beside that of the words."""
SHOWN = 1.0
"""How far below a threshold a score is still told of: a hint, half-way."""
DENIED = -2.0
"""The most it says where a rule knows that what sounds grave is denied, joked about or quoted: the
vector of 我不想死 is that of 我想死."""
_DIGITS = 3
"""The last bits depend on what a message was encoded together with."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One hidden layer, one output a head; see `docs/model-card.md`."""

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    outer: NDArray[np.float32]
    outer_bias: NDArray[np.float32]

    def says(self, vectors: NDArray[np.float32], evidence: Sequence[Evidence]) -> Floats:
        """Log-odds for each head, one row a sentence, within `REACH`."""
        felt = np.maximum(vectors @ self.hidden + self.hidden_bias, 0)
        said = felt @ self.outer + self.outer_bias
        most = np.array([DENIED if one.is_denied else REACH for one in evidence])
        return np.clip(np.round(said.astype(np.float64), _DIGITS), -REACH, most[:, None])

    def added(self, evidence: Sequence[Evidence], above: Floats) -> Floats:
        """What it adds to scores that are so far above their thresholds.

        Where it could change nothing it counts as the firmest no.
        """
        said = np.full_like(above, -REACH)
        asked = np.flatnonzero((above > -(SHARE * REACH + SHOWN)).any(axis=1))
        if len(asked):
            heard = [evidence[row] for row in asked.tolist()]
            vectors = sentence_encoder().encode([one.folded.text for one in heard])
            said[asked] = self.says(vectors, heard)
        return SHARE * said
