"""The text around a hit, with the hit marked."""

from collections.abc import Sequence

from liudeng.text import fold, fold_with_offsets

MARKS = ("【", "】")
_SCANNED = 20_000
"""Characters of a message in which the first hit is looked for to be shown."""


def excerpt(text: str, words: Sequence[str], width: int = 60) -> str:
    """Return about `width` characters of `text` around its first hit, hits marked 【so】."""
    text = text[:_SCANNED]
    spans = _spans(text, words)
    start, end = _window(text, spans, width)
    pieces: list[str] = ["…" if start > 0 else ""]
    position = start
    for left, right in spans:
        if left < position or right > end:
            continue
        pieces += [text[position:left], MARKS[0], text[left:right], MARKS[1]]
        position = right
    pieces += [text[position:end], "…" if end < len(text) else ""]
    return " ".join("".join(pieces).split())


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Find the words as they stand in the text, in order and without overlaps."""
    folded = fold_with_offsets(text)
    found: list[tuple[int, int]] = []
    for word in words:
        needle = fold(word)
        at = folded.text.find(needle) if needle else -1
        while at >= 0:
            found.append(folded.span(at, at + len(needle)))
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
