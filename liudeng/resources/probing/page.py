"""What a page says, and a fingerprint by which it is known again."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape

import numpy as np

from liudeng.archive.reading import clean, one_line
from liudeng.text import fold

_BITS = 64
_MOST_TEXT = 20_000
_LONGEST_TITLE = 120
_ENOUGH_TEXT = 80
"""Characters below which a fingerprint says nothing."""
FAR = 22
"""Bits of 64: unrelated pages differ in 32 on average, the same page some weeks later in few."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Not whatever Python knows: some of its codecs unpack, and some are slow on purpose.
_CHARSETS = frozenset(
    (
        *("utf-8", "utf8", "gb2312", "gbk", "gb18030", "big5", "big5-hkscs", "utf-16"),
        *("iso-8859-1", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252"),
        *("shift_jis", "euc-jp", "euc-kr", "koi8-r", "us-ascii"),
    )
)
_CUT = ("unexpected end", "incomplete")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Not `casefold`: positions must stay the same."""
_SILENT = ("script", "style", "noscript", "template", "svg")
_FOR_SALE = (
    *("域名出售", "域名转让", "该域名可出售", "域名正在出售", "米表", "此域名可能正在出售"),
    *("domain is for sale", "buy this domain", "domain may be for sale", "domain has expired"),
    *("this domain is parked", "sedoparking", "hugedomains", "dan.com"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A page in words."""

    title: str
    words: str
    """At most some thousand words' worth of it."""

    @property
    def is_for_sale(self) -> bool:
        """Whether all there is on it is an offer to buy the address."""
        said = f"{self.title} {self.words[:3_000]}".casefold()
        return len(self.words) < 3_000 and any(sign in said for sign in _FOR_SALE)


def read_page(body: bytes, content_type: str) -> Text:
    """Return what a page says. Takes time in proportion to its length: call it in a thread."""
    markup = _decoded(body, content_type)
    if "html" not in content_type.casefold() and "<html" not in markup[:2_000].casefold():
        words = markup if content_type.casefold().startswith("text/") else ""
        return Text("", " ".join(words[:_MOST_TEXT].split()))
    title, words = _without_tags(markup)
    return Text(one_line(clean(unescape(title)))[:_LONGEST_TITLE], clean(unescape(words)))


def fingerprint(text: Text) -> str:
    """Return a similarity hash of 64 bits in hex; empty for a page with too few words.

    Charikar's simhash over character bigrams of the folded text.
    """
    folded = fold(text.words)
    if len(folded) < _ENOUGH_TEXT:
        return ""
    grams = {folded[start : start + 2] for start in range(len(folded) - 1)}
    digests = b"".join(blake2b(gram.encode(), digest_size=8).digest() for gram in sorted(grams))
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(grams)
    return np.packbits(majority).tobytes().hex()


def distance(one: str, other: str) -> int:
    """Return in how many bits two fingerprints differ; 0 where either says nothing."""
    if not one or not other:
        return 0
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _decoded(body: bytes, content_type: str) -> str:
    """Decode with the charset the server names, the page names, or that fits."""
    head = body[:2_048].decode("latin-1")
    named = [
        match[1].casefold() for place in (content_type, head) for match in _CHARSET.finditer(place)
    ]
    for charset in (*(name for name in named if name in _CHARSETS), "utf-8"):
        try:
            return body.decode(charset)
        except UnicodeDecodeError as error:
            if any(sign in error.reason for sign in _CUT):  # the end goes through a character
                return body[: error.start].decode(charset)
    return body.decode("gb18030", "replace")


def _without_tags(markup: str) -> tuple[str, str]:
    """Return the title and the words, in one pass: `find` never looks at anything twice."""
    words: list[str] = []
    title = ""
    position = length = 0
    lowered = markup.translate(_LOWER)
    while length < _MOST_TEXT:
        opening = markup.find("<", position)
        piece = markup[position : opening if opening >= 0 else len(markup)]
        if piece.strip():
            words.append(" ".join(piece.split()))
            length += len(words[-1])
        if opening < 0:
            break
        comment = markup.startswith("<!--", opening)
        closing = markup.find("-->" if comment else ">", opening)
        if closing < 0:
            break
        name = "" if comment else _tag_name(lowered, opening)
        position = closing + 1
        if name in _SILENT or name == "title":
            end = lowered.find(f"</{name}", position)
            if end < 0:
                break
            if name == "title" and not title:
                title = markup[position:end]
            position = end
    return title, " ".join(words)[:_MOST_TEXT]


def _tag_name(lowered: str, opening: int) -> str:
    end = opening + 1
    while end < min(len(lowered), opening + 12) and lowered[end].isalnum():
        end += 1
    return lowered[opening + 1 : end]
