"""From counts to what may be shown: nothing of an hour in which few people spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.pictures import Hint, PulseCard, PulseRow
from liudeng.pulse.hours import ALL, HOUR_MS
from liudeng.pulse.ledger import Count, Flood
from liudeng.pulse.mood import MOODS, TITLES, Mood

FEWEST_SPEAKERS = 5
"""In an hour with fewer people nothing is shown: it would be about somebody."""
FEWEST_VOICES = 3
"""Fewer people of one mood in an hour are shown as none."""
_HIDDEN_NOTE = f"圆点：说话的不到 {FEWEST_SPEAKERS} 人，不画；少于 {FEWEST_VOICES} 人的也不画。"
_WHAT_NOTE = "按词数的，只数得出一部分，看起伏就好。它不说是谁，也不能用来判断任何一个人。"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in columns of so many hours."""

    since_ms: int
    columns: int
    hours: int
    """In each column."""

    @property
    def until_ms(self) -> int:
        """Its end."""
        return self.since_ms + self.columns * self.hours * HOUR_MS


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen of a group's counts."""

    span: Span
    values: dict[Mood, tuple[int | None, ...]]
    """People in the busiest hour of each column; None where too few spoke."""
    messages: int

    def peak(self, mood: Mood) -> tuple[int, int]:
        """Return the highest value and its column."""
        values = [value or 0 for value in self.values[mood]]
        column = max(range(len(values)), key=values.__getitem__)
        return values[column], column


def shown(counts: Sequence[Count], span: Span) -> Shown:
    """Leave out what would be about few people; then take each column's busiest hour."""
    busy = {one.hour_ms for one in counts if one.mood == ALL and one.voices >= FEWEST_SPEAKERS}
    columns = {_column(hour, span) for hour in busy}
    values: dict[Mood, tuple[int | None, ...]] = {}
    for mood in MOODS:
        heights: list[int | None] = [0 if at in columns else None for at in range(span.columns)]
        for one in counts:
            if one.mood == mood.key and one.hour_ms in busy and one.voices >= FEWEST_VOICES:
                at = _column(one.hour_ms, span)
                heights[at] = max(heights[at] or 0, one.voices)
        values[mood] = tuple(heights)
    return Shown(span, values, sum(one.messages for one in counts if one.mood == ALL))


def _column(hour_ms: int, span: Span) -> int:
    return (hour_ms - span.since_ms) // (span.hours * HOUR_MS)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A group's pulse as a card and in words."""

    card: PulseCard
    text: str


def portray(name: str, seen: Shown, floods: Sequence[Flood], zone: ZoneInfo) -> Portrait:
    """Return the chart and its text for a group called `name`."""
    subtitle = _subtitle(seen, zone)
    notes = [
        *(_flood_line(flood, zone) for flood in floods[-2:]),
        _unit(seen) + _HIDDEN_NOTE,
        _WHAT_NOTE,
    ]
    rows = tuple(
        PulseRow(
            title=TITLES[mood], tone=mood.key, values=values, peak=_peak_text(seen, mood, zone)
        )
        for mood, values in seen.values.items()
    )
    card = PulseCard(
        title=name,
        subtitle=subtitle,
        rows=rows,
        ticks=_ticks(seen.span, zone),
        notes=tuple(notes),
        hints=(Hint(command="氛围 7天", summary="看一周"),) if seen.span.hours == 1 else (),
    )
    lines = [f"「{name}」的氛围，{subtitle}"]
    lines += [f"· {TITLES[mood]}：{_peak_text(seen, mood, zone)}" for mood in seen.values]
    lines += [_flood_line(flood, zone) for flood in floods[-2:]]
    return Portrait(card, "\n".join([*lines, _WHAT_NOTE]))


def _subtitle(seen: Shown, zone: ZoneInfo) -> str:
    first = _moment(seen.span.since_ms, zone).strftime("%m-%d %H:00")
    last = _moment(seen.span.until_ms, zone).strftime("%m-%d %H:00")
    return f"{first} 到 {last}，共 {seen.messages} 句"


def _unit(seen: Shown) -> str:
    if seen.span.hours == 1:
        return "一格是一小时里有多少人这样说话。"
    return f"一格是 {seen.span.hours} 小时里，最多的那一小时有多少人这样说话。"


def _peak_text(seen: Shown, mood: Mood, zone: ZoneInfo) -> str:
    height, column = seen.peak(mood)
    if not height:
        return "没有听到，或人太少"
    begin = _moment(seen.span.since_ms + column * seen.span.hours * HOUR_MS, zone)
    when = begin.strftime("%H 点" if seen.span.hours == 1 else "%m-%d %H 点")
    return f"最多 {height} 人 · {when}"


def _flood_line(flood: Flood, zone: ZoneInfo) -> str:
    began = _moment(flood.began_ms, zone).strftime("%m-%d %H:%M")
    if flood.ended_ms is None:
        return f"{began} 起，{TITLES[flood.mood]}涌了上来，还没退。"
    until = _moment(flood.last_ms, zone).strftime("%H:%M")
    return f"{began} 到 {until}，{TITLES[flood.mood]}涌上来过。"


def _ticks(span: Span, zone: ZoneInfo) -> tuple[tuple[int, str], ...]:
    """Every sixth hour of a day, or the noon of each day of a week."""
    found = []
    for column in range(span.columns):
        begin = _moment(span.since_ms + column * span.hours * HOUR_MS, zone)
        if span.hours == 1 and begin.hour % 6 == 0:
            found.append((column, begin.strftime("%H 点")))
        elif span.hours > 1 and begin.hour <= 12 < begin.hour + span.hours:
            found.append((column, begin.strftime("%m-%d")))
    return tuple(found)


def _moment(time_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, zone)
