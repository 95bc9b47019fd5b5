"""What a whole message means beside its words: the transformer's opinion.

It is asked about the messages alone whose words already speak for something.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model.features import Seen
from liudeng.moderation.model.labels import HEADS, Label
from liudeng.text.net import log_odds
from liudeng.text.transformer import (
    LONG,
    MOST_CHARS,
    MOST_WINDOWS,
    Output,
    transformer,
    windows_of,
    without_pauses,
)

REACH = 8.0
"""Log odds at which its opinion is cut off, either way. A message that it is not asked about
counts as the firmest no."""
WORDS_SHARE = 0.35
"""How much the words count beside it. Less than one: words alone take a warning that quotes a
swindler for a swindle."""
BY_MEANING = tuple(
    column for column, head in enumerate(HEADS) if head not in (Label.FLOOD, Label.OFFENSIVE)
)
"""The heads it speaks to: a flood is a matter of form, `OFFENSIVE` is learnt from COLD alone."""

_HEADS = list(BY_MEANING)

Floats = NDArray[np.float64]


def opinions(messages: Sequence[Seen]) -> Floats:
    """Log odds for each of `HEADS`, one row a message, within `REACH`; 0 for the others.

    Of a long message the firmest yes to one of its parts counts.
    """
    said = np.zeros((len(messages), len(HEADS)))
    if messages:
        odds = _strongest([without_pauses(one.message.plain.text) for one in messages])
        said[:, _HEADS] = np.clip(odds[:, _HEADS], -REACH, REACH)
    return said


def _strongest(texts: Sequence[str]) -> Floats:
    read = [(row, part) for row, text in enumerate(texts) for part in _parts(text)]
    rows, parts = zip(*read, strict=True)
    each = log_odds(transformer().says(parts, Output.MODERATION))[:, 1:]
    odds = np.full((len(texts), each.shape[1]), -REACH)
    np.maximum.at(odds, np.array(rows), each)
    # Nobody denies what was not read.
    unread = np.array([len(text) > MOST_WINDOWS * LONG for text in texts])
    odds[unread] = np.maximum(odds[unread], 0.0)
    return odds


def _parts(text: str) -> list[str]:
    """What is read of a message: the whole and, of a long one, windows spread over it."""
    return [text[:MOST_CHARS], *(windows_of(text) if len(text) > LONG else ())]


def opinions_where_asked(messages: Sequence[Seen], words: Floats, asked_from: Floats) -> Floats:
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
