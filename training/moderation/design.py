"""From messages to the rows the heads are fitted on: the very features used at run time."""

from collections.abc import Sequence

from liudeng.moderation.model import Seen, named_features
from training import columns as shared
from training.columns import Columns
from training.fit import Rows


def columns_of(messages: Sequence[Seen]) -> Columns:
    """The n-grams and names that enough messages hold."""
    return shared.columns_of(_texts(messages), _named(messages))


def rows_of(messages: Sequence[Seen], columns: Columns) -> Rows:
    """The feature rows of messages."""
    return shared.rows_of(_texts(messages), _named(messages), columns)


def _texts(messages: Sequence[Seen]) -> list[str]:
    return [one.grams_text for one in messages]


def _named(messages: Sequence[Seen]) -> shared.Named:
    return [named_features(one) for one in messages]
