"""The judgement on a host, by rules that can be told to a moderator."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from liudeng.resources.hosts import Host, authority_of, host_in, read_host, shown_host
from liudeng.resources.lookalike.brands import Brand, Names, names
from liudeng.resources.lookalike.parts import Found, Label, pose, same_name
from liudeng.resources.lookalike.shapes import mixes_scripts
from liudeng.resources.lookalike.verdict import Judgement, Trick, Verdict

_REASONS = {
    Trick.GLYPHS: "很像 {home}，但用了形近的字母或数字",
    Trick.FOREIGN_LETTERS: "很像 {home}，但混用了外文字母",
    Trick.TYPO: "很像 {home}，但差了一个字母",
    Trick.SUFFIX: "名字和 {brand} 一样，后缀不是官方的",
    Trick.EXTRA_WORDS: "借了 {brand} 的名字，不是官方网址",
    Trick.IN_FRONT: "把 {brand} 的名字放在了别人的网址前面",
    Trick.USER_PART: "网址里的 @ 前面是 {brand}，真正打开的是 @ 后面",
}
_MIXED = "同一个词里混用了不同文字的字母"
_NO_HOST = "看不出是哪个网站"
_NOTHING_WRONG = "名字看不出问题"
_A_KNOWN_SITE = "常见网站"
_LONGEST_LABEL = 63
_TELLING = 6
"""x.ai or t.co in front of something says nothing; qq.com does."""


@lru_cache(maxsize=8_192)
def judge(host: str) -> Verdict:
    """Judge a host, in any script or punycode; a whole URL will do. Never raises.

    The name alone is judged: nothing is asked on the network. The lists are read on first use,
    which takes about 0.1 s.
    """
    known = names()
    if (before := _before_the_at(host, known)) is not None:
        return before
    found = read_host(host_in(host))
    if found is None:
        return _bare_word(host_in(host).casefold(), known)
    owner = known.owner_of(found.ascii) or _everywhere(found, known)
    if owner is not None:
        return Verdict(
            found.shown, Judgement.OFFICIAL, f"{owner.name} 的官方网址", owner.name, owner.home
        )
    if known.is_ordinary_site(found.ascii):
        return Verdict(found.shown, Judgement.ORDINARY, _A_KNOWN_SITE)
    hit = next(_hits(found, known), None)
    if hit is not None:
        return _lookalike(found, hit, known)
    if any(mixes_scripts(label) for label in (*found.below, found.label)):
        trick = Trick.FOREIGN_LETTERS
        return Verdict(found.shown, Judgement.LOOKALIKE, _MIXED, trick=trick)
    return Verdict(found.shown, Judgement.ORDINARY, _NOTHING_WRONG)


@dataclass(frozen=True, slots=True)
class _Hit:
    brand: Brand
    name: str
    trick: Trick


def _hits(host: Host, known: Names) -> Iterator[_Hit]:
    """Yield what is wrong with a host, the plainest first."""
    free = host.suffix in known.sites.hosting
    labels = [Label(host.label, host.suffix, known.words, theirs=not free)]
    labels += [Label(text, host.suffix, known.words, theirs=False) for text in reversed(host.below)]
    yield from _whole_address(host, known)
    for label in filter(lambda label: label.text, labels):
        for brand in known.brands:
            if (found := _found(label, brand)) is not None:
                below = label is not labels[0]
                yield _Hit(brand, found.name, _moved(found.trick) if below else found.trick)


def _bare_word(word: str, known: Names) -> Verdict:
    """Judge a name without a suffix, as people mention it: 0penai. The right one is no boast."""
    shown = word[:_LONGEST_LABEL].encode("utf-8", "ignore").decode("utf-8")
    nothing = Verdict(shown, Judgement.ORDINARY, _NO_HOST)
    if not 0 < len(word) <= _LONGEST_LABEL or not word.replace("-", "").isalnum():
        return nothing
    label = Label(shown_host(word), "", known.words, theirs=False)
    host = Host(word, label.text, (), label.text, "")
    for brand in known.brands:
        found = _found(label, brand)
        if found is not None and found.trick is not Trick.SUFFIX:
            return _lookalike(host, _Hit(brand, found.name, found.trick), known)
    return nothing


def _everywhere(host: Host, known: Names) -> Brand | None:
    """Return who has registered a name in every country, as Google has."""
    if host.suffix in known.sites.hosting or len(host.suffix.rpartition(".")[2]) != 2:
        return None
    return next((brand for brand in known.brands if host.label in brand.any_suffix), None)


def _found(label: Label, brand: Brand) -> Found | None:
    if not label.is_foreign:
        return pose(label, brand)
    plain = label.in_latin()
    found = same_name(plain, brand) or pose(plain, brand)
    return replace(found, trick=Trick.FOREIGN_LETTERS) if found else None


def _whole_address(host: Host, known: Names) -> Iterator[_Hit]:
    """openai.com.example.top, openai.com-login.top: the whole address in front of another's."""
    front = f".{'.'.join((*host.below, host.label))}.".replace("-", ".")
    for brand in known.brands:
        for domain in brand.official:
            if len(domain) >= _TELLING and f".{domain.replace('-', '.')}." in front:
                yield _Hit(brand, domain.partition(".")[0], Trick.IN_FRONT)


def _moved(trick: Trick) -> Trick:
    return Trick.IN_FRONT if trick in (Trick.SUFFIX, Trick.EXTRA_WORDS) else trick


def _before_the_at(url: str, known: Names) -> Verdict | None:
    """https://openai.com@example.top goes to example.top, with a name for show."""
    user, at, _ = authority_of(url).rpartition("@")
    if not at:
        return None
    posed = read_host(user.partition(":")[0])
    found = read_host(host_in(url))
    owner = known.owner_of(posed.ascii) if posed else None
    if owner is None or found is None or known.owner_of(found.ascii) is owner:
        return None
    return _lookalike(found, _Hit(owner, "", Trick.USER_PART), known)


def _lookalike(host: Host, hit: _Hit, known: Names) -> Verdict:
    home = known.home_of(hit.brand, hit.name)
    reason = _REASONS[hit.trick].format(home=home, brand=hit.brand.name)
    return Verdict(host.shown, Judgement.LOOKALIKE, reason, hit.brand.name, home, hit.trick)
