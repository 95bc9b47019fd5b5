"""How a text sounds: one private-use character a syllable, so that 煎职 and 兼职 are one word.

zh and z, -ng and -n are not told apart; Latin letters that spell pinyin sound like what they spell.
"""

import re
from functools import lru_cache

from liudeng.text.pinyin import blurred, readings, spellings

_FIRST = 0xE000
"""Private use: normalising leaves no such character in a message."""
SILENT = "\x1f"
"""Stands for what has no sound; no word crosses it."""
_LETTERS = re.compile(r"[a-z]{2,12}")


class _Numbers(dict[str, str]):
    """A character for each syllable, numbered as they are met in a fixed alphabet of spellings."""

    def __missing__(self, syllable: str) -> str:
        number = 0
        for letter in syllable:
            number = (number * 27 + ord(letter) - 96) % 6_389
        self[syllable] = code = chr(_FIRST + number)
        return code


_numbers = _Numbers()


@lru_cache(maxsize=32_768)
def sound_of(char: str) -> str:
    """The sound of one Han character; `SILENT` for any other."""
    syllables = readings(char) if not char.isascii() else ()
    return _numbers[_plain(syllables[0])] if syllables else SILENT


def sounds(text: str) -> str:
    """The sounds of a folded text, one character for each of its characters."""
    if _LETTERS.search(text):
        text = _LETTERS.sub(_spelt, text)
    return "".join(char if _is_sound(char) else sound_of(char) for char in text)


def _is_sound(char: str) -> bool:
    return _FIRST <= ord(char) < 0xF900


def _plain(syllable: str) -> str:
    heard = blurred(syllable)
    return "l" + heard[1:] if heard.startswith("n") else heard


@lru_cache(maxsize=8_192)
def _reading_of_letters(letters: str) -> tuple[str, ...]:
    ways = spellings(letters, limit=1)
    return tuple(_plain(syllable) for syllable in ways[0]) if ways else ()


def _spelt(match: re.Match[str]) -> str:
    """Syllables at the start of what they were spelt with; the rest makes no pause."""
    letters = match.group()
    return "".join(_numbers[syllable] for syllable in _reading_of_letters(letters)) or letters
