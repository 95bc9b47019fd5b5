"""The transformer: the same answer alone and in company, whatever is put into it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.text.transformer import MODEL, MOST_CHARS, PIECES, Output, transformer

SMALL_MIB = 40


def test_a_text_is_judged_alike_alone_and_in_company() -> None:
    texts = ["我不想活了", "", "今天吃什么", "好" * 500, "付费恢复4o加微信", "😂", "hi 在吗"]
    says = transformer().says

    together = says(texts, Output.WATCH)

    alone = np.concatenate([says([text], Output.WATCH) for text in texts])
    assert together == pytest.approx(alone, abs=2e-3)
    assert together.shape == (len(texts), 3)
    assert says(texts, Output.MODERATION).shape == (len(texts), 7)


def test_what_is_grave_ranks_above_what_is_not() -> None:
    grave, joke, dull = transformer().says(
        ["我不想活了，今晚就结束", "这周报写得我想死哈哈哈", "今晚吃火锅吗"], Output.WATCH
    )[:, 0]

    assert grave > joke
    assert grave > dull


def test_nothing_is_judged_as_nothing() -> None:
    assert len(transformer().says([], Output.WATCH)) == 0


def test_what_is_too_long_is_read_from_its_beginning() -> None:
    text = "今天天气不错" * 200

    long, cut = transformer().says([text, text[:MOST_CHARS]], Output.WATCH)

    assert long == pytest.approx(cut)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_judged(text: str) -> None:
    assert np.isfinite(transformer().says([text], Output.MODERATION)).all()


def test_the_file_is_small_enough_to_ship() -> None:
    assert MODEL.stat().st_size + PIECES.stat().st_size < SMALL_MIB * 2**20
