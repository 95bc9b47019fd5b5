"""How well questions find their answers: `python -m benchmarks.faq_quality`.

Every variant of the seed is asked while it is left out of the catalogue; the messages of
`tests/data/faq_negative.jsonl` should be answered by nobody. Beside it stands what usual FAQ
plugins do (an entry answers when one of its keywords is contained in the message), and what
becomes of the variants when the catalogue has nothing of their author's, or of one pen alone.

`tests/data/faq_blind.jsonl` is by an examiner who knew the entries and nothing else of the bot. Its
questions are asked of the whole catalogue, as it ships; nothing is learnt from them.
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
_BLIND = _NEGATIVES.with_name("faq_blind.jsonl")
_CHAT = Path(__file__).parents[1] / "training" / "data" / "watch" / "train_community.jsonl"
_SUGGESTED, _OF_NEW, _GROUPS = 3, 2, 12
_CURVE = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)

Ask = Callable[[str], Match]
Make = Callable[[Sequence[Askable]], Ask]
Found = tuple[Match, int, str]
"""What became of a question, the entry that answers it, and how it was asked."""


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
    everybody = _askables(entries)
    contained = keyword_containment(bare)
    typer.echo(_HEAD)
    typer.echo(_outcome(_ask_all(entries, contained), contained).row("keyword contained"))
    make = _matchers(lore, None)
    typer.echo(_outcome(_ask_each(entries, make), make(everybody)).row("words"))
    if not vectors:
        return
    make = _matchers(lore, SentenceVectors())
    ask = make(_askables(foreign))
    typer.echo(_outcome(_ask_all(entries, ask), ask).row("words + vectors, no variants known"))
    typer.echo(_outcome(_ask_new(entries, make), make(everybody)).row("new entries"))
    found = _ask_each(entries, make)
    typer.echo(_outcome(found, make(everybody)).row("words + vectors"))
    typer.echo(_examined(entries, make(everybody)).row("words + vectors, by the examiner"))
    _curve(found, make(everybody))
    if misses:
        _misses(found, make(everybody))
    _chat(Matcher(everybody, lore, SentenceVectors()))


def _ask_each(entries: Sequence[SeedEntry], make: Make) -> list[Found]:
    """Ask each variant while it is left out: in groups that have one of each entry at most."""
    groups: list[list[tuple[int, str]]] = [[] for _ in range(_GROUPS)]
    for n, entry in enumerate(entries):
        for place, text in enumerate(entry.variants):
            groups[(2 * place + n % 2) % _GROUPS].append((n, text))
    found: list[Found] = []
    for group in groups:
        ask = make(_askables(entries, *(text for _, text in group)))
        found += [(ask(text), n, text) for n, text in group]
    return found


def _ask_all(entries: Sequence[SeedEntry], ask: Ask) -> list[Found]:
    """Ask each variant of what does not know any."""
    return [(ask(text), n, text) for n, entry in enumerate(entries) for text in entry.variants]


def _ask_new(entries: Sequence[SeedEntry], make: Make) -> list[Found]:
    """Ask for each entry as a moderator adds it: with its question and two more ways to ask."""
    found: list[Found] = []
    for n, entry in enumerate(entries):
        new = entry.model_copy(update={"variants": entry.variants[:_OF_NEW], "phrasings": ()})
        ask = make(_askables([*entries[:n], new, *entries[n + 1 :]]))
        found += [(ask(text), n, text) for text in entry.variants[_OF_NEW:]]
    return found


def _outcome(found: Sequence[Found], ask: Ask) -> Outcome:
    outcome = Outcome()
    for match, right, _ in found:
        outcome.add(match, right)
    for text in _negatives():
        outcome.add_stranger(ask(text))
    return outcome


def _examined(entries: Sequence[SeedEntry], ask: Ask) -> Outcome:
    number = {entry.id: n for n, entry in enumerate(entries)}
    outcome = Outcome()
    for row in map(json.loads, _BLIND.read_text(encoding="utf-8").splitlines()):
        if row["id"] is None:
            outcome.add_stranger(ask(row["text"]))
        else:
            outcome.add(ask(row["text"]), number[row["id"]])
    return outcome


def _misses(found: Sequence[Found], ask: Ask) -> None:
    """Print what is not answered right, and negatives that are not met with silence."""
    for match, right, text in found:
        if match.answer != right:
            best = [one.id for one in match.ranked[:3]]
            typer.echo(f"  {match.probability:.2f} {text} {right} {best}")
    for text in _negatives():
        match = ask(text)
        if match.answer is not None or match.suggestions:
            typer.echo(f"  {match.probability:.2f} {text} - {match.ranked[0].id}")


def _negatives() -> list[str]:
    lines = _NEGATIVES.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def _curve(found: Sequence[Found], ask: Ask) -> None:
    """Print what other thresholds would do: the share of variants with the right entry first, or
    among the first three, at or above a probability, and of negatives that are there as well."""
    strangers = [ask(text).probability for text in _negatives()]
    typer.echo("\n| from | first right | in the first three | wrong first | negatives |")
    typer.echo("|---|---|---|---|---|")
    for threshold in _CURVE:
        sure = [(match, n) for match, n, _ in found if match.probability >= threshold]
        above = [([one.id for one in match.ranked[:3]], n) for match, n in sure]
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


def _askables(entries: Sequence[SeedEntry], *without: str) -> list[Askable]:
    return [
        Askable(n, tuple(text for text in entry.asked if text not in without), entry.matched_answer)
        for n, entry in enumerate(entries)
    ]


def _matchers(lore: Lore, vectors: SentenceVectors | None) -> Make:
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
