"""Words of like meaning as one: “gives away” + “pet” + “from now on”, whichever words say it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from liudeng.text.normalise import normalise
from liudeng.text.wordlists import WordLists, with_pairs
from liudeng.watch.evidence import Evidence

CONCEPTS = Path(__file__).with_name("concepts.toml")


def named_features(evidence: Evidence) -> Mapping[str, float]:
    """What the model knows of a message by name: the rules that spoke, and its concepts."""
    return {**evidence.features(), **concept_features(evidence.folded.text)}


def concept_features(folded: str) -> dict[str, float]:
    """Concepts of a folded text and their pairs, scaled to length 1."""
    return with_pairs({f"concept:{concept}" for concept in _lists().present(folded)})


@cache
def _lists() -> WordLists:
    lists = tomllib.loads(CONCEPTS.read_text(encoding="utf-8"))["concepts"]
    return WordLists(
        {concept: words.split() for concept, words in lists.items()},
        lambda word: normalise(word).text,
    )
