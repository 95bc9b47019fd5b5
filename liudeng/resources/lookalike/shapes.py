"""What a label looks like to somebody who reads fast: skeletons, and one wrong letter."""

import unicodedata
from functools import lru_cache

from liudeng.resources.lookalike.brands import confusables

_DIGITS = str.maketrans("013456789", "oleas" + "btbg")
_ALIKE = str.maketrans({"i": "l", "q": "g", "u": "v"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("uu", "w"), ("nn", "m"), ("cl", "d"))
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "GEORGIAN", "HEBREW")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_MIRRORED = ("bd", "pq", "mn", "uv", "il", "ij")
_LONG = 7
"""From so many letters on any one wrong letter counts; in shorter names only likely slips do."""


def latin(label: str) -> str:
    """Return a label with the foreign letters replaced by the Latin ones they pass for."""
    translated = unicodedata.normalize("NFKC", label).casefold().translate(confusables())
    plain = unicodedata.normalize("NFKD", translated)
    return "".join(char for char in plain if not unicodedata.combining(char))


def mixes_scripts(label: str) -> bool:
    """Tell whether Latin letters stand beside letters of another alphabet that look the same."""
    scripts = {
        script
        for char in label
        if char.isalpha()
        for script in _SCRIPTS
        if unicodedata.name(char, "").startswith(script)
    }
    return "LATIN" in scripts and len(scripts) > 1


@lru_cache(maxsize=4_096)
def skeleton(text: str) -> str:
    """Return a form that is the same for texts that look the same: 0penai and openai."""
    shape = text.translate(_DIGITS)
    for pair, single in _PAIRS:
        shape = shape.replace(pair, single)
    return shape.translate(_ALIKE)


def is_slip(typed: str, name: str) -> bool:
    """Tell whether `typed` is `name` with one letter added, missing, wrong or swapped."""
    if typed == name or abs(len(typed) - len(name)) > 1:
        return False
    start = _common(typed, name)
    mine, theirs = typed[start:], name[start:]
    end = _common(mine[::-1], theirs[::-1])
    mine, theirs = mine[: len(mine) - end], theirs[: len(theirs) - end]
    if len(mine) == 2 and mine == theirs[::-1]:
        return True
    if len(mine) > 1 or len(theirs) > 1:
        return False
    return len(name) >= _LONG or _is_likely(mine, theirs, name[max(0, start - 1) : start + 2])


def _is_likely(mine: str, theirs: str, around: str) -> bool:
    """In a short name: a letter left out, doubled, a plural, or the key beside the right one."""
    if not mine:
        return True
    if not theirs:
        return mine in around or mine == "s"
    return _beside(mine, theirs)


def _beside(one: str, other: str) -> bool:
    if any(one in pair and other in pair for pair in _MIRRORED):
        return True
    rows = (row for row in _ROWS if one in row and other in row)
    return any(abs(row.index(one) - row.index(other)) == 1 for row in rows)


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
