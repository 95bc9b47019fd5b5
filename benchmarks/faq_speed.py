"""How long an answer takes among thousands of entries: `python -m benchmarks.faq_speed`.

The entries are the seed again and again, each copy about a thing of its own, so that every
question has one right entry and many that look like it.
"""

import os
import time
from statistics import quantiles
from typing import Annotated

import typer

from liudeng.faq.matching import Askable, Lore, Matcher, SentenceVectors
from liudeng.faq.seed import seed_entries
from liudeng.settings import DATA_ROOT

_THINGS = "灯塔水母罗盘风铃木箱海螺信鸽石阶茶壶毛毯钟楼渔网雪橇陶罐竹帘铜镜纸鹤琴弦磨坊驿站"
_ASKED = 5


def main(
    entries: Annotated[int, typer.Option(help="How many entries.")] = 5_000,
    questions: Annotated[int, typer.Option(help="How many questions.")] = 300,
    vectors: Annotated[bool, typer.Option(help="With sentence vectors.")] = False,
) -> None:
    """Print the time of building and of answering, on the clock and on the processor."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    listed = _entries(entries)
    started = time.process_time()
    lore = Lore.load(DATA_ROOT / "faq")
    matcher = Matcher(listed, lore, SentenceVectors() if vectors else None)
    typer.echo(f"built {len(listed)} entries in {time.process_time() - started:.1f} s")
    asked = [listed[n * 7 % len(listed)].phrasings[1 + n % 3] for n in range(questions)]
    took: list[tuple[float, float]] = []
    for question in asked:
        clock, processor = time.perf_counter(), time.process_time()
        matcher.match(f"{question}呀")
        took.append((time.perf_counter() - clock, time.process_time() - processor))
    for name, column in (("clock", 0), ("processor", 1)):
        cuts = quantiles([one[column] * 1000 for one in took], n=20)
        typer.echo(f"{name}: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms")


def _entries(count: int) -> list[Askable]:
    seed = seed_entries()
    made: list[Askable] = []
    for number in range(count):
        entry = seed[number % len(seed)]
        copy = number // len(seed)
        first, second = 2 * copy % len(_THINGS), 2 * (copy // 20) % len(_THINGS)
        thing = _THINGS[first : first + 2] + _THINGS[second : second + 2]
        asked = tuple(f"{thing}：{text}" for text in entry.asked[:_ASKED])
        made.append(Askable(number, asked, f"{thing}。{entry.answer}"))
    return made


if __name__ == "__main__":
    typer.run(main)
