"""Every card looks as it did when somebody last looked at it.

After a change that is meant, write the images anew and look at them:
LIUDENG_GOLDEN=write pytest tests/pictures/test_golden.py
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from liudeng.pictures import Theme, render_entry, render_help, render_hits
from tests.pictures import samples
from tests.pictures.likeness import GOLDEN, SAME_EVERYWHERE, golden, keep, small, worst_patch

NAMES = (
    "entry-words-light",
    "entry-picture-dark",
    "entry-three-light",
    "wall-light",
    "wall-dark",
    "help-light",
    "hits-dark",
    "links-dark",
    "answer-light",
    "facets-light",
    "alert-dark",
    "digest-light",
)


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[], bytes]]:
    """What draws each card."""
    return samples.all_cards(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", NAMES)
def test_a_card_looks_as_it_did(name: str, cards: dict[str, Callable[[], bytes]]) -> None:
    drawn = small(cards[name]())
    if os.environ.get("LIUDENG_GOLDEN") == "write":
        keep(drawn, name)
    assert worst_patch(drawn, golden(name)) < SAME_EVERYWHERE


def test_every_golden_image_is_compared(cards: dict[str, Callable[[], bytes]]) -> None:
    assert sorted(cards) == sorted(NAMES) == sorted(path.stem for path in GOLDEN.glob("*.png"))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"words": samples.WORDS.replace("我不会说再见", "　　　　　")},
        {"words": samples.WORDS.replace("🌙", "")},
        {"title": "最后一个"},
        {"tags": ("晚安",)},
        {"kicker": ""},
    ],
    ids=["a line", "an emoji", "half a title", "a tag", "above the title"],
)
def test_what_is_missing_is_noticed(spoiled: dict[str, object], tmp_path: Path) -> None:
    drawn = small(render_entry(samples.entry(**spoiled), Theme.LIGHT))
    assert worst_patch(drawn, golden("entry-words-light")) > SAME_EVERYWHERE


def test_a_missing_mark_is_noticed() -> None:
    unmarked = tuple(hit.model_copy(update={"marks": ()}) for hit in samples.hits().hits)
    drawn = small(render_hits(samples.hits(hits=unmarked), Theme.DARK))
    assert worst_patch(drawn, golden("hits-dark")) > SAME_EVERYWHERE


def test_the_wrong_theme_is_noticed() -> None:
    drawn = small(render_help(samples.help_card(), Theme.DARK))
    assert worst_patch(drawn, golden("help-light")) > SAME_EVERYWHERE
