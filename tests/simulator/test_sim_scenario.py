"""Scenario files: what is refused, and that the line is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator import ScenarioError, load_scenario
from simulator.scenario import parse_scenario

SMALL = Path(__file__).parent / "small_night.jsonl"
HEAD = [
    {"kind": "scenario", "id": "x", "title": "题", "start": "2026-02-13T20:00:00+08:00"},
    {"kind": "group", "group_id": 1, "name": "群", "members": 5},
    {"kind": "member", "id": "a", "user_id": 11, "nickname": "甲"},
]


def problems(*lines: Any) -> list[str]:
    """The complaints about lines following a good head (whose last line is line 3)."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in [*HEAD, *lines]]
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(texts)
    return caught.value.problems


def test_a_good_file_is_read() -> None:
    scenario = load_scenario(SMALL)
    assert scenario.header.self_id == 10007
    assert [group.group_id for group in scenario.groups] == [714400213, 714400999]
    assert len(scenario.events) == 18


def test_somebody_who_joins_later_is_not_there_at_first() -> None:
    people = {person.id: person for person in load_scenario(SMALL).people}
    assert people["late"].groups == ()
    assert people["hezi"].groups is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "不是 JSON"),
        ("[]", "不认识的 kind"),
        ({"kind": "dance"}, "dance"),
        ({"t": 1, "who": "a"}, "什么也没说"),
        ({"t": 1, "who": "a", "text": "x", "extra": 1}, "extra"),
        ({"t": -1, "who": "a", "text": "x"}, "t"),
        ({"t": 1, "who": "nobody", "text": "x"}, "nobody"),
        ({"t": 1, "who": "a", "at": ["nobody"]}, "nobody"),
        ({"t": 1, "who": "a", "forward": [{"who": "nobody", "text": "x"}]}, "nobody"),
        ({"t": 1, "who": "a", "text": "x", "reply_to": "m9"}, "m9"),
        ({"t": 1, "who": "a", "text": "x", "group": 99}, "99"),
        ({"t": 1, "who": "a", "text": "x", "group": 1, "private": True}, "private"),
        ({"t": 1, "who": "a", "text": "x", "expect": "sad"}, "expect"),
        ({"t": 1, "who": "a", "image": {"title": "空"}}, "image"),
        ({"t": 1, "kind": "recall", "ref": "m9"}, "m9"),
        ({"t": 1, "kind": "ban", "who": "a", "by": "b", "duration": 5}, "b"),
        ({"kind": "member", "id": "a", "user_id": 12, "nickname": "乙"}, "a 重复"),
        ({"kind": "member", "id": "b", "user_id": 11, "nickname": "乙"}, "11 重复"),
        ({"kind": "member", "id": "b", "user_id": 12, "nickname": "乙", "groups": [9]}, "9"),
        ({"kind": "group", "group_id": 1, "name": "又"}, "1 重复"),
        (HEAD[0], "只能有一行"),
    ],
)
def test_a_bad_line_is_named(line: Any, complaint: str) -> None:
    found = problems(line)
    assert found[0].startswith("第 4 行：")
    assert complaint in found[0]


def test_comments_and_blank_lines_count_as_lines() -> None:
    found = problems("", "// nothing", {"t": 1, "who": "x", "text": "?"})
    assert found == ["第 6 行：没有 id 为 x 的成员"]


def test_every_bad_line_is_reported() -> None:
    found = problems("{", {"t": 1, "who": "x", "text": "?"})
    assert [problem.split("：")[0] for problem in found] == ["第 4 行", "第 5 行"]


def test_time_never_runs_backwards() -> None:
    found = problems({"t": 5, "who": "a", "text": "1"}, {"t": 4, "who": "a", "text": "2"})
    assert "第 5 行" in found[0]


def test_refs_are_unique() -> None:
    line = {"t": 1, "who": "a", "text": "1", "ref": "m"}
    assert "重复" in problems(line, line)[0]


def test_a_start_without_a_timezone_is_refused() -> None:
    lines = [json.dumps(HEAD[0] | {"start": "2026-02-13T20:00:00"})]
    with pytest.raises(ScenarioError, match=r"第 1 行.*start"):
        parse_scenario(lines)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ScenarioError):
        parse_scenario([])
