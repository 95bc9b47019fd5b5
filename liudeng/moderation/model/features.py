"""What the model sees of a message: its characters, how it sounds, what it speaks of, its shape."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from liudeng.moderation.disguise import Unmasked, unmask
from liudeng.text.sounds import SILENT, sounds
from liudeng.text.wordlists import WordLists, with_pairs

CONCEPTS = Path(__file__).with_name("concepts.toml")
HEARD_CHARS = 2
"""Shorter words have too many homophones to be known by ear."""
NAMED_SHARE = 0.3
"""Names weigh less than characters: people say more than whoever wrote the lists thought of."""
_URL = re.compile(
    r"https?:|[a-z0-9-]+[.点。](?:com|cn|net|org|top|xyz|example|test|invalid|vip|cc|io)\b"
)
_DIGITS = re.compile(r"\d[\d ]{4,}")
_SUM = re.compile(
    r"\d+(?:\.\d+)?(?:块|元|刀|r|u|米|万|w|折|一|/)|[一二三四五六七八九十百千]+(?:块|元|米|百|千|万)"
)
_LATIN_IN_HAN = re.compile(r"(?<=[\u3400-\u9fff])[a-z]{1,6}(?=[\u3400-\u9fff])")
_LONG = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as the model sees it."""

    message: Unmasked
    heard: str
    """The sounds of the plain text."""

    @property
    def grams_text(self) -> str:
        """Characters and sounds, one after the other; no n-gram crosses the line break."""
        return f"{self.message.plain.text}\n{self.heard}"


def see(text: str) -> Seen:
    """Fold a message, undo its disguises and listen to it."""
    message = unmask(text)
    return Seen(message, sounds(message.plain.text))


def named_features(seen: Seen) -> Mapping[str, float]:
    """What the model knows of a message by name."""
    plain = seen.message.plain.text
    written = _written().present(plain)
    heard = _heard().present(seen.heard) - written
    names = {f"says:{name}" for name in written} | {f"hears:{name}" for name in heard}
    found = {**with_pairs(names), **shape_of(seen)}
    return {name: NAMED_SHARE * value for name, value in found.items()}


def concepts_of(seen: Seen) -> set[str]:
    """The concepts a message speaks of, as it is written."""
    return _written().present(seen.message.plain.text)


def shape_of(seen: Seen) -> dict[str, float]:
    """How a message is written: repetition, oddities, numbers, addresses."""
    plain, folded = seen.message.plain.text, seen.message.folded.text
    length = max(1, len(folded))
    odd = sum(map(_is_odd, folded))
    found = {
        "shape:repeats": _repetition(folded),
        "shape:long_repeats": _repetition(folded) * (length > _LONG / 2),
        "shape:odd": min(1.0, odd / 3),
        "shape:tricks": min(1.0, seen.message.tricks / 3),
        "shape:pinyin": min(1.0, len(_LATIN_IN_HAN.findall(folded)) / 2),
        "shape:url": float(bool(_URL.search(plain))),
        "shape:digits": float(bool(_DIGITS.search(plain))),
        "shape:sum": min(1.0, len(_SUM.findall(plain)) / 2),
        "shape:mentions": min(1.0, folded.count("@") / 4),
        "shape:lines": min(1.0, folded.count("\n") / 4),
        "shape:long": min(1.0, length / _LONG),
        "shape:short": float(length < 12),
    }
    return {name: value for name, value in found.items() if value}


def _repetition(text: str) -> float:
    """The share of a text that says again what was just said, 0..1; short texts say 0."""
    plain = "".join(char for char in text if not char.isspace())
    if len(plain) < 12:
        return 0.0
    best = 0.0
    for period in range(1, min(24, len(plain) // 2) + 1):
        same = sum(map(str.__eq__, plain, plain[period:]))
        best = max(best, same / len(plain) * (1 - period / (len(plain) + period)))
    return best


@lru_cache(maxsize=16_384)
def _is_odd(char: str) -> bool:
    """Whether a Han character is none of the 3,755 that GB 2312 calls common."""
    if not "\u3400" <= char <= "\u9fff":
        return False
    try:
        first = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return True
    return first > 0xD7


@cache
def _lists() -> Mapping[str, list[str]]:
    lists = tomllib.loads(CONCEPTS.read_text(encoding="utf-8"))["concepts"]
    return {concept: words.split() for concept, words in lists.items()}


@cache
def _written() -> WordLists:
    return WordLists(_lists(), lambda word: unmask(word).plain.text)


@cache
def _heard() -> WordLists:
    lists = {
        concept: [word for word in words if _is_audible(word)]
        for concept, words in _lists().items()
    }
    return WordLists({name: words for name, words in lists.items() if words}, sounds)


def _is_audible(word: str) -> bool:
    heard = sounds(word)
    return len(heard) >= HEARD_CHARS and SILENT not in heard and not word.isascii()
