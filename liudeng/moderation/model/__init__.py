"""The small model beside the rules: what kind of message this is, and which words say so."""

from liudeng.moderation.model.features import Seen, named_features, see
from liudeng.moderation.model.labels import HEADS, VERDICTS, Label
from liudeng.moderation.model.model import Model, load_model

__all__ = ["HEADS", "VERDICTS", "Label", "Model", "Seen", "load_model", "named_features", "see"]
