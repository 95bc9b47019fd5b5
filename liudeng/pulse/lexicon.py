"""What moods a message sounds of, by words that a moderator can edit.

This counts a whole group. It is far too coarse to say anything of one person, and nothing asks it
to: whether somebody is in danger is the watcher's question, with its own lexicon.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import ahocorasick
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from liudeng.pulse.mood import Mood
from liudeng.text import fold

MOOD_DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "mood"
_AROUND = 8
"""How far from a word its `unless` is looked for, in characters."""
_LONGEST = 2_000
"""Of a message so many characters are read: the rest of a wall of text adds nothing."""
_EMOJI_OR_FACE = re.compile(r"[\u2600-\u27ff\U0001f300-\U0001faff]|［.+］")


class MoodLexiconError(Exception):
    """A file of the mood lexicon cannot be used; the text is Chinese and names file and line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Group(_Strict):
    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


class _MoodFile(_Strict):
    mood: str
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    groups: tuple[_Group, ...] = Field(min_length=1)


class _Negation(_Strict):
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    gap: int = Field(default=1, ge=0, le=4)


class _Joking(_Strict):
    words: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()


class _ContextFile(_Strict):
    source: str = Field(min_length=1)
    negation: _Negation = _Negation()
    joking: _Joking = _Joking()


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the lexicon, folded."""

    written: str
    mood: Mood
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message sounds of, and the words that say so."""

    moods: Mood
    words: tuple[tuple[Mood, str], ...] = ()


F = TypeVar("F", bound=_Strict)
_NOTHING = Heard(Mood.NONE)


class MoodLexicon:
    """All words in one automaton. Immutable, thread-safe."""

    def __init__(self, words: Iterable[_Word], context: _ContextFile) -> None:
        self._automaton = ahocorasick.Automaton()
        for word in words:
            folded = fold(word.written)
            _, owners = self._automaton.get(folded, (0, ()))
            self._automaton.add_word(folded, (len(folded), (*owners, word)))
        self._automaton.make_automaton()
        self._not = _before(context.negation)
        self._joking = tuple(map(fold, context.joking.words))
        self._silenced = _moods_named(context.joking.moods)

    def hear(self, text: str) -> Heard:
        """Return the moods of a message. Never raises."""
        folded = fold(text[:_LONGEST])
        if not folded:
            return _NOTHING
        moods, words = Mood.NONE, dict[tuple[Mood, str], None]()
        for start, end, found in self._whole(folded):
            for word in found:
                if self._holds(folded, start, end, word):
                    moods |= word.mood
                    words[word.mood, word.written] = None
        if moods & self._silenced and any(sign in folded for sign in self._joking):
            moods &= ~self._silenced
        return Heard(moods, tuple(one for one in words if one[0] & moods))

    def _whole(self, folded: str) -> Iterator[tuple[int, int, tuple[_Word, ...]]]:
        """Matches that are no part of a longer one: 没有希望 is no 希望."""
        reached = 0
        matches = [
            (last + 1 - length, last + 1, found)
            for last, (length, found) in self._automaton.iter(folded)
        ]
        for start, end, found in sorted(matches, key=lambda match: (match[0], -match[1])):
            if end > reached:
                reached = end
                yield start, end, found

    def _holds(self, folded: str, start: int, end: int, word: _Word) -> bool:
        around = folded[max(0, start - _AROUND) : end + _AROUND]
        if any(one in around for one in word.unless):
            return False
        return self._not is None or not self._not.search(folded[max(0, start - _AROUND) : start])


def _before(negation: _Negation) -> re.Pattern[str] | None:
    """Return what ends the text before a negated word."""
    if not negation.words:
        return None
    words = sorted(map(fold, negation.words), key=len, reverse=True)
    guards = "".join(
        f"(?<!{re.escape(one[:cut])})"
        for one in map(fold, negation.unless)
        for cut in range(1, len(one))
        if any(word.startswith(one[cut:]) for word in words)
    )
    whole = "|".join(re.escape(fold(one)) for one in negation.unless)
    refused = f"(?!{whole})" if whole else ""
    gap = rf"[^，。！？；：、\n]{{0,{negation.gap}}}"
    return re.compile(f"{guards}{refused}(?:{'|'.join(map(re.escape, words))}){gap}$")


def load_moods(directory: Path = MOOD_DIRECTORY) -> MoodLexicon:
    """Read and check every file of the mood lexicon.

    Raises:
        MoodLexiconError: a file does not load; the text names it and the line.
    """
    context = _ContextFile(source="-")
    words: list[_Word] = []
    for path in sorted(directory.glob("*.toml")):
        raw = _read(path)
        if path.name == "context.toml":
            context = _checked(_ContextFile, path, raw)
            _known(path, raw, context.joking.moods)
        else:
            words.extend(_words(path, raw))
    if not words:
        raise MoodLexiconError(f"{directory} 里没有找到任何气氛词库")
    return MoodLexicon(words, context)


def _words(path: Path, raw: str) -> Iterator[_Word]:
    file = _checked(_MoodFile, path, raw)
    _known(path, raw, (file.mood,))
    mood = Mood[file.mood.upper()]
    for group in file.groups:
        unless = tuple(fold(one) for one in group.unless if fold(one))
        for word in group.words:
            _refuse_wide(path, raw, word)
            yield _Word(word, mood, unless)


def _refuse_wide(path: Path, raw: str, word: str) -> None:
    """One letter or character would be found in half of all messages; an emoji would not."""
    folded = fold(word)
    if len(folded) >= 2 or _EMOJI_OR_FACE.search(folded):
        return
    problem = "词是空的" if not folded else "太宽了，至少要两个字"
    raise MoodLexiconError(f"{path.name} 第 {_line(raw, word)} 行：“{word}”{problem}")


def _known(path: Path, raw: str, names: Iterable[str]) -> None:
    for name in names:
        if name.upper() not in Mood.__members__ or not Mood[name.upper()]:
            line = _line(raw, name)
            raise MoodLexiconError(f"{path.name} 第 {line} 行：没有叫“{name}”的气氛")


def _moods_named(names: Iterable[str]) -> Mood:
    found = Mood.NONE
    for name in names:
        found |= Mood[name.upper()]
    return found


def _line(raw: str, entry: str) -> int:
    """Return the line on which an entry stands, for whoever edits the file."""
    lines = raw.splitlines()
    return next((n for n, line in enumerate(lines, 1) if f'"{entry}"' in line), 1)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise MoodLexiconError(f"{path.name} 读不了：请确认是 UTF-8 编码的文本文件") from None


def _checked(model: type[F], path: Path, raw: str) -> F:
    try:
        return model.model_validate(tomllib.loads(raw))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f" 第 {line[1]} 行" if line else ""
        raise MoodLexiconError(f"{path.name}{where}：不合 TOML 格式，检查引号和逗号") from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise MoodLexiconError(f"{path.name}：{where} 这一项不对，请对照别的文件写") from None
