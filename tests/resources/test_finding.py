"""Which links a message carries."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.resources.finding import MOST_LINKS, links_in, links_in_text
from tests.fakes.payloads import segment, text

SAID = {
    "看这个https://a.com/x我觉得不错": ["https://a.com/x"],
    "（https://en.wikipedia.org/wiki/Foo_(bar)）。": ["https://en.wikipedia.org/wiki/Foo_(bar)"],
    "https://zh.wikipedia.org/wiki/告别，好": ["https://zh.wikipedia.org/wiki/告别"],
    "别信0penai.com那种": ["0penai.com"],
    "оpenai.com 是假的": ["оpenai.com"],
    "见 chatgpt-4o.vip/login?x=1，快": ["chatgpt-4o.vip/login?x=1"],
    "导出后打开conversations.json和chat.html，还有a.zip": [],
    "我用 node.js，邮箱 me@example.com，v1.2.3": [],
    "http://例子.公司/a": ["http://例子.公司/a"],
    "HTTPS://CHATGPT.COM!!!": ["HTTPS://CHATGPT.COM"],
}


@pytest.mark.parametrize("words", SAID)
def test_links_are_found_in_talk(words: str) -> None:
    assert list(links_in_text(words)) == SAID[words]


def test_a_shared_card_gives_its_link_and_its_title() -> None:
    card = {
        "prompt": "[分享]标题",
        "meta": {
            "detail_1": {
                "title": "哔哩哔哩",
                "desc": "给 4o 的一封长长的信",
                "qqdocurl": "https:\\/\\/b23.tv\\/abc?share_medium=1&amp;x=2",
                "preview": "gchat.qpic.cn/abc",
            }
        },
    }
    [first, *_] = links_in([segment("json", data=json.dumps(card))])
    assert first.link is not None
    assert first.link.url == "https://b23.tv/abc?x=2"
    assert first.title == "给 4o 的一封长长的信"


def test_a_link_that_is_said_and_shared_is_one() -> None:
    shared = segment("share", url="https://example.com/a", title="一封信")
    [posted] = links_in([text("https://example.com/a?utm_source=qq"), shared])
    assert posted.title == "一封信"


def test_no_message_carries_links_without_end() -> None:
    words = " ".join(f"https://example.com/{number}" for number in range(100))
    assert len(links_in([text(words)])) == MOST_LINKS


_ODD: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.sampled_from(["text", "json", "xml", "share", "markdown", "image"]), _ODD)
def test_odd_segments_carry_nothing_and_break_nothing(kind: str, data: Any) -> None:
    links_in([{"type": kind, "data": {"data": data, "url": data, "title": data, "text": data}}])
    links_in([{"type": kind, "data": data}])
