"""What the training promises: no leaks between parts, and a fit that finds what is there."""

from pathlib import Path

import numpy as np
import pytest

from liudeng.watch.assessment import LEXICON_DIRECTORY
from liudeng.watch.lexicon import load_lexicon
from liudeng.watch.model import HEADS, Head, load_model
from liudeng.watch.parts import hear
from training.corpus import Example, examples, ordinary, written_ordinary
from training.design import columns_of
from training.fit import Rows, fit
from training.frames import sentences
from training.heads import Bench, lines_of, threshold
from training.train import packed

GRAVE = ("今晚我就走了再也不回来", "他走了我也不想留在这里", "都安排好了不用等我")
DULL = ("今晚吃什么都行", "他去打球了我先写作业", "快递安排好了放门口")


def test_no_dialog_is_heard_in_two_parts(tmp_path: Path) -> None:
    path = tmp_path / "chat.tsv"
    lines = [f"{dialog}\t{turn}\t{dialog}" for dialog in range(20) for turn in range(3)]
    path.write_text("\n".join(["dialog\tturn\ttext", *lines]), encoding="utf-8")

    chat = ordinary(path)

    assert set(chat.trained).isdisjoint(chat.report)
    assert len({*chat.trained, *chat.report}) == 20
    assert len(chat.report) == 30
    by_dialog = dict(zip(chat.trained, chat.folds, strict=True))
    assert all(by_dialog[text] == fold for text, fold in zip(chat.trained, chat.folds, strict=True))
    assert set(chat.folds) == {0, 1}


def test_a_frame_gives_the_same_sentences_every_time(tmp_path: Path) -> None:
    path = tmp_path / "frames.toml"
    path.write_text(
        """[slots]
"宠物" = ["猫", "狗"]
[[frames]]
level = 0
kind = "everyday_leave"
take = 3
text = "{宠物}(寄养|送去{宠物}店)了，(我出差|)"
""",
        encoding="utf-8",
    )

    told = list(sentences(path))

    assert told == list(sentences(path))
    assert len({one.text for one in told}) == 3
    assert all("{" not in one.text and not one.text.endswith("，") for one in told)
    assert {(one.level, one.other, one.kind) for one in told} == {(0, 0, "everyday_leave")}


def test_a_frame_with_an_unknown_slot_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "frames.toml"
    path.write_text(
        '[slots]\n[[frames]]\nlevel = 0\nkind = "x"\ntake = 1\ntext = "{没有}了"\n',
        encoding="utf-8",
    )

    with pytest.raises(KeyError):
        list(sentences(path))


def test_every_shipped_sentence_is_labelled_within_bounds() -> None:
    rows = examples()

    assert len(rows) > 9_000
    assert {row.level for row in rows} == {0, 1, 2, 3}
    assert all(0 <= row.other <= 3 for row in rows)


def test_a_fit_finds_the_column_that_decides() -> None:
    rng = np.random.default_rng(7)
    dense = rng.normal(size=(200, 5))
    labels = (dense[:, 2] > 0).astype(float)
    at_row, at_column = np.nonzero(np.ones_like(dense))
    rows = Rows(at_row, at_column, dense.ravel(), 200, 5)

    weights = fit(rows, labels, np.ones(200), 1.0)

    assert int(np.abs(weights[:-1]).argmax()) == 2
    assert np.mean((rows.times(weights[:-1]) + weights[-1] > 0) == labels) > 0.95
    assert np.array_equal(weights, fit(rows, labels, np.ones(200), 1.0))


def test_written_ordinary_lines_are_each_read_once() -> None:
    lines = written_ordinary()

    assert len(lines) > 5_000
    assert len(lines) == len(set(lines))
    assert not [line for line in lines if line != line.strip() or line.startswith("#")]


def test_taking_rows_keeps_their_values() -> None:
    rows = Rows(np.array([0, 1, 2]), np.array([0, 1, 0]), np.array([1.0, 2.0, 3.0]), 3, 2)

    taken = rows.take(np.array([True, False, True]))

    assert taken.height == 2
    assert taken.times(np.array([1.0, 1.0])).tolist() == [1.0, 3.0]


@pytest.mark.parametrize(("rate", "above"), [(1.0, 1), (2.0, 2), (5.0, 5)])
def test_a_threshold_lets_through_what_the_budget_allows(rate: float, above: int) -> None:
    scores = np.arange(1_000, dtype=float)

    assert int((scores > threshold(scores, rate)).sum()) == above


def test_what_was_fitted_is_what_the_bot_loads(tmp_path: Path) -> None:
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    rows = [Example(f"{text}{n}", 3, 0, "plain", "test") for n in range(6) for text in GRAVE]
    calm = [f"{text}{n}" for n in range(6) for text in DULL]
    heard, lines = hear(lexicon, [row.text for row in rows]), hear(lexicon, calm)
    columns = columns_of([*heard.whole, *lines.whole])
    learnt = Bench(rows, heard.whole, lines.whole, columns).learn()
    file = tmp_path / "weights.npz"
    file.write_bytes(packed(columns, learnt, np.zeros(len(HEADS))))

    model = load_model(file)
    said = model.score(heard)

    fitted = lines_of(heard, columns).scores(learnt)[:, Head.DANGER]
    assert [one.danger for one in said] == pytest.approx(1 / (1 + np.exp(-fitted)), abs=0.02)
    assert min(one.danger for one in said) > max(
        one.danger for one in load_model(file).score(lines)
    )
