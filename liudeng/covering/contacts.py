"""Finding in a text what leads to a person: numbers, addresses, accounts, names.

The text is first brought to one form, character by character, so that an index in it is an index
in the text as it was written. Dates and times are then put out of sight, because a date with a
time behind it has as many digits as a phone number. What is in doubt counts as found.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from liudeng.covering.cover import Span, Why

HIDDEN = "［已隐去］"
"""Stands in a text where something was taken out."""

_GAP = r"[\s\-\u2010-\u2015_·•~]{0,3}"
"""What people put between the digits of a number so that nobody finds it."""
_LOOSE_GAP = r"[\s\-\u2010-\u2015_·•~./,、*]{0,3}"
_NOT_HERE = "\ue000"
"""Takes the place of a date's characters: part of no pattern."""

_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:时點点]\s?[0-5]\d(?:\s?[:分]\s?[0-5]\d)?(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?<!\d[-./])(?:19|20)\d\d\s?[-./年\s]\s?(?:0?[1-9]|1[0-2])\s?[-./月\s]\s?"
    r"(?:0?[1-9]|[12]\d|3[01])"
    r"(?:[日号]?\s?t?(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|(?!\d)\s?[日号]?)"
)
"""Perhaps with a time right behind it: spaces get lost when a picture is read."""
_COMPACT_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?!\d)"
)
_DAY = r"(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])"
_DAYS = re.compile(rf"(?<![\d-])(?<!\d\s){_DAY}(?:\s+{_DAY})+(?!\s?[\d-])")
_SERVICE = re.compile(r"(?<!\d)[48]00(?:[-\s]\d{3}[-\s]\d{4}|[-\s]\d{4}[-\s]\d{3})(?!\d)")
"""Hotlines: they belong to nobody, and somebody may need them."""

_AT = re.compile(r"\s?(?:@|\(at\)|\[at\])\s?")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\s?[.。·]\s?[a-z]{2,24}){1,4}", re.ASCII)
_LONGEST_MAILBOX = 128
_MAILBOX_BACKWARDS = re.compile(r"[\w.+-]+", re.ASCII)
_MENTION = re.compile(r"@[^\s@,.。!?;:、()]{1,16}")
_MOBILE = re.compile(
    rf"(?<!\d)(?:\+?86{_LOOSE_GAP})?[1l]{_LOOSE_GAP}[3-9](?:{_LOOSE_GAP}[\doli]){{9}}(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)\(?0\d{2,3}\)?[-\s]?\d{7,8}(?!\d)")
_BRACKETED = re.compile(r"(?<=[(\[【<《「])\s?\d{5,12}\s?(?=[)\]】>》」])")
_LONG = re.compile(rf"(?<!\d)(?<!\d\.)\d(?:{_GAP}\d){{6,}}x?")
_SPELLED = re.compile(
    rf"(?<![\d.])[零〇一二两三四五六七八九幺\d](?:{_GAP}[零〇一二两三四五六七八九幺\d]){{6,}}"
)

_ID = r"[a-z0-9][a-z0-9_-]{4,29}"
_BETWEEN = r"[^a-z0-9\n]{0,6}"
_WECHAT = re.compile(
    r"(?:微\s?信|薇信|威信|徽信|溦信|卫星|v\s?信|we\s?chat|wei\s?xin|(?<![a-z])(?:vx|wx)(?!id))"
    rf"(?:号码?|id)?{_BETWEEN}({_ID})"
)
_ADD_ME = re.compile(
    rf"(?:[加十+佳家嘉➕]\s?我?\s?[v微薇徽威]|(?<![a-z])v\s?(?=:))信?{_BETWEEN}({_ID})"
)
_WXID = re.compile(r"wxid_\w+", re.ASCII)
_PLATFORM = re.compile(
    r"(?:抖音|快手|小红书|微博|b站|推特|twitter|telegram|账号|帐号|用户名|(?<![a-z])(?:uid|id|tg|dy|xhs))"
    rf"\s?(?:号|id|名)?\s?[:：是为@=]\s?@?({_ID})"
)
_KEYED_NUMBER = re.compile(
    r"(?:q\s?q|扣\s?扣|球球|秋秋|企鹅|(?<![a-z])q(?=\s?[:号])|群号?|电\s?话|手\s?机|座机|号码?|账号|帐号"
    rf"|身份证|卡号|学号|工号|(?<![a-z])(?:tel|phone|uid|id))[^\d\n]{{0,6}}(\d(?:{_GAP}\d){{4,}})"
)
_NUMBER_KEYED = re.compile(rf"(?<!\d)(\d(?:{_GAP}\d){{4,30}})[^\d\n]{{0,2}}(?:q\s?q|扣扣|企鹅)")

_AMOUNT_BEFORE = re.compile(r"(?:[¥$€£]|rmb|人民币)\s?$")
_AMOUNT_AFTER = re.compile(r"\s?(?:[元块万亿円圆%字步秒次条个遍]|rmb|\.\d{1,2}(?!\d))")
_PLAYFUL = re.compile(r"(?:(\d)\1*|23+|(?:520|521|530|1314|13145|7758|3344)+|7758521|1314)")
"""Numbers that are said for their sound: `5201314`, `2333333`."""

_AMOUNT_DIGITS = 9
_FEWEST_OF_A_PHONE = 5
"""Digits that were read as digits: in some fonts 0 and 1 are taken for letters."""


def private_spans(text: str, names: Collection[str] = ()) -> list[Span]:
    """Return what must not be seen, in order; spans do not overlap.

    Args:
        text: may have several lines; a number may go on in the next line.
        names: as `name_pattern` takes them.
    """
    plain = _plain(text)
    found = [*_addresses(plain), *_known_names(text, names)]
    # `1900 1 10 0000` is one, though a day seems to stand in it.
    found += _mobiles(_without(plain, (_TIME, _SERVICE)))
    dateless = _without(plain, (_DATE, _TIME, _DAYS, _SERVICE))
    found += _accounts(dateless)
    found += _numbers(dateless)
    return _merged(found)


def redacted(text: str, names: Collection[str] = ()) -> str:
    """Return the text with what must not be seen replaced by `HIDDEN`."""
    pieces: list[str] = []
    end = 0
    for span in private_spans(text, names):
        pieces += [text[end : span.start], HIDDEN]
        end = span.end
    return "".join([*pieces, text[end:]])


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these names in a text of the form of `_plain`, or None.

    A name counts from two letters on; one of digits only from five, for `2026` is a year. One of
    Latin letters is found as a word only.
    """
    wanted = {plain for name in names if _tells(plain := _plain(name).strip())}
    if not wanted:
        return None
    longest_first = sorted(wanted, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_as_word, longest_first)))


def occurring(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the names that may stand in a text, sorted: the others need not be looked for."""
    folded = bare(text)
    return tuple(
        sorted({name for name in names if (wanted := _bare_name(name)) and wanted in folded})
    )


@lru_cache(maxsize=1 << 15)
def _bare_name(name: str) -> str:
    """A group's names are looked for again and again."""
    return bare(name)


def bare(text: str) -> str:
    """Return a text as names are compared: folded, without spaces."""
    return "".join(_plain(text).split())


def _tells(name: str) -> bool:
    letters = sum(map(str.isalnum, name))
    return letters >= 5 or (letters >= 2 and not name.isdigit())


def _as_word(name: str) -> str:
    before = r"(?<![a-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![a-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + r"\s?".join(map(re.escape, name)) + after  # a line may end within a name


def _known_names(text: str, names: Collection[str]) -> Iterator[Span]:
    pattern = name_pattern(occurring(names, text))
    if pattern is not None:
        for match in pattern.finditer(_plain(text)):
            yield Span(*match.span(), Why.NAME)


def _addresses(plain: str) -> Iterator[Span]:
    emails = list(_emails(plain))
    yield from emails
    for match in _MENTION.finditer(plain):
        if not any(email.start < match.end() and match.start() < email.end for email in emails):
            yield Span(*match.span(), Why.NAME)


def _emails(plain: str) -> Iterator[Span]:
    """From each @ outwards: a pattern that began with the mailbox would try every letter."""
    for at in _AT.finditer(plain):
        domain = _DOMAIN.match(plain, at.end())
        backwards = plain[max(0, at.start() - _LONGEST_MAILBOX) : at.start()][::-1]
        mailbox = _MAILBOX_BACKWARDS.match(backwards)
        if domain and mailbox:
            yield Span(at.start() - mailbox.end(), domain.end(), Why.EMAIL)


def _accounts(plain: str) -> Iterator[Span]:
    for pattern in (_WECHAT, _ADD_ME, _PLATFORM):
        for match in pattern.finditer(plain):
            yield Span(*match.span(1), Why.ACCOUNT)
    for match in _WXID.finditer(plain):
        yield Span(*match.span(), Why.ACCOUNT)


def _mobiles(plain: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(plain):
        if sum(map(str.isdigit, match[0])) >= _FEWEST_OF_A_PHONE:
            yield Span(*match.span(), Why.NUMBER)


def _numbers(plain: str) -> Iterator[Span]:
    yield from _mobiles(plain)
    for pattern in (_KEYED_NUMBER, _NUMBER_KEYED):
        for match in pattern.finditer(plain):
            yield Span(*match.span(1), Why.NUMBER)
    for match in _LANDLINE.finditer(plain):
        yield Span(*match.span(), Why.NUMBER)
    dateless = _without(plain, (_COMPACT_DATE,))
    for pattern in (_BRACKETED, _LONG, _SPELLED):
        for match in pattern.finditer(dateless):
            if not _is_harmless(match, dateless):
                yield Span(*match.span(), Why.NUMBER)


def _is_harmless(match: re.Match[str], text: str) -> bool:
    groups = re.findall(r"\d+", match[0])
    digits = "".join(groups)
    if _PLAYFUL.fullmatch(digits):
        return True
    if groups and all(re.fullmatch(r"(?:19|20)\d\d", group) for group in groups):
        return True
    if _is_counting(groups):
        return True
    if len(groups) != 1 or len(digits) > _AMOUNT_DIGITS:
        return False
    before, after = text[: match.start()], text[match.end() :]
    return bool(_AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(after))


def _is_counting(groups: list[str]) -> bool:
    """`10 9 8 7 6 …`: many counted down on the last night."""
    numbers = [int(group) for group in groups if len(group) <= 3]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(numbers) == len(groups) >= 4 and steps in ({1}, {-1})


def _plain(text: str) -> str:
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=16_384)
def _plain_character(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return " "  # zero-width, and what makes a digit into an emoji
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def _without(plain: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        plain = pattern.sub(lambda match: _NOT_HERE * len(match[0]), plain)
    return plain


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            span = Span(last.start, max(last.end, span.end), last.why)
        merged.append(span)
    return merged
