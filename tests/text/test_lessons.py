"""What the transformer must not have read, so that thresholds can be set with it."""

from pathlib import Path

import pytest

from liudeng.moderation.model import Label
from training import corpus
from training.moderation.corpus import Example
from training.transformer import lessons
from training.transformer.lessons import lessons as all_lessons
from training.transformer.torn import SHORTEST, glued, torn


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight dialogs of chat and a forum of one line."""
    (tmp_path / "public").mkdir()
    chat = [
        "dialog\tturn\ttext",
        *(f"{dialog}\t0\t第{dialog}个话题说到了这里" for dialog in range(8)),
    ]
    (tmp_path / corpus.ORDINARY).write_text("\n".join(chat), encoding="utf-8")
    (tmp_path / corpus.FORUM).write_text("train\ttopic\t0\t论坛里的话", encoding="utf-8")
    return tmp_path


def test_what_sets_thresholds_is_not_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "examples", list[corpus.Example])
    monkeypatch.setattr(lessons, "written_ordinary", lambda: ["水果到了", "水果今天都到了"])
    monkeypatch.setattr(lessons.moderation, "marked", lambda: [_scam("judging", "marked")])
    monkeypatch.setattr(
        lessons.moderation,
        "own",
        lambda: [_scam("twelfth", "pen_twelfth"), _scam("fourth", "pen_fourth")],
    )

    read = [lesson.text for lesson in all_lessons(data)]
    torn_lines = [lesson.text for lesson in lessons.torn_chat(data, seed=1)]
    beside = [one.text for seed in range(4) for one in lessons.glued_lessons(data, seed)]

    chat = corpus.ordinary(data / corpus.ORDINARY)
    kept = {
        text
        for text, fold in zip(chat.trained, chat.folds, strict=True)
        if fold == corpus.SETTING_FOLD
    }
    assert kept
    assert kept.isdisjoint(read)
    assert set(chat.report).isdisjoint(read)
    unread = {text[1] for text in (*kept, *chat.report)}
    assert torn_lines
    assert beside
    made = [*torn_lines, *beside]
    assert not any(number in line for number in unread for line in made)
    assert not any("twelfth" in line or "judging" in line for line in made)
    assert {"论坛里的话", "水果到了", *set(chat.trained) - kept} <= set(read)
    assert any("fourth" in text for text in read)
    assert not any("twelfth" in text or "judging" in text for text in read)


def test_torn_lines_are_made_of_the_lines_and_the_same_each_time() -> None:
    lines = ["今天中午去食堂吃了糖醋排骨", "排了二十分钟的队味道还行", "下午开会又开到六点", "短"]

    found = torn(lines, seed=1)

    assert len(found) == sum(len(line) >= SHORTEST for line in lines)
    assert found == torn(lines, seed=1) != torn(lines, seed=2)
    assert set(found).isdisjoint(lines)
    assert set("".join(found)) <= set("".join(lines))


def test_a_glued_sentence_stands_whole_beside_a_line_and_keeps_its_labels(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"第{number}句要紧的话" for number in range(40)]
    found = glued(texts, ["吃了吗", "在路上"], seed=1)
    assert found == glued(texts, ["吃了吗", "在路上"], seed=1)
    assert all(text in line for text, line in zip(texts, found, strict=True))
    assert len({line.startswith(text) for text, line in zip(texts, found, strict=True)}) == 2

    grave = corpus.Example("我不想活了", 3, 0, "plain", "pen_4")
    monkeypatch.setattr(lessons, "examples", lambda: [grave] * lessons.GLUED_SHARE)
    monkeypatch.setattr(lessons.moderation, "marked", list[Example])
    monkeypatch.setattr(lessons.moderation, "own", list[Example])
    monkeypatch.setattr(lessons, "written_ordinary", list[str])
    [lesson] = lessons.glued_lessons(data, seed=2)
    [alone, *_] = lessons.labelled()
    assert alone.text in lesson.text != alone.text
    assert lesson.watch == alone.watch == (True, True, False)
    assert lesson.watch_weights < alone.watch_weights


def _scam(text: str, source: str) -> Example:
    return Example(f"付费恢复 {text}", Label.SCAM, source)
