"""What a whole message means beside its words: the transformer's opinion.

It is asked about the messages alone whose words already speak for something.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model.features import Seen
from liudeng.moderation.model.labels import HEADS, VERDICTS, Label
from liudeng.text.transformer import Output, transformer

REACH = 8.0
"""Log odds at which its opinion is cut off, either way; whom it is not asked about it denies."""
WORDS_SHARE = 0.35
"""What the words add to its opinion: it hears a warning in a swindler's words better than they."""
BY_MEANING = tuple(
    column for column, head in enumerate(HEADS) if head not in (Label.FLOOD, Label.OFFENSIVE)
)
"""The heads it speaks to: a flood is a matter of form, `OFFENSIVE` is learnt from COLD alone."""

_HEADS = list(BY_MEANING)

Floats = NDArray[np.float64]


def opinions(messages: Sequence[Seen]) -> Floats:
    """Log odds for each of `HEADS`, one row a message, within `REACH`; 0 for the others."""
    said = np.zeros((len(messages), len(HEADS)))
    if messages:
        texts = [one.message.plain.text for one in messages]
        odds = _odds(transformer().says(texts, Output.MODERATION))
        said[:, _HEADS] = np.clip(odds[:, _HEADS], -REACH, REACH)
    return said


def heard(messages: Sequence[Seen], words: Floats, asked_from: Floats) -> Floats:
    """Its opinions on the messages whose words say enough for a head; else the firmest no."""
    said = np.zeros_like(words)
    said[:, _HEADS] = -REACH
    asked = np.flatnonzero((words > asked_from)[:, _HEADS].any(axis=1))
    if len(asked):
        said[asked] = opinions([messages[row] for row in asked.tolist()])
    return said


def together(words: Floats, said: Floats) -> Floats:
    """What the words and the transformer say, added up."""
    both = words.copy()
    both[:, _HEADS] = WORDS_SHARE * words[:, _HEADS] + said[:, _HEADS]
    return both


def _odds(scores: Floats) -> Floats:
    """From scores of `ok` and each verdict to log odds of each verdict against all else."""
    most = scores.max(axis=1, keepdims=True)
    shares = np.exp(scores - most)
    others = shares.sum(axis=1, keepdims=True) - shares
    return (scores - most - np.log(np.maximum(others, 1e-30)))[:, 1 : 1 + len(VERDICTS)]
