"""Claim: nobody can be told from a covered screenshot, and what was said stays readable.

    python -m benchmarks.covering [--limit N] [--threads N] [--keep DIR] [--no-reread] [--json]

The shipped farewells are drawn as chats of two in four looks, with a number, an address or an
account put into each and a date, a price or a time besides; then group chats are drawn with
photographs and nicknames. Each is scaled and compressed, read by the real models, and covered.
What must be covered is found without the code under test: the same chat is drawn for two people,
and every pixel of the first that differs is one that tells them apart. At last the covered copies
are read again: nothing that was covered may come back.
"""

import asyncio
import hashlib
import io
import itertools
import json
import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.support.covering_samples import Mask, Sample, chats, groups
from liudeng.covering import Cover, Names, cover, find_covers
from liudeng.ocr import OcrLimits, Reading, ReadingProcess

_WHOLE = 0.995
"""From this share on something counts as covered."""
_GRAZED = 0.05


@dataclass(frozen=True)
class Result:
    """What was covered of one screenshot: shares of 1."""

    sample: Sample
    faces: tuple[float, ...]
    names: float | None
    numbers: float | None
    words: float
    """Of the innocent words."""
    seconds: float
    hidden: tuple[str, ...]
    read_again: tuple[str, ...]


class Reader:
    """Reads pictures, or takes from a folder what was read in them before."""

    def __init__(self, folder: Path, threads: int, *, reread: bool) -> None:
        self.folder = folder
        self.reread = reread
        self._process = ReadingProcess(OcrLimits(threads=threads))

    async def read(self, path: Path) -> Reading:
        """Read a picture; the readings of the same bytes are kept beside it."""
        stored = _reading_path(path)
        if stored.exists():
            return Reading.model_validate_json(stored.read_text("utf-8"))
        reading = await self._process.read(path)
        stored.write_text(reading.model_dump_json(), "utf-8")
        return reading

    async def close(self) -> None:
        """End the process."""
        await self._process.close()


def _reading_path(path: Path) -> Path:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return path.with_name(f"{path.stem}-{digest}.json")


async def measure(sample: Sample, reader: Reader) -> Result:
    """Cover one screenshot and look at what is left."""
    path = reader.folder / f"{sample.name}.img"
    path.write_bytes(sample.picture)
    reading = await reader.read(path)
    names = Names(known=sample.known)
    began = time.perf_counter()
    copy = cover(path, reading, names)
    seconds = time.perf_counter() - began
    covered_path = path.with_suffix(".webp")
    covered_path.write_bytes(copy)
    again = (await reader.read(covered_path)).text if reader.reread else ""
    with Image.open(path) as picture:
        covers = find_covers(picture.convert("RGB"), reading, names)
    left = tuple(secret for secret in sample.secrets if _stands_in(secret, again))
    return _judged(sample, covers, reading, seconds, left)


def _stands_in(secret: str, text: str) -> bool:
    """Tell whether it can be read in a text; Latin letters as a word, not within another."""
    if len(secret) < 2:
        return False
    if secret.isascii() and secret.isalpha():
        return re.search(rf"(?<![a-z]){secret}(?![a-z])", text, re.IGNORECASE) is not None
    return _folded(secret) in _folded(text)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _judged(
    sample: Sample,
    covers: Sequence[Cover],
    reading: Reading,
    seconds: float,
    read_again: tuple[str, ...],
) -> Result:
    with Image.open(io.BytesIO(sample.picture)) as posted:
        size = (round(posted.height / sample.scale), round(posted.width / sample.scale))
    covered = np.zeros(size, bool)
    for one in covers:
        covered[_place(value / sample.scale for value in one.box)] = True
    words, hidden = _innocent(sample, covered, reading)
    return Result(
        sample=sample,
        faces=tuple(float(covered[_place(face)].mean()) for face in sample.faces),
        names=_share(covered, sample.names),
        numbers=_share(covered, sample.numbers),
        words=words,
        seconds=seconds,
        hidden=hidden,
        read_again=read_again,
    )


def _place(area: Iterable[float]) -> tuple[slice, slice]:
    left, top, right, bottom = (round(value) for value in area)
    return slice(top, bottom), slice(left, right)


def _share(covered: Mask, wanted: Mask | None) -> float | None:
    if wanted is None or not wanted.any():
        return None
    height, width = wanted.shape
    return float(covered[:height, :width][wanted[: len(covered)]].mean())


def _innocent(sample: Sample, covered: Mask, reading: Reading) -> tuple[float, tuple[str, ...]]:
    """Return the share of innocent words that is covered, by area, and the lines it hits."""
    area, lost = 0, 0.0
    lines: list[str] = []
    secrets = [_folded(secret) for secret in sample.secrets]
    for line in reading.lines:
        place = _place(value / sample.scale for value in line.box)
        told = sample.numbers is not None and sample.numbers[place].any()
        if line.side == "none" or told or any(secret in _folded(line.text) for secret in secrets):
            continue
        share = float(covered[place].mean())
        size = line.box.width * line.box.height
        area, lost = area + size, lost + share * size
        if share > _GRAZED:
            lines.append(line.text)
    return lost / max(area, 1), tuple(lines)


def summary(results: Sequence[Result]) -> dict[str, float | None]:
    """Return the shares over some screenshots; None where there is nothing to measure."""
    faces = [share for result in results for share in result.faces]
    names = [result.names for result in results if result.names is not None]
    numbers = [result.numbers for result in results if result.numbers is not None]
    return {
        "screenshots": len(results),
        "avatars": len(faces),
        "avatar_pixels": _mean(faces),
        "avatars_whole": _mean([share >= _WHOLE for share in faces]),
        "names_whole": _mean([share >= _WHOLE for share in names]),
        "numbers_whole": _mean([share >= _WHOLE for share in numbers]),
        "read_again": sum(len(result.read_again) for result in results),
        "words_hidden": _mean([result.words for result in results]),
        "seconds": _mean([result.seconds for result in results]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


_COUNTS = ("screenshots", "avatars", "read_again")


def _print(results: Sequence[Result], console: Console) -> None:
    table = Table(title="Covering")
    for name in ("", *summary(results)):
        table.add_column(name.replace("_", " "), justify="right" if name else "left")
    for look in ("all", *sorted({result.sample.look for result in results})):
        figures = summary([r for r in results if look in ("all", r.sample.look)])
        table.add_row(look, *(_shown(name, value) for name, value in figures.items()))
    console.print(table)
    for result in results:
        parts = {"avatars": min(result.faces, default=None), "names": result.names}
        shares = {**parts, "numbers": result.numbers}
        low = [f"{name} {s:.1%}" for name, s in shares.items() if s is not None and s < _WHOLE]
        hidden = [f"hidden: {text}" for text in result.hidden]
        again = [f"read again: {text}" for text in result.read_again]
        if told := [*low, *hidden, *again]:
            line = f"{result.sample.name} ({result.sample.look}): {'; '.join(told)}"
            console.print(line, highlight=False)


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in _COUNTS:
        return str(value)
    return f"{value:.2f}" if name == "seconds" else f"{value:.2%}"


async def _measure_all(reader: Reader, limit: int) -> list[Result]:
    try:
        return [await measure(sample, reader) for sample in itertools.chain(chats(limit), groups())]
    finally:
        await reader.close()


def main(
    limit: Annotated[int, typer.Option(min=1, help="How many of the chats of two.")] = 1_000,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    keep: Annotated[Path | None, typer.Option(help="Keep pictures and readings here.")] = None,
    reread: Annotated[bool, typer.Option(help="Read the covered copies, too.")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure all, print the figures and what went wrong."""
    with TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        reader = Reader(folder, threads, reread=reread)
        results = asyncio.run(_measure_all(reader, limit))
    if as_json:
        typer.echo(json.dumps(summary(results)))
    else:
        _print(results, Console(width=160))


if __name__ == "__main__":
    typer.run(main)
