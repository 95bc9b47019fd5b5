"""Finding the small pictures of people: beside bubbles, in the title bar, left of a name.

Nothing here knows what a face looks like. Beside bubbles, between them and the edge of the
screen, there is nothing but avatars; elsewhere what counts is a small, filled, square shape.
"""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

import numpy as np

from liudeng.covering.cover import around, overlap
from liudeng.covering.scene import Scene, Spot
from liudeng.ocr import Box, Side

_NARROWEST_GUTTER = 0.055
"""Of the width: where bubbles stand nearer to the edge, there are no avatars."""
_SPECK = 0.02
_FAINTEST = 7
"""Difference of a channel: a pale drawing on a pale page, beyond the noise of compression."""
_SMALLEST, _LARGEST = 0.04, 0.22
"""Of the width: the sides of an avatar."""
_SQUARE = 0.7
"""Shorter by longer side at least."""
_FILLED = 0.6
"""Share of the square's pixels that are not background: of a disc it is 0.79."""
_NEAR = 0.07
_DEPTH = 6
_FAINT = 2
"""Pixels in a row or column that are taken for noise."""


def find_avatars(scene: Scene) -> list[Box]:
    """Return the avatars, at working size; what is in doubt counts as one."""
    beside = [box for gutter in _gutters(scene) for box in _in_gutter(scene, gutter)]
    in_title = _squares(scene, scene.title_bar) if scene.title_bar.height > 0 else []
    return [*beside, *in_title, *_left_of_names(scene)]


def picture_left_of(scene: Scene, spot: Spot) -> Box | None:
    """Return the small picture that stands left of a line on the page itself, if there is one."""
    if not spot.surface.is_background:
        return None
    reach, near = round(scene.width * _LARGEST), round(scene.width * _NEAR)
    left, right = max(0, spot.box.left - reach - near), max(0, spot.box.left - 2)
    top, bottom = max(0, spot.box.top - reach), min(scene.height, spot.box.bottom + reach)
    for box in _squares(scene, Box(left, top, right, bottom)):
        beside = box.top <= spot.middle <= box.bottom and spot.box.left - box.right <= near
        if beside and box.height >= 1.3 * spot.box.height and not scene.is_said(box):
            return box
    return None


def _left_of_names(scene: Scene) -> Iterator[Box]:
    for spot in scene.spots:
        if not spot.is_furniture and (box := picture_left_of(scene, spot)) is not None:
            yield box


def _gutters(scene: Scene) -> Iterator[Box]:
    """The strips between the bubbles and the edges of the screen, where they are wide enough."""
    hair = round(scene.width * 0.006)
    top, bottom = scene.talk_top, scene.talk_bottom
    theirs = _bubbles(scene.talk, Side.COMPANION)
    lefts = [spot.surface.left for spot in theirs] or [
        spot.box.left for spot in scene.talk if spot.side is Side.COMPANION
    ]
    if lefts and (left := int(median(lefts))) >= scene.width * _NARROWEST_GUTTER:
        yield Box(0, top, left - hair, bottom)
    rights = [spot.surface.right for spot in _bubbles(scene.talk, Side.ME)]
    if rights and (right := int(median(rights))) <= scene.width * (1 - _NARROWEST_GUTTER):
        yield Box(right + hair, top, scene.width, bottom)


def _bubbles(talk: Iterable[Spot], side: Side) -> list[Spot]:
    return [spot for spot in talk if spot.side is side and not spot.surface.is_background]


def _in_gutter(scene: Scene, gutter: Box) -> list[Box]:
    ink = scene.ink(gutter, _FAINTEST)
    found = [
        box
        for box in parts(ink, gutter, round(scene.width * 0.008))
        if _may_be_a_face(scene, gutter, box)
    ]
    if not found:
        return []
    usual = min(median(max(box.width, box.height) for box in found), gutter.width)
    squares = [_as_square(box, usual, gutter) for box in found]
    return [*squares, *_unseen(scene, gutter, squares)]


def _unseen(scene: Scene, gutter: Box, seen: Sequence[Box]) -> Iterator[Box]:
    """Return the places beside bubbles where an avatar may be as pale as the page.

    They are where the others are: as far above the first line of a bubble.
    """
    side = Side.COMPANION if gutter.left == 0 else Side.ME
    firsts = _first_lines(scene, side)
    rises = [
        first.box.top - box.top
        for first in firsts
        for box in seen
        if box.top <= first.middle and first.box.top - box.top < 1.5 * box.height
    ]
    if not rises:
        return
    rise, usual = round(median(rises)), seen[len(seen) // 2]
    for first in firsts:
        top = max(gutter.top, first.box.top - rise)
        place = Box(usual.left, top, usual.right, top + usual.height)
        if not any(overlap(place, box) for box in seen):
            yield place


def _first_lines(scene: Scene, side: Side) -> list[Spot]:
    firsts: dict[int, Spot] = {}
    for spot in scene.talk:
        if spot.side is side:
            firsts.setdefault(spot.line.turn, spot)
    return list(firsts.values())


def _may_be_a_face(scene: Scene, gutter: Box, box: Box) -> bool:
    if max(box.width, box.height) < scene.width * _SPECK:
        return False
    tail = box.width < scene.width * _SPECK and (
        box.right >= gutter.right - 2 if gutter.left == 0 else box.left <= gutter.left + 2
    )
    beside = [s for s in scene.talk if s.box.top < box.bottom and s.box.bottom > box.top]
    bar = box.width >= gutter.width - 2 and not beside
    return not (tail or bar or any(_reaches_into(spot, gutter) for spot in beside))


def _reaches_into(spot: Spot, gutter: Box) -> bool:
    """Whether it is the other one's bubble, which goes as far as the edge."""
    if spot.surface.is_background:
        return False
    if gutter.left == 0:
        return spot.side is Side.ME and spot.surface.left < gutter.right
    return spot.side is Side.COMPANION and spot.surface.right > gutter.left


def _as_square(box: Box, usual: float, gutter: Box) -> Box:
    """Grow what is smaller than the others: a part of it may look like the background."""
    across, down = max(box.width, usual), max(box.height, usual)
    middle, centre = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    left = min(max(middle - across / 2, gutter.left), gutter.right - across)
    top = max(gutter.top, centre - down / 2)
    square = Box(round(left), round(top), round(left + across), round(top + down))
    return around((box, square))


def _squares(scene: Scene, region: Box) -> list[Box]:
    """Return the shapes in a region that are as small, square and full as an avatar."""
    if region.width <= 0 or region.height <= 0:
        return []
    ink = scene.ink(region)
    return [
        box
        for box in parts(ink, region, max(2, round(scene.width * 0.004)))
        if scene.width * _SMALLEST <= max(box.width, box.height) <= scene.width * _LARGEST
        and min(box.width, box.height) >= _SQUARE * max(box.width, box.height)
        and _share(ink, region, box) >= _FILLED
    ]


def _share(ink: np.ndarray, region: Box, box: Box) -> float:
    rows = slice(box.top - region.top, box.bottom - region.top)
    columns = slice(box.left - region.left, box.right - region.left)
    return float(ink[rows, columns].mean())


def parts(ink: np.ndarray, region: Box, gap: int, depth: int = _DEPTH) -> list[Box]:
    """Cut a region along its empty rows and columns into the things that stand in it.

    Args:
        ink: rows x columns of the region; True is not empty.
        region: where the rows and columns stand.
        gap: how many empty rows or columns cut.
        depth: how often to cut at most.
    """
    found: list[Box] = []
    for top, bottom in _runs(ink.sum(axis=1) >= _FAINT, gap):
        for left, right in _runs(ink[top:bottom].sum(axis=0) >= _FAINT, gap):
            box = Box(
                region.left + left, region.top + top, region.left + right, region.top + bottom
            )
            whole = (right - left, bottom - top) == (region.width, region.height)
            if whole or depth <= 0:
                found.append(box)
            else:
                found += parts(ink[top:bottom, left:right], box, gap, depth - 1)
    return found


def _runs(filled: np.ndarray, gap: int) -> Sequence[tuple[int, int]]:
    places = np.flatnonzero(filled)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > gap)
    starts = places[np.concatenate(([0], breaks + 1))]
    ends = places[np.concatenate((breaks, [len(places) - 1]))] + 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
