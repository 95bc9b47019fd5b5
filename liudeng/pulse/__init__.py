"""The pulse: how a whole group sounds by the hour. It counts, and names nobody."""

from liudeng.pulse.lexicon import MoodLexicon, MoodLexiconError, load_moods
from liudeng.pulse.mood import Mood
from liudeng.pulse.reader import PulseReader
from liudeng.pulse.room import Pulse, PulseAnswer

__all__ = [
    "Mood",
    "MoodLexicon",
    "MoodLexiconError",
    "Pulse",
    "PulseAnswer",
    "PulseReader",
    "load_moods",
]
