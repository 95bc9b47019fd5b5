"""What must be covered in a picture, from what was read in it and from its pixels."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image

from liudeng.covering.avatars import find_avatars
from liudeng.covering.contacts import occurring, private_spans, redacted
from liudeng.covering.cover import Cover, Span, Why, grown
from liudeng.covering.names import find_name_lines, find_unread_names, name_in, with_neighbours
from liudeng.covering.scene import Scene, Spot
from liudeng.ocr import Box, Line, Reading, Side, quoted_turns

_HINT = re.compile(r"给(.{1,20}?)发(?:送)?(?:消息|信息)?|message\s+(.{1,30})$", re.IGNORECASE)
"""The empty field may name the one who is written to."""
_AROUND = 0.14
"""Of a line's height: what accents and the tails of letters need above and below."""
_ASIDE = 0.7
"""Of a line's height: how far a letter may stand from where its share of the line puts it."""
_NARROW = 0.56
"""Of a wide character's width: a digit or a small letter."""
_DIGITS_ONLY = re.compile(r"[\d\s\-]{2,}")
_AVATAR_MARGIN = 0.003
"""Of the picture's width."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are known before a picture is looked at."""

    known: Collection[str] = ()
    """Covered wherever they stand."""
    kept: Collection[str] = ()
    """May stay within what was said; titles and nicknames are covered all the same."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to cover in a picture, and what is left to read."""

    covers: list[Cover]
    """They may overlap."""
    words: str
    """What the two said, one turn a line, without what is covered."""


def find(picture: Image.Image, reading: Reading, names: Names | None = None) -> Found:
    """Find what to paint over.

    Args:
        picture: upright, RGB, of the size it had when it was read.
        reading: what was read in it.
        names: who is known; by default only the names that stand in the picture itself.
    """
    names = names or Names()
    scene = Scene(picture, reading)
    size = picture.size
    margin = picture.width * _AVATAR_MARGIN
    faces = [
        Cover(grown(scene.full_size(box), margin, size), Why.AVATAR) for box in find_avatars(scene)
    ]
    named = find_name_lines(scene)
    places = [*(with_neighbours(scene, spot) for spot in named), *find_unread_names(scene)]
    titles = [Cover(_padded(scene.full_size(box), size), Why.NAME) for box in places]
    wanted = _names_within(reading, named, names)
    rest = [spot for spot in scene.spots if spot not in named]
    words = [cover for lines in _passages(rest) for cover in _in_passage(lines, wanted, size)]
    hints = [cover for spot in rest if spot.is_furniture for cover in _in_hint(spot.line, size)]
    turns = quoted_turns(Reading(lines=tuple(spot.line for spot in rest)))
    said = "\n".join(turn.text for turn in turns)
    return Found([*faces, *titles, *words, *hints], redacted(said, wanted))


def find_covers(picture: Image.Image, reading: Reading, names: Names | None = None) -> list[Cover]:
    """Return the covers of `find`."""
    return find(picture, reading, names).covers


def _names_within(reading: Reading, named: Iterable[Spot], names: Names) -> frozenset[str]:
    """Return the names to cover in what was said: known ones, and those this picture shows."""
    text = "".join(line.text for line in reading.lines)
    shown = {name for spot in named if (name := name_in(spot.text))}
    kept = {_folded(name) for name in names.kept}
    wanted = {*shown, *occurring(names.known, text)}
    return frozenset(name for name in wanted if _folded(name) not in kept)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _passages(spots: Sequence[Spot]) -> Iterator[list[Line]]:
    """The lines of each bubble; bubbles of nothing but digits go on in the next one."""
    passage: list[Line] = []
    for line in (spot.line for spot in spots):
        same = bool(passage) and not _is_furniture(line) and passage[-1].turn == line.turn
        if passage and not same and not _goes_on_counting(passage, line):
            yield passage
            passage = []
        passage.append(line)
    if passage:
        yield passage


def _is_furniture(line: Line) -> bool:
    return line.turn < 0


def _goes_on_counting(passage: Sequence[Line], line: Line) -> bool:
    both = (*passage, line)
    return (
        line.side is not Side.NONE
        and passage[-1].side is line.side
        and all(_DIGITS_ONLY.fullmatch(unicodedata.normalize("NFKC", one.text)) for one in both)
    )


def _in_passage(
    lines: Sequence[Line], names: Collection[str], size: tuple[int, int]
) -> Iterator[Cover]:
    text, starts = "", []
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None:
            text += " " if line.box.top < before.box.bottom - before.box.height / 2 else "\n"
        starts.append(len(text))
        text += line.text
    for span in private_spans(text, names):
        for start, line in zip(starts, lines, strict=True):
            first, end = max(span.start - start, 0), min(span.end - start, len(line.text))
            if first < end:
                yield _part(line, Span(first, end, span.why), size)


def _in_hint(line: Line, size: tuple[int, int]) -> Iterator[Cover]:
    match = _HINT.search(line.text)
    if match is not None and match.lastindex:
        yield _part(line, Span(*match.span(match.lastindex), Why.NAME), size)


def _part(line: Line, span: Span, size: tuple[int, int]) -> Cover:
    """Return the cover over some characters of a line, with room for what is only estimated."""
    room = line.box.height * _ASIDE
    estimates = [_place(line, span, narrow) for narrow in (_NARROW, 1.0)]
    if estimates[0].unit <= line.box.height:
        estimates.pop()
    left = min(estimate.left for estimate in estimates) - room
    right = max(estimate.right for estimate in estimates) + room
    whole = line.box
    left = whole.left if left - whole.left < room else left
    right = whole.right if whole.right - right < room else right
    return Cover(_padded(Box(round(left), whole.top, round(right), whole.bottom), size), span.why)


class _Place(NamedTuple):
    left: float
    right: float
    unit: float
    """Pixels of a wide character: more than the line's height, and the estimate is wrong."""


def _place(line: Line, span: Span, narrow: float) -> _Place:
    """Say where some characters stand; full-width digits are read as if they were narrow."""
    widths = [1.0 if _is_wide(character) else narrow for character in line.text]
    unit = line.box.width / sum(widths)
    left = line.box.left + sum(widths[: span.start]) * unit
    return _Place(left, left + sum(widths[span.start : span.end]) * unit, unit)


def _padded(box: Box, size: tuple[int, int]) -> Box:
    return grown(box, box.height * _AROUND, size)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
