"""What a search found, counted: by whom it was said, and in which month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from liudeng.archive.numbering import time_of

_BAR = 12
_PEOPLE = 10
_MONTHS = 24


class By(StrEnum):
    """What is counted by."""

    PERSON = "person"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Facet:
    """One bar of a chart."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """A chart: the bars, and how many hits it was made from."""

    by: By
    bars: tuple[Facet, ...]
    counted: int
    at_least: bool
    """Older hits were not counted."""
    others: Facet | None = None
    """All that has no bar of its own, together."""


def months(ids: Iterable[int], zone: ZoneInfo) -> tuple[tuple[Facet, ...], Facet | None]:
    """Count message ids by month, the latest month first, and all of what is long ago together."""
    counts: Counter[str] = Counter()
    month, since, before = "", 0, 0
    for row_id in ids:
        time_ms = time_of(row_id)
        if not since <= time_ms < before:
            month, since, before = _month(time_ms, zone)
        counts[month] += 1
    latest = sorted(counts, reverse=True)
    bars = tuple(Facet(month, counts[month]) for month in latest[:_MONTHS])
    earlier = latest[_MONTHS:]
    if not earlier:
        return bars, None
    return bars, Facet(f"更早 {len(earlier)} 个月", sum(counts[month] for month in earlier))


def people(counts: Iterable[tuple[str, int]]) -> tuple[tuple[Facet, ...], Facet | None]:
    """Return those who said most, and all others together."""
    ordered = sorted(counts, key=lambda entry: -entry[1])
    bars = tuple(Facet(name, count) for name, count in ordered[:_PEOPLE])
    rest = ordered[_PEOPLE:]
    if not rest:
        return bars, None
    return bars, Facet(f"其他 {len(rest)} 人", sum(count for _, count in rest))


def chart(facets: Facets) -> list[str]:
    """Return a chart in text, one bar a line."""
    most = max((bar.count for bar in facets.bars), default=1)
    lines = [
        f"{bar.label}　{'▇' * max(1, round(bar.count / most * _BAR))} {bar.count}"
        for bar in facets.bars
    ]
    if facets.others:
        lines.append(f"{facets.others.label}　{facets.others.count}")
    return lines


def _month(time_ms: int, zone: ZoneInfo) -> tuple[str, int, int]:
    """Return the month of a moment, when it began and when it ends."""
    moment = datetime.fromtimestamp(time_ms / 1000, zone)
    first = datetime(moment.year, moment.month, 1, tzinfo=zone)
    following = datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1, tzinfo=zone)
    return f"{moment:%Y-%m}", int(first.timestamp() * 1000), int(following.timestamp() * 1000)
