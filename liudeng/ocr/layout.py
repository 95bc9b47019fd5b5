"""Telling a chat's bubbles apart: whose they are, and which lines belong together.

Nothing here knows an app. What counts is where a bubble stands between the two edges of the
screen, and that all bubbles of one colour are one person's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from liudeng.ocr.reading import FURNITURE, Box, Line, Side
from liudeng.ocr.recognise import Piece, Pixels
from liudeng.ocr.surface import Colour, Page, Surface, are_alike

_CLOCK = re.compile(r"^\D{0,3}\d{1,2}[:：.]\d{2}")
_HINT = re.compile(
    r"^\W*(发消息|发信息|发短信|输入消息|说点什么|按住 ?说话|有问题，?尽管问|询问任何问题"
    r"|给.{1,12}发送?消息|(i|文本|text )?message\b|ask anything|type a message).{0,6}$",
    re.IGNORECASE,
)
"""What apps write into the empty field: where it is no wider than its words, nothing else tells."""
_STATUS_BAR = 0.085
_HEADER = 0.235
"""Status bar, and status bar with title bar: of the width, which all phones share, not of the
height, which depends on how long the screenshot is."""
_FOOTER = 0.21
_WIDEST_PHONE = 1100
"""Pixels at working size: only pictures of a computer's screen are wider, and where a window
stands on it says nothing about sides."""
_FLATTEST_PHONE = 0.4
"""Height by width: what is flatter is a banner or a cut-out line."""
_CENTRED = 0.02
"""How far the middle of what is centred may lie beside the page's, of the width."""
_LEANING = 0.03
"""By how much of the width the margins of a bubble that takes a side differ at least."""
_MARGIN = 0.13
"""Of the width: words on the page itself begin no farther from its left edge."""
_AVATAR = 0.14
_FIELD = 0.5
_PIECES_ABOVE = 6
"""A line may come in pieces; the next line stands under one of them."""
_NEXT_LINE = 1.15
"""Of the height of a line: the widest gap between two lines of a paragraph on the page."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line, the surface under it, and what has been found out about it."""

    piece: Piece
    surface: Surface
    side: Side = Side.NONE
    is_furniture: bool = False

    @property
    def box(self) -> Box:
        return self.piece.box

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2


def lay_out(pixels: Pixels, pieces: Sequence[Piece]) -> list[Line]:
    """Give each line its side and its turn, from top to bottom."""
    page = Page(pixels)
    spots = [_Spot(piece, page.surface(piece.box)) for piece in pieces]
    spots = [replace(spot, is_furniture=_is_furniture(page, spot, spots)) for spot in spots]
    if page.width < _WIDEST_PHONE and page.height > page.width * _FLATTEST_PHONE:
        spots = _with_sides(page, spots)
    return _numbered(page, _in_reading_order(spots))


def _is_furniture(page: Page, spot: _Spot, spots: Sequence[_Spot]) -> bool:
    return (
        (_has_status_bar(page, spots) and spot.middle < page.width * _STATUS_BAR)
        or _is_input_field(page, spot)
        or _is_avatar(page, spot)
    )


def _has_status_bar(page: Page, spots: Sequence[_Spot]) -> bool:
    """A screenshot that was cropped has none: its first line is somebody's."""
    top = [spot for spot in spots if spot.middle < page.width * _STATUS_BAR]
    return any(_CLOCK.match(spot.piece.text) and spot.surface.is_background for spot in top)


def _is_input_field(page: Page, spot: _Spot) -> bool:
    """The empty field at the bottom is wide, centred, and its hint begins at its left."""
    if spot.middle < page.height - page.width * _FOOTER:
        return False
    if _HINT.match(spot.piece.text):
        return True
    if spot.surface.is_background:
        return False
    surface = spot.surface
    wide = surface.right - surface.left > page.width * _FIELD
    at_left = spot.box.left - surface.left < page.width * 0.1
    short = spot.box.width < (surface.right - surface.left) * 0.6
    return wide and at_left and short and abs(_lean(page, surface)) < 2 * _LEANING


def _is_avatar(page: Page, spot: _Spot) -> bool:
    """A letter in a small shape at the edge, with a bubble beside it."""
    surface = spot.surface
    if len(spot.piece.text) > 2 or surface.is_background:
        return False
    if surface.right - surface.left > page.width * _AVATAR:
        return False
    if surface.right < page.width * (_AVATAR + 0.03):
        return page.has_neighbour(spot.box, surface, towards=1)
    if surface.left > page.width * (1 - _AVATAR - 0.03):
        return page.has_neighbour(spot.box, surface, towards=-1)
    return False


def _with_sides(page: Page, spots: Sequence[_Spot]) -> list[_Spot]:
    header = page.width * _HEADER if _has_status_bar(page, spots) else 0.0
    talk = [
        spot
        for spot in spots
        if not spot.is_furniture and spot.middle >= header and not spot.surface.is_background
    ]
    colours = _sides_of_colours(page, talk)
    only_mine = Side.ME in colours.values() and Side.COMPANION not in colours.values()
    return [
        replace(spot, side=_side(page, spot, colours, only_mine=only_mine))
        if not spot.is_furniture and spot.middle >= header
        else spot
        for spot in spots
    ]


def _sides_of_colours(page: Page, talk: Sequence[_Spot]) -> dict[Colour, Side]:
    """Let the bubbles of each colour vote by the margin they keep; a tie decides nothing."""
    votes: dict[Colour, list[float]] = {}
    for spot in talk:
        if _is_centred(page, spot):
            continue
        known = next((c for c in votes if are_alike(c, spot.surface.colour)), spot.surface.colour)
        votes.setdefault(known, []).append(_lean(page, spot.surface))
    return {colour: side for colour, leans in votes.items() if (side := _vote(leans))}


def _vote(leans: Sequence[float]) -> Side | None:
    right = sum(lean for lean in leans if lean > _LEANING)
    left = -sum(lean for lean in leans if lean < -_LEANING)
    if right > 3 * left:
        return Side.ME
    return Side.COMPANION if left > 3 * right else None


def _side(page: Page, spot: _Spot, colours: dict[Colour, Side], *, only_mine: bool) -> Side:
    if spot.surface.is_background:
        begins_left = spot.box.left < page.width * _MARGIN
        return Side.COMPANION if only_mine and begins_left else Side.NONE
    if _is_centred(page, spot) and spot.surface.right - spot.surface.left < page.width * _FIELD:
        return Side.NONE  # a time in a chip, even of a bubble's colour
    for colour, side in colours.items():
        if are_alike(colour, spot.surface.colour):
            return side
    lean = _lean(page, spot.surface)
    if abs(lean) <= _LEANING:
        return Side.NONE
    return Side.ME if lean > 0 else Side.COMPANION


def _lean(page: Page, surface: Surface) -> float:
    """Return how much wider the left margin is than the right one, of the page's width."""
    return (surface.left - (page.width - surface.right)) / page.width


def _is_centred(page: Page, spot: _Spot) -> bool:
    text = abs((spot.box.left + spot.box.right) / 2 - page.width / 2)
    return text < page.width * _CENTRED and abs(_lean(page, spot.surface)) < 2 * _CENTRED


def _in_reading_order(spots: Sequence[_Spot]) -> list[_Spot]:
    """Order by rows; what stands side by side in one row from left to right."""
    ordered: list[_Spot] = []
    row: list[_Spot] = []
    for spot in sorted(spots, key=lambda spot: spot.middle):
        if row and not any(_are_side_by_side(spot.box, other.box) for other in row):
            ordered += sorted(row, key=lambda spot: spot.box.left)
            row = []
        row.append(spot)
    return ordered + sorted(row, key=lambda spot: spot.box.left)


def _are_side_by_side(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.height, other.height)


def _numbered(page: Page, spots: Sequence[_Spot]) -> list[Line]:
    lines: list[Line] = []
    turn = -1
    bubble: list[_Spot] = []
    for spot in spots:
        if not spot.is_furniture:
            if not any(_continues(page, above, spot) for above in bubble[-_PIECES_ABOVE:]):
                turn, bubble = turn + 1, []
            bubble.append(spot)
        lines.append(
            Line(
                text=spot.piece.text,
                box=spot.box,
                confidence=round(spot.piece.confidence, 3),
                side=spot.side,
                turn=FURNITURE if spot.is_furniture else turn,
            )
        )
    return lines


def _continues(page: Page, above: _Spot, spot: _Spot) -> bool:
    if above.side != spot.side or above.surface.is_background != spot.surface.is_background:
        return False
    one, other = above.box, spot.box
    if _are_side_by_side(one, other):
        return other.left - one.right < 2 * one.height
    if spot.surface.is_background:
        height = min(one.height, other.height)
        near = other.top - one.bottom < _NEXT_LINE * height
        return near and abs(other.left - one.left) < 0.5 * height
    colour = spot.surface.colour
    return are_alike(above.surface.colour, colour) and page.is_whole_between(one, other, colour)
