"""Proposals: what a person might change, from what people said of the alerts."""

from collections.abc import Iterator, Mapping, Sequence
from math import floor
from typing import Literal

from pydantic import BaseModel, ConfigDict

from liudeng.review.judged import Judged
from liudeng.watch.evaluation import Share, share

FEWEST = 8
"""Judgements on a rule before anything is said of it."""
FEWEST_TRUE = 5
"""Confirmed alerts with a score before a threshold is proposed: it could cost one of them."""
_DOUBTFUL = 0.5
"""A rule is doubtful when even the upper end of its interval is below this."""
_WORDS = 5
_FLOOD = "flood_"
_HIGHEST = 0.95


class Proposal(BaseModel):
    """Something to look at; nothing is done by itself."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["lexicon", "model", "threshold", "missed"]
    text: str
    """Chinese, for whoever may edit the files and settings."""
    rule: str | None = None
    file: str | None = None
    """To be looked at, below the project's folder."""
    words: tuple[str, ...] = ()
    threshold: float | None = None


def propose(
    judged: Sequence[Judged],
    words: Mapping[str, Mapping[str, tuple[int, int]]],
    threshold: float,
    missed: int,
) -> Iterator[Proposal]:
    """Return what the judgements speak for; `words` as in `build_report`."""
    for rule in sorted({rule for one in judged for rule in one.rules}):
        found = share(one.is_true for one in judged if rule in one.rules)
        if found.of >= FEWEST and found.high < _DOUBTFUL:
            yield _of_rule(rule, found, words.get(rule, {}))
    raised = _threshold(judged, threshold)
    if raised is not None:
        yield raised
    if missed:
        yield Proposal(
            kind="missed",
            text=(
                f"有 {missed} 件是成员自己告诉管理的、后来属实，守望没有出声。"
                "翻翻那几个案件：是哪种说法没认出来，把它的一般形式加进 data/lexicon。"
            ),
        )


def _of_rule(rule: str, found: Share, words: Mapping[str, tuple[int, int]]) -> Proposal:
    told = f"{found.of} 次里 {found.hits} 次属实（{found.low:.0%}–{found.high:.0%}）"
    if rule.startswith("model_") or rule in ("trajectory", "silence"):
        text = (
            f"{rule}：{told}。单改词库管不住它："
            "把这些误报换成自己的话，写进 training/data/watch 重新训练。"
        )
        return Proposal(kind="model", text=text, rule=rule, file="training/data/watch")
    only_false = sorted(
        (word for word, (right, _) in words.items() if not right), key=lambda w: -words[w][1]
    )[:_WORDS]
    quoted = "".join(f"「{word}」" for word in only_false)
    hint = f"只在误报里出现的词：{quoted}。" if quoted else ""
    if rule.startswith(_FLOOD):
        file = f"data/mood/{rule.removeprefix(_FLOOD)}.toml"
        text = f"{rule}：{told}。看看 {file} 里有没有这个群平常就爱说的词，去掉它们。"
        return Proposal(kind="lexicon", text=text, rule=rule, file=file)
    file = f"data/lexicon/{rule}.toml"
    text = (
        f"{rule}：{told}。{hint}可以在 {file} 里降低 weight、给这些词加 unless，"
        "或者在 data/lexicon/context 里补上常跟它一起出现的玩笑。"
    )
    return Proposal(kind="lexicon", text=text, rule=rule, file=file, words=tuple(only_false))


def _threshold(judged: Sequence[Judged], threshold: float) -> Proposal | None:
    """Propose the highest threshold that would have kept every confirmed alert."""
    scored = [(one.score, one.is_true) for one in judged if one.score is not None]
    right = [score for score, is_true in scored if is_true]
    wrong = [score for score, is_true in scored if not is_true]
    if len(right) < FEWEST_TRUE or not wrong:
        return None
    raised = min(_HIGHEST, floor(min(right) * 100) / 100)
    spared = sum(score < raised for score in wrong)
    if raised <= threshold or not spared:
        return None
    return Proposal(
        kind="threshold",
        text=(
            f"门槛从 {threshold:.2f} 提到 {raised:.2f}（WATCH_THRESHOLD={raised:.2f}）："
            f"{len(wrong)} 次误报会少 {spared} 次，已经属实的 {len(right)} 次一次不少。"
            "它也会让还没见过的真话更容易漏掉，判断过的越多越可信。"
        ),
        threshold=raised,
    )
