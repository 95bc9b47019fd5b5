"""How well questions find their answers: `python -m benchmarks.faq_quality`.

Every variant of the seed is asked while it is left out of the catalogue; the messages of
`tests/data/faq_negative.jsonl` should be answered by nobody. Beside it stands what usual FAQ
plugins do: an entry answers when one of its keywords is contained in the message.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from liudeng.faq.matching import Askable, Concepts, Match, Matcher, Ranked, SentenceVectors
from liudeng.faq.seed import SeedEntry, seed_entries
from liudeng.settings import DATA_ROOT
from liudeng.text.words import words

_NEGATIVES = Path(__file__).parents[1] / "tests" / "data" / "faq_negative.jsonl"
_CHAT = Path(__file__).parents[1] / "training" / "data" / "train_community.jsonl"
_SUGGESTED = 3

Ask = Callable[[str], Match]


@dataclass(slots=True)
class Outcome:
    """What became of questions that have an answer, and of messages that have none."""

    asked: int = 0
    first: int = 0
    first_three: int = 0
    answered: int = 0
    answered_right: int = 0
    unasked: int = 0
    unasked_right: int = 0
    strangers: int = 0
    silent: int = 0
    nothing_offered: int = 0
    strangers_unasked: int = 0

    def add(self, match: Match, right: int) -> None:
        """Count a question that the entry `right` answers."""
        offered = [*filter(lambda one: one is not None, [match.answer]), *match.suggestions]
        self.asked += 1
        self.first += offered[:1] == [right]
        self.first_three += right in offered[:_SUGGESTED]
        self.answered += match.answer is not None
        self.answered_right += match.answer == right
        self.unasked += match.unasked is not None
        self.unasked_right += match.unasked == right

    def add_stranger(self, match: Match) -> None:
        """Count a message that no entry answers."""
        self.strangers += 1
        self.silent += match.answer is None
        self.nothing_offered += match.answer is None and not match.suggestions
        self.strangers_unasked += match.unasked is not None

    def row(self, name: str) -> str:
        """Return a row of the table."""
        said = self.unasked + self.strangers_unasked
        shares = (
            self.first / self.asked,
            self.first_three / self.asked,
            self.answered_right / self.asked,
            self.answered_right / max(1, self.answered),
            self.silent / self.strangers,
            self.nothing_offered / self.strangers,
            self.unasked_right / max(1, said),
            self.unasked_right / self.asked,
        )
        return f"| {name} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


_HEAD = (
    "| matcher | first right | in the first three | answered right | right when answered "
    "| negatives: no answer | negatives: nothing offered | unasked: precision | unasked: share |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def main(
    vectors: Annotated[bool, typer.Option(help="Also with sentence vectors.")] = True,
    misses: Annotated[bool, typer.Option(help="Print what went wrong.")] = False,
) -> None:
    """Print the table."""
    concepts = Concepts.load(DATA_ROOT / "faq" / "synonyms.toml")
    entries = seed_entries()
    bare = [entry.model_copy(update={"phrasings": ()}) for entry in entries]
    typer.echo(_HEAD)
    typer.echo(_measure(entries, lambda left: keyword_containment(bare)).row("keyword contained"))
    none = Concepts({})
    typer.echo(_measure(bare, _matchers(none, None)).row("words, seed alone, no synonyms"))
    typer.echo(_measure(bare, _matchers(concepts, None)).row("words, seed alone"))
    typer.echo(_measure(entries, _matchers(none, None)).row("words, our phrasings, no synonyms"))
    typer.echo(_measure(entries, _matchers(concepts, None)).row("words"))
    if vectors:
        encoder = SentenceVectors()
        typer.echo(_measure(entries, _matchers(none, encoder)).row("words + vectors, no synonyms"))
        outcome = _measure(entries, _matchers(concepts, encoder), misses=misses)
        typer.echo(outcome.row("words + vectors"))
        _chat(Matcher(_askables(entries, ""), concepts, encoder))


def _measure(
    entries: Sequence[SeedEntry],
    make: Callable[[Sequence[Askable]], Ask],
    *,
    misses: bool = False,
) -> Outcome:
    outcome = Outcome()
    for number, entry in enumerate(entries):
        for variant in entry.variants:
            match = make(_askables(entries, variant))(variant)
            outcome.add(match, number)
            if misses and match.answer != number:
                best = match.ranked[0].id if match.ranked else None
                typer.echo(f"  {number} {variant} {match.probability:.2f} {best}")
    ask = make(_askables(entries, ""))
    for line in _NEGATIVES.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        match = ask(text)
        outcome.add_stranger(match)
        if misses and match.probability > 0.2:
            typer.echo(f"  - {text} {match.probability:.2f} {match.ranked[0].id}")
    return outcome


def _chat(matcher: Matcher) -> None:
    """Say how often the bot would have spoken up in what a group says."""
    texts = [json.loads(line)["text"] for line in _CHAT.read_text(encoding="utf-8").splitlines()]
    spoke = [text for text in texts if matcher.could_be_asked(text) and matcher.match(text).unasked]
    typer.echo(f"\nUnasked in {len(texts)} lines of group chat: {len(spoke)}")
    for text in spoke:
        typer.echo(f"  {text}")


def _askables(entries: Sequence[SeedEntry], without: str) -> list[Askable]:
    return [
        Askable(n, tuple(text for text in entry.asked if text != without), entry.matched_answer)
        for n, entry in enumerate(entries)
    ]


def _matchers(
    concepts: Concepts, vectors: SentenceVectors | None
) -> Callable[[Sequence[Askable]], Ask]:
    return lambda entries: Matcher(entries, concepts, vectors).match


def keyword_containment(entries: Sequence[SeedEntry]) -> Ask:
    """Return what usual FAQ plugins do: the entry most of whose keywords stand in the message."""
    keywords = [
        {word for text in (entry.question, *entry.tags) for word in words(text) if len(word) > 1}
        for entry in entries
    ]

    def ask(text: str) -> Match:
        said = text.casefold()
        hits = [sum(word in said for word in each) for each in keywords]
        order = sorted(range(len(hits)), key=lambda number: -hits[number])[: _SUGGESTED + 1]
        found = [number for number in order if hits[number]]
        ranked = tuple(Ranked(number, float(hits[number])) for number in found)
        if not found:
            return Match()
        return Match(found[0], tuple(found[1:]), found[0], 1.0, ranked)

    return ask


if __name__ == "__main__":
    typer.run(main)
