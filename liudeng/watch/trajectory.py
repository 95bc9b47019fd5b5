"""What adds up over days: one member's messages in one group, and when together they alert.

Nothing is stored: an outlook is a pure function of the remembered observations, so reading a
message twice after a crash changes nothing, and a restart recomputes them from the archive.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.watch.assessment import Assessment

HOUR_MS = 3_600_000
WINDOW_MS = 10 * 24 * HOUR_MS
"""Older observations are forgotten: months-old sorrow must not colour today's message."""
MOST = 40
"""Observations kept for a member."""

ALERT = 1.0
NOTABLE = 0.4
"""What the newest message must carry itself, so that no lunch order raises an alert."""
_DANGER_HALF_MS = 60 * HOUR_MS
_PAIN_HALF_MS = 96 * HOUR_MS
_DANGER_FLOOR, _PAIN_FLOOR = 3.5, 1.5
"""Log-odds below the threshold at which a message begins to count."""
_RANK_SHARE = 0.55
"""What the next strongest counts: talking much is no sign."""
_DANGER_WEIGHT, _PAIN_WEIGHT = 0.8, 0.32
_PAIN_MOST = 0.9
_KIND_WEIGHT, _KINDS_MOST = 0.15, 3
_NIGHT_WEIGHT, _NIGHTS_MOST = 0.08, 3
_LEAST = 2
"""Messages that count, before there is a course: a single one was judged for itself."""
_JOKE_FACTOR = 0.25
_RECOVERY_FACTOR = 0.3
_SILENCE_MS = 10 * HOUR_MS
SILENT_FROM = 0.7
"""An outlook from which silence afterwards counts."""
_NOON_MS = -4 * HOUR_MS
"""Noon of China's clocks is four o'clock UTC."""
_NIGHT = frozenset({0, 1, 2, 3, 4, 5})

_KINDS = {
    "wish_to_die": "想死的念头",
    "coded_death": "避开字眼的说法",
    "own_death": "说起自己的死",
    "self_harm": "伤害自己",
    "plan_preparation": "计划与日期",
    "imminent_place": "人在险处",
    "farewell_intent": "告别",
    "last_things": "最后一次、了结",
    "giving_away": "交代后事",
    "absence": "没有我以后",
    "reunion": "去那边相聚",
    "hopelessness": "绝望",
    "worthlessness": "觉得自己没用",
}
_JOKING = frozenset({"hyperbole", "game", "fandom", "lyric", "everyday_complaint"})
_HELD = frozenset({"past_recovery"})
_RECOVERY_WORDS = (
    "好一点了", "好多了", "好些了", "缓过来", "谢谢昨晚", "预约了", "挂了号", "去看医生",
    "打了热线", "打了12356", "咨询", "复诊", "按时吃药", "陪我", "睡着了", "吃得下", "出门走",
    "活着真好", "没事了",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observation:
    """What is remembered of a message: no words, only what they weighed."""

    row: int
    """The message's number in the archive."""
    time_ms: int
    danger: float
    """0..1 and more, how close the message alone came to an alert."""
    pain: float
    kinds: frozenset[str]
    at_night: bool
    joking: bool
    recovering: bool

    @property
    def matters(self) -> bool:
        """Whether it can change an outlook; lunch orders are not remembered."""
        return bool(self.danger or self.pain > 0.3 or self.kinds or self.recovering)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a member's last days look together; from `ALERT` on people should be told."""

    score: float
    reasons: tuple[str, ...] = ()
    """Chinese, for moderators, only from `ALERT` on."""


def observe(
    assessment: Assessment, text: str, row: int, time_ms: int, zone: ZoneInfo
) -> Observation:
    """Boil a message down to what counts over days."""
    spoken = {one.name for one in assessment.reasons if one.speaks == "for" and one.weight > 0.1}
    contexts = {one.name for one in assessment.reasons if one.speaks == "against"}
    is_own = assessment.about != "other"
    recovering = bool(contexts & _HELD) or any(word in text for word in _RECOVERY_WORDS)
    return Observation(
        row,
        time_ms,
        _above(assessment.danger, _DANGER_FLOOR) if is_own else 0.0,
        _above(assessment.pain, _PAIN_FLOOR) if is_own else 0.0,
        frozenset(spoken & _KINDS.keys()) if is_own else frozenset(),
        datetime.fromtimestamp(time_ms / 1000, zone).hour in _NIGHT,
        bool(contexts & _JOKING),
        recovering and assessment.danger < 0.5,
    )


def outlook(observations: Sequence[Observation]) -> Outlook:
    """The outlook after the last of these observations, which are in order of time."""
    if not observations:
        return Outlook(0.0)
    now = observations[-1].time_ms
    recent = [one for one in observations if now - one.time_ms <= WINDOW_MS]
    serious = [one for one in recent if not one.joking]
    danger = _ranked(_weighed(recent, "danger", _DANGER_HALF_MS))
    pain = min(_PAIN_MOST, _PAIN_WEIGHT * _ranked(_by_day(recent)))
    kinds = frozenset[str]().union(*(one.kinds for one in serious if one.danger > 0))
    nights = len({_day(one) for one in serious if one.at_night and counts(one)})
    score = (
        _DANGER_WEIGHT * danger
        + pain
        + _KIND_WEIGHT * max(0, min(len(kinds), _KINDS_MOST + 1) - 1)
        + _NIGHT_WEIGHT * min(nights, _NIGHTS_MOST)
    )
    several = sum(counts(one) for one in recent) >= _LEAST
    if not (several and _is_notable(observations[-1])):
        score = min(score, ALERT - 0.01)
    reasons = _explain(serious, kinds, nights, pain) if score >= ALERT else ()
    return Outlook(score, reasons)


def silence_would_matter(observations: Sequence[Observation], last_heard_ms: int) -> bool:
    """Whether somebody's last words were worrying enough to wonder if nothing follows."""
    if not observations or last_heard_ms > observations[-1].time_ms:
        return False
    return outlook(observations).score >= SILENT_FROM


def is_long_silence(last: Observation, now_ms: int) -> bool:
    """Whether these last words are hours ago, and not days: the group's clock is `now_ms`."""
    return _SILENCE_MS <= now_ms - last.time_ms <= 3 * _SILENCE_MS


def _above(score: float, floor: float) -> float:
    """0 far below the threshold, 1 at it, at most 2."""
    bounded = min(max(score, 1e-4), 1 - 1e-4)
    return min(2.0, max(0.0, (math.log(bounded / (1 - bounded)) + floor) / floor))


def _weighed(observations: Sequence[Observation], name: str, half_ms: int) -> list[float]:
    """What each message still counts now; a sign of recovery takes most of what came before."""
    now, factor = observations[-1].time_ms, 1.0
    values: list[float] = []
    for one in reversed(observations):
        value: float = getattr(one, name) * 0.5 ** ((now - one.time_ms) / half_ms)
        values.append(value * factor * (_JOKE_FACTOR if one.joking else 1.0))
        if one.recovering:
            factor *= _RECOVERY_FACTOR
    return values[::-1]


def _by_day(observations: Sequence[Observation]) -> list[float]:
    """Pain counts once a day: an evening of crying together is grief, not a course."""
    worst: dict[int, float] = {}
    weighed = _weighed(observations, "pain", _PAIN_HALF_MS)
    for one, value in zip(observations, weighed, strict=True):
        worst[_day(one)] = max(worst.get(_day(one), 0.0), value)
    return list(worst.values())


def _ranked(values: Iterable[float]) -> float:
    ranked = sorted(values, reverse=True)
    return sum(value * _RANK_SHARE**rank for rank, value in enumerate(ranked))


def _day(one: Observation) -> int:
    """Days that end at noon, so that one night is one day."""
    return (one.time_ms + _NOON_MS) // (24 * HOUR_MS)


def counts(one: Observation) -> bool:
    """Whether a message is one of those that an alert over days speaks of."""
    return one.pain > 0.5 or one.danger > NOTABLE


def _is_notable(one: Observation) -> bool:
    if one.joking or one.recovering:
        return False
    return one.danger >= NOTABLE or one.pain >= 1.0


def _explain(
    observations: Sequence[Observation], kinds: frozenset[str], nights: int, pain: float
) -> tuple[str, ...]:
    days = max(1, round((observations[-1].time_ms - observations[0].time_ms) / (24 * HOUR_MS)))
    counted = sum(map(counts, observations))
    reasons = [f"近 {days} 天里有 {counted} 条这样的话，单看哪一条都不够，合起来不能不管"]
    if kinds:
        names = "、".join(title for name, title in _KINDS.items() if name in kinds)
        reasons.append(f"先后出现：{names}")
    if nights:
        reasons.append(f"其中 {nights} 个晚上，是在凌晨 0 点到 6 点说的")
    if pain >= _PAIN_MOST / 2:
        reasons.append("痛苦的话一直没有断，也没有见好的迹象")
    return tuple(reasons)
