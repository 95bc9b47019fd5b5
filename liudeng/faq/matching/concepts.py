"""Words for the same thing, as moderators list them in `data/faq/synonyms.toml`."""

import tomllib
from collections import defaultdict
from pathlib import Path

import ahocorasick

from liudeng.library.index.terms import bare


class SynonymsProblem(Exception):
    """The file of synonyms does not load; the text is one Chinese sentence for the operator."""


class Concepts:
    """Finds in a text which groups of synonyms it mentions."""

    def __init__(self, groups: dict[str, list[str]]) -> None:
        self._groups: dict[str, set[str]] = defaultdict(set)
        for group, listed in groups.items():
            for word in listed:
                if folded := bare(word):
                    self._groups[folded].add(group)
        self._automaton = ahocorasick.Automaton()
        for word in self._groups:
            self._automaton.add_word(word, word)
        if self._groups:
            self._automaton.make_automaton()

    @classmethod
    def load(cls, path: Path) -> "Concepts":
        """Read the file.

        Raises:
            SynonymsProblem: it is missing or malformed.
        """
        try:
            groups = tomllib.loads(path.read_text(encoding="utf-8"))["groups"]
            return cls({group: [str(word) for word in listed] for group, listed in groups.items()})
        except (OSError, UnicodeDecodeError) as error:
            raise SynonymsProblem(f"同义词表 {path} 读不了：{type(error).__name__}。") from error
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            raise SynonymsProblem(f"同义词表 {path} 格式不对：{error}。") from error

    @property
    def words(self) -> tuple[str, ...]:
        """Every word of every group, folded."""
        return tuple(self._groups)

    def of(self, text: str) -> frozenset[str]:
        """Return the groups of the words in a bare text."""
        if not self._groups:
            return frozenset()
        found: set[str] = set()
        for last, word in self._automaton.iter(text):
            if not (word.isascii() and _inside_latin(text, last - len(word) + 1, last + 1)):
                found |= self._groups[word]
        return frozenset(found)


def _inside_latin(text: str, start: int, end: int) -> bool:
    """`st` within `latest` is no word."""
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    return any(char.isascii() and char.isalnum() for char in (before, after) if char)
