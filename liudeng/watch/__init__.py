"""The watcher: reads one message and says, with reasons, whether its writer may be in danger."""

from liudeng.watch.assessment import Assessment, Reason, Watcher, assess
from liudeng.watch.lexicon import Lexicon, LexiconError, load_lexicon

__all__ = [
    "Assessment",
    "Lexicon",
    "LexiconError",
    "Reason",
    "Watcher",
    "assess",
    "load_lexicon",
]
