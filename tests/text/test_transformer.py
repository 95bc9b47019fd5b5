"""The transformer: the same answer alone and in company, whatever is put into it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.text.transformer import (
    LONG,
    MODEL,
    MOST_WINDOWS,
    PIECES,
    Output,
    transformer,
    windows_of,
    without_pauses,
)

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


@pytest.mark.parametrize(
    "text", ["我想结束自己的生命。", "我想结束自己的生命！！", "……我想结束自己的生命"]
)
def test_a_full_stop_changes_nothing(text: str) -> None:
    plain, stopped = transformer().says(["我想结束自己的生命", text], Output.WATCH)

    assert stopped == pytest.approx(plain, abs=2e-3)


def test_stops_become_spaces_and_addresses_stay() -> None:
    assert (
        without_pauses("好累，，不想活了！！".replace("，", ",").replace("！", "!"))
        == "好累 不想活了"
    )
    assert without_pauses("看 http://a.b.com/x.html\n\n3.5折.") == "看 http://a.b.com/x.html 3.5折"
    assert without_pauses("。。。") == ""


def test_what_is_said_after_three_hundred_stops_is_read() -> None:
    plain, padded = transformer().says(
        ["我不想活了", "," * 300 + "\n" * 300 + "我不想活了"], Output.WATCH
    )

    assert padded == pytest.approx(plain, abs=2e-3)


@given(st.text(max_size=400))
def test_windows_reach_from_the_beginning_to_the_end(text: str) -> None:
    windows, whole = windows_of(text), without_pauses(text)

    assert len(windows) <= MOST_WINDOWS
    assert all(len(window) <= LONG and window in whole for window in windows)
    assert whole.startswith(windows[0])
    assert whole.endswith(windows[-1])
    if len(whole) <= MOST_WINDOWS * LONG:
        assert sum(map(len, windows)) >= len(whole)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_judged(text: str) -> None:
    assert np.isfinite(transformer().says([text], Output.MODERATION)).all()


def test_the_file_is_small_enough_to_ship() -> None:
    assert MODEL.stat().st_size + PIECES.stat().st_size < SMALL_MIB * 2**20
