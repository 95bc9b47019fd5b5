"""A group chat drawn by hand: photographs as avatars, dark bars where letters would be."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from liudeng.covering import Cover
from liudeng.ocr import Box, Reading
from liudeng.ocr.layout import lay_out
from liudeng.ocr.recognise import Piece

WIDTH, HEIGHT = 736, 1300
PAGE, THEIRS, MINE = (241, 241, 241), (255, 255, 255), (149, 236, 105)
FACE = 74
TALL = 40
Colour = tuple[int, int, int]


@dataclass
class Screen:
    """A page on which things are put, with what would be read of it."""

    picture: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), PAGE))
    pieces: list[Piece] = field(default_factory=list)

    @property
    def reading(self) -> Reading:
        """What the engine would make of it."""
        return Reading(lines=tuple(lay_out(np.asarray(self.picture), self.pieces)))

    def words(self, text: str, left: int, top: int, *, read: bool = True) -> Box:
        """Write a line; every character is as wide as it is in a Chinese font."""
        pen = ImageDraw.Draw(self.picture)
        at = float(left)
        for character in text:
            wide = 30 if ord(character) > 0xFF else 17
            pen.rectangle((at + 3, top + 8, at + wide - 6, top + TALL - 8), fill=(70, 70, 70))
            at += wide
        box = Box(left, top, round(at), top + TALL)
        if read:
            self.pieces.append(Piece(text, box, 1.0))
        return box

    def bubble(self, *lines: str, top: int, mine: bool = False) -> list[Box]:
        """Say something; return where each line is."""
        wide = max(sum(30 if ord(c) > 0xFF else 17 for c in line) for line in lines)
        left = WIDTH - 130 - wide if mine else 130
        area = (left - 24, top - 14, left + wide + 24, top + TALL * len(lines) + 14)
        ImageDraw.Draw(self.picture).rounded_rectangle(area, 12, fill=MINE if mine else THEIRS)
        return [self.words(line, left, top + TALL * row) for row, line in enumerate(lines)]

    def face(self, top: int, *, mine: bool = False, seed: int = 1, round_: bool = True) -> Box:
        """Put an avatar at the edge."""
        left = WIDTH - 16 - FACE if mine else 16
        dice = random.Random(seed)
        small = Image.new("RGB", (5, 5))
        small.putdata([tuple(dice.randrange(256) for _ in range(3)) for _ in range(25)])
        self._paste(small.resize((FACE, FACE), Image.Resampling.BICUBIC), (left, top), round_)
        return Box(left, top, left + FACE, top + FACE)

    def pale_face(self, top: int, *, mine: bool = False) -> Box:
        """Put an avatar at the edge that is nearly the page's colour."""
        left = WIDTH - 16 - FACE if mine else 16
        pale = (PAGE[0] + 4, PAGE[1] + 4, PAGE[2] + 4)
        self._paste(Image.new("RGB", (FACE, FACE), pale), (left, top), round_=True)
        return Box(left, top, left + FACE, top + FACE)

    def status_bar(self) -> None:
        """Begin at the top of the screen."""
        self.words("23:47", 24, 10)

    def _paste(self, face: Image.Image, at: tuple[int, int], round_: bool) -> None:
        mask = Image.new("L", face.size, 0)
        radius = FACE / 2 if round_ else 10
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, FACE - 1, FACE - 1), radius, fill=255)
        self.picture.paste(face, at, mask)


def share(covers: Iterable[Cover], place: Box) -> float:
    """Return how much of a place is covered."""
    mask = np.zeros((HEIGHT, WIDTH), bool)
    for one in covers:
        mask[one.box.top : one.box.bottom, one.box.left : one.box.right] = True
    return float(mask[place.top : place.bottom, place.left : place.right].mean())


def part(line: Box, text: str, piece: str) -> Box:
    """Return where a piece of a line stands."""
    widths = [30 if ord(character) > 0xFF else 17 for character in text]
    start = text.index(piece)
    left = line.left + sum(widths[:start])
    return Box(left, line.top, left + sum(widths[start : start + len(piece)]), line.bottom)
