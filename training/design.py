"""From sentences to the rows the heads are fitted on: the very features used at run time."""

from collections.abc import Sequence

from liudeng.watch.evidence import Evidence
from liudeng.watch.model import named_features
from training import columns as shared
from training.columns import Columns
from training.fit import Rows


def columns_of(evidence: Sequence[Evidence]) -> Columns:
    """The n-grams and concepts that enough sentences hold, and every rule."""
    named = [named_features(one) for one in evidence]
    return shared.columns_of(_texts(evidence), named, lambda name: not _is_concept(name))


def rows_of(evidence: Sequence[Evidence], columns: Columns, *, rules: bool = True) -> Rows:
    """The feature rows; without `rules` as if no rule had spoken, so that words count too."""
    named = [
        {name: value for name, value in named_features(one).items() if rules or _is_concept(name)}
        for one in evidence
    ]
    return shared.rows_of(_texts(evidence), named, columns)


def _texts(evidence: Sequence[Evidence]) -> list[str]:
    return [one.folded.text for one in evidence]


def _is_concept(name: str) -> bool:
    return name.startswith("concept:")
