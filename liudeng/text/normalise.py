"""Fold a message to the form the lexicon is written in, keeping the way back to the original text.

Every character of the folded text remembers the one original character it came from, so a match can
be shown to a moderator as the member really wrote it. Han characters are never turned into Latin.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.text.fold import simplified

HEAD_CHARS = 1200
"""Characters assessed at the start of an over-long message."""
TAIL_CHARS = 400
"""Characters assessed at its end: people put the hardest sentence last."""

_VARIANTS = {"帳": "账"}
"""Characters whose usual simplified form in chat is not the one of the dictionary."""

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
# Short calls and particles stand alone on purpose ("妈 对不起"): the space beside one is a pause.
_LONE_HAN = r"(?![妈爸哥姐姨爷奶好行嗯哦唉哎对是啊哈乖草呵诶欸喂算])" + _HAN
_CLUTTER_HINT = re.compile(r"[ .*/\\|·•_^~\-\[\]丨。]")
_CLUTTER = re.compile(
    rf"(?<={_HAN}) ?[.*/\\|·•_^~\-\[\]丨]{{1,3}} ?(?={_HAN})"  # between Han: 自*杀
    rf"|(?<!\w){_LONE_HAN}(?P<gap> {{1,8}}|。)(?={_HAN}(?P=gap))"  # each alone: 自。杀。
    rf"|(?<!\w){_LONE_HAN}(?P<pause> {{1,8}})(?={_HAN})"  # after a lone Han character: 自 鲨
    rf"|(?<={_HAN}) {{1,8}}(?={_LONE_HAN}(?!\w))"  # before one: 想 死
    rf"|(?<={_HAN}) (?=[s4](?!\w))|(?<={_HAN} [s4]) (?={_HAN})"  # around a letter: 要 s 掉
    r"|(?<=[a-z])(?<![a-z0-9][a-z])[.*/\-_ ]{1,2}(?=[a-z](?![a-z0-9]))"  # z.s, z s
)


class _FoldTable(dict[int, str]):
    """`str.translate` table filled on demand; `odd` holds what does not fold to one character."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_char(char)
        if len(folded) != 1:
            self.odd.add(char)
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    if char in "\n…":  # NFKC would make three full stops of an ellipsis
        return char
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Mn", "Me", "Cc", "Cn", "Co", "Cs"}:
        return ""
    folded = unicodedata.normalize("NFKC", char).casefold()
    if "\u00e0" <= folded <= "\u024f":  # pinyin with tones: sǐ
        folded = unicodedata.normalize("NFD", folded)[0]
    return simplified(_VARIANTS.get(folded, folded))


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Normalised:
    """The folded text and, for each of its characters, the index of the original character."""

    text: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original `[start, end)` of a non-empty folded `[start, end)`."""
        return self.origins[start], self.origins[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Fold `text`; of an over-long one only the head and the tail, joined by a line break."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return _normalise(text)
    head = _normalise(text[:HEAD_CHARS])
    tail_at = len(text) - TAIL_CHARS
    tail = _normalise(text[tail_at:])
    # No pattern crosses a line break, so the joint can never be part of a match.
    origins = [*head.origins, HEAD_CHARS, *(tail_at + origin for origin in tail.origins)]
    return Normalised(f"{head.text}\n{tail.text}", origins)


def _normalise(text: str) -> Normalised:
    folded = text.translate(_TABLE)
    origins: Sequence[int] = range(len(folded))
    if not _TABLE.odd.isdisjoint(text):
        origins = [at for at, char in enumerate(text) for _ in _TABLE[ord(char)]]
    return _drop_clutter(folded, origins)


def _drop_clutter(folded: str, origins: Sequence[int]) -> Normalised:
    if not _CLUTTER_HINT.search(folded):
        return Normalised(folded, origins)
    kept: list[str] = []
    kept_origins: list[int] = []
    done = 0
    for match in _CLUTTER.finditer(folded):
        start, end = match.span(next((one for one in ("gap", "pause") if match[one]), 0))
        kept.append(folded[done:start])
        kept_origins.extend(origins[done:start])
        done = end
    if not done:
        return Normalised(folded, origins)
    kept.append(folded[done:])
    kept_origins.extend(origins[done:])
    return Normalised("".join(kept), kept_origins)
