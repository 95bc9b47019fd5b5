"""The transformer beside the words: who is read, and what counts where nobody is."""

import numpy as np
import pytest

from liudeng.moderation.model import HEADS, Label, load_model, see
from liudeng.moderation.model.meaning import BY_MEANING, REACH, opinions_where_asked, together
from liudeng.text.transformer import Transformer, transformer

SCAM, FLOOD = HEADS.index(Label.SCAM), HEADS.index(Label.FLOOD)


def test_only_what_the_words_half_suspect_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    says = transformer().says
    monkeypatch.setattr(
        Transformer, "says", lambda _self, texts, output: read.extend(texts) or says(texts, output)
    )

    load_model().score([see("今晚吃火锅吗"), see("付费恢复4o加微信，包售后"), see("明天见")])

    assert read == ["付费恢复4o加微信 包售后"]


def test_who_is_not_read_counts_as_the_firmest_no_and_a_flood_by_its_form_alone() -> None:
    words = np.full((1, len(HEADS)), 5.0)

    both = together(words, opinions_where_asked([see("付费恢复4o")], words, words + 1))

    assert both[0, SCAM] < 5.0 - REACH
    assert both[0, FLOOD] == 5.0


def test_a_warning_in_a_swindlers_words_is_told_from_the_swindle() -> None:
    words = np.zeros((2, len(HEADS)))
    messages = [see("付费恢复4o加微信，包售后"), see("有人说付费恢复4o加微信的都是骗子，别转钱")]

    said = opinions_where_asked(messages, words, words - 1)

    assert said[0, SCAM] > 0 > said[1, SCAM]
    assert (np.abs(said[:, list(BY_MEANING)]) <= REACH).all()


@pytest.mark.parametrize(
    "padded",
    [
        "{}",
        "\n" * 300 + "{}",
        "，" * 300 + "{}",
    ],
)
def test_a_swindle_does_not_hide_behind_stops(padded: str) -> None:
    text = padded.format("付费恢复4o加我微信，先付定金")

    (scores,) = load_model().score([see(text)])

    assert scores[Label.SCAM] > 0.5
