"""The small model beside the rules: linear heads and a net over words and rules; a transformer."""

from liudeng.text.grams import BUCKETS, Grams, grams_of, lengths_of
from liudeng.watch.model.concepts import named_features
from liudeng.watch.model.heads import HEADS, Head, Model, Scores, load_model

__all__ = [
    "BUCKETS",
    "HEADS",
    "Grams",
    "Head",
    "Model",
    "Scores",
    "grams_of",
    "lengths_of",
    "load_model",
    "named_features",
]
