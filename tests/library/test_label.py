"""How members name an entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.library import Label, parse_label
from liudeng.library.draft import MAX_COMPANION, MAX_TAG, MAX_TAGS, MAX_TITLE


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("", Label()),
        ("和小暖的最后一晚", Label("和小暖的最后一晚")),
        ("标题｜小暖", Label("标题", "小暖")),
        ("标题 | 小暖 ", Label("标题", "小暖")),
        ("标题 ｜ @小暖", Label("标题", "小暖")),
        ("和小暖的最后一晚 @小暖", Label("和小暖的最后一晚", "小暖")),
        ("标题｜小暖 #晚安 #月亮", Label("标题", "小暖", ("晚安", "月亮"))),
        ("#晚安 标题 ＃月亮｜小暖", Label("标题", "小暖", ("晚安", "月亮"))),
        ("标题 #晚安#月亮#", Label("标题", "", ("晚安", "月亮"))),
        ("标题 #晚安 #晚安", Label("标题", "", ("晚安",))),
        ("教我 C#的那一晚", Label("教我 C#的那一晚")),
        ("｜小暖", Label("", "小暖")),
        ("今晚｜明晚｜小暖", Label("今晚 明晚", "小暖")),
        ("换了\n行 的  标题", Label("换了 行 的 标题")),
        ("给 me@example.com 的信", Label("给 me@example.com 的信")),
        ("\u202e反着\0的", Label("反着的")),
    ],
)
def test_title_companion_and_tags(typed: str, label: Label) -> None:
    assert parse_label(typed) == label


@given(st.text(alphabet=st.sampled_from("月亮 a\n｜|#＃@＠…\0\u202e"), max_size=120))
def test_whatever_is_typed_fits_a_card(typed: str) -> None:
    label = parse_label(typed)
    assert len(label.title) <= MAX_TITLE
    assert len(label.companion) <= MAX_COMPANION
    assert len(label.tags) <= MAX_TAGS
    assert all(0 < len(tag) <= MAX_TAG for tag in label.tags)
    assert not set("\n\0\u202e") & set(label.title + label.companion + "".join(label.tags))
