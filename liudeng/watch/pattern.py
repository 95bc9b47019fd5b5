"""The small pattern language of the lexicon files, compiled to regular expressions.

========  =====================================================================
``想死``    the words themselves
``…``      up to 8 characters within one clause (``……``: up to 16 within one sentence)
``(a|b)``  one of these; an empty one, as in ``(a|)``, makes the group optional
``{名}``    one of the words of a set declared in ``sets.toml``
``^`` ``$``  start and end of a clause, also as one of a group: ``(了|$)``
========  =====================================================================

Full-width ``（ ｜ ）｛ ｝`` are read like the half-width signs. A pattern has no stars and at most
three gaps of bounded length, so no entry a moderator writes can make matching explode.

Chinese has no spaces, so words can be found where there are none: 明天|上午 holds 天上. Where an
entry begins, ends or meets a gap it must not cut one of the words of the set ``整词`` in two.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from liudeng.text.normalise import normalise

MAX_GAPS = 3
MIN_CHARS = 2
"""Characters an entry must at least pin down: a single one matches half of all messages."""
WHOLE_WORDS = "整词"
"""The set of words that must not be cut in two."""

_SIGNS = str.maketrans("（｜）｛｝＾＄", "(|){}^$")
_TOKEN = re.compile(r"(?P<gap>…+)|\((?P<group>[^()]*)\)|\{(?P<set>[^{}]*)\}|(?P<edge>[\^$])")
_PAUSE = r"\s,.。!?;:、~…()\"“”'"
_EDGES = {"^": rf"(?<![^{_PAUSE}])", "$": rf"(?![^{_PAUSE}])"}
_SHORT_GAP = r"[^\n,.。!?;]{0,8}?"
_LONG_GAP = r"[^\n.。!?;]{0,16}?"


class PatternError(ValueError):
    """An entry is no usable pattern; the message is Chinese, for the person editing it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled entry: it can only match where one of `anchors` occurs."""

    anchors: tuple[str, ...]
    source: str | None
    """Its regular expression; None when the entry is plain words: then the anchor is the match."""

    @property
    def regex(self) -> re.Pattern[str] | None:
        """The expression, compiled when an anchor is first met: most never are."""
        return None if self.source is None else _compiled(self.source)


def compile_pattern(source: str, sets: Mapping[str, Sequence[str]]) -> Pattern:
    """Compile one lexicon entry; raises PatternError for an empty, over-wide or malformed one."""
    parts = _split(source.translate(_SIGNS), sets)
    choices = [part for part in parts if isinstance(part, tuple)]
    gaps = sum(part in (_SHORT_GAP, _LONG_GAP) for part in parts)
    if gaps > MAX_GAPS:
        raise PatternError(f"省略号最多用 {MAX_GAPS} 处")
    if not choices:
        raise PatternError("词条是空的")
    if sum(_shortest(choice) for choice in choices) < MIN_CHARS:
        raise PatternError("词条太宽：至少要写定两个字，否则会命中大量普通消息")
    # A clause edge narrows an entry like a character does, but nothing can be looked up by it.
    anchors = max((one for one in choices if _EDGES.keys().isdisjoint(one)), key=_shortest)
    regex = _to_regex(parts, sets.get(WHOLE_WORDS, ()))
    if parts == [anchors] and len(anchors) == 1 and regex == f"(?:{re.escape(anchors[0])})":
        return Pattern(anchors, None)
    return Pattern(anchors, regex)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _split(source: str, sets: Mapping[str, Sequence[str]]) -> list[str | tuple[str, ...]]:
    """Tokens in order: a tuple is a choice of literals, a plain string a piece of regex."""
    parts: list[str | tuple[str, ...]] = []
    done = 0
    for token in _TOKEN.finditer(source):
        parts.extend(_literal(source[done : token.start()]))
        parts.append(_special(token, sets))
        done = token.end()
    parts.extend(_literal(source[done:]))
    return parts


def _special(token: re.Match[str], sets: Mapping[str, Sequence[str]]) -> str | tuple[str, ...]:
    if token["gap"]:
        return _SHORT_GAP if len(token["gap"]) == 1 else _LONG_GAP
    if token["edge"]:
        return _EDGES[token["edge"]]
    if token["group"] is not None:
        return _folded(tuple(token["group"].split("|")))
    if token["set"] not in sets:
        raise PatternError(f"没有叫“{token['set']}”的词组，请看 sets.toml")
    return _folded(tuple(sets[token["set"]]))


def _literal(text: str) -> list[tuple[str, ...]]:
    if any(sign in text for sign in "(){}|"):
        raise PatternError("括号没有配对，或竖线写在了括号外面")
    folded = normalise(text).text
    return [(folded,)] if folded else []


@lru_cache(4_096)  # a set stands in hundreds of entries
def _folded(choices: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(choice).text for choice in choices))


def _shortest(choice: tuple[str, ...]) -> int:
    return min(map(len, choice))


def _to_regex(parts: Sequence[str | tuple[str, ...]], words: Sequence[str] = ()) -> str:
    words = tuple(words)
    pieces: list[str] = []
    for at, part in enumerate(parts):
        if isinstance(part, str):
            pieces.append(part)
            continue
        # Two literals side by side are meant as written: 今晚 + 上路 holds 晚上, and may.
        before = words if at == 0 or isinstance(parts[at - 1], str) else ()
        after = words if at == len(parts) - 1 or isinstance(parts[at + 1], str) else ()
        longest_first = sorted(part, key=len, reverse=True)
        pieces.append(f"(?:{'|'.join(_guarded(one, before, after) for one in longest_first)})")
    return "".join(pieces)


@cache
def _guarded(literal: str, words_before: tuple[str, ...], words_after: tuple[str, ...]) -> str:
    """Escape, and keep words whole: `zs` must not match in `zsh`, nor 天上 in 明天上午."""
    if not literal:
        return ""
    if literal in _EDGES:
        return _EDGES[literal]
    before = r"(?<![a-z0-9])" if literal[0].isascii() and literal[0].isalnum() else ""
    after = r"(?![a-z0-9])" if literal[-1].isascii() and literal[-1].isalnum() else ""
    heads, tails = _cut(words_before).heads, _cut(words_after).tails
    for end in range(1, len(literal) + 1):
        before += "".join(f"(?<!{head})" for head in heads.get(literal[:end], ()))
    for start in range(len(literal)):
        after += "".join(f"(?!{tail})" for tail in tails.get(literal[start:], ()))
    return f"{before}{re.escape(literal)}{after}"


@dataclass(frozen=True, slots=True)
class _Cut:
    """Every way to cut one of some words in two."""

    heads: dict[str, list[str]]
    """What stands before the rest of a word, by that rest."""
    tails: dict[str, list[str]]
    """What follows the beginning of a word, by that beginning."""


@cache
def _cut(words: tuple[str, ...]) -> _Cut:
    heads: dict[str, list[str]] = defaultdict(list)
    tails: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for at in range(1, len(word)):
            heads[word[at:]].append(word[:at])
            tails[word[:at]].append(word[at:])
    return _Cut(dict(heads), dict(tails))


def compile_guard(
    sources: Sequence[str], sets: Mapping[str, Sequence[str]]
) -> re.Pattern[str] | None:
    """One regex for the words of `unless` or `needs`; here a single character is allowed."""
    if not sources:
        return None
    parts = [_to_regex(_split(source.translate(_SIGNS), sets)) for source in sources]
    if not all(parts):
        raise PatternError("unless 和 needs 里不能有空词")
    return re.compile("|".join(parts))
