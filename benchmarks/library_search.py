"""Claim: the library finds what a member half remembers, in 5,000 entries, in under 50 ms.

    python -m benchmarks.library_search [--entries 5000] [--times 3] [--misses] [--json]

The entries are the shipped farewells and as many variants of them as it takes: the same turns of
phrase with other words in them, so that every query meets dozens of near misses. The queries
(`tests/data/library_queries.jsonl`) were written from memory of the farewells, before there was
an index to try them on.
"""

import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import rjieba
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from liudeng.library import Visibility
from liudeng.library.index import Document, Found, Kind, LibraryIndex
from liudeng.library.index.terms import bare
from liudeng.settings import DATA_ROOT

SHIPPED = DATA_ROOT / "seed" / "farewells.jsonl"
QUERIES = Path(__file__).parent.parent / "tests" / "data" / "library_queries.jsonl"
GROUP = 731_415_926
READER = "2840010001"
_FIRST = 3
_KEPT_WORDS = 0.3
_TRIES = 5
_OPEN_CLASSES = ("n", "v", "a", "m", "t", "i", "l", "s")
"""What jieba calls words of open classes: nouns, verbs, adjectives, numbers, times, idioms."""


class Query(BaseModel):
    """What somebody types, and the farewells of which they may mean any."""

    kind: str
    query: str
    expected: frozenset[str]
    meant: str = ""
    """The words as they stand in the farewell, where those are so few that others have them too."""

    def is_answered_by(self, document: Document) -> bool:
        """Tell whether this is an expected entry, or one that says literally what was meant."""
        if f"FW{document.id:03d}" in self.expected:
            return True
        texts = [bare(text) for text in _texts(document)]
        terms = bare((self.meant or self.query).replace(" ", "\n")).split("\n")
        return all(any(term in text for text in texts) for term in terms)


def queries() -> list[Query]:
    """Return the queries."""
    return [Query.model_validate_json(line) for line in QUERIES.read_text("utf-8").splitlines()]


def shipped() -> list[Document]:
    """Return the shipped farewells; every third one is a screenshot without words beside it."""
    lines = SHIPPED.read_text("utf-8").splitlines()
    return [_document(number, json.loads(line)) for number, line in enumerate(lines, 1)]


def variants(count: int, seed: int = 11) -> Iterator[Document]:
    """Yield documents that say something else in the words and the manner of the shipped ones."""
    rng, originals = random.Random(seed), shipped()
    phrases = _Phrases(originals, rng)
    for number in range(count):
        source = originals[number % len(originals)]
        donor = rng.choice(originals)
        companion = phrases.companion()
        said = phrases.reworded(source.words or source.seen_text).replace(
            source.companion, companion
        )
        said += "\n" + phrases.reworded(rng.choice((donor.words or donor.seen_text).split("\n")))
        yield source.model_copy(
            update={
                "id": 1_000 + number,
                "title": phrases.reworded(source.title),
                "companion": companion,
                "author_name": f"{phrases.word('n')}{rng.randrange(100)}",
                "tags": tuple(rng.sample((*source.tags, *donor.tags, phrases.word("n")), k=2)),
                "words": said if source.words else "",
                "seen_text": said if source.seen_text else "",
                "day": source.day - timedelta(days=rng.randrange(700)),
            }
        )


class _Phrases:
    """Rewords texts with each other's words."""

    def __init__(self, originals: Sequence[Document], rng: random.Random) -> None:
        self._rng = rng
        self._companions = [document.companion for document in originals]
        self._by_class: dict[str, list[str]] = defaultdict(list)
        for document in originals:
            for word, kind in _tagged(f"{document.title}\n{document.words}{document.seen_text}"):
                if kind[0] in _OPEN_CLASSES:
                    self._by_class[kind].append(word)

    def word(self, kind: str) -> str:
        return self._rng.choice(self._by_class[kind])

    def companion(self) -> str:
        """Return a shipped companion's name, or one that people also give."""
        if self._rng.random() < 0.4:
            return self._rng.choice(self._companions)
        first, second = self.word("n"), self.word("v")
        return self._rng.choice(("小", "阿", "老", first[0])) + self._rng.choice(
            (second[0], first[-1])
        )

    def reworded(self, text: str) -> str:
        """Replace most words of open classes; if none can be, say something else altogether."""
        for _ in range(_TRIES):
            reworded = "".join(self._other(word, kind) for word, kind in _tagged(text))
            if reworded != text:
                return reworded
        return f"{self.word('n')}{self.word('v')}{self.word('n')}"

    def _other(self, word: str, kind: str) -> str:
        if kind not in self._by_class or self._rng.random() < _KEPT_WORDS:
            return word
        return self.word(kind)


def _texts(document: Document) -> tuple[str, ...]:
    return (
        *(document.title, document.companion, document.words, document.seen_text),
        *(*document.tags, document.author_name),
    )


def _tagged(text: str) -> list[tuple[str, str]]:
    return rjieba.tag(text, True)


def _document(number: int, entry: dict[str, Any]) -> Document:
    seen = number % 3 == 0
    return Document(
        kind=Kind.FAREWELL,
        id=number,
        group_id=GROUP,
        author_id=READER,
        author_name=entry["author"],
        visibility=Visibility.GROUP,
        title=entry["title"],
        companion=entry["companion"],
        words="" if seen else entry["text"],
        seen_text=entry["text"] if seen else "",
        tags=tuple(entry["tags"]),
        day=date.fromisoformat(entry["date"]),
    )


@dataclass(slots=True)
class Score:
    """What came of the queries of one kind."""

    asked: int = 0
    first: int = 0
    among_first: int = 0
    times_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, answered: Sequence[bool], time_ms: float, cpu_ms: float) -> None:
        """Add what came of one query: which of the first hits answer it."""
        self.asked += 1
        self.first += any(answered[:1])
        self.among_first += any(answered)
        self.times_ms.append(time_ms)
        self.cpu_ms.append(cpu_ms)


def evaluate(
    index: LibraryIndex, documents: Sequence[Document], times: int = 1
) -> dict[str, Score]:
    """Ask every query so many times; return the scores by kind, and of all under ``all``."""
    scores: dict[str, Score] = defaultdict(Score)
    by_id = {document.id: document for document in documents}
    for query in queries():
        found, time_ms, cpu_ms = _timed(index, query.query, times)
        answered = [query.is_answered_by(by_id[hit.id]) for hit in found.hits[:_FIRST]]
        for kind in (query.kind, "all"):
            scores[kind].add(answered, time_ms, cpu_ms)
        if not any(answered):
            scores["all"].missed.append(_miss(query, found))
    return dict(scores)


def _miss(query: Query, found: Found) -> str:
    shown = (
        f"{hit.id} {hit.way.name} {hit.score:.2f} {hit.passage}" for hit in found.hits[:_FIRST]
    )
    return f"{query.kind} “{query.query}” {', '.join(sorted(query.expected))}: {'; '.join(shown)}"


def _timed(index: LibraryIndex, text: str, times: int) -> tuple[Found, float, float]:
    """Return the answer, and the least milliseconds it took by the clock and by the processor."""
    elapsed, worked = float("inf"), float("inf")
    found = Found()
    for _ in range(times):
        started, started_working = time.perf_counter(), time.process_time()
        found = ask(index, text)
        elapsed = min(elapsed, time.perf_counter() - started)
        worked = min(worked, time.process_time() - started_working)
    return found, elapsed * 1000, worked * 1000


def ask(index: LibraryIndex, text: str) -> Found:
    """Ask as a member of the group does, in the group."""
    return index.find(text, groups={GROUP}, viewer_id=READER, in_private=False, limit=10)


def figures(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    """Return the shares and the milliseconds of every kind."""
    return {
        kind: {
            "queries": score.asked,
            "hit@1": round(score.first / score.asked, 4),
            "hit@3": round(score.among_first / score.asked, 4),
            "p50": _percentile(score.times_ms, 50),
            "p95": _percentile(score.times_ms, 95),
            "cpu p95": _percentile(score.cpu_ms, 95),
        }
        for kind, score in scores.items()
    }


def _percentile(values: Sequence[float], percent: int) -> float:
    return round(sorted(values)[(len(values) - 1) * percent // 100], 1)


def main(
    entries: Annotated[int, typer.Option(min=120)] = 5_000,
    times: Annotated[int, typer.Option(min=1, help="The best of so many runs counts.")] = 1,
    misses: Annotated[bool, typer.Option(help="Print what was not among the first three.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure all and print it."""
    documents = shipped()
    documents += variants(entries - len(documents))
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as temporary:
        index = LibraryIndex(Path(temporary) / "index")
        started = time.perf_counter()
        index.rebuild(documents)
        seconds = time.perf_counter() - started
        size = sum(file.stat().st_size for file in Path(temporary).rglob("*") if file.is_file())
        ask(index, "晚安")  # opens it
        scores = evaluate(index, documents, times)
        index.close()
    whole = {
        "entries": len(documents),
        "rebuild_s": round(seconds, 1),
        "size_mib": round(size / 2**20, 1),
    }
    if as_json:
        typer.echo(json.dumps({**whole, "kinds": figures(scores)}, ensure_ascii=False))
        return
    _print(whole, figures(scores), Console(width=100))
    for line in scores["all"].missed if misses else ():
        typer.echo(line)


def _print(whole: dict[str, float], kinds: dict[str, dict[str, float]], console: Console) -> None:
    title = "Library of {entries} entries: built in {rebuild_s} s, {size_mib} MiB"
    table = Table(title=title.format(**whole))
    for name in ("kind", *next(iter(kinds.values()))):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for kind, row in sorted(kinds.items(), key=lambda item: item[0] == "all"):
        shown = (
            f"{value:.1%}" if name.startswith("hit") else f"{value:g}"
            for name, value in row.items()
        )
        table.add_row(kind, *shown)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
