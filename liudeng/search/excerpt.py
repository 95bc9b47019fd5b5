"""The text around a hit, with the hit marked."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from liudeng.text import fold, fold_with_offsets

Marks = tuple[str, str]
MARKS: Marks = ("【", "】")
UNSEEN_MARKS: Marks = ("\ue000", "\ue001")
"""For what is drawn: private use, so nothing that was said can be taken for one."""
_NO_MARKS = dict.fromkeys(map(ord, UNSEEN_MARKS))
_SCANNED = 20_000
"""Characters of a message in which the first hit is looked for to be shown."""
_LOOKED_AT = 2_000
"""A text up to this long is looked at whole."""
_BLOCK = 500


def excerpt(text: str, words: Sequence[str], width: int = 60, marks: Marks = MARKS) -> str:
    """Return about `width` characters of `text` around its first hit, hits marked 【so】."""
    text = text[:_SCANNED].translate(_NO_MARKS)
    needles = [needle for word in words if (needle := fold(word))]
    nearby = _near_first_hit(text, needles, width)
    spans = _spans(text, needles, nearby)
    start, end = _window(text, spans, width)
    pieces: list[str] = ["…" if start > 0 else ""]
    position = start
    for left, right in spans:
        if left < position or right > end:
            continue
        pieces += [text[position:left], marks[0], text[left:right], marks[1]]
        position = right
    pieces += [text[position:end], "…" if end < len(text) else ""]
    return " ".join("".join(pieces).split())


def marked_parts(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a text without its `UNSEEN_MARKS`, and begin and end of what stood between them."""
    plain = ""
    spans: list[tuple[int, int]] = []
    for part in marked.split(UNSEEN_MARKS[0]):
        hit, closed, rest = part.partition(UNSEEN_MARKS[1])
        if closed:
            spans.append((len(plain), len(plain) + len(hit)))
        plain += hit + rest
    return plain, tuple(spans)


def _near_first_hit(text: str, needles: Sequence[str], margin: int) -> range:
    """Return the part of a text to mark hits in, at least `margin` around the first.

    To fold a text is cheap, to remember where each character came from is not: a long text is
    folded in blocks, and only those around its first hit are worth that.
    """
    if len(text) <= _LOOKED_AT:
        return range(len(text))
    blocks = [fold(text[start : start + _BLOCK]) for start in range(0, len(text), _BLOCK)]
    folded, ends = "".join(blocks), list(accumulate(map(len, blocks)))
    first = min((at for needle in needles if (at := folded.find(needle)) >= 0), default=-1)
    if first < 0:
        return range(0)
    last = first + max(map(len, needles))
    margin = max(margin, _BLOCK)
    start = bisect_right(ends, first) * _BLOCK - margin
    stop = (bisect_left(ends, last) + 1) * _BLOCK + margin
    return range(max(0, start), min(len(text), stop))


def _spans(text: str, needles: Sequence[str], part: range) -> list[tuple[int, int]]:
    """Find the folded words as they stand in a part of the text, in order, without overlaps."""
    folded = fold_with_offsets(text[part.start : part.stop])
    found: list[tuple[int, int]] = []
    for needle in needles:
        at = folded.text.find(needle)
        while at >= 0:
            left, right = folded.span(at, at + len(needle))
            found.append((part.start + left, part.start + right))
            at = folded.text.find(needle, at + len(needle))
    spans: list[tuple[int, int]] = []
    for left, right in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or left >= spans[-1][1]:
            spans.append((left, right))
    return spans


def _window(text: str, spans: list[tuple[int, int]], width: int) -> tuple[int, int]:
    if len(text) <= width:
        return 0, len(text)
    first_left, first_right = spans[0] if spans else (0, 0)
    start = max(0, first_left - width // 3)
    end = min(len(text), max(start + width, first_right))
    return max(0, min(start, end - width)), end
