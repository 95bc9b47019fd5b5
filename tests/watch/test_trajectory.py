"""What adds up over days, as pure functions of what was said when."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liudeng.watch import assess
from liudeng.watch.assessment import default_watcher
from liudeng.watch.stories import first_alert, read_stories
from liudeng.watch.trajectory import (
    ALERT,
    Observation,
    is_long_silence,
    observe,
    outlook,
    silence_would_matter,
)

STORIES = Path(__file__).parents[2] / "training" / "stories.jsonl"
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 2, 13, 2, 0, tzinfo=ZONE)


def _moment(hours: float) -> int:
    return int((START + timedelta(hours=hours)).timestamp() * 1000)


def _seen(hours: float, danger: float = 0.0, pain: float = 0.0, **fields: Any) -> Observation:
    given: dict[str, Any] = {
        "row": int(hours * 10),
        "time_ms": _moment(hours),
        "danger": danger,
        "pain": pain,
        "kinds": frozenset[str](),
        "at_night": True,
        "joking": False,
        "recovering": False,
    }
    return Observation(**(given | fields))


def test_pain_that_lasts_for_days_alerts_and_says_why() -> None:
    days = [_seen(24 * day, pain=1.6) for day in range(4)]

    found = outlook(days)

    assert found.score >= ALERT
    assert any("4 条" in reason for reason in found.reasons)
    assert any("其中 4 个晚上，是在凌晨" in reason for reason in found.reasons)


def test_one_evening_of_crying_is_grief() -> None:
    evening = [_seen(minutes / 60, pain=1.6) for minutes in range(0, 120, 10)]

    assert outlook(evening).score < ALERT


def test_one_message_below_the_threshold_is_no_course() -> None:
    alone = _seen(0, danger=0.95, pain=2.0, kinds=frozenset({"farewell_intent", "giving_away"}))

    assert outlook([alone]).score < ALERT
    assert outlook([alone, _seen(20, danger=0.95, pain=2.0)]).score >= ALERT


def test_half_signs_together_alert() -> None:
    alone = _seen(0, danger=0.8, kinds=frozenset({"giving_away"}))
    more = _seen(20, danger=0.8, kinds=frozenset({"farewell_intent"}))

    assert outlook([alone]).score < ALERT <= outlook([alone, more]).score


@pytest.mark.parametrize("change", [{"joking": True}, {"recovering": True}])
def test_jokes_and_recovery_do_not_add_up(change: dict[str, bool]) -> None:
    before = [_seen(0, danger=0.8), _seen(10, danger=0.8)]

    assert outlook([*before, _seen(20, danger=0.9, **change)]).score < ALERT


def test_recovery_takes_back_what_came_before() -> None:
    half, later = _seen(0, danger=0.8), _seen(20, danger=0.8)
    better = _seen(10, recovering=True)

    assert outlook([half, better, later]).score < outlook([half, later]).score


def test_what_is_long_past_is_forgotten() -> None:
    old, new = _seen(0, danger=0.8), _seen(24 * 11, danger=0.8)

    assert outlook([old, new]) == outlook([new])


def test_a_calm_message_does_not_alert_for_those_before_it() -> None:
    worrying = [_seen(hours, danger=0.9) for hours in (0, 5, 10)]

    assert outlook([*worrying, _seen(11, pain=0.4)]).score < ALERT


def test_silence_after_worrying_words_is_noticed_for_a_while() -> None:
    last = _seen(0, danger=0.95, kinds=frozenset({"farewell_intent", "giving_away"}))

    assert silence_would_matter([last], last.time_ms)
    silent_for = [is_long_silence(last, _moment(hours)) for hours in (1, 12, 60)]
    assert silent_for == [False, True, False]
    assert not silence_would_matter([last], _moment(3)), "they were heard since"


def test_a_member_who_worries_about_a_friend_is_not_in_danger_for_it() -> None:
    text = "我朋友说不想活了"

    seen = observe(assess(text), text, 1, _moment(0), ZONE)

    assert (seen.danger, seen.kinds) == (0.0, frozenset())


def test_the_stories_it_was_tuned_on_stay_told() -> None:
    told = list(read_stories(STORIES))
    watcher = default_watcher()

    due = [story.is_met_by(first_alert(watcher, story)) for story in told if story.alert_at]
    calm = [
        story.is_met_by(first_alert(watcher, story)) for story in told if story.alert_at is None
    ]

    assert sum(due) >= 0.75 * len(due)
    assert sum(calm) >= 0.8 * len(calm)


def test_a_broken_file_of_stories_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('{"id": "a", "messages": []}\n{"id": 1}\n', encoding="utf-8")

    with pytest.raises(ValueError, match="第 2 行"):
        list(read_stories(path))
