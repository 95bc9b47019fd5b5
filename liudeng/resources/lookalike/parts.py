"""One label of a host against one brand's names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from liudeng.resources.lookalike.brands import Brand, Words
from liudeng.resources.lookalike.shapes import is_slip, latin, skeleton
from liudeng.resources.lookalike.verdict import Trick

_BREAKS = re.compile(r"[-_]+")
_STRONG_ENOUGH, _WEAK_ENOUGH = 5, 6
"""Letters a name must have for l instead of i to be a disguise; in shorter ones only digits are."""
_SHORTEST_GLUED = 4
_LONGEST_LABEL = 63
_LONGEST_WORD = 12


@dataclass(frozen=True, slots=True)
class Found:
    """Which name a label poses as, and how."""

    name: str
    trick: Trick


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """One label, as it reads, and what is known of where it stands."""

    text: str
    suffix: str
    words: Words
    theirs: bool
    """Whether it is the name somebody registered, and not one that costs nothing."""

    @property
    def is_foreign(self) -> bool:
        """Whether letters are not plain Latin ones."""
        return not self.text.isascii()

    @property
    def cheap(self) -> bool:
        """Whether it stands under a suffix that is cheap to throw away."""
        return self.suffix.rpartition(".")[2] in self.words.cheap_suffixes

    @property
    def joined(self) -> str:
        """Without its hyphens."""
        return _BREAKS.sub("", self.text)

    @property
    def tokens(self) -> tuple[str, ...]:
        """What its hyphens part."""
        return tuple(filter(None, _BREAKS.split(self.text)))

    def in_latin(self) -> "Label":
        """Return it with the Latin letters that its foreign ones pass for."""
        return replace(self, text=latin(self.text))

    def baits(self, pieces: Iterable[str]) -> bool:
        """Tell whether a word such as `login` is among some pieces, or glued together in one."""
        return any(
            self.words.bait & set(_segmented(piece, self.words.vocabulary) or ())
            for piece in pieces
        )


def pose(label: Label, brand: Brand) -> Found | None:
    """Return how a label poses as a brand; None if it does not."""
    if label.joined in label.words.ordinary:
        return None
    return (
        _bare_name(label, brand)
        or _with_words(label, brand)
        or _in_disguise(label, brand)
        or _weak_name(label, brand)
    )


def same_name(label: Label, brand: Brand) -> Found | None:
    """Return the name that a label is, to the letter."""
    found = label.joined in brand.strong or (
        label.joined in brand.weak and len(label.joined) >= _SHORTEST_GLUED
    )
    return Found(label.joined, Trick.SUFFIX) if found else None


def _bare_name(label: Label, brand: Brand) -> Found | None:
    name = label.joined
    if name in brand.any_suffix or name not in brand.strong:
        return None
    if "-" in label.text:
        return Found(name, Trick.EXTRA_WORDS)
    # In front of somebody else's address a name is no boast, unless it is one of these.
    return Found(name, Trick.SUFFIX) if label.theirs or name in brand.strict else None


def _with_words(label: Label, brand: Brand) -> Found | None:
    for name in brand.strong:
        rest = _rest(label, name)
        if not rest:
            continue
        boasts = name in brand.strict and label.theirs and not _is_community(rest, label)
        if boasts or label.baits(rest) or (label.cheap and name in label.tokens):
            return Found(name, Trick.EXTRA_WORDS)
    return None


def _in_disguise(label: Label, brand: Brand) -> Found | None:
    tokens = {*label.tokens, label.joined}
    baited = label.baits(label.tokens)
    if not baited:
        tokens -= label.words.ordinary
    for names, enough in ((brand.strong, _STRONG_ENOUGH), (brand.weak, _WEAK_ENOUGH)):
        for name in names:
            if any(_looks_like(token, name, 0 if baited else enough) for token in tokens):
                return Found(name, Trick.GLYPHS)
    for name in brand.strict:
        if name not in label.joined and _has_digit_for_letter(label.joined, name):
            return Found(name, Trick.GLYPHS)
    for name in brand.typo_names:
        if any(is_slip(token, name) for token in tokens):
            return Found(name, Trick.TYPO)
    return None


def _looks_like(token: str, name: str, enough: int) -> bool:
    if token == name or len(name) < _SHORTEST_GLUED or skeleton(token) != skeleton(name):
        return False
    return len(name) >= enough or (any(map(str.isdigit, token)) and not token.isdigit())


def _has_digit_for_letter(text: str, name: str) -> bool:
    """0penaihub: a digit stands where the name has a letter."""
    shape = skeleton(name)
    if shape not in skeleton(text):
        return False
    windows = (text[start : start + len(name)] for start in range(len(text) - len(name) + 1))
    digits = sum(map(str.isdigit, name))
    return any(
        skeleton(window) == shape and sum(map(str.isdigit, window)) > digits for window in windows
    )


def _weak_name(label: Label, brand: Brand) -> Found | None:
    for name in brand.weak:
        pieces = _beside(label, name)
        if pieces is None:
            continue
        if not pieces:  # the bare name: gemini.com is somebody else's, claude.vip is nobody's
            if label.theirs and label.cheap:
                return Found(name, Trick.SUFFIX)
            continue
        vague = len(name) >= _SHORTEST_GLUED and set(pieces) <= label.words.context
        if label.baits(pieces) or (label.theirs and (label.cheap or vague)):
            return Found(name, Trick.EXTRA_WORDS)
    return None


def _beside(label: Label, name: str) -> list[str] | None:
    """Return the words beside a weak name; None if it is not in the label as a word."""
    pieces: list[str] = []
    found = False
    for token in label.tokens:
        split = None if found else _unglued(token, name, label.words.vocabulary)
        found = found or split is not None
        pieces += [token] if split is None else split
    return pieces if found else None


def _unglued(token: str, name: str, vocabulary: frozenset[str]) -> list[str] | None:
    """Split claudeai into ai, keep4o into keep: what is beside the name must be words itself."""
    if token == name:
        return []
    for beside in (token.removesuffix(name), token.removeprefix(name)):
        if beside != token and (words := _segmented(beside, vocabulary)) is not None:
            return list(words)
    return None


def _rest(label: Label, name: str) -> list[str]:
    """Return what is left of a label beside a name; nothing if the name is not in it."""
    # The hyphens may part the name itself: open-ai-login.
    for text in (label.text, label.joined):
        if name in text:
            before, _, after = text.partition(name)
            return [piece for part in (before, after) for piece in _BREAKS.split(part) if piece]
    return []


def _is_community(rest: Iterable[str], label: Label) -> bool:
    """Tell whether a site says no more than that it is about the name."""
    return not label.cheap and all(
        _segmented(piece, label.words.community) is not None for piece in rest
    )


@lru_cache(maxsize=4_096)
def _segmented(text: str, vocabulary: frozenset[str]) -> tuple[str, ...] | None:
    """Split a text wholly into words of a vocabulary, long ones first; digits are words."""
    if not text or text.isdigit() or text in vocabulary:
        return (text,) if text else ()
    if len(text) > _LONGEST_LABEL:
        return None
    for length in range(min(len(text), _LONGEST_WORD), 0, -1):
        head = text[:length]
        if head.isdigit() or (length > 1 and head in vocabulary):
            rest = _segmented(text[length:], vocabulary)
            if rest is not None:
                return (head, *rest)
    return None
