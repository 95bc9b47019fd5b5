"""Which links a message carries: in its words, in shared cards, in markdown."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from liudeng.archive import Segment
from liudeng.archive.reading import clean, one_line
from liudeng.resources.canonical import LONGEST_URL, Link, canonical
from liudeng.resources.hosts import has_known_suffix, is_address, read_host
from liudeng.resources.lists import link_lists

MOST_LINKS = 20
"""Links taken note of in one message."""
_MOST_TEXT = 20_000
_CARD_DEPTH = 6
_MOST_CARD_VALUES = 400
_CARD_TITLES = ("title", "desc")
_LONGEST_TITLE = 120

_STOP = r"\s<>\"'`|，。！？、；：（）【】《》「」『』“”‘’…￥\u3000\ufffc"
_HAN = r"\u3400-\u9fff"
# Chinese glued behind a link ends it, unless a / or = asks for more: /wiki/告别.
_REST = rf"(?:[^{_STOP}{_HAN}]|(?<=[/=_{_HAN}-])[{_HAN}])"
_IN_HOST = rf"(?:[^{_STOP}{_HAN}/?#]|[{_HAN}]{{1,20}}(?=\.)|(?<=\.)[{_HAN}]{{1,10}})"
_WITH_SCHEME = re.compile(
    rf"https?://{_IN_HOST}{{1,300}}(?:[/?#]{_REST}{{0,{LONGEST_URL}}})?", re.IGNORECASE
)
_LETTER = rf"[^\W_{_HAN}]"
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-){{0,61}}{_LETTER})?"
_BARE = re.compile(
    rf"(?<![@a-z0-9_./:%-])(?:{_LABEL}\.){{1,6}}(?:xn--[a-z0-9-]{{2,59}}|[a-z]{{2,24}})"
    rf"(?![a-z0-9_-]|\.[a-z0-9]|[a-z0-9_.-]*@)(?::\d{{2,5}})?(?:[/?#]{_REST}{{0,{LONGEST_URL}}})?",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?*~·"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Posted:
    """A link as it stands in a message."""

    written: str
    """As it was written, for the judgement on it."""
    link: Link | None
    """Canonical; None if it cannot be opened."""
    title: str = ""
    """What the card that carried it was called."""


def links_in(segments: Iterable[Segment]) -> list[Posted]:
    """Return the links of a message in their order, each once. Never raises on odd segments."""
    found: dict[str, Posted] = {}
    for segment in segments:
        for posted in _in_segment(segment):
            key = posted.link.key if posted.link else posted.written
            known = found.get(key)
            if known is None or (posted.title and not known.title):
                found[key] = posted
            if len(found) == MOST_LINKS:
                return list(found.values())
    return list(found.values())


def links_in_text(text: str) -> Iterator[str]:
    """Yield the links of a text as they are written; those without http only where it is plain."""
    text = text[:_MOST_TEXT]
    spans: list[tuple[int, int]] = []
    for match in _WITH_SCHEME.finditer(text):
        spans.append(match.span())
        yield _without_trailing(match[0])
    for match in _BARE.finditer(text):
        inside = any(begin <= match.start() < end for begin, end in spans)
        written = _without_trailing(match[0])
        if not inside and _is_plainly_a_link(written):
            yield written


def is_worth_keeping(link: Link) -> bool:
    """Tell whether a link may be a resource: a page that other people can open."""
    if link.host in link_lists().ignored.hosts or is_address(link.host):
        return False
    host = read_host(link.host)
    return host is not None and bool(host.label)


def _in_segment(segment: Segment) -> Iterator[Posted]:
    kind, data = segment.get("type"), segment.get("data")
    if not isinstance(data, dict):
        return
    if kind in ("text", "markdown"):
        for written in links_in_text(str(data.get("text") or data.get("content") or "")):
            yield Posted(written, canonical(written))
    elif kind == "share":
        yield from _titled([str(data.get("url") or "")], str(data.get("title") or ""))
    elif kind in ("json", "xml"):
        yield from _in_card(data.get("data"))


def _in_card(raw: Any) -> Iterator[Posted]:
    """A card's links stand in any of its fields; they share its title."""
    try:
        card = json.loads(raw) if isinstance(raw, str) else raw
    except (ValueError, RecursionError):
        card = raw
    values = list(_values(card))
    # A mini program's title is its own name, and what is shared is called by its description.
    titles = sorted((value for key, value in values if key in _CARD_TITLES), key=len)
    title = titles[-1] if titles else ""
    texts = (value.replace("&amp;", "&").replace("\\/", "/") for _, value in values)
    yield from _titled((link for text in texts for link in _in_card_text(text)), title)


def _in_card_text(text: str) -> Iterator[str]:
    for written in links_in_text(text):
        if "://" in written or "/" in written:
            yield written


def _titled(written: Iterable[str], title: str) -> Iterator[Posted]:
    named = one_line(clean(title))[:_LONGEST_TITLE]
    for text in written:
        if text:
            yield Posted(text, canonical(text), named)


def _values(card: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a card with their keys, level by level: no recursion on hostile input."""
    level: list[tuple[str, Any]] = [("", card)]
    seen = 0
    for _ in range(_CARD_DEPTH):
        below: list[tuple[str, Any]] = []
        for key, node in level:
            seen += 1
            if seen > _MOST_CARD_VALUES:
                return
            if isinstance(node, str):
                yield key, node
            elif isinstance(node, dict):
                below.extend((str(name), value) for name, value in node.items())
            elif isinstance(node, list):
                below.extend((key, value) for value in node)
        level = below


def _without_trailing(written: str) -> str:
    """A sentence's full stop is not the link's; a closing bracket is if it was opened in it."""
    while written:
        last = written[-1]
        opening = _PAIRS.get(last)
        if last in _TRAILING or (opening and written.count(opening) < written.count(last)):
            written = written[:-1]
        else:
            break
    return written


def _is_plainly_a_link(written: str) -> bool:
    """Without http a file's name must not pass for a host: conversations.zip."""
    host = read_host(written.partition("/")[0].partition("?")[0].partition(":")[0])
    if host is None or not host.label or not has_known_suffix(host.ascii):
        return False
    return host.suffix.rpartition(".")[2] not in link_lists().ignored.file_endings or (
        "/" in written or written.casefold().startswith("www.")
    )
