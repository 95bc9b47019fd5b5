"""The report: how often alerts were right, by what people said of them; proposals, no changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from liudeng.arming import Guard, GuardOptions, Stances
from liudeng.desk import CaseKind
from liudeng.desk.reports import Reporter
from liudeng.review import MarksProblem, WatchReport, build_report, read_marks
from liudeng.review.judged import Judged, of_marks, read_record, unjudged
from liudeng.review.proposals import Proposal, propose
from liudeng.roster import Roster
from tests.arming.test_guard import signal_of
from tests.desk.conftest import Room
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OTHER_MEMBER, OWNER, said


@pytest.fixture
def guard(room: Room, roster: Roster) -> Guard:
    stances = Stances(room.database, start_armed=True)
    return Guard(room.desk, stances, roster, GuardOptions(0.5))


async def alert(guard: Guard, room: Room, user_id: int, **fields: Any) -> int:
    message = await room.say(said("撑不下去了", user_id=user_id))
    async with room.database.write() as connection:
        case = await guard.receive(connection, signal_of(message, **fields), message)
    assert case is not None
    return case.id


async def report(room: Room, group: int | None = None, marked: list[Judged] | None = None):
    async with room.database.read() as connection:
        record = await read_record(connection, group)
        open_questions = await unjudged(connection, group)
    return build_report(record, marked or [], open_questions, {}, {}, 0.5)


async def test_verdicts_of_moderators_are_counted_by_rule_and_group(
    guard: Guard, room: Room
) -> None:
    right = await alert(guard, room, 1001, rules=("wish_to_die", "model_danger"))
    wrong = await alert(guard, room, 1002, rules=("farewell_intent", "model_danger"))
    silent = await alert(guard, room, 1003, rules=("wish_to_die",))
    await alert(guard, room, 1004, rules=("wish_to_die",))
    await room.desk.handling.confirm(right, OWNER)
    await room.desk.handling.dismiss(wrong, ADMIN)
    await room.desk.handling.resolve(silent, OWNER, "聊过了")

    found: WatchReport = await report(room)

    assert (found.alerts, found.judged, found.unjudged) == (4, 2, 1)
    assert (found.precision.hits, found.precision.of) == (1, 2)
    rules = {line.rule: line for line in found.rules}
    assert rules["wish_to_die"].fired == 3
    assert (rules["wish_to_die"].precision.hits, rules["wish_to_die"].precision.of) == (1, 1)
    assert (rules["farewell_intent"].precision.hits, rules["model_danger"].precision.of) == (0, 2)
    assert rules["model_danger"].precision.low == pytest.approx(0.0945, abs=0.001)
    assert [line.group_id for line in found.groups] == [GROUP]
    assert (await report(room, OTHER_GROUP)).alerts == 0


async def test_two_signals_of_one_case_are_one_judgement(guard: Guard, room: Room) -> None:
    case = await alert(guard, room, 1001, rules=("a_rule",))
    assert await alert(guard, room, 1001, rules=("a_rule", "another")) == case
    await room.desk.handling.confirm(case, OWNER)
    found = await report(room)
    assert (found.judged, found.alerts) == (1, 1)
    assert {line.rule: line.fired for line in found.rules} == {"a_rule": 2, "another": 1}


async def test_what_members_told_and_the_watcher_missed_is_counted(room: Room) -> None:
    reporter = Reporter(OTHER_MEMBER, (GROUP,))
    await room.desk.reports.worry(reporter, f"{MEMBER} 昨晚说了告别的话")
    await room.desk.handling.confirm(1, OWNER)
    found = await report(room)
    assert found.missed == 1
    assert [one.kind for one in found.proposals] == ["missed"]


def judged(score: float | None, *, right: bool, rule: str = "wish_to_die") -> Judged:
    return Judged(GROUP, right, frozenset({rule}), score, ())


def proposals(*some: Judged, words: dict | None = None) -> list[Proposal]:
    return list(propose(some, words or {}, 0.5, 0))


def test_a_threshold_is_proposed_where_it_costs_no_true_alert() -> None:
    right = [judged(0.714, right=True)] * 6
    wrong = [judged(0.6, right=False)] * 4 + [judged(0.8, right=False)]
    [found] = proposals(*right, *wrong)
    assert (found.kind, found.threshold) == ("threshold", 0.71)
    assert "少 4 次" in found.text
    assert "WATCH_THRESHOLD=0.71" in found.text


@pytest.mark.parametrize(
    "some",
    [
        [judged(0.7, right=True)] * 4 + [judged(0.6, right=False)] * 3,  # too few true ones
        [judged(0.51, right=True)] + [judged(0.9, right=True)] * 9 + [judged(0.6, right=False)] * 3,
        [judged(0.9, right=True)] * 9,
        [judged(None, right=True)] * 9 + [judged(None, right=False)] * 3,
    ],
)
def test_no_threshold_is_proposed_on_thin_ground(some: list[Judged]) -> None:
    assert [one for one in proposals(*some) if one.kind == "threshold"] == []


def test_a_rule_that_is_nearly_always_wrong_is_named_with_its_file_and_words() -> None:
    some = [judged(0.6, right=False, rule="own_death")] * 9 + [
        judged(0.6, right=True, rule="own_death")
    ]
    words = {"own_death": {"死期": (0, 5), "葬礼": (1, 3), "墓碑": (0, 2)}}
    [found] = proposals(*some, words=words)
    assert (found.kind, found.file) == ("lexicon", "data/lexicon/own_death.toml")
    assert found.words == ("死期", "墓碑")


def test_few_judgements_are_no_ground() -> None:
    assert proposals(*[judged(0.6, right=False, rule="own_death")] * 4) == []


MARKS = {
    "kind": "liudeng-replay-marks",
    "version": 1,
    "group": GROUP,
    "alerts": 40,
    "marks": [
        {"id": "1856125704424392058", "verdict": "true", "rules": ["wish_to_die"], "score": 0.9},
        {"id": "1856125704424392059", "verdict": "unsure", "rules": [], "score": None},
        {"id": "7", "verdict": "false", "rules": ["wish_to_die"], "score": 0.6},
    ],
}


async def test_marks_of_a_page_count_beside_the_desks(tmp_path: Path, room: Room) -> None:
    path = tmp_path / "marks.json"
    path.write_text(json.dumps(MARKS), "utf-8")
    marks = read_marks(path)

    known = Judged(GROUP, True, frozenset(), None, (7,))
    assert len(of_marks(marks, [known])) == 1, "what the desk judged counts once"
    found = await report(room, marked=of_marks(marks, []))

    assert (found.judged, found.marked, found.precision.hits) == (2, 2, 1)


@pytest.mark.parametrize(
    "written", ["", "[]", '{"kind": "something"}', json.dumps({**MARKS, "marks": [{"id": "x"}]})]
)
def test_a_file_that_holds_no_marks_is_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "marks.json"
    path.write_text(written, "utf-8")
    with pytest.raises(MarksProblem, match="不是回放页面"):
        read_marks(path)
    with pytest.raises(MarksProblem, match="读不了"):
        read_marks(tmp_path / "nowhere.json")


def test_a_flood_is_judged_by_the_words_of_its_mood() -> None:
    [found] = proposals(*[judged(None, right=False, rule="flood_anger")] * 8)
    assert found.file == "data/mood/anger.toml"


async def test_a_flood_is_no_case_of_a_member(guard: Guard, room: Room) -> None:
    message = await room.say(said("在吗"))
    signal = signal_of(message, kind=CaseKind.MOOD, subject_id="group", message_row=None)
    async with room.database.write() as connection:
        case = await guard.receive(connection, signal, None)
    assert case is not None
    await room.desk.handling.confirm(case.id, OWNER)
    assert (await report(room)).precision.of == 1
