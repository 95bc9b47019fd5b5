"""The words that moods are counted by: what surrounds them, and what an editor may get wrong."""

import json
import shutil
from pathlib import Path

import pytest

from liudeng.pulse import Mood, MoodLexicon, MoodLexiconError, load_moods
from liudeng.pulse.lexicon import MOOD_DIRECTORY
from liudeng.pulse.mood import MOODS

SENTENCES = Path(__file__).parents[1] / "data" / "moods.jsonl"


@pytest.fixture(scope="module")
def lexicon() -> MoodLexicon:
    return load_moods()


@pytest.mark.parametrize(
    ("text", "moods"),
    [
        ("我好难过", Mood.SADNESS),
        ("不难过", Mood.NONE),
        ("我没有生气", Mood.NONE),
        ("是不是生气了", Mood.ANGER),
        ("没有希望了", Mood.DESPAIR),
        ("有希望的", Mood.HOPE),
        ("气死我了哈哈哈", Mood.NONE),
        ("空气炸锅", Mood.NONE),
        ("難過", Mood.SADNESS),
        ("难 过", Mood.SADNESS),
        ("😭", Mood.SADNESS),
        ("骗子！我好难过", Mood.ANGER | Mood.SADNESS),
        ("", Mood.NONE),
        ("啊" * 10_000 + "难过", Mood.NONE),
    ],
)
def test_what_surrounds_a_word_counts(lexicon: MoodLexicon, text: str, moods: Mood) -> None:
    assert lexicon.hear(text).moods == moods


def test_the_words_that_spoke_are_told(lexicon: MoodLexicon) -> None:
    assert lexicon.hear("骗子，退钱").words == ((Mood.ANGER, "骗子"), (Mood.ANGER, "退钱"))


def test_plain_sentences_are_mostly_heard(lexicon: MoodLexicon) -> None:
    """The same pen wrote both, so this is a floor; `benchmarks/pulse.py` measures."""
    rows = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    for mood in MOODS:
        wanted = {row["text"] for row in rows if mood.key in row["moods"]}
        found = {row["text"] for row in rows if lexicon.hear(row["text"]).moods & mood}
        assert len(wanted & found) >= 0.7 * len(wanted), mood
        assert len(found - wanted) <= 2, mood


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MOOD_DIRECTORY, tmp_path / "mood"))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('"难过", ""', "词是空的"),
        ('"难过",\n  "难"', "太宽"),
        ('"难过", "。"', "太宽"),
        ('"难过" "伤心"', "不合 TOML"),
    ],
)
def test_a_bad_entry_is_refused_with_its_line(copy: Path, written: str, problem: str) -> None:
    path = copy / "sadness.toml"
    path.write_text(path.read_text("utf-8").replace('"难过"', written, 1), "utf-8")
    with pytest.raises(MoodLexiconError, match=problem) as refused:
        load_moods(copy)
    line = path.read_text("utf-8").split(written)[0].count("\n") + 1
    line += written.count("\n")
    assert f"sadness.toml 第 {line} 行" in str(refused.value)


def test_an_unknown_mood_and_an_unknown_key_are_refused(copy: Path) -> None:
    path = copy / "anger.toml"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('mood = "anger"', 'mood = "hangry"'), "utf-8")
    with pytest.raises(MoodLexiconError, match="hangry"):
        load_moods(copy)
    path.write_text(whole.replace("title =", "titel ="), "utf-8")
    with pytest.raises(MoodLexiconError, match=r"anger\.toml"):
        load_moods(copy)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MoodLexiconError, match="没有找到"):
        load_moods(tmp_path)
