"""How much what was typed is like what stands in an entry: to the eye and to the ear."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from liudeng.library.index.question import Question, Term
from liudeng.library.index.schema import FIELDS
from liudeng.library.index.terms import LINE_BREAK, bare
from liudeng.text.pinyin import blurred, readings

_BY_SOUND = 0.97
_BY_INITIALS = 0.9
_BY_PIECES = 0.92
_BY_SCATTERED_PIECES = 0.8
_NOTHING_LIKE = 40.0
_FIRST_SIGN = 0xF0000
_MISSING = (1, 2)
"""How many characters somebody may have left out."""
_SHORTEST_ALIGNED = 3
"""Half of two characters is one: no likeness."""
_WEIGHTS = {
    "title": 1.0,
    "companion": 1.0,
    "tags": 0.97,
    "words": 0.95,
    "seen": 0.93,
    "author": 0.93,
}
_SHORT = frozenset(text.name for text in FIELDS if text.short)


class Way(IntEnum):
    """How something was found, the surest first."""

    LITERAL = 1
    """It stands there as it was typed."""
    PIECES = 2
    """All pieces of it stand there, in another order or scattered."""
    SOUND = 3
    """It sounds like what was typed, or what was typed is its pinyin or its initials."""
    ROUGH = 4
    """It is somewhat like what was typed."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, from 0 to 1, in which way, and the passage that is."""

    score: float
    way: Way
    passage: str


_NONE = Likeness(0.0, Way.ROUGH, "")
_signs: dict[str, str] = {}


def _sign(syllable: str) -> str:
    """Return the character that stands for a syllable: then sounds compare as characters do."""
    return _signs.setdefault(blurred(syllable), chr(_FIRST_SIGN + len(_signs)))


class _SoundTable(dict[int, str]):
    """Replaces characters by the signs of their first, or of their last reading."""

    def __init__(self, reading: int) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, code: int) -> str:
        sounds = readings(chr(code))
        self[code] = _sign(sounds[self._reading]) if sounds else chr(code)
        return self[code]


class _InitialTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        sounds = readings(chr(code))
        self[code] = sounds[0][0] if sounds else chr(code)
        return self[code]


_sounds, _other_sounds = _SoundTable(0), _SoundTable(-1)
_initials = _InitialTable()


def closeness(question: Question, entry: Mapping[str, Any]) -> Likeness:
    """Return how much the terms are like passages of an entry, long terms counting more."""
    each = [(term.text, _in_any(term, entry)) for term in question.terms]
    return Likeness(
        sum(len(text) * found.score for text, found in each) / sum(len(text) for text, _ in each),
        max(found.way for _, found in each),
        " ".join(_as_written(found.passage, entry["names"]) or text for text, found in each),
    )


def _in_any(term: Term, entry: Mapping[str, Any]) -> Likeness:
    best = _NONE
    for name, text in entry["texts"].items():
        weight = _WEIGHTS[name]
        if best.score >= weight:
            continue  # nothing in it could be better
        found = _in_one(term, text, short=name in _SHORT)
        if term.latin and found.way is not Way.LITERAL:
            found = max(found, _by_letters(term, entry["latin"].get(name, ())), key=_score)
        if found.score * weight > best.score:
            best = Likeness(found.score * weight, found.way, found.passage)
    return best


def _in_one(term: Term, text: str, *, short: bool) -> Likeness:
    if term.text in text:
        return Likeness(1.0, Way.LITERAL, term.text)
    best = _by_initials(term, text)
    pieces = _BY_PIECES if short else _BY_SCATTERED_PIECES
    if not term.latin:
        best = max(best, _alike(term.text, text, text, pieces), key=_score)
    return max(best, _by_sound(term, text, pieces), key=_score)


def _by_sound(term: Term, text: str, pieces: float) -> Likeness:
    best = _NONE
    heard = text.translate(_sounds) if term.syllables else ""
    for way in term.syllables:
        spoken = "".join(map(_sign, way))
        found = _alike(spoken, heard, text, pieces)
        if found.way is not Way.LITERAL and spoken in (other := text.translate(_other_sounds)):
            found = _alike(spoken, other, text, pieces)
        alike = Way.SOUND if found.way is Way.LITERAL else Way.ROUGH
        best = max(best, Likeness(found.score * _BY_SOUND, alike, found.passage), key=_score)
    return best


def _by_letters(term: Term, latin: Sequence[str]) -> Likeness:
    found = process.extractOne(term.text, latin, scorer=OSA.normalized_similarity)
    return Likeness(found[1], Way.ROUGH, found[0]) if found else _NONE


def _alike(wanted: str, within: str, text: str, pieces: float) -> Likeness:
    """Compare `wanted` with `within`, which stands character by character for `text`."""
    if wanted in within:
        at = within.index(wanted)
        return Likeness(1.0, Way.LITERAL, text[at : at + len(wanted)])
    covered = _covered(wanted, within)
    if covered == 1.0:
        return Likeness(pieces, Way.PIECES, "")
    if len(wanted) < _SHORTEST_ALIGNED:
        return Likeness(covered * pieces, Way.ROUGH, "")
    found = _aligned(wanted, within, text)
    return max(found, Likeness(covered * pieces, Way.ROUGH, found.passage), key=_score)


def _covered(wanted: str, within: str) -> float:
    """Return which share of its characters stand in `within` together with a neighbour."""
    covered = [False] * len(wanted)
    for at, (one, other) in enumerate(pairwise(wanted)):
        if one + other in within:
            covered[at] = covered[at + 1] = True
    return sum(covered) / len(covered)


def _by_initials(term: Term, text: str) -> Likeness:
    if not term.initials:
        return _NONE
    at = text.translate(_initials).find(term.text)
    return _NONE if at < 0 else Likeness(_BY_INITIALS, Way.SOUND, text[at : at + len(term.text)])


def _aligned(wanted: str, within: str, text: str) -> Likeness:
    found = partial_ratio_alignment(wanted, within, score_cutoff=_NOTHING_LIKE)
    if found is None:
        return _NONE
    # A passage as long as what was typed is too short if characters are missing in that.
    start, end = found.dest_start, found.dest_end
    windows = [(start, end), *((start, end + more) for more in _MISSING)]
    windows += [(max(0, start - more), end) for more in _MISSING]
    score, (start, end) = max((ratio(wanted, within[at:to]), (at, to)) for at, to in windows)
    return Likeness(score / 100, Way.ROUGH, text[start:end].strip().replace(LINE_BREAK, " "))


def _as_written(passage: str, names: Iterable[str]) -> str:
    """Return a name as it is written, where the passage is one."""
    return next((name for name in names if bare(name) == passage), passage)


def _score(likeness: Likeness) -> float:
    return likeness.score
