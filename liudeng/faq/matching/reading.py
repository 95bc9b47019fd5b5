"""Questions typed in pinyin, read as characters.

`shuibuzhao zenme ban` is what somebody types who has no Chinese keyboard at hand. It is read with
the words of the entries themselves and of the synonyms: nothing else could be answered anyway.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from liudeng.text import fold
from liudeng.text.pinyin import readings, spellings
from liudeng.text.words import words

_PIECES = re.compile(r"[A-Za-z0-9_.\-]+|\s+|[^A-Za-z0-9_.\-\s]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z]+")
_LONGEST_WORD = 6
_UNKNOWN = -20.0
"""Log-likelihood of a syllable that no known word has."""
_CHARACTER_WEIGHT = 0.05
_SYNONYM_WEIGHT = 2.0


class PinyinReader:
    """Knows the words that may be meant."""

    def __init__(self, texts: Iterable[str], synonyms: Iterable[str] = ()) -> None:
        counts: dict[str, float] = defaultdict(float)
        self._latin: set[str] = set()
        for text in texts:
            for word in _han_words(text):
                counts[word] += 1.0
            for char in _HAN.findall(text):
                counts[char] += _CHARACTER_WEIGHT
            if _HAN.search(text):
                self._latin.update(_LATIN.findall(text.lower()))
        for word in synonyms:
            if _is_han(word):
                counts[word] += _SYNONYM_WEIGHT
            self._latin.update(_LATIN.findall(word))
        self._by_sound = _by_sound(counts)
        self._total = sum(counts.values()) or 1.0

    def read(self, text: str) -> str:
        """Return the text with its pinyin as characters; what is none stays as it is."""
        if text.isascii() or _LATIN.search(text.lower()):
            return "".join(self._pieces(text))
        return text

    def _pieces(self, text: str) -> Iterator[str]:
        among_han = _HAN.search(text) is not None
        held: list[tuple[str, tuple[str, ...]]] = []
        for piece in _PIECES.findall(text):
            if piece.isspace():
                if not held:
                    yield piece
                continue
            if syllables := self._syllables(piece):
                held.append((piece, syllables))
                continue
            yield self._spoken(held, among_han=among_han)
            held = []
            yield piece
        yield self._spoken(held, among_han=among_han)

    def _syllables(self, piece: str) -> tuple[str, ...]:
        if not (piece.isascii() and piece.isalpha()) or piece.lower() in self._latin:
            return ()
        ways = spellings(piece)
        return ways[0] if ways else ()

    def _spoken(self, held: Sequence[tuple[str, tuple[str, ...]]], *, among_han: bool) -> str:
        """One word of Latin letters in a Chinese sentence is English more often than pinyin."""
        syllables = [syllable for _, each in held for syllable in each]
        if len(syllables) < 2 or (among_han and len(held) < 2):
            return " ".join(piece for piece, _ in held)
        return self._likeliest(syllables)

    def _likeliest(self, syllables: Sequence[str]) -> str:
        best: list[tuple[float, str]] = [(0.0, "")]
        for end in range(1, len(syllables) + 1):
            ways = [(best[end - 1][0] + _UNKNOWN, best[end - 1][1] + syllables[end - 1])]
            for start in range(max(0, end - _LONGEST_WORD), end):
                known = self._by_sound.get(tuple(syllables[start:end]))
                if known is not None:
                    likelihood = math.log(known[0] / self._total)
                    ways.append((best[start][0] + likelihood, best[start][1] + known[1]))
            best.append(max(ways))
        return best[-1][1]


def _by_sound(counts: Mapping[str, float]) -> dict[tuple[str, ...], tuple[float, str]]:
    """Return, for each way to pronounce words, the commonest of them."""
    found: dict[tuple[str, ...], tuple[float, str]] = defaultdict(lambda: (0.0, ""))
    for word, count in counts.items():
        sounds = [readings(char) for char in word]
        if len(word) > _LONGEST_WORD or not all(sounds):
            continue
        usual = tuple(each[0] for each in sounds)
        others = (
            (*usual[:at], each[1], *usual[at + 1 :])
            for at, each in enumerate(sounds)
            if len(each) > 1
        )
        for way in (usual, *others):
            found[way] = max(found[way], (count, word))
    return dict(found)


@lru_cache(maxsize=50_000)
def _han_words(text: str) -> tuple[str, ...]:
    return tuple(filter(_is_han, words(text)))


def _is_han(word: str) -> bool:
    return bool(word) and all(_HAN.match(char) for char in fold(word))
