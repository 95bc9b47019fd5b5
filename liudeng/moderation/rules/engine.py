"""All rules over a message in one pass: words by Aho-Corasick, the rest where it can hold."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick

from liudeng.media import NEAR_BITS, distance
from liudeng.moderation.disguise import unmask
from liudeng.moderation.rules.heard import Heard
from liudeng.moderation.rules.rule import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that speaks, and why."""

    rule: Rule
    set_name: str
    version: int
    evidence: tuple[str, ...]
    """What spoke: words of the plain text, hosts, numbers; short, in Chinese."""


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: Rule
    set_name: str
    version: int
    patterns: tuple[re.Pattern[str], ...]
    domains: frozenset[str]


class Engine:
    """Judges messages by rules. Immutable, thread-safe."""

    def __init__(self, sets: Iterable[RuleSet]) -> None:
        self._ready = [_prepared(rule, one) for one in sets for rule in one.rules]
        owners: dict[str, set[int]] = defaultdict(set)
        self._wordless: list[int] = []
        for number, ready in enumerate(self._ready):
            if ready.rule.when.words is None:
                self._wordless.append(number)
            for word in ready.rule.when.words or ():
                owners[unmask(word).plain.text.strip()].add(number)
        self._words = ahocorasick.Automaton()
        for word, numbers in owners.items():
            self._words.add_word(word, (word, tuple(numbers)))
        if owners:
            self._words.make_automaton()
        self._has_words = bool(owners)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in order."""
        return tuple(ready.rule for ready in self._ready)

    def judge(self, heard: Heard) -> list[Finding]:
        """Return the rules that speak, in order; exempted messages have none."""
        words = self._words_in(heard.plain)
        found: list[Finding] = []
        for number in sorted({*words, *self._wordless}):
            ready = self._ready[number]
            if heard.seen and not ready.rule.sees_pictures:
                continue
            evidence = _holds(ready, heard, words.get(number, ()))
            if evidence is not None and not _is_exempt(ready.rule, heard):
                found.append(Finding(ready.rule, ready.set_name, ready.version, evidence))
        return found

    def _words_in(self, plain: str) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        if not self._has_words:
            return found
        for end, (word, numbers) in self._words.iter(plain):
            if _cuts_a_latin_word(plain, end + 1 - len(word), end + 1):
                continue
            for number in numbers:
                if word not in found[number]:
                    found[number].append(word)
        return found


def _prepared(rule: Rule, one: RuleSet) -> _Ready:
    return _Ready(
        rule,
        one.name,
        one.version,
        tuple(re.compile(pattern) for pattern in rule.when.patterns or ()),
        frozenset(domain.casefold().lstrip(".") for domain in rule.when.domains or ()),
    )


def _holds(ready: _Ready, heard: Heard, words: Iterable[str]) -> tuple[str, ...] | None:
    """What speaks for the rule; None as soon as one of its conditions does not hold."""
    evidence: list[str] = [f"「{word}」" for word in words][:3]
    for holds in (_by_context, _by_count, _by_text, _by_pictures):
        told = holds(ready, heard)
        if told is None:
            return None
        evidence += told
    return tuple(evidence)


def _by_context(ready: _Ready, heard: Heard) -> list[str] | None:
    when, told = ready.rule.when, list[str]()
    if when.joined_within is not None:
        if heard.in_group_s is None or heard.in_group_s > when.joined_within:
            return None
        told.append("刚进群")
    if when.forward is not None:
        if not heard.forward:
            return None
        told.append("合并转发")
    if when.files is not None:
        kinds = [kind for kind in heard.files if kind in when.files]
        if not kinds:
            return None
        told.append(f".{kinds[0]} 文件")
    return told


def _by_count(ready: _Ready, heard: Heard) -> list[str] | None:
    when, told = ready.rule.when, list[str]()
    for limit, value, name in (
        (when.mentions, heard.mentions, "提到 {} 人"),
        (when.same, heard.same, "相同的话 {} 遍"),
        (when.repeats, heard.repeats, "大段重复"),
    ):
        if limit is None:
            continue
        if value < limit:
            return None
        told.append(name.format(value))
    if when.rate is not None:
        recent = sum(1 for ago in heard.recent_s if ago <= when.rate.within)
        if recent < when.rate.messages:
            return None
        told.append(f"{when.rate.within} 秒里 {recent} 条")
    return told


def _by_text(ready: _Ready, heard: Heard) -> list[str] | None:
    when, told = ready.rule.when, list[str]()
    for label, least in (when.score or {}).items():
        if heard.scores.get(label, 0.0) < least:
            return None
        told.append(f"{_LABELS[label]} {heard.scores[label]:.2f}")
    if when.links is not None and not heard.hosts:
        return None
    if when.lookalike is not None:
        if not heard.lookalikes:
            return None
        told.append(f"仿冒域名 {heard.lookalikes[0]}")
    if ready.domains:
        hosts = [host for host in heard.hosts if _is_within(host, ready.domains)]
        if not hosts:
            return None
        told.append(hosts[0])
    if ready.patterns:
        match = next((hit for form in ready.patterns if (hit := form.search(heard.plain))), None)
        if match is None:
            return None
        told.append(f"「{match.group()[:20]}」")
    return told


def _by_pictures(ready: _Ready, heard: Heard) -> list[str] | None:
    when, told = ready.rule.when, list[str]()
    if when.qr is not None:
        if not heard.codes:
            return None
        told.append(f"图里的二维码 {_place_of(heard.codes[0])}")
    if when.images is not None:
        if not any(distance(look, one) <= NEAR_BITS for look in heard.looks for one in when.images):
            return None
        told.append("和名单上的图一样")
    return told


def _place_of(code: str) -> str:
    """Where a code leads, in a form that nobody opens by a slip of the finger."""
    return code.partition("://")[2].partition("/")[0][:60] or code[:40]


_LABELS = {
    "scam": "像诈骗",
    "ad": "像广告",
    "abuse": "像辱骂",
    "incite": "像怂恿",
    "flood": "像刷屏",
    "outsider": "像采访调研",
}


def _is_within(host: str, domains: frozenset[str]) -> bool:
    parts = host.casefold().split(".")
    return any(".".join(parts[n:]) in domains for n in range(len(parts)))


def _is_exempt(rule: Rule, heard: Heard) -> bool:
    exempt = rule.exempt
    if heard.member in exempt.members or (exempt.warning and heard.warns):
        return True
    return (
        exempt.in_group_for is not None
        and heard.in_group_s is not None
        and heard.in_group_s >= exempt.in_group_for
    )


def _cuts_a_latin_word(text: str, start: int, end: int) -> bool:
    if not (text[start].isascii() and text[start].isalpha()):
        return False
    neighbours = text[start - 1 : start] + text[end : end + 1]
    return any(char.isascii() and char.isalpha() for char in neighbours)
