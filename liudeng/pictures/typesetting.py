"""Setting Chinese text: what stays together, where lines end, where each piece stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from liudeng.pictures.fonts import Face
from liudeng.pictures.kinsoku import CLOSING, NOT_FIRST, gap, is_wide, may_break, overhang
from liudeng.pictures.measuring import width_of

ELLIPSIS = "…"
_AFTER_THESE = re.compile(r"(?<=[/?&=_.,:;+-])(?=[^/?&=_.,:;+-])")
"""Where a word that is too long for a line is cut first: an address has many such places."""
_LONG_WORD = 0.7
"""Of a line's width: a longer word is cut, and begins on the line before."""
_STRETCH = 1.5
"""In ems: a line that lacks no more than this is spread to the full width."""
_FEW = 8
"""Pieces; a line of fewer is never spread."""


@dataclass(frozen=True, slots=True)
class Atom:
    """What no line break divides."""

    text: str
    at: int
    """Index of its first character in the text."""
    width: float


@dataclass(frozen=True, slots=True)
class Piece:
    """An atom in its place."""

    text: str
    at: int
    x: float
    """From the start of the line, in pixels."""
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text that was set."""

    pieces: tuple[Piece, ...] = ()
    width: float = 0.0
    """In pixels, without what may stand out at the end."""

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(piece.text for piece in self.pieces)


def set_lines(
    text: str, face: Face, limit: float, *, most: int | None = None, spread: bool = False
) -> list[Line]:
    """Break a cleaned text into lines of at most `limit` pixels.

    Args:
        text: what `clean` returned.
        face: the size to set it in.
        limit: width of a line, in pixels.
        most: the last line ends with an ellipsis if there would be more than this many.
        spread: give lines that are nearly full the full width.
    """
    setter = _Setter(face, limit, spread)
    if most is None:
        return list(setter.lines(text))
    if most < 1:
        return []
    lines = list(islice(setter.lines(text), most + 1))
    if len(lines) > most:
        lines[most - 1 :] = [setter.shortened(lines[most - 1])]
    return lines


def set_line(text: str, face: Face, limit: float) -> Line:
    """Set a cleaned text in one line, with an ellipsis if it is too long."""
    lines = set_lines(text.replace("\n", " "), face, limit, most=1)
    return lines[0] if lines else Line()


class _Setter:
    def __init__(self, face: Face, limit: float, spread: bool) -> None:
        self._face = face
        self._limit = limit
        self._spread = spread

    def lines(self, text: str) -> Iterator[Line]:
        start = 0
        for paragraph in text.split("\n"):
            yield from self._paragraph(self._atoms(paragraph, start))
            start += len(paragraph) + 1

    def shortened(self, line: Line) -> Line:
        """Make room for an ellipsis at the end."""
        pieces = list(line.pieces)
        mark = width_of(ELLIPSIS, self._face)
        while pieces and (
            pieces[-1].x + pieces[-1].width + mark > self._limit
            or pieces[-1].text in CLOSING
            or pieces[-1].text.isspace()
        ):
            pieces.pop()
        end = pieces[-1].x + pieces[-1].width if pieces else 0.0
        at = pieces[-1].at + len(pieces[-1].text) if pieces else 0
        return Line((*pieces, Piece(ELLIPSIS, at, end, mark)), end + mark)

    def _paragraph(self, atoms: Iterator[Atom]) -> Iterator[Line]:
        line: list[Atom] = []
        for atom in atoms:
            line.append(atom)
            while len(line) > 1 and not line[-1].text.isspace() and self._reach(line) > self._limit:
                cut = _last_break(line)
                yield self._placed(line[:cut], last=False)
                line = _without_leading_space(line[cut:])
        yield self._placed(line, last=True)

    def _reach(self, atoms: Sequence[Atom]) -> float:
        """How far a line must reach, without what may stand out."""
        end = 0.0
        before = ""
        for atom in atoms:
            end += gap(before, atom.text[0]) * self._face.size + atom.width
            before = atom.text[-1]
        return end - overhang(before) * self._face.size

    def _placed(self, atoms: list[Atom], *, last: bool) -> Line:
        while atoms and atoms[-1].text.isspace():
            atoms = atoms[:-1]
        if not atoms:
            return Line()
        width = self._reach(atoms)
        slack = self._limit - width
        spread = self._spread and not last and 0 < slack <= _STRETCH * self._face.size
        extra = slack / (len(atoms) - 1) if spread and len(atoms) >= _FEW else 0.0
        pieces: list[Piece] = []
        x, before = 0.0, ""
        for atom in atoms:
            x += gap(before, atom.text[0]) * self._face.size
            pieces.append(Piece(atom.text, atom.at, x, atom.width))
            x += atom.width + extra
            before = atom.text[-1]
        return Line(tuple(pieces), width + extra * (len(atoms) - 1))

    def _atoms(self, paragraph: str, start: int) -> Iterator[Atom]:
        for text, at in _words(paragraph):
            width = width_of(text, self._face)
            if len(text) > 1 and width > self._limit * _LONG_WORD:
                yield from self._cut(text, start + at)
            else:
                yield Atom(text, start + at, width)

    def _cut(self, word: str, at: int) -> Iterator[Atom]:
        for part in _AFTER_THESE.split(word):
            for text in self._fitting(part):
                yield Atom(text, at, width_of(text, self._face))
                at += len(text)

    def _fitting(self, part: str) -> Iterator[str]:
        """Cut what is still too long between any two characters that may be parted."""
        begin = 0
        for end in range(1, len(part)):
            too_long = width_of(part[begin : end + 1], self._face) > self._limit * _LONG_WORD
            if too_long and (part[end] not in NOT_FIRST or end - begin > _FEW):
                yield part[begin:end]
                begin = end
        yield part[begin:]


def _words(paragraph: str) -> Iterator[tuple[str, int]]:
    """Divide into wide characters, words of narrow ones, and single spaces."""
    begin = 0
    for index, character in enumerate(paragraph):
        if character == " " or is_wide(character):
            if index > begin:
                yield paragraph[begin:index], begin
            yield character, index
            begin = index + 1
    if begin < len(paragraph):
        yield paragraph[begin:], begin


def _last_break(line: Sequence[Atom]) -> int:
    """Return how many atoms stay on a line whose last atom has no room any more."""
    for cut in range(len(line) - 1, 0, -1):
        before = next((a for a in reversed(line[:cut]) if not a.text.isspace()), None)
        if line[cut].text.isspace() or before is None:
            continue
        if may_break(before.text[-1], line[cut].text[0]):
            return cut
    return len(line) - 1


def _without_leading_space(line: list[Atom]) -> list[Atom]:
    while line and line[0].text.isspace():
        line = line[1:]
    return line
