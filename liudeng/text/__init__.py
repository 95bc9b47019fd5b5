"""The one place that knows about Chinese text: folding for search and character bigrams."""

from liudeng.text.bigrams import TOKENISER_VERSION, phrase_tokens, tokens
from liudeng.text.fold import Folded, fold, fold_with_offsets, simplified

__all__ = [
    "TOKENISER_VERSION",
    "Folded",
    "fold",
    "fold_with_offsets",
    "phrase_tokens",
    "simplified",
    "tokens",
]
