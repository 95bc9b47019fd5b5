"""Screenshots with somebody in them, and where everything stands that tells who it is."""

import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.ocr_quality import SHIPPED, cases
from benchmarks.support.group_chat import (
    LIGHT,
    NIGHT,
    Area,
    GroupScreen,
    Shape,
    Spoken,
    draw_group,
)
from simulator.pictures import PictureSpec, draw
from simulator.pictures.palette import PALETTES

PRIVATE = (
    ("加我微信 {}", "nunu_0213", "unun_9784"),
    ("我电话{}", "１３８ ００１３ ８０１２", "１７９ ８８２９ ７９８８"),
    ("以后打这个 {} 别忘了", "139-0026-4715", "178-9989-2036"),
    ("QQ：{} 记得找我", "2840011003", "3759988775"),
    ("写信到 {}@example.com", "bq_0213", "qb_9784"),
    ("怕你忘了，我把号码再抄一遍放在这里：{}", "15907316428", "17376947786"),
    ("加V：{}", "nu-bd9026", "un-db7817"),
    ("群号（{}）", "731415926", "297979787"),
)
"""Words, what must not be seen in them, and somebody else's, which takes as much room."""
INNOCENT = (
    "明天 2026-02-13 23:47:05 见",
    "从2024年5月13日到2026年2月13日",
    "一个月 ¥128.00，一年 1280元",
    "3 2 1 0，5201314",
    "那是2025年的事了，一共 1024 天",
    "凌晨 03:15 到 04:20，晚安",
)
NICKS = ("半糖不加冰", "Luna_月亮", "南瓜饼", "晚风不赶路", "阿澈的猫", "123木头人")
TITLES = ("留灯小屋(128)", "四月搬家互助群(46)")
SHAPES: tuple[Shape, ...] = ("round", "square")
_FACES = ("#6f86b5", "#c9785f")
_WAYS: tuple[tuple[float, int | None], ...] = ((1.0, 75), (0.67, 70), (1.0, None), (0.5, 80))
_GROUP_CHATS = 24
_TWIN = "一"
_VISIBLE = 24
"""Difference of a channel."""

Mask = np.ndarray


@dataclass(frozen=True)
class Sample:
    """A screenshot as it was posted, and what of its unscaled drawing tells who it was."""

    name: str
    look: str
    picture: bytes
    scale: float
    faces: tuple[Area, ...]
    names: Mask | None
    numbers: Mask | None
    secrets: tuple[str, ...]
    """What may not be read again in the covered copy."""
    known: tuple[str, ...] = ()


def chats(limit: int) -> Iterator[Sample]:
    """Draw the chats of two.

    The house look chooses its colours by what is written: of it, only the avatars are known.
    """
    for number, case in enumerate(cases(SHIPPED)[:limit]):
        words, secret, other = PRIVATE[number % len(PRIVATE)]
        said = ("it", words.format(secret)), ("it", INNOCENT[number % len(INNOCENT)])
        lines = (*case.spec.lines[:2], *said, *case.spec.lines[2:])
        posted = case.spec.model_copy(update={"lines": lines})
        drawn = _pixels(posted)
        twin_lines = (*case.spec.lines[:2], ("it", words.format(other)), *lines[3:])
        has_twins = case.spec.look is not None
        yield Sample(
            name=case.name,
            look=case.look,
            picture=draw(posted),
            scale=posted.scale,
            faces=_coloured_faces(drawn),
            names=_name_ink(posted, drawn) if has_twins else None,
            numbers=_unlike(drawn, _pixels(posted, lines=twin_lines)) if has_twins else None,
            secrets=(secret, posted.companion),
        )


def _name_ink(posted: PictureSpec, drawn: Mask) -> Mask:
    """What differs from both of two others: where only one does, the ink is the other's."""
    others = (_TWIN * len(posted.companion), "TA")
    one, other = (_pixels(posted, companion=name) for name in others)
    return _unlike(drawn, one) & _unlike(drawn, other)


def groups() -> Iterator[Sample]:
    """Draw the group chats."""
    ways = itertools.cycle(itertools.product(_WAYS, (LIGHT, NIGHT), SHAPES))
    for number in range(_GROUP_CHATS):
        (scale, jpeg), theme, shape = next(ways)
        words, secret, other = PRIVATE[number % len(PRIVATE)]
        title = TITLES[number % len(TITLES)]
        image, truth = draw_group(
            GroupScreen(title, _said(number, words.format(secret)), theme, shape, number)
        )
        twin, _ = draw_group(
            GroupScreen(title, _said(number, words.format(other)), theme, shape, number)
        )
        drawn = np.asarray(image)
        yield Sample(
            name=f"group{number}",
            look=f"group {shape}{' dark' if theme is NIGHT else ''}",
            picture=_posted(image, scale, jpeg),
            scale=scale,
            faces=tuple(truth.faces),
            names=_filled(drawn.shape[:2], truth.names),
            numbers=_unlike(drawn, np.asarray(twin)),
            secrets=(secret, *NICKS),
            known=NICKS,
        )


def _said(number: int, private: str) -> tuple[Spoken, ...]:
    nicks = [NICKS[(number + step) % len(NICKS)] for step in range(3)]
    return (
        Spoken(nicks[0], "大家今晚都还好吗"),
        Spoken("", f"还行，{nicks[1]} 在陪我"),
        Spoken(nicks[1], INNOCENT[number % len(INNOCENT)]),
        Spoken(nicks[2], private),
        Spoken("", "收到，谢谢你。我先去睡了，明天再来看大家写的那封长长的信"),
        Spoken(nicks[0], "嗯"),
    )


def _filled(shape: tuple[int, int], areas: Iterable[Area]) -> Mask:
    mask = np.zeros(shape, bool)
    for left, top, right, bottom in areas:
        mask[int(top) : int(bottom), int(left) : int(right)] = True
    return mask


def _pixels(spec: PictureSpec, **changes: object) -> Mask:
    changed = spec.model_copy(update={"jpeg": None, "scale": 1.0, **changes})
    return np.asarray(Image.open(io.BytesIO(draw(changed))).convert("RGB"))


def _unlike(one: Mask, other: Mask) -> Mask:
    if one.shape != other.shape:
        raise ValueError("the twin is laid out differently")
    return np.abs(one.astype(np.int16) - other.astype(np.int16)).max(axis=2) > _VISIBLE


def _coloured_faces(pixels: Mask) -> tuple[Area, ...]:
    """Return the places of the flat avatars, told by their colours."""
    colours = {*_FACES, *(colour for p in PALETTES for colour in (p.their_face, p.my_face))}
    width = pixels.shape[1]
    found: list[Area] = []
    for left, right in ((0, width * 15 // 100), (width * 85 // 100, width)):
        strip = pixels[:, left:right]
        mask = np.zeros(strip.shape[:2], bool)
        for colour in colours:
            rgb = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
            mask |= (strip == np.array(rgb, np.uint8)).all(axis=2)
        rows = np.flatnonzero(mask.sum(axis=1) > 4)
        for block in np.split(rows, np.flatnonzero(np.diff(rows) > 4) + 1):
            if len(block) > 20:
                columns = np.flatnonzero(mask[block].any(axis=0))
                first, last = float(left + columns[0]), float(left + columns[-1] + 1)
                found.append((first, float(block[0]), last, float(block[-1] + 1)))
    return tuple(found)


def _posted(image: Image.Image, scale: float, jpeg: int | None) -> bytes:
    size = (round(image.width * scale), round(image.height * scale))
    target = io.BytesIO()
    scaled = image.resize(size, Image.Resampling.BILINEAR)
    if jpeg:
        scaled.save(target, "JPEG", quality=jpeg)
    else:
        scaled.save(target, "PNG")
    return target.getvalue()
