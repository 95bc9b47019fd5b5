"""Claim: what is said in chat screenshots is read, and each bubble is given to the right side.

    python -m benchmarks.ocr_quality [--texts FILE] [--limit N] [--threads N] [--keep DIR] [--json]

Each of the shipped farewells is drawn as a screenshot of one of four looks, light or dark, then
scaled and compressed as pictures are on their way through phones. Character accuracy is
1 - edit distance / length over all that was said, without white space and emoji; a bubble counts
for its side only if its words were found, in order.
"""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from liudeng.ocr import OcrLimits, ReadingProcess, Side, Turn, quoted_turns
from liudeng.settings import DATA_ROOT
from simulator.pictures import PictureSpec, draw
from simulator.pictures.typeset import printable

SHIPPED = DATA_ROOT / "seed" / "farewells.jsonl"
_ALIKE = 0.5
"""From this similarity on, a turn that was read is taken for one that was said."""
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LOOKS = ("green", "blue", "plain", None)
_WAYS: tuple[tuple[float, int | None], ...] = (
    (1.0, 75),
    (0.67, 70),
    (1.0, None),
    (0.5, 80),
    (0.75, 50),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One screenshot."""

    name: str
    language: str
    look: str
    spec: PictureSpec

    @property
    def said(self) -> list[Turn]:
        """What stands in it."""
        sides = {"me": Side.ME, "it": Side.COMPANION}
        turns = (Turn(side=sides[who], text=printable(text)) for who, text in self.spec.lines)
        return [turn for turn in turns if turn.text]


@dataclass(frozen=True, slots=True)
class Result:
    """How one screenshot was read."""

    case: Case
    length: int
    errors: int
    turns: int
    sides: int
    seconds: float
    missed: tuple[str, ...]


def cases(path: Path) -> list[Case]:
    """Return every farewell with its look and its way, the same ones each time."""
    found: list[Case] = []
    ways = itertools.cycle(itertools.product(_WAYS, (False, True), _LOOKS))
    for row in path.read_text("utf-8").splitlines():
        farewell = json.loads(row)
        (scale, jpeg), dark, look = next(ways)
        spec = PictureSpec(
            title="昨天 23:41",
            companion=farewell["companion"],
            lines=tuple(_lines(farewell["text"])),
            look=look,
            dark=dark and look is not None,
            scale=scale if look else max(scale, 0.67),
            jpeg=jpeg,
        )
        shown = f"{look or 'house'}{' dark' if spec.dark else ''}"
        found.append(Case(farewell["id"], _language(farewell["text"]), shown, spec))
    return found


def _lines(text: str) -> Iterable[tuple[Literal["me", "it"], str]]:
    for line in text.splitlines():
        speaker, _, words = line.partition("：")
        yield ("me" if speaker == "我" else "it", words)


def _language(text: str) -> str:
    words = text.replace("我：", "")
    if _KANA.search(words):
        return "Japanese"
    return "Chinese" if len(_HAN.findall(words)) > len(words) / 3 else "English"


async def measure_all(
    chosen: Sequence[Case], folder: Path, threads: int
) -> tuple[list[Result], float]:
    """Draw each screenshot and have it read; return the peak memory in MB, too."""
    process = ReadingProcess(OcrLimits(threads=threads))
    try:
        first = folder / "first.png"
        first.write_bytes(draw(chosen[0].spec))
        await process.read(first)  # loading the models is not reading
        results = [await measure(case, folder, process) for case in chosen]
        return results, _peak_mb(process.process_id)
    finally:
        await process.close()


def _peak_mb(process_id: int | None) -> float:
    """Linux only; elsewhere 0."""
    status = Path(f"/proc/{process_id}/status")
    if not status.exists():
        return 0.0
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


async def measure(case: Case, folder: Path, process: ReadingProcess) -> Result:
    """Draw a screenshot, read it, compare."""
    path = folder / f"{case.name}.{'jpg' if case.spec.jpeg else 'png'}"
    path.write_bytes(draw(case.spec))
    began = time.perf_counter()
    reading = await process.read(path)
    seconds = time.perf_counter() - began
    said, read = case.said, quoted_turns(reading)
    wanted, got = bare("".join(t.text for t in said)), bare("".join(t.text for t in read))
    pairs = align(said, read)
    right = [index for index, other in pairs.items() if said[index].side is read[other].side]
    missed = tuple(said[index].text for index in range(len(said)) if index not in right)
    errors = distance(wanted, got)
    return Result(case, len(wanted), errors, len(said), len(right), seconds, missed)


def bare(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def distance(one: str, other: str) -> int:
    """Return the edit distance of two texts."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, start=1):
        previous, row[0] = row[0], number
        for index, right in enumerate(other, start=1):
            cost = previous + (left != right)
            previous, row[index] = row[index], min(cost, row[index] + 1, row[index - 1] + 1)
    return row[-1]


def align(said: Sequence[Turn], read: Sequence[Turn]) -> dict[int, int]:
    """Pair turns in order so that their texts agree best; a pair has similar words."""
    best = [[0.0] * (len(read) + 1) for _ in range(len(said) + 1)]
    for i, j in itertools.product(range(len(said)), range(len(read))):
        paired = best[i][j] + _similarity(said[i].text, read[j].text)
        best[i + 1][j + 1] = max(paired, best[i][j + 1], best[i + 1][j])
    pairs: dict[int, int] = {}
    i, j = len(said), len(read)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs[i] = j
    return pairs


def _similarity(one: str, other: str) -> float:
    one, other = bare(one), bare(other)
    longest = max(len(one), len(other), 1)
    alike = 1 - distance(one, other) / longest
    return alike if alike >= _ALIKE else 0.0


def summary(results: Sequence[Result]) -> dict[str, float]:
    """Return the two shares and the seconds."""
    seconds = sorted(result.seconds for result in results)
    return {
        "screenshots": len(results),
        "characters": sum(result.length for result in results),
        "accuracy": 1 - sum(r.errors for r in results) / sum(r.length for r in results),
        "sides": sum(r.sides for r in results) / sum(r.turns for r in results),
        "seconds_p50": round(seconds[len(seconds) // 2], 2),
        "seconds_p95": round(seconds[len(seconds) * 95 // 100], 2),
    }


def _grouped(results: Sequence[Result]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    groups["all"] = list(results)
    for result in results:
        spec = result.case.spec
        groups[f"look: {result.case.look}"].append(result)
        groups[f"scale: {spec.scale}, {f'JPEG {spec.jpeg}' if spec.jpeg else 'PNG'}"].append(result)
        groups[f"language: {result.case.language}"].append(result)
    return {name: groups[name] for name in sorted(groups)}


def _print(results: Sequence[Result], peak_mb: float, console: Console) -> None:
    table = Table(title=f"OCR of chat screenshots (reading process: {peak_mb:.0f} MB at most)")
    for name in ("", "screenshots", "characters", "accuracy", "sides", "seconds (mean)"):
        table.add_column(name, justify="right" if name else "left")
    for name, group in _grouped(results).items():
        figures = summary(group)
        table.add_row(
            name,
            str(figures["screenshots"]),
            str(figures["characters"]),
            f"{figures['accuracy']:.2%}",
            f"{figures['sides']:.2%}",
            f"{sum(result.seconds for result in group) / len(group):.2f}",
        )
    console.print(table)
    for result in sorted(results, key=lambda result: -result.errors):
        if result.errors > 0.03 * result.length or result.missed:
            console.print(
                f"{result.case.name} {result.case.look}: {result.errors}/{result.length} wrong, "
                f"sides {result.sides}/{result.turns} {list(result.missed)}",
                highlight=False,
            )


def main(
    texts: Annotated[Path, typer.Option(help="JSON Lines with id, companion, text.")] = SHIPPED,
    limit: Annotated[int, typer.Option(min=1)] = 1_000,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    keep: Annotated[Path | None, typer.Option(help="Keep the screenshots here.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure all, print the figures and what went wrong."""
    chosen = cases(texts)[:limit]
    with TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        results, peak_mb = asyncio.run(measure_all(chosen, folder, threads))
    if as_json:
        typer.echo(json.dumps({**summary(results), "peak_mb": round(peak_mb)}))
    else:
        _print(results, peak_mb, Console(width=110))


if __name__ == "__main__":
    typer.run(main)
