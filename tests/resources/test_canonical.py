"""One page, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.resources import canonical

SAME = [
    ("HTTP://Example.COM:80/a/./b/../c/?utm_source=x&b=2#top", "http://example.com/a/c?b=2"),
    ("https://example.com:443", "https://example.com/"),
    ("example.com/a", "https://example.com/a"),
    (
        "https://bilibili.com/video/BV1?spm_id_from=1&p=2&vd_source=9",
        "https://bilibili.com/video/BV1?p=2",
    ),
    ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"),
    ("https://example.com/a?s=20", "https://example.com/a?s=20"),
    ("https://münchen.de/%7euser/ä", "https://xn--mnchen-3ya.de/~user/%C3%A4"),
    ("https://例子.com/告别", "https://xn--fsqu00a.com/%E5%91%8A%E5%88%AB"),
    ("https://example.com/#/route?a=1", "https://example.com#/route?a=1"),
    (
        "https://web.archive.org/web/2026/https://openai.com/",
        "https://web.archive.org/web/2026/https://openai.com",
    ),
    ("https://exa\u200bmple.com/a\u00ad", "https://example.com/a"),
    ("https://example.com./a", "https://example.com/a"),
    ("https://example.com\\@evil.example/", "https://example.com/@evil.example"),
]
NONE = [
    *("ftp://example.com/a", "javascript:alert(1)", "https://user:word@example.com/", "https://"),
    *("https://example.com:99999/", "https://example.com:0/", "localhost/a", "https://exam ple"),
    *("", "。。。", f"https://example.com/{'a' * 5_000}", "https://[::1", "http://%zz/"),
]


@pytest.mark.parametrize(("written", "url"), SAME)
def test_what_does_not_matter_goes(written: str, url: str) -> None:
    link = canonical(written)
    assert link is not None
    assert link.url == url


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_web_link_is_none(written: str) -> None:
    assert canonical(written) is None


def test_two_copies_of_a_page_have_one_key() -> None:
    copies = ("http://www.example.com/a/", "https://example.com/a?utm_medium=qq", "example.com/a#b")
    assert {link.key for copy in copies if (link := canonical(copy))} == {"example.com/a"}


def test_it_is_shown_in_letters_that_people_read() -> None:
    link = canonical("https://xn--fsqu00a.com/%E5%91%8A%E5%88%AB")
    assert link is not None
    assert link.shown == "例子.com/告别"


_PIECES = st.lists(
    st.sampled_from(
        [
            "http://",
            "https://",
            "www.",
            "example.com",
            "中文.com",
            ":80",
            "/",
            "//",
            "..",
            ".",
            "?",
            "&",
            "utm_x=1",
            "a=b",
            "#",
            "#/",
            "%",
            "%41",
            "%e4",
            "%2f",
            "é",
            "\u200b",
            " ",
            "@",
            "[::1]",
            "\\",
            ";",
        ]
    ),
    max_size=10,
).map("".join)


@given(_PIECES | st.text(max_size=200))
def test_it_never_raises_and_twice_is_once(text: str) -> None:
    link = canonical(text)
    if link is not None:
        assert canonical(link.url) == link
        assert link.url.isascii()
        link.shown.encode()
