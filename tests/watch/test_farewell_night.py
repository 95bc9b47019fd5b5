"""The evening of the demo: two messages call for a moderator, some two thousand must not."""

import json
from pathlib import Path

import pytest

from liudeng.watch import assess
from liudeng.watch.assessment import default_watcher

SCENARIO = Path(__file__).parents[2] / "data" / "scenarios" / "farewell_night.jsonl"
ABOUT = {"danger": "self", "worry": "other"}

_LINES = SCENARIO.read_text(encoding="utf-8").splitlines()
_EVENTS = [json.loads(line) for line in _LINES if line.strip() and not line.startswith("//")]
MESSAGES = [event for event in _EVENTS if "text" in event]
CALLS = [event for event in MESSAGES if event.get("expect") in ABOUT]


def test_the_evening_holds_both_calls() -> None:
    assert {event["expect"] for event in CALLS} == ABOUT.keys()


@pytest.mark.parametrize("event", CALLS, ids=lambda event: event["expect"])
def test_a_call_for_help_is_heard(event: dict[str, str]) -> None:
    found = assess(event["text"])

    assert (found.level, found.about) == (3, ABOUT[event["expect"]]), found.reasons


def test_nothing_else_raises_an_alert() -> None:
    others = [event["text"] for event in MESSAGES if event not in CALLS]

    found = default_watcher().assess_many(others)

    assert [text for text, one in zip(others, found, strict=True) if one.level == 3] == []
