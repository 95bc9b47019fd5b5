"""The watcher: reads one message and says, with reasons, whether its writer may be in danger."""

from liudeng.watch.assessment import Assessment, Watcher, assess
from liudeng.watch.explaining import Reason
from liudeng.watch.lexicon import Lexicon, LexiconError, load_lexicon
from liudeng.watch.model import Model, load_model

__all__ = [
    "Assessment",
    "Lexicon",
    "LexiconError",
    "Model",
    "Reason",
    "Watcher",
    "assess",
    "load_lexicon",
    "load_model",
]
