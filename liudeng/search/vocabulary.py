"""The words a group uses, by how they sound: for pinyin, initials and slips of the pen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, product

from liudeng.text import fold
from liudeng.text.pinyin import blurred, readings
from liudeng.text.words import words

_SHORTEST, _LONGEST, _LONGEST_LATIN = 2, 6, 20
_MOST = 20_000
"""Words that are known; beyond that, the rarer half of them is forgotten."""
_LONGEST_ASKED = 40
"""Characters of what is asked about: nothing longer is a word."""
_READINGS_OF_A_WORD = 8

Syllables = tuple[str, ...]


class Vocabulary:
    """Counts words and finds them by sound. Not thread-safe; slow enough for a thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._count: Counter[str] = Counter()
        self._clear()

    def _clear(self) -> None:
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        self._by_blur: dict[str, list[str]] = defaultdict(list)
        self._by_gap: dict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._count)

    def __contains__(self, word: str) -> bool:
        return word in self._count

    def learn(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        """Take in the words of texts, and names as they are."""
        found: Counter[str] = Counter()
        for text in texts:
            found.update(set(words(text)))
        found.update(name for name in map(fold, names) if name)
        for word, times in found.items():
            if _SHORTEST <= len(word) <= (_LONGEST_LATIN if word.isascii() else _LONGEST):
                if word not in self._count:
                    self._file(word)
                self._count[word] += times
        if len(self._count) > self._most:
            self._forget_the_rare()

    def sounding(self, letters: str, limit: int = 6) -> list[str]:
        """Return the words that are spelt so in pinyin or in initials, the frequent ones first.

        A whole spelling goes before initials: `an` is a syllable before it is 安宁.
        """
        letters = fold(letters[:_LONGEST_ASKED])
        whole = self._most_frequent(self._by_sound.get(letters, ()), limit)
        if whole or not letters.isascii():
            return whole
        return self._most_frequent(self._by_initials.get(letters, ()), limit)

    def near(self, word: str, limit: int = 3) -> list[str]:
        """Return words for which `word` may be a slip: of like sound, else one character off."""
        word = fold(word[:_LONGEST_ASKED])
        alike: list[str] = []
        for sound in _sounds(word):
            alike.extend(self._by_blur.get(" ".join(map(blurred, sound)), ()))
        if not alike and len(word) >= _least_for_a_slip(word):
            alike = [near for gap in _gaps(word) for near in self._by_gap.get(gap, ())]
        return [near for near in self._most_frequent(alike, limit + 1) if near != word][:limit]

    def _forget_the_rare(self) -> None:
        self._count = Counter(dict(self._count.most_common(self._most // 2)))
        self._clear()
        for word in self._count:
            self._file(word)

    def _file(self, word: str) -> None:
        for sound in _sounds(word):
            self._by_sound["".join(sound)].append(word)
            self._by_initials["".join(syllable[0] for syllable in sound)].append(word)
            self._by_blur[" ".join(map(blurred, sound))].append(word)
        if len(word) >= _least_for_a_slip(word):
            for gap in _gaps(word):
                self._by_gap[gap].append(word)

    def _most_frequent(self, found: Sequence[str], limit: int) -> list[str]:
        return sorted(dict.fromkeys(found), key=lambda word: -self._count[word])[:limit]


def _sounds(word: str) -> list[Syllables]:
    """Return how a word of Chinese characters may be read; nothing for any other."""
    of_each = [readings(char) for char in word]
    if not all(of_each):
        return []
    return list(dict.fromkeys(islice(product(*of_each), _READINGS_OF_A_WORD)))


def _least_for_a_slip(word: str) -> int:
    """Of two characters, one that is wrong leaves nothing to know the word by."""
    return 4 if word.isascii() else 3


def _gaps(word: str) -> list[str]:
    """Return the word with each of its characters left out in turn, marked where."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
