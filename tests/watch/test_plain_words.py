"""What anyone would understand at once: plain statements are raised, everyday jokes are not.

The rules were tuned on these sentences, so the floors here guard against loss and measure nothing
else; `docs/watcher.md` has the figures from before the tuning and on sentences written after it.
"""

import json
from pathlib import Path

import pytest

from liudeng.watch import Assessment, assess

DATA = Path(__file__).parents[1] / "data"


def _assessed(name: str) -> list[tuple[str, Assessment]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [(text, assess(text)) for text in (json.loads(line)["text"] for line in lines)]


def test_plain_statements_are_danger_of_the_writer() -> None:
    rows = _assessed("plain_danger.jsonl")

    missed = [text for text, one in rows if (one.level, one.about) != (3, "self")]

    assert len(missed) <= 0.03 * len(rows), missed


def test_everyday_jokes_and_grief_raise_no_alert() -> None:
    rows = _assessed("plain_jokes.jsonl")

    raised = [text for text, one in rows if one.level == 3]

    assert len(raised) <= 0.03 * len(rows), raised


@pytest.mark.parametrize(
    "text",
    [
        "考研又没考上，对不起爸妈，我想死",
        "被骗子骗光了钱，不想活了",
        "我不想活了，不是开玩笑的",
        "没有勇气再活下去了",
        "妈妈：对不起，我不想活了",
    ],
)
def test_everyday_things_nearby_do_not_hide_a_plain_statement(text: str) -> None:
    found = assess(text)

    assert (found.level, found.about) == (3, "self"), found.reasons


@pytest.mark.parametrize(
    "text", ["明天上午我找你说话", "后天上午去找他", "好了之后别的同学找我聊天"]
)
def test_a_word_is_not_found_across_two_others(text: str) -> None:
    found = assess(text)

    assert (found.level, found.danger < 0.3) == (0, True), found.reasons


@pytest.mark.parametrize("text", ["小明：不活了 又迟到", "旧笔记本：今晚我也要过劳死了"])
def test_a_label_names_another_speaker(text: str) -> None:
    found = assess(text)

    assert found.level < 2
    assert "against" in {reason.speaks for reason in found.reasons}


def test_who_is_told_is_not_who_speaks() -> None:
    found = assess("我朋友刚跟我说不想活了")

    assert (found.level, found.about) == (3, "other")
