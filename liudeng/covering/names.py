"""Finding the lines that name somebody: the title bar, nicknames above bubbles, notices."""

import re
from collections.abc import Iterator

import numpy as np

from liudeng.covering.avatars import parts, picture_left_of
from liudeng.covering.cover import overlap
from liudeng.covering.scene import Scene, Spot
from liudeng.ocr import Box, Side

_WHEN = re.compile(
    r"\d{1,2}[:：.]\d{2}(?!\d)|\d\s?[年月日号点]|\d[-/.]\d{1,2}(?!\d)|今天|昨天|前天|(?:星期|周|礼拜)[一二三四五六日天]"
    r"|上午|下午|晚上|凌晨|中午|早上|傍晚|夜里|(?<![a-z])(?:[ap]m|today|yesterday"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?![a-z])",
    re.IGNORECASE,
)
_TITLE_ENDS, _SIGNS = 0.2, 0.86
"""Of the width: the lower end of the title bar, and where the signs at its right begin."""
_RISE, _LEAST = 0.075, 0.012
"""Of the width: how far above a bubble a nickname begins at most, and how small it may be."""
_STRAY = 10
_MOST_DIGITS = 14
"""Of a date with a time behind it."""
_SIGN = re.compile(r"[くV<>〈《〉›«+XxⅩ×…·:：\W_]")
"""What the signs of a title bar, arrows and dots, are read as."""
_EDGES = re.compile(r"^[\W_く]+|[\W_]+$")
_COUNT = re.compile(r"\s*[(（]\d*[)）]?\W*$")
"""How many members a group has, behind its name."""
_NO_NAMES = re.compile(
    r"(手机|wifi|4g|5g)?\W*(在线|离线|忙碌)|(对方)?正在(输入|讲话).*|内容由.*|返回|消息|聊天|详情|群聊|微信|qq|ta",
    re.IGNORECASE,
)
_LONGEST_NAME = 16
_CENTRED = 0.03
_CHIP = 0.75
"""Of the width: a notice in the middle of the page is not wider."""
_EDGE = 0.1
_NEAR, _EMOJI = 0.5, 1.5
"""Of a line's height: the gap between a name and an emoji, and how wide an emoji is."""


def find_name_lines(scene: Scene) -> list[Spot]:
    """Return the lines of which nothing may stay readable."""
    return [spot for spot in scene.spots if _is_name_line(scene, spot)]


def find_unread_names(scene: Scene) -> list[Box]:
    """Return where a name must stand that nobody could read, at working size."""
    return [*_unread_title(scene), *_unread_nicknames(scene)]


def with_neighbours(scene: Scene, spot: Spot) -> Box:
    """Return the place of a name together with the emoji beside it, which nobody read."""
    row = Box(0, spot.box.top, scene.width, spot.box.bottom)
    filled = scene.ink(row).sum(axis=0) >= 2
    left = spot.box.left - _neighbours(filled[: spot.box.left][::-1], spot.box.height)
    right = spot.box.right + _neighbours(filled[spot.box.right :], spot.box.height)
    return Box(left, spot.box.top, right, spot.box.bottom)


def _neighbours(columns: np.ndarray, height: int) -> int:
    """Return how far things go on that are near and no wider than an emoji."""
    near, widest = round(height * _NEAR), round(height * _EMOJI)
    reached = 0
    while (ahead := columns[reached : reached + near]).any():
        start = reached + int(ahead.argmax())
        gap = np.flatnonzero(~columns[start:])
        end = start + int(gap[0]) if len(gap) else len(columns)
        if end - start > widest:
            break
        reached = end
    return reached


def name_in(text: str) -> str:
    """Return the name that a title or a nickname consists of, or nothing."""
    name = _EDGES.sub("", _COUNT.sub("", text))
    if len(name) < 2 or len(name) > _LONGEST_NAME or _NO_NAMES.fullmatch(name):
        return ""
    return name


def is_time(text: str) -> bool:
    """Tell whether a line says nothing but when."""
    digits = sum(map(str.isdigit, text))
    rest = re.sub(r"[\W\d年月日号点分]", "", _WHEN.sub("", text))
    return not rest and digits <= _MOST_DIGITS and _WHEN.search(text) is not None


def _is_name_line(scene: Scene, spot: Spot) -> bool:
    if spot.is_furniture or _is_sign(scene, spot):
        return False
    if scene.has_status_bar and spot.middle < scene.width * _TITLE_ENDS:
        return _in_title(scene, spot)  # somebody may be called Saturday
    if is_time(spot.text):
        return False
    if _in_title(scene, spot) or picture_left_of(scene, spot) is not None:
        return True
    if spot.side is not Side.NONE or not scene.talk or _goes_on(scene, spot):
        return False
    return _is_centred(scene, spot) or (spot.surface.is_background and not _bare_talk(scene))


def _is_sign(scene: Scene, spot: Spot) -> bool:
    if len(spot.text) > 1 or spot.side is not Side.NONE:
        return False
    at_edge = spot.box.right < scene.width * _EDGE or spot.box.left > scene.width * (1 - _EDGE)
    return bool(_SIGN.fullmatch(spot.text) and at_edge) or spot.box.top >= scene.talk_bottom


def _in_title(scene: Scene, spot: Spot) -> bool:
    if spot.side is not Side.NONE or not (scene.talk or scene.has_status_bar):
        return False
    return scene.title_bar.top - 2 <= spot.middle < scene.title_bar.bottom


def _goes_on(scene: Scene, spot: Spot) -> bool:
    """Words beside words of one of the two: a line that was read in pieces."""
    return any(
        min(other.box.bottom, spot.box.bottom) - max(other.box.top, spot.box.top)
        > 0.5 * min(other.box.height, spot.box.height)
        for other in scene.talk
    )


def _is_centred(scene: Scene, spot: Spot) -> bool:
    off = abs(spot.box.left + spot.box.right - scene.width) / 2
    return off < scene.width * _CENTRED and spot.box.width < scene.width * _CHIP


def _bare_talk(scene: Scene) -> bool:
    """Whether the companion's words stand on the page itself, as names do elsewhere."""
    return any(s.side is Side.COMPANION and s.surface.is_background for s in scene.talk)


def _unread_title(scene: Scene) -> Iterator[Box]:
    """Whatever is drawn in the title bar, save the signs at its ends."""
    if not (scene.has_status_bar and scene.talk):
        return
    width = scene.width
    bottom = min(round(width * _TITLE_ENDS), min(spot.box.top for spot in scene.talk))
    bar = Box(round(width * _EDGE), scene.title_bar.top, round(width * _SIGNS), bottom)
    if bar.height > 0:
        yield from (box for box in _small_parts(scene, bar) if not _is_read(scene, box))


def _unread_nicknames(scene: Scene) -> Iterator[Box]:
    """Small things right above the bubbles of others."""
    for spot in scene.talk:
        if spot.side is not Side.COMPANION or spot.surface.is_background:
            continue
        top = _bubble_top(scene, spot) - 2
        left, right = (
            spot.surface.left,
            round(min(spot.surface.left + scene.width / 2, scene.width)),
        )
        above = Box(left, max(0, top - round(scene.width * _RISE)), right, max(0, top))
        if above.height > 0:
            for box in _small_parts(scene, above):
                if box.top > above.top and not _is_read(scene, box):
                    yield box


def _bubble_top(scene: Scene, spot: Spot) -> int:
    column = scene.page.pixels[: spot.box.top, spot.box.left].astype(np.int16)
    unlike = np.abs(column - np.array(spot.surface.colour, np.int16)).max(axis=1) > _STRAY
    rows = np.flatnonzero(unlike)
    return int(rows[-1]) + 1 if len(rows) else 0


def _small_parts(scene: Scene, region: Box) -> Iterator[Box]:
    least, most = scene.width * _LEAST, scene.width * _RISE
    for box in parts(scene.ink(region), region, round(scene.width * 0.02)):
        if box.height >= least and box.width >= least and box.height <= most:
            yield box


def _is_read(scene: Scene, box: Box) -> bool:
    return any(overlap(box, spot.box) for spot in scene.spots)
