"""`liudeng watch …`: the watcher over lines and labelled files, without alerting anybody."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import typer
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from liudeng.watch.assessment import Assessment, Watcher
from liudeng.watch.evaluation import Evaluation, Share, evaluate, labelled_rows, plain_lines
from liudeng.watch.stories import first_alert, read_stories

BATCH = 200


class WatchProblem(Exception):
    """A file cannot be used; the text is one Chinese sentence for the operator."""


class _Line(BaseModel):
    """What is printed of a story."""

    model_config = ConfigDict(frozen=True)

    id: str
    alert_at: int | None


def assess_lines(watcher: Watcher, lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for each line, in order."""
    texts = (line.rstrip("\r\n") for line in lines)
    while batch := list(islice(texts, BATCH)):
        for text, found in zip(batch, watcher.assess_many(batch), strict=True):
            yield json.dumps(_as_json(text, found), ensure_ascii=False)


def print_evaluation(
    watcher: Watcher, file: Path, ordinary: Sequence[Path], *, as_json: bool
) -> None:
    """Print what the watcher finds in a labelled file, and how often ordinary chat alerts.

    Raises:
        WatchProblem: a file cannot be read or is no such file.
    """
    try:
        rows = labelled_rows(file)
        chat = [text for path in ordinary for text in plain_lines(path)]
    except (OSError, ValueError) as error:
        raise WatchProblem(f"读不了：{error}") from error
    found = evaluate(watcher, rows, chat)
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        _show(found, Console())


def print_trajectories(watcher: Watcher, file: Path, *, as_json: bool) -> None:
    """Print for each story the index of its first alert.

    Raises:
        WatchProblem: the file cannot be read or is no such file.
    """
    try:
        told = list(read_stories(file))
    except (OSError, ValueError) as error:
        raise WatchProblem(f"读不了：{error}") from error
    met = 0
    for story in told:
        alert = first_alert(watcher, story)
        met += story.is_met_by(alert)
        if as_json:
            typer.echo(_Line(id=story.id, alert_at=alert).model_dump_json())
        else:
            typer.echo(f"{story.id}\t{'不提醒' if alert is None else f'第 {alert} 条提醒'}")
    if not as_json and any(story.alert_at is not None for story in told):
        typer.echo(f"合乎标注：{met} / {len(told)}")


def _as_json(text: str, found: Assessment) -> dict[str, object]:
    return {
        "text": text,
        "level": found.level,
        "pain": found.pain,
        "danger": found.danger,
        "about": found.about,
        "reasons": [
            {
                "rule": reason.name,
                "span": [reason.start, reason.end],
                "words": reason.text,
                "weight": reason.weight if reason.speaks == "for" else -reason.weight,
            }
            for reason in found.reasons
        ],
    }


def _show(found: Evaluation, console: Console) -> None:
    levels = Table("标注", "条数", "判 0", "判 1", "判 2", "判 3", "替人着急 3", title="级别")
    for label, counts in found.levels.items():
        levels.add_row(label, str(sum(counts)), *map(str, counts))
    console.print(levels)
    shares = Table("指标", "比例", "95 % 区间", "条数", title="找到与误报")
    for name, share in found.shares.items():
        shares.add_row(name, *_cells(share))
    console.print(shares)
    kinds = Table("类别", "3 级找到", "0 级被判为本人 3 级", title="分类别")
    for name, (recalled, raised) in found.kinds.items():
        kinds.add_row(name, _short(recalled), _short(raised))
    console.print(kinds)
    curve = Table("每千条平常话的误报", "3 级找到", "其中明说", "其中暗示", title="取舍")
    for point in found.curve:
        curve.add_row(
            str(point.per_1000), *map(_short, (point.all, point.explicit, point.implicit))
        )
    if found.curve:
        console.print(curve)


def _cells(share: Share) -> tuple[str, str, str]:
    return f"{share.value:.3f}", f"{share.low:.3f}–{share.high:.3f}", str(share.of)


def _short(share: Share) -> str:
    return f"{share.value:.3f}（{share.hits}/{share.of}）" if share.of else "–"
