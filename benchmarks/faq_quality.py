"""How well questions find their answers: `python -m benchmarks.faq_quality`.

Every variant of the seed is asked while it is left out of the catalogue; the messages of
`tests/data/faq_negative.jsonl` should be answered by nobody. Beside it stands what usual FAQ
plugins do (an entry answers when one of its keywords is contained in the message), and what
becomes of the variants when the catalogue has nothing of their author's, or of one pen alone.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from liudeng.faq.matching import Askable, Lore, Match, Matcher, Ranked, SentenceVectors
from liudeng.faq.seed import SeedEntry, seed_entries
from liudeng.settings import DATA_ROOT
from liudeng.text.words import words

_NEGATIVES = Path(__file__).parents[1] / "tests" / "data" / "faq_negative.jsonl"
_CHAT = Path(__file__).parents[1] / "training" / "data" / "watch" / "train_community.jsonl"
_SUGGESTED = 3
_CURVE = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)

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
    lore, entries = Lore.load(DATA_ROOT / "faq"), seed_entries()
    bare = [entry.model_copy(update={"phrasings": ()}) for entry in entries]
    foreign = [entry.model_copy(update={"variants": ()}) for entry in entries]
    asked = [(n, text) for n, entry in enumerate(entries) for text in entry.variants]
    typer.echo(_HEAD)
    contained = _measure(entries, lambda _: keyword_containment(bare))
    typer.echo(contained.row("keyword contained"))
    typer.echo(_measure(bare, _matchers(lore, None)).row("words, the seed alone"))
    typer.echo(_measure(entries, _matchers(lore, None)).row("words"))
    if vectors:
        encoder = SentenceVectors()
        make = _matchers(lore, encoder)
        typer.echo(_measure(entries, _matchers(lore.bare(), encoder)).row("no synonyms"))
        typer.echo(_ask_all(make(_askables(foreign, "")), asked).row("nothing of the author's"))
        typer.echo(_measure(entries, make, misses=misses).row("words + vectors"))
        matcher = Matcher(_askables(entries, ""), lore, encoder)
        _curve(entries, make, matcher)
        _chat(matcher)


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
    return _strangers(outcome, make(_askables(entries, "")), misses=misses)


def _ask_all(ask: Ask, asked: Sequence[tuple[int, str]]) -> Outcome:
    outcome = Outcome()
    for right, text in asked:
        outcome.add(ask(text), right)
    return _strangers(outcome, ask)


def _strangers(outcome: Outcome, ask: Ask, *, misses: bool = False) -> Outcome:
    for text in _negatives():
        match = ask(text)
        outcome.add_stranger(match)
        if misses and (match.answer is not None or match.suggestions):
            typer.echo(f"  - {text} {match.probability:.2f} {match.ranked[0].id}")
    return outcome


def _negatives() -> list[str]:
    lines = _NEGATIVES.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def _curve(
    entries: Sequence[SeedEntry], make: Callable[[Sequence[Askable]], Ask], matcher: Matcher
) -> None:
    """Print what other thresholds would do: the share of variants with the right entry first, or
    among the first three, at or above a probability, and of negatives that are there as well."""
    found = [
        (make(_askables(entries, text))(text), n)
        for n, entry in enumerate(entries)
        for text in entry.variants
    ]
    strangers = [matcher.match(text).probability for text in _negatives()]
    typer.echo("\n| from | first right | in the first three | wrong first | negatives |")
    typer.echo("|---|---|---|---|---|")
    for threshold in _CURVE:
        above = [
            ([one.id for one in m.ranked[:3]], n) for m, n in found if m.probability >= threshold
        ]
        first = sum(ids[0] == n for ids, n in above) / len(found)
        three = sum(n in ids for ids, n in above) / len(found)
        wrong = sum(ids[0] != n for ids, n in above) / len(found)
        said = sum(one >= threshold for one in strangers) / len(strangers)
        typer.echo(f"| {threshold:.2f} | {first:.3f} | {three:.3f} | {wrong:.3f} | {said:.3f} |")


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


def _matchers(lore: Lore, vectors: SentenceVectors | None) -> Callable[[Sequence[Askable]], Ask]:
    return lambda entries: Matcher(entries, lore, vectors).match


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
