"""Checking an edited lexicon: does it load, and which entries are heard in ordinary chat?"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from liudeng.pulse import load_moods
from liudeng.text.normalise import normalise
from liudeng.watch import load_lexicon
from liudeng.watch.lexicon import Rule

WIDE = 0.005
"""A sign of danger that is heard in more of all messages than this is too wide to be one."""
_SHOWN = 10
_FEWEST = 3
_DANGEROUS = ("danger", "worry")


class Wide(BaseModel):
    """An entry with how many of the messages it is heard in."""

    model_config = ConfigDict(frozen=True)

    file: str
    entry: str
    messages: int


class LexiconCheck(BaseModel):
    """What `liudeng watch lexicon` states."""

    model_config = ConfigDict(frozen=True)

    entries: int
    classes: dict[str, int]
    """Entries by class."""
    read: int
    """Messages it was tried on."""
    wide: tuple[Wide, ...]
    """Entries for danger that are heard in too many of them, the widest first."""


def check_lexicon(directory: Path, moods: Path, texts: Iterable[str]) -> LexiconCheck:
    """Load both lexicons and try the watcher's on messages; contexts are not applied.

    Raises:
        liudeng.watch.LexiconError: the watcher's does not load; file and line are named.
        liudeng.pulse.MoodLexiconError: the moods' does not.
    """
    lexicon = load_lexicon(directory)
    load_moods(moods)
    heard: Counter[tuple[str, str]] = Counter()
    read = 0
    for text in texts:
        read += 1
        found = lexicon.find(normalise(text).text)
        heard.update({(one.rule.cls.name, one.rule.entry) for one in found if _warns(one.rule)})
    bar = max(_FEWEST, WIDE * read)
    return LexiconCheck(
        entries=len(lexicon.rules),
        classes=dict(Counter(rule.cls.name for rule in lexicon.rules)),
        read=read,
        wide=tuple(
            Wide(file=f"{name}.toml", entry=entry, messages=count)
            for (name, entry), count in heard.most_common(_SHOWN)
            if count >= bar
        ),
    )


def _warns(rule: Rule) -> bool:
    return rule.cls.kind in _DANGEROUS
