"""What was fitted is what the bot loads: the file of weights, and the net beside the heads."""

from pathlib import Path

import numpy as np
import pytest

from liudeng.moderation.model import Label, load_model, see
from training.fit import Rows
from training.gram_net import fit_net
from training.moderation.bench import Bench
from training.moderation.calibration import Judged, thresholds_of
from training.moderation.corpus import Example, Pen, pen_of
from training.moderation.design import columns_of
from training.moderation.train import Limits, packed

LINES = {
    Label.SCAM: ["付费恢复4o加微信", "内部渠道付费加我微信"],
    Label.AD: ["水果批发包邮下单", "手工蛋糕包邮下单"],
    Label.ABUSE: ["你们都是废物滚", "一群废物闭嘴滚"],
    Label.INCITE: ["你怎么还不去死", "敢不敢现在去死"],
    Label.FLOOD: ["顶" * 40, "签" * 40],
    Label.OUTSIDER: ["研究生想做个访谈问卷", "记者想约一个访谈采访"],
    Label.OK: ["付费恢复是骗子别信", "加微信付费的都别信"],
    Label.OFFENSIVE: ["那个地方的人都不行", "那些人都不行"],
}
COUNT = 8_000
LIMITS = Limits(np.zeros(7), np.zeros(7))


def small_bench() -> Bench:
    rows = [
        Example(text, label, "cold" if label is Label.OFFENSIVE else "marked")
        for label, texts in LINES.items()
        for text in texts
    ]
    rows += [Example("今天天气不错", Label.OK, "cold"), Example("早饭吃了吗", Label.OK, "cold")]
    seen = [see(row.text) for row in rows]
    return Bench(rows, [pen_of(row.source) for row in rows], seen, columns_of(seen))


def test_the_file_says_what_was_fitted(tmp_path: Path) -> None:
    bench = small_bench()
    fitted = bench.fit()
    path = tmp_path / "weights.npz"
    path.write_bytes(packed(bench, fitted, LIMITS))
    told = load_model(path).raw(bench.seen)
    # A byte for a weight is coarse; what is said must stay the same.
    assert told == pytest.approx(fitted.scores(bench.matrix), abs=0.1)


def test_the_same_sentences_give_the_same_file() -> None:
    first, second = small_bench(), small_bench()
    assert packed(first, first.fit(), LIMITS) == packed(second, second.fit(), LIMITS)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, size=np.array(1), buckets=np.array([1]))
    with pytest.raises(ValueError, match=r"weights\.npz"):
        load_model(path)


def test_the_net_learns_what_a_sum_cannot() -> None:
    """Either word alone is one thing, both or neither another."""
    patterns = [(), (0,), (1,), (0, 1)]
    said = [(row, column) for row in range(COUNT) for column in (*patterns[row % 4], 2)]
    at = np.array(said)
    rows = Rows(at[:, 0], at[:, 1], np.ones(len(said)), COUNT, 3)
    kinds = np.array([len(patterns[row % 4]) % 2 for row in range(COUNT)])
    net = fit_net(rows, kinds, np.full(COUNT, 8.0), 2)
    assert ((net.odds(rows)[:, 0] > 0) == (kinds == 1)).all()


def test_a_threshold_holds_its_precision_and_spares_the_innocent() -> None:
    scores = np.full((400, 7), -9.0)
    scores[:, 0] = np.linspace(9, -9, 400)
    labels = np.where(np.arange(400) < 60, 0, -1)
    labels[20] = -1
    judged = Judged(labels, np.zeros(400, dtype=bool), scores)
    thresholds = thresholds_of(judged, np.full((10, 7), -9.0))
    said = judged.verdicts(thresholds) == 0
    assert said.sum() == 60
    assert judged.figures(thresholds)["ok"]["acted_upon"] == round(1 / 341, 4)


@pytest.mark.parametrize(
    ("source", "pen"),
    [
        ("marked", Pen.MARKED),
        ("scam_more_disguised", Pen.FIRST),
        ("pen_fourth", Pen.FOURTH),
        ("pen_fifth_more", Pen.AFTERTHOUGHT),
        ("train_community", Pen.NOBODY),
    ],
)
def test_a_source_tells_its_pen(source: str, pen: Pen) -> None:
    assert pen_of(source) is pen
