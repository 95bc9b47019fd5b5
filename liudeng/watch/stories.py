"""Members' days as labelled files tell them, and when the watcher would have alerted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.watch.assessment import Watcher
from liudeng.watch.trajectory import ALERT, observe, outlook

ZONE = ZoneInfo("Asia/Shanghai")
_FIRST_DAY = datetime(2026, 2, 13, tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Story:
    """One member over days, and by when somebody should have been told."""

    id: str
    said: tuple[tuple[datetime, str], ...]
    alert_at: int | None
    """Index of the message by which an alert is due; None for never."""
    earliest_ok: int | None
    """Index from which an alert is no false alarm."""

    def is_met_by(self, alert: int | None) -> bool:
        """Whether an alert at this message, or none, is what the story calls for."""
        if self.alert_at is None:
            return alert is None or (self.earliest_ok is not None and alert >= self.earliest_ok)
        return alert is not None and (self.earliest_ok or 0) <= alert <= self.alert_at


def read_stories(path: Path) -> Iterator[Story]:
    """Read JSON Lines: `id`, `messages` (`day`, `time`, `text`), `alert_at`, `earliest_ok`.

    Raises:
        ValueError: a line is no such story; the text names it.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            said = tuple((_moment(one), str(one["text"])) for one in row["messages"])
            yield Story(str(row["id"]), said, row.get("alert_at"), row.get("earliest_ok"))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name} 第 {number} 行读不懂：{error!r}") from None


def first_alert(watcher: Watcher, story: Story) -> int | None:
    """Index of the message at which the story first alerts, by itself or by what added up."""
    found = watcher.assess_many([text for _, text in story.said])
    remembered = []
    for row, ((moment, text), assessment) in enumerate(zip(story.said, found, strict=True)):
        one = observe(assessment, text, row, int(moment.timestamp() * 1000), ZONE)
        score = 0.0
        if one.matters:
            remembered.append(one)
            score = outlook(remembered).score
        if assessment.level == 3 or score >= ALERT:
            return row
    return None


def _moment(one: dict[str, object]) -> datetime:
    hours, minutes = map(int, str(one["time"]).split(":"))
    return _FIRST_DAY + timedelta(days=int(str(one["day"])), hours=hours, minutes=minutes)
